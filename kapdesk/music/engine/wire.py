"""What the desk and the engine say to each other: one JSON object per line, each way.

The desk numbers its orders. Every `Status` names the last order that was carried out, so that after a fault the
orders that were still under way can be given again and none is lost or done twice.
"""

from typing import Annotated, Literal

import msgspec

from kapdesk.music.fades import Curve
from kapdesk.music.watch.outputs import Output, Program

Deck = Literal["A", "B", "voice"]
"""Two for music, which take turns, and one for a spoken piece."""

DECKS: tuple[Deck, ...] = ("A", "B", "voice")

EASE_MS = 900
"""How long the quickest fade takes from full level, and less from a softer one: 43 steps that are 21 ms apart.
Quicker ones were heard as clicks of -38 to -48 dBFS on a tone of -12, and abrupt stops as -21 to -25."""

TAIL_MS = 1_300
"""Before the end of a file. libVLC has then read all of it and waits for the output to play it, and takes no volume
until that is over (measured: 1,060-1,130 ms, all formats). So every fade of a piece must be over by then."""

Whole = Annotated[int, msgspec.Meta(ge=-(2**53) + 1, le=2**53 - 1)]
Gain = Annotated[float, msgspec.Meta(ge=0, le=1.001)]
Pid = Annotated[int, msgspec.Meta(gt=0, lt=2**31)]
"""What a line may hold; beyond that it is none. A number that fits no float would make each turn of the engine fail,
and a signal to a process of 0 or below reaches others. Above full gain there is room for rounding."""

UNUSABLE = 3
"""Exit status of an engine that found no libVLC, or one without plugins."""


class _Line(msgspec.Struct, frozen=True, tag_field="is", tag=str.lower):
    pass


# How things stand


class Move(msgspec.Struct, frozen=True, array_like=True):
    """A fade under way: it will be at `to` in `left_ms`."""

    to: Gain
    left_ms: Whole
    curve: Curve


class DeckState(msgspec.Struct, frozen=True, omit_defaults=True):
    """One deck.

    `state`: `loaded` is ready and silent, `starting` has been asked to play and is not heard yet, `paused` remembers
    its place. `position_ms` is the place now, `told_ms` what libVLC itself last said (every 0.3 to 1 s).
    `length_ms` is 0 as long as it is not known. `gain` is what the desk asked for and `fade` where it is going.
    `leave` is the way out that it is on, `leave_ms` how long that will take and `leave_gain` how far it has come;
    `seek_ms` is the place it will go on from, where that is another. `vlc` is libVLC's own word for its state.
    """

    deck: Deck
    state: Literal["empty", "loaded", "starting", "playing", "paused"] = "empty"
    path: str = ""
    position_ms: Whole = 0
    told_ms: Whole = 0
    length_ms: Whole = 0
    gain: Gain = 0.0
    fade: Move | None = None
    leave: Literal["pause", "stop", "seek"] | None = None
    leave_ms: Whole = 0
    leave_gain: Gain = 1.0
    seek_ms: Whole | None = None
    vlc: str = "NothingSpecial"

    @property
    def sounding(self) -> bool:
        """Whether it is heard, or will be in a moment."""
        return self.state in {"starting", "playing"}


# Orders, desk to engine. What each obliges to stands in port.py.


class Load(_Line, frozen=True):
    """Put a file on a deck, silent, at a place."""

    deck: Deck
    path: str
    at_ms: Whole


class Play(_Line, frozen=True):
    """Start a deck and raise it to a gain."""

    deck: Deck
    gain: Gain
    ms: Whole


class Crossfade(_Line, frozen=True):
    """Start one deck and, once it sounds, fade the other one out against it."""

    old: Deck
    new: Deck
    gain: Gain
    ms: Whole


class FadeTo(_Line, frozen=True):
    """Move a deck's gain."""

    deck: Deck
    to: Gain
    ms: Whole
    curve: Curve


class Pause(_Line, frozen=True):
    """Fade a deck out and keep its place."""

    deck: Deck
    ms: Whole


class Resume(_Line, frozen=True):
    """Bring a paused deck back."""

    deck: Deck
    ms: Whole


class Stop(_Line, frozen=True):
    """Fade a deck out and empty it."""

    deck: Deck
    ms: Whole


class Seek(_Line, frozen=True):
    """Go to another place in the piece."""

    deck: Deck
    to_ms: Whole


class SetVolume(_Line, frozen=True):
    """Move the volume of everything."""

    percent: Whole


class UseOutput(_Line, frozen=True):
    """Play there from now on, and nowhere else."""

    name: str


class Restore(_Line, frozen=True):
    """Stand as a lost engine stood. `output` is empty where none was known; `room`: see `Status`."""

    volume: Whole
    decks: tuple[DeckState, ...]
    crossing: Crossfade | None
    output: str = ""
    room: Gain | None = None


