"""What belongs to the patient before a dose, on the arrival page: one section after the other, each a line at last."""

import pytest
from PySide6.QtWidgets import QLabel

from kapdesk import paths
from kapdesk.clinic.protocols import FOLDER
from kapdesk.facts.care import ChecklistAnswered, EscortNamed
from kapdesk.facts.patient import (
    ConsentGiven,
    CrisisContactsSet,
    IndicationStated,
    MedicallyCleared,
    Screened,
)
from tests.plain import approve
from tests.ui.hand import Hand
from ui.widgets.choice import Choice

TOML = paths.shipped("resources", "protocols", "im-booster.toml").read_text(encoding="utf-8")


@pytest.fixture
def hand(hand: Hand) -> Hand:
    """The shipped protocol for intramuscular doses, approved; nurse, therapist and prescriber here."""
    desk = hand.day.desk
    (desk.clinic.log.folder / FOLDER / "plain.toml").write_text(TOML, encoding="utf-8")
    approve(desk.clinic, TOML)
    hand.settle()
    hand.staff("Sample Prescriber", "prescriber")
    hand.open_session()
    return hand


def said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def shows(hand: Hand, text: str) -> None:
    """What was just recorded is shown a moment later."""
    hand.until(lambda: text in said(hand))


def choose(hand: Hand, name: str, text: str) -> None:
    (choice,) = [each for each in hand.window.findChildren(Choice) if each.accessibleName() == name]
    assert choice.findText(text) >= 0
    choice.setCurrentText(text)


def known(hand: Hand, kind: type) -> object:
    hand.settle()
    return hand.room.patient.newest(kind)


def test_one_section_after_the_other_opens_and_closes_into_a_line(hand: Hand) -> None:
    hand.write("Indication", "Depression that does not lift")
    hand.write("Tried before, and how it went", "Two medicines, no change")
    hand.press("Record the indication")
    assert known(hand, IndicationStated) == IndicationStated(
        "Depression that does not lift", "Two medicines, no change"
    )
    shows(hand, "Indication: Depression that does not lift. Tried: Two medicines, no change")
    hand.write("Tests and findings it rests on", "ECG, blood pressure")  # the next one has opened by itself
    hand.write("Cleared until, YYYY-MM-DD", "2026-09-01")
    hand.press("Record the clearance")
    shows(hand, "Choose who examined them")
    choose(hand, "Cleared by", "Cleared by Sample Prescriber")
    hand.press("Record the clearance")
    assert known(hand, MedicallyCleared) == MedicallyCleared("2026-03-02", "ECG, blood pressure", "2026-09-01")
    shows(hand, "Medically cleared on 2 March by Sample Prescriber, until 1 September: ECG, blood pressure")
    for line in hand.arrival.before._shown.screening:  # type: ignore[union-attr]
        hand.press(f"{line.item.words}: {'yes' if line.item.id == 'apnoea' else 'no'}")
        hand.settle()
    shows(hand, "Screening of 2 March: yes to: Sleep apnoea")
    for line in hand.arrival.before._shown.consent:  # type: ignore[union-attr]
        hand.press(f"{line.item.words}: {'not agreed' if line.item.id == 'recording' else 'agreed'}")
        hand.settle()
    shows(hand, "Consent of 2 March: all but recording by sound or picture")
    shows(hand, "No recording")  # beside the name, on every page
    hand.write("Whom to call in a crisis, with numbers", "A friend, 555-0100")
    hand.press("Record the crisis contacts")
    assert known(hand, CrisisContactsSet) == CrisisContactsSet("A friend, 555-0100")
    hand.write("Escort’s name", "A friend")
    hand.press("Record the escort")
    shows(hand, "Type who brings the patient home")
    hand.write("Escort’s phone", "555-0100")
    hand.press("Escort reached by phone")
    hand.press("Record the escort")
    hand.settle()
    assert hand.facts(EscortNamed) == [EscortNamed("A friend", "555-0100", reached=True)]
    shows(hand, "Escort: A friend, 555-0100, reached")


def test_a_remark_stands_beside_a_yes_and_a_change_is_a_new_answer(hand: Hand) -> None:
    hand.press("Screening: answer")
    hand.press("Sleep apnoea: yes")
    hand.settle()
    hand.write("Remark: Sleep apnoea", "has a mask")
    hand.key("\r")
    hand.settle()
    answers = [h.fact for h in hand.room.patient.standing(Screened)]
    assert [(each.item, each.answer, each.remark) for each in answers] == [
        ("apnoea", "yes", ""),
        ("apnoea", "yes", "has a mask"),
    ]
    hand.press("Psychosis or mania, now or before: yes")
    hand.settle()
    shows(hand, "Yes to: Psychosis or mania, now or before, Sleep apnoea (has a mask)")
    hand.press("Ready to begin")
    shows(hand, "Screening, answered yes: Psychosis or mania, now or before")


def test_a_clearance_without_an_end_is_refused_in_place(hand: Hand) -> None:
    hand.press("Medical clearance: answer")
    choose(hand, "Cleared by", "Cleared by Sample Prescriber")
    hand.write("Cleared until, YYYY-MM-DD", "soon")
    hand.press("Record the clearance")
    shows(hand, "That is no date")
    assert hand.room.patient.newest(MedicallyCleared) is None


def test_what_was_half_typed_stays_when_a_section_is_put_away(hand: Hand) -> None:
    hand.write("Indication", "Half a word")
    hand.press("Indication: put away")
    hand.press("Indication: answer")
    hand.press("Record the indication")
    assert known(hand, IndicationStated) == IndicationStated("Half a word", "")


def test_suicidal_thoughts_open_a_card_with_contacts_words_and_steps_that_are_facts(hand: Hand) -> None:
    hand.press("Suicidal thoughts asked today: yes")
    hand.settle()
    assert "Whom to call" not in said(hand)
    hand.press("Suicidal thoughts are there today: yes")
    hand.settle()
    shows(hand, "No crisis contacts are on record")
    shows(hand, "Stay with them. Tell the prescriber")
    hand.day.desk.clinic.patient_recorder(hand.room.patient.id).record(
        CrisisContactsSet("A friend, 555-0100"), hand.room.by
    )
    hand.settle()
    hand.seat.show()
    shows(hand, "Whom to call: A friend, 555-0100")
    hand.press("Ready to begin")
    assert "Prescriber told of the suicidal thoughts" in hand.arrival._refusal.text()
    hand.press("Prescriber told of the suicidal thoughts", hand.arrival.safety)
    hand.press("Somebody stays with them")
    hand.settle()
    assert [each.item for each in hand.facts(ChecklistAnswered)][-2:] == ["suicide-told", "suicide-stays"]
    hand.press("Suicidal thoughts are there today: no")
    hand.settle()
    assert "Whom to call" not in said(hand)


def test_a_refusal_of_touch_is_fine_and_one_of_the_treatment_is_not(hand: Hand) -> None:
    hand.press("Consent: answer")
    for line in hand.arrival.before._shown.consent:  # type: ignore[union-attr]
        hand.press(f"{line.item.words}: {'not agreed' if line.item.id in ('touch', 'treatment') else 'agreed'}")
        hand.settle()
    shows(hand, "Consent of 2 March: all but the treatment, touch")
    hand.press("Ready to begin")
    shows(hand, "Consent, not agreed to: The treatment, its risks")
    hand.press("Consent: change")
    hand.press("The treatment, its risks, and that they may stop at any time: agreed")
    hand.settle()
    shows(hand, "Consent of 2 March: all but touch")
    shows(hand, "No touch")
    assert len(hand.room.patient.standing(ConsentGiven)) == 6
