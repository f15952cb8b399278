"""The tables of the note, row by row from the record. Pure."""

from collections.abc import Sequence
from typing import get_args
from uuid import UUID

from kapdesk.clinical import care
from kapdesk.clinical import vitals as rules
from kapdesk.clinical.protocol import Protocol
from kapdesk.clinical.vitals import Limits
from kapdesk.facts.care import CareFact, StateBegan, StateOver
from kapdesk.facts.papers import PaperFact
from kapdesk.facts.session import (
    AddedAs,
    AddendumWritten,
    Cleared,
    ComputerRestarted,
    ComputerSlept,
    DoseGiven,
    Ended,
    ImageryStarted,
    IntentionSet,
    Marked,
    MusicLost,
    MusicSilenced,
    NoteTaken,
    PatientArrived,
    PatientLeft,
    PersonCameIn,
    PersonLeft,
    PhaseEntered,
    PhaseExtended,
    SummaryWritten,
    TrackSkipped,
    TrackStarted,
    VitalsNotTaken,
    VitalsTaken,
    VolumeSet,
    WallClockMoved,
    WeightMeasured,
)
from kapdesk.note import lasted, saying, wording
from kapdesk.note.paper import (
    Changed,
    Column,
    Dose,
    Figure,
    Flag,
    Late,
    LateKind,
    NotTaken,
    Observation,
    PhaseNotes,
    Reading,
    RouteSum,
    TimeNotice,
    Vitals,
)
from kapdesk.note.telling import Telling
from kapdesk.record.history import Happening
from kapdesk.session.plan import PhaseSpan

_UNITS = {
    "systolic_mmhg": "mmHg",
    "diastolic_mmhg": "mmHg",
    "pulse_per_min": "/min",
    "spo2_percent": "%",
    "breaths_per_min": "/min",
    "temperature_dc": "°C",
}


def doses(telling: Telling) -> tuple[Dose, ...]:
    """Every medication given, the struck ones too."""
    return tuple(_dose(telling, each, each.fact) for each in telling.printed(DoseGiven))


def _dose(telling: Telling, each: Happening, fact: DoseGiven) -> Dose:
    strength, volume = fact.strength_ug_per_ml, fact.volume_ul
    return Dose(
        medication=fact.medication[:1].upper() + fact.medication[1:],
        dose=wording.mg(fact.dose_ug),
        per_kg=wording.per_kg(fact.dose_ug, telling.weight_g),
        strength="" if strength is None else f"{wording.decimal(strength, 3)} mg/mL",
        volume="" if volume is None else f"{wording.decimal(volume, 3)} mL",
        route=care.ROUTES[fact.route],
        site=fact.site,
        lot=" · ".join(part for part in (fact.lot, fact.expiry) if part),
        entered_by=telling.initials(each.entered_by),
        checked_by=saying.checked_by(telling, each),
        **telling.row(each),
    )


def sums(telling: Telling) -> tuple[RouteSum, ...]:
    """What was given of each medication by each route; never across routes."""
    groups: dict[tuple[str, str], list[int]] = {}
    for each in telling.session.history.standing(DoseGiven):
        name = each.fact.medication.strip()
        name = name[:1].upper() + name[1:].lower()
        groups.setdefault((name, care.ROUTES[each.fact.route]), []).append(each.fact.dose_ug)
    made = []
    for (medication, route), amounts in groups.items():
        count = "1 dose" if len(amounts) == 1 else f"{len(amounts)} doses"
        parts = (wording.mg(sum(amounts)), wording.per_kg(sum(amounts), telling.weight_g), count)
        made.append(RouteSum(medication=medication, route=route, total=" · ".join(part for part in parts if part)))
    return tuple(made)


def limits_at(telling: Telling, protocol: Protocol | None, at_us: int) -> Limits:
    """The clinic's limits that hold at an instant; none where the protocol cannot be read."""
    return protocol.limits_at(at_us, telling.session.first_dose_us) if protocol else Limits()


def flags_of(telling: Telling, protocol: Protocol | None, each: Happening) -> dict[str, Flag]:
    """By field: on which side of the clinic's limits a reading lies."""
    found = rules.flags(each.fact, limits_at(telling, protocol, each.at_us))
    return {flag.field: "high" if flag.side == "above" else "low" for flag in found}


