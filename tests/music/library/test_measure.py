"""What is measured of files that are as they should be, and of those that are not."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from kapdesk.errors import KnownError
from kapdesk.music.compose.meter import meter
from kapdesk.music.library.measure import CHANGED, EMPTY, NO_SOUND, digest_of, measure
from kapdesk.music.library.measured import Measured
from kapdesk.music.library.peak import Peak
from tests.music.library.sounds import flac, noise, untouched, wav
from tests.sound import RATE, write

FORMATS = (".flac", ".ogg", ".opus", ".mp3", ".vbr.mp3", ".m4a")


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_heard_whole(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"piece{suffix}", noise(6, -20))
    before = untouched(path)
    heard = measure(path)
    assert heard.lufs == pytest.approx(-20, abs=1.0)
    assert heard.length_ms == pytest.approx(6_000, abs=60)
    assert heard.told_ms == pytest.approx(6_000, abs=60)
    assert (heard.channels, heard.rate) == (2, 48_000)
    assert not heard.ends_early
    assert not heard.damaged
    assert heard.seeks_badly == (suffix == ".vbr.mp3")
    assert untouched(path) == before


@pytest.mark.parametrize("suffix", FORMATS[:-1])
def test_a_file_that_was_cut_off_ends_early(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"piece{suffix}", noise(8, -20))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert measure(path).ends_early


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_hole_in_a_file_is_noticed_and_the_rest_is_heard(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"piece{suffix}", noise(20, -20))
    raw = bytearray(path.read_bytes())
    middle = len(raw) // 2
    raw[middle : middle + 20_000] = bytes(20_000)
    path.write_bytes(raw)
    heard = measure(path)
    assert heard.damaged
    assert heard.length_ms > 10_000


@pytest.mark.parametrize(
    "content",
    [
        b"This is no music.\n" * 200,
        b"#EXTM3U\nhttp://127.0.0.1:9/x.ts\n",
        b"\x89PNG\r\n\x1a\n" + bytes(900),
        b"ID3",
        b"x",
    ],
    ids=["text", "list of streams", "picture", "torn tag", "one byte"],
)
@pytest.mark.parametrize("name", ["piece.mp3", "piece.flac", "piece.m4a"])
def test_what_holds_no_music_says_so_whatever_its_name(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert measure(path).trouble == NO_SOUND


def test_an_m4a_that_lost_its_table_holds_no_music(tmp_path: Path) -> None:
    path = write(tmp_path / "piece.m4a", noise(4, -20))
    path.write_bytes(path.read_bytes()[:20_000])
    assert measure(path).trouble == NO_SOUND


def test_an_empty_file_and_a_folder_say_so(tmp_path: Path) -> None:
    (tmp_path / "empty.mp3").touch()
    (tmp_path / "folder.flac").mkdir()
    with pytest.raises(KnownError, match=EMPTY):
        measure(tmp_path / "empty.mp3")
    with pytest.raises(KnownError, match="This is a folder"):
        measure(tmp_path / "folder.flac")


def test_a_file_removed_or_changed_while_it_is_read_says_so(tmp_path: Path) -> None:
    def hear(then: str) -> str:
        path = flac(tmp_path / "piece.flac", 5)

        def change(_: float) -> None:
            path.unlink(missing_ok=True) if then == "removed" else path.write_bytes(b"another")

        with pytest.raises(KnownError) as caught:
            measure(path, change)
        return str(caught.value)

    assert "removed while it was being read" in hear("removed")
    assert hear("changed") == CHANGED


def test_silence_has_no_loudness(tmp_path: Path) -> None:
    assert measure(write(tmp_path / "piece.flac", np.zeros((3 * RATE, 2), np.float32))).lufs is None


def test_one_channel_is_measured_as_it_sounds_on_both_ears(tmp_path: Path) -> None:
    both = noise(4, -20)
    both[:, 1] = both[:, 0]
    stereo = measure(write(tmp_path / "both.flac", both))
    mono = measure(write(tmp_path / "mono.flac", both[:, :1]))
    assert (mono.lufs, mono.channels) == (pytest.approx(stereo.lufs, abs=0.05), 1)


@pytest.mark.parametrize("channels", [3, 5, 6, 8])
def test_many_channels_are_measured_as_headphones_get_them(tmp_path: Path, channels: int) -> None:
    sound = np.tile(noise(3, -30)[:, :1], (1, channels))
    heard = measure(wav(tmp_path / "many.wav", sound, RATE))
    assert heard.channels == channels
    assert heard.lufs is not None
    assert -36 < heard.lufs < -20


def test_192_khz_are_measured(tmp_path: Path) -> None:
    heard = measure(wav(tmp_path / "fine.wav", np.repeat(noise(1, -20), 4, axis=0), 192_000))
    assert (heard.rate, heard.length_ms) == (192_000, 1_000)
    assert heard.lufs == pytest.approx(-20, abs=1)


@pytest.mark.deep
def test_twelve_hours_are_heard_whole(tmp_path: Path) -> None:
    path = tmp_path / "long.flac"
    told = f"-v error -f lavfi -i sine=frequency=220:duration={12 * 3600} -ar 8000 -compression_level 0 {path}"
    subprocess.run(["ffmpeg", *told.split()], check=True)
    heard = measure(path)
    assert heard.length_ms == pytest.approx(12 * 3_600_000, abs=100)
    assert not heard.ends_early


def test_the_title_in_the_file_is_read(tmp_path: Path) -> None:
    path, tagged = flac(tmp_path / "piece.flac", 2), tmp_path / "tagged.flac"
    told = ["-metadata", "title=Wide\nWater", "-metadata", "artist=Sample Ensemble"]
    subprocess.run(["ffmpeg", "-v", "error", "-i", path, *told, tagged], check=True)
    heard = measure(tagged)
    assert (heard.title, heard.artist) == ("Wide Water", "Sample Ensemble")


def test_the_digest_is_of_the_bytes_alone(tmp_path: Path) -> None:
    one = flac(tmp_path / "one.flac", 2)
    moved = tmp_path / "moved.ogg"
    moved.write_bytes(one.read_bytes())
    assert measure(one) == measure(moved)
    assert measure(one).digest == digest_of(moved)


@pytest.mark.parametrize("hz", [997.0, 11_000.0, 12_000.0])
def test_the_true_peak_is_that_of_the_loudness_meter(hz: float) -> None:
    at = np.arange(2 * RATE) / RATE
    tone = np.sin(2 * np.pi * hz * at + np.pi / 4) * np.minimum(1, at)
    sound = np.stack([tone * 0.5, tone * 0.25], axis=1).astype(np.float32)
    usual, quick = meter(RATE, whole=True), Peak(RATE)
    for block in np.array_split(sound, 7):
        usual.add(block)
        quick.add(block)
    assert 20 * np.log10(quick.highest / usual.true_peak()) == pytest.approx(0, abs=0.1)
    assert quick.highest == pytest.approx(0.5, abs=0.01)


def test_what_is_measured_can_be_told_as_a_line(tmp_path: Path) -> None:
    heard = measure(flac(tmp_path / "piece.flac", 1))
    assert isinstance(heard, Measured)
    assert len(heard.digest) == 64
