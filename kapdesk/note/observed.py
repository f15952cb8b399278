"""The observation summary of a nasal esketamine visit, filled from the record; what is missing is named. Pure.

What it holds follows the fields of the patient monitoring form of the US esketamine REMS, in KapDesk's own words and
layout; it is sent within 7 days of each visit.
"""

from datetime import date, timedelta

import msgspec

from kapdesk.clinical import vitals as rules
from kapdesk.clinical.protocol import Protocol
from kapdesk.clock import MINUTE_US
from kapdesk.facts.care import AdverseEventNoted, ChecklistAnswered, ScaleRated
from kapdesk.facts.patient import Screened
from kapdesk.facts.session import DoseGiven, PersonCameIn, VitalsTaken
from kapdesk.note import measured, paper, wording
from kapdesk.note.paper import Named
from kapdesk.note.sheet import Facts, Part, Sheet, ToWrite, Words
from kapdesk.note.telling import Telling
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.session.state import Session

DUE_DAYS = 7
"""US esketamine REMS: the form is sent within 7 days of the visit."""
AT_MIN, NEAR_MIN = 40, 10
"""Minutes from the first device at which a reading is asked for (US label), and how far off one may lie: an example."""
END_MIN = 30
"""How old the reading at the end of monitoring may be, where the protocol does not say. An example."""
MEDICINES = (
    ("Benzodiazepines", "benzodiaz"),
    ("Other hypnotics", "hypnotic"),
    ("Stimulants", "stimul"),
    ("MAO inhibitors", "mao"),
    ("Opioids", "opioid"),
)
_NEGATED = ("no ", "not ", "none", "without", "free of")
_SEDATED = "MOAA/S below 5, or RASS below 0"
_DISSOCIATED = "CADSS above 4, or CADSS-6 above 0"


class Field(msgspec.Struct, frozen=True):
    """A line of the summary; `value` is empty where the record does not say it, and `missing` names it then."""

    name: str
    value: str
    missing: str = ""

    @property
    def said(self) -> str:
        """As it stands on screen and paper."""
        return f"{self.name}: {self.value or 'MISSING'}"


def wanted(session: Session) -> bool:
    """Whether a visit needs a summary: a real one in which nasal esketamine was given."""
    return session.opened is not None and not session.opened.rehearsal and bool(given(session))


def given(session: Session) -> list[Happening]:
    """The nasal doses of esketamine that stand, by the time they were given."""
    return [h for h in session.history.standing(DoseGiven) if h.fact.route == "nasal" and _is(h.fact.medication)]


def due(telling: Telling) -> date:
    """The day by which it is to be sent."""
    return telling.day + timedelta(DUE_DAYS)


def fields_of(telling: Telling, protocol: Protocol | None, patient: Patient) -> tuple[Field, ...]:
    """Every line of the summary as the record says it."""
    session = telling.session
    doses = given(session)
    known = patient.registered
    staff = [f"{p.name}, {', '.join(p.roles)}" for p in _watching(session)]
    return (
        Field("Patient", f"{patient.name}, born {known.born_on}" if known and known.born_on else "", "birth date"),
        Field("Setting", telling.clinic.name, "setting"),
        Field("Day of treatment", telling.day.isoformat()),
        Field("Monitored by", "; ".join(staff), "monitoring person"),
        *_medicines(telling, patient),
        *_doses(telling, doses),
        _minutes(session, doses),
        *_readings(telling, protocol, doses),
        _rated(telling, doses, "Sedation", {"MOAA/S": 5, "RASS": 0}, _SEDATED, below=True),
        _rated(telling, doses, "Dissociation", {"CADSS": 4, "CADSS-6": 0}, _DISSOCIATED, below=False),
        _adverse(telling),
    )


def missing(fields: tuple[Field, ...]) -> tuple[str, ...]:
    """What the record does not say."""
    return tuple(each.missing for each in fields if not each.value)


