"""What of the patient was known before the dose: indication, clearance, screening, consent, crisis contacts. Pure.

All as it stood on the day of the visit and, in a signed note, before the one who signed (`content.as_signed`).
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from kapdesk.clinical import forms
from kapdesk.clock import local
from kapdesk.facts.fact import Fact
from kapdesk.facts.patient import (
    ConsentGiven,
    CoursePlanned,
    CrisisContactsSet,
    IndicationStated,
    MedicallyCleared,
    MusicWishes,
    PatientDescribed,
    PieceAvoided,
    Screened,
)
from kapdesk.facts.session import SummaryWritten
from kapdesk.note.paper import Stated
from kapdesk.note.telling import Telling
from kapdesk.people import scores
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening

F = TypeVar("F", bound=Fact)


def indication_of(telling: Telling, patient: Patient) -> str:
    """What the treatment is for, and what was tried, as was said outside the visit; "" where nobody said."""
    found = _standing(telling, patient, IndicationStated)
    if not found:
        return ""
    return _indication(found[-1].fact)


def before_of(telling: Telling, patient: Patient) -> tuple[Stated, ...]:
    """Each matter with its day and who said it."""
    clearances = _standing(telling, patient, MedicallyCleared)
    crisis = _standing(telling, patient, CrisisContactsSet)
    return (
        *_stated(telling, patient),
        *(_clearance(telling, each) for each in clearances[-1:]),
        *_screening(telling, patient),
        *_consent(telling, patient),
        *(_of("In a crisis", each.fact.text, _on(telling, each)) for each in crisis[-1:]),
        *_known(telling, patient),
    )


def _stated(telling: Telling, patient: Patient) -> Iterable[Stated]:
    """The indication as it was stated outside the visit, where the visit has words of its own for it."""
    written = any(h.fact.section == "indication" for h in telling.session.history.standing(SummaryWritten))
    for each in _standing(telling, patient, IndicationStated)[-1:] if written else ():
        yield _of("Indication as stated", _indication(each.fact), _on(telling, each))


def _known(telling: Telling, patient: Patient) -> Iterable[Stated]:
    """What the staff should know of them, and what they want of the course."""
    for each in _standing(telling, patient, PatientDescribed)[-1:]:
        fact = each.fact
        named = (
            ("What helps", fact.helps),
            ("What to avoid", fact.avoid),
            ("Culture and faith", fact.culture),
            ("Music", fact.music),
        )
        if said := [f"{name}: {words}" for name, words in named if words]:
            yield _of("To be known", "\n".join(said), _on(telling, each))
    for each in _standing(telling, patient, MusicWishes)[-1:]:
        if each.fact.avoid:
            yield _of("Music not to be played", ", ".join(each.fact.avoid), _on(telling, each))
    pieces = [each.fact.title for each in _standing(telling, patient, PieceAvoided)]
    if pieces:
        yield _of("Pieces not to be played", "; ".join(dict.fromkeys(pieces)))
    for each in _standing(telling, patient, CoursePlanned)[-1:]:
        goals = f"\nGoals: {each.fact.goals}" if each.fact.goals else ""
        yield _of("The course", f"{each.fact.dosing_visits} dosing visits planned{goals}", _on(telling, each))


def scores_of(telling: Telling, patient: Patient) -> tuple[str, ...]:
    """The newest of each questionnaire answered by the day of the visit: its band, parts, flags and change."""
    day = telling.day.isoformat()
    found = scores.scores(patient, lambda each: max(each.fact.on, _day(telling, each)) <= day)
    return tuple(_scored(telling, taken) for taken in found.values())


def _scored(telling: Telling, answered: Sequence[scores.Taken]) -> str:
    taken = answered[-1]
    score = taken.score
    parts = forms.parts_told(score) if score is not None else ""
    flags = "; ".join(each.words for each in score.flags) if score is not None else ""
    flagged = f"Flagged: {flags}" if flags else ""
    said = ". ".join(part for part in (scores.told(taken), parts, flagged, _trend(answered)) if part)
    return f"{taken.name}, {taken.on} ({telling.clinic.name_of(taken.said.by)}): {said}."


def _trend(answered: Sequence[scores.Taken]) -> str:
    """Every total with its day, where there are more than the change tells of."""
    totals = [f"{each.score.total} on {each.on}" for each in answered if each.score and each.score.total is not None]
    return f"All totals: {', '.join(totals)}" if len(totals) > 2 else ""


def _of(name: str, words: str, said: str = "") -> Stated:
    return Stated(name=name, words=words, said=said)


def _indication(fact: IndicationStated) -> str:
    return f"{fact.indication}\nTried before: {fact.tried}" if fact.tried else fact.indication


def _clearance(telling: Telling, each: Happening) -> Stated:
    fact = each.fact
    tests = f": {fact.tests}" if fact.tests else ""
    typed = f", entered by {telling.clinic.name_of(each.entered_by)}" if each.entered_by != each.by else ""
    said = f"{fact.on}, {telling.clinic.name_of(each.by)}{typed}"
    return _of("Medically cleared", f"Until {fact.valid_until}{tests}", said)


def _screening(telling: Telling, patient: Patient) -> Iterable[Stated]:
    """What was answered on one day by one person; what was affirmed stands first."""
    for said, answers in _together(telling, _newest(telling, patient, Screened)).items():
        found: dict[str, list[str]] = {"yes": []}
        for each in answers:
            found.setdefault(each.fact.answer, []).append(_with_remark(each.fact.words, each.fact.remark))
        parts = [f"{answer.capitalize()}: {'; '.join(words)}" for answer, words in found.items() if words]
        yield _of("Screening", "\n".join(parts), said)


def _consent(telling: Telling, patient: Patient) -> Iterable[Stated]:
    for said, answers in _together(telling, _newest(telling, patient, ConsentGiven)).items():
        yes = [_with_remark(each.fact.words, each.fact.remark) for each in answers if each.fact.agreed]
        no = [_with_remark(each.fact.words, each.fact.remark) for each in answers if not each.fact.agreed]
        parts = [f"Agreed: {'; '.join(yes)}"] if yes else []
        parts += [f"Not agreed: {'; '.join(no)}"] if no else []
        yield _of("Consent", "\n".join(parts), said)


def _together(telling: Telling, newest: list[Happening]) -> dict[str, list[Happening]]:
    """Answers by their day and whose they are, in the order of the first."""
    found: dict[str, list[Happening]] = {}
    for each in newest:
        found.setdefault(_on(telling, each), []).append(each)
    return found


def _newest(telling: Telling, patient: Patient, kind: type[F]) -> list[Happening]:
    """The newest answer of each line, in the order the lines were first answered."""
    found: dict[str, Happening] = {}
    for each in _standing(telling, patient, kind):
        found[each.fact.item] = each
    return list(found.values())


def _standing(telling: Telling, patient: Patient, kind: type[F]) -> list[Happening]:
    return [each for each in patient.standing(kind) if _day(telling, each) <= telling.day.isoformat()]


def _on(telling: Telling, each: Happening) -> str:
    return f"{_day(telling, each)}, {telling.clinic.name_of(each.by)}"


def _day(telling: Telling, each: Happening) -> str:
    return local(each.at_us, telling.zone).date().isoformat()


def _with_remark(words: str, remark: str) -> str:
    return f"{words} ({remark})" if remark else words