def vitals(telling: Telling, protocol: Protocol | None) -> Vitals:
    """The table of vital signs: only the measures that were taken at all."""
    taken = telling.printed(VitalsTaken)
    fields = [name for name in rules.NAMES if any(getattr(each.fact, name) is not None for each in taken)]
    means = any(rules.mean_mmhg(each.fact) is not None for each in taken)
    after = len([name for name in fields if name in ("systolic_mmhg", "diastolic_mmhg")])
    columns = [Column(name=rules.NAMES[name], unit=_UNITS[name]) for name in fields]
    if means:
        columns.insert(after, Column(name="MAP", unit="calculated"))
    readings = []
    ways = {rules.how_taken(each.fact) for each in taken}
    alike = ways.pop() if len(ways) == 1 and len(taken) > 1 else ""
    for each in taken:
        flags = flags_of(telling, protocol, each)
        figures = [Figure(value=value_of(each.fact, name), flag=flags.get(name, "")) for name in fields]
        if means:
            mean = rules.mean_mmhg(each.fact)
            figures.insert(after, Figure(value="" if mean is None else str(mean)))
        how = "" if alike else rules.how_taken(each.fact)
        readings.append(Reading(figures=tuple(figures), how=how, **telling.row(each)))
    before = baseline(telling)
    return Vitals(
        columns=tuple(columns),
        readings=tuple(readings),
        not_taken=tuple(
            NotTaken(what="Vital signs", reason=each.fact.reason, **telling.row(each))
            for each in telling.printed(VitalsNotTaken)
        ),
        limits=_limits(protocol),
        how=alike,
        baseline=f"{wording.reading(before.fact)}, at {telling.clock(before.at_us)}" if before else "",
    )


def baseline(telling: Telling) -> Happening | None:
    """The last reading with a pressure before the first dose."""
    dose = telling.session.first_dose_us
    found = [
        each
        for each in telling.session.history.standing(VitalsTaken)
        if each.fact.systolic_mmhg is not None and (dose is None or each.at_us <= dose)
    ]
    return found[-1] if found else None


def value_of(fact: VitalsTaken, name: str) -> str:
    """A field of a reading as printed, without its unit; empty where it was not measured."""
    value: int | None = getattr(fact, name)
    if value is None:
        return ""
    return bare(name, value)


def _limits(protocol: Protocol | None) -> str:
    if protocol is None:
        return ""

    def words(limits: Limits) -> str:
        parts = []
        for field, name in rules.NAMES.items():
            low, high = limits.low(field), limits.high(field)
            low_, high_ = (None if value is None else bare(field, value) for value in (low, high))
            word = name if name in ("SpO₂", "RR") else name.lower()
            if low_ and high_:
                parts.append(f"{word} {low_}–{high_}")
            elif high_:
                parts.append(f"{word} up to {high_}")
            elif low_:
                parts.append(f"{word} from {low_}")
        return ", ".join(parts)

    before, after = words(protocol.limits_before), words(protocol.limits_after)
    return f"{after}; before the first dose: {before}" if before and after and before != after else after or before


def bare(field: str, value: int) -> str:
    """A value of a field as printed."""
    return f"{value // 10}.{value % 10}" if field == "temperature_dc" else str(value)


def observations(telling: Telling, spans: Sequence[PhaseSpan]) -> tuple[PhaseNotes, ...]:
    """Notes, marks and states under the phase they fell into; those before the first phase stand first.

    A state stands where it began, with until when it lasted.
    """
    groups: list[tuple[PhaseSpan | None, list[Observation]]] = [(None, []), *((span, []) for span in spans)]
    for each in telling.printed(NoteTaken, Marked, StateBegan, StateOver):
        if lasted.told_already(telling, each):
            continue
        begun = sum(span.start_us <= each.at_us for span in spans)
        groups[begun][1].append(_observation(telling, each))
    made = []
    for n, (span, notes) in enumerate(groups):
        if span is None:
            made.append(PhaseNotes(phase="before arrival" if spans else "visit", observations=tuple(notes)))
            continue
        last = n == len(groups) - 1
        until = "" if last else telling.clock(span.end_us)
        made.append(
            PhaseNotes(
                phase=span.phase,
                span=f"from {telling.clock(span.start_us)}" + (f" to {until}" if until else ""),
                observations=tuple(notes),
            )
        )
    return tuple(group for group in made if group.observations)


