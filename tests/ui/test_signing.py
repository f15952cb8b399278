"""Signing at the desk: the password anew, a second person in place, additions that are marked as what they are."""

from pathlib import Path

import pytest

from kapdesk.clinic import papers
from kapdesk.facts.papers import Countersigned, PaperKept
from kapdesk.facts.session import AddendumWritten
from kapdesk.note.layout import lay_out
from kapdesk.note.signed import AGREED
from tests.note.sample import sample
from tests.ui.hand import WORDS, Hand, words_on


def ended(hand: Hand) -> None:
    hand.begin()
    hand.pass_(30)
    hand.press("Close session")
    hand.press("End: completed")
    hand.press("End the session")
    hand.until(lambda: hand.room.session.ended)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> list[papers.Owed]:
    """Papers that are made at once; only what is on the screen matters."""
    asked: list[papers.Owed] = []

    def made(clinic: object, session: object, wanted: papers.Owed, store: object, heard: object) -> bytes:
        asked.append(wanted)
        return b"%PDF-1.7 " + str(wanted).encode() + b" %%EOF"

    monkeypatch.setattr(papers, "_pressed", made)
    monkeypatch.setattr("kapdesk.clinic.close.signed_paper", lambda clinic, session: None)
    return asked


def kept(hand: Hand) -> list[PaperKept]:
    return hand.facts(PaperKept) + [h.fact for h in hand.room.session.history if isinstance(h.fact, PaperKept)]


def test_one_signs_and_another_countersigns_in_place_each_with_their_own_password(
    hand: Hand, quick: list[papers.Owed]
) -> None:
    ended(hand)
    assert "☐ Signs: the therapist, or who conducted it" in words_on(hand)
    hand.accounts.update(hand.day.desk.clinic.state.people)
    hand.press("Sign and lock")
    assert "By your password you say: “I conducted this session, and this note is complete.”" in words_on(hand)
    hand.press("Not yet")
    hand.sign("Sample Therapist")
    hand.until(lambda: hand.room.session.signed)
    assert "☑ Sample Therapist signed" in words_on(hand)
    assert "☐ Countersigns: a second person" in words_on(hand)
    hand.until(lambda: "Version 1, signed by one\n" in words_on(hand) + "\n")
    hand.press("Countersign")
    assert f"By your password you say: “{AGREED}”" in words_on(hand)
    choice = hand.closing.sign._proof._who
    assert [choice.itemText(n) for n in range(choice.count())] == ["Sample Nurse"], "nobody signs twice"
    hand.press("Not yet")
    hand.sign("Sample Nurse", "Countersign")
    hand.until(lambda: "Version 1, signed by both\n" in words_on(hand) + "\n")
    (fact,) = [h.fact for h in hand.room.session.history if isinstance(h.fact, Countersigned)]
    assert fact.meaning == AGREED
    assert "☑ Sample Nurse countersigned" in words_on(hand)
    assert "Countersign" not in hand.buttons()
    assert [(each.version, each.what) for each in quick] == [(1, "signed"), (1, "countersigned")]


def test_it_is_countersigned_later_from_the_records_without_anyone_else_coming_in(
    hand: Hand, quick: list[papers.Owed]
) -> None:
    ended(hand)
    hand.sign("Sample Therapist")
    hand.until(lambda: hand.room.session.signed)
    hand.until(lambda: papers.newest(hand.room.session))
    hand.press("Done with this session")
    typing = hand.day.desk.typing
    hand.press("Records", hand.window.furnish())
    hand.until(lambda: any("Signed by Sample Therapist" in name for name in hand.buttons()))
    hand.press(next(name for name in hand.buttons() if "Signed by Sample Therapist" in name))
    hand.until(lambda: "Countersign" in hand.buttons())
    hand.sign("Sample Nurse", "Countersign")
    hand.until(lambda: "Version 1, signed by both\n" in words_on(hand) + "\n")
    assert hand.day.desk.typing == typing


