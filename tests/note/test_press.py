"""The press is a process of its own: nothing in its arguments, nothing on the disk, and plain words when it fails."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kapdesk.errors import KnownError
from kapdesk.note import press as press_module
from kapdesk.note.layout import lay_out
from kapdesk.note.press import press
from tests.note.reading import poppler, unspaced
from tests.note.sample import sample, with_notes
from tests.sound import until


def test_the_press_gives_what_the_layout_gives() -> None:
    assert press(sample()) == lay_out(sample())


def test_a_note_of_100_kb_takes_seconds() -> None:
    begun = time.monotonic()
    pdf = press(with_notes("breathing slowly, eyes closed; " * 3300))
    assert time.monotonic() - begun < 20
    assert pdf.startswith(b"%PDF-")


def test_it_tells_how_far_it_is_and_what_went_wrong_is_not_taken_for_that(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[float] = []
    press(with_notes(*(f"seen number {n}" for n in range(300))), progress=heard.append)
    assert len(heard) >= 8
    assert heard == sorted(heard)
    assert 0.8 < heard[-1] <= 1
    code = "import sys; print('page 1 of 2', file=sys.stderr); sys.exit('page one of two is torn')"
    monkeypatch.setattr(press_module, "_CHILD", ("-c", code))
    with pytest.raises(KnownError) as failed:
        press(sample(), progress=heard.append)
    assert heard[-1] == 0.5
    assert str(failed.value.__cause__) == "page one of two is torn"


def test_odd_characters_survive_the_way_to_the_press() -> None:
    assert "a[U+D800]b[U+0000]c" in unspaced(poppler(press(with_notes("a\ud800b\x00c"))))


def test_nothing_of_the_note_is_in_the_arguments_or_on_the_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    seen: list[list[str]] = []
    real = subprocess.run

    def watched(arguments: list[str], **options: object) -> object:
        seen.append(arguments)
        return real(arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "run", watched)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    press(sample())
    assert seen == [[sys.executable, "-m", "kapdesk.note.press"]]
    assert not list(tmp_path.iterdir())


def test_it_does_not_matter_where_the_program_was_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "kapdesk.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path)
    assert press(sample()).startswith(b"%PDF-")


def test_a_press_that_fails_says_so_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press_module, "_CHILD", ("-c", "import sys; sys.exit('boom')"))
    with pytest.raises(KnownError, match=r"The note could not be made\. Your record is safe") as failed:
        press(sample())
    assert "boom" in str(failed.value.__cause__)


def test_half_a_paper_is_no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press_module, "_CHILD", ("-c", "print('%PDF-1.4 and then nothing')"))
    with pytest.raises(KnownError, match="could not be made"):
        press(sample())


def test_a_press_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        press_module, "_CHILD", ("-c", "import sys; sys.stdin.read(); import threading; threading.Event().wait()")
    )
    with pytest.raises(KnownError, match="within 1 seconds"):
        press(sample(), longest_s=1)


def test_a_press_that_cannot_start_is_told_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with pytest.raises(KnownError, match="would not start"):
        press(sample())


def test_the_child_is_free_of_the_screen_and_the_database() -> None:
    heavy = ("PySide6", "sqlalchemy", "vlc", "numpy")
    code = f"import sys, kapdesk.note.layout; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_parent_does_not_load_what_only_the_child_needs() -> None:
    code = "import sys, kapdesk.note.press; print('reportlab' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_paper_stands_behind_the_music_that_sounds() -> None:
    with subprocess.Popen([sys.executable, "-m", "kapdesk.note.press"], stdin=subprocess.PIPE) as child:
        until(lambda: os.getpriority(os.PRIO_PROCESS, child.pid) >= min(19, os.nice(0) + press_module.BEHIND))
        child.kill()
