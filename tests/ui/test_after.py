"""After the effect, through the window: the discharge scale, the debrief, practices, the next visit."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from kapdesk.clinic.protocols import FOLDER
from kapdesk.facts.after import DebriefWritten, LeavingScored, PracticeAgreed, PracticeReviewed
from kapdesk.facts.patient import VisitPlanned
from kapdesk.facts.session import Ended, Locked, PatientLeft, VitalsTaken
from tests.plain import PLAIN, approve
from tests.ui.hand import Hand

TOML = PLAIN + '\n[leaving]\nscore = "mPADSS"\nscore_least = 9\n'
LINES = {
    "Circulation": "within 20 % of the first",
    "Walks": "steadily, as before",
    "Nausea": "none, slight, or settled by tablet",
    "Pain": "none or hardly any",
    "Injection site": "dry, or there is none",
}


@pytest.fixture
def scored(hand: Hand) -> Hand:
    """A clinic whose protocol asks for a discharge scale; one session after its dose."""
    desk = hand.day.desk
    (desk.clinic.log.folder / FOLDER / "plain.toml").write_text(TOML, encoding="utf-8")
    approve(desk.clinic, TOML)
    hand.settle()
    hand.open_session()
    hand.room.record(VitalsTaken(120, 80, 70, 98))
    hand.pass_(10)
    hand.press("Ready to begin")
    hand.settle()
    hand.dose("50")
    hand.pass_(90)
    hand.press("Close session")
    return hand


def said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.page().findChildren(QLabel) if label.isVisible())


def leave(hand: Hand) -> None:
    hand.write("Who takes the patient home", "their sister")
    hand.press("Patient has left")
    hand.settle()


def test_nobody_leaves_before_the_scale_has_its_points(scored: Hand) -> None:
    hand = scored
    leave(hand)
    assert hand.facts(PatientLeft) == []
    assert "still needs mPADSS of at least 9" in said(hand)
    for line, two in LINES.items():
        hand.press(f"{line}: 2, {two}")
    hand.press("Walks: 0, cannot")
    assert "8 of 10" in said(hand)
    hand.press("Record the score")
    hand.settle()
    assert hand.facts(LeavingScored) == [LeavingScored("mPADSS", (2, 0, 2, 2, 2))]
    hand.press("Patient has left")
    hand.settle()
    assert hand.facts(PatientLeft) == []
    assert "mPADSS 8 of 10: walks 0; 9 are asked for" in said(hand)
    for line, two in LINES.items():
        hand.press(f"{line}: 2, {two}")
    hand.press("Record the score")
    hand.settle()
    hand.press("Patient has left")
    hand.settle()
    assert hand.facts(PatientLeft) == [PatientLeft("their sister")]


def test_a_line_that_was_not_tapped_is_named_and_what_was_tapped_stays(scored: Hand) -> None:
    hand = scored
    hand.press("Circulation: 1, off by 20 to 40 %")
    hand.press("Record the score")
    assert "Tap 0, 1 or 2 for “Walks” too." in said(hand)
    assert hand.facts(LeavingScored) == []
    assert hand.button("Circulation: 1, off by 20 to 40 %").isChecked()


def test_the_readings_speak_for_circulation_and_a_person_taps_it(scored: Hand) -> None:
    hand = scored
    assert "There is no reading after the dose yet." in said(hand)
    hand.room.record(VitalsTaken(156, 85, 80, 97))
    hand.settle()
    assert "By the readings circulation has 1." in said(hand)
    assert not hand.button("Circulation: 1, off by 20 to 40 %").isChecked()


def test_the_debrief_is_kept_part_by_part_and_comes_back_half_typed(hand: Hand) -> None:
    hand.begin()
    hand.press("Close session")
    hand.write("Debrief: images", "A house with an open door.")
    hand.write("Debrief: feelings", "")
    hand.settle()
    assert hand.facts(DebriefWritten) == [DebriefWritten("images", "A house with an open door.")]
    hand.write("What they want to practise until next time", "a walk on Sunday")
    hand.seat.editors.keep()
    hand.settle()
    hand.press("Record this practice")
    hand.press("Record this practice")
    assert "The words are missing." in said(hand)
    hand.write("Day of the next visit (YYYY-MM-DD)", "2020-01-01")
    hand.press("Plan the next visit")
    assert "That day has passed." in said(hand)
    hand._editors("Day of the next visit (YYYY-MM-DD)", hand.window)[0].clear()
    hand.write("Day of the next visit (YYYY-MM-DD)", "2031-03-09")
    hand.press("Plan the next visit")
    hand.settle()
    assert hand.facts(PracticeAgreed) == [PracticeAgreed("a walk on Sunday")]
    assert hand.room.patient.newest(VisitPlanned) == VisitPlanned("integration", "2031-03-09")
    assert "Integration on 2031-03-09" in said(hand)
    assert "Agreed: a walk on Sunday" in said(hand)


def test_a_practice_that_is_half_typed_keeps_the_note_from_being_signed(hand: Hand) -> None:
    hand.begin()
    hand.press("Close session")
    hand.press("End: completed")
    hand.press("End the session")
    hand.until(lambda: hand.room.session.ended)
    hand.write("What they want to practise until next time", "a walk")
    hand.sign()
    hand.until(lambda: "A part of the debrief is not recorded yet" in said(hand))
    assert hand.facts(Locked) == []


def test_at_the_next_visit_it_is_asked_how_that_went(hand: Hand) -> None:
    hand.begin()
    agreed = hand.room.record(PracticeAgreed("a walk on Sunday"))
    hand.room.record(Ended("completed"))
    hand.settle()
    hand.press("Home")
    hand.pass_(60 * 24)
    hand.press("Begin a session")
    hand.press("Sample Patient A · born 1980-01-01")
    hand.press("Open the session for Sample Patient A")
    hand.until(lambda: len(hand.day.desk.seats) == 2)
    hand.until(lambda: "They wanted to: a walk on Sunday" in said(hand))
    hand.write("How that went: a walk on Sunday", "twice, in the rain")
    hand.key(Qt.Key.Key_Return)
    hand.settle()
    assert hand.facts(PracticeReviewed) == [PracticeReviewed(agreed.statement.id, "twice, in the rain")]
    assert "How that went: twice, in the rain" in said(hand)
