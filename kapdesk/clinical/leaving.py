"""The discharge scales: five criteria of 0 to 2 points each, in our own words, and what may be proposed for one."""

from typing import NamedTuple

from kapdesk.facts.after import LeavingScore, LeavingScored


class Criterion(NamedTuple):
    """What is looked at, and what no, one and two points mean."""

    words: str
    none: str
    one: str
    two: str


CIRCULATION = "Circulation"
_PRESSURE = Criterion(CIRCULATION, "pressure off by 50 % or more", "off by 20 to 49 %", "within 20 % of the first")
_VITALS = Criterion(CIRCULATION, "pressure or pulse off by over 40 %", "off by 20 to 40 %", "within 20 % of the first")

CRITERIA: dict[LeavingScore, tuple[Criterion, ...]] = {
    "Aldrete": (
        Criterion("Moves", "no limb", "two limbs", "all four, when asked"),
        Criterion("Breathes", "not by themselves", "shallow or with effort", "deeply, and can cough"),
        _PRESSURE,
        Criterion("Awake", "does not answer", "wakes when called", "fully"),
        Criterion("SpO₂", "90 % or less with oxygen", "needs oxygen for over 90 %", "over 92 % in room air"),
    ),
    "mPADSS": (
        _VITALS,
        Criterion("Walks", "cannot", "with help", "steadily, as before"),
        Criterion("Nausea", "goes on though treated", "treated by injection", "none, slight, or settled by tablet"),
        Criterion("Pain", "strong", "some", "none or hardly any"),
        Criterion("Injection site", "bleeds on", "was dressed again", "dry, or there is none"),
    ),
}
"""Modified Aldrete score: StatPearls 155763 (circulation within 20 %, 20 to 49 %, 50 % of the pressure before; SpO₂
above 92 % in room air). mPADSS, the ambulatory form without fluids and voiding: mdicu.com calc-790, vital signs
within 20 %, 20 to 40 %, beyond. Its surgical bleeding is read as the injection site, for ketamine: an example, to be
approved by the clinic. Nine of ten points let a patient leave in both sources. From general knowledge, not checked
against the articles: nausea settled by a tablet keeps its two points; Aldrete, J Clin Anesth 1995;7:89-91,
and Chung, Chan and Ong, J Clin Anesth 1995;7:500-506, whose item of bleeding asks for none, up to two, or more new
dressings."""

MOST = 2


def doubt(fact: LeavingScored) -> str | None:
    """Why these points cannot be of their scale."""
    right = len(fact.points) == len(CRITERIA[fact.scale]) and all(0 <= each <= MOST for each in fact.points)
    return None if right else f"{fact.scale} has five lines of 0, 1 or 2 points. Tap one on each line."


def proposed(scale: LeavingScore, first_mmhg: int, now_mmhg: int) -> int:
    """The points for circulation by the systolic pressure (mmHg) of the reading before the dose and the newest."""
    off = abs(now_mmhg - first_mmhg) * 100
    if off <= 20 * first_mmhg:
        return 2
    most = off <= 40 * first_mmhg if scale == "mPADSS" else off < 50 * first_mmhg
    return 1 if most else 0


def told(fact: LeavingScored) -> str:
    """ "mPADSS 9 of 10: nausea 1", naming the lines with less than full points."""
    lines = zip(CRITERIA[fact.scale], fact.points, strict=False)
    less = [f"{line.words.lower()} {points}" for line, points in lines if points < MOST]
    total = f"{fact.scale} {sum(fact.points)} of {MOST * len(CRITERIA[fact.scale])}"
    return f"{total}: {', '.join(less)}" if less else total
