"""The observation summary of nasal esketamine: owed on the first page, sent, and taken back where it was not."""

from datetime import date
from pathlib import Path
from uuid import uuid4

from kapdesk.clinic.summary import Owed
from kapdesk.facts.clinic import NoteTakenOut
from kapdesk.facts.session import DoseGiven
from tests.note.reading import poppler
from tests.ui.hand import Hand, words_on
from ui.close.page import ClosePage
from ui.home.owed import told


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


def test_it_is_looked_at_before_it_is_saved(hand: Hand, tmp_path: Path) -> None:
    over(hand)
    hand.press("Look at the observation summary")
    hand.until(lambda: hand.day.sheets._pdf is not None)
    assert hand.day.sheets._pdf is not None
    assert "Esketamine observation summary" in " ".join(poppler(hand.day.sheets._pdf).split())
    hand.day.sheets.save(tmp_path / "summary.pdf")
    hand.settle()
    assert any(isinstance(each.fact, NoteTakenOut) for each in hand.day.desk.clinic.state.history)
    hand.press("Back")
    assert "Look at the observation summary" in hand.buttons()


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


def owed(hand: Hand) -> list[str]:
    assert hand.window.home.owed is not None
    return hand.buttons(hand.window.home.owed)


def test_the_first_page_says_what_is_owed_and_one_press_opens_it(hand: Hand) -> None:
    over(hand)
    hand.day._finish(hand.seat)
    line = "Observation summary for Sample Patient A: due 9 Mar · not sent"
    hand.until(lambda: owed(hand) == [line])
    hand.press(line)
    hand.until(lambda: hand.window.page().accessibleName() == "Close the session")
    panel = hand.on(ClosePage).observed
    hand.until(lambda: not panel.visibleRegion().isEmpty())
    hand.write("How the observation summary was sent", "fax")
    hand.press("The observation summary was sent")
    hand.settle()
    hand.day.go_home()
    hand.until(lambda: owed(hand) == [])


def test_it_names_nobody_to_whoever_may_not_open_the_records(hand: Hand) -> None:
    over(hand)
    administrator = hand.staff("Sample Administrator Two", "administrator")
    hand.day._finish(hand.seat)
    hand.until(lambda: owed(hand))
    hand.day.desk.typing = administrator
    hand.day._show()
    assert owed(hand) == []
    hand.day.desk.typing = ""
    hand.day._show()
    hand.until(lambda: owed(hand))


def test_more_than_three_are_counted_and_the_first_due_stand_there(hand: Hand) -> None:
    lines = hand.window.home.owed
    assert lines is not None
    owes = tuple(
        Owed(uuid4(), f"Sample Patient {name}", date(2026, 3, day))
        for name, day in zip("ABCDE", range(1, 6), strict=True)
    )
    lines.display(owes, date(2026, 3, 2))
    hand.until(lambda: [each.split(":")[0][-1] for each in owed(hand)] == ["A", "B", "C"])
    assert "2 more not sent: see Records." in words_on(hand)


def test_a_late_one_says_by_how_many_days() -> None:
    one = Owed(uuid4(), "Sample Patient A", date(2026, 11, 26))
    said = "Observation summary for Sample Patient A: due 26 Nov · not sent"
    assert told(one, date(2026, 11, 26)) == (said, "")
    assert told(one, date(2026, 11, 27)) == (said, "1 day late")
    assert told(one, date(2026, 12, 6)) == (said, "10 days late")
    assert told(one, date(2027, 1, 1))[0] == "Observation summary for Sample Patient A: due 26 Nov 2026 · not sent"
