"""From a session to what its widgets show: clock, timeline, trend, tiles. Pure."""

from kapdesk.clinical.codes import INTERVENTION
from kapdesk.clinical.protocol import Protocol
from kapdesk.clinical.vitals import Field, Flag, mean_mmhg
from kapdesk.facts.care import PsychotherapyBegan, StateBegan
from kapdesk.facts.home import ContactFound, ContactLost
from kapdesk.facts.session import (
    DoseGiven,
    ImageryStarted,
    Marked,
    NoteTaken,
    PhaseEntered,
    VitalsTaken,
)
from kapdesk.record.history import Happening
from kapdesk.session import at_home, stop_signal
from kapdesk.session.due import RECHECK, Due
from kapdesk.session.heard import heard
from kapdesk.session.state import Session
from kapdesk.session.stretches import stretches
from ui import words
from ui.session.saying import flagged
from ui.session.seen import Seen
from ui.widgets.clock import ClockReading
from ui.widgets.tile import State, Tile
from ui.widgets.timeline import Kind, Mark, Span, Stretch, TimelineView
from ui.widgets.trend import Band, Dose, Lane, Limit, Point, Pressure, Track, TrendView

MINUTE_MS = 60_000
SOON_MS = 5 * MINUTE_MS
STOP_FIRST_US = 2 * MINUTE_MS * 1000
"""A stop signal is an answer asked for now; later a reading that is missing must not be hidden by it."""
BAND_PERCENT = 20
"""Blood pressure within a fifth of the baseline is the usual aim in sedation; drawn, never judged."""


def clock(seen: Seen) -> ClockReading:
    """Time since the first dose, or before it since the arrival; and what is due.

    Of what is late a repeat of a reading outside the limits is told first, then a reading, then what else there is. A
    stop signal that nobody answered comes before them for its first two minutes, and after them until it is answered.
    """
    session = seen.session
    dosed = session.first_dose_us is not None
    late = [due for due in seen.due if due.late_ms(seen.now_us) >= MINUTE_MS and dosed]
    late.sort(key=lambda due: (due.what != RECHECK, not due.reading))
    return ClockReading(
        (session.since_first_dose_ms(seen.now_us) or 0) if dosed else seen.since_ms(seen.now_us),
        "first dose" if dosed else "arrival",
        seen.wall(seen.wall_us),
        seen.wall(seen.origin_us),
        session.uncertainty_ms(),
        overdue=lost_words(seen) or _stop_or_late(seen, late),
        next_due=due_words(seen.due[0], seen.now_us) if seen.due else "",
    )


def lost_words(seen: Seen) -> str:
    """ "Contact lost 2 min", while nobody reaches the patient at home; nothing otherwise."""
    gone = at_home.lost(seen.session)
    return f"Contact lost {words.lasting((seen.now_us - gone.began.at_us) // 1000)}" if gone is not None else ""


def stop_words(seen: Seen) -> str:
    """ "Stop signal 2 min", since when, until it is answered; nothing otherwise."""
    given = stop_signal.unanswered(seen.session)
    return f"Stop signal {words.lasting((seen.now_us - given.at_us) // 1000)}" if given is not None else ""


def _stop_or_late(seen: Seen, late: list[Due]) -> str:
    given = stop_signal.unanswered(seen.session)
    if late and (given is None or seen.now_us - given.at_us >= STOP_FIRST_US):
        return due_words(late[0], seen.now_us)
    return stop_words(seen)


def due_words(due: Due, now_us: int) -> str:
    """Something due: "Vitals in 4 min", "Vitals 6 min late"."""
    late_ms = due.late_ms(now_us)
    return f"{due.what} {'now' if abs(late_ms) < MINUTE_MS else words.remaining(-late_ms)}"


def timeline(seen: Seen) -> TimelineView:
    """The session from end to end."""
    standing = [each for each in seen.session.history if not each.struck and not each.late]
    marks = [mark for each in standing if (mark := _mark(each, seen)) is not None]
    marks += [
        Mark(seen.since_ms(due.at_us), "due", due.what, late=due.late_ms(seen.now_us) >= MINUTE_MS) for due in seen.due
    ]
    now_ms = seen.since_ms(seen.now_us)
    music = (Stretch(each.title, each.start_ms, each.end_ms, music=True) for each in _tracks(seen, _quarter(now_ms)))
    return TimelineView(spans(seen), tuple(marks), now_ms, (*music, *_stretches(seen)))


