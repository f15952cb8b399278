"""The tables of what was checked, set aside, counted, rated, done and agreed: one for each matter. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from kapdesk.clinical import care
from kapdesk.clinical.codes import INTERVENTION
from kapdesk.clinical.protocol import Protocol
from kapdesk.clinical.template import BEHIND
from kapdesk.facts import after, home, session
from kapdesk.facts import care as facts
from kapdesk.facts.fact import Fact
from kapdesk.facts.music import ImageryPaused, ImageryResumed
from kapdesk.note import minutes, saying
from kapdesk.note.paper import Line, Table
from kapdesk.note.telling import Telling
from kapdesk.record.history import Happening
from kapdesk.session.needs import THOUGHTS, TOLD

TOGETHER_US = 10 * 60_000_000
"""Answers of one person within so long of each other stand in one line."""


class Matter(NamedTuple):
    """A table: what stands in it, its columns between the time and who said it, and how they share their room."""

    kinds: tuple[type[Fact], ...]
    columns: tuple[str, ...] = ("What",)
    shares: tuple[int, ...] = (1,)


MATTERS: dict[str, Matter] = {
    "people": Matter(
        (
            session.PersonCameIn, session.PersonLeft, after.CareHandedOver, after.CareTakenOver,
            after.HandOverWithdrawn,
        ),
        ("Who", "Role", "Credential", "Licence no."),
        (34, 30, 18, 18),
    ),
    "times": Matter((
        session.PatientArrived, session.Cleared, session.PhaseEntered, session.PhaseExtended, session.Ended,
        session.PatientLeft, facts.TimerSet, facts.TimerOver,
    )),
    "set aside": Matter((facts.Overridden,), ("What", "Still missing then", "Reason"), (14, 43, 43)),
    "checked": Matter((facts.ChecklistAnswered, session.WeightMeasured, home.PatientLocated)),
    "medication": Matter((
        facts.DoseChecked, facts.InfusionStarted, facts.InfusionRateSet, facts.InfusionPaused, facts.InfusionStopped,
        facts.LozengeOut,
    )),
    "substances": Matter(
        (facts.SubstanceCounted, facts.Witnessed, home.HomeDosesCounted),
        ("Medication", "Drawn", "Given", "Wasted", "Returned", "Witness"),
        (36, 13, 13, 13, 13, 12),
    ),
    "scales": Matter((facts.ScaleRated, facts.ScaleNotRated), ("Scale", "Value", "Remark"), (14, 14, 72)),
    "adverse events": Matter(
        (
            facts.BreachAnswered, facts.AdverseEventNoted, facts.AdverseEventSettled, facts.EmergencyBegan,
            facts.EmergencyStepTaken, facts.EmergencyOver, home.ContactLost, home.ContactSought, home.ContactFound,
            session.DoseGiven,
        ),
        ("What", "Severity", "What was done", "Outcome"),
        (32, 12, 30, 26),
    ),
    "interventions": Matter((
        facts.TouchAgreed, facts.StopSignalGiven, facts.PsychotherapyBegan, facts.PsychotherapyOver, session.NoteTaken,
    )),
    "imagery": Matter((ImageryPaused, ImageryResumed, session.ImageryStopped)),
    "practice": Matter((after.DebriefWritten, after.PracticeAgreed, after.PracticeReviewed)),
    "leaving": Matter((facts.ChecklistAnswered, after.LeavingScored, facts.EscortNamed)),
    "corrections": Matter((after.PaperEntered, after.VisitMoved)),
}  # fmt: skip
"""By the part of the note (clinical/template.py). What lasts stands among the observations, music among the music."""

_HEADINGS = {part.part: part.heading for part in BEHIND}


def tables_of(telling: Telling, protocol: Protocol | None) -> tuple[Table, ...]:
    """The table of each matter of which anything was recorded, by when it happened, the struck lines too."""
    made = []
    for part, matter in MATTERS.items():
        found = [each for each in telling.printed(*matter.kinds) if _belongs(telling, protocol, part, each)]
        lines = _lines(telling, part, found)
        if part == "people":
            lines += _outside(telling)
        if lines:
            wide = max(len(each.cells) - _empty(each.cells) for each in lines)  # a column that says nothing is none
            intro = f"{minutes.which(telling)} {_next_day(telling)}".strip() if part == "times" else ""
            made.append(
                Table(
                    intro=intro,
                    part=part,
                    heading=_HEADINGS[part],
                    columns=matter.columns[:wide],
                    shares=(*matter.shares[: wide - 1], sum(matter.shares[wide - 1 :])),  # the last has what is left
                    lines=tuple(lines),
                )
            )
    return tuple(made)


def _empty(cells: Sequence[str]) -> int:
    """How many cells at the end say nothing; never all of them."""
    said = [n for n, cell in enumerate(cells, 1) if cell]
    return len(cells) - max(said, default=1)


def _next_day(telling: Telling) -> str:
    return f"+1 d is the day after, {telling.day_after.isoformat()}." if telling.over_midnight else ""


def _belongs(telling: Telling, protocol: Protocol | None, part: str, each: Happening) -> bool:
    """The lines of the lists stand where their list was asked: before the dose, or before leaving; a dose stands among
    the medication, and one of another medicine than the session's beside what it was given for as well."""
    if isinstance(each.fact, session.NoteTaken):
        return each.fact.code == INTERVENTION and not each.struck  # it stands among the observations as well
    if isinstance(each.fact, session.DoseGiven):
        return not (each.struck or telling.session.counts(each.fact))
    if not isinstance(each.fact, facts.ChecklistAnswered):
        return True
    return (part == "leaving") == _asked_before_leaving(telling, protocol, each)


def _asked_before_leaving(telling: Telling, protocol: Protocol | None, each: Happening) -> bool:
    """By the protocol's lists; where a line is on neither or on both, by whether a dose had been given."""
    item = each.fact.item.removesuffix(THOUGHTS).removesuffix(TOLD)
    if protocol is not None:
        before = any(line.id == item for line in protocol.before)
        after_ = any(line.id == item for line in protocol.leaving.items)
        if before != after_:
            return after_
    dose = telling.session.first_dose_us
    return dose is not None and each.at_us > dose


def _lines(telling: Telling, part: str, found: Sequence[Happening]) -> list[Line]:
    """A line for each; the lines of a list that one person answered one after the other stand together."""
    made: list[Line] = []
    run: list[Happening] = []
    for each in found:
        listed = isinstance(each.fact, facts.ChecklistAnswered) and not each.struck and each.first is None
        if run and not (listed and each.by == run[0].by and each.at_us - run[0].at_us <= TOGETHER_US):
            made.append(_together(telling, run))
            run = []
        if listed:
            run.append(each)
        elif not saying.told_already(telling, each):
            made.append(Line(cells=saying.cells(telling, each), **telling.row(each)))
    return [*made, *([_together(telling, run)] if run else ())]


def _together(telling: Telling, run: Sequence[Happening]) -> Line:
    yes = [each.fact.words for each in run if each.fact.answer == "yes" and not each.fact.remark]
    others = [care.said(each.fact) for each in run if each.fact.answer != "yes" or each.fact.remark]
    said = ([f"Answered yes: {'; '.join(yes)}"] if yes else []) + others
    return Line(cells=(". ".join(said),), **telling.row(run[0]))


def _outside(telling: Telling) -> Iterable[Line]:
    """Who did or typed something without having been in the room."""
    for person in telling.people:
        if not person.came:
            who = f"{person.name} ({telling.initials(person.id)}), not in the room"
            yield Line(clock="", cells=(who, ", ".join(person.roles), person.credentials, person.licence))
