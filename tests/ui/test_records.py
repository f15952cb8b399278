"""The records page: found at once however much there is, with the keys alone, and what became of each note in words."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from kapdesk.clinic import finding
from kapdesk.clinic.finding import Filters, Hit, Page
from kapdesk.errors import KnownError
from kapdesk.facts.care import AdverseEventNoted
from kapdesk.facts.filing import FilingSet
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.people import Actor
from kapdesk.facts.session import Ended, Locked, MusicPlanned, NoteTaken
from kapdesk.people.clinic import Clinic
from kapdesk.store.index import Person, Row
from tests.fakes import MORNING_US
from tests.ui.hand import Hand, words_on
from ui.close.page import ClosePage
from ui.patient.page import PatientPage
from ui.records.page import LINE, NOTHING, RecordsPage
from ui.records.row import RecordLine
from ui.records.telling import record_of

BEFORE_US, LATER_US = MORNING_US - 86_400_000_000, MORNING_US + 3_600_000_000
BOTH = {"version": 1, "counter": ("y", 2)}
NOT_REACHED = "waiting: folder not reached"


PAGE = 12


@pytest.fixture
def many(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> Hand:
    """A clinic with visits of three patients, one of them with an adverse event, and a page and a half of one more."""
    monkeypatch.setattr(finding, "PAGE", PAGE)
    clinic, nurse = hand.day.desk.clinic, hand.day.desk.here[0]
    actor = Actor(nurse, nurse)
    for n, name in enumerate(("Łucja Sample", "Sample Patient B", "Sample Patient C")):
        id_, recording = clinic.register(_registered(name, n), actor)
        recording.kept.result()
        hand.settle()
        for visit in range(17 if n == 2 else 1):
            hand.computer.pass_(1)
            room = clinic.open_session(id_, "", MusicPlanned("sample", ()), actor, visit="integration")
            if n == 0:
                room.record(NoteTaken("a blue heron by the mill"))
                room.record(AdverseEventNoted("Nausea", "moderate"))
            room.record(Ended("completed"))
            if visit % 2:
                room.record(Locked())
            hand.settle()
            clinic.leave(room)
    hand.press("Records", hand.window.furnish())
    hand.until(lambda: len(lines(hand)) == PAGE)
    return hand


def _registered(name: str, n: int) -> PatientRegistered:
    return PatientRegistered(name, f"198{n}-01-01", record_number=f"R-120{n}")


def lines(hand: Hand) -> list[RecordLine]:
    """The lines of the list that are shown, from the top."""
    found = [line for line in hand.on(RecordsPage).findChildren(RecordLine) if line.isVisible()]
    return sorted(found, key=lambda line: line.mapTo(hand.window, line.rect().topLeft()).y())


def names(hand: Hand) -> list[str]:
    return [line.accessibleName() for line in lines(hand)]


def shows(hand: Hand, count: int) -> Callable[[], bool]:
    return lambda: len(lines(hand)) == count


def test_one_line_finds_by_name_number_word_and_day_and_says_why(many: Hand) -> None:
    hand = many
    assert "19 sessions" in words_on(hand)
    for words in ("lucja", "R-1200", "heron mill", "adverse"):
        hand.write(LINE, words)
        hand.until(shows(hand, 1))
        assert "Łucja Sample" in names(hand)[0]
        assert "1 session found" in words_on(hand)
        hand.press("Look for nothing: show all sessions")
        hand.until(shows(hand, PAGE))
    hand.write(LINE, "heron")
    hand.until(lambda: names(hand) and "Observation: a blue heron by the mill" in names(hand)[0])
    hand.write(LINE, " nobody")
    hand.until(lambda: NOTHING in words_on(hand))
    assert lines(hand) == []


def test_the_buttons_narrow_and_let_go_again(many: Hand) -> None:
    hand = many
    hand.press("Adverse events")
    hand.until(shows(hand, 1))
    assert "adverse event: Nausea, moderate" in names(hand)[0]
    hand.press("Adverse events")
    hand.press("To be signed")
    hand.until(lambda: "11 sessions found" in words_on(hand))
    assert all("to be signed" in name for name in names(hand))
    hand.key(Qt.Key.Key_Escape)
    hand.until(lambda: "19 sessions" in words_on(hand).split("\n"))


def test_further_down_the_rest_comes_by_scrolling_or_by_the_button(many: Hand) -> None:
    hand = many
    hand.press("Show more")
    hand.until(shows(hand, 19))
    assert len({line.record.id for line in lines(hand) if line.record is not None}) == 19
    assert "Show more" not in hand.buttons(hand.on(RecordsPage))
    hand.press("Adverse events")
    hand.until(shows(hand, 1))
    hand.press("Adverse events")
    hand.until(shows(hand, PAGE))
    bar = hand.on(RecordsPage)._area.verticalScrollBar()
    hand.until(bar.maximum)
    bar.setValue(bar.maximum())
    hand.until(shows(hand, 19))


def test_the_keys_alone_lead_to_a_session_and_back(many: Hand) -> None:
    hand = many
    page = hand.on(RecordsPage)
    assert page._line.hasFocus()
    hand.key(Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert lines(hand)[1].hasFocus()
    hand.key(Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert page._line.hasFocus()
    hand.key(Qt.Key.Key_Down)
    hand.key(Qt.Key.Key_Slash)
    assert page._line.hasFocus()
    hand.key("lucja")
    hand.until(shows(hand, 1))
    hand.key(Qt.Key.Key_Down, Qt.Key.Key_Return)
    hand.until(lambda: isinstance(hand.window.page(), ClosePage))
    hand.press("Records", hand.window.furnish())
    hand.until(shows(hand, 1))
    assert page.line == "lucja", "what was looked for stays"
    hand.press(next(name for name in hand.buttons(page) if name.startswith("The page of Łucja")))
    assert hand.on(PatientPage)


def test_of_several_answers_the_newest_wins_and_no_line_is_made_anew(
    many: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = many
    asked: list[str] = []
    find = finding.find

    def told(clinic: object, line: str, *rest: object) -> Page:
        asked.append(line)
        return find(clinic, line, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(finding, "find", told)
    before = lines(hand)
    hand.write(LINE, "sample patient c")
    hand.until(lambda: "17 sessions found" in words_on(hand))
    hand.until(lambda: hand.day.searching._on_its_way is None)
    assert asked[-1] == "sample patient c"
    assert len(asked) <= len("sample patient c")
    assert lines(hand) == before, "the lines are the same, with other sessions in them"
    assert all("Sample Patient C" in name for name in names(hand))


def test_what_changes_elsewhere_is_seen_and_no_other_line_comes_under_the_pointer(many: Hand) -> None:
    hand = many
    clinic = hand.day.desk.clinic
    first = lines(hand)[0].record
    assert first is not None
    assert first.standing == "to be signed"
    nurse = hand.day.desk.here[0]
    room = clinic.room_of(first.id)
    room.record(Locked(), actor=Actor(nurse, nurse))
    hand.settle()
    clinic.leave(room)
    hand.day.searching._again.start(0)
    hand.until(lambda: "Signed by Sample Therapist" in names(hand)[0])
    hand.key(Qt.Key.Key_Down)
    newer = clinic.open_session(
        first.patient or uuid4(), "", MusicPlanned("s", ()), Actor(nurse, nurse), visit="follow-up"
    )
    hand.settle()
    hand.day.searching._again.start(0)
    hand.until(lambda: "20 sessions" in words_on(hand).split("\n"))
    assert "follow-up" not in names(hand)[0], "the key that is pressed now opens what was seen"
    hand.key(Qt.Key.Key_Up)
    hand.day.searching._again.start(0)
    hand.until(lambda: "follow-up" in names(hand)[0])
    clinic.leave(newer)


def test_where_the_disk_refuses_what_was_read_before_is_shown_and_the_page_says_so(
    many: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand = many

    def full(*_: object, **__: object) -> int:
        raise KnownError("The list of sessions cannot be brought up to date (disk full).")

    monkeypatch.setattr(hand.day.desk.clinic.index, "catch_up", full)
    hand.write(LINE, "lucja")
    hand.until(shows(hand, 1))
    hand.until(lambda: "cannot be brought up to date" in words_on(hand))


def test_who_may_not_read_records_is_told_so_and_sees_none(many: Hand) -> None:
    hand = many
    hand.day.desk.typing = hand.day.desk.clinic.ring.first
    hand.day.desk.by_pin = True
    hand.press("Home", hand.window.furnish())
    hand.press("Records", hand.window.furnish())
    assert "PIN" in words_on(hand) or "may not" in words_on(hand)
    hand.write(LINE, "lucja")
    QApplication.processEvents()
    assert lines(hand) == []


@pytest.mark.parametrize(
    ("row", "waits", "said"),
    [
        ({"stage": "ended"}, "", "to be signed"),
        ({"stage": "running"}, "", "running"),
        ({"stage": "preparing"}, "", "preparing · not arrived"),
        ({"version": 1, "signed_by": "x"}, "", "Signed by Unknown"),
        (BOTH, "", "Signed by both"),
        (BOTH | {"paper": "a"}, "", "Signed by both · to be filed"),
        (BOTH | {"paper": "a"}, NOT_REACHED, f"Signed by both · {NOT_REACHED}"),
        (BOTH | {"paper": "a", "filed_us": MORNING_US}, NOT_REACHED, "Signed by both · filed 11:00 · unchanged"),
        (BOTH | {"paper": "a", "filed_us": BEFORE_US}, "", "Signed by both · filed 2026-03-01 11:00 · unchanged"),
        (BOTH | {"version": 2}, "", "Signed by both · version 1 replaced by version 2"),
    ],
)
def test_each_line_says_what_became_of_its_note(row: dict[str, object], waits: str, said: str) -> None:
    said_row = Row(**({"stage": "locked"} | row), **_SAME)  # type: ignore[arg-type]
    hit = Hit(uuid4(), said_row, Person(str(UUID(int=1)), "Sample Patient A"))
    assert record_of(hit, Clinic(filing=FilingSet("/notes", "{date}")), LATER_US, waits).standing == said
    if "file" in said and "filed" not in said:
        assert "file" not in record_of(hit, Clinic(), LATER_US, waits).standing, "this clinic files nowhere"


_SAME = {
    "id": str(UUID(int=2)),
    "at_us": MORNING_US,
    "day": "2026-03-02",
    "patient": str(UUID(int=1)),
    "zone": "Europe/Warsaw",
}


@pytest.mark.parametrize("light_", ["dusk", "dim", "day"])
def test_a_line_is_painted_at_any_width_without_a_fault(qtbot: QtBot, light: Callable[..., None], light_: str) -> None:
    light(light_)
    why = (
        finding.Why("Observation", "… a blue heron by the mill …", 9, 14),
        finding.Why("Observation", "قرأ الكتاب", 4, 10),
    )
    row = Row(stage="ended", rehearsal=True, protocol="Sample", how="completed", arrived_us=MORNING_US, **_SAME)  # type: ignore[arg-type]
    record = record_of(Hit(uuid4(), row, Person(str(UUID(int=1)), "Sample " * 20), why), Clinic(), MORNING_US)
    line = RecordLine()
    qtbot.addWidget(line)
    line.display(record)
    for width in (120, 400, 640, 1366):
        line.resize(width, line.sizeHint().height())
        assert not line.grab().isNull()
    assert line.sizeHint().height() >= 44


def test_the_page_knows_its_filters(qtbot: QtBot, dusk: None) -> None:
    page = RecordsPage()
    qtbot.addWidget(page)
    assert page.filters == Filters()
    for button in page._narrower.values():
        button.setChecked(True)
    assert page.filters == Filters(unsigned=True, unfiled=True, adverse=True, added=True)
    page.clear()
    assert page.filters == Filters()
