"""The morning tray through the window: on top of the records, and in one line of the first page."""

from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kapdesk.clinic import filing
from kapdesk.clinic.naming import EXAMPLE
from kapdesk.clinic.tray import Task
from kapdesk.facts.papers import PaperKept
from kapdesk.facts.patient import VisitPlanned
from kapdesk.facts.people import Actor
from kapdesk.facts.session import DoseGiven, Ended
from tests.clinic.test_filing import PDF, sha
from tests.ui.hand import Hand, words_on
from ui.close.page import ClosePage
from ui.records.page import RecordsPage
from ui.records.row import RecordLine
from ui.records.tray import NOTHING, TrayLine, TrayPanel, told
from ui.widgets.buttons import Button
from ui.widgets.label import ElidedLabel


@pytest.fixture
def hand(hand: Hand) -> Hand:
    """A visit with nasal esketamine that is over."""
    hand.day.desk.clinic.filing._read = lambda digest: PDF
    hand.begin()
    hand.room.record(DoseGiven("esketamine", 28_000, "nasal", "device 1 of 1", lot="E77"))
    hand.settle()
    hand.pass_(30)
    hand.room.record(Ended("completed"))
    hand.settle()
    hand.day._finish(hand.seat)
    return hand


def line(hand: Hand) -> list[str]:
    found = hand.window.home.tray
    assert isinstance(found, TrayLine)
    return hand.buttons(found)


def panel(hand: Hand) -> TrayPanel:
    (found,) = hand.window.findChildren(TrayPanel)
    return found


def remarks(tray: TrayPanel) -> list[str]:
    return [label.whole() for label in tray.findChildren(ElidedLabel)]


def rows(hand: Hand) -> list[str]:
    return hand.buttons(panel(hand))


def sign(hand: Hand) -> None:
    """The one visit is signed, and its paper kept."""
    desk = hand.day.desk
    (session,) = [line.id for line in desk.clinic.visits()]
    room = desk.clinic.room_of(session)
    room.by = Actor(desk.by, desk.by)
    room.record(desk.clinic.signing(room))
    hand.settle()
    room.record(PaperKept(1, sha(PDF)))
    hand.settle()


SIGN = "Sign: Sample Patient A, visit of 2026-03-02, due 3 Mar"
SEND = "Open and send: Sample Patient A, observation summary, visit of 2026-03-02, due 9 Mar"


def test_the_first_page_counts_what_is_to_be_done_and_each_row_leads_to_it(hand: Hand) -> None:
    hand.until(lambda: line(hand) == ["To do: 1 to sign, 1 to send"])
    hand.press("To do: 1 to sign, 1 to send")
    hand.on(RecordsPage)
    hand.until(lambda: rows(hand) == [SIGN, SEND])
    for name in (SEND, SIGN):
        hand.key(Qt.Key.Key_Backtab)
        here = QApplication.focusWidget()
        assert here is not None
        assert here.accessibleName() == name, "above the line that one types into"
    hand.key(Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.page(), ClosePage))
    hand.until(lambda: not hand.closing.sign.visibleRegion().isEmpty())
    hand.until(lambda: QApplication.focusWidget() is hand.button("Sign and lock"))
    hand.day._open_records()
    hand.until(lambda: SEND in rows(hand))
    hand.press(SEND)
    hand.until(lambda: isinstance(hand.window.page(), ClosePage))
    hand.until(lambda: not hand.closing.observed.visibleRegion().isEmpty())
    hand.day._finish(hand.seat)
    hand.pass_(2 * 24 * 60)
    hand.until(lambda: line(hand) == ["To do: 1 to sign, 1 to send · 1 late"])
    hand.day._open_records()
    hand.until(lambda: rows(hand)[:1] == ["Sign: Sample Patient A, visit of 2026-03-02, 1 day late"])
    assert "1 late" in words_on(hand)
    hand.day.desk.typing = hand.staff("Sample Administrator Two", "administrator")
    hand.day.go_home()
    hand.day._show()
    assert line(hand) == [], "it names nobody's work to whoever may do none of it"
    hand.day._open_records()
    assert not panel(hand).isVisible()


