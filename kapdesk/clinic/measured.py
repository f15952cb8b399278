"""The readings and ratings of the demo's session, at the times its protocol asks for, and the course they follow."""

from bisect import bisect_right
from itertools import accumulate

import msgspec

from kapdesk.clinic.scenes import DOCTOR, NURSE, About, Scene, Step
from kapdesk.clinical.protocol import Protocol
from kapdesk.facts.care import BreachAnswered, ScaleRated
from kapdesk.facts.session import NoteTaken, VitalsNotTaken, VitalsTaken

STANDS = 16.9
"""Until this minute, with the dose just given, everything happens as written, whatever the route."""
WRITTEN = (STANDS, 18.0, 28.0, 73.0, 103.0)
"""Minutes after arrival at which the script as written has its onset begun, and onset, ascent, peak, return ended."""
SETTLED = 28.0, 73.0
"""Written minutes between which the patient is sedated most."""
SIGNS = (
    (13.0, (124, 78, 72, 98, 14)),
    (28.0, (138, 86, 84, 97, 13)),
    (38.0, (150, 92, 92, 96, 15)),
    (48.0, (154, 94, 94, 96, 14)),
    (63.0, (146, 90, 86, 97, 14)),
    (93.0, (136, 84, 80, 97, 14)),
    (108.0, (128, 80, 76, 98, 14)),
    (123.0, (122, 78, 72, 98, 14)),
)
"""Systolic, diastolic, pulse, SpO₂ and breaths by written minute. Invented."""
HIGHEST, AGAIN = (162, 98, 98, 96, 15), (154, 94, 92, 96, 14)
HIGHEST_AT, QUIET_AT = 43.0, 78.0
QUIET = "Asks for quiet; cuff left off for this round by agreement"
NEAR_MIN = 10
"""A reading is left out where it is due so near to the time when quiet is asked for."""


class Course(msgspec.Struct, frozen=True):
    """Where the written minutes lie under a protocol: its own phases are as long as it plans them."""

    planned: tuple[float, ...]

    def placed(self, minute: float) -> float:
        """The minute after arrival at which something written for `minute` happens."""
        return minute if minute <= STANDS else _between(minute, WRITTEN, self.planned)

    def written(self, minute: float) -> float:
        """The written minute that lies at a minute after arrival."""
        return minute if minute <= STANDS else _between(minute, self.planned, WRITTEN)


def course_of(plan: Protocol, dosed: float, last_device: float) -> Course:
    """The course under a protocol, from the first dose on; nobody lies back before the last device was given."""
    long = {each.phase: float(each.minutes) for each in plan.phases}
    long["peak"] += plan.booster_adds_min
    ends = accumulate((long["onset"], long["ascent"], long["peak"], long["return"]), initial=dosed)
    return Course((max(STANDS, last_device), *list(ends)[1:]))


def measured(plan: Protocol, course: Course, dosed: float, until: float) -> list[Scene]:
    """Every reading and rating the protocol asks for from the dose to `until` (minutes after arrival), once above."""
    asked = [dosed + minute for minute in plan.vitals_at_min]
    while plan.vitals_every_min and (not asked or asked[-1] < until):
        asked.append((asked[-1] if asked else dosed) + plan.vitals_every_min)
    due = [minute for minute in asked if minute < until - NEAR_MIN / 2]
    above = min(due, key=lambda minute: abs(minute - course.placed(HIGHEST_AT)))
    quiet = course.placed(QUIET_AT)
    left_out = [minute for minute in due if minute > above + NEAR_MIN and abs(minute - quiet) < NEAR_MIN][:1]
    made: list[Scene] = list(_above(above, plan.recheck_min))
    for minute in due:
        if minute in left_out:
            made.append(Step(minute, NURSE, VitalsNotTaken(QUIET)))
        elif minute != above:
            made.append(Step(minute, NURSE, _taken(course.written(minute))))
    return made + _ratings(plan, course, dosed, until)


def _above(minute: float, recheck_min: int) -> tuple[Scene, ...]:
    """The one reading above the limit, what was done, and the reading after it."""
    told = f"Pressure above the limit: to be repeated in {recheck_min} minutes, prescriber told."
    looked = "Prescriber looked in; agreed to go on and to watch."
    return (
        Step(minute, NURSE, VitalsTaken(*HIGHEST), "above"),
        About(minute + 0.3, NURSE, "above", lambda id_: BreachAnswered(id_, "prescriber told")),
        Step(minute + 0.5, NURSE, NoteTaken(told, "Intervention")),
        Step(minute + recheck_min, NURSE, VitalsTaken(*AGAIN)),
        Step(minute + recheck_min + 1, DOCTOR, NoteTaken(looked, "Intervention")),
    )


def _ratings(plan: Protocol, course: Course, dosed: float, until: float) -> list[Scene]:
    made: list[Scene] = []
    for each in plan.ratings:
        at = [dosed + minute for minute in each.at_min]
        if each.after_phase == "peak":
            at.append(course.planned[3] + 1)
        for minute in at:
            points = 7 if each.scale == "CADSS-6" else 4 if SETTLED[0] <= course.written(minute) < SETTLED[1] else 5
            if minute < until - NEAR_MIN / 2:
                made.append(Step(minute + 0.2, NURSE, ScaleRated(each.scale, points)))
    return made


def _taken(minute: float) -> VitalsTaken:
    """The reading at a written minute."""
    times = tuple(at for at, _ in SIGNS)
    at = min(max(minute, times[0]), times[-1])
    systolic, diastolic, pulse, spo2, breaths = (
        round(_between(at, times, tuple(float(signs[n]) for _, signs in SIGNS))) for n in range(5)
    )
    return VitalsTaken(systolic, diastolic, pulse, spo2, breaths)


def _between(at: float, known: tuple[float, ...], wanted: tuple[float, ...]) -> float:
    """On the straight lines through (known, wanted); beyond the last it goes on as it stands."""
    if at > known[-1]:
        return wanted[-1] + at - known[-1]
    n = min(max(1, bisect_right(known, at)), len(known) - 1)
    (a, b), (c, d) = known[n - 1 : n + 1], wanted[n - 1 : n + 1]
    return c + (d - c) * (at - a) / (b - a)
