"""The clinic's rules in the room, through the window: lists, orders, overrides, limits, a second look, emergency."""

from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from kapdesk import paths
from kapdesk.clinic import script
from kapdesk.clinic.protocols import FOLDER
from kapdesk.errors import KnownError
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    BreachAnswered,
    ChecklistAnswered,
    DoseChecked,
    EmergencyBegan,
    EmergencyOver,
    EmergencyStepTaken,
    InfusionStarted,
    InfusionStopped,
    Overridden,
    ScaleRated,
    StopSignalGiven,
    SubstanceCounted,
    TimerOver,
    TimerSet,
    Witnessed,
)
from kapdesk.facts.clinic import NoteTakenOut
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.people import Actor
from kapdesk.facts.session import DoseGiven, Ended, PatientLeft, VitalsTaken, WeightMeasured
from kapdesk.session.leaving import before_leaving
from tests.plain import approve
from tests.ui.hand import Hand
from tests.ui.test_lock import account

KEY = Qt.Key
TOML = paths.shipped("resources", "protocols", "im-booster.toml").read_text(encoding="utf-8")


@pytest.fixture
def hand(hand: Hand) -> Hand:
    """A clinic with the shipped protocol for intramuscular doses, approved; nurse, therapist, prescriber here."""
    desk = hand.day.desk
    (desk.clinic.log.folder / FOLDER / "plain.toml").write_text(TOML, encoding="utf-8")
    approve(desk.clinic, TOML)
    hand.settle()
    for name in ("Sample Nurse", "Sample Therapist"):
        desk.turn_person(next(i for i, p in desk.clinic.state.people.items() if p.name == name), True)
    hand.staff("Sample Prescriber", "prescriber")
    hand.open_session()
    return hand


def said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def order(hand: Hand, mg: str = "50", booster: str = "25") -> None:
    hand.press("Write a new order")
    hand.write("Dose in mg", mg)
    hand.write("Booster up to, mg (0 for none)", booster)
    hand.press("Record the order")
    hand.settle()


def known(hand: Hand) -> None:
    """What the protocol asks for that belongs to the patient, and the escort of today."""
    desk, plan = hand.day.desk, hand.room.protocol
    assert plan is not None
    doctor = next(id_ for id_, each in desk.clinic.state.people.items() if each.name == "Sample Prescriber")
    recorder = desk.clinic.patient_recorder(hand.room.patient.id)
    for fact in script.known_of(plan, "2026-03-02", "2026-09-01"):
        recorder.record(fact, Actor(doctor, doctor))
    hand.room.record(script.ESCORT)
    hand.settle()
    hand.seat.show()


def prepare(hand: Hand) -> None:
    order(hand)
    hand.room.record(WeightMeasured(70_000, "2026-03-02"))
    hand.room.record(VitalsTaken(120, 80, 70, 98))
    hand.settle()
    known(hand)
    assert hand.room.protocol is not None
    for item in hand.room.protocol.before:
        hand.press(f"{item.words}: yes")
    hand.settle()
    hand.press("Suicidal thoughts are there today: no")
    hand.settle()


def begun(hand: Hand) -> None:
    prepare(hand)
    hand.press("Ready to begin")
    hand.settle()
    hand.dose("50")


def test_ready_names_what_is_missing_and_begins_when_it_is_there(hand: Hand) -> None:
    hand.press("Ready to begin")
    assert "Not cleared: still needs" in said(hand)
    prepare(hand)
    hand.press("Ready to begin")
    hand.settle()
    assert hand.room.session.cleared_us is not None
    assert len(hand.facts(ChecklistAnswered)) == 7


def test_what_is_there_names_a_missing_line_of_the_checklist_before_ready_is_pressed(hand: Hand) -> None:
    def line() -> str:
        labels = hand.arrival._have.findChildren(QLabel)
        return next(text for text in (each.text() for each in reversed(labels) if each.isVisible()) if text)

    assert line().startswith("Missing: ")
    assert " more in the lists" in line()
    prepare(hand)
    assert line() == "All that the protocol asks for"
    assert hand.room.protocol is not None
    item = next(each for each in hand.room.protocol.before if each.needed)
    hand.press(f"{item.words}: no")
    hand.settle()
    assert line() == f"Missing: {item.words}"
    hand.press("Override what is missing")
    hand.write("Reason of the override", "known patient, seen this morning")
    hand.press("Override with this reason")
    hand.settle()
    assert line() == "What is missing was set aside, with a reason"


