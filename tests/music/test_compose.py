"""Composed music never startles, goes round without a seam, and is the same for the same seed."""

import errno
import itertools
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from kapdesk import paths
from kapdesk.errors import KnownError
from kapdesk.facts.words import PHASES, Phase
from kapdesk.music import playlist
from kapdesk.music.compose import Measured, compose, encode, harmony, measure
from kapdesk.music.compose.character import WAYS
from kapdesk.music.compose.render import BLOCK, Piece
from kapdesk.music.compose.timbre import RATE, Room

FIRST_LIGHT = playlist.read(paths.shipped("playlists", "first-light.toml"))


def assert_never_startles(measured: Measured) -> None:
    assert measured.lufs == pytest.approx(-23, abs=0.5)
    assert measured.true_peak_dbtp < -3
    assert 3 <= measured.range_lu <= 9
    assert measured.step_lu_max <= 3
    assert 300 <= measured.centroid_hz <= 1500
    assert 0 < measured.correlation < 0.7
    assert measured.click_dbfs < -90
    assert measured.dc < 1e-4


@pytest.mark.parametrize("track", FIRST_LIGHT.tracks, ids=lambda track: track.title)
def test_a_shipped_piece_never_startles(track: playlist.Track) -> None:
    measured = measure(FIRST_LIGHT.path_of(track))

    assert_never_startles(measured)
    assert track.length_s is not None
    assert measured.length_ms == track.length_s * 1000


def test_shipped_sound_is_small_and_of_one_kind() -> None:
    files = [*paths.shipped("playlists").rglob("*.ogg"), *paths.shipped("resources").rglob("*.ogg")]

    assert len(files) == 6
    assert sum(file.stat().st_size for file in files) <= 25e6
    for track in FIRST_LIGHT.tracks:
        about = soundfile.info(FIRST_LIGHT.path_of(track))
        assert (about.samplerate, about.channels, about.subtype) == (48_000, 2, "VORBIS")


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Measured, list[float]]:
    path = tmp_path_factory.mktemp("fresh") / "evening.ogg"
    told: list[float] = []
    return path, compose("return", 1.25, 5, path, told.append), told


def test_a_fresh_piece_never_startles(fresh: tuple[Path, Measured, list[float]]) -> None:
    assert_never_startles(fresh[1])


def test_the_coded_piece_is_exactly_as_long_as_asked_and_lies_alone_in_its_folder(
    fresh: tuple[Path, Measured, list[float]],
) -> None:
    assert soundfile.info(fresh[0]).frames == 75 * RATE
    assert list(fresh[0].parent.iterdir()) == [fresh[0]]


def test_the_decoded_end_runs_on_into_the_decoded_beginning(fresh: tuple[Path, Measured, list[float]]) -> None:
    sound, _ = soundfile.read(fresh[0])
    twice = np.concatenate([sound[-RATE:], sound[:RATE]])
    bends = np.abs(np.diff(twice, n=2, axis=0)).max(axis=1)

    at_the_join = bends[RATE - 2 : RATE + 1].max()
    assert at_the_join < 3 * np.percentile(bends, 99)


def test_progress_goes_forward_from_beginning_to_end(fresh: tuple[Path, Measured, list[float]]) -> None:
    told = fresh[2]

    assert told == sorted(told)
    assert 0 < told[0] < 0.1
    assert told[-1] == 1
    assert len(told) > 50


@pytest.mark.deep
@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("seed", range(4))
def test_no_seed_startles_in_any_phase(phase: Phase, seed: int, tmp_path: Path) -> None:
    assert_never_startles(compose(phase, 1 + seed / 3, seed, tmp_path / "piece.ogg"))


def beginning(seed: int) -> Any:
    return np.concatenate(list(itertools.islice(Piece("settle", 60, seed).blocks(), 2)), axis=1)


def test_a_seed_gives_the_same_music_again_and_another_seed_other_music() -> None:
    first = beginning(1)

    assert np.array_equal(first, beginning(1))
    assert abs(np.corrcoef(first[0], beginning(2)[0])[0, 1]) < 0.5


def test_before_coding_the_piece_is_a_circle() -> None:
    blocks = list(Piece("recovery", 60, 3).blocks())
    sound = np.concatenate(blocks, axis=1)
    assert sound.shape == (2, 60 * RATE)

    bends = np.abs(np.diff(np.concatenate([sound[:, -BLOCK:], sound[:, :BLOCK]], axis=1), n=2)).max(axis=0)

    assert bends[BLOCK - 2 : BLOCK + 1].max() <= np.percentile(bends, 99.9)


@pytest.mark.parametrize("minutes", [0, 0.5, 61, float("nan")])
def test_a_length_that_cannot_be_made_is_refused(minutes: float, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="choose 1 to 60"):
        compose("peak", minutes, 1, tmp_path / "piece.ogg")


def test_a_seed_below_zero_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="choose 0 or more"):
        compose("peak", 1, -1, tmp_path / "piece.ogg")


def test_a_folder_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be written"):
        compose("peak", 1, 1, tmp_path / "nowhere" / "piece.ogg")


def test_a_full_disk_leaves_the_earlier_piece_and_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: encode.Source, path: Path, rng: np.random.Generator) -> Iterator[float]:
        path.write_bytes(b"half")
        yield 0.5
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(encode, "write", full)
    out = tmp_path / "piece.ogg"
    out.write_bytes(b"earlier")

    with pytest.raises(KnownError, match="No space left on device"):
        compose("settle", 1, 1, out)

    assert [path.name for path in tmp_path.iterdir()] == ["piece.ogg"]
    assert out.read_bytes() == b"earlier"


# Harmony


