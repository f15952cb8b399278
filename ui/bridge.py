"""The one door between other threads and the window's thread."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

Call = Callable[[], None]


class Bridge(QObject):
    """Runs calls from any thread on the thread it was made on, in the order they were posted."""

    _posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._open = True
        self._posted.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Call) -> None:
        """Hand over a call, from any thread; returns at once."""
        self._posted.emit(call)

    def close(self) -> None:
        """Nothing is run from now on: what it would be shown on is gone."""
        self._open = False

    @Slot(object)
    def _run(self, call: Call) -> None:
        if self._open:
            call()
