"""Closing a session: end, marks, summary, note, signature, addenda; and the records."""

from itertools import combinations
from pathlib import Path

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from kapdesk.facts.people import Actor
from kapdesk.facts.session import (
    AddendumWritten,
    DoseGiven,
    Ended,
    Marked,
    NoteTaken,
    PatientLeft,
    Section,
    SummaryWritten,
)
from tests.ui.hand import Hand, words_on
from ui import theme
from ui.close.pages_of import toned
from ui.close.summary import SECTIONS
from ui.records.page import LINE, RecordsPage
from ui.widgets.buttons import Button
from ui.widgets.label import Label


def rewrite(hand: Hand, name: Section, text: str) -> None:
    """Other words in place of what stands in a section, its draft too."""
    hand.closing.summary._edits[name].clear()
    hand.write(name.capitalize(), text)


def close(hand: Hand) -> None:
    """To the closing page, and to the end."""
    hand.press("Close session")
    hand.press("End: completed")
    hand.press("End the session")
    hand.until(lambda: hand.room.session.ended)
    hand.until(lambda: hand.closing.preview.pages() > 0)


def test_beside_a_video_call_no_word_of_the_bar_is_cut_or_covered(hand: Hand) -> None:
    hand.open_session("Zofia Sample-Przykladowa", "1980-01-01")
    hand.press("Close session")
    hand.until(lambda: hand.closing.preview.pages() > 0)
    preview = hand.closing.preview
    assert preview._pictures[0].width() == preview.page_width(), "drawn when the page had its place"
    for width in (640, 900, 1366):
        hand.window.resize(width, 768)
        QApplication.processEvents()
        page = hand.closing
        parts = [each for each in page.bar.findChildren(QWidget) if each.isVisible()]
        buttons = [each for each in parts if isinstance(each, Button)]
        labels = [each for each in parts if isinstance(each, Label) and each.text()]
        assert "Zofia Sample-Przykladowa" in [each.text() for each in labels], width
        assert [each.text() for each in (*buttons, *labels) if each.width() < each.minimumSizeHint().width()] == []
        boxes = [QRect(each.mapTo(page.bar, QPoint()), each.size()) for each in (*buttons, *labels)]
        assert not any(one.intersects(other) for one, other in combinations(boxes, 2)), width
    hand.press("Psychotherapy notes, private")


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
        rewrite(hand, section, f"Words on {section}.")
    hand.write("Who takes the patient home", "their sister")
    hand.press("Patient has left")
    hand.settle()
    assert {fact.section: fact.text for fact in hand.facts(SummaryWritten)} == {
        section: f"Words on {section}." for section in SECTIONS
    }
    assert hand.facts(PatientLeft) == [PatientLeft("their sister")]
    assert "☐ Countersigns: a prescriber or medical staff" in words_on(hand)
    hand.press("Sign and lock")
    assert "nothing in this session can be changed any more" in words_on(hand)
    assert "Nobody else here may and has a password." in words_on(hand)
    hand.press("Not yet")
    hand.sign()
    hand.until(lambda: hand.room.session.signed)
    hand.write("Addendum", "Called the day after: well.")
    hand.sign(button="Add the addendum", then="Sign what is added")
    hand.until(lambda: "Version 2, signed by one" in words_on(hand))
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
    hand.until(lambda: sum(name.startswith("The page of Sample Patient") for name in hand.buttons(page)) == 2)
    hand.write(LINE, "bee")
    hand.until(lambda: sum("The page of" in name for name in hand.buttons(page)) == 1)
    assert [name for name in hand.buttons(page) if "Sample" in name and "Bee" not in name] == []
    hand.press("Look for nothing: show all sessions")
    hand.until(lambda: sum(name.startswith("The page of Sample Patient") for name in hand.buttons(page)) == 2)
    hand.press(next(name for name in hand.buttons(page) if "to be signed" in name))
    hand.until(lambda: hand.closing.preview.pages() > 0)
    assert hand.room.patient.name == "Sample Patient A"
    assert "Sign and lock" in hand.buttons()


def test_nothing_is_signed_while_a_part_of_the_summary_is_not_on_its_way(hand: Hand) -> None:
    hand.begin()
    close(hand)
    hand.room.by = Actor("", "")
    hand.write("Plan", "Rest.")
    hand.sign()
    hand.until(lambda: "Nothing was signed." in words_on(hand))
    assert "Nobody is chosen under “By”" in words_on(hand)
    assert "Nothing was signed." in words_on(hand)
    assert not hand.room.session.signed
    hand.seat.write_as(hand.day.desk.here[0])
    hand.press("Not yet")
    hand.sign()
    hand.until(lambda: hand.room.session.signed)
    assert [fact.text for fact in hand.facts(SummaryWritten) if fact.section == "plan"] == ["Rest."]


