"""One session with its music, led on the screen from sound check to the way home: what reached the headphones.

Each piece is a tone of its own, so that the recording tells at every moment which piece sounds, and how loud.
"""

import contextlib
import shutil
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pytest

from kapdesk.music.library.check import check
from kapdesk.music.library.gather import gather
from kapdesk.music.library.library import Library
from kapdesk.music.library.verdict import UNHEARD
from kapdesk.music.library.worker import Worker
from tests import sound
from tests.end_to_end.starts import App, app, display, end_music

pytestmark = pytest.mark.skipif(not sound.have_server(), reason="no PulseAudio on this computer")

WINDOW_MS = 50
"""Holds whole periods of every tone here."""

HZ = {"Ground": 200, "Depth": 260, "Strings": 340, "Home": 420}
VOICE_HZ = 1_000
VOICE_GAIN_DB = -22
"""Recorded as loud as can be, at -1 LUFS, it speaks at the target; the pieces nobody checked are played softly."""
PLAYLIST = """
format = 1
title = "Four tones"
tracks = [
  { title = "Ground", file = "Ground.flac", phases = ["settle", "onset"], intensity = 2, tags = ["nature"] },
  { title = "Depth", file = "Depth.flac", phases = ["ascent", "peak"], intensity = 4, tags = ["vocals"] },
  { title = "Strings", file = "Strings.flac", phases = ["ascent", "peak"], intensity = 3 },
  { title = "Home", file = "Home.flac", phases = ["return", "recovery"], intensity = 1 },
]
"""
IMAGERY = """
format = 1
title = "A lake"
phase = "onset"
language = "en"
length_s = 20
cues = [{ at_s = 0, text = "There is a lake." }]
voice = { file = "a-lake.flac" }
"""
LONG_S = 130
"""Longer than what a piece may have left when its phase is over: else it would be heard to its end."""

CLICK_DBFS = -50.0
"""What may be left above 6 kHz, as for a tone of -12 dBFS alone."""

SILENT_DBFS = -64.0
"""40 dB below a piece at its level: as good as gone, and above what a crossfade of the others leaves at its pitch."""

STEEPEST_DB = 2.0
"""In each window, as fast as the hand may be."""

Levels = npt.NDArray[np.float64]


