"""The marks that were set and want words now."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.facts.session import Marked
from ui import theme
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.panel import Panel


class MarksPanel(Panel):
    """A line for each mark, no panel without one. `filled` carries (id, text), `typed` the same while it is typed."""

    filled = Signal(str, str)
    typed = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Marks to fill in", "mark", parent=parent)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(6))
        self._refusal = Refusal()
        self._ids: tuple[str, ...] = ()
        self._shown: dict[str, QWidget] = {}
        self._half: Callable[[str], str] = lambda id_: ""
        self.body.addLayout(self._lines)
        self.body.addWidget(self._refusal)
        self.hide()

    def display(self, seen: Seen) -> None:
        """Show the marks that have no words yet."""
        open_ = () if seen.session.signed else tuple(seen.session.history.standing(Marked))
        ids = tuple(str(h.id) for h in open_)
        self.setVisible(bool(ids))
        self.set_title("1 mark to fill in" if len(ids) == 1 else f"{len(ids)} marks to fill in")
        if ids == self._ids:
            return
        self._ids = ids
        for gone in [id_ for id_ in self._shown if id_ not in ids]:
            old = self._shown.pop(gone)
            self._lines.removeWidget(old)
            old.hide()
            old.deleteLater()
        for n, h in enumerate(open_):
            if str(h.id) not in self._shown:
                self._shown[str(h.id)] = self._line(str(h.id), seen.axis(h.at_us))
                self._lines.insertWidget(n, self._shown[str(h.id)])

    def bring_back(self, half: Callable[[str], str]) -> None:
        """Where to ask for the words of a mark that were half-typed when KapDesk last stopped."""
        self._half = half

    def refuse(self, sentence: str) -> None:
        """Say why it was not recorded."""
        self._refusal.say(sentence)

    def _line(self, id_: str, at: str) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        edit = QLineEdit()
        edit.setPlaceholderText("What was it?")
        edit.setAccessibleName(f"Words for the mark at {at}")
        done = Button("Fill in", name=f"Fill in the mark at {at}")
        row.addWidget(Label(at, "head"))
        row.addWidget(edit, 1)
        row.addWidget(done)

        def say() -> None:
            if edit.text().strip():
                self.filled.emit(id_, edit.text().strip())
            else:
                edit.setFocus()

        edit.setText(self._half(id_))
        edit.textChanged.connect(lambda text: self.typed.emit(id_, text))
        edit.returnPressed.connect(say)
        done.clicked.connect(say)
        return line
