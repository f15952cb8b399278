"""Printing the note that is shown, opened from the records: on the printer, or else in the viewer; no file stays."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices

from kapdesk import paths
from kapdesk.facts.clinic import NoteTakenOut
from kapdesk.facts.papers import PaperKept
from kapdesk.facts.people import Actor
from kapdesk.facts.session import Ended
from tests.ui.hand import Hand, words_on
from tests.ui.test_sheets import printer
from ui import printing
from ui.close.page import ClosePage
from ui.records.row import RecordLine


def open_from_records(hand: Hand) -> None:
    hand.day._open_records()
    hand.until(lambda: [each for each in hand.window.findChildren(RecordLine) if each.isVisible()])
    (line,) = [each for each in hand.window.findChildren(RecordLine) if each.isVisible()]
    line.click()
    hand.until(lambda: isinstance(hand.window.page(), ClosePage) and hand.closing.preview.pages())


@pytest.fixture
def hand(hand: Hand) -> Hand:
    """A visit that is over, and put away."""
    hand.begin()
    hand.room.record(Ended("completed"))
    hand.settle()
    hand.day._finish(hand.seat)
    return hand


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Path]]:
    """What the system's viewer was asked to show."""
    asked: list[Path] = []

    def show(url: QUrl) -> bool:
        asked.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", show)
    yield asked
    for path in asked:
        path.unlink(missing_ok=True)


def test_the_draft_and_then_the_signed_paper_are_printed_as_they_are(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    printer(monkeypatch, tmp_path, f'#!/bin/sh\necho "$@" > "{tmp_path}/said"\ncat > "{tmp_path}/printed.pdf"\n')
    open_from_records(hand)
    hand.press("Print the note")
    hand.until(lambda: "Sent to the printer." in words_on(hand))
    draft = (tmp_path / "printed.pdf").read_bytes()
    assert draft.startswith(b"%PDF-")
    assert (tmp_path / "said").read_text().strip() == "-t KapDesk -", "nobody's name in the printer's queue"
    assert len(hand.day.desk.clinic.state.history.standing(NoteTakenOut)) == 1
    desk, room = hand.day.desk, hand.room
    room.by = Actor(desk.by, desk.by)
    room.record(desk.clinic.signing(room))
    hand.settle()
    monkeypatch.setattr(desk.clinic.papers, "read", lambda sha256: draft + b"%")
    room.record(PaperKept(1, "ab" * 32))
    hand.settle()
    hand.day._finish(hand.seat)
    open_from_records(hand)
    hand.press("Print the note")
    hand.until(lambda: (tmp_path / "printed.pdf").read_bytes() != draft)
    hand.until(lambda: "Sent to the printer." in words_on(hand))
    assert (tmp_path / "printed.pdf").read_bytes() == draft + b"%", "the kept paper itself"


def test_where_no_printer_is_the_viewer_shows_it_from_a_file_that_does_not_stay(
    hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, shown: list[Path]
) -> None:
    open_from_records(hand)
    printer(monkeypatch, tmp_path, "#!/bin/sh\necho 'lp: Error - No default destination available.' >&2\nexit 1\n")
    hand.press("Print the note")
    hand.until(lambda: printing.SHOWN in words_on(hand))
    (path,) = shown
    assert path.parent == paths.runtime()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Sample" not in path.name
    assert path.read_bytes().startswith(b"%PDF-")
    monkeypatch.setattr(printing.shutil, "which", lambda _: None)
    hand.press("Print the note")
    hand.until(lambda: len(shown) == 2)
    assert not path.exists(), "the one before went"
    app = QCoreApplication.instance()
    assert app is not None
    app.aboutToQuit.emit()
    assert not shown[1].exists()
    assert list(paths.runtime().glob("print-*")) == []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: False)
    hand.press("Print the note")
    hand.until(lambda: printing.MISSING in words_on(hand))
    assert list(paths.runtime().glob("print-*")) == []
    hand.settle()
    taken = hand.day.desk.clinic.state.history.standing(NoteTakenOut)
    hand.day.desk.typing = hand.staff("Sample Administrator Two", "administrator")
    hand.press("Print the note")
    assert "may not print a note" in words_on(hand)
    assert hand.day.desk.clinic.state.history.standing(NoteTakenOut) == taken
