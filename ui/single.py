"""One window for each clinic folder: a second start raises the first."""

from pathlib import Path
from typing import Literal

from PySide6.QtCore import QCryptographicHash, QLockFile, QObject, Signal

from kapdesk import paths

_RAISE = b"raise\n"
_PATIENCE_MS = 2_000

Claim = Literal["ours", "raised", "mute"]


class OneWindow(QObject):
    """The claim on a clinic folder. After a kill the next start takes it over: the lock knows a dead process.

    `asked` is emitted when a second start wants this window to come to the front.
    """

    asked = Signal()

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        place = str(folder.expanduser().resolve()).encode()
        digest = QCryptographicHash.hash(place, QCryptographicHash.Algorithm.Sha256)
        name = bytes(digest.toHex().data()).decode()[:16]
        self._door = str(paths.runtime() / f"{name}.window")
        self._lock = QLockFile(str(paths.runtime() / f"{name}.lock"))
        self._lock.setStaleLockTime(0)  # never by age: a session may last for hours

    def claim(self) -> Claim:
        """Whether this start is the first: "ours", or "raised" where the first came forward, or "mute" where not."""
        if self._lock.tryLock(0):
            return "ours"
        return "raised" if self._raise_first() else "mute"

    def listen(self) -> None:
        """Hear second starts from now on. Called after the first paint: the network part of Qt takes time to load."""
        from PySide6.QtNetwork import QLocalServer

        QLocalServer.removeServer(self._door)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)
        self._server.listen(self._door)

    def let_go(self) -> None:
        """Give the claim up, at the end of the program."""
        if server := getattr(self, "_server", None):
            server.close()
        self._lock.unlock()

    def _raise_first(self) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._door)
        if not socket.waitForConnected(_PATIENCE_MS):
            return False
        socket.write(_RAISE)
        heard = socket.waitForReadyRead(_PATIENCE_MS)
        socket.disconnectFromServer()
        return heard

    def _answer(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.write(_RAISE)
            socket.flush()
            self.asked.emit()