def _observation(telling: Telling, each: Happening) -> Observation:
    if isinstance(each.fact, Marked):
        return Observation(text="(a mark, without words)", **telling.row(each))
    if isinstance(each.fact, StateBegan):
        return Observation(code=each.fact.code, text=lasted.state(telling, each), **telling.row(each))
    if isinstance(each.fact, StateOver):
        return Observation(code=lasted.code_of(telling, each), text=lasted.over(telling, each), **telling.row(each))
    fact: NoteTaken = each.fact
    return Observation(code=fact.code, text=fact.text, patients_words=fact.patients_words, **telling.row(each))


def time_notices(telling: Telling) -> tuple[TimeNotice, ...]:
    """What happened to the computer's clocks, and how sure the times after it are."""
    made = []
    for each in telling.printed(ComputerSlept, WallClockMoved, ComputerRestarted):
        match each.fact:
            case ComputerRestarted(uncertainty_ms=off):
                sure = f"± {wording.lasted(off)}" if off else "sure"
            case WallClockMoved():
                sure = "sure: times go on from before the change"
            case _:
                sure = "sure: the clock went on"
        made.append(TimeNotice(what=f"{wording.said(each.fact)}.", uncertainty=sure, **telling.row(each)))
    return tuple(made)


_IN_TABLES = (
    DoseGiven, VitalsTaken, VitalsNotTaken, NoteTaken, Marked, TrackStarted, TrackSkipped, MusicSilenced, MusicLost,
    VolumeSet, ImageryStarted, ComputerSlept, WallClockMoved, ComputerRestarted, *get_args(CareFact),
    PersonCameIn, PersonLeft, PatientArrived, Cleared, PhaseEntered, PhaseExtended, Ended, PatientLeft, WeightMeasured,
)  # fmt: skip


def changed(telling: Telling) -> tuple[Changed, ...]:
    """What was corrected or struck and has no table of its own: arrival, weight, people, phases, the end …"""
    made = []
    replaced = _replaced(telling)
    for each in telling.session.history:
        if each.id in replaced:
            made.append(Changed(what=f"Earlier wording. {wording.said(each.fact)}", **telling.row(each)))
            continue
        touched = (each.first is not None or each.struck) and not (each.late or each.undone)
        if touched and not isinstance(each.fact, _IN_TABLES) and not wording.is_amendment(each.fact):
            made.append(Changed(what=wording.said(each.fact), **telling.row(each)))
    return tuple(made)


def _replaced(telling: Telling) -> set[UUID]:
    """Sections and intentions that were written anew later: what stood there first is kept on the paper.

    A draft that was kept, and kept again when the record had grown, is no wording that anyone changed: it is left out.
    """
    history = telling.session.history
    newest: dict[str, Happening] = {}
    replaced: set[UUID] = set()
    written = [*history.standing(SummaryWritten), *history.standing(IntentionSet)]
    for each in sorted(written, key=lambda h: (h.at_us, h.order)):
        section = each.fact.section if isinstance(each.fact, SummaryWritten) else "intention"
        if section in newest and not (_drafted(newest[section]) and _drafted(each)):
            replaced.add(newest[section].id)
        newest[section] = each
    return replaced


def _drafted(each: Happening) -> bool:
    return isinstance(each.fact, SummaryWritten) and each.fact.drafted


_ADDED: dict[AddedAs, LateKind] = {"addendum": "Addendum", "late entry": "Late entry", "correction": "Correction"}


def _of(telling: Telling, id_: UUID | None) -> str:
    """What is spoken of, as it stands; empty where that is nothing in particular or not here."""
    target = telling.session.history.get(id_) if id_ is not None else None
    return f"Of “{telling.said(target.fact)}” at {telling.clock(target.at_us)}: " if target else ""


def late(telling: Telling) -> tuple[Late, ...]:
    """What came after signing, by when it was entered."""
    made = []
    for each in telling.session.history:
        if not (each.late or isinstance(each.fact, AddendumWritten)) or isinstance(each.fact, PaperFact):
            continue  # of the papers the signatures and the digest tell
        # The table says of all its rows that they are late; of each, when it was written and by whom.
        row = telling.row(each) | {"late": False, "entered": telling.written(each), "clock": telling.dated(each.at_us)}
        if isinstance(each.fact, AddendumWritten):
            text = _of(telling, each.fact.of) + each.fact.text
            made.append(Late(kind=_ADDED[each.fact.kind], text=text, **row))
        elif wording.is_amendment(each.fact):
            text = _of(telling, each.fact.target) + wording.said(each.fact)
            made.append(Late(kind="Correction", text=text, **row))
        else:
            made.append(Late(kind="Late addition", text=telling.said(each.fact), **row))
    return tuple(made)
