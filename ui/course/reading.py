"""What the course page shows of a course, in words and figures. Pure."""

from datetime import date
from typing import cast
from uuid import UUID

import msgspec

from kapdesk.clinic.course import WATCHED, Course, Visited
from kapdesk.clinical import dosing, sound
from kapdesk.facts.care import Scale
from kapdesk.people import scores
from kapdesk.people.scores import Taken
from ui import words
from ui.course.plot import CourseView, Dot, Lane, Level, Shape
from ui.prepare.shown import in_words
from ui.session.times import day

_HIGHEST: tuple[tuple[Scale, int, Shape], ...] = (("CADSS", 92, "ring"), ("CADSS-6", 24, "square"))
_LOWEST: tuple[tuple[Scale, int, int, Shape], ...] = (("MOAA/S", 0, 5, "diamond"), ("RASS", -5, 4, "diamond"))
_SHAPES: tuple[Shape, ...] = ("dot", "square", "triangle", "diamond", "ring")


class VisitRow(msgspec.Struct, frozen=True):
    """A visit in the table behind the plot."""

    id: UUID
    day: str
    what: str
    said: str


class TakenRow(msgspec.Struct, frozen=True):
    """A questionnaire that was answered, in words; `id` is what a striking means."""

    id: UUID
    day: str
    name: str
    said: str


def view_of(course: Course) -> CourseView:
    """What is plotted: a lane for each thing that was measured at all, none summed with another."""
    lanes = [*_doses(course), *_pressure(course), *_scales(course), *_music(course)]
    lanes += [lane for n, each in enumerate(course.scores.values()) if (lane := _scored(each, n)) is not None]
    dated = [(_ordinal(each.day), str(each.number)) for each in course.visits if each.number]
    return CourseView(tuple(lanes), tuple(dated))


def visit_rows(course: Course, today: str) -> tuple[VisitRow, ...]:
    """The newest first."""
    return tuple(
        VisitRow(
            each.id,
            in_words(each.day, today),
            words.join(each.kind.capitalize(), course.place(each)),
            visit_told(each),
        )
        for each in reversed(course.visits)
    )


def visit_told(visit: Visited) -> str:
    """ "IM 75 mg, 1.07 mg/kg · highest 148/92 · CADSS-6 12 · lowest MOAA/S 4"."""
    given = [_dose(each.route, each.dose_ug, each.ug_per_kg) for each in visit.given]
    peak = f"highest {words.pressure(*visit.peak)}" if visit.peak else ""
    high = [f"{scale} {visit.highest[scale]}" for scale, *_ in _HIGHEST if scale in visit.highest]
    low = [f"lowest {scale} {visit.lowest[scale]}" for scale, *_ in _LOWEST if scale in visit.lowest]
    adverse = [f"{each.what}, {each.severity}{'' if each.outcome else ', open'}" for each in visit.adverse]
    music = sound.said(visit.music) if visit.music is not None else ""
    heard = f"{music} ({visit.playlist})" if music and visit.playlist else music
    return words.join(*given, peak, *high, *low, *adverse, heard) or visit.stage


def playlist_rows(course: Course) -> tuple[str, ...]:
    """Of each playlist that was asked about afterwards, how often it carried: "First Light: carried 2 of 3"."""
    rated: dict[str, list[str]] = {}
    for each in course.visits:
        if each.music is not None and each.playlist:
            rated.setdefault(each.playlist, []).append(each.music.carried)
    rows = []
    for playlist, how in rated.items():
        partly = f", {how.count('partly')} in part" if "partly" in how else ""
        rows.append(f"{playlist}: carried {how.count('carried')} of {len(how)}{partly}")
    return tuple(rows)


def taken_rows(course: Course, today: str) -> tuple[TakenRow, ...]:
    """Every questionnaire that was answered, the newest first."""
    every = [each for taken in course.scores.values() for each in taken]
    every.sort(key=lambda each: (each.on, each.said.at_us), reverse=True)
    return tuple(TakenRow(each.said.id, in_words(each.on, today), each.name, scores.told(each)) for each in every)


def watch_rows(course: Course, today: str, zone: str) -> tuple[str, ...]:
    """What is watched over a course: how it was answered each time, then what went wrong in which visit."""
    rows = []
    for item, name in WATCHED:
        answers = course.watch(item)[-3:]
        said = ", ".join(
            f"{each.fact.answer} on {in_words(day(each.at_us, zone), today)}"
            + (f" ({each.fact.remark})" if each.fact.remark else "")
            for each in answers
        )
        rows.append(f"{name}: {said or 'never asked'}")
    rows += [
        f"{in_words(visit.day, today)}: {each.what}, {each.severity}, {each.outcome or 'open'}"
        for visit in course.visits
        for each in visit.adverse
    ]
    return tuple(rows)


