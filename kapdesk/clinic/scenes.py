"""What happens in the demo's session, minute by minute after arrival, as written for an injection with a booster.

Readings and ratings after the dose are not here: they are taken at the times a protocol asks for (`measured.py`).
"""

from collections.abc import Callable
from uuid import UUID

import msgspec

from kapdesk.facts.after import DebriefWritten, LeavingScored, PracticeAgreed
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    DoseChecked,
    PsychotherapyBegan,
    PsychotherapyOver,
    ScaleRated,
    StateBegan,
    StateOver,
)
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import (
    DoseGiven,
    Ended,
    IntentionSet,
    Marked,
    NoteTaken,
    PatientLeft,
    SummaryWritten,
    VitalsTaken,
)


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


Scene = Step | Amend | About | Press

THERAPIST, NURSE, DOCTOR = 0, 1, 2
_T, _N = THERAPIST, NURSE
AGREED = "Asked softly, nods: the second dose, as agreed beforehand."
SECOND = "Did not notice the second injection."


def _note(minute: float, text: str, code: str = "", words: bool = False, who: int = _T, name: str = "") -> Step:
    return Step(minute, who, NoteTaken(text, code, words), name)


def _bp(minute: float, systolic: int, diastolic: int, pulse: int, spo2: int, breaths: int, dc: int) -> Step:
    return Step(minute, _N, VitalsTaken(systolic, diastolic, pulse, spo2, breaths, dc))


STEPS: tuple[Scene, ...] = (
    Step(1, _T, IntentionSet("To meet the grief about my father without running from it.")),
    _note(2, "Escort confirmed by phone: a friend, can be here within the hour.", who=_N),
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
    _note(26, "Answers a soft question late, with one word; breathing even.", "Breath"),
    _note(28.5, "Hands rise slowly, as if carrying something, and settle.", "Movement"),
    Step(30, _T, Marked(), "mark"),
    _note(31, "“It is so wide here.”", words=True),
    _note(33, "Long exhale, jaw loosens.", "Ease"),
    _note(34, AGREED),
    Step(35, _N, DoseGiven("ketamine", 25_000, "im", "right deltoid", 50_000, 500, "DEMO-17B", "2028-05"), "booster"),
    About(35.2, _T, "booster", DoseChecked),
    _note(36, SECOND),
    _note(37.5, "Fingers tap the rhythm of the breath.", "Movement"),
    _note(39, "Quiet crying, turns the head to the left.", "Tears"),
    _note(51, "Hums along with the low voices of the music.", "Ease"),
    _note(54, "Frowns, legs draw up; therapist's hand offered and taken.", "Distress"),
    _note(55, "Held the hand for four minutes as agreed beforehand.", "Intervention"),
    _note(58, "Face softens again. “He is not angry.”", "Tears", words=True),
    _note(65, "Whispers a name, smiles.", "Ease"),
    _note(66, "Very still; rapid eye movement under the mask.", "Eyes"),
    _note(68, "Warm hands, colour in the face.", who=_N),
    _note(70, "Small laugh.", "Ease"),
    _note(74, "Asks for water by gesture, two sips.", "Movement"),
    _note(81, "Names for the first time where they are: “the room, the clinic, you two”.", words=True),
    Press(83, "silence"),
    _note(84, "Silence asked for by hand sign.", "Eyes"),
    Press(86, "bring back"),
    _note(88, "Mild nausea, ginger offered, no vomiting.", "Nausea", who=_N),
    Step(88.2, _N, AdverseEventNoted("Nausea", "mild", "ginger offered"), "nausea"),
    _note(90, "Nausea gone without medication.", who=_N),
    About(90.2, _N, "nausea", lambda id_: AdverseEventSettled(id_, "gone without medication")),
    About(95, _T, "eyes", StateOver),
    _note(95, "Mask off by own hand, looks around slowly.", "Eyes"),
    _note(98, "“I could stay with him. I did not have to fix it.”", "Tears", words=True),
    Step(99, _T, PsychotherapyBegan("integration talk"), "talk"),
    _note(100, "Room light raised a little, on request."),
    _note(101, "Sits half up; feet on the floor with support.", "Movement"),
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