class Leave(_Line, frozen=True):
    """The desk goes: play out what sounds, or fade out now."""

    play_out: bool


Order = Load | Play | Crossfade | FadeTo | Pause | Resume | Stop | Seek | SetVolume | UseOutput | Restore | Leave


class Numbered(msgspec.Struct, frozen=True):
    """An order with its number; numbers rise."""

    n: Whole
    order: Order


# Events, engine to desk


class Hello(_Line, frozen=True):
    """First line of every connection: who makes the sound, where it goes, and how everything stands.

    `hushed`: what it should go to is not there.
    """

    pid: Pid
    libvlc: str
    sink: str
    volume: Whole
    decks: tuple[DeckState, ...]
    hushed: bool = False


class Status(_Line, frozen=True):
    """How everything stands at `at_ms` (monotonic): every 100 ms while something sounds, and after each order.

    `output` is the sound server's name of where the sound goes, empty without one. `hushed`: it is not there, so that
    all is silent, and decks that should sound are `starting`. `volume` is what was asked for, `room` the gain of
    everything on its gentle way there; None: it is there.
    """

    at_ms: Whole
    done: Whole
    volume: Whole
    decks: tuple[DeckState, ...]
    crossing: Crossfade | None = None
    output: str = ""
    hushed: bool = False
    room: Gain | None = None


class Playing(_Line, frozen=True):
    """A piece began to sound, or sounds again, at `position_ms`. `length_ms` is 0 where the file does not say."""

    deck: Deck
    path: str
    position_ms: Whole
    length_ms: Whole


class Faded(_Line, frozen=True):
    """A fade that was asked for (Play, FadeTo, Crossfade) reached its gain."""

    deck: Deck
    gain: Gain


class Paused(_Line, frozen=True):
    """A deck is silent and keeps its place."""

    deck: Deck
    path: str
    position_ms: Whole


class Stopped(_Line, frozen=True):
    """A deck was faded out and is empty."""

    deck: Deck
    path: str
    position_ms: Whole


class Ended(_Line, frozen=True):
    """A piece came to its own end, and the deck is empty."""

    deck: Deck
    path: str
    position_ms: Whole
    length_ms: Whole

    @property
    def early(self) -> bool:
        """Whether it broke off well before its length, as a truncated file does."""
        return self.position_ms < self.length_ms - EARLY_MS


class Failed(_Line, frozen=True):
    """A piece can't be played, and the deck is empty. `why` is a plain sentence."""

    deck: Deck
    path: str
    why: str


class OutputLost(_Line, frozen=True):
    """The output is gone, or is no longer what the patient has on. Nothing sounds, there or anywhere else.

    `decks` are where they fell silent; they wait there. Where the sound server has gone or hangs, it `answers` no more.
    """

    output: str
    decks: tuple[DeckState, ...]
    answers: bool = True


class OutputBack(_Line, frozen=True):
    """The output is there again after `silent_ms`, or another was chosen: what waited comes in where it fell silent."""

    output: str
    silent_ms: Whole


class OutputMoved(_Line, frozen=True):
    """The system moved the sound to another output by itself. It was hushed, and plays on where it should."""

    output: str
    to: str


class Replaced(_Line, frozen=True):
    """Another desk has taken over; nothing more will come."""


class Fault(_Line, frozen=True):
    """A bug in the engine, which went on. For the log."""

    trace: str


# Events that the link adds


class Lost(_Line, frozen=True):
    """The sound broke off: the engine is gone, and a new one is being started."""

    decks: tuple[DeckState, ...]


class Restored(_Line, frozen=True):
    """The sound is back where it broke off, `gap_ms` later. `decks` are where they went on."""

    gap_ms: Whole
    decks: tuple[DeckState, ...]


class Outputs(_Line, frozen=True):
    """What music can be heard on, and what other programs have open there: told when that has changed."""

    outputs: tuple[Output, ...]
    programs: tuple[Program, ...] = ()


class Unavailable(_Line, frozen=True):
    """There is no sound, and why: a plain sentence. It is tried again."""

    why: str


Told = (
    Hello
    | Status
    | Playing
    | Faded
    | Paused
    | Stopped
    | Ended
    | Failed
    | OutputLost
    | OutputBack
    | OutputMoved
    | Replaced
    | Fault
)
"""What the engine says."""

Event = Told | Lost | Restored | Outputs | Unavailable
"""What the desk hears."""

EARLY_MS = 1_500
"""How much an end may differ from the length: places are known to 0.1 s, lengths of VBR MP3 less well."""

_encode = msgspec.json.Encoder().encode


def line(said: Numbered | Told) -> bytes:
    """What goes over the socket."""
    return _encode(said) + b"\n"
