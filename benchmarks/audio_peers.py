"""Other players at the same joins: `python -m benchmarks.audio_peers vlc FILE ...` plays them in turn."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.form import Figure, Missing
from tests.sound import Room, gaps_ms, peaks, sine, write

TONES_HZ = (330, 550, 440)
LAST_S = 20.0
PEERS = Path(__file__).resolve().parent.parent / "build/peers/bin/python"
NO_PEERS = "build/peers is not there: .ci/setup bench makes it"


def measure(room: Room, folder: Path, formats: tuple[str, ...], rounds: int) -> tuple[list[Figure], list[Missing]]:
    """The longest silence (ms) at a join that each peer leaves. They have no goal: ours is held against them."""
    figures, missing = [], []
    for name, why, command in (
        ("vlc", "", [sys.executable, "-m", "benchmarks.audio_peers", "vlc"]),
        ("mpv", _not_installed("mpv"), ["mpv", "--no-video", "--no-config", "--really-quiet", "--gapless-audio=yes"]),
        ("qt", "" if PEERS.exists() else NO_PEERS, [str(PEERS), str(Path(__file__).with_name("peer_qt.py"))]),
    ):
        if why:
            missing.append(Missing(f"peer_gap_ms_{name}", why))
            continue
        gaps = [gap for suffix in formats for _ in range(rounds) for gap in _gaps(room, folder, suffix, command)]
        figures.append(Figure(f"peer_gap_ms_{name}", max(gaps, default=0), "ms", 0, "more", len(formats) * rounds))
    return figures, missing


def _not_installed(program: str) -> str:
    return "" if shutil.which(program) else f"{program} is not installed"


def _gaps(room: Room, folder: Path, suffix: str, command: list[str]) -> list[int]:
    files = [folder / f"peer-{hz}{suffix}" for hz in TONES_HZ]
    for hz, file in zip(TONES_HZ, files, strict=True):
        if not file.exists():
            write(file, sine(hz, 3))
    env = {**os.environ, "PULSE_SERVER": room.server, "PULSE_SINK": "room"}
    with room.recording() as recording:
        subprocess.run([*command, *files], env=env, check=True, timeout=LAST_S, stderr=subprocess.DEVNULL)
        recording.wait(300)
        heard = recording.heard()
    assert peaks(heard).max() > 0.1, f"{command} was not heard"
    return [length for _, length in gaps_ms(heard)]


def play_vlc(files: list[str]) -> None:
    """VLC's own list player."""
    import threading

    import vlc

    over = threading.Event()
    instance = vlc.Instance(["--quiet", "--no-video"])
    player = instance.media_list_player_new()
    player.set_media_list(instance.media_list_new(files))
    player.event_manager().event_attach(vlc.EventType.MediaListPlayerPlayed, lambda event: over.set())
    player.play()
    over.wait(LAST_S)


if __name__ == "__main__":
    play_vlc(sys.argv[2:])
