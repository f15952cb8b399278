"""Closing a session: end, marks, summary, note, signature, addenda; and the records."""

from pathlib import Path

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from kapdesk.facts.session import AddendumWritten, Ended, Marked, NoteTaken, PatientLeft, SummaryWritten
from tests.ui.hand import Hand
from ui import theme
from ui.close.pages_of import toned
from ui.close.summary import SECTIONS
from ui.records.page import RecordsPage


def words_on(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def close(hand: Hand) -> None:
    """To the closing page, and to the end."""
    hand.press("Close session")
    hand.press("End: completed")
    hand.press("End the session")
    hand.until(lambda: hand.room.session.ended)
    hand.until(lambda: hand.closing.preview.pages() > 0)


def test_a_session_is_ended_summed_up_signed_and_added_to(hand: Hand, tmp_path: Path) -> None:
    hand.begin()
    hand.key("m")
    hand.settle()
    hand.pass_(60)
    close(hand)
    assert hand.facts(Ended) == [Ended("completed")]
    assert "1 mark to fill in" in words_on(hand)
    at_us = hand.room.session.history.standing(Marked)[0].at_us
    hand.write(f"Words for the mark at {hand.seat.seen().axis(at_us)}", "A long breath.")
    hand.press(f"Fill in the mark at {hand.seat.seen().axis(at_us)}")
    hand.settle()
    assert hand.facts(Marked) == []
    assert hand.facts(NoteTaken) == [NoteTaken("A long breath.")]
    for section in SECTIONS:
        hand.write(section.capitalize(), f"Words on {section}.")
    hand.write("Who takes the patient home", "their sister")
    hand.press("Patient has left")
    hand.settle()
    assert {fact.section: fact.text for fact in hand.facts(SummaryWritten)} == {
        section: f"Words on {section}." for section in SECTIONS
    }
    assert hand.facts(PatientLeft) == [PatientLeft("their sister")]
    hand.press("Sign and lock")
    assert "nothing in this session can be changed any more" in words_on(hand)
    hand.press("Sign and lock")
    hand.until(lambda: hand.room.session.signed)
    hand.write("Addendum", "Called the day after: well.")
    hand.press("Add the addendum")
    hand.settle()
    assert [h.fact.text for h in hand.room.session.history if isinstance(h.fact, AddendumWritten)] == [
        "Called the day after: well."
    ]
    hand.until(lambda: hand.closing.preview.pages() > 0)
    pdf = tmp_path / "note.pdf"
    hand.until(lambda: hand.seat.pages and hand.closing.preview._state.isHidden())
    hand.seat._closing.save(pdf)  # type: ignore[union-attr]
    assert pdf.read_bytes().startswith(b"%PDF")
    assert f"Saved: {pdf}" in words_on(hand)
    hand.press("Done with this session")
    assert hand.day.desk.seats == {}


def test_an_ending_that_does_not_fit_is_not_offered(hand: Hand) -> None:
    hand.begin(dosed=False)
    hand.press("Close session")
    assert "End: completed" not in hand.buttons()
    hand.press("End the session")
    assert "Choose how it ended." in words_on(hand)
    hand.press("End: left against advice")
    hand.write("Reason of this ending", "did not want to")
    hand.press("End the session")
    hand.settle()
    assert hand.facts(Ended) == [Ended("left against advice", "did not want to")]


def test_signing_is_asked_and_can_be_left(hand: Hand) -> None:
    hand.begin()
    close(hand)
    hand.press("Sign and lock")
    hand.press("Not yet")
    hand.settle()
    assert not hand.room.session.signed
    assert "Sign and lock" in hand.buttons()


def test_a_session_can_be_looked_at_from_its_closing_page_and_gone_on_with(hand: Hand) -> None:
    hand.begin()
    hand.press("Close session")
    hand.press("Back to the session")
    assert hand.page.isVisible()
    assert hand.room.session.live


def test_the_note_lights_up_no_dark_room(hand: Hand) -> None:
    hand.begin()
    close(hand)
    page = hand.closing.preview._pictures[0]
    assert QColor(page.pixel(3, 3)).lightness() > 250
    for name in ("dusk", "dim"):
        shown = toned(page, theme.THEMES[name])
        lightest = max(QColor(shown.pixel(x, y)).lightness() for x in range(0, 400, 7) for y in range(0, 500, 7))
        assert QColor(shown.pixel(3, 3)).lightness() < 50
        assert lightest <= QColor(theme.THEMES[name].text).lightness()
    assert toned(page, theme.THEMES["day"]) is page


def test_the_records_are_read_anew_and_searched_by_name(hand: Hand) -> None:
    hand.begin()
    close(hand)
    hand.press("Done with this session")
    hand.open_session("Sample Patient Bee", "1981-02-02", "3")
    hand.press("Records")
    page = hand.on(RecordsPage)
    hand.until(lambda: sum("Sample Patient" in name for name in hand.buttons(page)) == 2)
    hand.write("Look for a name", "bee")
    assert [name for name in hand.buttons(page) if "Sample" in name and "Bee" not in name] == []
    page._search.clear()
    hand.until(lambda: sum("Sample Patient" in name for name in hand.buttons(page)) == 2)
    hand.press(next(name for name in hand.buttons(page) if "to be signed" in name))
    hand.until(lambda: hand.closing.preview.pages() > 0)
    assert hand.room.patient.name == "Sample Patient A"
    assert "Back to the session" not in hand.buttons()