@pytest.mark.parametrize("phase", PHASES)
def test_every_voice_sings_all_the_way_round_without_a_gap(phase: Phase) -> None:
    it = WAYS[phase].character
    chance = random.Random(4)
    plan = harmony.lay_out(it.phrases, it.chord_s, 300, chance)
    notes = harmony.lead(plan, it.voices, it.lowest, it.highest, chance)

    for voice in range(it.voices):
        own = sorted((note for note in notes if note.voice == voice), key=lambda note: note.start_s % 300)
        assert sum(note.length_s for note in own) == pytest.approx(300)
        for note, following in zip(own, [*own[1:], own[0]], strict=True):
            assert (note.start_s + note.length_s - following.start_s) % 300 == pytest.approx(0, abs=1e-6) or (
                (following.start_s - note.start_s - note.length_s) % 300 == pytest.approx(0, abs=1e-6)
            )


@pytest.mark.parametrize("phase", PHASES)
def test_voices_belong_to_their_chord_and_move_by_small_steps_also_over_the_join(phase: Phase) -> None:
    it = WAYS[phase].character
    chance = random.Random(4)
    plan = harmony.lay_out(it.phrases, it.chord_s, 300, chance)
    notes = harmony.lead(plan, it.voices, it.lowest, it.highest, chance)
    voicings = []
    for number, chord in enumerate(plan.chords):
        late_s = plan.starts_s[number] + 0.9 * plan.length_of(number)
        sounding = sorted((n.voice, n.pitch) for n in notes if (late_s - n.start_s) % 300 < n.length_s)
        assert [voice for voice, _ in sounding] == list(range(it.voices))
        assert all(pitch % 7 in chord for _, pitch in sounding)
        voicings.append([pitch for _, pitch in sounding])

    moves = [abs(a - b) for one, other in zip(voicings, [*voicings[1:], voicings[0]], strict=True)
             for a, b in zip(one, other, strict=True)]  # fmt: skip
    assert max(moves) <= 7
    assert sum(moves) / len(moves) < 2


def test_a_scale_has_pure_thirds_and_octaves_to_the_ear() -> None:
    ionian = harmony.Scale(100, fifths_below=1)

    assert ionian.hz(7) == pytest.approx(200)
    assert ionian.hz(4) == pytest.approx(150, rel=0.003)
    assert ionian.hz(2) == pytest.approx(125, rel=0.003)
    assert [round(ionian.hz(pitch)) for pitch in range(8)] == [100, 112, 125, 134, 150, 167, 187, 200]


def test_the_room_answers_block_by_block_as_one_convolution_would() -> None:
    rng = np.random.default_rng(1)
    response = rng.standard_normal((2, 700)).astype(np.float32)
    sound = rng.standard_normal((2, 8 * 256)).astype(np.float32)
    room = Room(response, 256)

    heard = np.concatenate([room.answer(block) for block in np.split(sound, 8, axis=1)], axis=1)

    for ear in (0, 1):
        assert np.allclose(heard[ear], np.convolve(sound[ear], response[ear])[: 8 * 256], atol=1e-3)


# The measuring itself


def tone(path: Path, sound: Any) -> Measured:
    soundfile.write(path, sound.astype(np.float32), RATE, subtype="FLOAT")
    return measure(path)


def stereo_tone(seconds: float, hz: float = 1000, dbfs: float = -23) -> Any:
    wave = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)
    return np.stack([wave, wave], axis=1)


def test_a_plain_tone_is_measured_as_the_standard_says(tmp_path: Path) -> None:
    measured = tone(tmp_path / "tone.wav", stereo_tone(20))

    assert measured.lufs == pytest.approx(-23, abs=0.1)  # EBU Tech 3341, case 1
    assert measured.true_peak_dbtp == pytest.approx(-23, abs=0.3)
    assert measured.centroid_hz == pytest.approx(1000, rel=0.02)
    assert measured.correlation == pytest.approx(1)
    assert measured.step_lu_max < 0.1
    assert measured.click_dbfs < -90
    assert measured.length_ms == 20_000


def test_a_jump_in_loudness_is_found(tmp_path: Path) -> None:
    sound = np.concatenate([stereo_tone(10), stereo_tone(10, dbfs=-29)])

    assert tone(tmp_path / "jump.wav", sound).step_lu_max == pytest.approx(6, abs=0.2)


def test_a_jump_in_loudness_at_the_join_is_found(tmp_path: Path) -> None:
    rising = stereo_tone(60) * np.linspace(0.5, 1, 60 * RATE)[:, None]

    assert tone(tmp_path / "rising.wav", rising).step_lu_max == pytest.approx(6, abs=0.3)


@pytest.mark.parametrize("at_s", [0.01, 3.999, 4.5, 7.99])
def test_a_click_is_found_wherever_it_is(tmp_path: Path, at_s: float) -> None:
    sound = stereo_tone(8, hz=300)
    sound[round(at_s * RATE) :, 0] += 0.02

    assert tone(tmp_path / "click.wav", sound).click_dbfs > -50


def test_a_click_at_the_join_is_found(tmp_path: Path) -> None:
    sound = stereo_tone(8.0008, hz=300)

    assert tone(tmp_path / "join.wav", sound).click_dbfs > -50


def test_a_file_that_cannot_be_measured_is_said_plainly(tmp_path: Path) -> None:
    text = tmp_path / "text.ogg"
    text.write_text("not music")
    with pytest.raises(KnownError, match=r"text\.ogg cannot be read as sound"):
        measure(text)
    soundfile.write(tmp_path / "one.wav", np.zeros(RATE), RATE)
    with pytest.raises(KnownError, match="1 channel"):
        measure(tmp_path / "one.wav")
