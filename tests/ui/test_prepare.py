"""Choosing the patient and the plan, and the arrival."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit

from kapdesk.errors import KnownError
from kapdesk.facts.session import (
    Cleared,
    DoseGiven,
    Ended,
    IntentionSet,
    NoteTaken,
    PatientArrived,
    PersonCameIn,
    PersonLeft,
    VitalsTaken,
    WeightMeasured,
)
from tests.ui.hand import Hand
from ui.prepare.page import PreparePage
from ui.session.page import SessionPage
from ui.widgets.choice import Check, Option
from ui.widgets.label import Label


def words_on(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.page().findChildren(QLabel) if label.isVisible())


def register(hand: Hand, name: str, born_on: str) -> None:
    hand.press("Register a new patient")
    hand.write("Name, as on their papers", name)
    hand.write("Born, YYYY-MM-DD", born_on)
    hand.press("Register")


def test_a_patient_who_may_be_known_is_asked_about(hand: Hand) -> None:
    hand.press("Begin a session")
    register(hand, "Sample Patient A", "1980-01-01")
    hand.until(lambda: len(hand.day.desk.clinic.patients) == 1)
    hand.until(lambda: "Register a new patient" in hand.buttons())
    known = next(iter(hand.day.desk.clinic.patients))
    register(hand, "Patient Á Sample", "1980-01-01")
    assert "This may be Sample Patient A · born 1980-01-01" in words_on(hand)
    hand.press("The same person")
    assert len(hand.day.desk.clinic.patients) == 1
    hand.press("Open the session for Sample Patient A")
    hand.until(lambda: hand.day.desk.seats)
    assert hand.room.patient.id == known


def test_another_person_of_that_name_is_registered_all_the_same(hand: Hand) -> None:
    hand.press("Begin a session")
    for _ in range(2):
        hand.until(lambda: "Register a new patient" in hand.buttons())
        register(hand, "Sample Patient A", "1980-01-01")
        if "Somebody else" in hand.buttons():
            hand.press("Somebody else")
    hand.until(lambda: len(hand.day.desk.clinic.patients) == 2)


def test_a_birth_date_that_is_none_is_refused_in_place(hand: Hand) -> None:
    hand.press("Begin a session")
    register(hand, "Sample Patient A", "1.1.1980")
    assert "Type the birth date like 1980-12-31." in words_on(hand)
    assert not hand.day.desk.clinic.patients


def test_a_playlist_that_cannot_be_read_is_named_and_cannot_be_chosen(hand: Hand, folder: Path) -> None:
    (folder / "playlists").mkdir()
    (folder / "playlists" / "broken.toml").write_text('format = 1\ntitle = "Broken"\n[[tracks]]\ntitle = "One"\n')
    hand.press("Begin a session")
    page = hand.on(PreparePage)
    broken = next(each for each in page.findChildren(Option) if each.text() == "broken.toml")
    assert not broken.isEnabled()
    told = next(text for text in words_on(hand).splitlines() if "broken.toml" in text and "file" in text)
    assert "tracks" in told
    chosen = page.plan.chosen()[1]
    assert chosen is not None
    assert chosen.name != "broken.toml"


def test_beside_a_video_call_no_word_is_cut_on_the_way_to_a_session(hand: Hand) -> None:
    def cut() -> list[str]:
        """What takes more than its place, or lies beyond the window's edge."""
        QApplication.processEvents()
        page, edge = hand.window.page(), hand.window.width()
        shown = [each for kind in (QAbstractButton, Label) for each in page.findChildren(kind) if each.isVisible()]
        return [
            each.accessibleName() or each.text()
            for each in shown
            if each.width() < each.minimumSizeHint().width()
            or each.mapTo(hand.window, each.rect().topRight()).x() > edge
        ]

    hand.window.resize(640, 768)
    assert cut() == []
    hand.press("Begin a session")
    assert cut() == []
    panel = hand.day.prepare.plan
    assert panel.visit.mapTo(panel, panel.visit.rect().topRight()).x() < panel.width()
    hand.press("Register a new patient")
    assert cut() == []
    assert not panel.isVisible(), "there is room for one of the two"
    hand.press("Put the registration away")
    assert panel.isVisible()


