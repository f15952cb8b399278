"""The tables of the note, row by row from the record. Pure."""

from collections.abc import Sequence
from typing import get_args
from uuid import UUID

from kapdesk.clinical import care
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
    Dose,
    Late,
    LateKind,
    Observation,
    PhaseNotes,
    RouteSum,
    TimeNotice,
)
from kapdesk.note.telling import Telling
from kapdesk.record.history import Happening
from kapdesk.session.infusion import of_dose
from kapdesk.session.plan import PhaseSpan


def doses(telling: Telling) -> tuple[Dose, ...]:
    """Every medication given, the struck ones too."""
    return tuple(_dose(telling, each, each.fact) for each in telling.printed(DoseGiven))


def _dose(telling: Telling, each: Happening, fact: DoseGiven) -> Dose:
    strength, volume = fact.strength_ug_per_ml, fact.volume_ul
    given_ug = telling.given_ug(each)
    part = given_ug < fact.dose_ug
    how = "so far" if telling.session.live else "not run to its end"
    part_of = f"of {wording.mg(fact.dose_ug)}, {how}" if part else ""
    return Dose(
        medication=wording.medication(fact),
        dose=wording.mg(given_ug),
        per_kg=wording.per_kg(given_ug, telling.weight_g),
        strength="" if strength is None else f"{wording.decimal(strength, 3)} mg/mL",
        volume="" if volume is None or part else f"{wording.decimal(volume, 3)} mL",
        route=care.ROUTES[fact.route],
        site=fact.site,
        lot=fact.lot,
        expiry=fact.expiry,
        entered_by=telling.initials(each.entered_by),
        checked_by=saying.checked_by(telling, each),
        over=_over(telling, each),
        part_of=part_of,
        **telling.row(each),
    )


def _over(telling: Telling, dose: Happening) -> str:
    """By its rates and pauses; nothing while it runs, or where the session ended before it was in."""
    infusion, ended_us = of_dose(telling.session, dose.id), telling.session.ended_us
    if infusion is None or dose.struck or ended_us is None:
        return ""
    ends_us = infusion.ends_us(ended_us)
    if ends_us is None or not dose.at_us < ends_us <= ended_us:
        return ""
    return wording.lasted((ends_us - dose.at_us) // 60_000_000 * 60_000)


def sums(telling: Telling) -> tuple[RouteSum, ...]:
    """What was given of each medication, as it was called first, by each route; never across routes."""
    groups: dict[tuple[str, str], list[int]] = {}
    called: dict[str, str] = {}
    for each in telling.session.history.standing(DoseGiven):
        name = wording.medication(each.fact)
        name = called.setdefault(name.casefold(), name)
        groups.setdefault((name, care.ROUTES[each.fact.route]), []).append(telling.given_ug(each))
    made = []
    for (medication, route), amounts in groups.items():
        count = "1 dose" if len(amounts) == 1 else f"{len(amounts)} doses"
        parts = (wording.mg(sum(amounts)), wording.per_kg(sum(amounts), telling.weight_g), count)
        made.append(RouteSum(medication=medication, route=route, total=" · ".join(part for part in parts if part)))
    return tuple(made)


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
