"""What lasted and what the clinic's codes meant, as the note says it."""

import msgspec

from kapdesk.clinical.codes import DEFAULTS
from kapdesk.facts.care import PsychotherapyBegan, PsychotherapyOver, StateBegan, StateOver
from kapdesk.facts.clinic import Code, CodesSet, CodeWords, CodeWordsSet
from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Struck
from kapdesk.facts.home import ContactFound, ContactLost
from kapdesk.facts.session import Ended, Locked, NoteTaken, UpTo
from kapdesk.note.content import as_signed, note_of
from kapdesk.note.paper import Note
from kapdesk.people import clinic as clinics
from kapdesk.session.state import fold
from kapdesk.session.stretches import stretches
from tests.fakes import happened, minute
from tests.note.reading import lines_of
from tests.note.test_content import BEGIN, CLINIC, DOSE, SOMEBODY, corrected, noted


def observed(note: Note) -> list[tuple[str, str]]:
    return [(each.code, each.text) for phase in note.observations for each in phase.observations]


def test_a_state_stands_from_when_until_when_in_one_row() -> None:
    eyes = happened(StateBegan("Eyes", "closed"), 22)
    note = noted((DOSE, 20), eyes, happened(StateOver(eyes.id), 34))
    assert observed(note) == [("Eyes", "closed, until 11:34 (12 min)")]
    assert not any("Eyes" in said for table in note.tables for said in lines_of(note, table.part))


def test_a_state_nobody_ended_lasted_until_the_end() -> None:
    note = noted((DOSE, 20), (StateBegan("Eyes", "closed"), 22), (Ended("completed"), 150))
    assert observed(note) == [("Eyes", "closed, until the end (2 h 8 min)")]
    assert observed(noted((DOSE, 20), (StateBegan("Eyes"), 22))) == [("Eyes", "until now")]


def test_what_was_said_of_an_end_is_printed_where_it_says_more() -> None:
    eyes = happened(StateBegan("Eyes", "closed"), 22)
    over = happened(StateOver(eyes.id), 34)
    moved = happened(corrected(over.id, minute(30), "noted late", StateOver(eyes.id)), 40)
    note = noted((DOSE, 20), eyes, over, moved)
    assert observed(note) == [("Eyes", "closed, until 11:30 (8 min)"), ("Eyes", "closed: over")]
    (row,) = [each for phase in note.observations for each in phase.observations if each.text == "closed: over"]
    assert row.amendments[0].reason == "noted late"


def test_the_clinics_own_words_for_a_beginning_and_an_end_stand_on_paper_and_defaults_add_nothing() -> None:
    def told(begins: str, ends: str) -> list[tuple[str, str]]:
        voice = happened(StateBegan("Voice"), 22)
        clinic = clinics.evolve(CLINIC, happened(CodeWordsSet((CodeWords("Voice", begins, ends),)), 4))
        return observed(noted((DOSE, 20), voice, happened(StateOver(voice.id), 34), clinic=clinic))

    assert told("hums", "silent again") == [("Voice", "hums, until 11:34 (12 min): silent again")]
    assert told("Voice begins", "Voice ends") == told("", "") == [("Voice", "until 11:34 (12 min)")]


def test_psychotherapy_stands_on_the_first_page_with_start_stop_modality_and_minutes() -> None:
    one, two = happened(PsychotherapyBegan("parts work"), 60), happened(PsychotherapyBegan("EMDR"), 110)
    said = (one, happened(PsychotherapyOver(one.id), 95), two, happened(PsychotherapyOver(two.id), 120))
    times = {each.name: each.value for each in noted((DOSE, 20), *said[:2]).times}
    assert times["Psychotherapy"] == "12:00–12:35, parts work, 35 min"
    note = noted((DOSE, 20), *said, (Ended("completed"), 150))
    assert [(each.name, each.value) for each in note.times][-3:] == [
        ("Psychotherapy", "12:00–12:35, parts work, 35 min"),
        ("", "12:50–13:00, EMDR, 10 min"),
        ("", "together 45 min"),
    ]
    assert lines_of(note, "interventions") == [
        "Psychotherapy: parts work, until 12:35 (35 min)",
        "Psychotherapy: EMDR, until 13:00 (10 min)",
    ]


