"""What still has to be there before a dose, and whether that was set aside. Pure."""

import re
from collections.abc import Sequence

import msgspec

from kapdesk.clinical import asked, care
from kapdesk.clinical.protocol import Item, Protocol
from kapdesk.clinical.vitals import flags, told
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    Answer,
    ChecklistAnswered,
    DoseChecked,
    EscortNamed,
    Held,
    Overridden,
)
from kapdesk.facts.patient import CrisisContactsSet, IndicationStated, MedicallyCleared
from kapdesk.facts.session import DoseGiven, IntentionSet, VitalsTaken
from kapdesk.record.history import Happening
from kapdesk.session.at_home import located
from kapdesk.session.before import Asked, cleared, consented, newest, screened
from kapdesk.session.ordered import order_for
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
    """What the protocol asks for before the first dose, each as it stands; `known` is the patient's record."""
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
                found.append(_clearance(known, session.day))
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
    return (*found, *listed(session, protocol.before))


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


def listed(session: Session, items: Sequence[Item]) -> tuple[Need, ...]:
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
