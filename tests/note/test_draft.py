"""Sentences drafted from the record: they say what stands there, no number more, and are marked on paper."""

import re
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from kapdesk.clinical import protocol as protocols
from kapdesk.facts.care import AdverseEventNoted, BreachAnswered, PsychotherapyBegan, PsychotherapyOver, StateBegan
from kapdesk.facts.fact import Struck
from kapdesk.facts.patient import VisitPlanned
from kapdesk.facts.session import (
    DoseGiven,
    Ended,
    ImageryStarted,
    NoteTaken,
    PatientLeft,
    SummaryWritten,
    TrackStarted,
    TrackStopped,
    VitalsTaken,
)
from kapdesk.note.content import note_of
from kapdesk.note.draft import LEGEND, SIGN, Drafts, drafted
from kapdesk.note.layout import lay_out
from kapdesk.note.telling import Telling
from kapdesk.people import patient as patients
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.session.state import Session, fold
from tests.fakes import happened, minute
from tests.note.reading import poppler
from tests.note.test_content import BEGIN, CLINIC, DOSE, REGISTERED, SOMEBODY, TOML, corrected, noted


def session_of(*more: Happening) -> Session:
    return fold([*(happened(fact, at, counter=n) for n, (fact, at) in enumerate(BEGIN)), *more])


def drafts(*more: Happening, patient: Patient = SOMEBODY) -> Drafts:
    return drafted(Telling(session_of(*more), CLINIC), None, patient)


def test_a_session_is_told_from_its_record() -> None:
    high = happened(VitalsTaken(171, 101, 90, 97), 40)
    work = happened(PsychotherapyBegan("parts work"), 80)
    planned = happened(VisitPlanned("integration", "2026-03-09", "by video"), 130)
    told = drafts(
        happened(DOSE, 20),
        happened(StateBegan("Eyes", "closed"), 25),
        high,
        happened(BreachAnswered(high.id, "prescriber told", "watching on"), 41),
        happened(NoteTaken("Mild.", "Nausea"), 50),
        work,
        happened(PsychotherapyOver(work.id), 115),
        happened(TrackStarted("Tide Room", "a.flac", "onset", 0), 21),
        happened(TrackStopped("Tide Room", "a.flac", 2_340_000, 2_340_000, "ended"), 60),
        happened(ImageryStarted("The lake", True), 30),
        happened(VitalsTaken(128, 80, 72, 98), 125),
        happened(Ended("completed"), 140),
        happened(PatientLeft("their sister"), 145),
        patient=patients.fold(SOMEBODY.id, [happened(REGISTERED, 0), planned]),
    )
    went = told["how it went"]
    assert went[0] == "Ketamine 60 mg IM, left deltoid at 11:20 by Nurse One."
    assert "Highest blood pressure 171/101 mmHg at 11:40." in went
    answered = next(line for line in went if line.startswith("Outside the limit"))
    assert "171/101" in answered
    assert answered.endswith("prescriber told (watching on), at 11:41.")
    assert any("Nausea Mild" in line for line in went)
    assert any(line.startswith("Eyes closed, until the end (1 h 55 min)") for line in went)
    assert "Psychotherapy: 12:20–12:55, parts work, 35 min." in went
    assert went[-2:] == ("Music heard for 39 min: Tide Room.", "Guided imagery: The lake.")
    assert told["condition at leaving"][-1] == "Left at 13:25, with their sister."
    assert told["condition at leaving"][0].startswith("Last reading, 13:05: BP 128/80")
    assert told["plan"] == ("Next visit: integration on 2026-03-09, by video",)


def test_what_was_struck_or_corrected_is_not_told_as_it_was_first() -> None:
    dose, high = happened(DOSE, 20), happened(VitalsTaken(199, 101), 40)
    answered = happened(BreachAnswered(high.id, "continued"), 41)
    fall = happened(AdverseEventNoted("fell", "mild", "helped up"), 50)
    right = msgspec.structs.replace(DOSE, dose_ug=55_000)
    told = drafts(
        dose,
        high,
        answered,
        fall,
        happened(corrected(dose.id, minute(21), "misread", right), 60),
        happened(Struck(high.id, "cuff slipped"), 61),
        happened(Struck(fall.id, "another patient"), 62),
    )
    said = " ".join(line for lines in told.values() for line in lines)
    assert "55 mg IM, left deltoid at 11:21" in said
    assert not any(wrong in said for wrong in ("60 mg", "199", "continued", "fell"))
    assert "Highest blood pressure 122/78 mmHg at 11:05." in told["how it went"]