def sheet(note: paper.Note, fields: tuple[Field, ...], due_on: date) -> Sheet:
    """The summary on paper, of its own; whose and when it is, it takes from the visit's note."""
    gaps = missing(fields)
    said = f"Missing: {', '.join(gaps)}." if gaps else "Nothing is missing."
    open_ = "" if note.standing == "signed" else " The session note is not signed yet."
    return Sheet(
        title="Esketamine observation summary",
        subtitle=note.subtitle,
        status=f"To be sent by {due_on.isoformat()}. {said}{open_}",
        clinic=note.clinic,
        letterhead=note.letterhead,
        whose=note.patient.name,
        born=note.patient.born,
        number=note.patient.number,
        date=note.date,
        parts=(
            *(Part(heading=heading, blocks=(_facts(these),)) for heading, these in _parted(fields)),
            Part(
                heading="To be added by hand",
                blocks=(
                    Words(text="These are not in this record.", how="quiet"),
                    ToWrite(names=BY_HAND),
                    Words(
                        text="What counts as sedation and dissociation here are examples, to be approved by the clinic."
                    ),
                ),
            ),
        ),
        rehearsal=note.standing == "rehearsal",
        paper=note.paper,
        language=note.language,
    )


MISSING = "▲ MISSING"
BY_HAND = (
    "Sex, and whether enrolled",
    "First treatment, or not",
    "Phone and address of the setting",
    "Signature of who monitored, date",
)
_PARTS = (
    ("Who, where and when", ("Patient", "Setting", "Day of treatment", "Monitored by")),
    ("Medicines taken too", tuple(f"{name} taken too" for name, _ in MEDICINES)),
    ("What was given", ("Dose", "Lot", "From first device to end of monitoring")),
)


def _facts(fields: list[Field]) -> Facts:
    return Facts(facts=tuple(Named(name=each.name, value=each.value or MISSING) for each in fields), names=32)


def _parted(fields: tuple[Field, ...]) -> list[tuple[str, list[Field]]]:
    """The lines under their headings; what has none of its own stands with what was measured and seen."""
    made = [(heading, [each for each in fields if each.name in names]) for heading, names in _PARTS]
    told = {name for _, names in _PARTS for name in names}
    made.append(("What was measured and seen", [each for each in fields if each.name not in told]))
    return [(heading, these) for heading, these in made if these]


def _is(medication: str) -> bool:
    name = medication.casefold()
    return "esketamin" in name or "spravato" in name


def _watching(session: Session) -> list[PersonCameIn]:
    came = {h.fact.person: h.fact for h in session.history.standing(PersonCameIn)}
    return [each for each in came.values() if {"medical staff", "prescriber"} & set(each.roles)]


def _medicines(telling: Telling, patient: Patient) -> list[Field]:
    """Yes or no to each group, where a line of the lists asked after it, and after it alone, or was answered no."""
    until_us = telling.session.ended_us
    answers: dict[str, Happening] = {}
    told = [*patient.standing(Screened), *telling.session.history.standing(ChecklistAnswered)]
    for each in sorted(told, key=lambda h: (h.at_us, h.order)):
        if until_us is None or each.at_us <= until_us:
            answers[each.fact.item] = each
    made = []
    for name, key in MEDICINES:
        value = ""
        for each in answers.values():
            words = each.fact.words.casefold()
            if key not in words or any(word in f"{words} " for word in _NEGATED):
                continue
            alone = sum(other in words for _, other in MEDICINES) == 1
            if each.fact.answer == "no":
                value = "no"
            elif each.fact.answer == "yes":
                remark = f" ({each.fact.remark})" if each.fact.remark else ""
                value = f"yes{remark}" if alone else ""
        made.append(Field(f"{name} taken too", value, f"{name[0].lower()}{name[1:]}" if key != "mao" else name))
    return made


def _doses(telling: Telling, doses: list[Happening]) -> list[Field]:
    each_one = "; ".join(f"{wording.mg(h.fact.dose_ug)} at {telling.clock(h.at_us)}" for h in doses)
    total = f"{wording.mg(sum(h.fact.dose_ug for h in doses))} ({each_one})" if doses else ""
    lots = list(dict.fromkeys(h.fact.lot for h in doses if h.fact.lot))
    whole = bool(doses) and all(h.fact.lot for h in doses)
    return [Field("Dose", total, "dose"), Field("Lot", ", ".join(lots) if whole else "", "lot")]


