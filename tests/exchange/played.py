"""The demo's visit under each shipped protocol, said without a desk: what was recorded, and by whom."""

from uuid import UUID

import msgspec

from kapdesk import paths
from kapdesk.clinic import script
from kapdesk.clinic.scenes import About, Amend, Step
from kapdesk.clinical import protocol as protocols
from kapdesk.exchange.visit import Visit
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.session import Locked, PatientArrived, PersonCameIn, ProtocolChosen, VisitOpened, WeightMeasured
from tests.exchange.told import PATIENT, corrected, visit
from tests.fakes import happened

PROTOCOLS = sorted(path.name for path in paths.shipped("resources", "protocols").glob("*.toml"))


def played(file: str) -> Visit:
    """The visit of the script under a protocol, to its signature."""
    plan, toml = protocols.read(paths.shipped("resources", "protocols", file))
    facts: list[tuple[float, int, str, Fact | Amend | About]] = [
        (0, 0, "", VisitOpened("dosing", PATIENT, False, "Europe/Warsaw", "a4", "2")),
        (0, 0, "", ProtocolChosen(toml, protocols.sha256(toml))),
        (0, 0, "", PatientArrived()),
        *((0, n, "", PersonCameIn(f"sample-person-{n}", *each)) for n, each in enumerate(script.STAFF)),
        (0.5, 1, "", WeightMeasured(script.WEIGHT_G, "2026-03-02")),
    ]
    for scene in script.steps_of(plan):
        if isinstance(scene, Step):
            facts.append((scene.minute, scene.who, scene.name, scene.fact))
        elif isinstance(scene, Amend | About):
            facts.append((scene.minute, scene.who, scene.name, scene))
    end = max(minute for minute, *_ in facts) + 1
    facts.append((end, 0, "", Locked()))
    told, named = [], {}
    for n, (minute, who, name, what) in enumerate(facts, 1):
        fact = _fact(what, named)
        each = happened(fact, minute, counter=n, id_=UUID(int=0x1000 + n))
        by = f"sample-person-{who}"
        told.append(msgspec.structs.replace(each, by=by, entered_by=by))
        if name and isinstance(what, Fact):
            named[name] = (each.id, minute, fact)
    order, known = script.order_of(plan, "2026-12-31"), script.known_of(plan, "2026-03-01", "2026-12-31")
    return visit(told, [(script.PATIENT, -90), (order, -80), *((fact, -70) for fact in known)], made=end + 10)


def _fact(what: Fact | Amend | About, named: dict[str, tuple[UUID, float, Fact]]) -> Fact:
    if isinstance(what, Fact):
        return what
    id_, minute, first = named[what.name]
    if isinstance(what, About):
        return what.make(id_)
    if what.truth is None and not what.minutes_earlier:
        return Struck(id_, what.reason)
    return corrected(id_, minute - what.minutes_earlier, what.reason, what.truth or first)
