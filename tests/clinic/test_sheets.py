"""The papers beside the session note, from the record: read for their time only, taken out by those who may."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from kapdesk.clinic import audit, sheets
from kapdesk.clinic.month import month_of, read_month
from kapdesk.clinic.naming import EXAMPLE
from kapdesk.clinic.room import Room
from kapdesk.clinic.substances import period, stock
from kapdesk.errors import KnownError
from kapdesk.facts.care import AdverseEventNoted, Overridden, SubstanceCounted
from kapdesk.facts.clinic import SheetTakenOut
from kapdesk.facts.fact import Struck
from kapdesk.facts.filing import FilingSet
from kapdesk.facts.papers import PaperFiled, PaperKept
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.facts.session import Ended, Locked, MusicPlanned
from kapdesk.facts.stock import StockMoved
from kapdesk.note.sheet import text_of
from kapdesk.note.stock import held
from tests.desk import Desk
from tests.fakes import Computer
from tests.plain import PLAIN


@pytest.fixture
def desk(folder: Path, computer: Computer) -> Iterator[Desk]:
    desk = Desk(folder, computer)
    yield desk
    desk.close()


@pytest.fixture
def nurse(desk: Desk) -> Actor:
    return desk.person()


@pytest.fixture
def room(desk: Desk, nurse: Actor) -> Room:
    """A visit in March that is over: an event, something set aside, a count; no reading since the dose."""
    room = desk.dosed(desk.room(nurse))
    for fact in (
        AdverseEventNoted("nausea", "mild"),
        Overridden("clearance", ("A first reading",), "known pressure"),
        SubstanceCounted("ketamine", "", 60_000, 50_000, 10_000, 0),
    ):
        desk.kept(room.record(fact))
    desk.pass_(60)
    desk.kept(room.record(Ended("completed")))
    return room


def test_a_month_is_what_was_opened_in_it(desk: Desk, room: Room) -> None:
    (seen,) = read_month(desk.clinic, date(2026, 3, 1)).visits
    assert (seen.id, seen.kind, seen.how, seen.given) == (room.id, "dosing", "completed", (("ketamine", "im", 50_000),))
    assert [each.what for each in seen.adverse] == ["nausea"]
    assert [(each.what, each.reason, each.by) for each in seen.aside] == [
        ("clearance", "known pressure", "Sample Nurse One")
    ]
    assert (seen.readings, seen.missed, seen.open) == (1, 1, ("to be signed",))
    for other in (date(2026, 2, 1), date(2026, 4, 1)):
        assert read_month(desk.clinic, other).visits == ()


def test_a_month_reads_no_visit_of_another(
    desk: Desk, room: Room, nurse: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.pass_(60 * 24 * 40)
    other = desk.clinic.open_session(room.patient.id, "", MusicPlanned("sample", ()), nurse, visit="integration")
    desk.settle()
    asked: list[object] = []
    real = desk.clinic.log.read_kinds
    monkeypatch.setattr(desk.clinic.log, "read_kinds", lambda *args: asked.append(args[2]) or real(*args))
    (seen,) = read_month(desk.clinic, date(2026, 4, 1)).visits
    assert (seen.id, seen.open) == (other.id, ("not ended",))
    assert asked == [[str(other.id)]]


def test_the_papers_of_the_clinic_are_on_its_own_paper(desk: Desk, room: Room) -> None:
    clinic = desk.clinic
    assert sheets.month(clinic, date(2026, 3, 1)).paper == "A4"
    assert clinic.state.founded is not None
    clinic.state = replace(clinic.state, founded=replace(clinic.state.founded, paper="letter"))
    day = date(2026, 3, 2)
    made = (sheets.month(clinic, day), sheets.course(clinic, room.patient.id), sheets.substances(clinic, day, day))
    assert [each.paper for each in made] == ["Letter"] * 3
    assert sheets.integration(clinic, room.id).paper == "A4"  # that visit was opened when it was


def test_a_month_names_no_patient(desk: Desk, room: Room) -> None:
    said = text_of(sheets.month(desk.clinic, date(2026, 3, 1)))
    assert room.id.hex[-8:] in said
    assert "Sample Patient" not in said
    assert "1980-01-01" not in said


def test_what_is_still_to_be_done_of_a_signed_note_is_told_until_it_is_filed(desk: Desk, room: Room) -> None:
    therapist = desk.person("Sample Therapist One", "therapist")
    runs_it = desk.person("Sample Administrator Two", "administrator")
    desk.kept(room.record(Locked(), actor=therapist))

    def open_() -> tuple[str, ...]:
        (seen,) = read_month(desk.clinic, date(2026, 3, 1)).visits
        return seen.open

    assert open_() == ("to be countersigned",)
    paper = "ab" * 32
    desk.kept(room.record(PaperKept(1, paper), actor=ITSELF))
    assert open_() == ("to be countersigned",)
    desk.kept(desk.clinic.recorder.record(FilingSet(str(desk.folder), EXAMPLE), runs_it))
    assert open_() == ("to be countersigned", "to be filed")
    desk.kept(room.record(PaperFiled(paper, "2026-03-02 note.pdf"), actor=ITSELF))
    assert open_() == ("to be countersigned",)


def test_a_rehearsal_is_no_part_of_a_month(desk: Desk, nurse: Actor) -> None:
    desk.room(nurse)
    who = desk.patient(nurse, "Sample Patient B")
    desk.clinic.open_session(who, PLAIN, MusicPlanned("sample", ()), nurse, rehearsal=True)
    desk.settle()
    assert len(read_month(desk.clinic, date(2026, 3, 1)).visits) == 1


def test_a_period_of_the_substances_holds_what_was_counted_and_given_in_it(desk: Desk, room: Room) -> None:
    day = date(2026, 3, 2)
    counts, given = period(desk.clinic, day, day)
    assert [(each.visit, each.drawn_ug, each.witnessed_by) for each in counts] == [(room.id, 60_000, "")]
    assert [(each.given_ug, each.counted_ug) for each in given] == [(50_000, 50_000)]
    assert period(desk.clinic, day + timedelta(days=1), day + timedelta(days=9)) == ([], [])
    with pytest.raises(KnownError, match="before the first"):
        sheets.substances(desk.clinic, day, day - timedelta(days=1))


def test_a_month_is_said_as_year_and_month() -> None:
    assert month_of(" 2026-11 ") == date(2026, 11, 1)
    for wrong in ("2026-13", "November", "2026-11-02", ""):
        with pytest.raises(KnownError, match="is no month"):
            month_of(wrong)


def test_who_takes_such_a_paper_out_is_on_record_and_only_who_may_does(desk: Desk, room: Room, nurse: Actor) -> None:
    clinic = desk.clinic
    sheets.take_out(clinic, "integration sheet", str(room.id), nurse)
    sheets.take_out(clinic, "course overview", str(room.patient.id), nurse)
    sheets.take_out(clinic, "monthly page", "2026-03", nurse)
    desk.settle()
    assert [h.fact for h in clinic.state.history.standing(SheetTakenOut)][-1] == SheetTakenOut(
        "monthly page", "2026-03"
    )
    told = [each.what for each in audit.entries(clinic)][-3:]
    assert told == [
        f"took out the integration sheet of visit {room.id.hex[-8:]}",
        f"took out the course overview of patient {room.patient.id.hex[-8:]}",
        "took out the monthly page of 2026-03",
    ]
    administrator = desk.person("Sample Administrator Two", "administrator")
    with pytest.raises(KnownError, match="may not"):
        sheets.take_out(clinic, "monthly page", "2026-03", administrator)
    with pytest.raises(KnownError, match="may not take papers out"):
        clinic.recorder.record(SheetTakenOut("monthly page", "2026-03"), administrator)
    with pytest.raises(KnownError, match="is missing"):
        clinic.recorder.record(SheetTakenOut("monthly page", " "), nurse)


def test_the_sheet_for_the_patient_waits_for_the_end(desk: Desk, nurse: Actor) -> None:
    room = desk.dosed(desk.room(nurse))
    with pytest.raises(KnownError, match="still runs"):
        sheets.integration(desk.clinic, room.id)


def test_a_course_is_read_from_all_their_visits(desk: Desk, room: Room) -> None:
    said = text_of(sheets.course(desk.clinic, room.patient.id))
    assert "Ketamine IM 50 mg" in said
    assert "nausea, mild, open" in said


def test_the_stock_is_said_by_those_who_may_with_someone_else_looking_on(desk: Desk, nurse: Actor) -> None:
    clinic = desk.clinic
    therapist, clerk = desk.person("Sample Therapist One", "therapist"), desk.person("Sample Clerk", "records")

    def said(actor: Actor = nurse, **more: object) -> StockMoved:
        fact = StockMoved(**({"medication": "ketamine", "lot": "K1", "what": "came in", "amount_ug": 500_000} | more))  # type: ignore[arg-type]
        desk.kept(clinic.recorder.record(fact, actor))
        return fact

    came = said(words="Sample Pharmacy", witnessed_by=therapist.by)
    assert clinic.state.history.standing(StockMoved)[0].fact == came
    assert audit.entries(clinic)[-1].what == (
        "stock of ketamine, lot K1: 500 mg came in: Sample Pharmacy, Sample Therapist One looking on"
    )
    for wrong, sentence in (
        ({"actor": clerk}, "may not record what is in stock"),
        ({"medication": " "}, "missing or too long"),
        ({"amount_ug": 0}, "amount cannot be"),
        ({"what": "destroyed"}, "Why it was destroyed"),
        ({"witnessed_by": nurse.by}, "someone else"),
        ({"witnessed_by": clerk.by}, "may not witness"),
    ):
        with pytest.raises(KnownError, match=sentence):
            said(**wrong)
    (line,) = clinic.state.history.standing(StockMoved)
    with pytest.raises(KnownError, match="reason is missing"):
        clinic.recorder.record(Struck(line.id, ""), nurse)
    desk.kept(clinic.recorder.record(Struck(line.id, "wrong lot"), nurse))
    assert clinic.state.history.standing(StockMoved) == []
    with pytest.raises(KnownError, match="struck out already"):
        clinic.recorder.record(Struck(line.id, "wrong lot"), nurse)


def test_what_visits_draw_goes_off_the_stock_from_where_that_is_known(desk: Desk, nurse: Actor) -> None:
    desk.kept(desk.clinic.recorder.record(StockMoved("ketamine", "", "came in", 500_000), nurse))
    desk.pass_(5)
    room = desk.dosed(desk.room(nurse))
    desk.kept(room.record(SubstanceCounted("ketamine", "", 60_000, 50_000, 0, 10_000)))
    day = date(2026, 3, 2)
    (lot,) = held(stock(desk.clinic, day, day), day)
    assert (lot.in_ug, lot.drawn_ug, lot.after_ug) == (500_000, 50_000, 450_000)
    (later,) = held(stock(desk.clinic, day + timedelta(days=3), day + timedelta(days=9)), day + timedelta(days=3))
    assert (later.before_ug, later.drawn_ug, later.after_ug) == (450_000, 0, 450_000)
    assert stock(desk.clinic, day - timedelta(days=9), day - timedelta(days=3)) == ()
