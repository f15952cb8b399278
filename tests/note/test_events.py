"""What crossed a limit, and what was done about it, as the note tells it."""

from uuid import uuid4

from kapdesk.facts.care import BreachAnswered
from kapdesk.facts.session import NoteTaken, VitalsTaken
from tests.fakes import happened
from tests.note.test_content import DOSE, noted


def test_a_stretch_beyond_a_limit_is_one_event_with_its_worst_value_and_its_end() -> None:
    note = noted(
        (DOSE, 20),
        (VitalsTaken(165, 90), 35),
        (VitalsTaken(171, 92), 40),
        (NoteTaken("Prescriber told", "Intervention"), 41),
        (VitalsTaken(150, 88), 50),
        (NoteTaken("Mild, ginger offered", "Nausea"), 60),
        (VitalsTaken(None, None, None, 90), 70),
    )
    assert [(e.clock, e.what, e.detail, e.done, e.outcome) for e in note.events] == [
        ("11:35", "Systolic above 160 in 2 readings: highest 171 at 11:40", "", "", "150 at 11:50"),
        ("11:41", "", "", "Prescriber told", ""),
        ("12:00", "Nausea", "Mild, ginger offered", "", ""),
        ("12:10", "SpO₂ below 92: 90", "", "", "No later reading within the limit"),
    ]


def test_what_was_beyond_its_limits_in_the_same_readings_stands_in_one_row() -> None:
    bad = happened(VitalsTaken(176, 104, 101, 89), 64, counter=50)
    told = happened(BreachAnswered(bad.id, "rescue given"), 65, counter=51)
    (event,) = noted((DOSE, 20), bad, told, (VitalsTaken(150, 90, 88, 96), 70)).events
    assert event.what == "Systolic above 160: 176; diastolic above 100: 104; SpO₂ below 92: 89"
    assert (event.done, event.outcome) == ("rescue given", "systolic 150, diastolic 90, SpO₂ 96 at 12:10")
    (still,) = noted((DOSE, 20), bad, told, (VitalsTaken(150, 104, 88, 96), 70)).events[:1]
    assert still.what == "Systolic above 160: 176; SpO₂ below 92: 89"


def test_what_was_answered_to_a_reading_beyond_a_limit_stands_beside_it() -> None:
    first, worst = happened(VitalsTaken(165, 90), 35), happened(VitalsTaken(171, 92), 40)
    told = happened(BreachAnswered(first.id, "prescriber told"), 36)
    on = happened(BreachAnswered(worst.id, "continued", "falls by itself"), 41)
    elsewhere = happened(BreachAnswered(uuid4(), "rescue given"), 42)
    events = noted((DOSE, 20), first, told, worst, on, elsewhere).events
    assert [(e.what, e.done) for e in events] == [
        ("Systolic above 160 in 2 readings: highest 171 at 11:40", "prescriber told; continued: falls by itself"),
    ]
