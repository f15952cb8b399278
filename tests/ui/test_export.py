"""Exporting through the window: what is found, or a period, to a key or a passphrase; stopped, refused, on record."""

import io
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest
from PySide6.QtWidgets import QWidget

from kapdesk.clinic import export
from kapdesk.exchange.sealing import Sealing
from kapdesk.facts.filing import Exported
from kapdesk.facts.session import Ended
from tests.ui.hand import Hand, words_on
from ui.widgets.choice import Choice

KEY = pyrage.x25519.Identity.generate()


@pytest.fixture
def hand(hand: Hand, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Hand:
    """A visit that is over, on the records' page; whoever is asked where it goes says a file of the test's own."""

    def where(parent: QWidget, title: str, name: str, suffix: str, then: Callable[[Path], None]) -> None:
        assert title == "Export 1 session"
        then(tmp_path / f"{name}.{suffix}")

    monkeypatch.setattr("ui.records.exporting.ask_where", where)
    hand.begin()
    hand.room.record(Ended("completed"))
    hand.settle()
    hand.day._finish(hand.seat)
    hand.day._open_records()
    hand.until(lambda: "1 session" in words_on(hand))
    return hand


def choose(hand: Hand, name: str, text: str) -> None:
    (choice,) = [each for each in hand.window.findChildren(Choice) if each.accessibleName() == name]
    choice.setCurrentText(text)
    choice.activated.emit(choice.currentIndex())


def facts(hand: Hand) -> list[Exported]:
    return [each.fact for each in hand.day.desk.clinic.state.history.standing(Exported)]


def typed(hand: Hand, to: str = "City Hospital") -> None:
    hand.press("Export sessions")
    hand.write("To whom it goes", to)
    hand.write("The recipient’s key (age1…)", str(KEY.to_public()))


def test_what_is_found_goes_to_the_recipients_key_and_is_on_record(hand: Hand, tmp_path: Path) -> None:
    typed(hand)
    hand.press("Export these sessions")
    hand.until(lambda: "Exported: " in words_on(hand))
    (archive,) = tmp_path.glob("*.zip.age")
    assert archive.name == "kapdesk-export-2026-03-02.zip.age"
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(archive.read_bytes(), [KEY]))) as opened:
        assert sum(name.endswith("note DRAFT.pdf") for name in opened.namelist()) == 1
    (fact,) = facts(hand)
    assert (fact.to, fact.opens_with) == ("City Hospital", "key")
    assert list(tmp_path.glob("*.new")) == []


def test_a_period_is_chosen_by_its_days(hand: Hand) -> None:
    typed(hand)
    choose(hand, "Which sessions", "All of these days")
    hand.write("First day, YYYY-MM-DD", "2 March")
    hand.press("Export these sessions")
    assert "That is no day." in words_on(hand)
    hand.day.records.export._since.clear()
    hand.write("First day, YYYY-MM-DD", "2026-03-02")
    hand.write("Last day, YYYY-MM-DD", "2026-03-02")
    hand.press("Export these sessions")
    hand.until(lambda: facts(hand))
    assert (facts(hand)[0].since, facts(hand)[0].until) == ("2026-03-02", "2026-03-02")
    hand.until(lambda: "Exported: " in words_on(hand))


def test_nothing_is_exported_that_is_not_whole_in_words_or_by_whoever_may_not(hand: Hand) -> None:
    typed(hand, to="")
    hand.press("Export these sessions")
    hand.until(lambda: "To whom it goes is missing" in words_on(hand))
    choose(hand, "What opens it", "Opens with a passphrase")
    hand.write("Passphrase of the archive", "six slow ferries")
    hand.write("The passphrase again", "six slow fairies")
    hand.press("Export these sessions")
    assert "The two passphrases differ" in words_on(hand)
    assert facts(hand) == []
    hand.press("Back")
    hand.day._open_records()
    assert hand.day.records.export._passphrase.text() == ""
    assert not hand.day.records.export.isVisible()
    hand.day.desk.by_pin = True
    hand.press("Export sessions")
    assert "A PIN (or emergency access) is not enough" in words_on(hand)
    hand.day.desk.by_pin = False
    hand.day.desk.typing = hand.staff("Sample Administrator Two", "administrator")
    hand.press("Export sessions")
    assert "may not export records" in words_on(hand)
    assert not hand.day.records.export.isVisible()


def test_it_is_stopped_by_a_press_and_nothing_is_kept(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, stopped = list[Sealing](), threading.Event()
    write = export.write

    def slow(clinic: object, wanted: object, who: str, path: Path, sealing: Sealing, told: object) -> object:
        began.append(sealing)
        assert stopped.wait(20)
        return write(clinic, wanted, who, path, sealing, told)  # type: ignore[arg-type]

    monkeypatch.setattr(export, "write", slow)
    typed(hand)
    hand.press("Export these sessions")
    hand.until(lambda: began)
    hand.press("Stop the export")
    stopped.set()
    assert "The export was stopped." in words_on(hand)
    assert "Export these sessions" in hand.buttons()
    hand.settle()
    hand.until(lambda: not list(tmp_path.glob("*.age*")))
    assert facts(hand) == []
