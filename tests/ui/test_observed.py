"""The observation summary of nasal esketamine: sent, and taken back where it was not."""

from kapdesk.facts.session import DoseGiven
from tests.ui.hand import Hand, words_on


def over(hand: Hand) -> None:
    """A visit with nasal esketamine, on its closing page."""
    hand.begin()
    hand.room.record(DoseGiven("esketamine", 28_000, "nasal", "device 1 of 1", lot="E77"))
    hand.settle()
    hand.press("Close session")
    hand.press("End: completed")
    hand.press("End the session")
    hand.until(lambda: hand.room.session.ended)
    hand.settle()


def test_that_it_was_sent_is_taken_back_with_a_reason_and_can_be_said_anew(hand: Hand) -> None:
    over(hand)
    assert "The observation summary was not sent" not in hand.buttons()
    hand.write("How the observation summary was sent", "fax")
    hand.press("The observation summary was sent")
    hand.settle()
    hand.press("The observation summary was not sent")
    assert "The reason is missing" in words_on(hand)
    hand.write("Why the observation summary does not count as sent", "wrong fax number")
    hand.press("The observation summary was not sent")
    hand.settle()
    hand.until(lambda: ", not sent." in words_on(hand))
    assert "The observation summary was not sent" not in hand.buttons()
    hand.write("How the observation summary was sent", "post")
    hand.press("The observation summary was sent")
    hand.settle()
    hand.until(lambda: "Observation summary sent: post." in words_on(hand))
