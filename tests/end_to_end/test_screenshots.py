"""Pictures of every page, at two sizes and in three lights, for docs/screens: `KAPDESK_SCREENS=docs/screens pytest`.

Without that variable only the README's picture is drawn, and not kept unless it is missing.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kapdesk.clinic.protocols import FOLDER
from kapdesk.facts.session import Ended, IntentionSet, NoteTaken, SummaryWritten, VitalsTaken
from tests.fakes import Computer
from tests.keys import found
from tests.ui.hand import Hand
from ui import theme

HOUSE = Path(__file__).resolve().parent.parent.parent
README = HOUSE / "docs" / "screens" / "session-dusk-1366.png"
ALL = os.environ.get("KAPDESK_SCREENS", "")
SIZES = {"1366": (1366, 768), "1920": (1920, 1080)}
LIGHTS: tuple[theme.ThemeName, ...] = ("dusk", "dim", "day")
KEY = Qt.Key

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


class Painter:
    """Draws the window into files, each named by its page, light and width."""

    def __init__(self, folder: Path, hand: Hand, app: QApplication, light: theme.ThemeName, width: str) -> None:
        self.folder, self.hand, self.light, self.width = folder, hand, light, width
        size = SIZES[width]
        theme.apply(app, light, theme.scale_for(*size))
        hand.window.resize(*size)
        self.drawn: list[Path] = []

    def draw(self, page: str) -> None:
        for _ in range(4):
            QApplication.processEvents()
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{page}-{self.light}-{self.width}.png"
        picture = self.hand.window.grab()
        assert (picture.width(), picture.height()) == SIZES[self.width]
        assert picture.save(str(path))
        self.drawn.append(path)


@pytest.fixture
def hand(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, computer: Computer
) -> Iterator[Callable[[theme.ThemeName, str], Hand]]:
    """The program on a new demo clinic, made for a light and a width: sizes are fixed when parts are made."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(home))
    hands: list[Hand] = []

    def start(light: theme.ThemeName, width: str) -> Hand:
        folder = tmp_path / "clinic"
        shutil.rmtree(folder, ignore_errors=True)
        found(folder, demo=True)
        theme.apply(qapp, light, theme.scale_for(*SIZES[width]))
        hands.append(Hand(qapp, qtbot, monkeypatch, folder, computer))
        theme.apply(qapp, light, theme.scale_for(*SIZES[width]))
        hands[-1].opened()
        (folder / FOLDER / "plain.toml").unlink()  # these pictures show what is shipped
        return hands[-1]

    yield start
    for each in hands:
        each.pull_the_plug()
    theme.apply(qapp, "dusk")


def arrive(hand: Hand) -> None:
    """Someone has arrived, rested, and is ready."""
    hand.day.prepare_demo(hand.program._wait)
    hand.settle()
    hand.room.record(VitalsTaken(128, 78, 72, 98, 14, 366))
    hand.room.record(IntentionSet("To be a little kinder to myself."))
    hand.pass_(14)


def run(hand: Hand) -> None:
    """Three quarters of an hour of a session."""
    hand.press("Ready to begin")
    hand.settle()
    hand.key(KEY.Key_Space)
    hand.engine.sounds("A")
    hand.dose("50")
    for minutes, what in (
        (4, NoteTaken("Eye mask on, blanket over the legs.")),
        (6, NoteTaken("Slow, even.", "Breath")),
        (5, VitalsTaken(138, 84, 80, 97, 14)),
        (3, NoteTaken("Tears, then a long breath out.", "Tears")),
        (4, NoteTaken("It feels like coming home.", "", True)),
        (2, NoteTaken("Asked for a hand; held until 0:27.", "Intervention")),
    ):
        hand.pass_(minutes)
        hand.room.record(what)
    hand.settle()
    if hand.engine.decks["A"].sounding:
        hand.engine.reaches("A", 192_000)
    hand.dose("25")
    hand.pass_(7)
    hand.room.record(VitalsTaken(164, 98, 92, 96, 15))
    hand.room.record(NoteTaken("Mild; sips of water offered.", "Nausea"))
    hand.key("m")
    hand.pass_(16)
    hand.seat.hear()


