"""What the chart of a session shows. Pure."""

from collections.abc import Iterator, Sequence

from kapdesk.clinical import care
from kapdesk.clinical.protocol import Protocol
from kapdesk.clock import local
from kapdesk.facts.care import StateBegan
from kapdesk.facts.session import DoseGiven, NoteTaken, VitalsTaken
from kapdesk.note import measured, wording
from kapdesk.note.paper import Chart, Lasted, Limit, Mark, Point, Span
from kapdesk.note.telling import Telling
from kapdesk.record.history import Happening
from kapdesk.session.heard import heard
from kapdesk.session.infusion import infusions
from kapdesk.session.plan import PhaseSpan
from kapdesk.session.state import Session
from kapdesk.session.stretches import Stretch, stretches


def chart_of(
    telling: Telling, protocol: Protocol | None, spans: Sequence[PhaseSpan], now_us: int | None
) -> Chart | None:
    """Readings, doses, phases and music of a session; None where there is nothing to draw."""
    session = telling.session
    readings = session.history.standing(VitalsTaken)
    given = session.history.standing(DoseGiven)
    pieces = heard(session, now_us).pieces
    if not (readings or given or pieces):
        return None
    zero = telling.zero_us
    seen = [
        each.at_us
        for each in (*readings, *given, *(h for one in pieces for h in (one.began, one.stop) if h is not None))
    ]
    end = session.left_us or session.ended_us or (now_us if session.live else None) or max(seen)
    first, last = min(zero, session.arrived_us or zero, *seen), max(end, *seen)

    def ms(at_us: int) -> int:
        return (min(max(at_us, first), last) - zero) // 1000

    begun = [span for span in spans if span.start_us < last]
    phases = tuple(
        Span(name=span.phase, from_ms=ms(span.start_us), to_ms=ms(last if span is begun[-1] else span.end_us))
        for span in begun
    )
    clock = local(zero, telling.zone)
    before = measured.baseline(telling)
    return Chart(
        zero="first dose" if session.first_dose_us is not None else "arrival",
        zero_clock_s=clock.hour * 3600 + clock.minute * 60 + clock.second,
        from_ms=ms(first),
        to_ms=ms(last),
        phases=phases,
        events=tuple(
            Mark(name=each.fact.code, at_ms=ms(each.at_us))
            for each in sorted(
                (*session.history.standing(NoteTaken), *session.history.standing(StateBegan)),
                key=lambda each: (each.at_us, each.order),
            )
            if telling.unwanted(each)
        ),
        doses=tuple(Mark(name=_dose(telling, each), at_ms=ms(each.at_us)) for each in given),
        limits=_limits(protocol, dosed=session.first_dose_us is not None),
        points=tuple(_point(telling, protocol, each, ms(each.at_us)) for each in readings),
        tracks=tuple(
            Span(name=str(number), from_ms=ms(one.from_us), to_ms=ms(one.until_us))
            for number, one in enumerate(pieces, 1)
        ),
        lasted=tuple(
            Lasted(name=each.said, from_ms=ms(each.from_us), to_ms=ms(each.until_us), open=each.open, work=each.work)
            for each in (*stretches(session, last), *_run_in(session, last))
        ),
        baseline_systolic_mmhg=before.fact.systolic_mmhg if before else None,
        baseline_diastolic_mmhg=before.fact.diastolic_mmhg if before else None,
        words=_words(telling, before, readings),
    )


def _run_in(session: Session, last_us: int) -> Iterator[Stretch]:
    """Each infusion from rate to rate, with its name: a pause is a gap."""
    for each in infusions(session):
        over_us = min(each.ends_us(last_us) or last_us, last_us)
        ends = [*(from_us for from_us, _ in each.rates[1:]), over_us]
        for (from_us, rate), until_us in zip(each.rates, ends, strict=True):
            if rate and from_us < min(until_us, over_us):
                name, until_us = f"{wording.medication(each.dose.fact)} infusion", min(until_us, over_us)
                yield Stretch(name, from_us, until_us, open=session.live and until_us == last_us)


def _dose(telling: Telling, each: Happening) -> str:
    given, route = wording.mg(telling.given_ug(each)), care.ROUTES[each.fact.route]
    return f"{wording.medication(each.fact)} {given} {route}"


def _point(telling: Telling, protocol: Protocol | None, each: Happening, at_ms: int) -> Point:
    flags = measured.flags_of(telling, protocol, each)
    fact: VitalsTaken = each.fact
    return Point(
        at_ms=at_ms,
        systolic_mmhg=fact.systolic_mmhg,
        diastolic_mmhg=fact.diastolic_mmhg,
        pulse_per_min=fact.pulse_per_min,
        spo2_percent=fact.spo2_percent,
        pressure_flag=flags.get("systolic_mmhg") or flags.get("diastolic_mmhg") or "",
        pulse_flag=flags.get("pulse_per_min", ""),
        spo2_flag=flags.get("spo2_percent", ""),
    )


def _limits(protocol: Protocol | None, *, dosed: bool) -> tuple[Limit, ...]:
    """The limits that hold from the first dose on; without a dose, those before it."""
    if protocol is None:
        return ()
    after = protocol.limits_after if dosed else protocol.limits_before
    drawn = (
        ("pressure", after.systolic_above, "systolic", "≤"),
        ("pressure", after.systolic_below, "systolic", "≥"),
        ("pressure", after.diastolic_above, "diastolic", "≤"),
        ("pressure", after.diastolic_below, "diastolic", "≥"),
        ("pulse", after.pulse_above, "pulse", "≤"),
        ("pulse", after.pulse_below, "pulse", "≥"),
        ("spo2", after.spo2_below, "SpO₂", "≥"),
    )
    return tuple(
        Limit(measure=measure, value=value, name=f"{name} {side} {value}" + (" %" if measure == "spo2" else ""))  # type: ignore[arg-type]
        for measure, value, name, side in drawn
        if value is not None
    )


def _words(telling: Telling, before: Happening | None, readings: Sequence[Happening]) -> str:
    pressures = [each for each in readings if each.fact.systolic_mmhg is not None]
    saturations = [each for each in readings if each.fact.spo2_percent is not None]
    parts = []
    if before is not None:
        parts.append(f"Blood pressure before the first dose {wording.pressure(before.fact)} mmHg.")
    if pressures:
        top = max(pressures, key=lambda each: int(each.fact.systolic_mmhg))
        parts.append(f"Highest {wording.pressure(top.fact)} mmHg at {telling.clock(top.at_us)}.")
        parts.append(f"Last {wording.pressure(pressures[-1].fact)} mmHg at {telling.clock(pressures[-1].at_us)}.")
    if saturations:
        low = min(saturations, key=lambda each: int(each.fact.spo2_percent))
        parts.append(f"Lowest SpO₂ {low.fact.spo2_percent} % at {telling.clock(low.at_us)}.")
    return " ".join(parts)
