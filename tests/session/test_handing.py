"""The watch over the patient goes from one person to another, and both say so."""

from kapdesk.facts.after import CareHandedOver, CareTakenOver, HandOverWithdrawn
from kapdesk.facts.session import PersonCameIn
from kapdesk.session import handing
from kapdesk.session.state import fold
from tests.fakes import happened

ONE, TWO = "p-1", "p-2"
BEGIN = [
    happened(PersonCameIn(ONE, "Nurse One", ("medical staff",)), 1, counter=0),
    happened(PersonCameIn(TWO, "Nurse Two", ("medical staff",)), 1, counter=1),
]
HANDED = happened(CareHandedOver(TWO, "watch the pressure"), 30)
TAKEN = happened(CareTakenOver(HANDED.id), 32)


def test_a_watch_is_offered_until_the_other_has_taken_it() -> None:
    assert handing.offered(fold(BEGIN)) is None
    assert handing.on_watch(fold(BEGIN)) == ""
    offered = handing.offered(fold([*BEGIN, HANDED]))
    assert offered is not None
    assert (offered.id, handing.on_watch(fold([*BEGIN, HANDED]))) == (HANDED.id, "")
    assert handing.offered(fold([*BEGIN, HANDED, TAKEN])) is None
    assert handing.on_watch(fold([TAKEN, HANDED, *BEGIN])) == TWO


def test_only_who_was_named_takes_it_over_and_once() -> None:
    session = fold([*BEGIN, HANDED])
    assert handing.doubt(session, CareTakenOver(HANDED.id), TWO) is None
    assert "someone else" in str(handing.doubt(session, CareTakenOver(HANDED.id), ONE))
    assert "already" in str(handing.doubt(fold([*BEGIN, HANDED, TAKEN]), CareTakenOver(HANDED.id), TWO))
    assert "not in this session" in str(handing.doubt(session, CareTakenOver(TAKEN.id), TWO))


def test_it_goes_to_someone_else_who_is_in_the_room() -> None:
    session = fold(BEGIN)
    assert handing.doubt(session, CareHandedOver(TWO, ""), ONE) is None
    assert "You have the watch" in str(handing.doubt(session, CareHandedOver(ONE, ""), ONE))
    assert "not in the room" in str(handing.doubt(session, CareHandedOver("p-3", ""), ONE))


def test_a_hand_over_that_was_made_anew_cannot_be_taken_over_any_more() -> None:
    three = happened(PersonCameIn("p-3", "Nurse Three", ("medical staff",)), 1, counter=2)
    anew = happened(CareHandedOver("p-3", ""), 31)
    session = fold([*BEGIN, three, HANDED, anew])
    assert "anew" in str(handing.doubt(session, CareTakenOver(HANDED.id), TWO))
    assert handing.doubt(session, CareTakenOver(anew.id), "p-3") is None


BACK = happened(HandOverWithdrawn(HANDED.id), 31)


def test_a_hand_over_taken_back_is_offered_to_nobody_and_taken_over_by_nobody() -> None:
    session = fold([*BEGIN, HANDED, BACK])
    assert handing.standing(session, HANDED.id) == "taken back"
    assert handing.offered(session) is None
    assert "taken back" in str(handing.doubt(session, CareTakenOver(HANDED.id), TWO))
    assert handing.doubt(session, CareHandedOver(TWO, ""), ONE) is None


def test_only_who_gave_it_takes_it_back_once_and_before_it_is_taken_over() -> None:
    session = fold([*BEGIN, HANDED])
    assert handing.doubt(session, HandOverWithdrawn(HANDED.id), HANDED.by) is None
    assert "Only who handed" in str(handing.doubt(session, HandOverWithdrawn(HANDED.id), TWO))
    assert "not in this session" in str(handing.doubt(session, HandOverWithdrawn(BACK.id), HANDED.by))
    back = fold([*BEGIN, HANDED, BACK])
    assert "taken back already" in str(handing.doubt(back, HandOverWithdrawn(HANDED.id), HANDED.by))
    taken = fold([*BEGIN, HANDED, TAKEN])
    assert "taken over already" in str(handing.doubt(taken, HandOverWithdrawn(HANDED.id), HANDED.by))


def test_a_hand_over_that_two_desks_took_over_and_took_back_at_once_is_taken_over() -> None:
    session = fold([*BEGIN, HANDED, BACK, TAKEN])
    assert handing.standing(session, HANDED.id) == "taken over"
    assert handing.on_watch(session) == TWO


def test_one_made_anew_says_so_of_the_one_before() -> None:
    anew = happened(CareHandedOver(TWO, ""), 33)
    session = fold([*BEGIN, HANDED, anew])
    assert handing.standing(session, HANDED.id) == "handed over anew"
    assert "newest" in str(handing.doubt(session, HandOverWithdrawn(HANDED.id), HANDED.by))
