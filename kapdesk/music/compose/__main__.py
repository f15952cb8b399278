"""How the shipped sound was made: `python -m kapdesk.music.compose TOML ...`, for playlists and pieces of imagery.

A playlist's composed tracks are made again; for a piece of imagery its sample voice is spoken by Flite's slt (Debian:
flite, ffmpeg). For maintainers: what it writes is committed, and nobody else needs it.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from kapdesk.errors import KnownError
from kapdesk.music import imagery, playlist
from kapdesk.music.compose import TARGET_LUFS, compose
from kapdesk.music.compose.meter import meter
from kapdesk.music.compose.timbre import RATE, Signal

_PAUSE_S = 1.3
_SLOWER = 1.28


def make_tracks(path: Path) -> None:
    """Compose every track of a playlist that has a seed and a length, for the last of its phases."""
    for track in playlist.read(path).tracks:
        if track.seed is not None and track.length_s is not None:
            measured = compose(track.phases[-1], track.length_s / 60, track.seed, path.parent / track.file)
            sys.stdout.write(f"{track.title}: {measured}\n")


def speak(path: Path) -> None:
    """Record a piece's cues at their times, sentence by sentence with a rest between, at −23 LUFS, in one channel."""
    piece = imagery.read(path)
    voice_path = piece.voice_path()
    if voice_path is None:
        return
    sound = np.zeros(piece.length_s * RATE, np.float32)
    ends = [cue.at_s * RATE for cue in piece.cues[1:]] + [sound.size]
    for cue, end in zip(piece.cues, ends, strict=True):
        at = cue.at_s * RATE
        for sentence in re.split(r"(?<=[.?!])\s+", cue.text):
            spoken = _sentence(sentence)
            if at + len(spoken) > end - 2 * RATE:
                raise KnownError(f"{path.name}: the cue at {cue.at_s} s leaves no rest before the next. Move that on.")
            sound[at : at + len(spoken)] = spoken
            at += len(spoken) + round(_PAUSE_S * RATE)
    heard = meter(RATE, 1, whole=True)
    heard.add(sound)
    sound *= np.float32(10 ** ((TARGET_LUFS - heard.integrated()) / 20))
    with soundfile.SoundFile(voice_path, "w", RATE, 1, "VORBIS", format="OGG", compression_level=0.5) as file:
        for start in range(0, len(sound), RATE):
            file.write(sound[start : start + RATE])


def _sentence(text: str) -> Signal:
    """One sentence at 48 kHz, slower than Flite would say it, softly begun and ended."""
    with tempfile.TemporaryDirectory() as folder:
        raw, full = Path(folder, "raw.wav"), Path(folder, "full.wav")
        subprocess.run(["flite", "-voice", "slt", "--setf", f"duration_stretch={_SLOWER}", "-t", text, "-o", raw],
                       check=True)  # fmt: skip
        gently = "highpass=f=70,aresample=48000:filter_size=64,lowpass=f=7600"
        subprocess.run(["ffmpeg", "-v", "error", "-i", raw, "-af", gently, "-ar", str(RATE), full], check=True)
        spoken: Signal = soundfile.read(full, dtype="float32")[0]
    edge = RATE // 50
    ramp = np.sin(np.linspace(0, np.pi / 2, edge, dtype=np.float32)) ** 2
    spoken[:edge] *= ramp
    spoken[-edge:] *= ramp[::-1]
    return spoken


if __name__ == "__main__":
    for name in sys.argv[1:]:
        source = Path(name)
        if "cues" in source.read_text(encoding="utf-8"):
            speak(source)
        else:
            make_tracks(source)
