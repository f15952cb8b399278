"""The desk sees outputs and other programs come and go, from outside of the engine."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kapdesk.music.engine import wire
from kapdesk.music.watch import watching
from tests.music.engine.conftest import Player
from tests.sound import HEADSET, SPEAKER, Room, have_server, sine, until, write

Start = Callable[[], Player]


@pytest.fixture
def ward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Room]:
    if not have_server():
        pytest.skip("pulseaudio and pulseaudio-utils are not installed")
    room = Room(tmp_path / "ward", SPEAKER, HEADSET)
    monkeypatch.setenv("PULSE_SERVER", room.server)
    monkeypatch.setenv("PULSE_SINK", "headset")
    monkeypatch.setattr(watching, "AFTER_START_S", 0.0)
    yield room
    room.close()


def test_outputs_and_what_other_programs_have_open_are_told_as_they_come_and_go(
    start: Start, ward: Room, files: Path
) -> None:
    player = start()

    def seen() -> wire.Outputs:
        return player.ear.all(wire.Outputs)[-1]

    until(lambda: player.ear.all(wire.Outputs), what="the outputs")
    assert {output.name: output.kind for output in seen().outputs} == {
        "room": "unknown",
        "speaker": "unknown",
        "headset": "unknown",
    }
    player.sound("A", write(files / "own.flac", sine(440, 20)))
    other = subprocess.Popen(
        ["paplay", "--client-name=Browser", write(files / "other.flac", sine(660, 20))], env=ward.env
    )
    try:
        until(lambda: [(each.name, each.output) for each in seen().programs] == [("Browser", "room")], 5, "the browser")
    finally:
        other.kill()
        other.wait()
    until(lambda: seen().programs == (), 5, "silence")
    ward.plug(HEADSET, into=False)
    until(lambda: {output.name for output in seen().outputs} == {"room", "speaker"}, 5, "no headset")