def flagged(course: Course) -> Taken | None:
    """The newest questionnaire whose answers are not left at that, where nothing newer of its form says otherwise.

    One in which the flagged questions were left out says nothing.
    """
    found = []
    for taken in course.scores.values():
        last = next((each for each in reversed(taken) if _speaks(each)), None)
        if last is not None and last.score is not None and last.score.flags:
            found.append(last)
    return max(found, key=lambda each: (each.on, each.said.at_us), default=None)


def _speaks(taken: Taken) -> bool:
    """Whether it answers what its form flags."""
    answers = taken.said.fact.answers
    return taken.form is not None and any(answers[each.item - 1] is not None for each in taken.form.flags)


def _dose(route: str, dose_ug: int, ug_per_kg: int | None) -> str:
    per = f", {dosing.per_kg(ug_per_kg, 1000)}" if ug_per_kg is not None else ""
    return f"{words.route(route)} {words.amount(dose_ug)}{per}"  # type: ignore[arg-type]


def _doses(course: Course) -> list[Lane]:
    found: dict[tuple[str, str], list[Dot]] = {}
    for visit in course.visits:
        for each in visit.given:
            per = dosing.per_kg(each.ug_per_kg, 1000) if each.ug_per_kg is not None else ""
            dot = Dot(_ordinal(visit.day), each.dose_ug, words.amount(each.dose_ug), below=per)
            found.setdefault((each.medication, each.route), []).append(dot)
    return [
        Lane(f"{medication.capitalize()} {words.route(route)}", tuple(dots), "bar", 0, max(dot.value for dot in dots))  # type: ignore[arg-type]
        for (medication, route), dots in found.items()
    ]


def _pressure(course: Course) -> list[Lane]:
    dots = tuple(
        Dot(_ordinal(each.day), each.peak[0], words.pressure(*each.peak), low=each.peak[1])
        for each in course.visits
        if each.peak is not None
    )
    lows = [dot.value if dot.low is None else dot.low for dot in dots]
    least, most = min([60, *lows]), max([160, *(dot.value for dot in dots)])
    return [Lane("Highest pressure, mmHg", dots, "carets", least, most)] if dots else []


def _music(course: Course) -> list[Lane]:
    """How the music was for them, each of the three questions in a lane of its own."""
    lanes = []
    for name, shape in (("liking", "dot"), ("resonance", "diamond"), ("openness", "ring")):
        dots = tuple(
            Dot(_ordinal(each.day), points, str(points))
            for each in course.visits
            if each.music is not None and (points := getattr(each.music, name)) is not None
        )
        if dots:
            lanes.append(Lane(f"Music: {name}, of 10", dots, cast("Shape", shape), 0, 10))
    return lanes


def _scales(course: Course) -> list[Lane]:
    lanes = []
    for scale, most, shape in _HIGHEST:
        highest = tuple(
            Dot(_ordinal(each.day), each.highest[scale], str(each.highest[scale]))
            for each in course.visits
            if scale in each.highest
        )
        if highest:
            lanes.append(Lane(f"Highest {scale}, of {most}", highest, shape, 0, most))
    for scale, least, most, shape in _LOWEST:
        lowest = tuple(
            Dot(_ordinal(each.day), each.lowest[scale], str(each.lowest[scale]).replace("-", words.MINUS))
            for each in course.visits
            if scale in each.lowest
        )
        if lowest:
            lanes.append(Lane(f"Lowest {scale}", lowest, shape, least, most))
    return lanes


def _scored(taken: tuple[Taken, ...], n: int) -> Lane | None:
    """A form's totals with its bands, as its newest scoring has them; those without a total are not plotted."""
    last = taken[-1]
    if last.form is None or last.score is None:
        return None
    dots = tuple(
        Dot(_ordinal(each.on), each.score.total, str(each.score.total))
        for each in taken
        if each.score is not None and each.score.total is not None and each.score.most == last.score.most
    )
    if not dots:
        return None
    levels = tuple(Level(band.at_least, band.words) for band in last.form.bands)
    name = f"{last.name}, of {last.score.most}"
    return Lane(name, dots, _SHAPES[n % len(_SHAPES)], last.score.least, last.score.most, levels, line=True)


def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()
