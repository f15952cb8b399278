"""What one line of the note's tables of matters says, cell by cell. Pure."""

from kapdesk.clinical import care
from kapdesk.facts.after import CareHandedOver, HandOverWithdrawn, VisitMoved
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    BreachAnswered,
    DoseChecked,
    LozengeOut,
    Overridden,
    PsychotherapyBegan,
    PsychotherapyOver,
    ScaleNotRated,
    ScaleRated,
    SubstanceCounted,
    TimerOver,
    TimerSet,
    Witnessed,
)
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import DoseGiven, ImageryStarted, ImageryStopped, PersonCameIn, PersonLeft, VitalsTaken
from kapdesk.note import lasted, wording
from kapdesk.note.telling import Telling
from kapdesk.record.history import Happening
from kapdesk.session import handing
from kapdesk.session.holding import held


def cells(telling: Telling, each: Happening) -> tuple[str, ...]:
    """The cells of a line; the last runs on over the columns that are left."""
    fact = each.fact
    match fact:
        case Overridden():
            return fact.what.capitalize(), "; ".join(fact.missing) or "nothing", fact.reason
        case ScaleRated():
            return fact.scale, str(fact.value), fact.remark
        case ScaleNotRated():
            return fact.scale, "not rated", fact.reason
        case SubstanceCounted():
            name = fact.medication[:1].upper() + fact.medication[1:]
            of = f"{name}, lot {fact.lot}" if fact.lot else name
            amounts = (fact.drawn_ug, fact.given_ug, fact.wasted_ug, fact.returned_ug)
            return of, *map(wording.mg, amounts), _witness(telling, each) or "none"
        case AdverseEventNoted():
            over = _settled(telling, each)
            outcome = f"{over.fact.outcome}, at {telling.clock(over.at_us)}" if over else "No outcome on record"
            return f"Adverse event: {fact.what}", fact.severity, fact.action, outcome
        case PersonCameIn():
            return _person(telling, fact), ", ".join(fact.roles), fact.credentials, telling.licence(fact.person)
        case PersonLeft():
            return (f"{telling.name(fact.person)} left",)
        case CareHandedOver() | HandOverWithdrawn():
            return (_handed(telling, each),)
        case _:
            return (_sentence(telling, each),)


def told_already(telling: Telling, each: Happening) -> bool:
    """Whether a line would only repeat what another says: what was witnessed, checked, settled or came to its end."""
    row = telling.row(each)
    if row["struck"] or row["amendments"] or row["entered"] or each.dangling:
        return False
    match each.fact:
        case Witnessed(target=target):
            count = _standing(telling, target, SubstanceCounted)
            return count is not None and _witnesses(telling, count)[:1] == [each]
        case AdverseEventSettled(event=event):
            noted = _standing(telling, event, AdverseEventNoted)
            return noted is not None and _settled(telling, noted) == each and noted.by == each.by
        case DoseChecked(dose=dose):
            return _standing(telling, dose, DoseGiven) is not None and not each.fact.later
        case PsychotherapyOver(began=began):
            work = _standing(telling, began, PsychotherapyBegan)
            return work is not None and (work.by, work.entered_by) == (each.by, each.entered_by)
        case ImageryStopped(title=title):
            begun = telling.session.history.standing(ImageryStarted)
            return any(h.fact.title == title and h.at_us <= each.at_us for h in begun)
        case _:
            return False


def checked_by(telling: Telling, dose: Happening) -> str:
    """The initials of whoever looked at a dose as the second person, with what was done afterwards."""
    checks = [h for h in telling.session.history.standing(DoseChecked) if h.fact.dose == dose.id]
    said = (telling.initials(h.by) + (", later" if h.fact.later else "") for h in checks)
    return ", ".join(dict.fromkeys(said))


def _sentence(telling: Telling, each: Happening) -> str:
    fact = each.fact
    match fact:
        case BreachAnswered():
            reading = _standing(telling, fact.reading, VitalsTaken)
            of = f"{wording.reading(reading.fact)}, at {telling.clock(reading.at_us)}" if reading else "A reading"
            return f"Outside the limit ({of}): {fact.answer}" + (f". {fact.reason}" if fact.reason else "")
        case LozengeOut():
            found = [one for one in held(telling.session, None) if one.out is not None and one.out.id == each.id]
            return f"Lozenge: {found[0].words(each.at_us)}" if found else wording.said(fact)
        case TimerOver():
            timer = _standing(telling, fact.timer, TimerSet)
            return f"Timer over: {timer.fact.words}" if timer else wording.said(fact)
        case DoseGiven():
            return f"Given: {wording.said(fact)}"
        case VisitMoved():
            agreed = f", agreed by {telling.clinic.name_of(fact.agreed_by)}"
            return f"{wording.said(fact)}{agreed}"
        case _:
            return lasted.work(telling, each) or wording.said(fact)


def _person(telling: Telling, fact: PersonCameIn) -> str:
    return f"{fact.name} ({telling.initials(fact.person)}) came in"


def _handed(telling: Telling, each: Happening) -> str:
    """To whom the watch was handed, and where nobody took it over; of a hand-over taken back, whose it was."""
    if isinstance(each.fact, HandOverWithdrawn):
        back = telling.session.history.get(each.fact.handed)
        if back is None or not isinstance(back.fact, CareHandedOver):
            return care.said(each.fact)
        return f"The hand-over of the watch to {telling.clinic.name_of(back.fact.to)} is taken back"
    open_ = not each.struck and handing.standing(telling.session, each.id) in ("not yet taken", "handed over anew")
    to = f"{telling.clinic.name_of(each.fact.to)}{', not taken over' if open_ else ''}"
    return f"The watch is handed over to {to}. {each.fact.words}".strip()


def _witness(telling: Telling, count: Happening) -> str:
    return ", ".join(dict.fromkeys(telling.initials(h.by) for h in _witnesses(telling, count)))


def _witnesses(telling: Telling, count: Happening) -> list[Happening]:
    return [h for h in telling.session.history.standing(Witnessed) if h.fact.target == count.id]


def _settled(telling: Telling, event: Happening) -> Happening | None:
    """How an adverse event came out, as was said last."""
    found = [h for h in telling.session.history.standing(AdverseEventSettled) if h.fact.event == event.id]
    return found[-1] if found else None


def _standing(telling: Telling, id_: object, kind: type[Fact]) -> Happening | None:
    """What is spoken of, where it stands and is of this kind."""
    one = telling.session.history.get(id_)  # type: ignore[arg-type]
    return one if one is not None and isinstance(one.fact, kind) and not (one.struck or one.late) else None
