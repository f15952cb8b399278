"""What is seen in the room, through the window: the clinic's own codes, states that last, psychotherapy, quotes."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit

from kapdesk.clinical.codes import DEFAULTS
from kapdesk.facts.care import (
    AdverseEventNoted,
    PsychotherapyBegan,
    PsychotherapyOver,
    StateBegan,
    StateOver,
    TimerSet,
)
from kapdesk.facts.clinic import Code, CodesSet, CodeWords, CodeWordsSet
from kapdesk.facts.session import Ended, Marked, NoteTaken
from kapdesk.session import lasting
from tests.ui.hand import Hand
from ui.clinic.page import ClinicPage
from ui.widgets.choice import Choice

KEY = Qt.Key


def said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def on(hand: Hand) -> str:
    bar = hand.page.bar
    return bar._on.text() if bar._on.isVisible() else ""


def codes_page(hand: Hand) -> ClinicPage:
    hand.day.desk.typing = hand.day.desk.clinic.ring.first
    hand.day.desk.changed.emit()
    hand.day.go_home()
    hand.press("The clinic")
    return hand.on(ClinicPage)


def word(hand: Hand, key: int) -> QLineEdit:
    (edit,) = [
        e for e in hand.window.findChildren(QLineEdit) if e.accessibleName() == f"Word on key {key}" and e.isVisible()
    ]
    return edit


def set_codes(hand: Hand, *codes: Code) -> None:
    clinic = hand.day.desk.clinic
    clinic.recorder.record(CodesSet(codes), hand.day.desk.actor)
    hand.settle()


def test_a_code_that_lasts_is_begun_and_ended_by_its_key(hand: Hand) -> None:
    hand.begin()
    hand.key("5")
    hand.settle()
    assert hand.facts(StateBegan) == [StateBegan("Eyes", "closed")]
    assert "Eyes, on" in [name.split(" (key")[0] for name in hand.buttons()]
    hand.pass_(12)
    assert on(hand) == "Eyes closed 12 min"
    hand.key("5")
    hand.settle()
    assert len(hand.facts(StateOver)) == 1
    assert on(hand) == ""
    assert ("Eyes", "closed: over, after 12 min", "saved") in hand.rows()
    assert hand.facts(NoteTaken) == []


def test_a_key_struck_twice_by_accident_begins_once(hand: Hand) -> None:
    hand.begin()
    hand.key("5", "5")
    hand.computer.pass_(0.39)
    hand.key("5")
    hand.settle()
    assert (len(hand.facts(StateBegan)), len(hand.facts(StateOver))) == (1, 0)
    hand.computer.pass_(0.41)
    hand.key("5")
    hand.settle()
    assert len(hand.facts(StateOver)) == 1


def test_the_button_does_what_the_key_does_and_undo_takes_it_back(hand: Hand) -> None:
    page = hand.begin()
    hand.press("Eyes")
    hand.settle()
    hand.pass_(0.1)
    assert on(hand) == "Eyes closed 6 s"
    page.setFocus()
    QTest.keyClick(page, KEY.Key_Z, Qt.KeyboardModifier.ControlModifier)
    hand.settle()
    assert on(hand) == ""
    assert hand.facts(StateBegan) == []


def test_words_typed_beside_it_say_in_which_way_it_lasts_and_while_it_is_on_they_are_a_note(hand: Hand) -> None:
    hand.begin()
    for words in ("half open", "a tear on the left"):
        hand.key(KEY.Key_N, words)
        hand.press("Eyes") if words == "half open" else hand.press("Eyes, on")
        hand.press("Add the note")
        hand.key(KEY.Key_Escape)
        hand.settle()
        hand.pass_(1)
    assert hand.facts(StateBegan) == [StateBegan("Eyes", "half open")]
    assert hand.facts(NoteTaken) == [NoteTaken("a tear on the left", "Eyes")]
    assert on(hand) == "Eyes half open 2 min"


def test_what_is_on_is_in_sight_beside_a_video_call_and_in_the_medical_layout(hand: Hand) -> None:
    hand.begin()
    hand.key("5")
    hand.settle()
    hand.pass_(3)
    hand.key(KEY.Key_F2)
    assert on(hand) == "Eyes closed 3 min"
    hand.window.resize(640, 768)
    hand.pass_(1)
    assert on(hand) == "Eyes closed 4 min"


def test_an_ended_session_is_read_until_its_end_and_no_fact_is_made_up(hand: Hand) -> None:
    hand.begin()
    hand.key("5")
    hand.settle()
    hand.pass_(10)
    hand.room.record(Ended("left against advice", "wanted to go home"))
    hand.settle()
    assert hand.facts(StateOver) == []
    (state,) = lasting.states(hand.room.session)
    assert state.end_us(hand.room.session, hand.room.now_us()) == hand.room.session.ended_us


def test_psychotherapy_has_its_start_its_stop_and_its_modality(hand: Hand) -> None:
    hand.begin()
    hand.key(KEY.Key_P)
    hand.pass_(0.5)
    hand.press("parts work")
    hand.settle()
    (began,) = hand.room.session.history.standing(PsychotherapyBegan)
    assert began.fact.modality == "parts work"
    assert began.entered_at_us - began.at_us == 30_000_000, "it began with the first press, not with the choice"
    hand.pass_(35)
    assert on(hand) == "Psychotherapy, parts work 35 min"
    hand.press("End psychotherapy")
    hand.settle()
    assert len(hand.facts(PsychotherapyOver)) == 1
    assert ("Psychotherapy", "parts work: over, after 35 min", "saved") in hand.rows()


def test_a_wrong_modality_and_the_words_of_a_state_are_corrected_in_place(hand: Hand) -> None:
    page = hand.begin()
    hand.key("5", KEY.Key_P)
    hand.press("EMDR")
    hand.settle()
    for row, truth in (("Psychotherapy", "somatic"), ("Eyes", "half open")):
        page.notes.list.opened.emit(next(each.id for each in page.notes.list.rows() if each.code == row))
        page.notes.amend._text.setPlainText(truth)
        hand.write("Reason", "a slip of the hand")
        hand.press("Correct")
        hand.settle()
    assert hand.facts(PsychotherapyBegan) == [PsychotherapyBegan("somatic")]
    assert hand.facts(StateBegan) == [StateBegan("Eyes", "half open")]
    hand.pass_(0.1)
    assert on(hand) == "Eyes half open 6 s · Psychotherapy, somatic 6 s"
    page.notes.list.opened.emit(next(each.id for each in page.notes.list.rows() if each.code == "Psychotherapy"))
    page.notes.amend._text.clear()
    hand.write("Reason", "none of it")
    hand.press("Correct")
    assert "It would say nothing" in said(hand)


def test_what_is_asked_beside_a_video_call_leaves_the_clock_whole(hand: Hand) -> None:
    page = hand.begin()
    hand.window.resize(640, 768)
    hand.key("5")
    hand.pass_(0.1)
    hand.key(KEY.Key_P)
    hand.pass_(0.1)
    clock = page.now.clock
    assert clock.height() >= clock.minimumHeight()
    assert page.now.height() >= clock.height()
    hand.press("supportive")
    hand.pass_(0.1)
    assert [tab.isVisible() for tab in page.columns.tabs.buttons()] == [True] * 4


def test_another_modality_can_be_typed_and_one_must_be_said(hand: Hand) -> None:
    hand.begin()
    hand.press("Psychotherapy …")
    hand.press("Record these words")
    assert "The modality is missing" in said(hand)
    hand.write("Psychotherapy begins: which modality", "sand tray")
    hand.key(KEY.Key_Return)
    hand.settle()
    assert hand.facts(PsychotherapyBegan) == [PsychotherapyBegan("sand tray")]


def test_an_intervention_stands_at_its_press_and_is_named_in_place(hand: Hand) -> None:
    hand.begin()
    hand.key("8")
    hand.settle()
    assert hand.facts(NoteTaken) == [NoteTaken("", "Intervention")]
    at_us = hand.room.session.history.standing(NoteTaken)[0].at_us
    hand.pass_(0.5)
    hand.press("Hand held")
    hand.settle()
    (noted,) = hand.room.session.history.standing(NoteTaken)
    assert (noted.fact, noted.at_us) == (NoteTaken("Hand held", "Intervention"), at_us)
    assert [row.was for row in hand.page.notes.list.rows() if row.text == "Hand held"] == [""]


def test_an_intervention_nobody_names_stays_as_it_was_pressed(hand: Hand) -> None:
    hand.begin()
    hand.key("8", KEY.Key_Escape)
    hand.settle()
    assert hand.page.reason.isHidden()
    assert hand.facts(NoteTaken) == [NoteTaken("", "Intervention")]
    hand.key("1")
    hand.settle()
    assert hand.facts(NoteTaken)[-1] == NoteTaken("", "Tears")


@pytest.mark.parametrize("typed", ['"It is all right"', "“It is all right”", '"It is all right', "«It is all right»"])
def test_a_leading_quotation_mark_makes_it_the_patients_words(hand: Hand, typed: str) -> None:
    hand.begin()
    hand.key(KEY.Key_N)
    hand.page.notes.edit.insertPlainText(typed)
    assert hand.page.notes._words.isChecked()
    hand.key(KEY.Key_Return)
    hand.settle()
    assert hand.facts(NoteTaken) == [NoteTaken("It is all right", "", patients_words=True)]
    assert ("", "“It is all right”", "saved") in hand.rows()


def test_a_quotation_inside_a_note_stays_one(hand: Hand) -> None:
    hand.begin()
    hand.note('said "not yet" twice')
    assert hand.facts(NoteTaken) == [NoteTaken('said "not yet" twice')]


def test_three_marks_are_to_be_filled_in_at_the_close(hand: Hand) -> None:
    hand.begin()
    for _ in range(3):
        hand.key("m")
        hand.pass_(1)
    hand.day.go_to(hand.seat, "close")
    assert "3 marks to fill in" in said(hand)
    edit = next(e for e in hand.window.findChildren(QLineEdit) if e.accessibleName().startswith("Words for the mark"))
    edit.setText("a long breath out")
    hand.press(next(name for name in hand.buttons() if name.startswith("Fill in the mark")))
    hand.settle()
    assert "2 marks to fill in" in said(hand)
    assert len(hand.facts(Marked)) == 2


def test_the_common_timers_are_one_press(hand: Hand) -> None:
    hand.begin()
    hand.press("Timer …")
    hand.press("Lozenge out, 12 min")
    hand.settle()
    assert hand.facts(TimerSet) == [TimerSet("Lozenge out", 12 * 60_000)]
    assert hand.page.reason.isHidden()


def test_a_running_session_takes_up_the_clinics_codes_and_an_old_note_stays_readable(hand: Hand) -> None:
    hand.begin()
    hand.key("7")
    hand.pass_(0.1)
    set_codes(hand, Code("Voice", lasts=True), Code("Shaking", unwanted=True))
    hand.pass_(0.1)
    assert hand.buttons(hand.page.notes.codes) == ["Voice (key 1)", "Shaking (key 2)"]
    assert ("Distress", "", "saved") in hand.rows()
    hand.press("Mild")  # the distress of before is still asked about
    hand.key("2")
    hand.settle()
    hand.until(lambda: "Shaking: how bad?" in said(hand))
    hand.press("Moderate")
    hand.settle()
    assert hand.facts(AdverseEventNoted) == [
        AdverseEventNoted("Distress", "mild"),
        AdverseEventNoted("Shaking", "moderate"),
    ]
    hand.key("1")
    hand.settle()
    assert hand.facts(StateBegan) == [StateBegan("Voice")]
    hand.key("8")
    hand.settle()
    assert len(hand.facts(NoteTaken)) == 2, "there is no key 8 any more"


def test_a_state_whose_code_is_gone_or_happens_now_is_still_in_sight_and_can_be_ended(hand: Hand) -> None:
    hand.begin()
    hand.key("5")
    hand.settle()
    set_codes(hand, Code("Eyes"))
    hand.pass_(1)
    assert on(hand) == "Eyes closed 1 min"
    hand.key("1")
    hand.settle()
    assert on(hand) == ""
    assert hand.facts(NoteTaken) == []


def test_the_codes_are_set_on_the_clinics_page(hand: Hand) -> None:
    page = codes_page(hand)
    word(hand, 5).setText("Voice")
    hand.press("Move the code on key 5 up")
    assert word(hand, 4).text() == "Voice"
    hand.press("Take out the code on key 1")
    hand.press("Add a code")
    hand.press("Keep these codes")
    assert "A code has no word" in said(hand)
    assert hand.day.desk.clinic.state.codes == DEFAULTS
    hand.write("Word on key 8", "Shaking")
    (bad,) = [c for c in page.findChildren(QCheckBox) if "key 8" in c.accessibleName() and c.isVisible()]
    bad.click()
    (lasts,) = [c for c in page.findChildren(Choice) if "key 8" in c.accessibleName() and c.isVisible()]
    lasts.setCurrentIndex(1)
    hand.press("Keep these codes")
    hand.settle()
    assert "These are the clinic’s codes from now on." in said(hand)
    codes = hand.day.desk.clinic.state.codes
    assert [code.word for code in codes] == [
        "Ease", "Movement", "Voice", "Breath", "Nausea", "Distress", "Intervention", "Shaking",
    ]  # fmt: skip
    assert codes[2].lasts
    assert codes[7] == Code("Shaking", lasts=True, unwanted=True)
    assert hand.day.desk.clinic.state.code_words == (
        CodeWords("Voice", "Voice begins", "Voice ends"),
        CodeWords("Shaking", "Shaking begins", "Shaking ends"),
    )
    hand.press("Back to the defaults; nothing is kept yet")
    assert page.codes.codes() == DEFAULTS
    assert hand.day.desk.clinic.state.codes == codes


def test_what_a_code_of_the_clinics_own_says_follows_its_word_until_someone_types_there(hand: Hand) -> None:
    page = codes_page(hand)
    word(hand, 1).setText("Voice")
    (lasts,) = [c for c in page.findChildren(Choice) if "key 1 " in c.accessibleName() and c.isVisible()]
    lasts.setCurrentIndex(1)
    begins, ends = (hand._editors(name, page)[0] for name in ("Where key 1 begins", "Where key 1 is over"))
    assert (begins.text(), ends.text()) == ("Voice begins", "Voice ends")
    ends.setText("silent again")
    word(hand, 1).setText("Humming")
    assert (begins.text(), ends.text()) == ("Humming begins", "silent again")
    hand.press("Keep these codes")
    hand.settle()
    assert hand.day.desk.clinic.state.code_words == (CodeWords("Humming", "Humming begins", "silent again"),)
    assert hand.day.desk.clinic.state.codes[0] == Code("Humming", lasts=True)
    assert hand.day.desk.clinic.state.codes[4] == DEFAULTS[4]


def test_the_list_says_it_in_the_clinics_words_of_then_and_what_stands_stays_as_it_was(hand: Hand) -> None:
    hand.begin()
    set_codes(hand, Code("Voice", lasts=True))
    for _ in range(2):
        hand.pass_(2)
        hand.key("1")
        hand.settle()
    before = hand.rows()
    assert ("Voice", "over, after 2 min", "saved") in before
    assert ("Voice", "from here on", "saved") in before
    said_now = CodeWordsSet((CodeWords("Voice", "Voice begins", "silent again"),))
    hand.day.desk.clinic.recorder.record(said_now, hand.day.desk.actor)
    hand.settle()
    hand.pass_(0.1)
    assert hand.rows() == before
    for _ in range(2):
        hand.key("1")
        hand.settle()
        hand.pass_(3)
    assert {("Voice", "Voice begins", "saved"), ("Voice", "silent again, after 3 min", "saved")} <= set(hand.rows())
    assert hand.facts(StateBegan) == [StateBegan("Voice"), StateBegan("Voice")]


def test_codes_are_for_whoever_runs_the_clinic(hand: Hand) -> None:
    page = codes_page(hand)
    hand.day.desk.typing = hand.staff("Sample Prescriber", "prescriber")
    hand.press("Keep these codes", page)
    hand.settle()
    assert page.codes._refusal.text()
    assert not any(isinstance(h.fact, CodesSet) for h in hand.day.desk.clinic.state.history)


def test_the_note_is_laid_out_on_the_clinics_page(hand: Hand) -> None:
    page = codes_page(hand)
    hand.press("Move “Plan” up", page)
    (shown,) = [
        c
        for c in page.template.findChildren(QCheckBox)
        if c.accessibleName() == "“Indication” is shown" and c.isVisible()
    ]
    shown.click()
    hand.press("Keep this note")
    hand.settle()
    assert "laid out so from now on" in said(hand)
    parts = hand.day.desk.clinic.state.template
    assert [part.part for part in parts][6:8] == ["plan", "condition at leaving"]
    assert parts[8].part == "course"
    assert not parts[0].shown
    (given,) = [
        c for c in page.template.findChildren(QCheckBox) if "“What was given”" in c.accessibleName() and c.isVisible()
    ]
    assert not given.isEnabled()