def test_what_is_missing_is_set_aside_with_a_reason(hand: Hand) -> None:
    hand.press("Override what is missing")
    hand.press("Override with this reason")
    assert "The reason is missing" in said(hand)
    hand.write("Reason of the override", "known patient, seen this morning")
    hand.press("Override with this reason")
    hand.settle()
    (fact,) = hand.facts(Overridden)
    assert "Weight" in fact.missing
    hand.press("Ready to begin")
    hand.settle()
    assert hand.room.session.cleared_us is not None


def test_with_a_pin_alone_nobody_overrides(hand: Hand) -> None:
    hand.day.desk.by_pin = True
    hand.press("Override what is missing")
    hand.write("Reason of the override", "in a hurry")
    hand.press("Override with this reason")
    assert "A PIN (or emergency access) is not enough" in said(hand)
    assert hand.facts(Overridden) == []


def test_more_than_ordered_takes_a_reason_in_place(hand: Hand) -> None:
    prepare(hand)
    hand.press("Ready to begin")
    hand.settle()
    hand.key(KEY.Key_D)
    hand.write("Dose in milligrams", "60")
    assert "0.86 mg/kg" in said(hand)
    hand.key(KEY.Key_Return)
    assert "60 mg is more than ordered" in said(hand)
    hand.write("Why this is given without an order that covers it", "by word of the prescriber")
    hand.press("Record these words")
    hand.until(lambda: len(hand.facts(DoseGiven)) == 1)
    (fact,) = hand.facts(Overridden)
    assert fact.what == "order"


def test_a_second_person_checks_a_dose_by_pin(hand: Hand) -> None:
    begun(hand)
    person = account(hand, "Sample Prescriber", "4071")
    hand.seat.show()
    hand.press("Check a dose as second person")
    hand.write("PIN of the second person", "9999")
    hand.press("Checked")
    hand.until(lambda: "PIN" in hand.page.doses.check._refusal.text())
    assert hand.facts(DoseChecked) == []
    hand.write("PIN of the second person", "4071")
    hand.press("Checked")
    hand.until(lambda: hand.facts(DoseChecked))
    (checked,) = hand.room.session.history.standing(DoseChecked)
    assert (checked.by, checked.entered_by, checked.fact.later) == (person, person, False)
    assert "Check a dose as second person" not in hand.buttons()


def test_a_reading_above_the_limit_is_answered_in_place_and_repeated(hand: Hand) -> None:
    begun(hand)
    hand.pass_(10)
    hand.room.record(VitalsTaken(170, 95, 90, 97))
    hand.settle()
    assert "Systolic 170 mmHg is above this clinic’s 160. Recheck in 5 min." in said(hand)
    assert "Infusion paused" not in hand.buttons(), "nothing is infused"
    hand.press("Continue …")
    hand.press("Record these words")
    assert "The reason is missing" in said(hand)
    hand.write("Why it goes on", "moving while it was measured")
    hand.press("Record these words")
    hand.settle()
    (answer,) = hand.facts(BreachAnswered)
    assert (answer.answer, answer.reason) == ("continued", "moving while it was measured")
    assert "above this clinic’s 160" not in said(hand)
    hand.pass_(7)
    assert hand.page.now.clock._reading.overdue == "Recheck 2 min late"


def test_nausea_is_asked_about_once_and_settled_at_the_close(hand: Hand) -> None:
    begun(hand)
    hand.key("6")
    hand.key(KEY.Key_Return, KEY.Key_Escape)
    hand.settle()
    hand.until(lambda: "Nausea: how bad?" in said(hand))
    hand.press("Mild")
    hand.settle()
    assert hand.facts(AdverseEventNoted) == [AdverseEventNoted("Nausea", "mild")]
    assert "Nausea: how bad?" not in said(hand)
    hand.day.go_to(hand.seat, "close")
    hand.press("Nausea: settled")
    hand.settle()
    assert [fact.outcome for fact in hand.facts(AdverseEventSettled)] == ["settled"]


def test_an_emergency_keeps_each_press_with_its_time(hand: Hand) -> None:
    begun(hand)
    hand.key("e")
    hand.settle()
    hand.press("Help called")
    hand.pass_(2)
    hand.press("Airway, oxygen")
    hand.settle()
    first, second = hand.room.session.history.standing(EmergencyStepTaken)
    assert second.at_us - first.at_us == 120_000_000
    hand.press("Over …")
    hand.write("How it came out", "awake, breathing well")
    hand.press("Record these words")
    hand.settle()
    assert len(hand.facts(EmergencyBegan)) == len(hand.facts(EmergencyOver)) == 1
    assert not hand.room.session.in_emergency


