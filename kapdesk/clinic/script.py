"""The invented session of the demo: who is in it and what happens, minute by minute after arrival."""

from collections.abc import Callable
from uuid import UUID

import msgspec
from msgspec.structs import replace

from kapdesk.clinical import asked
from kapdesk.clinical.dosing import SELF_TAKEN
from kapdesk.clinical.protocol import Item, Protocol
from kapdesk.facts.after import DebriefWritten, LeavingScored, PracticeAgreed
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    BreachAnswered,
    ChecklistAnswered,
    DoseChecked,
    EscortNamed,
    InfusionStarted,
    PsychotherapyBegan,
    PsychotherapyOver,
    ScaleRated,
    StateBegan,
    StateOver,
    SubstanceCounted,
    Witnessed,
)
from kapdesk.facts.fact import Fact
from kapdesk.facts.home import ContactFound, ContactLost, ContactSought, HomeDosesCounted, PatientLocated
from kapdesk.facts.patient import (
    ConsentGiven,
    CrisisContactsSet,
    IndicationStated,
    MedicallyCleared,
    OrderWritten,
    PatientFact,
    PatientRegistered,
    Screened,
)
from kapdesk.facts.people import Role
from kapdesk.facts.session import (
    Cleared,
    DoseGiven,
    Ended,
    IntentionSet,
    Marked,
    NoteTaken,
    PatientLeft,
    SummaryWritten,
    VitalsNotTaken,
    VitalsTaken,
)
from kapdesk.session.needs import ASKED, THOUGHTS

PATIENT = PatientRegistered("Sample Patient A", "1985-02-14", "Sam", "DEMO-0001", "penicillin (rash)", "amber")
STAFF: tuple[tuple[str, tuple[Role, ...], str], ...] = (
    ("Therapist One", ("therapist",), "LMFT"),
    ("Nurse One", ("medical staff",), "RN"),
    ("Doctor One", ("prescriber",), "MD"),
)
WEIGHT_G = 67_000
PROTOCOL = "im-booster.toml"
CHAIR = "2"
ESCORT = EscortNamed("a friend", "555-0100", reached=True)


class Step(msgspec.Struct, frozen=True):
    """At `minute` after arrival, `who` (by place in STAFF) records `fact`. `name` lets a later step amend it."""

    minute: float
    who: int
    fact: Fact
    name: str = ""


class Amend(msgspec.Struct, frozen=True):
    """At `minute`, `who` corrects the step called `name` to `truth`, `minutes_earlier` than told; or strikes it."""

    minute: float
    who: int
    name: str
    reason: str
    truth: Fact | None = None
    minutes_earlier: float = 0.0


class About(msgspec.Struct, frozen=True):
    """At `minute`, `who` says something of the step called `name`; `make` takes its id."""

    minute: float
    who: int
    name: str
    make: Callable[[UUID], Fact]


class Press(msgspec.Struct, frozen=True):
    """At `minute`, someone uses the music: start, silence, bring back, or an imagery piece by its file's name."""

    minute: float
    what: str


_T, _N, _D = 0, 1, 2
SECOND = "Did not notice the second injection."


def _note(minute: float, text: str, code: str = "", words: bool = False, who: int = _T, name: str = "") -> Step:
    return Step(minute, who, NoteTaken(text, code, words), name)


def _bp(
    minute: float,
    systolic: int,
    diastolic: int,
    pulse: int,
    spo2: int,
    breaths: int,
    dc: int | None = None,
    name: str = "",
) -> Step:
    return Step(minute, _N, VitalsTaken(systolic, diastolic, pulse, spo2, breaths, dc), name)


