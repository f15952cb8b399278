"""A patient's course on one page: doses by route, the peaks of pressure, scores with their trend, what was reached."""

from datetime import UTC, date, tzinfo

from kapdesk.clinic.course import WATCHED, Course, Given, Visited
from kapdesk.clinical import care, dosing
from kapdesk.clock import local
from kapdesk.note import wording
from kapdesk.note.paper import Named, PaperSize, Tile
from kapdesk.note.sheet import (
    MOST_NAMED,
    Block,
    Column,
    Dot,
    Facts,
    Lane,
    Level,
    Line,
    Part,
    Plot,
    Points,
    Sheet,
    Table,
    Words,
)
from kapdesk.people import scores
from kapdesk.people.scores import Taken

MOST_LANES = 7
"""So many measures are drawn; what is beyond them stands in the tables all the same."""


def overview_of(
    course: Course, clinic: str = "", today: str = "", zone: tzinfo = UTC, paper: PaperSize = "A4"
) -> Sheet:
    """The overview of a course as it stands on a day (YYYY-MM-DD), in the clinic's time zone."""
    patient = course.patient
    known = patient.registered
    dosing_visits = [each for each in course.visits if each.number]
    goals = course.plan.goals.strip() if course.plan is not None else ""
    parts = [
        Part(heading="Over time", blocks=(plot, *_unnamed(plot))) if (plot := plot_of(course)) is not None else None,
        Part(heading="Sessions", blocks=(_sessions(course),)) if course.visits else None,
        Part(heading="Newest scores", blocks=(_scores(course),)) if course.scores else None,
        Part(heading="Milestones", blocks=_milestones(course, zone), beside=True) if course.milestones else None,
        Part(heading="How it goes on", blocks=_going_on(course, today), beside=True),
        _watched(course),
    ]
    return Sheet(
        title="Course overview",
        subtitle=f"As it stands on {today}; each figure as it was recorded, doses by route and never across.",
        status=f"What they want of it: {goals}" if goals else "",
        clinic=clinic,
        whose=patient.name,
        born=known.born_on if known else "",
        number=known.record_number if known else "",
        date=today,
        tiles=_tiles(course, dosing_visits),
        parts=tuple(part for part in parts if part is not None),
        paper=paper,
    )


def plot_of(course: Course) -> Plot | None:
    """The measures over the days of the course, each in its lane; None where there is nothing to draw."""
    lanes = [*_doses(course), *_pressure(course), *filter(None, map(_scored, course.scores.values()))]
    lanes = lanes[:MOST_LANES]
    if not lanes:
        return None
    marks = tuple(
        Dot(day=_day(each.day), value=each.number, words=str(each.number)) for each in course.visits if each.number
    )
    told = [
        f"{lane.name}: {', '.join(f'{dot.words} on {date.fromordinal(dot.day).isoformat()}' for dot in lane.dots)}."
        for lane in lanes
    ]
    return Plot(lanes=tuple(lanes), words=" ".join(told), marks=marks)


def _unnamed(plot: Plot) -> tuple[Words, ...]:
    if all(len(lane.dots) <= MOST_NAMED for lane in plot.lanes):
        return ()
    said = f"Of more than {MOST_NAMED} values the first, the last, the highest and the lowest are named."
    return (Words(text=said, how="quiet"),)


def _tiles(course: Course, dosing_visits: list[Visited]) -> tuple[Tile, ...]:
    plan = course.plan
    of = f" of {plan.dosing_visits}" if plan is not None and plan.dosing_visits else ""
    last = course.visits[-1].day if course.visits else ""
    made = [Tile(name="Dosing sessions", value=f"{len(dosing_visits)}{of}", more=f"last visit {last}" if last else "")]
    peaks = [(each.peak, each.day) for each in course.visits if each.peak is not None]
    if peaks:
        (top, day) = max(peaks, key=lambda each: each[0][0])
        made.append(Tile(name="Highest BP", value=_pressure_words(top), more=f"mmHg, {day}"))
    for taken in list(course.scores.values())[:3]:
        newest = taken[-1]
        if newest.score is not None and newest.score.total is not None:
            more = scores.changed(newest).split(", ")[0] or f"on {newest.on}"
            made.append(Tile(name=newest.name, value=f"{newest.score.total} of {newest.score.most}", more=more))
    events = sum(len(each.adverse) for each in course.visits)
    made.append(Tile(name="Adverse events", value=str(events), more=_open_events(course)))
    return tuple(made)


def _open_events(course: Course) -> str:
    open_ = sum(not each.outcome for visit in course.visits for each in visit.adverse)
    return f"{open_} open" if open_ else "none open"


