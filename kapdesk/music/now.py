"""What the music desk sees of a session, and what the screen sees of the music."""

from typing import Protocol
from uuid import UUID

import msgspec

from kapdesk.facts.fact import Fact
from kapdesk.facts.people import Actor
from kapdesk.facts.words import Phase
from kapdesk.music.watch.outputs import Output
from kapdesk.people.patient import Patient
from kapdesk.session.plan import PhaseSpan
from kapdesk.session.state import Session


class Room(Protocol):
    """The session whose music this is."""

    @property
    def id(self) -> UUID: ...  # noqa: D102
    @property
    def session(self) -> Session: ...  # noqa: D102
    @property
    def expected(self) -> Session: ...  # noqa: D102
    @property
    def patient(self) -> Patient: ...  # noqa: D102
    def phase(self, at_us: int | None = None) -> PhaseSpan | None: ...  # noqa: D102
    def now_us(self) -> int: ...  # noqa: D102
    def record(self, fact: Fact, at_us: int | None = None, actor: Actor | None = None) -> object: ...  # noqa: D102


class NowPlaying(msgspec.Struct, frozen=True):
    """What is heard now, for the screen. `message` is a plain sentence when something is wrong, else empty.

    `stays` with the piece, `homeward` bound; no louder than `ceiling` percent, as found on the sound check.
    `lost`: what it should be heard on is gone, and it waits. `output` is which of the `outputs` that is, by name;
    `programs` can be heard there too.
    """

    title: str = ""
    phase: Phase = "settle"
    position_ms: int = 0
    length_ms: int = 0
    silenced: bool = True
    available: bool = True
    message: str = ""
    engine: str = ""
    sink: str = ""
    silent_since_us: int | None = None
    stays: bool = False
    homeward: bool = False
    ceiling: int = 100
    lost: bool = False
    output: str = ""
    outputs: tuple[Output, ...] = ()
    programs: tuple[str, ...] = ()

    @property
    def nowhere(self) -> bool:
        """Whether there is nothing at all that it could be heard on."""
        return self.available and not self.lost and self.output.startswith(("dummy", "auto_null"))
