"""What still has to be there before a dose, and before the patient leaves."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from kapdesk.clinical import asked, care, leaving
from kapdesk.clinical.protocol import Item, Protocol
from kapdesk.clinical.vitals import flags, told
from kapdesk.facts.after import LeavingScore, LeavingScored
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    Answer,
    ChecklistAnswered,
    DoseChecked,
    EscortNamed,
    Held,
    Overridden,
    SubstanceCounted,
    Witnessed,
)
from kapdesk.facts.patient import CrisisContactsSet, IndicationStated, MedicallyCleared, OrderWritten
from kapdesk.facts.session import DoseGiven, IntentionSet, VitalsTaken
from kapdesk.record.history import Happening
from kapdesk.session import devices
from kapdesk.session.at_home import located
from kapdesk.session.before import Asked, cleared, consented, newest, screened
from kapdesk.session.infusion import infusions
from kapdesk.session.plan import MINUTE_US
from kapdesk.session.state import Session

_MINUTES_TO_GO = re.compile(r"; (\d+) min to go$", re.ASCII)


class Need(msgspec.Struct, frozen=True):
    """One thing: what it is, whether it is there, and how it stands. `item` is the line of a checklist that someone
    answers; where it is None KapDesk sees for itself."""

    id: str
    words: str
    met: bool
    item: Item | None = None
    answer: Answer | None = None
    remark: str = ""


def before_dose(session: Session, known: Sequence[Happening], protocol: Protocol) -> tuple[Need, ...]:
    """What the protocol asks for before the first dose, each as it stands; `known` is the patient's record. Pure."""
    found = []
    if protocol.staff:
        here = {role for person in session.present() for role in person.roles}
        missing = [role for role in protocol.staff if role not in here]
        where = "At the desk" if protocol.setting == "home" else "In the room"
        words = f"{where}: {', '.join(protocol.staff)}" + (f"; {', '.join(missing)} missing" if missing else "")
        found.append(Need("staff", words, not missing))
    for need in protocol.needs:
        match need:
            case "weight":
                found.append(Need(need, "Weight", session.weight() is not None))
            case "intention":
                found.append(Need(need, "Intention, in their words", bool(session.history.standing(IntentionSet))))
            case "baseline":
                found.append(_baseline(session, protocol))
            case "order":
                order = order_for(session, known, protocol)
                words = f"Order: {care.order(order.fact)}" if order else "A prescriber’s order for this"
                found.append(Need(need, words, order is not None))
            case "indication":
                found.append(Need(need, "Indication, and what was tried", newest(known, IndicationStated) is not None))
            case "clearance":
                found.append(_clearance(known, day_of(session)))
            case "screening":
                found.append(_screening(screened_for(session, known, protocol)))
            case "consent":
                found.append(_consent(consented(known, asked.consent(protocol))))
            case "crisis":
                found.append(Need(need, "Crisis contacts", newest(known, CrisisContactsSet) is not None))
            case "escort":
                found.append(_escort(session))
            case "location":
                found.append(_location(session))
            case "companion":
                found.append(_companion(session))
    return (*found, *_items(session, protocol.before))


def before_signing(session: Session, protocol: Protocol) -> tuple[Need, ...]:
    """What is counted, and witnessed, before the visit is signed. Pure."""
    if not protocol.count_substances:
        return ()
    found = []
    for (medication, lot), given_ug in given_by_lot(session).items():
        of = f"{medication}, lot {lot}" if lot else f"{medication}, no lot"
        count = count_of(session, medication, lot)
        right = count is not None and count.fact.given_ug == given_ug
        witnessed = count is not None and count.id in {h.fact.target for h in session.history.standing(Witnessed)}
        state = "" if right and witnessed else ": to be witnessed" if right else ": to be counted"
        found.append(
            Need(f"count {medication} {lot}", f"{of}, {care.mg(given_ug)} mg given{state}", right and witnessed)
        )
    return tuple(found)


def given_by_lot(session: Session) -> dict[tuple[str, str], int]:
    """What was given of each medication and lot (µg), in the order it was first given."""
    given: dict[tuple[str, str], int] = {}
    for h in session.history.standing(DoseGiven):
        of = (h.fact.medication.strip().lower(), h.fact.lot.strip())
        given[of] = given.get(of, 0) + h.fact.dose_ug
    return given


