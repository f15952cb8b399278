"""A hand at the program: presses keys and buttons, types, and waits until the screen shows what it should."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from kapdesk.access.keys import WrongPassword
from kapdesk.clinic import keyring
from kapdesk.clinic.keyring import Keyring
from kapdesk.clinic.music import at_hand, roots
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.protocols import FOLDER
from kapdesk.clinic.room import Room
from kapdesk.facts.fact import Fact
from kapdesk.facts.people import Role
from kapdesk.facts.session import DoseGiven
from kapdesk.music.desk import MusicDesk
from tests.fake_engine import FakeEngine
from tests.fakes import Computer
from tests.keys import NAME, PASSWORD, opened
from tests.plain import PLAIN, approve
from ui import theme
from ui.app import Program
from ui.close.page import ClosePage
from ui.day import Day
from ui.prepare.arrival import ArrivalPage
from ui.session.page import SessionPage
from ui.session.seat import Seat
from ui.single import OneWindow
from ui.widgets.choice import Choice
from ui.window import Window

PATIENCE_MS = 20_000
W = TypeVar("W", bound=QWidget)
F = TypeVar("F", bound=Fact)
REAL_SIGN_IN = keyring.sign_in
WORDS = "seven slow herons by the mill"


def quick_sign_in(folder: Path, who: str, password: str) -> Keyring:
    """As the real one, but the tests' own person is let in without the fifth of a second that a password takes."""
    return opened(folder) if (who, password) == (NAME, PASSWORD) else REAL_SIGN_IN(folder, who, password)