STEPS: tuple[Step | Amend | About | Press, ...] = (
    Step(1, _T, IntentionSet("To meet the grief about my father without running from it.")),
    _note(2, "Escort confirmed by phone: a friend, here from 13:00.", who=_N),
    _bp(3, 124, 78, 72, 98, 14, 366),
    _note(5, "Chose the blanket and the eye mask; stop signal agreed: open palm."),
    Press(6, "start"),
    _note(7, "“I am nervous, and glad to be here.”", words=True),
    Press(8, "arrival.toml"),
    _note(9, "Breath slows with the guided arrival, shoulders drop.", "Breath"),
    Press(12, "leave imagery"),
    Step(
        15,
        _N,
        DoseGiven("ketamine", 50_000, "im", "left deltoid", 50_000, 1_000, "DEMO-17B", "2028-05"),
        "first dose",
    ),
    About(15.5, _T, "first dose", DoseChecked),
    Amend(17, _N, "first dose", "Given two minutes before it was entered", minutes_earlier=2),
    _note(17, "Mask on, lies back, hands open.", "Eyes"),
    Step(17.2, _T, StateBegan("Eyes", "closed"), "eyes"),
    _note(18.5, "First tingling in the fingers, says it is pleasant.", "Movement"),
    _note(19, "Swallows, then a long even breath.", "Breath"),
    _note(20, "Speech slower, still answers at once."),
    _note(22, "Tears without sobbing, face at ease.", "Tears"),
    _note(24, "Typed into the wrong field", name="slip"),
    Amend(24.05, _T, "slip", "Taken back at once"),
    _bp(28, 138, 86, 84, 97, 13),
    Step(28.2, _N, ScaleRated("MOAA/S", 4)),
    _note(26, "No answer to a soft question; breathing even.", "Breath"),
    _note(28.5, "Hands rise slowly, as if carrying something, and settle.", "Movement"),
    Step(30, _T, Marked(), "mark"),
    _note(31, "“It is so wide here.”", words=True),
    _note(33, "Long exhale, jaw loosens.", "Ease"),
    Step(35, _N, DoseGiven("ketamine", 25_000, "im", "right deltoid", 50_000, 500, "DEMO-17B", "2028-05"), "booster"),
    About(35.2, _T, "booster", DoseChecked),
    _note(36, SECOND),
    _note(37.5, "Fingers tap the rhythm of the breath.", "Movement"),
    _note(39, "Quiet crying, turns the head to the left.", "Tears"),
    _bp(43, 162, 98, 98, 96, 15, name="above"),
    About(43.3, _N, "above", lambda id_: BreachAnswered(id_, "prescriber told")),
    _note(43.5, "Pressure above the limit: repeated after five minutes, prescriber told.", "Intervention", who=_N),
    _bp(48, 154, 94, 92, 96, 14),
    _note(49, "Prescriber looked in; agreed to go on and to watch.", "Intervention", who=_D),
    _note(51, "Hums along with the low voices of the music.", "Ease"),
    _note(54, "Frowns, legs draw up; therapist's hand offered and taken.", "Distress"),
    _note(55, "Held the hand for four minutes as agreed beforehand.", "Intervention"),
    _note(58, "Face softens again. “He is not angry.”", "Tears", words=True),
    _bp(63, 146, 90, 86, 97, 14),
    _bp(53, 150, 92, 89, 96, 14),
    _note(65, "Whispers a name, smiles.", "Ease"),
    _note(66, "Very still; rapid eye movement under the mask.", "Eyes"),
    _note(68, "Warm hands, colour in the face.", who=_N),
    _note(70, "Small laugh.", "Ease"),
    _note(74, "Asks for water by gesture, two sips.", "Movement"),
    Step(75.3, _N, ScaleRated("MOAA/S", 5)),
    Step(76, _N, ScaleRated("CADSS-6", 7)),
    Step(78, _N, VitalsNotTaken("Deeply at rest; cuff left off for this round by agreement")),
    _note(81, "Names for the first time where they are: “the room, the clinic, you two”.", words=True),
    Press(83, "silence"),
    _note(84, "Silence asked for by hand sign.", "Eyes"),
    Press(86, "bring back"),
    _note(88, "Mild nausea, ginger offered, no vomiting.", "Nausea", who=_N),
    Step(88.2, _N, AdverseEventNoted("Nausea", "mild", "ginger offered"), "nausea"),
    _note(90, "Nausea gone without medication.", "Nausea", who=_N),
    About(90.2, _N, "nausea", lambda id_: AdverseEventSettled(id_, "gone without medication")),
    _bp(93, 136, 84, 80, 97, 14),
    About(95, _T, "eyes", StateOver),
    _note(95, "Mask off by own hand, looks around slowly.", "Eyes"),
    _note(98, "“I could stay with him. I did not have to fix it.”", "Tears", words=True),
    Step(99, _T, PsychotherapyBegan("integration talk"), "talk"),
    _note(100, "Room light raised a little, on request."),
    _note(101, "Sits half up; feet on the floor with support.", "Movement"),
    _bp(108, 128, 80, 76, 98, 14),
    _note(109, "Drank a glass of water, asked for the drawing pad."),
    _note(110, "Stretches arms and back, yawns twice.", "Movement"),
    _note(111, "Asks what time it is; surprised."),
    _note(112, "Draws: a house with an open door. Wishes to keep the page."),
    Amend(
        113,
        _T,
        "mark",
        "Words to the mark of the ascent",
        truth=NoteTaken(
            "At the mark: both arms reached upward for about a minute, breath held, then released.", "Breath"
        ),
    ),
    _note(116, "Oriented to person, place and time; speech clear.", who=_N),
    _note(118, "Looks into the mirror and laughs at the marks of the mask.", "Ease"),
    About(118.5, _T, "talk", PsychotherapyOver),
    _note(119, "Walked to the toilet with one person beside, steady on the way back.", "Movement", who=_N),
    _bp(123, 122, 78, 72, 98, 14, 367),
    Step(123.2, _N, ScaleRated("MOAA/S", 5)),
    Step(123.6, _N, LeavingScored("mPADSS", (2, 2, 1, 2, 2))),
    _note(124, "Escort arrived, waits in the front room.", who=_N),
    _note(125, "Debrief: chose one image to keep, the open door, and a walk on Sunday as practice."),
    _note(127, "Sums up: “Tired, light, and a bit proud.”", words=True),
    Step(125.5, _T, DebriefWritten("images", "A house with an open door; the light behind it.")),
    Step(125.7, _T, DebriefWritten("insights", "I can stay with him without fixing it.")),
    Step(126, _T, PracticeAgreed("a walk on Sunday, without the phone")),
    Step(
        130, _T, SummaryWritten("indication", "Prolonged grief with depressive episode; fictitious, for demonstration.")
    ),
    Step(
        130.2,
        _T,
        SummaryWritten(
            "how it went",
            "Settled with guided arrival. Deep, mostly calm course with a short distress at the peak, met by the "
            "agreed hand-holding. Grief could be felt and spoken. Pressure rose above the limit once and fell "
            "without medication.",
        ),
    ),
    Step(
        130.4,
        _N,
        SummaryWritten("condition at leaving", "Oriented, steady gait, drinking, no nausea, 122/78 mmHg, SpO₂ 98 %."),
    ),
    Step(
        130.6,
        _T,
        SummaryWritten(
            "plan", "Integration visit in three days. Journal each evening. Next dosing visit to be discussed."
        ),
    ),
    Step(131, _N, PatientLeft("a friend")),
    Step(131.5, _T, Ended("completed")),
)