def _minutes(session: Session, doses: list[Happening]) -> Field:
    value = ""
    if doses and session.ended_us is not None:
        value = f"{(session.ended_us - doses[0].at_us) // MINUTE_US} min"
    return Field("From first device to end of monitoring", value, "minutes to the end of monitoring")


def _readings(telling: Telling, protocol: Protocol | None, doses: list[Happening]) -> list[Field]:
    first = doses[0].at_us if doses else None
    ended = telling.session.ended_us
    taken = [
        h
        for h in telling.session.history.standing(VitalsTaken)
        if h.fact.systolic_mmhg is not None and h.fact.diastolic_mmhg is not None
    ]
    before = next((h for h in reversed(taken) if first is not None and h.at_us <= first), None)
    after = [h for h in taken if first is not None and first < h.at_us and (ended is None or h.at_us <= ended)]
    target = (first or 0) + AT_MIN * MINUTE_US
    near = [h for h in after if abs(h.at_us - target) <= NEAR_MIN * MINUTE_US]
    middle = min(near, key=lambda h: abs(h.at_us - target), default=None)
    within = (protocol.leaving.reading_within_min if protocol else 0) or END_MIN
    last = after[-1] if after and ended is not None and ended - after[-1].at_us <= within * MINUTE_US else None
    return [
        _pressure(telling, "Blood pressure before", before, "reading before"),
        _acceptable(telling, protocol, "Vital signs acceptable before", before, "whether acceptable before"),
        _pressure(telling, f"Blood pressure at {AT_MIN} min", middle, f"reading at {AT_MIN} min"),
        _pressure(telling, "Blood pressure at the end", last, "reading at the end"),
        _acceptable(telling, protocol, "Vital signs acceptable at the end", last, "whether acceptable at the end"),
    ]


def _pressure(telling: Telling, name: str, reading: Happening | None, gap: str) -> Field:
    if reading is None:
        return Field(name, "", gap)
    return Field(name, f"{wording.pressure(reading.fact)} mmHg at {telling.clock(reading.at_us)}", gap)


def _acceptable(telling: Telling, protocol: Protocol | None, name: str, reading: Happening | None, gap: str) -> Field:
    """By the protocol's limits of that time; unsaid without a reading or without limits for it."""
    if reading is None or protocol is None:
        return Field(name, "", gap)
    limits = measured.limits_at(telling, protocol, reading.at_us)
    if limits.high("systolic_mmhg") is None or limits.high("diastolic_mmhg") is None:
        return Field(name, "", gap)
    beyond = [f"{rules.NAMES[flag.field]} {flag.side} the limit" for flag in rules.flags(reading.fact, limits)]
    limit = "by the limits of the protocol"
    return Field(name, f"no, {limit}: {', '.join(beyond)}" if beyond else f"yes, {limit}", gap)


def _rated(
    telling: Telling, doses: list[Happening], name: str, cuts: dict[str, int], rule: str, *, below: bool
) -> Field:
    """Yes where any rating since the first device lies past its cut; unsaid where nobody rated."""
    first = doses[0].at_us if doses else 0
    rated = [h for h in telling.session.history.standing(ScaleRated) if h.fact.scale in cuts and h.at_us >= first]
    gap = f"{name.lower()} (not rated)"
    if not rated:
        return Field(name, "", gap)
    past = [h for h in rated if (h.fact.value < cuts[h.fact.scale]) is below and h.fact.value != cuts[h.fact.scale]]
    if not past:
        return Field(name, f"no, in {len(rated)} rating{'s' if len(rated) > 1 else ''} (yes is: {rule})", gap)
    told = "; ".join(f"{h.fact.scale} {h.fact.value} at {telling.clock(h.at_us)}" for h in past)
    after = [h for h in rated if h.at_us > past[-1].at_us and h.fact.scale == past[-1].fact.scale]
    over = f"over at {telling.clock(after[0].at_us)}" if after else "no rating after it says that it was over"
    return Field(name, f"yes: {told}; {over} (yes is: {rule})", gap)


def _adverse(telling: Telling) -> Field:
    events = telling.session.history.standing(AdverseEventNoted)
    told = "; ".join(f"{h.fact.what}, {h.fact.severity}, at {telling.clock(h.at_us)}" for h in events)
    return Field("Adverse events on record", told or "none")