class Hand:
    """The program, and what a person does with it."""

    def __init__(
        self, app: QApplication, bot: QtBot, monkeypatch: pytest.MonkeyPatch, folder: Path, computer: Computer
    ) -> None:
        self.bot, self.computer, self.engine = bot, computer, FakeEngine()
        monkeypatch.setattr("ui.day.open_music", self._quiet_music)
        monkeypatch.setattr("ui.awake.Awake.hold", lambda *_: None)
        monkeypatch.setattr("kapdesk.clinic.keyring.sign_in", quick_sign_in)
        self.accounts: set[str] = set()
        """Who of the staff has a password, as if they had been given one: a real one takes its fifth of a second."""
        known = Keyring.has_account
        monkeypatch.setattr(Keyring, "has_account", lambda ring, who: who in self.accounts or known(ring, who))
        monkeypatch.setattr(Keyring, "proves", self._proves)
        self.one = OneWindow(folder)
        assert self.one.claim() == "ours"
        self.program = Program(app, self.one, folder, demo=False, source=computer)
        theme.apply(app)
        self.program.begin(ours=True)
        self.window.showNormal()
        self.window.resize(1366, 768)
        bot.addWidget(self.window)

    @property
    def window(self) -> Window:
        return self.program.window

    @property
    def day(self) -> Day:
        assert self.program.day is not None
        return self.program.day

    @property
    def seat(self) -> Seat:
        """The only session, or the one that came last."""
        return list(self.day.desk.seats.values())[-1]

    @property
    def room(self) -> Room:
        return self.seat.room

    @property
    def page(self) -> SessionPage:
        return self.on(SessionPage)

    @property
    def arrival(self) -> ArrivalPage:
        return self.on(ArrivalPage)

    @property
    def closing(self) -> ClosePage:
        return self.on(ClosePage)

    def on(self, kind: type[W]) -> W:
        """The page that is shown, which must be of this kind."""
        page = self.window.page()
        assert isinstance(page, kind), type(page).__name__
        return page

    def until(self, done: Callable[[], object]) -> None:
        self.bot.waitUntil(lambda: bool(done()), timeout=PATIENCE_MS)

    def opened(self) -> "Hand":
        self.until(lambda: self.window.home.sign_in is not None or self.program.day is not None)
        if self.program.day is None:
            self.write("Password", PASSWORD)
            self.press("Open")
        self.until(lambda: self.program.day is not None)
        approve(self.day.desk.clinic)
        own = self.day.desk.clinic.log.folder / FOLDER
        own.mkdir(exist_ok=True)
        (own / "plain.toml").write_text(PLAIN, encoding="utf-8")
        self.day.desk.turn_person(self.day.desk.by, False)  # who set the clinic up has gone; the room's own come in
        self.day.desk.typing = ""  # and type themselves, without a password each
        self.window.activateWindow()
        self.until(self.window.isActiveWindow)
        self.until(lambda: "Begin a session" in self.buttons())
        return self

    def settle(self) -> None:
        """Let everything that was recorded come to the disk, and be shown."""
        self.until(self.day.desk.clinic.drained)
        QApplication.processEvents()

    def pass_(self, minutes: float, idle: bool = False) -> None:
        """Time passes, and the screen's clock beats once; `idle`: nobody touches anything meanwhile."""
        self.computer.pass_(minutes * 60)
        if not idle:
            QTest.keyClick(self.window, Qt.Key.Key_Shift)
        self.day.desk._tick()
        QApplication.processEvents()  # each session is drawn in a turn of its own
        self.settle()

    def staff(self, name: str, role: Role) -> str:
        self.day.desk.add_person(name, (role,), "")
        self.until(lambda: name in [person.name for person in self.day.desk.clinic.state.people.values()])
        return next(id_ for id_, person in self.day.desk.clinic.state.people.items() if person.name == name)

    def _proves(self, who: str, password: str) -> str:
        if who not in self.accounts or password != WORDS:
            raise WrongPassword("Name and password do not belong together.")
        return who

    def sign(self, who: str = "Sample Therapist", button: str = "Sign and lock", then: str = "") -> None:
        """Sign, countersign or add: press, choose who one is, type the password, press."""
        people = self.day.desk.clinic.state.people.items()
        self.accounts.add(next(id_ for id_, person in people if person.name == who))
        self.press(button)
        choice = next(each for each in self.window.findChildren(Choice) if each.accessibleName() == "Who signs")
        choice.setCurrentText(who)
        self.write("Password", WORDS)
        self.press(then or button)
        self.settle()

    def button(self, name: str, inside: QWidget | None = None) -> QAbstractButton:
        """The button that is called so, and can be seen."""
        inside = inside or self.window
        found = self._buttons(name, inside)
        assert len(found) == 1, f"{len(found)} buttons {name}: {self.buttons(inside)}"
        return found[0]

    def buttons(self, inside: QWidget | None = None) -> list[str]:
        inside = inside or self.window
        return [button.accessibleName() for button in inside.findChildren(QAbstractButton) if button.isVisible()]

    def press(self, name: str, inside: QWidget | None = None) -> None:
        self._shown(lambda: self._buttons(name, inside))
        button = self.button(name, inside)
        assert button.isEnabled(), f"{name} cannot be pressed"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def _buttons(self, name: str, inside: QWidget | None) -> list[QAbstractButton]:
        return [
            button
            for button in (inside or self.window).findChildren(QAbstractButton)
            if button.isVisible() and button.accessibleName().split(" (key")[0] == name
        ]

    def _editors(self, name: str, inside: QWidget) -> list[QLineEdit | QPlainTextEdit]:
        editors = [*inside.findChildren(QLineEdit), *inside.findChildren(QPlainTextEdit)]
        return [editor for editor in editors if editor.isVisible() and editor.accessibleName() == name]

    def _shown(self, there: Callable[[], object]) -> None:
        """A part that was just made is shown a moment later."""
        for _ in range(20):
            if there():
                return
            QApplication.processEvents()

    def key(self, *keys: Qt.Key | str) -> None:
        """Press keys, wherever the focus is."""
        for key in keys:
            for each in key if isinstance(key, str) else [key]:
                QTest.keyClick(QApplication.focusWidget() or self.window, each)
                QApplication.processEvents()

    def write(self, name: str, text: str, inside: QWidget | None = None) -> None:
        """Type into the editor that is called so."""
        inside = inside or self.window
        self._shown(lambda: self._editors(name, inside))
        found = self._editors(name, inside)
        assert len(found) == 1, f"{len(found)} editors {name}"
        found[0].setFocus()
        QTest.keyClicks(found[0], text)
        QApplication.processEvents()

    def facts(self, kind: type[F]) -> list[F]:
        """What stands on the record of the session, of one kind."""
        return [h.fact for h in self.room.session.history.standing(kind)]

    def rows(self) -> list[tuple[str, str, str]]:
        """Heading, text and state of each line of the list, the newest first."""
        return [(row.code, row.text, row.state) for row in self.page.notes.list.rows()]

    def open_session(self, patient: str = "Sample Patient A", born_on: str = "1980-01-01", chair: str = "2") -> Seat:
        """Register someone and open a session for them; they have arrived."""
        self.day.go_home()
        self.press("Begin a session")
        self.press("Register a new patient")
        self.write("Name, as on their papers", patient)
        self.write("Born, YYYY-MM-DD", born_on)
        self.press("Register")
        self.until(lambda: any(patient in name for name in self.buttons()))
        self.write("Chair or room", chair)
        before = set(self.day.desk.seats)
        self.press(f"Open the session for {patient}")
        self.until(lambda: set(self.day.desk.seats) - before)
        self.press("Patient is here")
        self.settle()
        return self.seat

    def begin(self, dosed: bool = True) -> SessionPage:
        """A session that is ready to begin, and begun by its first dose."""
        self.open_session()
        self.pass_(10)
        self.press("Ready to begin")
        self.settle()
        if dosed:
            self.dose("50")
        return self.page

    def dose(self, mg: str) -> None:
        before = len(self.facts(DoseGiven))
        self.key(Qt.Key.Key_D)
        self.write("Dose in milligrams", mg)
        self.key(Qt.Key.Key_Return)
        self.until(lambda: len(self.facts(DoseGiven)) == before + 1)
        self.settle()

    def note(self, text: str) -> None:
        self.key(Qt.Key.Key_N, text, Qt.Key.Key_Return, Qt.Key.Key_Escape)
        self.settle()

    def pull_the_plug(self) -> None:
        """Everything stops at once; only what is on the disk stays."""
        self.program._end(give_up=True)
        self.one.let_go()

    def id_of(self, text: str) -> UUID:
        """The line with this text."""
        return next(UUID(row.id) for row in self.page.notes.list.rows() if row.text == text)

    def _quiet_music(self, clinic: OpenClinic) -> MusicDesk:
        desk = MusicDesk(roots(clinic.log.folder), library=at_hand(clinic.log.folder))
        self.engine = FakeEngine(desk.hear)
        desk.use(self.engine)
        self.engine.hello()
        return desk


def words_on(hand: Hand) -> str:
    """All words on the screen."""
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())