LAST_READING = 123
"""From here on everything waits where a protocol observes for longer."""
SITES = {
    "iv": "left forearm",
    "im": "left deltoid",
    "sublingual": "under the tongue",
    "oral": "",
    "nasal": "both sides",
}

HERE = PatientLocated("Sample Street 1, 2nd floor", "112", "555-0101", "a friend", "555-0100", companion_seen=True)
BY_VIDEO = {
    "Escort confirmed by phone: a friend, here from 13:00.": "Companion spoken with on the picture: a friend.",
    "Frowns, legs draw up; therapist's hand offered and taken.": "Frowns, legs draw up; companion's hand taken.",
    "Held the hand for four minutes as agreed beforehand.": "Companion held the hand for four minutes, as agreed.",
    "Warm hands, colour in the face.": "Colour in the face; hands warm, says the companion.",
    "Prescriber looked in; agreed to go on and to watch.": "Prescriber called in; agreed to go on and to watch.",
    "Room light raised a little, on request.": "Companion raised the light a little, on request.",
    "Walked to the toilet with one person beside, steady on the way back.": "Walked to the toilet with the companion.",
    "Escort arrived, waits in the front room.": "Companion stays until tomorrow morning.",
    "Names for the first time where they are: “the room, the clinic, you two”.": "Knows where they are: “my room”.",
}
"""What is said otherwise of a session at home."""