def test_the_sheet_for_the_ambulance_says_what_was_given_and_nothing_told_in_confidence(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(hand)
    hand.note("told in confidence about the heron")
    hand.key("e")
    hand.settle()
    hand.press("Help called")
    hand.settle()
    monkeypatch.setattr(
        "ui.session.answering.ask_where", lambda page, words, name, end, then: then(tmp_path / f"{name}.{end}")
    )
    hand.press("Handover sheet")
    hand.until((tmp_path / "handover.pdf").exists)
    document = pypdfium2.PdfDocument(tmp_path / "handover.pdf")
    text = " ".join("".join(page.get_textpage().get_text_range() for page in document).split())
    document.close()
    for words in ("Handover for the ambulance", "Sample Patient A", "50 mg", "IM", "Emergency: help called", "120/80"):
        assert words in text
    assert "heron" not in text
    hand.settle()
    assert any(isinstance(each.fact, NoteTakenOut) for each in hand.day.desk.clinic.state.history)


def test_a_rating_is_taken_and_a_figure_off_the_scale_refused(hand: Hand) -> None:
    begun(hand)
    hand.key(KEY.Key_V)
    hand.press("Rate on a scale")
    hand.write("Value on the scale", "7")
    hand.press("Record this rating")
    assert "MOAA/S goes from 0 to 5" in said(hand)
    hand.key(KEY.Key_Backspace)
    hand.page.vitals.scale._value.setText("4")
    hand.press("Record this rating")
    hand.settle()
    assert hand.facts(ScaleRated) == [ScaleRated("MOAA/S", 4)]


def test_the_count_balances_and_a_second_person_witnesses_it_by_pin(hand: Hand) -> None:
    begun(hand)
    person = account(hand, "Sample Prescriber", "4071")
    hand.room.record(Ended("left against advice", "wanted to go home"))
    hand.settle()
    hand.day.go_to(hand.seat, "close")
    hand.write("Drawn of ketamine, in mg", "60")
    hand.press("Record the count of ketamine")
    assert "10 mg are missing" in said(hand)
    hand.write("Wasted of ketamine, in mg", "10")
    hand.press("Record the count of ketamine")
    hand.settle()
    hand.press("Witness a count as second person")
    hand.write("PIN of the second person", "4071")
    hand.press("Witnessed")
    hand.until(lambda: hand.facts(Witnessed))
    (witnessed,) = hand.room.session.history.standing(Witnessed)
    assert witnessed.by == person
    assert hand.facts(SubstanceCounted) == [SubstanceCounted("ketamine", "", 60_000, 50_000, 10_000, 0)]


def test_leaving_waits_for_what_is_asked(hand: Hand) -> None:
    begun(hand)
    hand.room.record(Ended("completed"))
    hand.settle()
    hand.day.go_to(hand.seat, "close")
    assert "Earliest leave" in said(hand)
    hand.write("Who takes the patient home", "a friend")
    hand.press("Patient has left")
    assert "Not yet: still needs Observed 90 min" in said(hand)
    assert hand.facts(PatientLeft) == []


def test_what_is_not_approved_opens_as_a_rehearsal_only(hand: Hand) -> None:
    hand.day.go_home()
    hand.press("Begin a session")
    hand.press("Protocol Intravenous infusion")
    assert "rehearsal only" in " ".join(button.text() for button in hand.day.prepare.plan._groups["Protocol"].buttons())


def test_an_infusion_is_paused_changed_and_stopped_and_the_dose_is_what_ran_in(hand: Hand) -> None:
    toml = paths.shipped("resources", "protocols", "iv-infusion.toml").read_text(encoding="utf-8")
    desk = hand.day.desk
    (desk.clinic.log.folder / FOLDER / "plain.toml").write_text(toml, encoding="utf-8")
    approve(desk.clinic, toml)
    hand.settle()
    hand.open_session("Sample Patient B", "1981-02-02", "3")
    order(hand, "40", "0")
    needed = hand.room.protocol
    assert needed is not None
    hand.press("Override what is missing")
    hand.write("Reason of the override", "rehearsed many times")
    hand.press("Override with this reason")
    hand.settle()
    hand.press("Ready to begin")
    hand.settle()
    hand.dose("40")
    assert hand.facts(InfusionStarted)[0].rate_ug_per_h == 60_000
    hand.pass_(10)
    assert "10 of 40 mg in" in said(hand)
    hand.press("Pause the infusion")
    hand.settle()
    hand.pass_(5)
    assert "10 of 40 mg in · paused" in said(hand)
    hand.press("Go on with the infusion")
    hand.settle()
    hand.press("Another rate of the infusion")
    hand.write("Rate from now on, in mg/h", "30")
    hand.press("Record these words")
    hand.settle()
    hand.pass_(10)
    assert "15 of 40 mg in · 30 mg/h" in said(hand)
    hand.press("Stop the infusion")
    hand.press("Record these words")
    hand.settle()
    (stopped,) = hand.facts(InfusionStopped)
    assert (stopped.delivered_ug, stopped.from_pump) == (15_000, False)
    (dose,) = hand.room.session.history.standing(DoseGiven)
    assert dose.fact.dose_ug == 15_000
    assert "worked out from the rates" in dose.why
    assert "Stop the infusion" not in hand.buttons()


def test_touch_the_stop_signal_and_a_timer_have_their_times(hand: Hand) -> None:
    begun(hand)
    hand.press("Touch …")
    hand.write("Which touch is agreed from now on; empty: none", "hand, shoulder")
    hand.press("Record these words")
    hand.settle()
    assert "Touch: hand, shoulder …" in hand.buttons()
    hand.press("Stop signal")
    hand.settle()
    hand.press("Answered")
    hand.settle()
    hand.press("Timer …")
    hand.write("Minutes, then what for: 12 spit out the lozenge", "three")
    hand.press("Record these words")
    assert "Type the minutes" in said(hand)
    hand.page.reason._edit.setText("3 look at the drip")
    hand.press("Record these words")
    hand.settle()
    assert [fact.for_ms for fact in hand.facts(TimerSet)] == [180_000]
    hand.pass_(5)
    assert hand.page.now.clock._reading.overdue == "Look at the drip 2 min late"
    hand.key(KEY.Key_F2)
    hand.press(next(name for name in hand.buttons() if name.startswith("Due: Look at the drip")))
    hand.settle()
    assert len(hand.facts(TimerOver)) == len(hand.facts(StopSignalGiven)) == 1
    assert hand.page.now.clock._reading.overdue == ""


def test_suicidal_thoughts_at_leaving_open_the_card_there_and_hold_until_the_prescriber_knows(hand: Hand) -> None:
    begun(hand)
    hand.pass_(100)
    hand.press("Close session")
    hand.press("Suicidal thoughts asked again: yes")
    hand.settle()
    hand.press("Suicidal thoughts are there today: yes")
    hand.settle()
    hand.until(lambda: "Whom to call: A friend, 555-0100" in said(hand))
    assert "suicide-leaving-told" in still(hand)
    assert hand.closing.ending._escort.placeholderText() == "Left with; named was a friend, 555-0100"
    hand.press("Prescriber told of the suicidal thoughts", hand.closing.safety)
    hand.settle()
    assert "suicide-leaving-told" not in still(hand)


def still(hand: Hand) -> list[str]:
    """What is missing before they may leave."""
    room = hand.room
    assert room.protocol is not None
    return [need.id for need in before_leaving(room.session, room.protocol, room.now_us()) if not need.met]


def test_moved_to_the_right_patient_what_is_missing_for_them_is_shown_and_asked_before_another_dose(hand: Hand) -> None:
    begun(hand)
    account(hand, "Sample Prescriber", "4071")
    desk = hand.day.desk
    right, _ = desk.clinic.register(PatientRegistered("Another Sample B", "1971-02-03", allergies="latex"), desk.actor)
    hand.settle()
    hand.press("Close session")
    hand.press("This is another patient’s visit …")
    hand.write("Name of the right patient", "another")
    hand.press(next(name for name in hand.buttons() if "Another Sample B" in name and "born" in name))
    for name in [name for name in hand.buttons() if name.startswith("Strike: ")]:
        hand.press(name)
    hand.write("How it came about, without a name", "the wrong line was pressed")
    hand.write("PIN or password of who agrees", "4071")
    hand.press("Move this visit")
    hand.until(lambda: hand.room.patient.id == right)
    hand.settle()
    assert "Since the move, missing for this patient: A prescriber’s order for this; Indication" in said(hand)
    with pytest.raises(KnownError, match="Moved to another patient since it was cleared: still needs A prescriber’s"):
        hand.room.record(DoseGiven("ketamine", 25_000, "im"))
    assert hand.closing.whose.since.visibleRegion().boundingRect().height() == hand.closing.whose.since.height()
    hand.press("To what is missing before the dose")
    assert hand.arrival.bar._name.text() == "Another Sample B"
    order(hand)
    known(hand)
    hand.room.record(DoseGiven("ketamine", 25_000, "im"))
    hand.settle()
    assert len(hand.facts(DoseGiven)) == 2
