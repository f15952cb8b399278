"""The first page: opening, setting up, who is here, and the sessions that run."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.label import Label

if TYPE_CHECKING:
    from ui.home.people import PeoplePanel, Person
    from ui.home.sessions import Running, SessionsPanel
    from ui.home.setup import SetUpPanel
    from ui.widgets.buttons import Button

WIDEST = 1120
OPENING = "Opening the clinic’s record …"


class HomePage(QWidget):
    """Shows in turn that the clinic is being opened, what hinders it, its set-up, or its day.

    It is painted first, before anything else is loaded: its panels are imported when they are needed.
    """

    wanted = Signal(object, object)
    again = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("First page")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._name = Label("KapDesk", "title")
        self._said = Label(OPENING, "muted", wrap=True)
        self._body = QHBoxLayout()
        self._body.setSpacing(theme.px(12))
        self._set_up: SetUpPanel | None = None
        self._again: Button | None = None
        self.people: PeoplePanel | None = None
        self.sessions: SessionsPanel | None = None
        inner = QWidget()
        inner.setMaximumWidth(theme.px(WIDEST))
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(inner)
        column.setContentsMargins(theme.px(28), theme.px(36), theme.px(28), theme.px(28))
        column.setSpacing(theme.px(6))
        column.addWidget(self._name)
        column.addWidget(self._said)
        column.addSpacing(theme.px(18))
        column.addLayout(self._body, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(inner, 100)
        row.addStretch(1)

    def fail(self, sentence: str) -> None:
        """Say why the clinic cannot be opened, or not be set up."""
        if self._set_up is not None and self._set_up.isVisibleTo(self):
            self._set_up.refuse(sentence)
        else:
            self._said.set_role("alarm")
            self._said.setText(sentence)
            self._offer_again()

    def _offer_again(self) -> None:
        from ui.widgets.buttons import Button

        if self._again is None:
            self._again = Button("Try again")
            self._again.clicked.connect(self._try_again)
            self._body.addWidget(self._again, 0, Qt.AlignmentFlag.AlignTop)
            self._body.addStretch(1)
        self._again.show()

    def _try_again(self) -> None:
        if self._again is not None:
            self._again.hide()
        self._said.set_role("muted")
        self._said.setText(OPENING)
        self.again.emit()

    def _clear(self) -> None:
        """Nothing below what is said."""
        while (item := self._body.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._set_up = self._again = None

    def ask_set_up(self) -> None:
        """There is no clinic yet: ask for one."""
        from ui.home.setup import SetUpPanel

        self._clear()
        self._said.setText("There is no clinic here yet.")
        self._set_up = SetUpPanel()
        self._set_up.wanted.connect(self.wanted)
        self._set_up.setMaximumWidth(theme.px(620))
        self._body.addWidget(self._set_up, 0, Qt.AlignmentFlag.AlignTop)
        self._body.addStretch(1)

    def welcome(self) -> None:
        """The clinic is open: show its day from now on."""
        from ui.home.people import PeoplePanel
        from ui.home.sessions import SessionsPanel

        self._clear()
        self.people = PeoplePanel()
        self.sessions = SessionsPanel()
        self._body.addWidget(self.sessions, 3, Qt.AlignmentFlag.AlignTop)
        self._body.addWidget(self.people, 2, Qt.AlignmentFlag.AlignTop)

    def display(self, clinic: str, said: str, people: "tuple[Person, ...]", running: "tuple[Running, ...]") -> None:
        """Show the clinic's day."""
        if self.people is None or self.sessions is None:
            return
        self._name.setText(clinic)
        self._said.set_role("muted")
        self._said.setText(said)
        self.people.display(people)
        self.sessions.display(running)