def _quarter(ms: int) -> int:
    """By quarters of a minute: what goes on need not be drawn anew each second."""
    return ms // 15_000 * 15_000


def _stretches(seen: Seen) -> tuple[Stretch, ...]:
    """What lasted, from when until when; what goes on reaches to now, which need not be drawn anew each second."""
    now_us = seen.now_us // 15_000_000 * 15_000_000
    return tuple(
        Stretch(each.said, seen.since_ms(each.from_us), seen.since_ms(each.until_us), each.work)
        for each in stretches(seen.session, now_us)
    )


def spans(seen: Seen) -> tuple[Span, ...]:
    """The phases, named and timed from the first dose."""
    return tuple(
        Span(span.phase.capitalize(), seen.since_ms(span.start_us), seen.since_ms(span.end_us)) for span in seen.spans
    )


def trend(seen: Seen) -> TrendView:
    """The readings over the session. Now moves by quarters of a minute: it need not be drawn each second."""
    now_ms = _quarter(seen.since_ms(seen.now_us))
    taken = seen.session.history.standing(VitalsTaken)
    start_ms = min([seen.since_ms(h.at_us) for h in taken] + [span.start_ms for span in spans(seen)] + [now_ms, 0])
    end_ms = max(now_ms + 15 * MINUTE_MS, start_ms + 45 * MINUTE_MS)
    return TrendView(
        start_ms,
        end_ms,
        now_ms,
        tuple(_pressures(taken, seen)),
        tuple(_points(taken, "pulse_per_min", seen)),
        tuple(_points(taken, "spo2_percent", seen)),
        tuple(span for span in spans(seen) if span.start_ms < end_ms),
        tuple(
            Dose(seen.since_ms(h.at_us), given_label(seen.session, h.fact))
            for h in seen.session.history.standing(DoseGiven)
        ),
        _limits(seen.protocol, seen.session.first_dose_us is not None),
        _band(taken, seen),
        _tracks(seen, now_ms),
    )


def tiles(seen: Seen) -> tuple[Tile, ...]:
    """The newest of each reading."""
    taken = seen.session.history.standing(VitalsTaken)
    late = (
        any(due.reading and due.late_ms(seen.now_us) >= MINUTE_MS for due in seen.due)
        and seen.session.first_dose_us is not None
    )
    made = []
    for name, fields, unit, wide in _TILES:
        newest = next((h for h in reversed(taken) if any(getattr(h.fact, f) is not None for f in fields)), None)
        made.append(_tile(name, fields, unit, wide, newest, seen, late))
    return tuple(made)


def given_label(session: Session, given: DoseGiven) -> str:
    """A dose in a list: "IM 50 mg"; another medication than the session's by its name, "ondansetron IV 4 mg"."""
    return dose_label(given) if session.counts(given) else f"{given.medication} {dose_label(given)}"


def dose_label(given: DoseGiven) -> str:
    """A dose on an axis: "IM 50 mg"."""
    return f"{words.route(given.route)} {words.amount(given.dose_ug)}"


_TILES: tuple[tuple[str, tuple[Field, ...], str, int], ...] = (
    ("BP", ("systolic_mmhg", "diastolic_mmhg"), "mmHg", 2),
    ("Pulse", ("pulse_per_min",), "/min", 1),
    ("SpO₂", ("spo2_percent",), "%", 1),
    ("RR", ("breaths_per_min",), "/min", 1),
)