def test_a_paper_that_waits_says_why_and_is_tried_again_from_its_row(hand: Hand, tmp_path: Path) -> None:
    desk = hand.day.desk
    notes = tmp_path / "notes"
    notes.mkdir()
    filing.prepared(desk.clinic, str(notes), EXAMPLE)
    boss = Actor(desk.clinic.ring.first, desk.clinic.ring.first)
    filing.choose(desk.clinic, str(notes), EXAMPLE, boss)
    hand.settle()
    away = notes.rename(tmp_path / "away")
    sign(hand)
    hand.pass_(0.1)
    hand.until(desk.clinic.filing.idle)
    hand.day._open_records()
    waits = "File now: Sample Patient A, visit of 2026-03-02 · waiting: folder not reached, due 5 Mar"
    hand.until(lambda: waits in rows(hand))
    away.rename(notes)
    hand.press(waits)
    hand.until(lambda: not any(each.startswith("File now") for each in rows(hand)))
    hand.until(lambda: any("filed " in each.accessibleName() for each in hand.window.findChildren(RecordLine)))
    assert [path.name for path in notes.glob("*.pdf")] == ["2026-03-02 Sample Patient A note v1 signed.pdf"]


def test_a_follow_up_that_is_due_leads_to_the_patient(hand: Hand) -> None:
    desk = hand.day.desk
    (patient,) = desk.clinic.patients
    planner = desk.clinic.patient_recorder(patient)
    planner.record(VisitPlanned("integration", "2026-03-02", "call first"), Actor(desk.by, desk.by))
    hand.settle()
    hand.day._open_records()
    row = "Open the patient: Sample Patient A, integration planned: call first, due today"
    hand.until(lambda: row in rows(hand))
    hand.press(row)
    hand.until(lambda: hand.window.page() is hand.day.leading.knowing.page)


def test_that_nothing_waits_is_said_only_once_it_was_read(hand: Hand) -> None:
    """A paper that is kept meanwhile waits to be countersigned: what was read before it says nothing of that."""
    hand.day._open_records()
    hand.until(lambda: SEND in rows(hand))
    sign(hand)
    hand.day.doing._tasks = ()  # as if the one thing to do before had been done elsewhere
    hand.day.doing.look()
    hand.day.doing.show()
    assert NOTHING not in remarks(panel(hand))
    hand.until(lambda: any(row.startswith("Countersign") for row in rows(hand)))


def test_more_than_three_are_counted_and_shown_by_a_press(dusk: None, qtbot: QtBot) -> None:
    tray, names = TrayPanel(), "BCDEF"
    qtbot.addWidget(tray)
    tray.resize(1000, 400)
    tasks = tuple(
        Task("sign", uuid4(), f"Sample Patient {name}", date(2026, 3, 3), "visit of 2026-03-02", uuid4())
        for name in names
    )

    def shown() -> list[str]:
        return [each.accessibleName() for each in tray.findChildren(Button) if each.isVisible()]

    tray.display(tasks, date(2026, 3, 2), "")
    qtbot.waitUntil(lambda: len(shown()) == 4)
    assert "Show all 5" in shown()
    next(each for each in tray.findChildren(Button) if each.accessibleName() == "Show all 5").click()
    qtbot.waitUntil(lambda: len(shown()) == 6)
    assert tray.tasks() == tasks
    tray.display((), date(2026, 3, 2), "")
    qtbot.waitUntil(lambda: shown() == [])
    assert NOTHING in remarks(tray)


def test_a_day_is_said_with_its_year_only_where_it_is_another() -> None:
    task = Task("sign", uuid4(), "Sample Patient A", date(2027, 1, 2), "visit of 2026-12-31")
    assert told(task, date(2026, 12, 31)) == ("due 2 Jan 2027", False)
    assert told(task, date(2027, 1, 2)) == ("due today", False)
    assert told(task, date(2027, 1, 5)) == ("3 days late", True)
