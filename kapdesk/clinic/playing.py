"""The demo's invented session, played from arrival to the paper on real parts.

Speed scales the clock, the script and the fades' length, never the sound: at each change of track the clock stands
still until the new piece has been heard for a moment and the old one has faded.
"""

import math
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import msgspec

from kapdesk import paths
from kapdesk.clinic import script
from kapdesk.clinic.close import make, save
from kapdesk.clinic.demo import lay_out, prepare
from kapdesk.clinic.inbox import Inbox
from kapdesk.clinic.keyring import Keyring
from kapdesk.clinic.music import open_music
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.pace import Brisk, ScriptClock
from kapdesk.clinic.room import Room
from kapdesk.clinic.scenes import About, Amend, Press, Scene, Step
from kapdesk.clock import MINUTE_US, Clock
from kapdesk.errors import KnownError
from kapdesk.facts.people import Actor
from kapdesk.facts.session import TrackStopped
from kapdesk.music import imagery
from kapdesk.music.desk import MusicDesk
from kapdesk.record.recorder import Recording

HEARD_MS = 600
LONGEST_WAIT_S = 60.0
STEP_S = 0.02

Progress = Callable[[float, str], None]


class Track(msgspec.Struct, frozen=True):
    """A piece as it was heard in the demo: for how long in all, and whether it left by a fade."""

    title: str
    heard_ms: int
    faded: bool


class Played(msgspec.Struct, frozen=True):
    """What the scripted session came to."""

    session: UUID
    facts: int
    pdf: str
    chain_ok: bool
    engine: str
    sink: str
    tracks: tuple[Track, ...]


def play(
    out: Path,
    speed: float,
    progress: Progress = lambda part, words: None,
    protocol_file: str = script.PROTOCOL,
) -> Played:
    """Play the scripted session in a throw-away clinic in `out`, and write its note there. Raises KnownError."""
    if not 0 < speed < math.inf:
        raise KnownError("The speed must be above 0. Nothing was played; try 60.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="clinic-", dir=out))
    except OSError as error:
        raise KnownError(f"{out} cannot be written ({error.strerror}). Choose another folder with --out.") from error
    try:
        return _Player(lay_out(folder, "Europe/Warsaw"), speed, progress).play(out, protocol_file)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Player:
    """One run of the script."""

    def __init__(self, ring: Keyring, speed: float, progress: Progress) -> None:
        self.inbox, self.time, self.progress = Inbox(), ScriptClock(speed), progress
        self.clinic = OpenClinic(ring, self.inbox.post, Clock(self.time))
        self.music: MusicDesk = open_music(self.clinic, lambda engine: Brisk(engine, speed))
        self.named: dict[str, Recording] = {}

    def play(self, out: Path, protocol_file: str) -> Played:
        """From arrival to the paper."""
        try:
            room = prepare(self.clinic, lambda done: self._wait(done, "the record"), protocol_file=protocol_file)
            self.music.own(room)
            self.staff = [person.person for person in room.session.present()]
            self._steps(room)
            self.music.end()
            self._wait(lambda: self.music.quiet and not room.pending, "the last fade")
            return self._result(room, out)
        finally:
            self.music.close()
            self.clinic.close(give_up=True)

    def _steps(self, room: Room) -> None:
        assert room.protocol is not None
        steps = script.steps_of(room.protocol)
        for n, step in enumerate(steps):
            self.progress(n / len(steps), f"Minute {step.minute:.0f}")
            self.time.run_to(step.minute)
            while not self.time.there():
                self._turn(room)
            self.time.hold(True)
            self._do(room, step)
            self._wait(lambda: not room.pending, "the record")
            self._wait(self._settled, "the music")
            self.time.hold(False)

    def _turn(self, room: Room) -> None:
        """A moment of the session: the music follows the phase, and the clock waits for it at each change."""
        self.music.tick()
        self.inbox.run_until(self.time.there, STEP_S, min(STEP_S, max(0.001, self.time.left_s())))
        if not self._settled():
            self.time.hold(True)
            self._wait(self._settled, "the music")
            self._wait(lambda: not room.pending, "the record")
            self.time.hold(False)

    def _settled(self) -> bool:
        return self.music.settled(HEARD_MS)

    def _do(self, room: Room, step: Scene) -> None:
        match step:
            case Step(who=who, fact=fact, name=name):
                recording = room.record(fact, actor=Actor(self.staff[who], self.staff[who]))
                self.named[name] = recording
            case Amend(who=who, name=name, reason=reason, truth=truth, minutes_earlier=earlier):
                room.by = Actor(self.staff[who], self.staff[who])
                first = self.named[name]
                if truth is None and not earlier:
                    room.strike(first.statement.id, reason)
                    return
                at_us = first.statement.at_us - int(earlier * MINUTE_US)
                room.correct(first.statement.id, truth or first.fact, at_us, reason)  # type: ignore[arg-type]
            case About(who=who, name=name, make=make):
                room.record(make(self.named[name].statement.id), actor=Actor(self.staff[who], self.staff[who]))
            case Press(what=what):
                room.by = Actor(self.staff[0], self.staff[0])
                self._press(what)

    def _press(self, what: str) -> None:
        match what:
            case "start" | "bring back":
                self.music.bring_back()
            case "silence":
                self.music.silence()
            case "leave imagery":
                self.music.stop_imagery()
            case piece:
                self.music.start_imagery(imagery.read(paths.shipped("resources", "imagery", piece)))

    def _wait(self, done: Callable[[], bool], what: str) -> None:
        def asked() -> bool:
            self.music.tick()
            return done()

        if not self.inbox.run_until(asked, LONGEST_WAIT_S):
            raise KnownError(f"The demo waited for {what} for {LONGEST_WAIT_S:.0f} seconds and gave up. Try again.")

    def _result(self, room: Room, out: Path) -> Played:
        self.progress(0.97, "The note")
        pdf = (out / f"session-note-{room.id}.pdf").resolve()
        save(make(self.clinic, room.id), pdf)
        heard: dict[str, list[TrackStopped]] = {}
        for stopped in room.session.history.standing(TrackStopped):
            heard.setdefault(stopped.fact.title, []).append(stopped.fact)
        tracks = tuple(
            Track(title, sum(stop.heard_ms or 0 for stop in stops), all(stop.how == "faded" for stop in stops))
            for title, stops in heard.items()
        )
        now = self.music.now()
        whole = self.clinic.check().whole
        return Played(room.id, len(room.session.history), str(pdf), whole, now.engine, now.sink, tracks)