def test_what_lasted_is_drawn_on_the_chart_in_the_words_of_the_screen_and_what_was_struck_is_not() -> None:
    eyes, slip = happened(StateBegan("Eyes", "closed"), 22), happened(StateBegan("Silence"), 25)
    work, lost = happened(PsychotherapyBegan("parts work"), 60), happened(ContactLost(), 70)
    said = (
        eyes,
        happened(StateOver(eyes.id), 34),
        slip,
        happened(Struck(slip.id, "a slip"), 26),
        work,
        lost,
        happened(ContactFound(lost.id, "by phone"), 72),
        happened(Ended("completed"), 150),
    )
    chart = noted((DOSE, 20), *said).chart
    assert chart is not None
    drawn = [(each.name, each.from_ms // 60_000, each.to_ms // 60_000, each.open, each.work) for each in chart.lasted]
    assert drawn == [
        ("Eyes closed", 2, 14, False, False),
        ("Psychotherapy, parts work", 40, 130, True, True),
        ("Contact lost", 50, 52, False, False),
    ]
    session = fold([happened(DOSE, 20), *said])
    assert [each.said for each in stretches(session, minute(160))] == [each.name for each in chart.lasted]


def test_what_was_unwelcome_then_is_an_event_whatever_the_codes_say_today() -> None:
    sets = happened(CodesSet((Code("Voice"), Code("Shaking", unwanted=True))), 60)
    clinic = clinics.evolve(CLINIC, sets)
    told = [*(happened(*each, counter=n) for n, each in enumerate(BEGIN)), happened(DOSE, 20)]
    for code, at in (("Nausea", 30), ("Nausea", 70), ("Shaking", 31), ("Shaking", 71)):
        told.append(happened(NoteTaken("", code), at))
    told.append(happened(StateBegan("Shaking", "hands"), 80))
    note = note_of(fold(told), SOMEBODY, clinic)
    assert [(each.what, each.clock) for each in note.events] == [
        ("Nausea", "11:30"), ("Shaking", "12:11"), ("Shaking", "12:20"),
    ]  # fmt: skip
    assert note.events[2].detail == "hands, until now"
    assert note.chart is not None
    assert [mark.name for mark in note.chart.events] == ["Nausea", "Shaking", "Shaking"]


def test_a_signed_note_keeps_the_codes_the_signer_knew() -> None:
    sets = msgspec.structs.replace(happened(CodesSet((Code("Voice"),)), 1), seq=9)
    lock = happened(Locked((UpTo(Stream("clinic", "c"), "room-1", 3),)), 200)
    clinic = clinics.evolve(CLINIC, sets)
    assert clinic.codes != DEFAULTS
    assert as_signed(fold([lock]), SOMEBODY, clinic)[1].codes == DEFAULTS


def test_what_was_looked_for_is_named_by_the_clinics_codes() -> None:
    assert noted((DOSE, 20)).no_events == (
        "On record are no reading beyond a limit, no nausea, no distress and no intervention."
    )
    clinic = clinics.evolve(CLINIC, happened(CodesSet((Code("Shaking", unwanted=True), Code("EPS", unwanted=True))), 4))
    told = [*(happened(*each, counter=n) for n, each in enumerate(BEGIN)), happened(DOSE, 20)]
    assert note_of(fold(told), SOMEBODY, clinic).no_events == (
        "On record are no reading beyond a limit, no shaking, no EPS and no intervention."
    )


def test_a_code_that_got_its_words_right_after_was_not_wrong() -> None:
    pressed = happened(NoteTaken("", "Intervention"), 30)
    filled = happened(corrected(pressed.id, pressed.at_us, "filled in", NoteTaken("Hand held", "Intervention")), 30.2)
    note = noted((DOSE, 20), pressed, filled)
    (row,) = [each for phase in note.observations for each in phase.observations]
    assert (row.code, row.text, row.amendments) == ("Intervention", "Hand held", ())
    assert note.events[0].done == "Hand held"