def test_a_wrong_password_signs_nothing_and_the_fourth_one_waits(hand: Hand, quick: list[papers.Owed]) -> None:
    ended(hand)
    hand.accounts.update(hand.day.desk.clinic.state.people)
    hand.press("Sign and lock")
    for _ in range(3):
        hand.write("Password", "not this one")
        hand.press("Sign and lock")
        hand.until(lambda: "do not belong together. Nothing was signed." in words_on(hand))
        seen = [hand.closing.sign._proof._refusal, hand.button("Sign and lock")]
        hand.until(lambda seen=seen: all(not each.visibleRegion().isEmpty() for each in seen))
    hand.write("Password", WORDS)
    hand.press("Sign and lock")
    assert "3 wrong passwords. Wait 2 s, then type it again" in words_on(hand)
    assert not hand.room.session.signed
    hand.pass_(1)
    hand.write("Password", WORDS)
    hand.press("Sign and lock")
    hand.until(lambda: hand.room.session.signed)


def test_a_late_entry_has_its_own_time_and_a_correction_its_line(hand: Hand, quick: list[papers.Owed]) -> None:
    ended(hand)
    hand.sign()
    hand.until(lambda: hand.room.session.signed)
    panel = hand.closing.sign
    panel._kind.setCurrentIndex(1)
    hand.write("Addendum", "Drank a glass of water.")
    hand.press("Add the addendum")
    assert "When it happened is missing" in words_on(hand)
    clock = hand.seat.seen().wall(hand.room.session.first_dose_us or 0)
    hand.write("When it happened, for example 12:40", clock)
    hand.sign(button="Add the addendum", then="Sign what is added")
    hand.until(lambda: len(added(hand)) == 1)
    (first,) = added(hand)
    assert (first.fact.kind, first.fact.text) == ("late entry", "Drank a glass of water.")
    assert hand.seat.seen().wall(first.at_us) == clock
    signed_at = hand.seat.seen().wall(first.entered_at_us)
    assert signed_at != clock
    hand.until(lambda: f"☑ Sample Therapist signed, 2026-03-02 {signed_at}" in words_on(hand))
    panel._kind.setCurrentIndex(2)
    line = next(n for n in range(panel._of.count()) if "50 mg" in panel._of.itemText(n))
    panel._of.setCurrentIndex(line)
    hand.write("Addendum", "It was the left arm.")
    hand.sign(button="Add the addendum", then="Sign what is added")
    hand.until(lambda: len(added(hand)) == 2)
    second = added(hand)[-1].fact
    corrected = hand.room.session.history.get(second.of)
    assert (second.kind, corrected.fact.dose_ug) == ("correction", 50_000)
    hand.until(lambda: "Version 1, signed by one, replaced by version 2" in words_on(hand))
    hand.until(lambda: "Version 3, signed by one\n" in words_on(hand))
    assert "Version 2, signed by one, replaced by version 3" in words_on(hand)


def added(hand: Hand) -> list[object]:
    return [h for h in hand.room.session.history if isinstance(h.fact, AddendumWritten)]


def test_what_is_shown_and_saved_once_it_is_signed_is_the_kept_paper(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = lay_out(sample("signed"))

    def made(clinic: object, session: object, wanted: papers.Owed, store: object, heard: object) -> bytes:
        return paper + f"%{wanted.version}\n%%EOF\n".encode()

    monkeypatch.setattr(papers, "_pressed", made)
    ended(hand)
    hand.sign()
    hand.until(lambda: [h for h in hand.room.session.history if isinstance(h.fact, PaperKept)])
    closing = hand.seat._closing
    assert closing is not None
    sha256 = papers.newest(hand.room.session)
    hand.until(lambda: closing._pdf == hand.day.desk.clinic.papers.read(sha256))
    hand.write("Addendum", "Called the day after: well.")
    hand.sign(button="Add the addendum", then="Sign what is added")
    hand.until(lambda: papers.newest(hand.room.session) != sha256)
    hand.until(lambda: closing._pdf == hand.day.desk.clinic.papers.read(papers.newest(hand.room.session)))
    hand.press("Version 1, signed by one, replaced by version 2")
    hand.until(lambda: closing._pdf == hand.day.desk.clinic.papers.read(sha256))
    hand.until(lambda: "Version 1, signed by one, replaced by version 2." in words_on(hand))
    closing.save(tmp_path / "note.pdf")
    assert (tmp_path / "note.pdf").read_bytes() == hand.day.desk.clinic.papers.read(sha256)
