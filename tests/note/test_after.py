"""What was told, scored and agreed afterwards, as it stands in the note."""

import msgspec

from kapdesk.facts.after import (
    CareHandedOver,
    CareTakenOver,
    DebriefWritten,
    HandOverWithdrawn,
    LeavingScored,
    PracticeAgreed,
    PracticeReviewed,
)
from kapdesk.facts.patient import VisitPlanned
from kapdesk.note.content import note_of
from kapdesk.people import patient as patients
from kapdesk.session.state import fold
from tests.fakes import happened
from tests.note.reading import lines_of
from tests.note.test_content import BEGIN, CLINIC, DOSE, NURSE, SOMEBODY, THERAPIST, noted


def test_the_newest_words_of_each_part_stand_in_their_order() -> None:
    note = noted(
        (DOSE, 20),
        (DebriefWritten("insights", "I can stay."), 120),
        (DebriefWritten("images", "A house"), 121),
        (DebriefWritten("images", "A house, its door open"), 122),
        (DebriefWritten("feelings", "tired"), 123),
        (DebriefWritten("feelings", ""), 124),
    )
    assert note.debrief == ("Images: A house, its door open", "Insights: I can stay.")


def test_the_newest_score_stands_where_the_condition_at_leaving_is_told() -> None:
    note = noted((DOSE, 20), (LeavingScored("mPADSS", (2, 1, 1, 2, 2)), 110), (LeavingScored("mPADSS", (2,) * 5), 130))
    assert "mPADSS 10 of 10, at 13:10." in note.leaving
    assert not any("8 of 10" in line for line in note.leaving)
    assert any("mPADSS 8 of 10: walks 1, nausea 1" in said for said in lines_of(note, "leaving"))


def test_practices_and_the_next_visit_stand_in_the_plan() -> None:
    planned = happened(VisitPlanned("integration", "2026-03-09", "by video"), 130)
    history = fold(
        [
            *(happened(fact, at, counter=n) for n, (fact, at) in enumerate(BEGIN)),
            happened(PracticeAgreed("a walk on Sunday"), 125),
        ]
    )
    somebody = patients.evolve(SOMEBODY, planned)
    assert note_of(history, somebody, CLINIC).plan == (
        "Not written.",
        "Until next time: a walk on Sunday",
        "Next visit: integration on 2026-03-09, by video",
    )
    later = msgspec.structs.replace(planned, at_us=planned.at_us + 3 * 86_400_000_000)
    assert not any("Next visit" in line for line in note_of(history, patients.evolve(SOMEBODY, later), CLINIC).plan)


def test_how_it_went_with_what_was_agreed_last_time_is_said() -> None:
    one = happened(PracticeAgreed("x"), 1)
    note = noted((PracticeReviewed(one.id, "four days of seven"), 5))
    assert "Agreed last time; how it went: four days of seven" in note.plan


def test_a_hand_over_says_to_whom_and_whether_it_was_taken_back_or_never_taken() -> None:
    wrong = happened(CareHandedOver(THERAPIST, ""), 40, counter=50)
    right = happened(CareHandedOver(NURSE, "watch the pressure"), 42, counter=52)
    back = happened(HandOverWithdrawn(wrong.id), 41, counter=51)
    begun = [(DOSE, 20), wrong, back, right]
    nurse, therapist = CLINIC.name_of(NURSE), CLINIC.name_of(THERAPIST)
    assert lines_of(noted(*begun), "people")[2:] == [
        f"The watch is handed over to {therapist}.",
        f"The hand-over of the watch to {therapist} is taken back",
        f"The watch is handed over to {nurse}, not taken over. watch the pressure",
    ]
    taken = happened(CareTakenOver(right.id), 43, counter=53)
    assert lines_of(noted(*begun, taken), "people")[4] == f"The watch is handed over to {nurse}. watch the pressure"
