"""The invented session of the demo: who is in it, and what happens in it under each protocol."""

from uuid import UUID

from msgspec.structs import replace

from kapdesk.clinic.measured import Course, course_of, measured
from kapdesk.clinic.scenes import (
    AGREED,
    NURSE,
    SECOND,
    STEPS,
    THERAPIST,
    About,
    Amend,
    Scene,
    Step,
)
from kapdesk.clinic.scenes_at_home import HERE, LOST, TAKEN, by_video
from kapdesk.clinical import asked
from kapdesk.clinical.protocol import Item, Protocol
from kapdesk.facts.care import (
    ChecklistAnswered,
    DoseChecked,
    EscortNamed,
    InfusionStarted,
    LozengeOut,
    SubstanceCounted,
    Witnessed,
)
from kapdesk.facts.fact import Fact
from kapdesk.facts.home import HomeDosesCounted
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
from kapdesk.facts.session import Cleared, DoseGiven, NoteTaken, PatientLeft, SummaryWritten
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
LAST_READING = 123
"""From here on everything waits where a protocol observes for longer."""
STRENGTH_UG_PER_ML, WASTED_UG = 50_000, 5_000
SITES = {
    "iv": "left forearm",
    "im": "left deltoid",
    "sublingual": "under the tongue",
    "oral": "",
    "nasal": "both sides",
}
SECONDS = {"sublingual": "Took the second lozenge lying down, eyes shut.", "nasal": "Hardly noticed the second spray."}
"""What is said of the second dose where it is no injection."""


