"""A second person looks at a dose, and says so with their PIN of today."""

from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui import theme
from ui.refusal import Refusal
from ui.session.reading import dose_label
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.label import Label
from ui.widgets.secret import SecretField

NOBODY = "Nobody else has a PIN for today. It is chosen on the first page, after a password."


class CheckSheet(QWidget):
    """`checked` carries dose, person and PIN."""

    checked = Signal(object, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dose: UUID | None = None
        self._open = Button("", icon="check")
        self._said = Label("", wrap=True)
        self._who = Choice(name="Who checks")
        self._pin = SecretField("PIN of who checks")
        self._go, away = Button("Checked", "primary"), Button("Put away", name="Put the check away")
        self._refusal = Refusal()
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(6))
        row = QHBoxLayout()
        row.setSpacing(theme.px(6))
        row.addWidget(self._go)
        row.addWidget(away)
        for part in (self._said, self._who, self._pin):
            sheet.addWidget(part)
        sheet.addLayout(row)
        sheet.addWidget(self._refusal)
        self._sheet.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._open)
        column.addWidget(self._sheet)
        self._open.clicked.connect(self._ask)
        away.clicked.connect(self.put_away)
        self._go.clicked.connect(self._say)
        self._pin.returned.connect(self._say)

    def display(self, seen: Seen, checkers: tuple[tuple[str, str], ...]) -> None:
        """Offer to check the oldest dose that nobody has; `checkers` are ids and names of those with a PIN."""
        waiting = seen.unchecked
        self.setVisible(bool(waiting))
        if not waiting:
            self.put_away()
            return
        dose = waiting[0]
        self._dose = dose.id
        more = f" (and {len(waiting) - 1} more)" if len(waiting) > 1 else ""
        self._open.set_words(f"Not checked yet: {dose_label(dose.fact)}{more} …", "Check a dose as second person")
        fact = dose.fact
        said = [fact.medication, dose_label(fact), fact.site, f"lot {fact.lot}" if fact.lot else ""]
        self._said.setText(f"{seen.whose}: {', '.join(part for part in said if part)}")
        others = tuple(each for each in checkers if each[0] != dose.by)
        if [self._who.itemData(n) for n in range(self._who.count())] != [id_ for id_, _ in others]:
            self._who.clear()
            for id_, name in others:
                self._who.addItem(name, id_)

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; the PIN is to be typed again."""
        self._pin.clear()
        self._refusal.say(sentence)

    def put_away(self) -> None:
        """Closed, and what was secret forgotten."""
        self._pin.clear()
        self._refusal.say("")
        self._sheet.hide()
        self._open.show()

    def _ask(self) -> None:
        self._open.hide()
        self._sheet.show()
        if not self._who.count():
            self._refusal.say(NOBODY)
        self._pin.setFocus()

    def _say(self) -> None:
        if self._who.currentData() is None:
            self._refusal.say(NOBODY)
        else:
            self.checked.emit(self._dose, self._who.currentData(), self._pin.text())
