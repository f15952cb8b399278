"""A session under the wrong patient, moved on the closing page by two people: while it runs, and after signing."""

from PySide6.QtWidgets import QLabel

from kapdesk.clinic.close import make
from kapdesk.facts.after import VisitMoved
from kapdesk.facts.patient import ConsentGiven, CrisisContactsSet, PatientRegistered
from tests.ui.hand import Hand, words_on
from tests.ui.test_lock import account
from tests.ui.test_patient_page import add, open_page
from ui.patient.page import PatientPage

RIGHT = PatientRegistered("Another Sample B", "1971-02-03", record_number="R-42", allergies="latex")
WHY = "the wrong line of the list was pressed"


def prescriber(hand: Hand) -> str:
    """Someone who may agree, with a PIN of today."""
    hand.staff("Sample Prescriber", "prescriber")
    return account(hand, "Sample Prescriber", "4071")


def chosen(hand: Hand) -> None:
    """The sheet open, the right patient chosen, the reason typed."""
    hand.press("This is another patient’s visit …")
    hand.write("Name of the right patient", "another")
    hand.press(next(name for name in hand.buttons() if RIGHT.name in name and "born" in name))
    hand.write("How it came about, without a name", WHY)


def moved(hand: Hand, pin: str) -> None:
    hand.write("PIN or password of who agrees", pin)
    hand.press("Move this visit")


def test_a_running_session_goes_on_under_the_right_name(hand: Hand) -> None:
    doctor = prescriber(hand)
    (right,) = add(hand, RIGHT)
    hand.begin()
    before = hand.room.patient
    hand.press("Close session")
    chosen(hand)
    moved(hand, "9999")
    hand.until(lambda: "Nothing was moved." in words_on(hand))
    assert hand.closing.whose._reason.text() == WHY
    assert hand.closing.whose._secret.text() == ""
    assert hand.room.patient is before
    moved(hand, "4071")
    hand.until(lambda: hand.room.patient.id == right)
    hand.settle()
    (fact,) = hand.facts(VisitMoved)
    assert fact == VisitMoved(right, before.id, doctor, WHY)
    assert hand.closing.bar._name.text() == "Another Sample B"
    assert "latex" in words_on(hand)
    assert "Sample Patient A" not in words_on(hand)
    assert f"and Sample Prescriber: {WHY}" in words_on(hand)
    hand.press("Back to the session")
    assert hand.page.bar._name.text() == "Another Sample B"
    hand.note("Calm.")
    assert hand.room.session.history.standing(VisitMoved)


def test_half_typed_words_stay_through_put_away_and_the_move(hand: Hand) -> None:
    prescriber(hand)
    (right,) = add(hand, RIGHT)
    hand.begin()
    hand.press("Close session")
    hand.write("Plan", "Half a pl")
    chosen(hand)
    hand.press("Put the move away")
    hand.press("This is another patient’s visit …")
    assert hand.closing.whose._reason.text() == WHY
    moved(hand, "4071")
    hand.until(lambda: hand.room.patient.id == right)
    hand.settle()
    assert hand.closing.summary._edits["plan"].toPlainText() == "Half a pl"


def test_a_signed_visit_is_moved_from_the_records_and_both_pages_say_so(hand: Hand) -> None:
    prescriber(hand)
    (right,) = add(hand, RIGHT)
    hand.begin()
    hand.pass_(60)
    hand.press("Close session")
    hand.press("End: completed")
    hand.press("End the session")
    hand.until(lambda: hand.room.session.ended)
    hand.sign()
    hand.until(lambda: hand.room.session.signed)
    hand.press("Done with this session")
    hand.press("Records", hand.window.furnish())
    hand.until(lambda: any("Signed by" in name for name in hand.buttons()))
    hand.press(next(name for name in hand.buttons() if "Signed by" in name))
    session = hand.room.id
    chosen(hand)
    moved(hand, "4071")
    hand.until(lambda: hand.room.patient.id == right)
    hand.settle()
    hand.until(lambda: hand.closing.preview.pages() > 0)
    pdf = make(hand.day.desk.clinic, session)
    assert pdf.startswith(b"%PDF")
    hand.press("Done with this session")
    open_page(hand, "Sample Patient A")
    hand.until(lambda: "was not theirs was moved out of this record" in words_on(hand))
    assert WHY in words_on(hand)
    assert "Another Sample" not in page_words(hand)
    open_page(hand, "Another Sample B")
    hand.until(lambda: "was moved into this record" in words_on(hand))
    assert "Sample Patient A" not in page_words(hand)
    assert not hand.on(PatientPage)._visits_panel.isHidden()


def page_words(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.page().findChildren(QLabel) if label.isVisible())


def test_nobody_is_offered_before_a_name_is_typed_and_a_pin_alone_does_not_move(hand: Hand) -> None:
    prescriber(hand)
    add(hand, RIGHT)
    hand.begin()
    hand.press("Close session")
    hand.press("This is another patient’s visit …")
    assert not any(RIGHT.name in name for name in hand.buttons(hand.closing.whose))
    hand.press("Move this visit")
    assert "Type the name, then choose the right patient." in words_on(hand)
    hand.press("Put the move away")
    chosen(hand)
    hand.day.desk.by_pin = True
    moved(hand, "4071")
    assert "A PIN (or emergency access) is not enough" in words_on(hand)
    assert hand.facts(VisitMoved) == []


def test_each_line_written_into_the_wrong_record_is_struck_or_kept_by_one_press(hand: Hand) -> None:
    prescriber(hand)
    (right,) = add(hand, RIGHT)
    hand.begin()
    wrong = hand.room.patient.id
    clinic, actor = hand.day.desk.clinic, hand.day.desk.actor
    for fact in (ConsentGiven("touch", "Touch", agreed=True), CrisisContactsSet("a friend, 555-0100")):
        clinic.patient_recorder(wrong).record(fact, actor)
    hand.settle()
    hand.press("Close session")
    chosen(hand)
    moved(hand, "4071")
    hand.until(lambda: "Say of each line above whether it is struck or kept." in words_on(hand))
    assert hand.facts(VisitMoved) == []
    hand.press("Strike: consent (1 answer)")
    hand.press("Keep: crisis contacts")
    moved(hand, "")
    hand.until(lambda: hand.room.patient.id == right)
    hand.settle()
    assert not clinic.patients[wrong].history.standing(ConsentGiven)
    assert clinic.patients[wrong].history.standing(CrisisContactsSet)
    hand.press("This is another patient’s visit …")
    assert not hand.closing.whose._astray.isVisible()


def test_a_right_patient_who_is_not_registered_yet_is_registered_in_place(hand: Hand) -> None:
    prescriber(hand)
    hand.begin()
    hand.press("Close session")
    hand.press("This is another patient’s visit …")
    hand.write("How it came about, without a name", WHY)
    hand.write("Name of the right patient", "New Sample C")
    hand.press("Register the right patient")
    hand.write("Born, YYYY-MM-DD", "1971-02-03")
    hand.press("Register")
    hand.until(lambda: "To New Sample C" in words_on(hand))
    assert hand.closing.whose._reason.text() == WHY
    moved(hand, "4071")
    hand.until(lambda: hand.room.patient.name == "New Sample C")
    hand.settle()
    (fact,) = hand.facts(VisitMoved)
    assert fact.patient == hand.room.patient.id
    assert [each.name for each in hand.day.desk.clinic.known()].count("New Sample C") == 1
