"""Given music in the patient's headphones, when they go it waits, and nothing sounds elsewhere unasked."""

import msgspec

from kapdesk.facts.music import (
    OutputBack,
    OutputChosen,
    OutputLost,
)
from kapdesk.facts.session import (
    TrackStarted,
    TrackStopped,
)
from kapdesk.music.desk import MusicDesk
from kapdesk.music.engine import wire
from kapdesk.music.watch.outputs import Output
from tests.fake_engine import FakeEngine
from tests.music.playing import Playing


def test_when_the_headphones_go_the_piece_waits_and_the_record_says_what_was_heard(playing: Playing) -> None:
    playing.hear()
    playing.engine.reaches("A", 65_000)
    playing.engine.tell(wire.OutputLost("headphones", tuple(playing.engine.decks.values())))
    now = playing.music.now()
    assert (now.lost, now.silenced, now.message) == (True, False, "headphones gone. Music is waiting.")
    playing.engine.tell(wire.OutputBack("headphones", 30_000))
    playing.engine.tell(wire.Playing("A", playing.engine.decks["A"].path, 65_000, 480_000))
    assert playing.music.now().message == ""
    playing.engine.reaches("A", 70_000)
    playing.music.silence()
    playing.engine.falls_silent("A")
    assert playing.recorded(TrackStarted, TrackStopped, OutputLost, OutputBack) == [
        TrackStarted("Settling", "settle.ogg", "settle", 0),
        OutputLost("headphones"),
        TrackStopped("Settling", "settle.ogg", 65_000, 65_000, "lost"),
        OutputBack("headphones", 30_000),
        TrackStarted("Settling", "settle.ogg", "settle", 65_000),
        TrackStopped("Settling", "settle.ogg", 70_000, 5_000, "faded"),
    ]


def test_music_that_is_taken_out_while_the_headphones_are_gone_was_heard_up_to_then_only(playing: Playing) -> None:
    playing.hear()
    playing.engine.reaches("A", 65_000)
    playing.engine.tell(wire.OutputLost("headphones", tuple(playing.engine.decks.values())))
    playing.music.silence()
    playing.engine.falls_silent("A")
    assert playing.recorded(TrackStopped) == [TrackStopped("Settling", "settle.ogg", 65_000, 65_000, "lost")]
    playing.music.bring_back()
    playing.engine.sounds("A")
    assert playing.recorded(TrackStarted)[-1] == TrackStarted("Settling", "settle.ogg", "settle", 65_000)


def test_the_speaker_is_used_because_a_person_said_so(playing: Playing) -> None:
    playing.hear()
    playing.engine.tell(wire.Outputs((Output("speaker", "Loudspeaker", "loudspeaker"),)))
    playing.engine.tell(wire.OutputLost("headphones", tuple(playing.engine.decks.values())))
    assert playing.asked(wire.UseOutput) == []
    playing.music.use_output(playing.music.now().outputs[0].name)
    assert playing.asked(wire.UseOutput) == [wire.UseOutput("speaker")]
    assert playing.recorded(OutputChosen) == [OutputChosen("Loudspeaker", "loudspeaker")]


def test_a_desk_that_comes_back_while_they_are_gone_takes_over_what_waits(playing: Playing) -> None:
    playing.hear()
    playing.engine.reaches("A", 40_000)
    decks = playing.engine.decks
    playing.music = MusicDesk((playing.files,))
    playing.engine = FakeEngine(playing.music.hear)
    playing.engine.decks = {**decks, "A": msgspec.structs.replace(decks["A"], state="starting")}
    playing.music.use(playing.engine)
    playing.music.own(playing.room)
    playing.engine.tell(wire.Hello(1, "3", "headphones", 70, tuple(playing.engine.decks.values()), hushed=True))
    assert playing.music.now().lost
    assert not playing.music.now().silenced
    assert playing.recorded(TrackStopped) == [TrackStopped("Settling", "settle.ogg", 40_000, 40_000, "lost")]
    playing.engine.sounds("A")
    assert playing.recorded(TrackStarted)[-1] == TrackStarted("Settling", "settle.ogg", "settle", 40_000)