def test_of_a_record_that_says_nothing_nothing_is_drafted() -> None:
    told = drafted(Telling(Session(), CLINIC), None, SOMEBODY)
    assert not any(told.values())


def test_a_draft_nobody_changed_is_marked_on_paper_and_in_its_text() -> None:
    note = noted((DOSE, 20), (SummaryWritten("how it went", "One sentence.\nAnother.", True), 150))
    assert note.how_it_went == (f"{SIGN}One sentence.", f"{SIGN}Another.", LEGEND)
    text = poppler(lay_out(note))
    assert "◇ One sentence." in text
    assert LEGEND in text


def test_in_a_section_that_was_edited_only_the_lines_left_as_drafted_are_marked() -> None:
    kept = "Ketamine 60 mg IM, left deltoid at 11:20 by Nurse One."
    note = noted((DOSE, 20), (SummaryWritten("how it went", f"{kept}\nShe wept, and was glad of it."), 150))
    assert note.how_it_went == (SIGN + kept, "She wept, and was glad of it.", LEGEND)
    own = noted((DOSE, 20), (SummaryWritten("how it went", "She wept."), 150))
    assert own.how_it_went == ("She wept.",)


def test_what_the_note_says_by_itself_is_not_said_twice() -> None:
    (line,) = drafts()["condition at leaving"]
    note = noted((SummaryWritten("condition at leaving", line, True), 150))
    assert note.leaving == (SIGN + line, LEGEND)


_FACTS = st.one_of(
    st.builds(lambda ug: DoseGiven("ketamine", ug * 500, "im"), st.integers(1, 400)),
    st.builds(VitalsTaken, st.integers(80, 220), st.integers(40, 120), st.integers(40, 150), st.integers(80, 100)),
    st.builds(NoteTaken, st.sampled_from(("Mild, 2 of 10", "vomited 3 times")), st.sampled_from(("", "Nausea"))),
    st.builds(StateBegan, st.sampled_from(("Eyes", "Tears")), st.sampled_from(("", "closed"))),
    st.builds(PsychotherapyBegan, st.just("parts work")),
    st.builds(AdverseEventNoted, st.just("headache, 4 of 10"), st.just("mild"), st.sampled_from(("", "rest"))),
    st.builds(TrackStarted, st.sampled_from(("Opus 27", "Tide")), st.just("a"), st.just("onset"), st.just(0)),
    st.builds(PatientLeft, st.sampled_from(("", "their sister"))),
)


def numbers(value: Any) -> set[str]:
    match value:
        case str():
            return set(re.findall(r"\d+(?:[.:]\d+)*", value))
        case dict():
            return set().union(*map(numbers, value.values()))
        case list() | tuple():
            return set().union(*map(numbers, value))
        case _:
            return set()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_FACTS, st.integers(15, 170), st.booleans()), max_size=12))
def test_every_number_in_a_draft_stands_in_the_rows_of_the_record(said: list[tuple[Any, int, bool]]) -> None:
    done: list[Happening] = []
    struck_out: list[Happening] = []
    for n, (fact, at, struck) in enumerate(said):
        each = happened(fact, at, counter=10 + n)
        if struck:
            struck_out += [each, happened(Struck(each.id, "wrong"), 180 + n)]
        else:
            done.append(each)
    session, plan = session_of(*done), protocols.parse(TOML)
    told = drafted(Telling(session, CLINIC), plan, SOMEBODY)
    note = msgspec.to_builtins(note_of(session, SOMEBODY, CLINIC))
    parts = ("doses", "events", "vitals", "observations", "tracks", "imagery", "tables", "times", "music")
    assert numbers([*told.values()]) <= numbers([note.get(part, ()) for part in parts])
    assert drafted(Telling(session_of(*done, *struck_out), CLINIC), plan, SOMEBODY) == told
