"""A patient's course: every visit in its order with what was given, measured and noted, beside plans and scores."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from kapdesk.clinic.open import Line, OpenClinic
from kapdesk.facts.care import AdverseEventNoted, AdverseEventSettled, Scale, ScaleRated
from kapdesk.facts.clinic import Head
from kapdesk.facts.entry import Stream
from kapdesk.facts.music import MusicRated
from kapdesk.facts.patient import CoursePlanned, MaintenancePlanned, MilestoneReached, Screened, VisitPlanned
from kapdesk.facts.session import VitalsTaken
from kapdesk.facts.words import Route, Visit
from kapdesk.people.patient import Patient
from kapdesk.people.scores import Taken, scores
from kapdesk.record.history import Happening
from kapdesk.session.infusion import gone_in_ug
from kapdesk.session.state import Session, Stage

WATCHED: tuple[tuple[str, str], ...] = (("bladder", "Bladder"), ("cognition", "Memory, thinking"), ("use", "Use"))
"""The lines of the screening that are watched over a course: what long use of ketamine may do."""


class Given(msgspec.Struct, frozen=True):
    """What was given of a medication by one route in a visit, never across; `ug_per_kg` where there is a weight."""

    medication: str
    route: Route
    dose_ug: int
    ug_per_kg: int | None


class Adverse(msgspec.Struct, frozen=True):
    """An adverse event of a visit; `outcome` is "" while it is open."""

    what: str
    severity: str
    outcome: str


class Visited(msgspec.Struct, frozen=True):
    """A visit in the course. `number`: which dosing visit it is, 0 for another kind.

    `peak` is the highest systolic pressure (mmHg) with the diastolic of its reading; `highest` and `lowest` the ends
    of each scale that was rated. `music`: how it was for the patient, asked afterwards, and what was planned to play.
    """

    id: UUID
    day: str
    at_us: int
    kind: Visit
    stage: Stage
    number: int = 0
    given: tuple[Given, ...] = ()
    peak: tuple[int, int | None] | None = None
    highest: dict[Scale, int] = {}
    lowest: dict[Scale, int] = {}
    adverse: tuple[Adverse, ...] = ()
    playlist: str = ""
    music: MusicRated | None = None


class Course(msgspec.Struct, frozen=True):
    """What the course page is drawn from."""

    patient: Patient
    visits: tuple[Visited, ...]
    scores: dict[str, tuple[Taken, ...]]

    @property
    def plan(self) -> CoursePlanned | None:
        """Goals, and how many dosing visits."""
        return self.patient.newest(CoursePlanned)

    @property
    def planned(self) -> tuple[VisitPlanned, ...]:
        """The next visit of each kind, by its date."""
        newest: dict[Visit, VisitPlanned] = {}
        for each in self.patient.standing(VisitPlanned):
            newest[each.fact.visit] = each.fact
        return tuple(sorted(newest.values(), key=lambda each: each.on))

    @property
    def milestones(self) -> tuple[Happening, ...]:
        """What was reached, in its order."""
        return tuple(self.patient.standing(MilestoneReached))

    @property
    def maintenance(self) -> MaintenancePlanned | None:
        """How it goes on afterwards."""
        return self.patient.newest(MaintenancePlanned)

    def watch(self, item: str) -> tuple[Happening, ...]:
        """The answers to a line of the screening, in their order."""
        return tuple(each for each in self.patient.standing(Screened) if each.fact.item == item)

    def place(self, visit: Visited) -> str:
        """ "session 3 of 6"; "" for a visit that is no dosing visit."""
        plan = self.plan
        of = f" of {plan.dosing_visits}" if plan is not None else ""
        return f"session {visit.number}{of}" if visit.number else ""


class Courses:
    """Reads courses, off the core's thread, and remembers each visit as long as nothing was added to it."""

    def __init__(self, clinic: OpenClinic) -> None:
        self._clinic = clinic
        self._known: dict[UUID, tuple[tuple[Head, ...], Visited]] = {}

    def read(self, patient: UUID) -> Course:
        """The course of a patient, of all their records. Rehearsals stand in it in a demo clinic only."""
        clinic = self._clinic
        whole = clinic.patient(patient)
        demo = clinic.state.demo
        ours = [
            line
            for line in clinic.visits_of(patient)
            if line.session.opened is not None
            if demo or not line.session.opened.rehearsal
        ]
        return course(whole, [self._visited(line) for line in ours])

    def _visited(self, line: Line) -> Visited:
        heads = self._clinic.log.heads(Stream("session", str(line.id)))
        known = self._known.get(line.id)
        if known is None or known[0] != heads:
            known = self._known[line.id] = (heads, visited(line.id, self._clinic.visit(line.id).session))
        return known[1]


def course(patient: Patient, visits: Iterable[Visited]) -> Course:
    """Visits in their order, the dosing ones numbered."""
    ordered, number = [], 0
    for each in sorted(visits, key=lambda each: (each.at_us, each.id)):
        number += each.kind == "dosing"
        ordered.append(msgspec.structs.replace(each, number=number if each.kind == "dosing" else 0))
    return Course(patient, tuple(ordered), scores(patient))


def visited(id_: UUID, session: Session) -> Visited:
    """One visit, as its session stands."""
    opened, first = session.opened, next(iter(session.history), None)
    at_us = first.at_us if first is not None else 0
    rated = session.history.standing(ScaleRated)
    by_scale: dict[Scale, list[int]] = {}
    for each in rated:
        by_scale.setdefault(each.fact.scale, []).append(each.fact.value)
    return Visited(
        id_,
        session.day,
        at_us,
        opened.visit if opened is not None else "dosing",
        session.stage,
        0,
        _given(session),
        _peak(session),
        {scale: max(values) for scale, values in by_scale.items()},
        {scale: min(values) for scale, values in by_scale.items()},
        _adverse(session),
        session.music.playlist if session.music is not None else "",
        ratings[-1].fact if (ratings := session.history.standing(MusicRated)) else None,
    )


def _given(session: Session) -> tuple[Given, ...]:
    weight = session.weight()
    sums: dict[tuple[str, Route], int] = {}
    for each in session.doses():
        key = (each.fact.medication.strip().lower(), each.fact.route)
        sums[key] = sums.get(key, 0) + gone_in_ug(session, each)
    return tuple(
        Given(medication, route, dose_ug, dose_ug * 1000 // weight.weight_g if weight and weight.weight_g > 0 else None)
        for (medication, route), dose_ug in sums.items()
    )


def _peak(session: Session) -> tuple[int, int | None] | None:
    taken = [each.fact for each in session.history.standing(VitalsTaken) if each.fact.systolic_mmhg is not None]
    top = max(taken, key=lambda fact: int(fact.systolic_mmhg), default=None)
    return (top.systolic_mmhg, top.diastolic_mmhg) if top is not None else None


def _adverse(session: Session) -> tuple[Adverse, ...]:
    settled = {each.fact.event: each.fact.outcome for each in session.history.standing(AdverseEventSettled)}
    return tuple(
        Adverse(each.fact.what, each.fact.severity, settled.get(each.id, ""))
        for each in session.history.standing(AdverseEventNoted)
    )