class Heard(NamedTuple):
    """The recording from the first tone on, what was pressed when (ms of it), and the session's record."""

    samples: sound.Samples
    pressed: dict[str, float]
    facts: list[dict[str, Any]]
    dragged: dict[str, int]
    """What the slider showed when it was drawn as high as it goes, and its highest."""

    def level(self, tone: str, start_ms: float, end_ms: float) -> Levels:
        """How loud a piece was in each window, dBFS."""
        here = self.between(start_ms, end_ms)
        return np.asarray(20 * np.log10(sound.level_of(here, HZ.get(tone, VOICE_HZ), WINDOW_MS) + 1e-9))

    def at(self, tone: str, ms: float) -> float:
        """How loud a piece was around a moment, dBFS."""
        return float(np.median(self.level(tone, ms - 150, ms + 150)))

    def between(self, start_ms: float, end_ms: float) -> sound.Samples:
        first = round(start_ms) // WINDOW_MS * WINDOW_MS * 48
        return self.samples[first : round(end_ms) // WINDOW_MS * WINDOW_MS * 48]

    def all(self, *kinds: str) -> list[dict[str, Any]]:
        return [fact for fact in self.facts if fact["is"] in kinds]


class Session:
    """The program led by its screen, while the room is recorded."""

    def __init__(self, program: App, recording: sound.Recording) -> None:
        self.program, self.recording = program, recording
        self.pressed: dict[str, float] = {}

    def press(self, name: str, as_: str = "") -> None:
        self.program.do(press=name)
        self.pressed[as_ or name] = self.recording.ms

    def lead(self) -> None:
        """From the sound check to the way home. The music is never touched but on the screen."""
        do, wait = self.program.do, self.recording.wait
        do(plan="tones.toml")
        self.press("Play for the sound check")
        wait(3_600)
        self.press("This volume is right")
        do(press="Ready to begin")
        self.pressed["down"] = self.recording.ms
        do(dose="50")
        do(drag=30)
        wait(1_600)
        self.pressed["up"] = self.recording.ms
        self.dragged = do(drag=100)
        wait(1_600)
        do(drag=70)
        wait(1_600)
        self.press("Guided imagery")
        do(press="A lake")
        self.press("Recorded voice", "voice")
        wait(2_200)
        self.press("Pause imagery", "halt")
        wait(2_200)
        self.press("Go on with imagery", "go on")
        wait(1_600)
        self.press("Leave imagery gently", "leave")
        wait(3_400)
        self.press("To ascent", "ascent")
        wait(7_000)
        self.press("Not this piece", "not this")
        wait(3_700)
        self.press("Music out", "silence")
        wait(4_000)
        self.press("Bring back", "back")
        wait(3_600)
        self.press("Music on the way home", "home")
        wait(12_800)
        self.press("Softer music", "soften")
        wait(3_200)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Heard:
    folder = tmp_path_factory.mktemp("heard")
    home = folder / "home"
    lay_out(home / "clinic")
    room = sound.Room(folder / "room")
    with contextlib.ExitStack() as stack:
        stack.callback(room.close)
        recording = stack.enter_context(room.recording())
        env = {"PULSE_SERVER": room.server, "PULSE_SINK": "room"}
        if shutil.which("Xvfb"):
            env |= {"DISPLAY": stack.enter_context(display()), "QT_QPA_PLATFORM": "xcb"}
        program = stack.enter_context(app(home, "boot-1", "driven", **env))
        assert program.tells() == {"open": True}
        session = Session(program, recording)
        zero_us = time.time() * 1e6 - recording.ms * 1000
        session.lead()
        session.pressed["end"] = recording.ms
        facts = program.do(facts=True)["facts"]
        for fact in facts:
            fact["at_ms"] = (fact["at_us"] - zero_us) / 1000
        samples = recording.heard()
    end_music(home / "clinic")
    return Heard(samples, session.pressed, facts, session.dragged)


def lay_out(clinic: Path) -> None:
    """A clinic's own playlist and imagery, before it has a record; its voice was checked, as a dropped one is."""
    for name, text in (("playlists/tones.toml", PLAYLIST), ("imagery/a-lake.toml", IMAGERY)):
        (clinic / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        (clinic / name).write_text(text, encoding="utf-8")
    for title, hz in HZ.items():
        sound.write(clinic / "playlists" / f"{title}.flac", sound.sine(hz, LONG_S, -1))
    voice = sound.write(clinic / "imagery" / "a-lake.flac", sound.sine(VOICE_HZ, 20, -1))
    worker = Worker()
    check(Library(clinic), gather([voice]).pieces, worker)
    worker.close()


def test_what_sounds_has_no_gap_and_no_click(heard: Heard) -> None:
    at = heard.pressed
    for start_ms, end_ms in ((at["Play for the sound check"] + 500, at["silence"]), (at["back"] + 500, at["end"])):
        assert sound.gaps_ms(heard.between(start_ms, end_ms)) == []
    for start_ms in np.arange(at["Play for the sound check"] - 200, at["end"] - 1_000, 1_000):
        assert sound.click_dbfs(heard.between(start_ms, start_ms + 1_000)) < CLICK_DBFS, f"at {start_ms} ms"


def test_one_piece_gives_way_to_the_next_at_equal_power(heard: Heard) -> None:
    at = heard.pressed
    for old, new, start_ms, ms in (
        ("Ground", "Depth", at["ascent"], 6_000),
        ("Depth", "Strings", at["not this"], 3_000),
        ("Strings", "Home", at["home"], 12_000),
    ):
        whole = heard.at(old, start_ms - 200)
        both = 10 * np.log10(sum(10 ** (heard.level(each, start_ms, start_ms + ms + 500) / 10) for each in (old, new)))
        assert abs(both - whole).max() < 1, f"{old} to {new}"
        assert heard.at(old, start_ms + ms + 700) < SILENT_DBFS
        assert heard.at(new, start_ms + ms / 2) == pytest.approx(whole - 3, abs=1.5)


def test_under_a_voice_the_music_is_12_db_softer_in_time_and_comes_back_in_time(heard: Heard) -> None:
    at = heard.pressed
    whole = heard.at("Ground", at["voice"] - 200)
    late_ms = 200
    for spoken in ("voice", "go on"):
        assert heard.at("Ground", at[spoken] + 800 + late_ms + 150) == pytest.approx(whole - 12, abs=0.5)
        assert heard.at("Ground", at[spoken] + 1_400) == pytest.approx(whole - 12, abs=0.5)
    for silent in ("halt", "leave"):
        assert heard.at("Ground", at[silent] + 1_500 + late_ms + 150) == pytest.approx(whole, abs=0.3)
    assert heard.at("voice", at["voice"] + 1_500) == pytest.approx(whole - UNHEARD.gain_db + VOICE_GAIN_DB, abs=0.5)
    assert heard.at("voice", at["halt"] + 1_600) < SILENT_DBFS
    assert heard.at("voice", at["leave"] + 3_250) < SILENT_DBFS


def test_silence_is_silent_within_three_seconds_and_the_piece_comes_back(heard: Heard) -> None:
    at = heard.pressed
    quiet = heard.between(at["silence"] + 3_300, at["back"])
    assert len(quiet) > 0.5 * sound.RATE
    assert not quiet.any()
    assert heard.at("Strings", at["home"] - 200) == pytest.approx(heard.at("Strings", at["silence"] - 200), abs=0.1)


def test_however_fast_the_volume_is_drawn_it_glides_and_never_goes_above_the_level_found_with_the_patient(
    heard: Heard,
) -> None:
    at = heard.pressed
    whole = heard.at("Ground", at["down"] - 200)
    [found] = heard.all("LevelFound")
    assert heard.dragged == {"percent": found["ceiling_percent"], "most": found["ceiling_percent"]}
    assert heard.at("Ground", at["up"] - 200) == pytest.approx(whole + 60 * np.log10(30 / found["percent"]), abs=0.8)
    steps = np.diff(heard.level("Ground", at["down"], at["Guided imagery"]))
    assert abs(steps).max() < STEEPEST_DB
    ceiling = whole + 60 * np.log10(found["ceiling_percent"] / found["percent"])
    both = sound.levels_dbfs(heard.samples, WINDOW_MS) + 3.01
    assert both.max() < ceiling + 0.1


def test_softened_with_no_softer_piece_the_same_one_sinks_slowly(heard: Heard) -> None:
    since = heard.pressed["soften"]
    whole = heard.at("Home", since - 200)
    assert heard.at("Home", since + 2_800) == pytest.approx(whole - 6 * 2.8 / 8, abs=0.7)


def test_the_record_says_what_was_heard_when(heard: Heard) -> None:
    told = [(fact["is"], fact["title"], fact["at_ms"]) for fact in heard.all("TrackStarted", "TrackStopped")]
    assert [fact["title"] for fact in heard.all("TrackRefused")] == ["Depth"]
    sounded = sorted(
        (kind, title, at_ms)
        for title in HZ
        for start_ms, end_ms in spans(heard, title)
        for kind, at_ms in (("TrackStarted", start_ms), ("TrackStopped", end_ms))
        if at_ms < heard.pressed["end"] - 500
    )
    assert [each[:2] for each in sounded] == [each[:2] for each in sorted(told)]
    for (_, title, said_ms), (_, _, was_ms) in zip(sorted(told), sounded, strict=True):
        assert said_ms == pytest.approx(was_ms, abs=300), title
    for stopped in heard.all("TrackStopped"):
        begun = [f["at_ms"] for f in heard.all("TrackStarted") if f["title"] == stopped["title"]]
        last = max(ms for ms in begun if ms < stopped["at_ms"])
        assert stopped["heard_ms"] == pytest.approx(stopped["at_ms"] - last, abs=300)
    imagery = [fact["is"] for fact in heard.all("ImageryStarted", "ImageryPaused", "ImageryResumed", "ImageryStopped")]
    assert imagery == ["ImageryStarted", "ImageryPaused", "ImageryResumed", "ImageryStopped"]
    assert [fact["is"] for fact in heard.all("MusicSilenced", "MusicBroughtBack")] == [
        "MusicSilenced",
        "MusicBroughtBack",
    ]
    assert [fact["to"] for fact in heard.all("MusicTurned")] == ["bring-home", "soften"]


def spans(heard: Heard, title: str) -> list[tuple[float, float]]:
    """From when to when a piece was heard."""
    on = heard.level(title, 0, heard.pressed["end"]) > SILENT_DBFS
    edges = np.flatnonzero(np.diff(np.concatenate(([0], on.astype(int), [0]))))
    found: list[tuple[float, float]] = []
    for start, end in edges.reshape(-1, 2) * WINDOW_MS:
        if found and start - found[-1][1] < 300:
            start = found.pop()[0]
        found.append((float(start), float(end)))
    return [span for span in found if span[1] - span[0] > 300]