def count_of(session: Session, medication: str, lot: str) -> Happening | None:
    """The newest count of a medication's lot."""
    counts = session.history.standing(SubstanceCounted)
    mine = [h for h in counts if (h.fact.medication, h.fact.lot) == (medication, lot)]
    return mine[-1] if mine else None


def before_leaving(session: Session, protocol: Protocol, now_us: int) -> tuple[Need, ...]:
    """What the protocol asks for before the patient leaves, each as it stands. Pure."""
    rule, found = protocol.leaving, []
    readings = [h for h in session.history.standing(VitalsTaken) if h.fact.systolic_mmhg is not None]
    earliest_us = earliest_leave_us(session, protocol)
    if earliest_us is not None:
        left_min = -((now_us - earliest_us) // MINUTE_US)
        words = f"Observed {rule.observed_min} min after {rule.since}"
        found.append(Need("observed", words + (f"; {left_min} min to go" if left_min > 0 else ""), left_min <= 0))
    if rule.pressure_within_percent and session.first_dose_us is not None:
        found.append(_near_baseline(session, readings, rule.pressure_within_percent))
    if rule.reading_within_min and session.first_dose_us is not None:
        since_us = max(session.first_dose_us, now_us - rule.reading_within_min * MINUTE_US)
        fresh = bool(readings) and readings[-1].at_us >= since_us
        found.append(Need("reading", f"A reading of the last {rule.reading_within_min} min", fresh))
    if rule.score is not None:
        found.append(_score(session, protocol, rule.score))
    return (*found, *_items(session, rule.items))


def scored(session: Session, protocol: Protocol, scale: LeavingScore) -> Happening | None:
    """The newest discharge score on a scale, given since the last dose that the protocol counts from."""
    since_us = max((h.at_us for h in _counted(session, protocol)), default=0)
    found = [h for h in session.history.standing(LeavingScored) if h.fact.scale == scale and h.at_us >= since_us]
    return found[-1] if found else None


def proposed_circulation(session: Session, scale: LeavingScore) -> int | None:
    """The points for circulation that the readings speak for; None without one before and one after the dose."""
    first_us = session.first_dose_us
    readings = [h for h in session.history.standing(VitalsTaken) if h.fact.systolic_mmhg is not None]
    before = [h for h in readings if first_us is not None and h.at_us <= first_us]
    if not before or readings[-1] is before[-1]:
        return None
    return leaving.proposed(scale, before[-1].fact.systolic_mmhg, readings[-1].fact.systolic_mmhg)


def screened_for(session: Session, known: Sequence[Happening], protocol: Protocol | None) -> tuple[Asked, ...]:
    """The screening as it stands for this visit."""
    begun = next(iter(session.history), None)
    items, days = asked.screening(protocol), asked.screening_days(protocol)
    return screened(known, items, days, begun.at_us if begun else 0)


def escort(session: Session) -> EscortNamed | None:
    """Who brings the patient home, as was said last."""
    named = session.history.standing(EscortNamed)
    return named[-1].fact if named else None


def thinks_of_suicide(session: Session) -> bool:
    """Whether the newest answer anywhere in this visit was that there are suicidal thoughts."""
    said = [h.fact for h in session.history.standing(ChecklistAnswered) if h.fact.item.endswith(THOUGHTS)]
    return bool(said) and said[-1].answer == "yes"


def earliest_leave_us(session: Session, protocol: Protocol) -> int | None:
    """When the observation after the last dose is over, of the session's medication or of any kind as the protocol
    says; None without one, or where the protocol has none. An infusion that is paused counts from its pause on."""
    doses = _counted(session, protocol)
    if not doses or not protocol.leaving.observed_min:
        return None
    counted = {h.id for h in doses}
    run = [each for each in infusions(session) if each.dose.id in counted]
    ends = [h.at_us for h in doses] + [each.ends_us(each.dose.at_us) or each.rates[-1][0] for each in run]
    return max(ends) + protocol.leaving.observed_min * MINUTE_US


def _counted(session: Session, protocol: Protocol) -> list[Happening]:
    """The doses that the time before leaving counts from."""
    return session.history.standing(DoseGiven) if protocol.leaving.from_any_medicine else session.doses()


def missing(needs: tuple[Need, ...]) -> tuple[str, ...]:
    """What is not there, in words."""
    return tuple(need.words for need in needs if not need.met)


def settled(session: Session, what: Held, needs: tuple[Need, ...]) -> bool:
    """Whether everything is there, or what is missing was set aside by someone, with a reason. Minutes to go that were
    set aside stay so while they run down, and not once another dose made them more."""
    lacking = [_to_go(words) for words in missing(needs)]
    overrides = [h.fact.missing for h in session.history.standing(Overridden) if h.fact.what == what]
    return not lacking or any(_covers(each, lacking) for each in overrides)


def _covers(said: Sequence[str], lacking: list[tuple[str, int]]) -> bool:
    aside = dict(_to_go(words) for words in said)
    return all(minutes <= aside.get(words, -1) for words, minutes in lacking)


def _to_go(words: str) -> tuple[str, int]:
    """What is missing, and the minutes that it had still to go; 0 where it names none."""
    found = _MINUTES_TO_GO.search(words)
    return (words[: found.start()], int(found[1])) if found else (words, 0)


def order_for(session: Session, known: Sequence[Happening], protocol: Protocol) -> Happening | None:
    """The newest order that holds on the day of the visit for this protocol's medication and route."""
    day = day_of(session)
    holds = [
        h
        for h in known
        if isinstance(h.fact, OrderWritten)
        and h.fact.valid_until >= day
        and h.fact.route == protocol.route
        and h.fact.medication.strip().casefold() == protocol.medication.casefold()
    ]
    return holds[-1] if holds else None


def beyond_order(session: Session, dose: DoseGiven, order: OrderWritten | None) -> str | None:
    """Why an order does not cover a dose: the first one, or a booster after it. None where it does."""
    if order is None:
        return "No prescriber’s order covers this dose."
    if dose.medication.strip().casefold() != order.medication.strip().casefold() or dose.route != order.route:
        return f"The order is for {care.order(order)}."
    later = session.first_dose_us is not None
    device = devices.number(dose)
    if later and device is not None and device[0] > 1:  # not a booster: the ordered dose, device by device
        total_ug = sum(h.fact.dose_ug for h in session.doses()) + dose.dose_ug
        return (
            None if total_ug <= order.dose_ug else f"{care.mg(total_ug)} mg is more than ordered: {care.order(order)}."
        )
    most_ug = order.booster_up_to_ug if later else order.dose_ug
    if dose.dose_ug <= most_ug:
        return None
    if later and not most_ug:
        return f"The order has no booster: {care.order(order)}."
    return f"{care.mg(dose.dose_ug)} mg is more than ordered: {care.order(order)}."


def order_overridden(session: Session) -> bool:
    """Whether the order was set aside for the next dose: said after the last one."""
    last = max((h.order for h in session.doses()), default=None)
    said = [h for h in session.history.standing(Overridden) if h.fact.what == "order"]
    return any(last is None or h.order > last for h in said)


def unsettled(session: Session, what: str = "") -> tuple[Happening, ...]:
    """The adverse events of which nobody has said yet how they came out; of one kind, or all."""
    over = {h.fact.event for h in session.history.standing(AdverseEventSettled)}
    events = session.history.standing(AdverseEventNoted)
    return tuple(h for h in events if h.id not in over and what in ("", h.fact.what))


def unchecked(session: Session) -> tuple[Happening, ...]:
    """The doses that no second person has looked at yet."""
    checked = {h.fact.dose for h in session.history.standing(DoseChecked)}
    return tuple(h for h in session.history.standing(DoseGiven) if h.id not in checked)


def _location(session: Session) -> Need:
    there = located(session)
    words = f"At {there.place}, confirmed today" if there else "Where they are now, emergency number, call-back"
    return Need("location", words, there is not None)


def _companion(session: Session) -> Need:
    there = located(session)
    name = there.companion.strip() if there else ""
    if there is None or not name:
        return Need("companion", "A companion with them, seen on the picture", False)
    if not there.companion_phone.strip():
        return Need("companion", f"Companion {name}: under which number they are reached", False)
    seen = "seen" if there.companion_seen else "to be seen on the picture"
    return Need("companion", f"Companion {name}: {seen}", there.companion_seen)


def _baseline(session: Session, protocol: Protocol) -> Need:
    readings = session.history.standing(VitalsTaken)
    if not readings:
        return Need("baseline", "A first reading", False)
    beyond = flags(readings[-1].fact, protocol.limits_before)
    if not beyond:
        return Need("baseline", "A first reading, within the limits for a dose", True)
    return Need("baseline", f"A first reading: {told(beyond)} before a dose. Measure again or wait", False)


def _score(session: Session, protocol: Protocol, scale: LeavingScore) -> Need:
    newest, least = scored(session, protocol, scale), protocol.leaving.score_least
    if newest is None:
        return Need("score", f"{scale} of at least {least}", False)
    enough = sum(newest.fact.points) >= least
    return Need("score", leaving.told(newest.fact) + ("" if enough else f"; {least} are asked for"), enough)


def _near_baseline(session: Session, readings: list[Happening], percent: int) -> Need:
    first_us = session.first_dose_us or 0
    baseline = next((h for h in reversed(readings) if h.at_us <= first_us), None)
    newest = readings[-1] if readings else None
    if baseline is None or newest is None or newest.at_us <= first_us:
        return Need("pressure", f"Pressure within {percent} % of the first reading", False)
    base, now = baseline.fact.systolic_mmhg, newest.fact.systolic_mmhg
    near = abs(now - base) * 100 <= percent * base
    return Need("pressure", f"Pressure within {percent} % of the first reading ({base}, now {now})", near)


def _clearance(known: Sequence[Happening], day: str) -> Need:
    holds = cleared(known, day)
    if holds is not None:
        return Need("clearance", f"Medically cleared until {holds.fact.valid_until}", True)
    last = newest(known, MedicallyCleared)
    return Need(
        "clearance", "Medical clearance" + (f"; the last held until {last.fact.valid_until}" if last else ""), False
    )


def _screening(lines: tuple[Asked, ...]) -> Need:
    yes = [each.item.words for each in lines if each.holds]
    due = [each for each in lines if each.due]
    if yes:
        return Need("screening", f"Screening, answered yes: {'; '.join(yes)}", False)
    return Need("screening", "Screening" + (f", {len(due)} of {len(lines)} to be asked" if due else ""), not due)


def _consent(lines: tuple[Asked, ...]) -> Need:
    refused = [each.item.words for each in lines if each.holds]
    due = [each for each in lines if each.due]
    if refused:
        return Need("consent", f"Consent, not agreed to: {'; '.join(refused)}", False)
    return Need("consent", "Consent" + (f", {len(due)} of {len(lines)} to be asked" if due else ""), not due)


def _escort(session: Session) -> Need:
    named = escort(session)
    if named is None:
        return Need("escort", "Escort named, and reached by phone", False)
    words = f"Escort: {named.name}, {named.phone}" + ("" if named.reached else "; not reached yet")
    return Need("escort", words, named.reached)


ASKED, THOUGHTS, TOLD = "suicide", "-thoughts", "-told"
"""The lines that ask after suicidal thoughts begin so in every list; what was said, and who was told, ends so."""


def _items(session: Session, items: Sequence[Item]) -> tuple[Need, ...]:
    """The lines of a list; below one that asks after suicidal thoughts, whether there are, and who was told."""
    return tuple(need for item in items for need in (_item(session, item), *_after(session, item)))


def _after(session: Session, item: Item) -> tuple[Need, ...]:
    if not item.id.startswith(ASKED) or _item(session, item).answer != "yes":
        return ()
    there = _item(session, Item(item.id + THOUGHTS, "Suicidal thoughts are there today"))
    there = msgspec.structs.replace(there, met=there.answer in ("yes", "no"))
    if there.answer != "yes":
        return (there,)
    told = _item(session, Item(item.id + TOLD, "Prescriber told of the suicidal thoughts"))
    return (there, msgspec.structs.replace(told, met=_told_since(session, item.id + THOUGHTS)))


def _told_since(session: Session, thoughts: str) -> bool:
    """Whether the prescriber was told, on whichever list or card, since it was said that there are such thoughts."""
    since = told = -1
    for n, h in enumerate(session.history.standing(ChecklistAnswered)):
        if h.fact.item == thoughts:
            since = n
        elif h.fact.item.endswith(TOLD):
            told = n if h.fact.answer == "yes" else -1
    return told > since


def _item(session: Session, item: Item) -> Need:
    answers = [h.fact for h in session.history.standing(ChecklistAnswered) if h.fact.item == item.id]
    newest = answers[-1] if answers else None
    met = not item.needed if newest is None else newest.answer != "no" or not item.needed
    return Need(item.id, item.words, met, item, newest.answer if newest else None, newest.remark if newest else "")


def day_of(session: Session) -> str:
    """The visit's day where the clinic is (YYYY-MM-DD)."""
    opened = session.opened
    begun = next(iter(session.history), None)
    try:
        zone = ZoneInfo(opened.time_zone) if opened else UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = UTC
    return datetime.fromtimestamp((begun.at_us if begun else 0) / 1e6, zone).date().isoformat()
