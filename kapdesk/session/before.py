"""What is known of the patient that belongs before a dose: indication, clearance, screening, consent, crisis. Pure.

`known` is what stands in the patient's record (`Patient.known`), by the time it happened.
"""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from kapdesk.clinical.protocol import Item
from kapdesk.clock import DAY_US
from kapdesk.facts.fact import Fact
from kapdesk.facts.patient import ConsentGiven, MedicallyCleared, Screened
from kapdesk.record.history import Happening

F = TypeVar("F", bound=Fact)


class Asked(msgspec.Struct, frozen=True):
    """A line that is asked: its newest answer, whether it is to be asked (again), whether the answer holds a dose."""

    item: Item
    answer: Happening | None
    due: bool
    holds: bool


def newest(known: Sequence[Happening], kind: type[F]) -> Happening | None:
    """What stands last of a kind."""
    return next((each for each in reversed(known) if isinstance(each.fact, kind)), None)


def cleared(known: Sequence[Happening], day: str) -> Happening | None:
    """The newest medical clearance that holds on a day (YYYY-MM-DD)."""
    found = [each for each in known if isinstance(each.fact, MedicallyCleared)]
    return next((each for each in reversed(found) if each.fact.on <= day <= each.fact.valid_until), None)


def screened(known: Sequence[Happening], items: Sequence[Item], days: int, at_us: int) -> tuple[Asked, ...]:
    """Each line of the screening as it stands for a visit begun at a time (UTC µs): answers hold for so many days."""
    found = []
    for item in items:
        answer = _answer(known, Screened, item)
        due = answer is None or at_us - answer.at_us > days * DAY_US
        found.append(Asked(item, answer, due, answer is not None and item.needed and answer.fact.answer == "yes"))
    return tuple(found)


def consented(known: Sequence[Happening], items: Sequence[Item]) -> tuple[Asked, ...]:
    """Each line of the consent as it stands."""
    found = []
    for item in items:
        answer = _answer(known, ConsentGiven, item)
        found.append(Asked(item, answer, answer is None, bool(answer and item.needed and not answer.fact.agreed)))
    return tuple(found)


def refused(known: Sequence[Happening], items: Sequence[Item]) -> tuple[str, ...]:
    """What the patient does not agree to, in the words of its line."""
    return tuple(each.item.words for each in consented(known, items) if each.answer and not each.answer.fact.agreed)


def _answer(known: Sequence[Happening], kind: type[Screened | ConsentGiven], item: Item) -> Happening | None:
    return next((each for each in reversed(known) if isinstance(each.fact, kind) and each.fact.item == item.id), None)