def order_of(plan: Protocol, valid_until: str) -> OrderWritten:
    """What the invented prescriber has ordered."""
    dose_ug = plan.usual_doses_mg[-1] * 1000
    return OrderWritten(plan.medication, plan.route, dose_ug, dose_ug // 2 if plan.booster_adds_min else 0, valid_until)


def known_of(plan: Protocol, today: str, valid_until: str) -> tuple[PatientFact, ...]:
    """What is known of the invented patient before the dose; all but the order."""
    answers = {"medicines": "yes"}
    return (
        IndicationStated(_indication(plan), "Two medicines and a year of talks."),
        MedicallyCleared(today, "ECG, blood pressure, liver values", valid_until),
        CrisisContactsSet("A friend, 555-0100. Crisis line of the region."),
        *(
            Screened(item.id, item.words, answers.get(item.id, "no"), "takes none today" if item.id in answers else "")
            for item in asked.screening(plan)
        ),
        *(ConsentGiven(item.id, item.words, item.id != "recording") for item in asked.consent(plan)),
    )


def steps_of(plan: Protocol) -> list[Scene]:
    """The script under a protocol: its lists answered, its medication by its route, its phases and times kept."""
    infused, devices = plan.infuse_over_min > 0, _devices(plan)
    dosed = 15.0 if infused else 13.0
    course = course_of(plan, dosed, 15.0 + (devices - 1) * (plan.device_gap_min + 0.5) + 1)
    last_dose = course.placed(35) if plan.booster_adds_min else 15.0 + (devices - 1) * (plan.device_gap_min + 0.5)
    left = max(course.placed(131), last_dose + plan.infuse_over_min + plan.leaving.observed_min + 1)
    wait = left - 131
    made: list[Scene] = []
    for each in STEPS:
        placed = each.minute + wait if each.minute >= LAST_READING else course.placed(each.minute)
        made += [replace(scene, minute=placed) for scene in _under(plan, each)]
    made += [*_answers(10, plan.before), *(Step(10.9, NURSE, fact) for fact in with_them(plan))]
    made += [Step(12.5, THERAPIST, Cleared()), *measured(plan, course, dosed, LAST_READING + wait)]
    made += [*_more_devices(plan), *_held(plan, course), *_closing(plan, made, wait)]
    if plan.setting == "home":
        made = [by_video(each) for each in made] + [replace(each, minute=course.placed(each.minute)) for each in LOST]
    if infused:
        ug = order_of(plan, "").dose_ug
        rate = ug * 60 // plan.infuse_over_min
        made.append(About(15.1, NURSE, "first dose", lambda id_: InfusionStarted(id_, ug, rate)))
    return sorted(made + _answers(128 + wait, plan.leaving.items), key=lambda step: step.minute)


def _under(plan: Protocol, each: Scene) -> tuple[Scene, ...]:
    """One written step as it is under a protocol; nothing where there is none of it."""
    second = isinstance(each, Step) and isinstance(each.fact, NoteTaken) and each.fact.text in (SECOND, AGREED)
    if not plan.booster_adds_min and (second or getattr(each, "name", "") == "booster"):
        return ()
    match each:
        case About(make=make) if make is DoseChecked and not plan.second_check:
            return ()
        case Amend(name="first dose") if plan.infuse_over_min:
            truth = _dose(plan, 0, SITES["iv"].replace("left", "right"))
            return (replace(each, reason="The line is in the right forearm", truth=truth, minutes_earlier=0.0),)
        case Step(fact=DoseGiven(), name="booster"):
            return (replace(each, fact=_dose(plan, 1, "right deltoid" if plan.route == "im" else SITES[plan.route])),)
        case Step(fact=DoseGiven()):
            return (replace(each, fact=_dose(plan, 0, SITES[plan.route])),)
        case Step(fact=NoteTaken(text=text)) if text == SECOND:
            return (replace(each, fact=NoteTaken(SECONDS.get(plan.route, SECOND))),)
        case Step(fact=SummaryWritten(section="indication")):
            return (replace(each, fact=SummaryWritten("indication", f"{_indication(plan)} For demonstration.")),)
        case Step(fact=PatientLeft()) if plan.setting == "home":
            return (replace(each, fact=PatientLeft("a friend, who stays until tomorrow")),)
        case _:
            return (each,)


def _dose(plan: Protocol, n: int, site: str) -> DoseGiven:
    """The first dose (0) or the booster (1) by the protocol's route; of a device its first."""
    order, injected = order_of(plan, ""), plan.route in ("iv", "im")
    ug = order.booster_up_to_ug if n else order.dose_ug
    if _devices(plan) > 1:
        ug, site = plan.device_mg * 1000, f"device 1 of {_devices(plan)}"
    if plan.setting == "home":
        site = ", ".join(filter(None, (site, TAKEN)))
    strength = STRENGTH_UG_PER_ML if injected else None
    volume = ug * 1000 // strength if strength else None
    return DoseGiven(plan.medication, ug, plan.route, site, strength, volume, "DEMO-17B", "2028-05")


def _devices(plan: Protocol) -> int:
    """How many devices the ordered dose takes; 1 where there are none."""
    return max(1, plan.usual_doses_mg[-1] // plan.device_mg) if plan.device_mg else 1


def _more_devices(plan: Protocol) -> list[Scene]:
    """The second device and those after it, each after its gap and checked."""
    made: list[Scene] = []
    for n in range(1, _devices(plan)):
        minute, name = 15 + n * (plan.device_gap_min + 0.5), f"device {n + 1}"
        made.append(Step(minute, NURSE, replace(_dose(plan, 0, ""), site=f"{name} of {_devices(plan)}"), name))
        made.append(About(minute + 0.2, THERAPIST, name, DoseChecked))
    return made


def _held(plan: Protocol, course: Course) -> list[Scene]:
    """A dose under the tongue, out of the mouth after the protocol's time."""
    if not plan.hold_min:
        return []
    minutes = {"first dose": 13.0} | ({"booster": course.placed(35)} if plan.booster_adds_min else {})

    def out(id_: UUID) -> LozengeOut:
        return LozengeOut(id_, "spat", plan.hold_min * 60_000)

    return [About(minute + plan.hold_min, NURSE, name, out) for name, minute in minutes.items()]


def _closing(plan: Protocol, made: list[Scene], wait: float) -> list[Scene]:
    """What is counted at the end: what was drawn, or what is left at home."""
    if plan.setting == "home":
        return [Step(128.9 + wait, NURSE, _at_home(plan, 1))]
    given = [
        each.fact for each in made + _more_devices(plan) if isinstance(each, Step) and isinstance(each.fact, DoseGiven)
    ]
    if not plan.count_substances or not given:
        return []
    ug, wasted = sum(fact.dose_ug for fact in given), WASTED_UG if plan.route in ("iv", "im") else 0
    count = SubstanceCounted(plan.medication, given[0].lot, ug + wasted, ug, wasted, 0)
    return [Step(129.5 + wait, NURSE, count, "count"), About(129.7 + wait, THERAPIST, "count", Witnessed)]


def _at_home(plan: Protocol, taken: int) -> HomeDosesCounted:
    return HomeDosesCounted(f"{plan.medication} {plan.usual_doses_mg[-1]} mg", 4, taken, 4 - taken)


def _indication(plan: Protocol) -> str:
    if plan.medication == "esketamine":
        return "Depression that two medicines did not help; fictitious."
    return "Prolonged grief with depressive episode; fictitious."


def with_them(plan: Protocol) -> tuple[Fact, ...]:
    """Who is with the patient: the escort, or at home where they are, who is there and what was sent."""
    if plan.setting == "home":
        return (HERE, _at_home(plan, 0))
    return (ESCORT,)


def _answers(minute: float, items: tuple[Item, ...]) -> list[Scene]:
    return [Step(minute + n / 20, NURSE, fact) for n, fact in enumerate(answers_of(items))]


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