def _doses(course: Course) -> list[Lane]:
    """A lane for each medication and route, in mg."""
    found: dict[tuple[str, str], list[Dot]] = {}
    for visit in course.visits:
        for each in visit.given:
            words = wording.mg(each.dose_ug).removesuffix(" mg")
            dot = Dot(day=_day(visit.day), value=each.dose_ug // 1000, words=words)
            found.setdefault((each.medication, care.ROUTES[each.route]), []).append(dot)
    return [
        Lane(
            name=f"{medication[:1].upper()}{medication[1:]} {route}, mg",
            dots=tuple(dots),
            least=0,
            most=max(dot.value for dot in dots),
        )
        for (medication, route), dots in found.items()
    ]


def _pressure(course: Course) -> list[Lane]:
    dots = tuple(
        Dot(day=_day(each.day), value=each.peak[0], words=_pressure_words(each.peak))
        for each in course.visits
        if each.peak is not None
    )
    return [Lane(name="Highest BP, mmHg", dots=dots, least=100, most=180)] if dots else []


def _scored(taken: tuple[Taken, ...]) -> Lane | None:
    """A form's totals with its bands, as its newest scoring has them; those without a total are not drawn."""
    last = taken[-1]
    if last.form is None or last.score is None:
        return None
    dots = tuple(
        Dot(day=_day(each.on), value=each.score.total, words=str(each.score.total))
        for each in taken
        if each.score is not None and each.score.total is not None and each.score.most == last.score.most
    )
    if not dots:
        return None
    return Lane(
        name=f"{last.name}, of {last.score.most}",
        dots=dots,
        least=last.score.least,
        most=last.score.most,
        levels=tuple(Level(value=band.at_least, name=band.words) for band in last.form.bands),
        joined=True,
    )


def _sessions(course: Course) -> Table:
    columns = (
        Column(name="No.", share=5),
        Column(name="Day", share=11),
        Column(name="Visit", share=11),
        Column(name="Given, by route", share=37),
        Column(name="Highest BP", share=11),
        Column(name="Adverse events", share=25),
    )
    return Table(columns=columns, lines=tuple(_session(each) for each in course.visits))


def _session(visit: Visited) -> Line:
    events = "; ".join(f"{each.what}, {each.severity}{'' if each.outcome else ', open'}" for each in visit.adverse)
    return Line(
        cells=(
            str(visit.number) if visit.number else "",
            visit.day,
            visit.kind.capitalize(),
            "; ".join(map(_given, visit.given)),
            _pressure_words(visit.peak) if visit.peak is not None else "",
            events,
        )
    )


def _given(given: Given) -> str:
    name = f"{given.medication[:1].upper()}{given.medication[1:]}"
    per_kg = f", {dosing.per_kg(given.ug_per_kg, 1000)}" if given.ug_per_kg is not None else ""
    return f"{name} {care.ROUTES[given.route]} {wording.mg(given.dose_ug)}{per_kg}"


def _scores(course: Course) -> Facts:
    """What the newest of each questionnaire says, with its day and its change."""
    newest = [taken[-1] for taken in course.scores.values()]
    return Facts(facts=tuple(Named(name=each.name, value=f"{scores.told(each)} ({each.on})") for each in newest))


def _milestones(course: Course, zone: tzinfo) -> tuple[Block, ...]:
    items = tuple(f"{local(each.at_us, zone).date()}: {each.fact.text}" for each in course.milestones)
    return (Points(items=items),)


def _going_on(course: Course, today: str) -> tuple[Block, ...]:
    maintenance = course.maintenance
    said = []
    for each in course.planned:
        when = "" if each.on >= today else " (that day has passed)"
        words = f": {each.words}" if each.words else ""
        said.append(Named(name=each.visit.capitalize(), value=f"{each.on}{when}{words}"))
    if maintenance is not None:
        every = f"every {maintenance.every_weeks} weeks" if maintenance.every_weeks else "none any more"
        said.append(Named(name="Maintenance", value=f"{every}{f': {maintenance.words}' if maintenance.words else ''}"))
    if not said:
        return (Words(text="No visit and no maintenance is planned.", how="quiet"),)
    return (Facts(facts=tuple(said)),)


def _watched(course: Course) -> Part | None:
    """The newest answer to each line of the screening that long use asks for."""
    said = []
    for item, name in WATCHED:
        answers = course.watch(item)
        if answers:
            fact = answers[-1].fact
            remark = f", {fact.remark}" if fact.remark else ""
            said.append(Named(name=name, value=f"{fact.answer}{remark}"))
    return Part(heading="Watched over the course", blocks=(Facts(facts=tuple(said)),), beside=True) if said else None


def _pressure_words(peak: tuple[int, int | None]) -> str:
    return f"{peak[0]}/{peak[1] if peak[1] is not None else '–'}"


def _day(day: str) -> int:
    return date.fromisoformat(day).toordinal()
