"""The demo clinic: its invented staff, patient, order and visit, up to where the session may begin."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from kapdesk import paths
from kapdesk.access.accounts import chosen
from kapdesk.clinic import script
from kapdesk.clinic.founding import First, found
from kapdesk.clinic.keyring import Keyring
from kapdesk.clinic.music import planned
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.room import Room
from kapdesk.clinic.scenes import STEPS, Step
from kapdesk.clinical import protocol
from kapdesk.facts.people import Actor
from kapdesk.facts.session import PatientArrived, PersonCameIn, WeightMeasured

PLAYLIST = "first-light.toml"
PASSWORD = "lantern by the quiet harbour"


def lay_out(folder: Path, time_zone: str) -> Keyring:
    """A demo clinic with its invented first person, whose invented password stands on the sign-in page."""
    name, roles, credentials = script.STAFF[0]
    first = First(name, chosen(PASSWORD), roles, credentials)
    return found(folder, "Sample Clinic (demonstration)", time_zone, "a4", first, demo=True)[0]


def prepare(
    clinic: OpenClinic,
    inbox_wait: Callable[[Callable[[], bool]], None],
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
    chair = "" if plan.setting == "home" else script.CHAIR
    room = clinic.open_session(patient, toml, music, staff[0], chair, rehearsal=rehearsal)
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
    baseline = next(each.fact for each in STEPS if isinstance(each, Step) and each.minute == 3)
    room.record(baseline, actor=nurse)
    for fact in (*script.answers_of(room.protocol.before), *script.with_them(room.protocol)):
        room.record(fact, actor=nurse)


def _day(room: Room) -> str:
    return datetime.fromtimestamp(room.now_us() / 1e6, UTC).date().isoformat()
