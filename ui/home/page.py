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

WIDEST = 1120


class HomePage(QWidget):
    """Shows in turn that the clinic is being opened, what hinders it, its set-up, or its day.

    It is painted first, before anything else is loaded: its panels are imported when they are needed.
    """

    wanted = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("First page")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._name = Label("KapDesk", "title")
        self._said = Label("Opening the clinic’s record …", "muted", wrap=True)
        self._body = QHBoxLayout()
        self._body.setSpacing(theme.px(12))
        self._set_up: SetUpPanel | None = None
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

    def ask_set_up(self) -> None:
        """There is no clinic yet: ask for one."""
        from ui.home.setup import SetUpPanel

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

        if self._set_up is not None:
            self._set_up.hide()
            self._set_up.deleteLater()
            self._set_up = None
            self._body.takeAt(self._body.count() - 1)
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
