"""Each matter of a visit has its table: what was set aside, counted, rated and agreed stands where it is sought."""

from typing import get_args

from kapdesk.clinical.template import BEHIND
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    BreachAnswered,
    CareFact,
    ChecklistAnswered,
    DoseChecked,
    EmergencyBegan,
    EmergencyOver,
    EmergencyStepTaken,
    EscortNamed,
    Overridden,
    ScaleNotRated,
    ScaleRated,
    StateBegan,
    StateOver,
    StopSignalGiven,
    SubstanceCounted,
    TouchAgreed,
    Witnessed,
)
from kapdesk.facts.fact import Struck
from kapdesk.facts.home import MusicElsewhere
from kapdesk.facts.music import ImageryPaused, ImageryResumed, MusicFact
from kapdesk.facts.session import DoseGiven, NoteTaken, VitalsTaken
from kapdesk.note.layout import lay_out
from kapdesk.note.matters import MATTERS
from tests.fakes import happened
from tests.note.reading import lines_of, poppler
from tests.note.test_content import DOSE, noted

ELSEWHERE = {StateBegan, StateOver, MusicElsewhere, *get_args(MusicFact)} - {ImageryPaused, ImageryResumed}
"""What lasts stands among the observations, music among the music."""


def test_every_kind_of_care_has_a_matter_and_every_matter_a_part_of_the_note() -> None:
    placed = {kind for matter in MATTERS.values() for kind in matter.kinds}
    assert set(get_args(CareFact)) - placed == ELSEWHERE
    assert set(MATTERS) <= {part.part for part in BEHIND}


def test_a_hold_that_was_set_aside_says_what_was_missing_and_why() -> None:
    note = noted((Overridden("clearance", ("ECG", "weight"), "seen by the cardiologist today"), 10), (DOSE, 20))
    assert lines_of(note, "set aside") == ["Clearance · ECG; weight · seen by the cardiologist today"]


def test_a_count_names_what_was_drawn_and_its_witness_and_a_witness_taken_back_is_seen() -> None:
    count = happened(SubstanceCounted("ketamine", "K2", 80_000, 60_000, 20_000, 0), 120, counter=60)
    seen = happened(Witnessed(count.id), 121, counter=61)
    assert lines_of(noted((DOSE, 20), count, seen), "substances") == [
        "Ketamine, lot K2 · 80 mg · 60 mg · 20 mg · 0 mg · NO"
    ]
    back = happened(Struck(seen.id, "was not there"), 122, counter=62)
    assert lines_of(noted((DOSE, 20), count, seen, back), "substances") == [
        "Ketamine, lot K2 · 80 mg · 60 mg · 20 mg · 0 mg · none",
        "Count witnessed by a second person",
    ]


def test_whoever_checked_a_dose_stands_beside_it_and_nowhere_twice() -> None:
    dose = happened(DOSE, 20, counter=50)
    note = noted(dose, happened(DoseChecked(dose.id), 19, counter=51))
    assert [each.checked_by for each in note.doses] == ["NO"]
    assert lines_of(note, "medication") == []
    later = noted(dose, happened(DoseChecked(dose.id, later=True), 40, counter=51))
    assert [each.checked_by for each in later.doses] == ["NO, later"]
    assert lines_of(later, "medication") == ["Dose checked by a second person, afterwards"]


def test_the_lines_of_the_lists_stand_where_their_list_was_asked() -> None:
    note = noted(
        (ChecklistAnswered("identity", "Identity checked", "yes"), 10),
        (EscortNamed("a friend", "555-0100", True), 11),
        (DOSE, 20),
        (ChecklistAnswered("oriented", "Oriented", "yes"), 130),
        (ChecklistAnswered("steady", "Walks steadily", "no", "with help"), 131),
    )
    assert lines_of(note, "checked")[-1] == "Answered yes: Identity checked"
    assert lines_of(note, "leaving") == [
        "Escort: a friend, 555-0100, reached",
        "Answered yes: Oriented. Walks steadily: no. with help",
    ]


def test_scales_say_their_value_or_why_there_is_none() -> None:
    note = noted((DOSE, 20), (ScaleRated("MOAA/S", 4, "drowsy"), 40), (ScaleNotRated("CADSS-6", "asleep"), 60))
    assert lines_of(note, "scales") == ["MOAA/S · 4 · drowsy", "CADSS-6 · not rated · asleep"]


def test_adverse_events_say_how_bad_what_was_done_and_how_it_came_out_with_the_rescue_beside() -> None:
    high = happened(VitalsTaken(182, 101, 90, 97), 40, counter=50)
    event = happened(AdverseEventNoted("Nausea", "moderate", "ondansetron"), 60, counter=51)
    told = noted(
        (DOSE, 20),
        high,
        (BreachAnswered(high.id, "prescriber told"), 41),
        event,
        (DoseGiven("ondansetron", 4_000, "oral"), 61),
        (AdverseEventSettled(event.id, "gone"), 80),
    )
    assert lines_of(told, "adverse events") == [
        "Outside the limit (BP 182/101, pulse 90, SpO₂ 97 %, at 11:40): prescriber told",
        "Adverse event: Nausea · moderate · ondansetron · gone, at 12:20",
        "Given: ondansetron 4 mg oral",
    ]
    tiles = {tile.name: (tile.value, tile.more) for tile in told.tiles}
    assert tiles["Adverse events"] == ("1", "moderate, settled")


def test_an_emergency_and_a_stop_signal_stand_on_the_first_page() -> None:
    note = noted(
        (DOSE, 20),
        (StopSignalGiven(), 30),
        (EmergencyBegan(), 40),
        (EmergencyStepTaken("airway opened"), 41),
        (EmergencyOver("breathing well"), 45),
    )
    assert [(each.what, each.done, each.outcome) for each in note.events] == [
        ("Stop signal given", "", ""),
        ("Emergency", "airway opened at 11:41", "breathing well, over at 11:45"),
    ]


def test_what_was_done_stands_together_with_touch_and_psychotherapy() -> None:
    note = noted((DOSE, 20), (NoteTaken("Held the hand.", "Intervention"), 40), (NoteTaken("calm", "Ease"), 41))
    assert lines_of(note, "interventions") == ["Intervention: Held the hand."]


def test_touch_that_was_agreed_stands_with_its_time_and_the_tables_are_on_the_paper() -> None:
    note = noted((TouchAgreed("hand on the shoulder"), 10), (DOSE, 20), (ScaleRated("MOAA/S", 4), 40))
    read = " ".join(poppler(lay_out(note)).split())
    for words in ("Touch, interventions and psychotherapy", "Touch agreed: hand on the shoulder", "MOAA/S 4"):
        assert words in read
