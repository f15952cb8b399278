"""A clinic's music desk with its real engine in a ward: the headphones go and come back, and the record says so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kapdesk.clinic import music
from kapdesk.clinic.room import Room as SessionRoom
from kapdesk.facts.music import OutputBack, OutputChosen, OutputLost
from kapdesk.facts.session import MusicPlanned, PlannedTrack, TrackStarted, TrackStopped
from kapdesk.music.desk import MusicDesk
from kapdesk.music.watch import watching
from tests.desk import Desk
from tests.sound import HEADSET, SPEAKER, Recording, Room, have_server, peaks, sine, write


class Ward:
    """A session with music, the patient's headphones and the room's loudspeaker."""

    def __init__(self, desk: Desk, room: Room, heard: Recording, speaker: Recording) -> None:
        self.desk, self.room, self.heard, self.speaker = desk, room, heard, speaker
        folder = desk.folder / music.FOLDER
        folder.mkdir(exist_ok=True)
        write(folder / "settle.ogg", sine(440, 60))
        self.session: SessionRoom = desk.room()
        track = PlannedTrack("Settling", "settle.ogg", ("settle", "onset"), length_ms=60_000)
        desk.kept(self.session.record(MusicPlanned("Sample playlist", (track,))))
        self.music: MusicDesk = music.open_music(desk.clinic)
        self.music.own(self.session)
        self.desk.until(lambda: self.music.now().engine != "" and self.music.now().outputs != ())

    def loud(self, recording: Recording) -> None:
        """Wait until it is heard there."""
        since = recording.ms
        self.desk.until(lambda: recording.ms > since + 200 and peaks(recording.heard(recording.ms - 100)).max() > 0.002)

    def facts(self, *kinds: type) -> list[Any]:
        self.desk.settle()
        return [each.fact for each in self.session.session.history if isinstance(each.fact, kinds)]


@pytest.fixture
def ward(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ward]:
    if not have_server():
        pytest.skip("pulseaudio and pulseaudio-utils are not installed")
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    room = Room(tmp_path / "ward", SPEAKER, HEADSET)
    room.pactl("set-default-source", "room.monitor")
    room.pactl("set-default-sink", "headset")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("PULSE_SERVER", room.server)
    monkeypatch.delenv("PULSE_SINK", raising=False)
    monkeypatch.setattr(watching, "AFTER_START_S", 0.0)
    with room.recording() as heard, room.recording("speaker") as speaker:
        ward = Ward(desk, room, heard, speaker)
        yield ward
        ward.music.end()
        ward.music.close()
    room.close()


def test_from_the_headphones_to_the_record_and_back(ward: Ward) -> None:
    ward.music.bring_back()
    ward.loud(ward.heard)
    ward.room.plug(HEADSET, into=False)
    ward.desk.until(lambda: ward.music.now().lost)
    assert ward.music.now().message.endswith("gone. Music is waiting.")
    ward.desk.until(lambda: [each.name for each in ward.music.now().outputs] == ["room", "speaker"])
    ward.room.plug(HEADSET, into=True)
    ward.loud(ward.heard)
    assert not ward.music.now().lost
    started, stopped, again = ward.facts(TrackStarted, TrackStopped)
    assert (started.position_ms, stopped.how) == (0, "lost")
    assert again.position_ms == stopped.position_ms == stopped.heard_ms > 0
    lost, back = ward.facts(OutputLost, OutputBack)
    assert lost.output == back.output
    assert back.silent_ms > 0
    assert (peaks(ward.speaker.heard()) > 10**-3.5).sum() <= 45


def test_the_speaker_that_a_person_chose_is_where_the_next_start_plays_too(ward: Ward) -> None:
    ward.music.bring_back()
    ward.loud(ward.heard)
    ward.music.use_output("speaker")
    ward.loud(ward.speaker)
    assert [fact.output for fact in ward.facts(OutputChosen)] == ["Null Output (2)"], "both have one title"
    ward.music.end()
    ward.music.close()
    ward.music = music.open_music(ward.desk.clinic)
    ward.music.own(ward.session)
    ward.desk.until(lambda: ward.music.now().engine != "")
    ward.music.bring_back()
    ward.loud(ward.speaker)
    assert ward.music.now().output == "speaker"
