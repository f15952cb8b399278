"""The card of keys, in place."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.panel import Panel

KEYS = (
    ("N  or  /", "Write a note; Enter saves it, Esc leaves it as it is"),
    ("1 … 8", "The clinic’s codes; one that lasts is ended by the next press"),
    ("P", "Psychotherapy begins, or ends"),
    ("V", "Enter vitals"),
    ("D", "Give a dose"),
    ("E  or  F12", "Emergency: its steps are kept with their times"),
    ("L", "At home: contact lost; who is called is kept with its time"),
    ("M", "Set a mark, to be filled in later"),
    ("Space", "Music out over three seconds, and back"),
    ("Ctrl+Z", "Take back what was recorded in the last ten seconds"),
    ("Ctrl+F  or  /", "In the records: look for sessions; arrows lead through the list, Enter opens"),
    ("Ctrl+L", "Lock the screen; what runs goes on. Also to change hands: your name and PIN open it"),
    ("F2", "The other layout"),
    ("F11", "The whole screen"),
    ("Ctrl+Q", "Close KapDesk"),
    ("?", "This card"),
)


class KeyCard(Panel):
    """Shows what each key does; `left` when it is put away."""

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Keys", "help", "they act while no editor has the cursor", parent=parent)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(18))
        grid.setVerticalSpacing(theme.px(6))
        half = (len(KEYS) + 1) // 2
        for n, (key, meaning) in enumerate(KEYS):
            row, column = n % half, 2 * (n // half)
            grid.addWidget(_key(key), row, column)
            grid.addWidget(Label(meaning), row, column + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        self.body.addLayout(grid)
        away = Button("Put away", name="Put the card of keys away")
        away.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(away)
        self.body.addLayout(foot)
        self.hide()


def _key(name: str) -> QLabel:
    label = Label(name, "accent")
    label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return label