def _tile(
    name: str, fields: tuple[Field, ...], unit: str, wide: int, newest: Happening | None, seen: Seen, late: bool
) -> Tile:
    if newest is None:
        return Tile(name, unit=unit, state="none", wide=wide)
    beyond = [flag for flag in _flags(newest, seen) if flag.field in fields]
    state: State = "breach" if beyond else "late" if late else "ok"
    value = (
        words.pressure(newest.fact.systolic_mmhg, newest.fact.diastolic_mmhg)
        if name == "BP"
        else str(getattr(newest.fact, fields[0]))
    )
    mean = mean_mmhg(newest.fact) if name == "BP" else None
    beside = "" if mean is None else f"MAP {mean} calc"
    age_ms = max(0, (seen.now_us - newest.at_us) // 1000)
    return Tile(name, value, unit, age_ms, seen.name_of(newest.by), state, _beyond(beyond), wide, beside)


def _mark(each: Happening, seen: Seen) -> Mark | None:
    at_ms, id_ = seen.since_ms(each.at_us), str(each.id)
    match each.fact:
        case DoseGiven():
            return Mark(at_ms, "dose", given_label(seen.session, each.fact), id_)
        case VitalsTaken():
            return Mark(at_ms, "reading", words.pressure(each.fact.systolic_mmhg, each.fact.diastolic_mmhg), id_)
        case NoteTaken():
            return Mark(at_ms, _kind(each, seen), each.fact.code or "Note", id_)
        case StateBegan():
            return Mark(at_ms, _kind(each, seen), f"{each.fact.code} {each.fact.words}".strip(), id_)
        case PsychotherapyBegan():
            return Mark(at_ms, "note", f"Psychotherapy, {each.fact.modality}", id_)
        case ContactLost():
            return Mark(at_ms, "event", "Contact lost", id_)
        case ContactFound():
            return Mark(at_ms, "note", "In contact again", id_)
        case Marked():
            return Mark(at_ms, "event", "Mark", id_)
        case PhaseEntered() | ImageryStarted():
            return Mark(at_ms, "note", "", id_)
        case _:
            return None


def _kind(each: Happening, seen: Seen) -> Kind:
    code, at_us = each.fact.code, each.entered_at_us
    return "event" if code == INTERVENTION or seen.clinic.unwanted_at(code, at_us) else "note"


def _flags(one: Happening, seen: Seen) -> list[Flag]:
    return flagged(one.fact, one.at_us, seen.session.first_dose_us, seen.protocol)


def _beyond(found: list[Flag]) -> str:
    return f"{found[0].side} {found[0].limit}" if found else ""


def _pressures(taken: list[Happening], seen: Seen) -> list[Pressure]:
    made = []
    for h in taken:
        high, low = h.fact.systolic_mmhg, h.fact.diastolic_mmhg
        if high is not None and low is not None:
            beyond = [f for f in _flags(h, seen) if f.field in ("systolic_mmhg", "diastolic_mmhg")]
            made.append(Pressure(seen.since_ms(h.at_us), high, low, _beyond(beyond), mean_mmhg(h.fact)))
    return made


def _points(taken: list[Happening], field: Field, seen: Seen) -> list[Point]:
    made = []
    for h in taken:
        value: int | None = getattr(h.fact, field)
        if value is not None:
            beyond = [f for f in _flags(h, seen) if f.field == field]
            made.append(Point(seen.since_ms(h.at_us), value, _beyond(beyond)))
    return made


def _limits(protocol: Protocol | None, dosed: bool) -> tuple[Limit, ...]:
    if protocol is None:
        return ()
    limits = protocol.limits_after if dosed else protocol.limits_before
    wanted: tuple[tuple[Lane, int | None], ...] = (
        ("pressure", limits.systolic_above),
        ("spo2", limits.spo2_below),
    )
    return tuple(Limit(lane, value, f"limit {value}") for lane, value in wanted if value is not None)


def _band(taken: list[Happening], seen: Seen) -> Band | None:
    """A fifth below to a fifth above the last pressure up to the first dose."""
    dose_us = seen.session.first_dose_us
    before = [h for h in taken if h.fact.systolic_mmhg is not None and (dose_us is None or h.at_us <= dose_us)]
    if not before:
        return None
    base: int = before[-1].fact.systolic_mmhg
    return Band(base * (100 - BAND_PERCENT) // 100, base * (100 + BAND_PERCENT) // 100, f"baseline ±{BAND_PERCENT} %")


def _tracks(seen: Seen, now_ms: int) -> tuple[Track, ...]:
    """What was heard, piece by piece; what sounds now goes on to now, and a fault leaves a gap."""
    found = heard(seen.session, seen.origin_us + now_ms * 1000)
    return tuple(
        Track(seen.since_ms(start_us), seen.since_ms(until_us), piece.began.fact.title)
        for piece in found.pieces
        for start_us, until_us in found.bars(piece)
    )
