"""Before a session each piece is heard once, and is green or says why not; all are played at one loudness."""

import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from kapdesk.errors import KnownError
from kapdesk.music.fades import gain_of
from kapdesk.music.library import copying, verdict
from kapdesk.music.library.check import Checked, Told, check, glance, overall
from kapdesk.music.library.gather import MISSING, gather
from kapdesk.music.library.library import Library
from kapdesk.music.library.measure import EMPTY, NO_SOUND, measure
from kapdesk.music.library.measured import Measured
from kapdesk.music.library.shelf import FILE
from kapdesk.music.library.worker import CRASHED, Cancelled, Worker
from tests.music.library.sounds import flac, noise, untouched, wav
from tests.music.library.test_worker import BAD_CHILD
from tests.sound import RATE, write


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    yield worker
    worker.close()


@pytest.fixture
def clinic(tmp_path: Path) -> Path:
    return tmp_path / "clinic"


@pytest.fixture
def music(tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    return folder


def checked(clinic: Path, worker: Worker, *paths: Path) -> tuple[Checked, ...]:
    return check(Library(clinic), gather(paths).pieces, worker)


def heard_at(library: Library, path: Path) -> float:
    """The loudness, LUFS, with which a session plays a piece."""
    ready = library.ready(path)
    assert not ready.why_not
    assert ready.gain_db <= 0
    lufs = measure(ready.path).lufs
    assert lufs is not None
    return lufs + ready.gain_db


def test_pieces_twenty_lu_apart_are_played_at_the_same_loudness(clinic: Path, music: Path, worker: Worker) -> None:
    pieces = [flac(music / f"{lufs}.flac", 25, lufs) for lufs in (-13, -18, -23, -33)]
    pieces.append(write(music / "varying.vbr.mp3", noise(25, -20)))
    before = [untouched(path) for path in pieces]
    found = checked(clinic, worker, *pieces)
    assert [each.verdict.state for each in found] == ["good"] * 5
    assert [each.verdict.by_copy for each in found] == [False, False, False, True, True]
    levels = [heard_at(Library(clinic), path) for path in pieces]
    assert levels == pytest.approx([-23] * 5, abs=0.2)
    assert [untouched(path) for path in pieces] == before


def test_the_clinic_may_say_another_target(clinic: Path, music: Path, worker: Worker) -> None:
    (clinic / "music").mkdir(parents=True)
    (clinic / "music" / "music.toml").write_text("target_lufs = -20.0\n")
    path = flac(music / "piece.flac", 25, -26)
    checked(clinic, worker, path)
    assert heard_at(Library(clinic), path) == pytest.approx(-20, abs=0.2)


def test_a_target_that_makes_no_sense_is_told_and_the_usual_one_holds(clinic: Path) -> None:
    (clinic / "music").mkdir(parents=True)
    (clinic / "music" / "music.toml").write_text("target_lufs = 3.0\n")
    library = Library(clinic)
    assert library.target_lufs == -23
    assert "music.toml" in library.trouble


def test_a_raised_piece_never_peaks_above_the_ceiling_and_says_that_it_stays_softer(
    clinic: Path, music: Path, worker: Worker
) -> None:
    sound = noise(25, -40)
    sound[RATE * 10 : RATE * 10 + 40] += np.sin(np.arange(40) / 40 * 2 * np.pi)[:, None] * 0.3
    path = write(music / "peaky.flac", np.asarray(sound, np.float32))
    (found,) = checked(clinic, worker, path)
    assert found.verdict.state == "look"
    assert "dB softer than the other pieces" in found.verdict.said
    played = measure(Library(clinic).ready(path).path)
    assert played.peak_dbtp == pytest.approx(verdict.CEILING_DBTP, abs=0.1)


def test_many_channels_and_192_khz_get_what_headphones_need(clinic: Path, music: Path, worker: Worker) -> None:
    eight = wav(music / "eight.wav", np.tile(noise(22, -20)[:, :1], (1, 8)), RATE)
    fine = wav(music / "fine.wav", np.repeat(noise(6, -20), 4, axis=0), 192_000)
    found = checked(clinic, worker, eight, fine)
    assert [each.verdict.by_copy for each in found] == [True, False]
    library = Library(clinic)
    assert heard_at(library, eight) == pytest.approx(-23, abs=0.2)
    assert heard_at(library, fine) == pytest.approx(-23, abs=0.2)


def test_every_bad_file_has_its_sentence_and_the_rest_is_good(clinic: Path, music: Path, worker: Worker) -> None:
    flac(music / "good.flac", 25)
    (music / "empty.mp3").touch()
    (music / "text.mp3").write_text("no music\n" * 100)
    cut = flac(music / "cut.flac", 25)
    cut.write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    (music / "round.mp3").symlink_to(music / "round.mp3")
    (music / os.fsdecode(b"caf\xe9.mp3")).touch()
    flac(music / "short.flac", 3)
    write(music / "still.flac", np.zeros((25 * RATE, 2), np.float32))
    (music / "list.m3u").write_text("gone.mp3\nhttps://example.org/a\ndir\n")
    (music / "dir").mkdir()
    said = {each.piece.said: each.verdict for each in checked(clinic, worker, music, music / "list.m3u")}
    assert said["good.flac"].state == "good"
    assert said["empty.mp3"].said == EMPTY
    assert said["text.mp3"].said == NO_SOUND
    assert said["cut.flac"].said.startswith("It breaks off at 0:12 of 0:25.")
    assert said["round.mp3"].said == "This is a link that leads back to itself."
    assert said["café.mp3"].said.startswith("Its name holds signs that are no text.")
    assert said["short.flac"].said.startswith("It lasts only 3 s")
    assert said["still.flac"].said == "It holds nothing but silence."
    assert said["gone.mp3"].said == MISSING
    assert said["https://example.org/a"].said.startswith("This is a streaming link")
    assert said["dir"].said == "This is a folder, not a piece of music."
    assert overall(each.state for each in said.values()) == "bad"


def test_a_file_that_may_not_be_read_says_so(music: Path) -> None:
    path = flac(music / "locked.flac", 2)
    path.chmod(0)
    was = os.geteuid()
    os.seteuid(65_534 if was == 0 else was)  # root may read everything
    try:
        with pytest.raises(KnownError, match="It may not be read"):
            measure(path)
    finally:
        os.seteuid(was)


def test_a_file_at_which_the_decoder_crashes_costs_only_itself(clinic: Path, music: Path) -> None:
    for name in ("a crash.flac", "b hang.flac"):
        flac(music / name, 1)
    worker = Worker(0.5, (sys.executable, "-c", BAD_CHILD))
    try:
        found = checked(clinic, worker, music)
    finally:
        worker.close()
    assert found[0].verdict.said == CRASHED
    assert "comes to no end" in found[1].verdict.said


def test_an_unchanged_file_is_not_heard_twice_and_a_changed_one_is(clinic: Path, music: Path, worker: Worker) -> None:
    path = flac(music / "piece.flac", 25, -20)
    checked(clinic, worker, path)
    nobody = Worker(command=("false",))
    (again,) = check(Library(clinic), gather([path]).pieces, nobody)
    assert again.verdict.state == "good"
    flac(path, 26, -18)
    (changed,) = checked(clinic, worker, path)
    assert changed.measured is not None
    assert changed.measured.length_ms == 26_000


def test_a_renamed_or_moved_file_is_found_and_played(clinic: Path, music: Path, worker: Worker) -> None:
    (music / "cd").mkdir()
    path = flac(music / "cd" / "piece.flac", 25, -20)
    listed = gather([path]).pieces
    check(Library(clinic), listed, worker)
    (music / "new").mkdir()
    path.rename(music / "new" / "called otherwise.flac")
    library = Library(clinic)
    assert library.ready(path).why_not == MISSING
    (found,) = check(library, gather([path]).pieces or listed, worker)
    assert found.verdict.state == "good"
    assert library.ready(path).path == music / "new" / "called otherwise.flac"


def test_a_copied_file_is_known_by_its_content(clinic: Path, music: Path, worker: Worker) -> None:
    path = flac(music / "piece.flac", 25, -20)
    (first,) = checked(clinic, worker, path)
    other = music / "elsewhere.flac"
    other.write_bytes(path.read_bytes())
    hours = msgspec.structs.replace(first.measured, title="Known already") if first.measured else None
    library = Library(clinic)
    library.shelf.put(path, path.stat(), hours)  # type: ignore[arg-type]
    (second,) = check(library, gather([other]).pieces, worker)
    assert second.title == "Known already"


def test_a_damaged_shelf_costs_the_damaged_lines_only(clinic: Path, music: Path, worker: Worker) -> None:
    one, two = flac(music / "one.flac", 22, seed=1), flac(music / "two.flac", 22, seed=2)
    checked(clinic, worker, one, two)
    file = clinic / "music" / FILE
    lines = file.read_bytes().splitlines()
    assert len(lines) == 2
    file.write_bytes(b"\xff\0\xfe" + lines[0][3:] + b'\n{"piece":{"digest":4}}\n[]\n' + lines[1] + b'\n{"place":{"pa')
    library = Library(clinic)
    assert (library.shelf.known(one), library.shelf.known(two)) == (None, measure(two))
    check(library, gather([one]).pieces, worker)
    assert Library(clinic).shelf.known(one) == measure(one)


def test_the_shelf_is_the_owners_alone_and_does_not_grow_without_end(clinic: Path, music: Path, worker: Worker) -> None:
    path = flac(music / "piece.flac", 2)
    checked(clinic, worker, path)
    library, file = Library(clinic), clinic / "music" / FILE
    heard = library.shelf.known(path)
    assert heard is not None
    assert file.stat().st_mode & 0o777 == 0o600
    for _ in range(200):
        library.shelf.put(path, path.stat(), heard)
    assert Library(clinic).shelf.known(path) == heard
    assert len(file.read_bytes().splitlines()) == 2


def test_where_the_disk_is_full_no_half_copy_is_left_and_the_original_is_played(tmp_path: Path) -> None:
    path = flac(tmp_path / "soft.flac", 30, -40)
    out = tmp_path / "copies" / "copy.flac"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    try:
        with pytest.raises(KnownError, match="disk is full"):
            copying.write(path, out, 10)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(out.parent.iterdir()) == []
    clinic = tmp_path / "clinic"
    (clinic / "music").mkdir(parents=True)
    (clinic / "music" / "copies").write_text("a file where the folder should be")
    worker = Worker()
    try:
        (found,) = checked(clinic, worker, path)
    finally:
        worker.close()
    assert (found.verdict.state, "No copy of it" in found.verdict.said) == ("look", True)
    assert Library(clinic).ready(path).path == path


def test_copies_that_no_playlist_needs_go_after_a_week(clinic: Path, music: Path, worker: Worker) -> None:
    soft, other = flac(music / "soft.flac", 22, -35, 1), flac(music / "other.flac", 22, -35, 2)
    checked(clinic, worker, soft, other)
    library = Library(clinic)
    copies = sorted(library.copies.iterdir())
    assert len(copies) == 2
    now_s = copies[0].stat().st_mtime
    assert library.tidy([soft], now_s + 6 * 86_400) == 0
    assert library.tidy([soft], now_s + 8 * 86_400) == 1
    assert library.ready(soft).path.parent == library.copies
    assert library.ready(other).path == other
    assert glance(library, gather([other]).pieces[0]).verdict.state == "unheard"


def test_the_share_done_rises_to_the_whole_and_cancel_keeps_what_was_heard(clinic: Path, music: Path) -> None:
    for seed in range(3):
        flac(music / f"{seed}.flac", 30, seed=seed)
    worker, told = Worker(), list[Told]()

    def tell(each: Told) -> None:
        told.append(each)
        if each.checked is not None and each.number == 1:
            worker.cancel()

    library = Library(clinic)
    with pytest.raises(Cancelled):
        check(library, gather([music]).pieces, worker, tell)
    worker.close()
    assert [library.verdict(music / f"{seed}.flac").state for seed in range(3)] == ["good", "good", "unheard"]
    whole: list[Told] = []
    worker = Worker()
    check(library, gather([music]).pieces, worker, whole.append)
    worker.close()
    shares = [each.share for each in whole]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_cancelled_while_folders_are_looked_through_nothing_is_taken_for_the_whole(clinic: Path, music: Path) -> None:
    flac(music / "piece.flac", 2)
    worker = Worker()
    worker.cancel()
    with pytest.raises(Cancelled):
        check(Library(clinic), gather([music], lambda: worker.cancelled).pieces, worker)


def test_a_piece_nobody_has_heard_comes_in_softly(clinic: Path, music: Path) -> None:
    path = flac(music / "loud.flac", 22, -9)
    ready = Library(clinic).ready(path)
    assert (ready.path, ready.why_not) == (path, "")
    assert -20 < 20 * np.log10(gain_of(ready.gain_db)) < -10


def test_a_measured_silence_and_a_torn_piece_are_judged_without_a_level() -> None:
    assert verdict.judge(Measured(digest="0", size=1, length_ms=60_000, channels=2)).gain_db == 0
    assert verdict.judge(Measured(digest="0", size=1, trouble=NO_SOUND)).state == "bad"
    assert verdict.judge(None).state == "unheard"
