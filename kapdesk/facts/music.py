"""What can be recorded of the music beside its plan and what was heard (session.py): its level, turns and output."""

from typing import Literal

from kapdesk.facts.fact import Fact, Whole

Turn = Literal["soften", "deepen", "stay", "go-on", "bring-home"]
OutputKind = Literal["headphones", "loudspeaker", "unknown"]
Carried = Literal["carried", "partly", "did-not"]


class MusicChecked(Fact, frozen=True, tag="music-checked"):
    """Every file of the playlist was read whole before the session; `wrong` has a sentence for each that is amiss."""

    playlist: str
    pieces: Whole
    good: Whole
    wrong: tuple[str, ...] = ()


class LevelFound(Fact, frozen=True, tag="level-found"):
    """On the sound check the patient found this volume right; the session goes no louder than the ceiling.

    Percent of the desk's full volume, on that output.
    """

    percent: Whole
    ceiling_percent: Whole
    output: str = ""


class MusicTurned(Fact, frozen=True, tag="music-turned"):
    """The therapist turned the music: softer or deeper pieces, staying with this one, going on, or the way home."""

    to: Turn


class TrackRefused(Fact, frozen=True, tag="track-refused"):
    """This piece was not right for this patient: it went out within three seconds. `digest` is its file's SHA-256."""

    title: str
    file: str
    digest: str = ""


class OutputChosen(Fact, frozen=True, tag="output-chosen"):
    """A person chose where the music is heard."""

    output: str
    heard_on: OutputKind = "unknown"


class OutputLost(Fact, frozen=True, tag="output-lost"):
    """What the patient hears the music on is gone; the music waits, and nothing sounds anywhere else."""

    output: str


class OutputBack(Fact, frozen=True, tag="output-back"):
    """What the patient hears the music on is there again, `silent_ms` later."""

    output: str
    silent_ms: Whole = 0


class OtherSound(Fact, frozen=True, tag="other-sound"):
    """Another program sounds, or could at any time, where the patient hears the music."""

    program: str


class ImageryPaused(Fact, frozen=True, tag="imagery-paused"):
    """The guided-imagery piece was halted, `position_ms` into it."""

    title: str
    position_ms: Whole


class ImageryResumed(Fact, frozen=True, tag="imagery-resumed"):
    """The guided-imagery piece goes on from `position_ms`."""

    title: str
    position_ms: Whole


class MusicRated(Fact, frozen=True, tag="music-rated"):
    """How the music was for the patient, asked after the session; the newest stands.

    `unwelcome` says in words what was not welcome; empty: nothing. The others only if wanted, from 0 (not at all) to 10
    (wholly): how much they liked it, how much it resonated with what they felt, how open to it they were.
    """

    carried: Carried
    unwelcome: str = ""
    liking: Whole | None = None
    resonance: Whole | None = None
    openness: Whole | None = None


MusicFact = (
    MusicChecked
    | LevelFound
    | MusicTurned
    | TrackRefused
    | OutputChosen
    | OutputLost
    | OutputBack
    | OtherSound
    | ImageryPaused
    | ImageryResumed
    | MusicRated
)
