"""A questionnaire as TOML: its topics in our own short words, its ranges, and how it is scored. Pure.

The official wording of its questions never stands in it, for the form goes word for word into the record with each set
of answers. A clinic that may show the wording keeps that in a file of its own (`Wording`).
"""

import re
from functools import lru_cache
from typing import Literal, TypeVar

import msgspec

from kapdesk.errors import KnownError
from kapdesk.toml import brief, loads

FORMAT = 1
MOST_QUESTIONS = 100
MOST_POINTS = 1_000

Answers = tuple[int | None, ...]
"""The points of each question in its order, None where one was left out."""


class Piece(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of a form; refuses a field it does not know."""


class Question(Piece, frozen=True):
    """A topic. `least` and `most` where its range is not the form's; `reverse`: more points mean less of it; what is
    not `counted` is asked, and belongs to no total."""

    words: str
    least: int | None = None
    most: int | None = None
    reverse: bool = False
    counted: bool = True


class Subscale(Piece, frozen=True):
    """A part that is added up by itself. `items` are numbers of questions, from 1."""

    name: str
    items: tuple[int, ...]


class Band(Piece, frozen=True):
    """What a total is called from so many points on, up to the next band."""

    at_least: int
    words: str


class Flag(Piece, frozen=True):
    """An answer of so many points or more that is not left at that: it opens the safety card."""

    item: int
    at_least: int
    words: str


class Form(Piece, frozen=True):
    """How a questionnaire is asked and scored. Points are whole numbers.

    `answers`: what each number of points means, in our own words, from the least on. `better` says which way is good,
    "" where neither is. `fill_missing_up_to`: the form's own rule that so many questions left out, at most, count as
    the mean of the others; at 0 there is no total once one is left out. `changes`: what a change for the better by so
    many points is called.
    """

    format: int
    id: str
    name: str
    version: str
    licence: str
    citation: str
    least: int
    most: int
    questions: tuple[Question, ...]
    about: str = ""
    answers: tuple[str, ...] = ()
    better: Literal["", "less", "more"] = ""
    fill_missing_up_to: int = 0
    subscales: tuple[Subscale, ...] = ()
    bands: tuple[Band, ...] = ()
    changes: tuple[Band, ...] = ()
    flags: tuple[Flag, ...] = ()
    source: str = ""

    def range_of(self, number: int) -> tuple[int, int]:
        """The least and most points of a question, by its number from 1."""
        asked = self.questions[number - 1]
        return (
            self.least if asked.least is None else asked.least,
            self.most if asked.most is None else asked.most,
        )

    def range_over(self, items: tuple[int, ...]) -> tuple[int, int]:
        """The least and most that some questions can add up to."""
        ranges = [self.range_of(n) for n in items]
        return sum(least for least, _ in ranges), sum(most for _, most in ranges)

    @property
    def counted(self) -> tuple[int, ...]:
        """The numbers of the questions that make the total."""
        return tuple(n for n, each in enumerate(self.questions, 1) if each.counted)


class Wording(Piece, frozen=True):
    """The questions as they are officially asked, and what each number of points is called there: for the screen
    only."""

    format: int
    form: str
    questions: tuple[str, ...]
    answers: tuple[str, ...] = ()
    intro: str = ""


class Part(msgspec.Struct, frozen=True):
    """What some of the questions add up to; None where one of them was left out."""

    name: str
    points: int | None
    most: int


class Score(msgspec.Struct, frozen=True):
    """A form, scored. `total` is None where none can be made; `filled`: it was made by the form's rule for questions
    left out, of which there are `missing`."""

    total: int | None
    least: int
    most: int
    missing: int
    filled: bool
    band: str
    parts: tuple[Part, ...]
    flags: tuple[Flag, ...]


def score(form: Form, answers: Answers) -> Score:
    """Add it up. `answers` must be without `doubt`."""
    points = {n: _points(form, n, given) for n, given in enumerate(answers, 1)}
    there = [given for n in form.counted if (given := points[n]) is not None]
    missing = len(form.counted) - len(there)
    total: int | None = None
    if there and missing <= form.fill_missing_up_to:
        total = sum(there) + (2 * missing * sum(there) + len(there)) // (2 * len(there))  # each as the mean, rounded
    least, most = form.range_over(form.counted)
    return Score(
        total,
        least,
        most,
        missing,
        total is not None and missing > 0,
        band_of(form, total),
        tuple(_part(form, each, points) for each in form.subscales),
        tuple(each for each in form.flags if (given := answers[each.item - 1]) is not None and given >= each.at_least),
    )


def band_of(form: Form, total: int | None) -> str:
    """What a total is called, "" below the first band and without a total."""
    reached = [each.words for each in form.bands if total is not None and total >= each.at_least]
    return reached[-1] if reached else ""


def change_of(form: Form, by: int) -> str:
    """What a change of the total by so many points is called, "" for one that is called nothing."""
    good = -by if form.better == "less" else by if form.better == "more" else 0
    reached = [each.words for each in form.changes if good >= each.at_least]
    return reached[-1] if reached else ""


def doubt(form: Form, answers: Answers) -> str | None:
    """Why these cannot be answers to this form."""
    if len(answers) != len(form.questions):
        return f"{form.name} has {len(form.questions)} questions, and {len(answers)} were answered. Open it again."
    if all(each is None for each in answers):
        return "Nothing was answered yet. Type the points of at least one question."
    for n, given in enumerate(answers, 1):
        least, most = form.range_of(n)
        if given is not None and not least <= given <= most:
            return f"Question {n} of {form.name} goes from {least} to {most}. Type it again."
    return None


def told(score_: Score) -> str:
    """ "14 of 27, moderate"; without a total, how many were left out."""
    left = f"{score_.missing} left out" if score_.missing else ""
    if score_.total is None:
        return f"no total, {left}" if left else "no total"
    filled = f"{left}, filled by the form’s rule" if score_.filled else ""
    return ", ".join(part for part in (f"{score_.total} of {score_.most}", score_.band, filled) if part)


def parts_told(score_: Score) -> str:
    """ "B 4 of 20, C 2 of 8"; "" for a form without parts."""
    return ", ".join(
        f"{each.name} {'–' if each.points is None else each.points} of {each.most}" for each in score_.parts
    )


def parse(toml: str, name: str = "form") -> Form:
    """A form from its TOML. `name` is how the file is called. Raises KnownError naming file and field."""
    form = _converted(toml, name, Form)
    if flaw := _flaw(form):
        raise KnownError(f"{name}, field {brief(flaw)}. Mend the file.")
    return form


@lru_cache(128)
def recorded(toml: str) -> Form | None:
    """A form as it stands in the record; None where it cannot be read any more."""
    try:
        return parse(toml)
    except KnownError:
        return None


def parse_wording(toml: str, form: Form, name: str = "wording") -> Wording:
    """The official wording of a form, from the clinic's own file. Raises KnownError naming file and field."""
    wording = _converted(toml, name, Wording)
    if len(wording.questions) != len(form.questions):
        count = f"{len(wording.questions)} stand here, {form.name} has {len(form.questions)}"
        raise KnownError(f"{name}, field questions: {count}. Mend the file.")
    if wording.answers and len(wording.answers) != form.most - form.least + 1:
        raise KnownError(f"{name}, field answers: one for each of {form.least} to {form.most}. Mend the file.")
    return wording


T = TypeVar("T", Form, Wording)


def _converted(toml: str, name: str, kind: type[T]) -> T:
    try:
        made = msgspec.convert(loads(toml.encode("utf-8", "replace").decode()), kind)
    except msgspec.ValidationError as error:
        text = str(error)
        place = re.search(r" - at `\$\.?(.*)`$", text)
        plain = f"field {place[1]}: {text[: place.start()]}" if place else text
        raise KnownError(f"{name} cannot be used: {brief(plain)}. Mend the file.") from error
    except ValueError as error:
        raise KnownError(f"{name} is not readable TOML: {brief(str(error))}. Mend the file.") from error
    if made.format != FORMAT:
        told_ = brief(str(made.format))
        raise KnownError(f"{name} is of format {told_}; this KapDesk reads format {FORMAT}. Update KapDesk.")
    return made


def _points(form: Form, number: int, given: int | None) -> int | None:
    if given is None or not form.questions[number - 1].reverse:
        return given
    least, most = form.range_of(number)
    return least + most - given


def _part(form: Form, subscale: Subscale, points: dict[int, int | None]) -> Part:
    there = [given for n in subscale.items if (given := points[n]) is not None]
    whole = len(there) == len(subscale.items)
    return Part(subscale.name, sum(there) if whole else None, form.range_over(subscale.items)[1])


def _flaw(form: Form) -> str | None:
    """The first thing that contradicts itself: its field, and what is wrong."""
    for field in ("id", "name", "version", "licence", "citation"):
        if not getattr(form, field).strip():
            return f"{field}: is empty"
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", form.id):
        return "id: small letters, digits and hyphens only, for example phq-9"
    return _flaw_of_questions(form) or _flaw_of_bands(form)


def _flaw_of_questions(form: Form) -> str | None:
    count = len(form.questions)
    if not 0 < count <= MOST_QUESTIONS:
        return f"questions: 1 to {MOST_QUESTIONS} of them"
    for n, each in enumerate(form.questions, 1):
        least, most = form.range_of(n)
        if not each.words.strip():
            return f"questions: number {n} has no words"
        if not 0 <= least < most <= MOST_POINTS:
            return f"questions: number {n} goes from {least} to {most}; it must go up, within 0 to {MOST_POINTS}"
    if not form.counted:
        return "questions: none is counted"
    if form.answers and len(form.answers) != form.most - form.least + 1:
        return f"answers: one for each of {form.least} to {form.most}"
    if not 0 <= form.fill_missing_up_to < len(form.counted):
        return "fill_missing_up_to: fewer than are counted, and not below 0"
    if form.fill_missing_up_to and len({form.range_of(n) for n in form.counted}) > 1:
        return "fill_missing_up_to: a mean needs questions of one range"
    for part in form.subscales:
        if not part.name.strip() or not part.items or len(set(part.items)) != len(part.items):
            return "subscales: each needs a name and its questions, each once"
        if not all(0 < n <= count for n in part.items):
            return f"subscales: “{part.name}” names a question that is not there"
    for flag in form.flags:
        if not 0 < flag.item <= count or not flag.words.strip():
            return "flags: each needs its words and the number of a question"
    return None


def _flaw_of_bands(form: Form) -> str | None:
    least, most = form.range_over(form.counted)
    for field, bands in (("bands", form.bands), ("changes", form.changes)):
        starts = [each.at_least for each in bands]
        if starts != sorted(set(starts)) or any(not each.words.strip() for each in bands):
            return f"{field}: each with its words, and each higher than the one before"
        if starts and not (starts[0] >= (least if field == "bands" else 1) and starts[-1] <= most):
            return f"{field}: one lies where no total can be"
    if form.changes and not form.better:
        return "changes: say in better which way is good, less or more"
    return None
