"""One line finds sessions: by name, number, day, protocol, staff, what was written, adverse events; words narrow."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.access.accounts import NewPassword
from kapdesk.clinic.finding import Filters, Why, every, find, understood
from kapdesk.clinic.kept import record_in
from kapdesk.clinic.private import private_recorder
from kapdesk.clinic.signing import add, countersign
from kapdesk.clinic.visits import ending
from kapdesk.errors import KnownError
from kapdesk.facts.after import VisitMoved
from kapdesk.facts.care import AdverseEventNoted
from kapdesk.facts.papers import PaperFiled, PaperKept
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.people import Actor
from kapdesk.facts.private import ReflectionWritten
from kapdesk.facts.session import Ended, Locked, NoteTaken
from kapdesk.people.clinic import Clinic
from kapdesk.store.index import Row
from kapdesk.store.seeking import Span
from tests.desk import Desk
from tests.keys import PASSWORD

NOW = date(2026, 11, 26)
"""A Thursday."""


@pytest.mark.parametrize(
    ("line", "first", "last"),
    [
        ("2026-11", "2026-11-01", "2026-11-30"),
        ("2026-12", "2026-12-01", "2026-12-31"),
        ("2026-11-26", "2026-11-26", "2026-11-26"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("26 November", "2026-11-26", "2026-11-26"),
        ("27 Nov", "2025-11-27", "2025-11-27"),
        ("on 3 sept 2025", "2025-09-03", "2025-09-03"),
        ("November 2026", "2026-11-01", "2026-11-30"),
        ("Nov 3, 2026", "2026-11-03", "2026-11-03"),
        ("26.11.2026", "2026-11-26", "2026-11-26"),
        ("24. November", "2026-11-24", "2026-11-24"),
        ("24th Nov. 2025", "2025-11-24", "2025-11-24"),
        ("24.11.", "2026-11-24", "2026-11-24"),
        ("27/11", "2025-11-27", "2025-11-27"),
        ("11/24/2026", "2026-11-24", "2026-11-24"),
        ("24.11.26", "2026-11-24", "2026-11-24"),
        ("04.05.70", "1970-05-04", "1970-05-04"),
        ("11/2026", "2026-11-01", "2026-11-30"),
        ("October", "2026-10-01", "2026-10-31"),
        ("in december", "2025-12-01", "2025-12-31"),
        ("since may", "2026-05-01", ""),
        ("today", "2026-11-26", "2026-11-26"),
        ("yesterday", "2026-11-25", "2026-11-25"),
        ("this week", "2026-11-23", "2026-11-29"),
        ("last month", "2026-10-01", "2026-10-31"),
        ("2026-10..2026-11", "2026-10-01", "2026-11-30"),
        ("2026-10-05 to 2026-11", "2026-10-05", "2026-11-30"),
        ("between 1 October and 5 November", "2026-10-01", "2026-11-05"),
        ("5 November – 1 October", "2026-10-01", "2026-11-05"),
        ("since 2026-11", "2026-11-01", ""),
        ("after 2026-11-25", "2026-11-26", ""),
        ("before November 2026", "0000", "2026-10-31"),
        ("until 2026-10", "0000", "2026-10-31"),
    ],
)
def test_days_are_understood(line: str, first: str, last: str) -> None:
    sought = understood(line, NOW, Clinic())
    assert [(span.first, span.last) for span in sought.spans] == [(first, last)]
    assert sought.terms == ()
    with_words = understood(f"heron {line} mill", NOW, Clinic())
    assert [term.words for term in with_words.terms] == ["heron", "mill"]
    assert with_words.spans == sought.spans


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Jan Sample", ["Jan", "Sample"]),
        ("may I", ["may", "I"]),
        ("R-2026", ["R-2026"]),
        ("31 February", ["31", "February"]),
        ("a march", ["a", "march"]),
        ("120/80", ["120/80"]),
        ("born 4 May 1970", ["1970-05-04"]),
        ("2026-13", ["2026-13"]),
        ('"eyes closed" slow', ["eyes closed", "slow"]),
        ('"2026"', ["2026"]),
        ('"unclosed word', ["unclosed word"]),
        ("— … !", []),
        ("on the way", ["on", "the", "way"]),
    ],
)
def test_what_is_no_day_is_looked_for_as_it_stands(line: str, words: list[str]) -> None:
    sought = understood(line, NOW, Clinic())
    assert ([term.words for term in sought.terms], sought.spans) == (words, ())


def test_adverse_events_are_asked_for_by_name_and_a_year_may_be_a_number() -> None:
    sought = understood("ana adverse events 2026", NOW, Clinic())
    assert sought.adverse
    assert [term.words for term in sought.terms] == ["ana"]
    assert sought.spans == (Span("2026-01-01", "2026-12-31", "2026"),)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("4 May 1970", "1970-05-04"),
        ("04.05.1970", "1970-05-04"),
        ("May 1970", "1970-05"),
        ("8/10", "8/10"),
        ("June", "June"),
        ("since June", ""),
        ("yesterday", ""),
    ],
)
def test_a_day_may_be_a_birth_date_too_and_what_is_half_a_day_words(line: str, words: str) -> None:
    assert [span.words for span in understood(line, NOW, Clinic()).spans] == [words]


@given(st.text(max_size=60))
def test_any_line_means_something(line: str) -> None:
    for span in understood(line, NOW, Clinic()).spans:
        assert not span.last or span.first <= span.last


def visit(desk: Desk, patient: UUID, actor: Actor, *words: str, signed: bool = False) -> UUID:
    """A dosing visit that is over and put away, with these words in it."""
    room = desk.dosed(desk.room(actor, patient))
    for text in words:
        desk.kept(room.record(NoteTaken(text)))
    desk.kept(room.record(Ended("completed")))
    if signed:
        desk.kept(room.record(Locked()))
    desk.clinic.leave(room)
    return room.id


def ids(desk: Desk, line: str, filters: Filters | None = None) -> list[UUID]:
    return [hit.id for hit in find(desk.clinic, line, filters).hits]


def test_each_word_narrows_and_says_why_it_matched(desk: Desk) -> None:
    nurse = desk.person("Sample Nurse One", "therapist")
    ana, kept = desk.clinic.register(
        PatientRegistered("Łucja Sample", "1980-03-04", "Lu", record_number="R-1207"), nurse
    )
    desk.kept(kept)
    other = desk.patient(nurse, "Sample Patient B", "1970-02-02")
    one = visit(
        desk, ana, nurse, "She says: it is a blue heron,\nby the mill where she grew up as a child", signed=True
    )
    two = visit(desk, other, nurse, "呼吸很慢")
    assert ids(desk, "") == [two, one]
    said = ["lucja", "lu", "r-1207", "R1207", "1980-03-04", "heron", "blue heron", "grew mill", "2 March", "plain"]
    assert [line for line in said if one not in ids(desk, line)] == []
    assert ids(desk, "lucja heron") == ids(desk, "heron sample nurse") == [one]
    assert ids(desk, "呼吸") == ids(desk, "吸") == [two]
    assert ids(desk, "lucja 呼吸") == ids(desk, "before 2026-03-02") == ids(desk, "nobody") == []
    (hit,) = find(desk.clinic, "heron nurse 1207").hits
    told = {why.where: why for why in hit.why}
    assert told["Observation"].words[told["Observation"].begins : told["Observation"].ends] == "heron"
    assert told["Observation"].words == "She says: it is a blue heron, by the mill where she grew up as…"
    assert told["Here"] == Why("Here", "Sample Nurse One", 7, 12)
    assert told["Record number"] == Why("Record number", "R-1207", 2, 6)
    assert find(desk.clinic, "lucja").hits[0].why == ()


def test_it_is_found_as_a_clerk_types_it_and_told_once(desk: Desk) -> None:
    nurse = desk.person("Sample Nurse One", "therapist")
    known = PatientRegistered("Jörg Sample-Müller O’Patient", "1970-05-04", record_number="R-1")
    patient, kept = desk.clinic.register(known, nurse)
    desk.kept(kept)
    one = visit(desk, patient, nurse, "Coming home, she says; café au lait. Pain 8/10, as in 2019. Tränen.")
    visit(desk, desk.patient(nurse, "Sample Patient B", "1971-05-05"), nurse)
    said = ["MUELL", "opatient", "o'pat", "joerg", "4 May 1970", "04.05.70", "born May 1970", "8/10", "2019"]
    assert [line for line in said if ids(desk, line) != [one]] == []

    def why(line: str) -> list[tuple[str, str]]:
        (hit,) = find(desk.clinic, line).hits
        return [(each.where, each.words[each.begins : each.ends]) for each in hit.why]

    assert why("coming home lait") == [("Observation", "Coming")], "one line of the note holds all three"
    assert why("4 May 1970") == [("Born", "1970-05-04")]
    assert why("traenen") == [("Observation", "Tränen")]
    assert why("joerg") == []


def test_the_buttons_narrow_too(desk: Desk) -> None:
    nurse = desk.person("Sample Therapist", "therapist")
    patient = desk.patient(nurse)
    signed = visit(desk, patient, nurse, signed=True)
    assert ids(desk, "", Filters(unfiled=True)) == [], "there is no paper of it yet"
    desk.kept(record_in(desk.clinic, signed, PaperKept(1, "a" * 64)))
    room = desk.dosed(desk.room(nurse, patient))
    desk.kept(room.record(AdverseEventNoted("Nausea", "moderate")))
    desk.kept(room.record(Ended("completed")))
    desk.clinic.leave(room)
    assert ids(desk, "", Filters(unsigned=True)) == ids(desk, "adverse") == ids(desk, "nausea") == [room.id]
    assert ids(desk, "", Filters(adverse=True)) == ids(desk, "moderate", Filters(adverse=True)) == [room.id]
    assert ids(desk, "", Filters(unfiled=True)) == [signed]
    assert ids(desk, "", Filters(unsigned=True, unfiled=True)) == ids(desk, "", Filters(added=True)) == []
    desk.kept(record_in(desk.clinic, signed, PaperFiled("a" * 64, "note.pdf")))
    assert ids(desk, "", Filters(unfiled=True)) == []
    assert find(desk.clinic, "adverse").hits[0].why == (Why("Adverse event", "Nausea, moderate"),)


def test_the_row_tells_of_the_version_that_holds_and_of_its_paper(desk: Desk) -> None:
    nurse, other = desk.person("Sample Therapist", "therapist"), desk.person("Sample Prescriber", "prescriber")
    signed = visit(desk, desk.patient(nurse), nurse, signed=True)

    def row() -> Row:
        return find(desk.clinic).hits[0].row

    first, second, third = "a" * 64, "b" * 64, "c" * 64
    desk.kept(record_in(desk.clinic, signed, PaperKept(1, first)))
    assert (row().version, row().signed_by, row().counter, row().paper) == (1, nurse.by, None, first)
    desk.kept(countersign(desk.clinic, signed, other.by, first, "Reviewed"))
    desk.kept(record_in(desk.clinic, signed, PaperKept(1, second, first)))
    desk.kept(record_in(desk.clinic, signed, PaperFiled(second, "one.pdf")))
    counter = row().counter
    assert counter is not None
    assert (counter[0], row().paper, row().filed) == (other.by, second, "one.pdf")
    desk.kept(add(desk.clinic, desk.clinic.room_of(signed), other.by, "A kingfisher, she says later."))
    assert (row().version, row().signed_by, row().counter, row().paper, row().filed) == (2, other.by, None, "", "")
    desk.kept(record_in(desk.clinic, signed, PaperKept(2, third, second)))
    assert (row().paper, ids(desk, "", Filters(unfiled=True))) == (third, [signed])
    assert ids(desk, "kingfisher") == ids(desk, "", Filters(added=True)) == [signed]
    assert find(desk.clinic, "kingfisher").hits[0].why[0].where == "Addendum"


def test_page_after_page_each_session_comes_once_the_newest_first(desk: Desk) -> None:
    nurse = desk.person()
    patient = desk.patient(nurse)
    made = [visit(desk, patient, nurse) for _ in range(7)]
    got, after, counts = list[UUID](), None, set[int]()
    while True:
        page = find(desk.clinic, "", None, after, at_most=3)
        got += [hit.id for hit in page.hits]
        counts.add(page.count)
        if (after := page.more) is None:
            break
    assert got == made[::-1]
    assert counts == {7}


def test_a_moved_visit_is_found_by_whom_it_belongs_to_and_a_running_one_as_it_goes_on(desk: Desk) -> None:
    actor, witness = desk.person("Sample One", "prescriber"), desk.person("Sample Two", "prescriber")
    wrong, right = desk.patient(actor, "Sample Patient Wrong"), desk.patient(actor, "Sample Patient Right")
    moved = visit(desk, wrong, actor)
    assert ids(desk, "wrong") == [moved]
    room = desk.clinic.room_of(moved)
    desk.kept(room.record(VisitMoved(right, wrong, witness.by, "opened in a hurry"), actor=actor))
    desk.clinic.leave(room)
    assert (ids(desk, "wrong"), ids(desk, "right")) == ([], [moved])
    running = desk.dosed(desk.room(actor, right))
    desk.kept(running.record(NoteTaken("a kingfisher")))
    assert ids(desk, "kingfish") == [running.id]
    assert find(desk.clinic, "kingfish").hits[0].row.stage == "running"


def test_private_notes_are_not_found(desk: Desk) -> None:
    therapist = desk.person("Sample Therapist One", "therapist")
    desk.clinic.ring.add_person(therapist.by, "Sample Therapist One", NewPassword(PASSWORD))
    desk.clinic.ring.sign_in("Sample Therapist One", PASSWORD)
    patient = desk.patient(therapist)
    here = visit(desk, patient, therapist, "an otter")
    desk.kept(private_recorder(desk.clinic, therapist.by, patient).record(ReflectionWritten("my heron"), therapist))
    assert (ids(desk, "heron"), ids(desk, "otter")) == ([], [here])


def test_the_end_of_an_id_is_enough_where_it_is_the_only_one(desk: Desk) -> None:
    nurse = desk.person()
    one = visit(desk, desk.patient(nurse), nurse)
    log = desk.clinic.log
    assert ending(log, f" {str(one)[-6:].upper()}") == one
    for end in ("zzz", "", "%"):
        with pytest.raises(KnownError, match="No session ends in"):
            ending(log, end)
    last = [str(visit(desk, desk.patient(nurse, f"Sample {n}", "1970-02-02"), nurse))[-1] for n in range(17)]
    alike = next(end for end in last if last.count(end) > 1)  # of seventeen, two end alike
    with pytest.raises(KnownError, match="More than one session ends in"):
        ending(log, alike)


def test_the_list_is_what_the_record_says(desk: Desk) -> None:
    nurse = desk.person("Sample Therapist", "therapist")
    patients = [desk.patient(nurse, f"Sample Patient {letter}") for letter in "AB"]
    for n in range(5):
        visit(desk, patients[n % 2], nurse, signed=n % 2 == 0)
    lines, hits = desk.clinic.visits(), find(desk.clinic).hits
    assert [(line.id, str(line.patient.id), line.session.stage) for line in lines] == [
        (hit.id, hit.row.patient, hit.row.stage) for hit in hits
    ]
    assert [hit.row.patient for hit in hits] == [hit.patient.id for hit in hits]
    assert list(every(desk.clinic)) == list(hits)