def close(hand: Hand) -> None:
    """The session is over and summed up."""
    hand.room.record(Ended("completed"))
    hand.room.record(SummaryWritten("indication", "Recurrent depression."))
    hand.room.record(SummaryWritten("how it went", "Settled within minutes. Tears and relief at the peak."))
    hand.room.record(SummaryWritten("condition at leaving", "Awake, oriented, walks steadily."))
    hand.room.record(SummaryWritten("plan", "Integration on Thursday."))
    hand.settle()


def walk(hand: Hand, paint: Painter) -> None:
    """Through all pages, drawing each."""
    hand.staff("Therapist One", "therapist")
    hand.press("Begin a session")
    paint.draw("prepare")
    hand.press("Register a new patient")
    hand.write("Name, as on their papers", "Sample Patient B")
    paint.draw("register")
    hand.day.go_home()
    arrive(hand)
    paint.draw("arrival")
    run(hand)
    paint.draw("session")
    hand.key(KEY.Key_D)
    paint.draw("dose")
    hand.key(KEY.Key_Escape, KEY.Key_V)
    paint.draw("vitals")
    hand.key(KEY.Key_Escape, KEY.Key_F2)
    paint.draw("medical")
    hand.key(KEY.Key_F2)
    note = next(row for row in hand.page.notes.list.rows() if row.code == "Nausea")
    hand.page.notes.opened.emit(note.id)
    paint.draw("correct")
    hand.key(KEY.Key_Escape, "?")
    paint.draw("keys")
    hand.key("?")
    size = hand.window.size()
    hand.window.resize(theme.px(640), size.height())
    QApplication.processEvents()
    hand.window.grab().save(str(paint.folder / f"narrow-{paint.light}-{paint.width}.png"))
    hand.window.resize(size)
    hand.day.go_home()
    hand.day.desk.typing = hand.day.desk.clinic.ring.first
    hand.day.desk.changed.emit()
    paint.draw("home")
    hand.day._open_own(hand.day.audit)
    paint.draw("audit")
    hand.day._open_own(hand.day.clinic)
    page = hand.day.clinic.page
    hand.until(lambda: any("Sample Patient" in name for name in hand.buttons(page)))
    hand.press(next(name for name in hand.buttons(page) if "Sample Patient" in name))
    paint.draw("clinic")
    hand.day.go_home()
    assert hand.program.lock is not None
    hand.program.lock.lock()
    hand.press("Enter vitals")
    paint.draw("locked")
    hand.window.unlock()
    hand.day.go_to(hand.seat, "close")
    hand.until(lambda: hand.closing.preview.pages() > 0)
    close(hand)
    hand.press("Make the preview anew")
    hand.until(lambda: hand.closing.preview._state.isHidden())
    paint.draw("close")
    hand.day.desk.typing = hand.day.desk.by
    hand.press("Records")
    hand.until(lambda: any("Sample Patient" in name for name in hand.buttons(hand.day.records)))
    paint.draw("records")
    hand.press(next(name for name in hand.buttons() if name.startswith("The page of Sample Patient")))
    hand.until(lambda: any("to be signed" in name for name in hand.buttons()))
    paint.draw("patient")


def test_the_picture_of_the_readme_is_made(
    hand: Callable[[theme.ThemeName, str], Hand], qapp: QApplication, tmp_path: Path
) -> None:
    working = hand("dusk", "1366")
    paint = Painter(tmp_path, working, qapp, "dusk", "1366")
    arrive(working)
    run(working)
    paint.draw("session")
    (drawn,) = paint.drawn
    if not README.exists():
        README.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(drawn, README)
    assert drawn.stat().st_size > 30_000


@pytest.mark.skipif(not ALL, reason="pictures of all pages are drawn where KAPDESK_SCREENS names a folder")
@pytest.mark.parametrize("light", LIGHTS)
@pytest.mark.parametrize("width", SIZES)
def test_every_page_is_pictured(
    hand: Callable[[theme.ThemeName, str], Hand], qapp: QApplication, light: theme.ThemeName, width: str
) -> None:
    working = hand(light, width)
    paint = Painter(HOUSE / ALL, working, qapp, light, width)
    walk(working, paint)
    assert len(paint.drawn) == 16
