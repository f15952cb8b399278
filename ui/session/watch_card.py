"""What whoever takes over the watch must know, in lines read off the session. Pure."""

from kapdesk.facts.care import Overridden, StopSignalGiven
from kapdesk.facts.session import DoseGiven, Marked, VitalsTaken
from kapdesk.session import needs
from kapdesk.session.infusion import running
from kapdesk.session.ordered import order_for
from ui import words
from ui.session.bar import allergies
from ui.session.lasting import on_words
from ui.session.reading import due_words
from ui.session.saying import dose, readings
from ui.session.seen import Seen

MOST_DUE = 3


def card(seen: Seen) -> tuple[tuple[str, str], ...]:
    """What whoever takes over must know, in lines: what it is about ("" where the words say it), and how it stands."""
    session, now_us = seen.session, seen.now_us
    since = f"{words.axis(seen.since_ms(now_us))} since {'first dose' if session.first_dose_us else 'arrival'}"
    span = seen.phase()
    known = seen.patient.registered
    touch = session.touch()
    open_ = [f"{h.fact.what}, {h.fact.severity}, since {seen.axis(h.at_us)}" for h in needs.unsettled(session)]
    open_ += [f"{dose(h.fact)} not checked by a second person" for h in seen.unchecked]
    marks = len(session.history.standing(Marked))
    open_ += [f"{marks} mark{'s' if marks > 1 else ''} to fill in"] if marks else []
    open_ += [f"{h.fact.what} overridden: {h.fact.reason}" for h in session.history.standing(Overridden)]
    order = order_for(session, seen.patient.known, seen.protocol) if seen.protocol is not None else None
    booster_ug = order.fact.booster_up_to_ug if order else 0
    escort = needs.escort(session)
    lines = [
        ("Now", words.join(since, span.phase.capitalize() if span else "")),
        ("", allergies(known.allergies if known else "")),
        ("Open", "; ".join(open_)),
        ("Given", _given(seen)),
        ("Last reading", _reading(seen)),
        ("On", on_words(seen)),
        ("Due", words.join(*(due_words(each, now_us) for each in seen.due[:MOST_DUE]))),
        ("Touch", "" if touch is None else touch or "none"),
        ("Stop signal", "; ".join(f"given at {seen.wall(h.at_us)}" for h in session.history.standing(StopSignalGiven))),
        ("Booster", f"up to {words.amount(booster_ug)}" if booster_ug else ""),
        ("Escort", f"{escort.name}, {escort.phone}" if escort else ""),
    ]
    return tuple((about, said) for about, said in lines if said)


def _given(seen: Seen) -> str:
    given = seen.session.history.standing(DoseGiven)
    if not given:
        return "nothing yet"
    said = [f"{dose(h.fact)} at {seen.wall(h.at_us)}" for h in given]
    said += _sums([h.fact for h in given])
    infusion = running(seen.session, seen.now_us)
    if infusion is not None:
        rate = infusion.rate_at(seen.now_us)
        said.append(f"the infusion {f'runs at {words.amount(rate)}/h' if rate else 'is paused'}")
    return "; ".join(said)


def _sums(given: list[DoseGiven]) -> list[str]:
    """What doses of one medication by one route come to; said only where there are several."""
    alike: dict[tuple[str, str], list[DoseGiven]] = {}
    for each in given:
        alike.setdefault((each.medication.strip().casefold(), each.route), []).append(each)
    return [
        f"together {each[0].medication} {words.amount(sum(one.dose_ug for one in each))} {words.route(each[0].route)}"
        for each in alike.values()
        if len(each) > 1
    ]


def _reading(seen: Seen) -> str:
    taken = seen.session.history.standing(VitalsTaken)
    if not taken:
        return "none yet"
    newest = taken[-1]
    said = f"{readings(newest.fact)}, {words.ago((seen.now_us - newest.at_us) // 1000)}"
    pressures = [h for h in taken if h.fact.systolic_mmhg is not None]
    if len(pressures) < 2:
        return said
    first, top = pressures[0], max(pressures, key=lambda h: int(h.fact.systolic_mmhg))
    told = words.pressure(first.fact.systolic_mmhg, first.fact.diastolic_mmhg)
    most = words.pressure(top.fact.systolic_mmhg, top.fact.diastolic_mmhg)
    return f"{said}. First {told}, highest {most} at {seen.axis(top.at_us)}"
