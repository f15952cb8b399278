"""The patient's own page: the registration corrected, two records of one person, and what is known before a dose."""

from uuid import UUID

from PySide6.QtWidgets import QLabel

from kapdesk.facts.patient import ConsentGiven, IndicationStated, PatientRegistered
from kapdesk.facts.session import VisitOpened
from tests.ui.hand import Hand
from tests.ui.test_prepare import register
from ui.patient.page import PatientPage
from ui.prepare.arrival import ArrivalPage
from ui.prepare.page import PreparePage
from ui.records.page import RecordsPage


def words_on(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.page().findChildren(QLabel) if label.isVisible())


def shows(hand: Hand, text: str) -> None:
    """What was just recorded is shown a moment later."""
    hand.until(lambda: text in words_on(hand))


def add(hand: Hand, *patients: PatientRegistered) -> list[UUID]:
    desk = hand.day.desk
    made = [desk.clinic.register(each, desk.actor)[0] for each in patients]
    hand.settle()
    return made


def open_page(hand: Hand, name: str, number: str = "") -> PatientPage:
    """From the plan."""
    hand.day.go_home()
    hand.press("Begin a session")
    hand.write("Look for a patient", f"{name} {number}".strip())
    found = [each for each in hand.buttons() if name in each and "born" in each and number in each]
    hand.press(found[0])
    hand.press("The page of the chosen patient")
    return hand.on(PatientPage)


A = PatientRegistered("Sample Patient A", "1980-01-01", record_number="R-17", allergies="penicillin")
TWIN = PatientRegistered("Patient A Sample", "1980-01-01", record_number="R-18", allergies="latex")


def test_a_registration_is_corrected_with_a_reason_and_what_stood_before_is_shown(hand: Hand) -> None:
    (id_,) = add(hand, A)
    page = open_page(hand, "Sample Patient A")
    hand.press("Correct the registration")
    name = page.registration.name
    name.clear()
    hand.write("Name, as on their papers", "Sample Patient Alpha")
    hand.press("Record the correction")
    assert "The reason is missing" in words_on(hand)
    hand.write("Why it is corrected", "misheard on the phone")
    hand.press("Record the correction")
    hand.settle()
    now = hand.day.desk.clinic.patient(id_)
    assert now.name == "Sample Patient Alpha"
    assert now.registered is not None
    assert now.registered.allergies == "penicillin"
    before = "Before: Sample Patient A · born 1980-01-01 · R-17. misheard on the phone"
    shows(hand, before)
    hand.press("Back")
    assert hand.on(PreparePage)
    assert "Open the session for Sample Patient Alpha" in hand.buttons()


def test_an_impossible_birth_date_is_refused_in_place_and_what_was_typed_stays(hand: Hand) -> None:
    add(hand, A)
    page = open_page(hand, "Sample Patient A")
    hand.press("Correct the registration")
    page.registration.born.clear()
    hand.write("Born, YYYY-MM-DD", "2030-01-01")
    hand.write("Why it is corrected", "misread")
    hand.press("Record the correction")
    assert "Born 2030-01-01 cannot be" in words_on(hand)
    assert page.registration.born.text() == "2030-01-01"


def test_two_of_one_name_and_birth_date_are_named_in_one_sentence_with_both_numbers(hand: Hand) -> None:
    add(hand, A)
    hand.press("Begin a session")
    hand.press("Register a new patient")
    hand.write("Record number, if there is one", "R-18")
    hand.press("Put the registration away")
    register(hand, "Sample Patient A", "1980-01-01")
    sentence = "Sample Patient A, born 1980-01-01, is known as record R-17 already, now as record R-18."
    assert sentence in words_on(hand)
    assert {"The same person", "Somebody else"} <= set(hand.buttons())


def test_the_duplicate_check_runs_on_a_correction_too(hand: Hand) -> None:
    add(hand, A, PatientRegistered("Sample Patient B", "1990-01-01"))
    page = open_page(hand, "Sample Patient B")
    hand.press("Correct the registration")
    page.registration.born.clear()
    page.registration.name.clear()
    hand.write("Name, as on their papers", "Sample Patient A")
    hand.write("Born, YYYY-MM-DD", "1980-01-01")
    hand.write("Why it is corrected", "wrong card")
    hand.press("Record the correction")
    assert "is known as record R-17 already, now without a record number" in words_on(hand)
    hand.press("The same person")
    hand.write("Why both are one person", "registered twice")
    hand.press("Record these words")
    hand.settle()
    assert len(hand.day.desk.clinic.known()) == 1


