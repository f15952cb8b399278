"""The first page: opening, setting up, who is here, and the sessions that run."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui import theme
from ui.widgets.frame import stack
from ui.widgets.label import Label
from ui.widgets.scrolling import Scrolling

if TYPE_CHECKING:
    from ui.home.owed import OwedLines
    from ui.home.own import OwnLine
    from ui.home.people import PeoplePanel, Person
    from ui.home.safety import SafetyLine
    from ui.home.sessions import Running, SessionsPanel
    from ui.home.setup import SetUpPanel
    from ui.home.sign_in import SignInPanel
    from ui.records.tray import TrayLine
    from ui.widgets.buttons import Button

WIDEST = 1120
NARROW = 720
"""Below this width, at scale 1, who is here stands below the sessions."""
OPENING = "Opening the clinic’s record …"
REPAIRING = "Putting the record back from its copies … What is damaged is kept."


class HomePage(QWidget):
    """Shows in turn that the clinic is being opened, what hinders it, its set-up or the signing in, and its day.

    It is painted first, before anything else is loaded: its panels are imported when they are needed.
    """

    wanted = Signal(object, object)
    signed = Signal(str, str)
    recovered = Signal(str, str, str)
    kept = Signal()
    again = Signal()
    repair = Signal()

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
        self.sign_in: SignInPanel | None = None
        self._answers: list[Button] = []
        self.safety: SafetyLine | None = None
        self.own: OwnLine | None = None
        self.owed: OwedLines | None = None
        self.tray: TrayLine | None = None
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
        scrolled = Scrolling(inner)
        for each in (scrolled.viewport(), inner):  # the ground shows through, and tells when it was painted
            each.setAutoFillBackground(False)
        scrolled.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(scrolled)

    def fail(self, sentence: str, damaged: bool = False) -> None:
        """Say why the clinic cannot be opened, or not be set up; a damaged record can be put back."""
        if self._set_up is not None and self._set_up.isVisibleTo(self):
            self._set_up.refuse(sentence)
            return
        if self.sign_in is not None and not damaged:
            self.sign_in.refuse(sentence)
            return
        self._clear()
        self._said.set_role("alarm")
        self._said.setText(sentence)
        self._offer(damaged)

    def _offer(self, damaged: bool) -> None:
        from ui.widgets.buttons import Button

        if not self._answers:
            self._answers = [Button("Put it back from its copies", "primary"), Button("Try again")]
            for answer, said, asked in zip(self._answers, (REPAIRING, OPENING), (self.repair, self.again), strict=True):
                answer.clicked.connect(partial(self._try, said, asked))
                self._body.addWidget(answer, 0, Qt.AlignmentFlag.AlignTop)
            self._body.addStretch(1)
        self._answers[0].setVisible(damaged)
        self._answers[1].show()

    def _try(self, said: str, asked: SignalInstance) -> None:
        for answer in self._answers:
            answer.hide()
        self._said.set_role("muted")
        self._said.setText(said)
        asked.emit()

    def _clear(self) -> None:
        """Nothing below what is said."""
        while (item := self._body.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._set_up = self.sign_in = None
        self._answers = []

    def ask_set_up(self) -> None:
        """There is no clinic yet: ask for one."""
        from ui.home.setup import SetUpPanel

        self._set_up = SetUpPanel()
        self._set_up.wanted.connect(self.wanted)
        self._alone(self._set_up, "There is no clinic here yet.")

    def ask_sign_in(self, names: tuple[str, ...], waiting: str, hint: str) -> None:
        """There is one: who opens it?"""
        from ui.home.sign_in import SignInPanel

        panel = SignInPanel()
        panel.display(names, waiting, hint)
        panel.wanted.connect(self.signed)
        panel.recovered.connect(self.recovered)
        self._alone(panel, "The record is closed.")
        self.sign_in = panel

    def show_code(self, code: str, clinic: str) -> None:
        """The clinic is set up: its recovery code, this once."""
        from ui.home.recovery import RecoveryPanel

        panel = RecoveryPanel()
        panel.display(code, clinic)
        panel.done.connect(self.kept)
        self._alone(panel, "The clinic is set up. One thing remains, and it matters.")

    def _alone(self, panel: QWidget, said: str) -> None:
        set_up = self._set_up
        self._clear()
        self._set_up = set_up if panel is set_up else None
        self._said.set_role("muted")
        self._said.setText(said)
        panel.setMinimumWidth(theme.px(480))
        panel.setMaximumWidth(theme.px(620))
        self._body.addWidget(panel, 0, Qt.AlignmentFlag.AlignTop)
        self._body.addStretch(1)

    def welcome(self) -> None:
        """The clinic is open: show its day from now on."""
        from ui.home.owed import OwedLines
        from ui.home.own import OwnLine
        from ui.home.people import PeoplePanel
        from ui.home.safety import SafetyLine
        from ui.home.sessions import SessionsPanel
        from ui.records.tray import TrayLine

        self._clear()
        self.people = PeoplePanel()
        self.sessions = SessionsPanel()
        self.safety = SafetyLine()
        self.own = OwnLine()
        self.owed, self.tray = OwedLines(), TrayLine()
        column = QWidget()
        left = QVBoxLayout(column)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(theme.px(12))
        left.addWidget(self.sessions)
        left.addWidget(self.tray)
        left.addWidget(self.owed)
        left.addWidget(self.safety)
        left.addWidget(self.own)
        self._body.addWidget(column, 3, Qt.AlignmentFlag.AlignTop)
        self._body.addWidget(self.people, 2, Qt.AlignmentFlag.AlignTop)
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The two stand beside each other where there is room."""
        super().resizeEvent(event)
        if self.people is not None:
            self._place()

    def _place(self) -> None:
        below = self.width() < theme.px(NARROW)
        stack(self._body, below)
        self._body.setStretch(0, 0 if below else 3)

    def display(self, clinic: str, said: str, people: "tuple[Person, ...]", running: "tuple[Running, ...]") -> None:
        """Show the clinic's day."""
        if self.people is None or self.sessions is None:
            return
        self._name.setText(clinic)
        self._said.set_role("muted")
        self._said.setText(said)
        self.people.display(people)
        self.sessions.display(running)
