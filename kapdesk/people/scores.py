"""The questionnaires a patient has answered: each scored as it was then, with its change since the first and the last.

Pure.
"""

from collections.abc import Callable

import msgspec

from kapdesk.clinical import forms
from kapdesk.clinical.forms import Form, Score
from kapdesk.facts.patient import FormAnswered
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening


class Taken(msgspec.Struct, frozen=True):
    """A questionnaire, answered on a day. `form` and `score` are None where its scoring cannot be read any more.

    `since_first` and `since_last`: by how many points the total lies above the first, and the one before, of the same
    form and range; None where there is none, or no total to hold it against.
    """

    said: Happening
    on: str
    form: Form | None = None
    score: Score | None = None
    since_first: int | None = None
    since_last: int | None = None

    @property
    def id(self) -> str:
        """Which form it is."""
        return str(self.said.fact.form)

    @property
    def name(self) -> str:
        """How the form is called."""
        return self.form.name if self.form is not None else self.id


def scores(patient: Patient, known: Callable[[Happening], bool] = lambda each: True) -> dict[str, tuple[Taken, ...]]:
    """By form, in the order of the days on which they were answered; of all, or only of those that were `known`."""
    found: dict[str, list[Taken]] = {}
    answered = [each for each in patient.standing(FormAnswered) if known(each)]
    for said in sorted(answered, key=lambda each: (each.fact.on, each.at_us, each.order)):
        before = found.setdefault(said.fact.form, [])
        before.append(_compared(_taken(said), before))
    return {id_: tuple(each) for id_, each in found.items()}


def told(taken: Taken) -> str:
    """ "14 of 27, moderate; −6 since the first, −2 since the last"."""
    if taken.form is None or taken.score is None:
        return "cannot be scored: its scoring is not readable"
    parts = [forms.told(taken.score)]
    if changes := changed(taken):
        parts.append(changes)
    return "; ".join(parts)


def changed(taken: Taken) -> str:
    """ "−6 since the first (response), −2 since the last"; "" for the first."""
    said = []
    if taken.since_first is not None and taken.form is not None:
        name = forms.change_of(taken.form, taken.since_first)
        said.append(f"{signed(taken.since_first)} since the first" + (f" ({name})" if name else ""))
    if taken.since_last is not None:
        said.append(f"{signed(taken.since_last)} since the last")
    return ", ".join(said)


def signed(points: int) -> str:
    """A change with its sign: "+3", "−2", "±0"."""
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "±0"


def _taken(said: Happening) -> Taken:
    fact: FormAnswered = said.fact
    form = forms.recorded(fact.scoring)
    if form is None or forms.doubt(form, fact.answers) is not None:
        return Taken(said, fact.on)
    return Taken(said, fact.on, form, forms.score(form, fact.answers))


def _compared(taken: Taken, before: list[Taken]) -> Taken:
    alike = [total for each in before if (total := _total(each, taken)) is not None]
    now = _total(taken, taken)
    if now is None or not alike:
        return taken
    return msgspec.structs.replace(taken, since_first=now - alike[0], since_last=now - alike[-1])


def _total(one: Taken, like: Taken) -> int | None:
    """Its total, where it can be held against the other's: made of as many questions, over the same range."""
    if one.form is None or one.score is None or like.form is None or like.score is None:
        return None
    same = (one.score.least, one.score.most, len(one.form.counted)) == (
        like.score.least,
        like.score.most,
        len(like.form.counted),
    )
    return one.score.total if same else None