def test_two_records_become_one_with_the_allergies_of_both_and_are_parted_again(hand: Hand) -> None:
    one, other = add(hand, A, TWIN)
    open_page(hand, "Sample Patient A", "R-17")
    sentence = "Sample Patient A, born 1980-01-01, is known as record R-18 already, now as record R-17."
    assert sentence in words_on(hand)
    hand.press("The same person as Patient A Sample · born 1980-01-01 · R-18")
    hand.press("Record these words")
    assert "The reason is missing" in words_on(hand)
    hand.write("Why both are one person", "registered twice")
    hand.press("Record these words")
    hand.settle()
    clinic = hand.day.desk.clinic
    assert [each.id for each in clinic.known()] == [one]
    shows(hand, "Allergy: penicillin; latex")
    twin = "Patient A Sample · born 1980-01-01 · R-18"
    shows(hand, f"Read with {twin}. Sample Therapist, 2 March: registered twice")
    hand.press("Part from Patient A Sample · born 1980-01-01 · R-18")
    hand.write("Why they are two people after all", "twins")
    hand.press("Record these words")
    hand.settle()
    assert {each.id for each in clinic.known()} == {one, other}
    shows(hand, "Allergy: penicillin\n")


def test_somebody_else_is_not_asked_about_again_on_this_page(hand: Hand) -> None:
    add(hand, A, TWIN)
    open_page(hand, "Sample Patient A", "R-17")
    hand.press("Somebody else than Patient A Sample · born 1980-01-01 · R-18")
    assert "is known as record" not in words_on(hand)
    assert len(hand.day.desk.clinic.known()) == 2


def test_who_may_only_read_is_told_so_and_what_was_typed_stays(hand: Hand) -> None:
    add(hand, A)
    page = open_page(hand, "Sample Patient A")
    clerk = hand.staff("Sample Clerk", "records")
    hand.day.desk.by = clerk
    hand.press("Correct the registration")
    hand.write("Why it is corrected", "misread")
    page.registration.number.clear()
    hand.write("Record number, if there is one", "R-71")
    hand.press("Record the correction")
    assert "Sample Clerk (records) may read here, not write" in words_on(hand)
    assert page.registration.number.text() == "R-71"


def test_with_a_pin_alone_the_page_does_not_open(hand: Hand) -> None:
    add(hand, A)
    hand.press("Begin a session")
    hand.press(next(each for each in hand.buttons() if "R-17" in each))
    hand.day.desk.by_pin = True
    hand.press("The page of the chosen patient")
    assert "A PIN (or emergency access) is not enough" in words_on(hand)
    assert hand.on(PreparePage)


def test_at_intake_indication_and_consent_are_taken_without_a_visit_and_stand_in_the_next_one(hand: Hand) -> None:
    (id_,) = add(hand, A)
    open_page(hand, "Sample Patient A")
    hand.press("Indication: answer")
    hand.write("Indication", "Depression")
    hand.press("Record the indication")
    hand.press("Consent: answer")
    hand.press("Touch, as agreed beforehand: not agreed")
    hand.settle()
    patient = hand.day.desk.clinic.patient(id_)
    assert patient.newest(IndicationStated) == IndicationStated("Depression", "")
    assert patient.newest(ConsentGiven) == ConsentGiven("touch", "Touch, as agreed beforehand", False)
    hand.press("Back")
    hand.press("Open the session for Sample Patient A")
    hand.until(lambda: hand.day.desk.seats)
    shows(hand, "Indication: Depression")
    shows(hand, "No touch")


def test_the_page_opens_from_arrival_and_records_and_goes_back_there_and_lists_the_visits(hand: Hand) -> None:
    hand.open_session()
    hand.press("The patient’s page")
    page = hand.on(PatientPage)
    hand.until(lambda: "preparing" in words_on(hand))
    hand.press("Back")
    assert hand.on(ArrivalPage)
    hand.press("Records")
    hand.until(lambda: [each for each in hand.buttons() if each.startswith("The page of Sample Patient A")])
    hand.press(next(each for each in hand.buttons() if each.startswith("The page of Sample Patient A")))
    assert hand.on(PatientPage) is page
    hand.press("Back")
    assert hand.on(RecordsPage)
    assert hand.room.session.opened is not None
    assert isinstance(hand.room.session.opened, VisitOpened)