def test_a_section_left_twice_is_recorded_once(hand: Hand) -> None:
    hand.begin()
    hand.press("Close session")
    hand.write("Plan", "Rest.")
    hand.closing.summary.finish()
    hand.closing.summary.finish()
    hand.settle()
    assert [fact.text for fact in hand.facts(SummaryWritten)] == ["Rest."]


def test_the_note_is_made_anew_after_each_change(hand: Hand) -> None:
    hand.begin()
    close(hand)
    closing = hand.seat._closing
    assert closing is not None
    hand.until(lambda: closing._pdf)
    before = closing._pdf
    hand.write("Plan", "Integration on Thursday.")
    hand.closing.summary.finish()
    hand.settle()
    assert closing._pdf is None
    hand.until(lambda: closing._pdf)
    assert closing._pdf != before


def test_with_whom_the_patient_left_is_said_and_never_guessed(hand: Hand) -> None:
    hand.begin()
    close(hand)
    hand.press("Patient has left")
    assert "With whom?" in words_on(hand)
    assert hand.facts(PatientLeft) == []
    hand.press("Patient has left alone")
    hand.settle()
    assert hand.facts(PatientLeft) == [PatientLeft("")]


def test_a_session_that_is_over_lets_go_of_the_music(hand: Hand) -> None:
    hand.begin()
    first = hand.room
    assert hand.day.desk.music.owner is first
    close(hand)
    assert hand.day.desk.music.owner is None
    hand.open_session("Sample Patient B", "1981-02-02", "3")
    assert hand.day.desk.music.owner is hand.room


def test_until_it_is_signed_an_ended_session_can_be_corrected_and_its_end_struck(hand: Hand) -> None:
    hand.begin()
    hand.pass_(60)
    close(hand)
    hand.press("Back to the session")
    dose = next(row for row in hand.page.notes.list.rows() if row.code == "Dose")
    hand.page.notes.opened.emit(dose.id)
    hand.page.notes.amend._dose.mg.setText("45")
    hand.write("Reason", "read from the syringe")
    hand.press("Correct")
    hand.settle()
    assert [fact.dose_ug for fact in hand.facts(DoseGiven)] == [45_000]
    hand.note("Slept a little.")
    end = next(row for row in hand.page.notes.list.rows() if row.code == "End")
    hand.page.notes.strike_asked.emit(end.id)
    hand.write("Reason", "the wrong button")
    hand.press("Strike out")
    hand.settle()
    assert hand.room.session.live
    assert "Close session" in hand.buttons()


def test_filling_one_mark_leaves_the_half_typed_words_of_the_others(hand: Hand) -> None:
    hand.begin()
    hand.key("m")
    hand.pass_(2)
    hand.key("m")
    hand.settle()
    hand.press("Close session")
    hand.write("Words for the mark at 0:02", "half a se")
    hand.write("Words for the mark at 0:00", "The first.")
    hand.press("Fill in the mark at 0:00")
    hand.settle()
    (line,) = [edit for edit in hand.closing.marks.findChildren(QLineEdit) if edit.isVisible()]
    assert (line.accessibleName(), line.text()) == ("Words for the mark at 0:02", "half a se")


def test_an_old_draft_does_not_come_back_over_what_was_recorded_since(hand: Hand) -> None:
    hand.begin()
    close(hand)
    hand.write("Plan", "Rest.")
    hand.seat.editors.keep()
    hand.until(lambda: hand.day.desk.clinic.drafts.all())
    hand.closing.summary.finish()
    hand.settle()
    hand.until(lambda: not hand.day.desk.clinic.drafts.all())
    hand.press("Done with this session")
    hand.press("Records", hand.window.furnish())
    hand.until(lambda: any("to be signed" in name for name in hand.buttons()))
    hand.press(next(name for name in hand.buttons() if "to be signed" in name))
    assert hand.closing.summary._edits["plan"].toPlainText() == "Rest."
    hand.closing.summary.finish()
    hand.settle()
    assert [fact.text for fact in hand.facts(SummaryWritten)] == ["Rest."]