def test_no_session_is_opened_without_a_patient(hand: Hand) -> None:
    hand.press("Begin a session")
    hand.press("Open the session")
    assert "Choose the patient first" in words_on(hand)


def test_the_arrival_puts_everything_on_record_and_leads_to_the_session(hand: Hand) -> None:
    hand.open_session()
    assert [fact.name for fact in hand.facts(PersonCameIn)] == ["Sample Therapist", "Sample Nurse"]
    assert hand.facts(PatientArrived)
    hand.write("Weight in kilograms", "67.5")
    hand.press("Record weight")
    hand.write("Intention, in the patient’s words", "To rest.")
    hand.press("Record intention")
    for field, figure in zip(("Systolic, mmHg", "Diastolic, mmHg", "Pulse, /min"), ("128", "78", "70"), strict=True):
        hand.write(field, figure)
    hand.press("Record reading")
    hand.settle()
    assert hand.facts(WeightMeasured) == [WeightMeasured(67_500, "2026-03-02")]
    assert hand.facts(IntentionSet) == [IntentionSet("To rest.")]
    assert hand.facts(VitalsTaken) == [VitalsTaken(128, 78, 70)]
    said = words_on(hand)
    assert "Weight 67.5 kg on 2026-03-02" in said
    assert "BP 128/78 · pulse 70 · just now" in said
    hand.press("Ready to begin")
    hand.settle()
    assert hand.facts(Cleared)
    hand.on(SessionPage)


def test_an_impossible_weight_is_refused_and_stays_typed(hand: Hand) -> None:
    hand.open_session()
    hand.write("Weight in kilograms", "700")
    hand.press("Record weight")
    assert "A weight of 700 kg is not possible" in words_on(hand)
    assert hand.facts(WeightMeasured) == []
    assert hand.arrival._weight.text() == "700"


def test_nothing_is_ready_before_the_patient_is_here(hand: Hand) -> None:
    hand.day.go_home()
    hand.press("Begin a session")
    register(hand, "Sample Patient A", "1980-01-01")
    hand.until(lambda: any("Sample Patient A" in name for name in hand.buttons()))
    hand.press("Open the session for Sample Patient A")
    hand.until(lambda: hand.day.desk.seats)
    assert not hand.button("Ready to begin").isEnabled()


def test_who_leaves_the_room_is_on_record_and_the_next_one_writes(hand: Hand) -> None:
    seat = hand.open_session()
    writing = seat.room.by.by
    hand.press("Sample Therapist, therapist, here")
    hand.settle()
    assert [fact.person for fact in hand.facts(PersonLeft)] == [writing]
    assert hand.day.desk.clinic.state.name_of(seat.room.by.by) == "Sample Nurse"


def test_a_weight_of_a_day_to_come_is_refused(hand: Hand) -> None:
    hand.open_session()
    hand.write("Weight in kilograms", "67")
    hand.write("Weight measured on, YYYY-MM-DD", "2026-03-03")
    hand.press("Record weight")
    assert "That date is still to come" in words_on(hand)
    assert hand.facts(WeightMeasured) == []


def test_who_is_out_of_sight_is_not_chosen(hand: Hand) -> None:
    for name in ("Sample Patient A", "Sample Patient B"):
        hand.press("Begin a session")
        register(hand, name, "1980-01-01")
        if "Somebody else" in hand.buttons():
            hand.press("Somebody else")
        hand.until(lambda name=name: f"Open the session for {name}" in hand.buttons())
        hand.press("Back")
    hand.press("Begin a session")
    hand.press("Sample Patient A · born 1980-01-01")
    assert "Open the session for Sample Patient A" in hand.buttons()
    hand.write("Look for a patient", "patient b")
    hand.press("Open the session")
    assert "Choose the patient first" in words_on(hand)
    assert not hand.day.desk.seats


def test_a_patient_is_found_however_the_name_is_spelled_so_that_nobody_is_registered_twice(hand: Hand) -> None:
    def typed(name: str, text: str) -> None:
        hand.write(name, "")
        edit = hand.window.focusWidget()
        assert isinstance(edit, QLineEdit)
        edit.setText(text)  # no test presses the keys of letters beyond ASCII
        QApplication.processEvents()

    hand.press("Begin a session")
    hand.press("Register a new patient")
    typed("Name, as on their papers", "Jörg Sample-Müller")
    hand.write("Born, YYYY-MM-DD", "1970-05-04")
    hand.press("Register")
    line = "Jörg Sample-Müller · born 1970-05-04"
    hand.until(lambda: line in hand.buttons())
    for text in ("MÜLL", "muller jorg", "mueller", "1970-05"):
        typed("Look for a patient", text)
        assert line in hand.buttons(), text
    typed("Look for a patient", "moller")
    assert line not in hand.buttons()


