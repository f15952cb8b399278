"""What is known of a patient before a dose, as its sections show it: one line each. Pure."""

from datetime import date

import msgspec

from kapdesk.clinical import asked, care
from kapdesk.facts.care import EscortNamed
from kapdesk.facts.home import PatientLocated
from kapdesk.facts.patient import CrisisContactsSet, IndicationStated, MedicallyCleared
from kapdesk.facts.people import Role
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.session.at_home import counts, located
from kapdesk.session.before import Asked, cleared, consented, newest, screened
from kapdesk.session.needs import escort, screened_for
from ui.session.seen import Seen
from ui.session.times import day

MAY_CLEAR: tuple[Role, ...] = ("prescriber", "medical staff")
"""Who clears a patient medically, in the order in which they are offered."""
_MONTHS = "January February March April May June July August September October November December".split()


class Shown(msgspec.Struct, frozen=True):
    """What the sections are drawn from. `needs` are those that the protocol asks for; `visit` whether there is one."""

    known: tuple[Happening, ...]
    screening: tuple[Asked, ...]
    consent: tuple[Asked, ...]
    today: str
    zone: str
    people: tuple[tuple[str, str], ...]
    names: dict[str, str]
    needs: frozenset[str] = frozenset()
    escort: EscortNamed | None = None
    visit: bool = False
    there: PatientLocated | None = None
    counted: tuple[Happening, ...] = ()

    def on(self, each: Happening) -> str:
        """The day something was said, in words: "2 March", with its year where that is another."""
        return in_words(day(each.at_us, self.zone), self.today)


class Told(msgspec.Struct, frozen=True):
    """A section in one line, whether it is there, and whether there is something left to answer."""

    words: str
    there: bool
    open: bool


def of_seen(seen: Seen) -> Shown:
    """For a visit."""
    known, plan = tuple(seen.patient.known), seen.protocol
    return Shown(
        known,
        screened_for(seen.session, known, plan),
        consented(known, asked.consent(plan)),
        day(seen.now_us, seen.zone),
        seen.zone,
        *_people(seen.clinic),
        frozenset(plan.needs) if plan is not None else frozenset(),
        escort(seen.session),
        visit=True,
        there=located(seen.session),
        counted=counts(seen.session),
    )


def of_patient(patient: Patient, clinic: Clinic, now_us: int) -> Shown:
    """Outside a visit, as at intake."""
    known, zone = tuple(patient.known), clinic.time_zone
    lines = screened(known, asked.screening(None), asked.screening_days(None), now_us)
    return Shown(known, lines, consented(known, asked.consent(None)), day(now_us, zone), zone, *_people(clinic))


def indication(shown: Shown) -> Told:
    """ "Indication: grief. Tried: two medicines"."""
    found = newest(shown.known, IndicationStated)
    if found is None:
        return Told("Indication, and what was tried", there=False, open=True)
    tried = f". Tried: {found.fact.tried}" if found.fact.tried else ""
    return Told(f"Indication: {found.fact.indication.rstrip('.')}{tried}", there=True, open=False)


def clearance(shown: Shown) -> Told:
    """ "Cleared on 2 March by Doctor One until 1 April: ECG"."""
    holds = cleared(shown.known, shown.today)
    last = holds or newest(shown.known, MedicallyCleared)
    if last is None:
        return Told("Medical clearance", there=False, open=True)
    fact, who = last.fact, shown.names.get(last.by, "somebody")
    on, until = in_words(fact.on, shown.today), in_words(fact.valid_until, shown.today)
    tests = f": {fact.tests}" if fact.tests else ""
    if holds is None:
        return Told(f"Medical clearance by {who} ended on {until}{tests}", there=False, open=True)
    return Told(f"Medically cleared on {on} by {who}, until {until}{tests}", there=True, open=False)


def screening(shown: Shown) -> Told:
    """ "Screening of 2 March: yes to sleep apnoea"."""
    due = [each for each in shown.screening if each.due]
    answers = [each.answer for each in shown.screening if each.answer is not None]
    yes = [each.fact for each in answers if each.fact.answer == "yes"]
    said = ", ".join(f"{each.words} ({each.remark})" if each.remark else each.words for each in yes)
    if due:
        again = " again" if any(each.answer for each in due) else ""
        words = f"Screening: {len(due)} of {len(shown.screening)} to be asked{again}"
        return Told(f"{words}. Yes to: {said}" if said else words, there=False, open=True)
    first = min(answers, key=lambda each: each.at_us)
    holds = any(each.holds for each in shown.screening)
    return Told(f"Screening of {shown.on(first)}: {f'yes to: {said}' if said else 'no to all'}", not holds, open=False)


def consent(shown: Shown) -> Told:
    """ "Consent of 2 March: all but recording"."""
    due = [each for each in shown.consent if each.due]
    if due:
        return Told(f"Consent: {len(due)} of {len(shown.consent)} to be asked", there=False, open=True)
    answers = [each.answer for each in shown.consent if each.answer is not None]
    no = [short(each.item.words) for each in shown.consent if each.answer is not None and not each.answer.fact.agreed]
    holds = any(each.holds for each in shown.consent)
    last = max(answers, key=lambda each: each.at_us)
    but = f"all but {', '.join(no)}" if no else "all"
    return Told(f"Consent of {shown.on(last)}: {but}", not holds, open=False)


def crisis(shown: Shown) -> Told:
    """ "In a crisis: a friend, 555-0100"."""
    found = newest(shown.known, CrisisContactsSet)
    if found is None:
        return Told("Crisis contacts", there=False, open=True)
    return Told(f"In a crisis: {found.fact.text}", there=True, open=False)


def escorted(shown: Shown) -> Told:
    """ "Escort: a friend, 555-0100, reached"."""
    named = shown.escort
    if named is None:
        return Told("Escort, and their phone", there=False, open=True)
    reached = "reached" if named.reached else "not reached yet"
    return Told(f"Escort: {named.name}, {named.phone}, {reached}", named.reached, not named.reached)


def whereabouts(shown: Shown) -> Told:
    """ "At Sample Street 1, emergency number 112, call back 555-0101. Companion: a friend, seen"."""
    there = shown.there
    if there is None:
        return Told("Where they are now, and who is with them", there=False, open=True)
    whole = bool(there.companion.strip() and there.companion_phone.strip() and there.companion_seen)
    return Told(care.said(there), there=whole, open=not whole)


def doses_at_home(shown: Shown) -> Told:
    """ "Ketamine 100 mg at home: 4 sent, 1 taken, 3 left"."""
    if not shown.counted:
        return Told("Doses at home: sent, taken, left", there=False, open=True)
    return Told("; ".join(care.said(each.fact) for each in shown.counted), there=True, open=False)


def short(words: str) -> str:
    """The first words of a line, as they stand in a sentence: "touch", "recording by sound or picture"."""
    first = words.partition(",")[0]
    return first[:1].lower() + first[1:]


def in_words(text: str, today: str) -> str:
    """A date (YYYY-MM-DD) as it is said: "2 March", with its year where that is not today's; what is no date, as is."""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return text
    year = "" if today.startswith(f"{on.year:04d}-") else f" {on.year}"
    return f"{on.day} {_MONTHS[on.month - 1]}{year}"


def _people(clinic: Clinic) -> tuple[tuple[tuple[str, str], ...], dict[str, str]]:
    able = [
        (id_, each.name)
        for role in MAY_CLEAR
        for id_, each in clinic.staff.items()
        if role in each.roles and next(may for may in MAY_CLEAR if may in each.roles) == role
    ]
    return tuple(able), {id_: each.name for id_, each in clinic.people.items()}
