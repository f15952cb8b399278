"""The clinic's own page: staff, rules and how long records are kept, decided by whoever runs it."""

import pytest
from PySide6.QtWidgets import QLabel

from kapdesk.access.accounts import NewPassword
from kapdesk.clinic.private import private_recorder
from kapdesk.facts.clinic import ContentsErased
from kapdesk.facts.people import Actor
from kapdesk.facts.private import ReflectionWritten
from kapdesk.facts.session import Ended
from tests.ui.hand import Hand
from ui.clinic.page import ClinicPage
from ui.home.page import HomePage
from ui.widgets.choice import Choice

WORDS = "seven slow herons by the mill"


@pytest.fixture
def hand(hand: Hand) -> Hand:
    hand.day.desk.typing = hand.day.desk.clinic.ring.first
    hand.day.desk.changed.emit()
    return hand


def clinic(hand: Hand) -> ClinicPage:
    hand.day.go_home()
    hand.press("The clinic")
    return hand.on(ClinicPage)


def said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def account(hand: Hand, name: str) -> str:
    person = hand.staff(name, "therapist")
    hand.day.desk.clinic.ring.add_person(person, name, NewPassword(WORDS))
    return person


def choose(hand: Hand, name: str, text: str) -> None:
    (choice,) = [each for each in hand.window.findChildren(Choice) if each.accessibleName() == name]
    choice.setCurrentText(text)
    choice.activated.emit(choice.currentIndex())
    hand.settle()


def test_what_it_means_that_someone_leaves_is_said_before_it_is_done(hand: Hand) -> None:
    person = account(hand, "Sample Therapist One")
    ring, actor = hand.day.desk.clinic.ring, Actor(person, person)
    ring.sign_in("Sample Therapist One", WORDS)
    hand.open_session()
    private_recorder(hand.day.desk.clinic, person, hand.room.patient.id).record(ReflectionWritten("mine"), actor)
    hand.settle()
    clinic(hand)
    hand.press("Sample Therapist One · therapist")
    assert "The private notes on one patient stay sealed: only Sample Therapist One" in said(hand)
    assert person in hand.day.desk.clinic.state.staff
    hand.press("Sample Therapist One works here no more")
    hand.settle()
    hand.until(lambda: "Sample Therapist One works here no more." in said(hand))
    assert person not in hand.day.desk.clinic.state.staff
    assert "Sample Therapist One · therapist" not in hand.buttons()
    assert person not in hand.day.desk.here


def test_whoever_opened_the_clinic_cannot_remove_themselves(hand: Hand) -> None:
    page, me = clinic(hand), hand.day.desk.clinic.ring.first
    page.staff.chosen.emit(me)
    page.staff.gone.emit(me)
    assert "Nobody can remove themselves" in said(hand)
    assert me in hand.day.desk.clinic.state.staff


def test_the_new_recovery_code_is_shown_once(hand: Hand) -> None:
    clinic(hand)
    hand.press("Make a new recovery code; the old one is over")
    hand.until(lambda: "It is shown this once" in said(hand))
    hand.on(ClinicPage).code._kept.click()
    hand.press("Go on")
    assert "It is shown this once" not in said(hand)


def test_the_minutes_until_the_lock_are_the_clinics(hand: Hand) -> None:
    clinic(hand)
    choose(hand, "Minutes without a touch until the screen locks", "2 min")
    assert hand.day.desk.clinic.state.lock_after_min == 2
    hand.pass_(1.5, idle=True)
    assert not hand.window.locked
    hand.pass_(1, idle=True)
    assert hand.window.locked


def finished(hand: Hand) -> None:
    hand.begin()
    hand.room.record(Ended("completed"))
    hand.settle()
    hand.day._finish(hand.seat)


def test_a_record_is_erased_by_two_and_its_copies_are_named(hand: Hand) -> None:
    agreeing = account(hand, "Sample Therapist One")
    finished(hand)
    page = clinic(hand)
    hand.until(lambda: any("Sample Patient A" in name for name in hand.buttons(page)))
    hand.press(next(name for name in hand.buttons(page) if "Sample Patient A" in name))
    hand.write("By which law or request", "the patient asked for it")
    hand.write("Password of who agrees", "not the password at all")
    hand.press("Erase this record")
    hand.until(lambda: "do not belong together" in said(hand) or "password" in page.keeping._refusal.text())
    assert list(hand.day.desk.clinic.patients)
    hand.write("Password of who agrees", WORDS)
    hand.press("Erase this record")
    hand.until(lambda: "stays provable" in page.keeping._told.text())
    hand.settle()
    assert hand.day.desk.clinic.patients == {}
    erased = [h for h in hand.day.desk.clinic.state.history if isinstance(h.fact, ContentsErased)]
    assert {(h.fact.stream.kind, h.fact.agreed_by) for h in erased} == {("session", agreeing), ("patient", agreeing)}
    assert "Still in " in page.keeping._told.text()


def test_a_record_can_be_kept_longer_with_a_reason(hand: Hand) -> None:
    hand.staff("Sample Therapist One", "therapist")
    finished(hand)
    page = clinic(hand)
    hand.until(lambda: any("Sample Patient A" in name for name in hand.buttons(page)))
    hand.press(next(name for name in hand.buttons(page) if "Sample Patient A" in name))
    hand.write("Until (year-month-day)", "2099-12-31")
    hand.press("Keep it longer")
    assert "The reason is missing" in said(hand)
    hand.write("Why it is kept longer", "a claim is open")
    hand.press("Keep it longer")
    hand.until(lambda: any("kept until 2099-12-31" in name for name in hand.buttons(page)))


def test_it_is_for_whoever_runs_the_clinic(hand: Hand) -> None:
    hand.day.desk.typing = hand.staff("Sample Nurse Two", "medical staff")
    hand.day.desk.changed.emit()
    assert "The clinic" not in hand.buttons()
    hand.day._open_own(hand.day.clinic)
    hand.on(HomePage)