def order_of(plan: Protocol, valid_until: str) -> OrderWritten:
    """What the invented prescriber has ordered."""
    dose_ug = plan.usual_doses_mg[-1] * 1000
    return OrderWritten(plan.medication, plan.route, dose_ug, dose_ug // 2 if plan.booster_adds_min else 0, valid_until)


def known_of(plan: Protocol, today: str, valid_until: str) -> tuple[PatientFact, ...]:
    """What is known of the invented patient before the dose; all but the order."""
    answers = {"medicines": "yes"}
    return (
        IndicationStated("Prolonged grief with depressive episode; fictitious.", "Two medicines and a year of talks."),
        MedicallyCleared(today, "ECG, blood pressure, liver values", valid_until),
        CrisisContactsSet("A friend, 555-0100. Crisis line of the region."),
        *(
            Screened(item.id, item.words, answers.get(item.id, "no"), "takes none today" if item.id in answers else "")
            for item in asked.screening(plan)
        ),
        *(ConsentGiven(item.id, item.words, item.id != "recording") for item in asked.consent(plan)),
    )


def steps_of(plan: Protocol) -> "list[Step | Amend | About | Press]":
    """The script under a protocol: its lists answered, its medication by its route, its time of observation kept."""
    order, booster = order_of(plan, ""), plan.booster_adds_min > 0
    dosed = max(each.minute for each in STEPS if isinstance(each, Step) and isinstance(each.fact, DoseGiven)
                and (booster or each.name != "booster"))  # fmt: skip
    wait = max(0.0, dosed + plan.infuse_over_min + plan.leaving.observed_min + 1 - 131)
    made: list[Step | Amend | About | Press] = []
    for each in STEPS:
        if not booster and (getattr(each, "name", "") == "booster" or _about_second(each)):
            continue
        if isinstance(each, Step) and isinstance(each.fact, DoseGiven):
            ug = order.booster_up_to_ug if each.name == "booster" else order.dose_ug
            injected = plan.route in ("iv", "im")
            strength = each.fact.strength_ug_per_ml if injected else None
            volume = ug * 1000 // strength if strength else None
            site = each.fact.site if plan.route == "im" else SITES[plan.route]
            if plan.setting == "home":
                site = ", ".join(filter(None, (site, TAKEN)))
            each = replace(
                each,
                fact=replace(
                    each.fact,
                    medication=plan.medication,
                    route=plan.route,
                    dose_ug=ug,
                    site=site,
                    strength_ug_per_ml=strength,
                    volume_ul=volume,
                ),
            )
        made.append(replace(each, minute=each.minute + wait) if each.minute >= LAST_READING else each)
    made += [*_answers(10, plan.before), *(Step(10.9, _N, fact) for fact in with_them(plan)), Step(12.5, _T, Cleared())]
    if plan.setting == "home":
        made = [_by_video(each) for each in made] + list(_LOST)
    if plan.infuse_over_min:
        rate = order.dose_ug * 60 // plan.infuse_over_min
        made.append(About(15.1, _N, "first dose", lambda id_: InfusionStarted(id_, order.dose_ug, rate)))
    given = [each.fact for each in made if isinstance(each, Step) and isinstance(each.fact, DoseGiven)]
    if plan.count_substances and given:
        ug = sum(fact.dose_ug for fact in given)
        count = SubstanceCounted(plan.medication, given[0].lot, ug + 5_000, ug, 5_000, 0)
        made += [Step(129.5 + wait, _N, count, "count"), About(129.7 + wait, _T, "count", Witnessed)]
    return sorted(made + _answers(128 + wait, plan.leaving.items), key=lambda step: step.minute)


def _about_second(each: "Step | Amend | About | Press") -> bool:
    """Whether this tells of a second injection, which there is only where the protocol has a booster."""
    return isinstance(each, Step) and isinstance(each.fact, NoteTaken) and each.fact.text == SECOND


TAKEN = SELF_TAKEN
"""Where a dose was given that nobody of the staff could give."""
_LOST = (
    Step(71, _T, ContactLost(), "lost"),
    About(71.2, _T, "lost", lambda id_: ContactSought(id_, "phone", "no answer")),
    About(71.6, _T, "lost", lambda id_: ContactSought(id_, "companion", "answers, the network was gone")),
    About(72.4, _T, "lost", lambda id_: ContactFound(id_, "Calm, noticed nothing; picture is back.")),
)


def with_them(plan: Protocol) -> tuple[Fact, ...]:
    """Who is with the patient: the escort, or at home where they are, who is there and what was sent."""
    if plan.setting == "home":
        return (HERE, HomeDosesCounted(f"{plan.medication} {plan.usual_doses_mg[-1]} mg", 4, 1, 3))
    return (ESCORT,)


def _by_video(each: "Step | Amend | About | Press") -> "Step | Amend | About | Press":
    """The same step where the patient is at home: the companion reads the cuff, nobody is touched from the desk."""
    match each:
        case Step(fact=VitalsTaken() as taken):
            return replace(each, fact=replace(taken, read_by="companion"))
        case Step(fact=NoteTaken() as note):
            return replace(each, fact=replace(note, text=BY_VIDEO.get(note.text, note.text)))
        case _:
            return each


def _answers(minute: float, items: tuple[Item, ...]) -> "list[Step | Amend | About | Press]":
    return [Step(minute + n / 20, _N, fact) for n, fact in enumerate(answers_of(items))]


def answers_of(items: tuple[Item, ...]) -> list[ChecklistAnswered]:
    """The lines of a list as in an ordinary visit: suicidal thoughts were asked after, there are none."""
    said = []
    for item in items:
        said.append(ChecklistAnswered(item.id, item.words, "yes"))
        if item.id.startswith(ASKED):
            said.append(ChecklistAnswered(item.id + THOUGHTS, "Suicidal thoughts are there today", "no"))
    return said


def notes() -> list[str]:
    """Every note's text that must be found on the paper."""
    told = [each.fact for each in STEPS if isinstance(each, Step) and each.name != "slip"]
    told += [each.truth for each in STEPS if isinstance(each, Amend) and each.truth is not None]
    return [fact.text for fact in told if isinstance(fact, NoteTaken)]
