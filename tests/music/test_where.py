"""What the desk says of the output that the patient hears the music on, and what it keeps of a choice."""

from pathlib import Path

import pytest

from kapdesk.facts.fact import Fact
from kapdesk.facts.music import OtherSound, OutputBack, OutputChosen, OutputLost
from kapdesk.music.engine import wire
from kapdesk.music.watch.outputs import Output, Program
from kapdesk.music.where import FILE, Where
from tests.fake_engine import FakeEngine

HEADSET = Output("headset", "WH-1000", "headphones", bluetooth=True)
SPEAKER = Output("speaker", "Built-in Speakers", "loudspeaker", usual=True)


class Desk:
    """A place to hear the music, and the engine."""

    def __init__(self, folder: Path | None = None) -> None:
        self.told: list[Fact] = []
        self.where = Where(self.told.append, folder)
        self.engine = FakeEngine()
        self.where.hear(wire.Hello(1, "3", "headset", 70, ()))
        self.sees(HEADSET, SPEAKER)

    def sees(self, *outputs: Output, programs: tuple[Program, ...] = ()) -> None:
        self.where.hear(wire.Outputs(outputs, programs))


def test_gone_headphones_are_said_and_recorded_by_their_name_and_so_are_they_when_back() -> None:
    desk = Desk()
    desk.where.hear(wire.OutputLost("headset", ()))
    desk.sees(SPEAKER)
    assert desk.where.lost
    assert desk.where.gone == "Headphones gone. Music is waiting."
    assert desk.where.outputs == (SPEAKER,)
    desk.where.hear(wire.OutputBack("headset", 4_000))
    assert (desk.where.lost, desk.where.gone, desk.where.warning) == (False, "", "")
    assert desk.told == [OutputLost("WH-1000"), OutputBack("WH-1000", 4_000)]


def test_a_desk_that_comes_back_knows_that_they_are_gone() -> None:
    desk = Desk()
    desk.where.hear(wire.Hello(1, "3", "headset", 70, (), hushed=True))
    assert desk.where.lost


def test_a_sound_server_that_does_not_answer_is_not_said_to_be_headphones_that_are_gone() -> None:
    desk = Desk()
    desk.where.hear(wire.OutputLost("headset", (), answers=False))
    assert desk.where.gone == "This computer's sound does not answer. Music is waiting."
    assert desk.where.outputs == ()
    desk.sees(HEADSET, SPEAKER)
    desk.where.hear(wire.OutputBack("headset", 4_000))
    desk.where.hear(wire.OutputLost("headset", ()))
    assert desk.where.gone == "Headphones gone. Music is waiting."


def test_an_output_that_was_never_seen_goes_by_the_name_the_system_gives_it() -> None:
    desk = Desk()
    desk.where.hear(wire.OutputLost("bluez_sink.00_11", ()))
    assert desk.where.gone == "bluez_sink.00_11 gone. Music is waiting."


def test_a_choice_is_ordered_recorded_and_kept_on_this_computer(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.where.choose("speaker", desk.engine)
    assert desk.engine.asked == [wire.UseOutput("speaker")]
    assert desk.told == [OutputChosen("Built-in Speakers", "loudspeaker")]
    other = Desk(tmp_path)
    other.where.agree(other.engine)
    assert other.engine.asked == [wire.UseOutput("speaker")]
    assert (other.where.name, other.told) == ("speaker", [])


@pytest.mark.parametrize("content", [b"", b"name = 3", b"\xff", b"kind = 'drum'\nname = 'x'\ntitle = 'y'"])
def test_a_choice_that_cannot_be_read_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    desk = Desk(tmp_path)
    desk.where.agree(desk.engine)
    assert desk.engine.asked == []


def test_another_program_is_named_as_long_as_it_is_there_and_recorded_each_time_it_sounds() -> None:
    desk = Desk()
    browser = Program("Browser", "headset")
    desk.sees(HEADSET, SPEAKER, programs=(browser, Program("Mail", "speaker")))
    assert desk.where.warning == "Browser can be heard here too."
    desk.sees(HEADSET, SPEAKER, programs=(browser,))
    desk.sees(HEADSET, SPEAKER, programs=(Program("Browser", "headset", sounds=False),))
    assert desk.where.programs == ("Browser",)
    desk.sees(HEADSET, SPEAKER, programs=(browser,))
    desk.sees(HEADSET, SPEAKER)
    assert desk.where.warning == ""
    assert desk.told == [OtherSound("Browser"), OtherSound("Browser")]


def test_a_telephone_profile_and_a_low_battery_are_named() -> None:
    desk = Desk()
    desk.sees(Output("headset", "WH-1000", "headphones", True, calls=True, battery_percent=10), SPEAKER)
    assert "as on a telephone" in desk.where.warning
    desk.sees(Output("headset", "WH-1000", "headphones", True, battery_percent=20), SPEAKER)
    assert desk.where.warning == "Headphones: battery 20 %."
    desk.sees(Output("headset", "WH-1000", "headphones", True, battery_percent=21), SPEAKER)
    assert desk.where.warning == ""


def test_that_the_system_moved_the_music_is_said() -> None:
    desk = Desk()
    desk.where.hear(wire.OutputMoved("headset", "speaker"))
    assert desk.where.warning == "Moved to Built-in Speakers by the computer, and brought back."
