"""Filing, through the window: the folder is chosen on the clinic's page, and what waits is said there."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QLineEdit

from kapdesk.clinic.naming import EXAMPLE
from kapdesk.facts.filing import FilingSet, TrayDaysSet
from kapdesk.facts.papers import PaperFiled, PaperKept
from kapdesk.facts.session import Ended
from tests.clinic.test_filing import PDF, sha
from tests.ui.hand import Hand, words_on
from tests.ui.test_clinic_page import choose, clinic
from ui.clinic.page import ClinicPage
from ui.widgets.panel import Panel

FOLDER, SCHEME = "Folder for signed notes", "What they are called"


@pytest.fixture
def hand(hand: Hand) -> Hand:
    hand.day.desk.clinic.filing._read = lambda digest: PDF
    hand.day.desk.typing = hand.day.desk.clinic.ring.first
    hand.day.desk.changed.emit()
    return hand


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    return folder


def put(hand: Hand, name: str, text: str) -> None:
    (edit,) = [each for each in hand.window.findChildren(QLineEdit) if each.accessibleName() == name]
    edit.clear()
    hand.write(name, text)


def signed(hand: Hand) -> None:
    hand.begin()
    hand.room.record(Ended("completed"))
    hand.settle()
    hand.room.record(hand.day.desk.clinic.signing(hand.room))
    hand.settle()
    hand.room.record(PaperKept(1, sha(PDF)))
    hand.settle()


def shown(page: ClinicPage) -> list[Panel]:
    return [panel for panel in page.findChildren(Panel) if panel.isVisible()]


def test_the_folder_is_looked_at_before_it_is_kept_and_the_scheme_shows_its_example(hand: Hand, notes: Path) -> None:
    clinic(hand)
    assert "Nothing is filed yet" in words_on(hand)
    put(hand, FOLDER, str(notes / "nowhere"))
    put(hand, SCHEME, "{name} {visit")
    assert "A bracket is left open" in words_on(hand)
    put(hand, SCHEME, "{name} v{version}")
    assert "For example: Sample Patient A v1.pdf" in words_on(hand)
    hand.press("File signed notes so from now on")
    hand.until(lambda: "nowhere is not there" in words_on(hand))
    assert hand.day.desk.clinic.state.filing is None
    put(hand, FOLDER, str(notes))
    hand.press("File signed notes so from now on")
    hand.until(lambda: hand.day.desk.clinic.state.filing == FilingSet(str(notes), "{name} v{version}"))
    hand.until(lambda: "All that is signed is filed." in words_on(hand))


def test_what_waits_is_said_and_tried_again_by_one_press(hand: Hand, notes: Path) -> None:
    signed(hand)
    clinic(hand)
    put(hand, FOLDER, str(notes))
    hand.press("File signed notes so from now on")
    hand.until(lambda: hand.day.desk.clinic.state.filing)
    assert hand.day.desk.clinic.state.filing == FilingSet(str(notes), EXAMPLE)
    aside = notes.rename(notes.with_name("pulled out"))
    hand.pass_(0.1)
    hand.until(hand.day.desk.clinic.filing.idle)
    hand.pass_(1 / 60)
    assert "1 note waiting: folder not reached" in words_on(hand)
    shutil.move(aside, notes)
    hand.press("Try now to file what waits")
    hand.until(lambda: any(isinstance(each.fact, PaperFiled) for each in hand.room.session.history))
    hand.until(hand.day.desk.clinic.filing.idle)
    hand.pass_(1 / 60)
    assert "All that is signed is filed." in words_on(hand)


def test_how_soon_is_chosen_and_stands_and_beside_a_video_call_all_of_the_page_is_within_reach(hand: Hand) -> None:
    page = clinic(hand)
    hand.window.resize(640, 768)
    hand.until(lambda: page.width() < 640)
    hand.until(lambda: all(panel.mapTo(page, QPoint(panel.width(), 0)).x() <= page.width() for panel in shown(page)))
    choose(hand, "Days after a visit until its note is countersigned", "7 days")
    hand.until(lambda: hand.day.desk.clinic.state.tray_days == TrayDaysSet(1, 7, 3))
    hand.day.desk.typing = ""
    choose(hand, "Days after a visit until its note is filed", "the same day")
    assert hand.day.desk.clinic.state.tray_days == TrayDaysSet(1, 7, 3)