def test_the_list_of_records_is_not_for_everyone(hand: Hand) -> None:
    hand.begin()
    hand.day.desk.typing = hand.staff("Sample Administrator Two", "administrator")
    hand.press("Records")
    hand.settle()
    assert "may not open the records here" in "\n".join(label.text() for label in hand.day.records.findChildren(QLabel))
    assert not any("Sample Patient" in name for name in hand.buttons(hand.day.records))
    hand.day.desk.typing = hand.staff("Sample Clerk", "records")
    hand.press("Records")
    hand.until(lambda: any("Sample Patient" in name for name in hand.buttons(hand.day.records)))


def section(hand: Hand, name: Section) -> str:
    return hand.closing.summary._edits[name].toPlainText()


def test_a_section_nobody_wrote_holds_a_draft_that_goes_with_the_record(hand: Hand) -> None:
    hand.begin()
    close(hand)
    assert "mg" in section(hand, "how it went")
    assert "How it went  ·  drafted from the record, not edited" in words_on(hand)
    assert hand.facts(SummaryWritten) == []
    hand.write("Who takes the patient home", "their sister")
    hand.press("Patient has left")
    hand.settle()
    assert section(hand, "condition at leaving").endswith("with their sister.")
    hand.press("Keep the drafted sentences")
    hand.settle()
    kept = {fact.section: fact for fact in hand.facts(SummaryWritten)}
    assert all(fact.drafted for fact in kept.values())
    assert kept["how it went"].text == section(hand, "how it went")
    assert "Keep the drafted sentences" not in hand.buttons()
    assert "drafted from the record, not edited  ·  saved" in words_on(hand)


def test_a_draft_that_was_edited_is_the_therapists_and_stays(hand: Hand) -> None:
    hand.begin()
    close(hand)
    first = section(hand, "how it went").splitlines()[0]
    hand.closing.summary._edits["how it went"].setPlainText(f"{first}\nShe wept.")
    hand.closing.summary.finish()
    hand.settle()
    hand.write("Who takes the patient home", "their sister")
    hand.press("Patient has left")
    hand.settle()
    assert section(hand, "how it went") == f"{first}\nShe wept."
    (fact,) = hand.facts(SummaryWritten)
    assert (fact.text, fact.drafted) == (f"{first}\nShe wept.", False)


def test_a_draft_that_was_taken_out_does_not_come_back(hand: Hand) -> None:
    hand.begin()
    close(hand)
    rewrite(hand, "how it went", "")
    hand.closing.summary.finish()
    hand.settle()
    assert section(hand, "how it went") == ""
    assert [(fact.section, fact.text, fact.drafted) for fact in hand.facts(SummaryWritten)] == [
        ("how it went", "", False)
    ]


def test_what_is_signed_is_seen_first_drafts_are_on_record_before_the_question_is_answered(hand: Hand) -> None:
    hand.begin()
    close(hand)
    hand.press("Sign and lock")
    hand.settle()
    assert {fact.section for fact in hand.facts(SummaryWritten) if fact.drafted} >= {"how it went"}
    assert not hand.room.session.signed
    hand.press("Not yet")
    hand.sign()
    hand.until(lambda: hand.room.session.signed)
    texts = [fact.text for fact in hand.facts(SummaryWritten)]
    assert len(texts) == len(set(texts))


def test_the_observation_summary_of_nasal_esketamine_is_due_saved_and_told_as_sent(hand: Hand, tmp_path: Path) -> None:
    hand.begin()
    hand.room.record(DoseGiven("esketamine", 28_000, "nasal", "device 1 of 1", lot="E77"))
    hand.settle()
    close(hand)
    assert "Observation summary due" in words_on(hand)
    assert "Missing: " in words_on(hand)
    assert "Lot: E77" in words_on(hand)
    hand.closing.summary.finish()
    hand.seat._closing.save_observed(tmp_path / "summary.pdf")  # type: ignore[union-attr]
    hand.until(lambda: f"Saved: {tmp_path / 'summary.pdf'}" in words_on(hand))
    assert (tmp_path / "summary.pdf").read_bytes().startswith(b"%PDF")
    hand.press("The observation summary was sent")
    assert "How it was sent is missing" in words_on(hand)
    hand.write("How the observation summary was sent", "fax")
    hand.press("The observation summary was sent")
    hand.settle()
    hand.until(lambda: "Observation summary sent: fax." in words_on(hand))
    assert "The observation summary was sent" not in hand.buttons()


def test_without_nasal_esketamine_nothing_asks_for_a_summary(hand: Hand) -> None:
    hand.begin()
    close(hand)
    assert "Observation summary" not in words_on(hand)