def test_no_known_allergies_is_not_the_same_as_not_asked(hand: Hand) -> None:
    hand.press("Begin a session")
    hand.press("Register a new patient")
    next(box for box in hand.window.findChildren(Check) if box.text() == "No known allergies").click()
    hand.write("Name, as on their papers", "Sample Patient A")
    hand.write("Born, YYYY-MM-DD", "1980-01-01")
    hand.press("Register")
    hand.until(lambda: "Open the session for Sample Patient A" in hand.buttons())
    hand.press("Open the session for Sample Patient A")
    hand.until(lambda: hand.day.desk.seats)
    assert "No known allergies" in words_on(hand)
    hand.open_session("Sample Patient B", "1981-02-02", "3")
    assert "Allergies not recorded" in words_on(hand)


def test_a_second_session_for_a_patient_in_a_running_one_is_refused(hand: Hand) -> None:
    hand.open_session()
    hand.press("Home")
    hand.press("Begin a session")
    hand.press("Sample Patient A · born 1980-01-01")
    hand.press("Open the session for Sample Patient A")
    assert "running" in words_on(hand)
    assert len(hand.day.desk.seats) == 1


def test_what_helps_and_the_course_are_edited_in_place(hand: Hand) -> None:
    hand.open_session()
    hand.press("Edit what is known of them")
    hand.write("What helps", "a hand on the shoulder")
    hand.write("Medicines", "sertraline 50 mg")
    hand.write("Dosing visits planned", "six")
    hand.press("Record what is known of them")
    assert "Type how many dosing visits" in hand.arrival.about._refusal.text()
    hand.arrival.about._visits.setText("6")
    hand.arrival.about._refusal.say("")
    hand.press("Record what is known of them")
    hand.settle()
    patient = hand.room.patient
    assert patient.described.helps == "a hand on the shoulder"
    assert patient.course is not None
    assert patient.course.dosing_visits == 6
    hand.until(lambda: hand.arrival.about._said.count() == 3)


def test_what_they_said_last_time_stands_at_the_next_arrival(hand: Hand) -> None:
    hand.begin()
    hand.room.record(NoteTaken("I could stay with him.", "", True))
    hand.room.record(Ended("completed"))
    hand.settle()
    patient = hand.room.patient.id
    hand.day._finish(hand.seat)
    hand.pass_(60)
    hand.press("Begin a session")
    hand.day.prepare.choose(patient)
    hand.press("Open the session for Sample Patient A")
    hand.until(lambda: hand.day.desk.seats)
    hand.until(lambda: "They said: “I could stay with him.”" in _said(hand))


def _said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def test_an_integration_visit_needs_no_protocol_and_takes_no_dose(hand: Hand) -> None:
    hand.open_session()
    patient = hand.room.patient.id
    hand.room.record(Ended("no dose given"))
    hand.settle()
    hand.day._finish(hand.seat)
    hand.press("Begin a session")
    hand.day.prepare.choose(patient)
    plan = hand.day.prepare.plan
    plan.visit.setCurrentIndex(plan.visit.findData("integration"))
    plan.visit.activated.emit(plan.visit.currentIndex())
    hand.press("Open the session for Sample Patient A")
    hand.until(lambda: hand.day.desk.seats)
    hand.press("Patient is here")
    hand.settle()
    hand.press("Ready to begin")
    hand.settle()
    assert "Give a dose (key D)" not in hand.buttons()
    hand.note("She walked on Sunday, as agreed.")
    with pytest.raises(KnownError, match="visit for integration: no dose is given"):
        hand.room.record(DoseGiven("ketamine", 50_000, "im"))
    hand.day.go_to(hand.seat, "close")
    hand.press("End: completed")
    hand.press("End the session")
    hand.settle()
    assert (hand.room.session.protocol, hand.room.session.ended) == (None, Ended("completed"))
    hand.until(lambda: hand.closing.preview.pages() > 0)
