"""The demo clinic, and its invented session played from arrival to the paper on real parts.

Speed scales the clock and the script, never the sound: at each change of track the clock stands still until the new
piece has been heard for a moment and the old one has faded.
"""

import math
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from kapdesk import paths
from kapdesk.access.accounts import chosen
from kapdesk.clinic import script
from kapdesk.clinic.close import make, save
from kapdesk.clinic.founding import First, found
from kapdesk.clinic.inbox import Inbox
from kapdesk.clinic.keyring import Keyring
from kapdesk.clinic.music import open_music, planned
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.room import Room
from kapdesk.clinical import protocol
from kapdesk.clock import Clock, Reading, read_system
from kapdesk.errors import KnownError
from kapdesk.facts.people import Actor
from kapdesk.facts.session import PatientArrived, PersonCameIn, TrackStopped, WeightMeasured
from kapdesk.music import imagery
from kapdesk.music.desk import MusicDesk
from kapdesk.record.recorder import Recording

MINUTE_US = 60_000_000
HEARD_MS = 1_500
LONGEST_WAIT_S = 60.0
PLAYLIST = "first-light.toml"
PASSWORD = "lantern by the quiet harbour"

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


class ScriptClock:
    """The computer's clocks, run at `speed` up to the next step of the script, where they stand still until it is done.

    Called, it gives a reading of them.
    """

    def __init__(self, speed: float) -> None:
        self._speed, self._start, self._real = speed, read_system(), read_system()
        self._passed_ms = self._limit_ms = 0.0
        self._held = False

    def __call__(self) -> Reading:  # noqa: D102 -- as the class says
        real = read_system()
        if not self._held:
            on = (real.awake_ms - self._real.awake_ms) * self._speed
            self._passed_ms = min(self._passed_ms + on, self._limit_ms)
        self._real = real
        start, passed = self._start, int(self._passed_ms)
        return Reading(
            start.wall_us + passed * 1000,
            start.utc_offset_s,
            start.boot_id,
            start.boottime_ms + passed,
            start.awake_ms + passed,
        )

    def run_to(self, minute: float) -> None:
        """Let the time run on to this minute after the start."""
        self()
        self._limit_ms = minute * 60_000

    def there(self) -> bool:
        """Whether the minute was reached."""
        self()
        return self._passed_ms >= self._limit_ms

    def hold(self, held: bool) -> None:
        """Stand still, or go on."""
        self()
        self._held = held


def lay_out(folder: Path, time_zone: str) -> Keyring:
    """A demo clinic with its invented first person, whose invented password stands on the sign-in page."""
    name, roles, credentials = script.STAFF[0]
    first = First(name, chosen(PASSWORD), roles, credentials)
    return found(folder, "Sample Clinic (demonstration)", time_zone, "a4", first, demo=True)[0]


def prepare(
    clinic: OpenClinic,
    inbox_wait: Callable[[Callable[[], bool]], None],
    arrived: bool = True,
    protocol_file: str = script.PROTOCOL,
    rehearsal: bool | None = None,
) -> Room:
    """The invented patient, staff, order and visit in a demo clinic; what is there already is used again."""
    for name, roles, credentials in script.STAFF:
        if all(person.name != name for person in clinic.state.people.values()):
            clinic.add_person(name, roles, credentials)
    wanted = {name for name, _, _ in script.STAFF}
    inbox_wait(lambda: wanted <= {person.name for person in clinic.state.people.values()})
    people = {person.name: id_ for id_, person in clinic.state.people.items()}
    staff = [Actor(people[name], people[name]) for name, _, _ in script.STAFF]
    known = [p.id for p in clinic.patients.values() if p.registered and p.registered.name == script.PATIENT.name]
    patient = known[0] if known else clinic.register(script.PATIENT, staff[1])[0]
    inbox_wait(lambda: patient in clinic.patients)
    plan, toml = protocol.read(paths.shipped("resources", "protocols", protocol_file))
    now_s = clinic.clock.now().utc_us / 1e6
    today, until = (datetime.fromtimestamp(now_s + days * 86_400, UTC).date().isoformat() for days in (0, 30))
    recorder = clinic.patient_recorder(patient)
    facts = (script.order_of(plan, until), *script.known_of(plan, today, until))
    said = [recorder.record(fact, staff[2]).statement.id for fact in facts]
    inbox_wait(lambda: clinic.patients[patient].history.get(said[-1]) is not None)
    music = planned(paths.shipped("playlists", PLAYLIST))
    room = clinic.open_session(patient, toml, music, staff[0], script.CHAIR, rehearsal=rehearsal)
    if arrived:
        room.record(PatientArrived())
    for actor, (name, roles, credentials) in zip(staff, script.STAFF, strict=True):
        room.record(PersonCameIn(actor.by, name, roles, credentials))
    day = _day(room)
    room.record(WeightMeasured(script.WEIGHT_G, day), actor=staff[1])
    inbox_wait(lambda: not room.pending)
    return room


def make_ready(room: Room) -> None:
    """What the protocol asks for before the dose, answered and measured, but for the word that it may begin."""
    assert room.protocol is not None
    nurse = Actor(room.session.present()[1].person, room.session.present()[1].person)
    baseline = next(each.fact for each in script.STEPS if isinstance(each, script.Step) and each.minute == 3)
    room.record(baseline, actor=nurse)
    for fact in (*script.answers_of(room.protocol.before), *script.with_them(room.protocol)):
        room.record(fact, actor=nurse)


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
        self.music: MusicDesk = open_music(self.clinic)
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
        self.inbox.run_until(lambda: False, 0.02)
        if not self._settled():
            self.time.hold(True)
            self._wait(self._settled, "the music")
            self._wait(lambda: not room.pending, "the record")
            self.time.hold(False)

    def _settled(self) -> bool:
        return self.music.settled(HEARD_MS)

    def _do(self, room: Room, step: script.Step | script.Amend | script.About | script.Press) -> None:
        match step:
            case script.Step(who=who, fact=fact, name=name):
                recording = room.record(fact, actor=Actor(self.staff[who], self.staff[who]))
                self.named[name] = recording
            case script.Amend(who=who, name=name, reason=reason, truth=truth, minutes_earlier=earlier):
                room.by = Actor(self.staff[who], self.staff[who])
                first = self.named[name]
                if truth is None and not earlier:
                    room.strike(first.statement.id, reason)
                    return
                at_us = first.statement.at_us - int(earlier * MINUTE_US)
                room.correct(first.statement.id, truth or first.fact, at_us, reason)  # type: ignore[arg-type]
            case script.About(who=who, name=name, make=make):
                room.record(make(self.named[name].statement.id), actor=Actor(self.staff[who], self.staff[who]))
            case script.Press(what=what):
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


def _day(room: Room) -> str:
    return datetime.fromtimestamp(room.now_us() / 1e6, UTC).date().isoformat()
