"""The pages behind the first: the chart, the tables, what was seen and heard, and what the record says of itself."""

from collections.abc import Callable, Sequence

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from kapdesk.clinical.template import BEHIND
from kapdesk.note import chart, fonts
from kapdesk.note.drawing import Figure
from kapdesk.note.fitting import together
from kapdesk.note.listing import TIGHT, columns, matter, sentences, with_below
from kapdesk.note.music_page import imagery_part, music_part
from kapdesk.note.paper import Dose, Line, Note, Observation, PhaseNotes, Stated, Table
from kapdesk.note.script import Ink
from kapdesk.note.setting import Prose
from kapdesk.note.styles import (
    CELL,
    CELL_RIGHT,
    CODE,
    PALE,
    PLAIN,
    QUIET,
    QUIET_SEMI,
    QUOTED,
    SEMI,
    SMALL,
    STRUCK,
    TEAL,
    Case,
)
from kapdesk.note.tables import Box, Grid, Row
from kapdesk.note.tags import FACTS
from kapdesk.note.vitals_page import vitals_part

LONG_SITE = 32
"""Characters above which the place of a dose stands on a line below it, and not in its narrow column."""


def behind(note: Note, case: Case, width: float) -> list[Flowable]:
    """Everything after the signatures, in the order of the clinic's layout. `width` in points."""
    told: dict[str, Callable[[str], list[Flowable]]] = {
        "course": lambda heading: _course(note, heading, case, width),
        "before": lambda heading: _before(note.before, heading, case),
        "questionnaires": lambda heading: sentences(note.scores, heading, case),
        "orders": lambda heading: sentences(note.orders, heading, case),
        "medication": lambda heading: _doses(note, heading, case),
        "vital signs": lambda heading: vitals_part(note.vitals, heading, case),
        "observations": lambda heading: _observations(note.observations, heading, case),
        "music": lambda heading: music_part(note.tracks, note.music, heading, case),
        "imagery": lambda heading: imagery_part(note.imagery, heading, case),
        "clock": lambda heading: _notices(note, heading, case),
        "corrections": lambda heading: _changed(note, heading, case),
    }
    tables = {table.part: table for table in note.tables}
    story: list[Flowable] = []
    for part, heading in [(each.part, each.heading) for each in note.behind or BEHIND]:
        set_ = told[part](heading) if part in told else []
        if part in tables:
            set_ += matter(tables[part], "" if set_ else heading, case)
        story += together(set_, width)
    return [*story, *together(_late(note, case), width)]


def _course(note: Note, heading: str, case: Case, width: float) -> list[Flowable]:
    if note.chart is None:
        return []
    drawing = chart.draw(note.chart, width, case.findings)
    when = " from the first dose on" if note.doses else " before a dose"
    key = "Carets with a stem: blood pressure. Rings on a broken line: pulse. Squares: SpO₂."
    if note.chart.baseline_systolic_mmhg is not None:
        key += " Lighter bands: ±20 % of the pressure before the dose."
    if note.chart.limits:
        key += f" Broken lines across: this clinic’s limits{when}. ▲ H above, ▼ L below a limit."
    if note.chart.doses:
        key += " Dark flags: doses."
    if note.chart.tracks:
        key += " Numbers below: the tracks listed under “Music heard”."
    if note.chart.lasted:
        key += " Bars: what lasted or ran in, psychotherapy in white; pointed where no end was noted."
    if drawing.unnamed:
        marks = "mark has" if drawing.unnamed == 1 else "marks have"
        key += f" {drawing.unnamed} {marks} no room for a name here; the tables say each."
    figure = Figure(drawing, note.chart.words or f"{heading}.")
    parts = [case.heading(heading), figure, Spacer(0, 3), case.say(key, SMALL, QUIET)]
    if note.chart.words:
        parts.append(case.say(note.chart.words, SMALL, PLAIN))
    return [KeepTogether(parts)]


def _before(stated: Sequence[Stated], heading: str, case: Case) -> list[Flowable]:
    if not stated:
        return []
    rows = [
        Row((
            Box((case.say(each.name, CELL, QUIET_SEMI),)), Box((case.say(each.words),)),
            Box((case.say(each.said, CELL, QUIET),)),
        ))
        for each in stated
    ]  # fmt: skip
    head = columns(case, "Matter", "What is known", "Said on, by")
    return [CondPageBreak(60), case.heading(heading), Grid([18, 60, 22], head, rows, TIGHT)]


def _doses(note: Note, heading: str, case: Case) -> list[Flowable]:
    if not note.doses:
        return []
    drawn = any(dose.strength or dose.volume for dose in note.doses)  # what is no liquid has neither
    names = ["Time", "Min", "Medication", "Dose", "Per kg", *(("Strength", "Volume") if drawn else ())]
    head = columns(case, *names, "Route, site", "Lot, expiry", "Given by", "Checked by", right=(1,))
    rows = [row for dose in note.doses for row in _dose(dose, drawn, case)]
    shares = [7, 5.5, 14.4, 8, 11.2, *((9.8, 7.6) if drawn else ()), 15.4 if drawn else 28, 12.4, 7.6, 9.9]
    for each in filter(lambda each: each.several, note.sums):
        words = [(f"{each.medication}, {each.route}: ", QUIET_SEMI), (each.total, SEMI)]
        rows.append(Row((Box((case.say(words, CELL),), across=len(shares)),), tint=PALE))
    return [CondPageBreak(90), case.heading(heading), Grid(shares, head, rows)]


def _dose(dose: Dose, drawn: bool, case: Case) -> list[Row]:
    """The dose; below it, across, what was amended. `drawn`: with its strength and volume."""
    ink = STRUCK if dose.struck else PLAIN
    long = len(dose.site) > LONG_SITE
    where = ", ".join(part for part in (dose.route, "" if long else dose.site) if part)
    site = [case.say(dose.site[:1].upper() + dose.site[1:], SMALL, STRUCK if dose.struck else PLAIN)] if long else []
    over = [case.say(dose.ran, SMALL, QUIET)] if dose.ran else []
    expiry = [case.say(f"exp. {dose.expiry}", SMALL, STRUCK if dose.struck else QUIET)] if dose.expiry else []
    liquid = (dose.strength, dose.volume) if drawn else ()
    boxes = (
        Box((case.clock(dose),)),
        Box((case.say(dose.minute, CELL_RIGHT, ink),)),
        Box((case.say(dose.medication, CELL, ink),)),
        Box((case.say(dose.dose, CELL, STRUCK if dose.struck else SEMI),)),
        *(Box((case.say(part or "–", CELL, ink),)) for part in (dose.per_kg, *liquid)),
        Box((case.say(where, CELL, ink), *over)),
        Box((case.say(dose.lot or "–", CELL, ink), *expiry)),
        Box((case.say(dose.by),)),
        Box((case.say(dose.checked_by or "–"),)),
    )
    return with_below(Row(boxes), 2, [*site, *case.amendments(dose)])


def _observations(phases: Sequence[PhaseNotes], heading: str, case: Case) -> list[Flowable]:
    rows: list[Row] = []
    for phase in phases:
        if not phase.observations:
            continue
        name = phase.phase[:1].upper() + phase.phase[1:]
        words = [(name, Ink(fonts.SEMIBOLD, TEAL)), (f"   {phase.span}" if phase.span else "", QUIET)]
        rows.append(Row((Box((case.say(words, CELL),), across=5),), heads=True, tint=PALE, group=True))
        rows += [_observation(each, case) for each in phase.observations]
    if not rows:
        return []
    head = columns(case, "Time", "Min", "Code", "Observation", "By", right=(1,))
    intro = case.say("Words of the patient stand in italics and quotation marks.", SMALL, QUIET)
    return [CondPageBreak(120), case.heading(heading), intro, Spacer(0, 2), Grid([8, 7, 14, 64, 7], head, rows)]


def _observation(each: Observation, case: Case) -> Row:
    ink = STRUCK if each.struck else QUOTED if each.patients_words else PLAIN
    quoted = each.patients_words and not any(mark in each.text for mark in '“”„«"')
    spans = [("“", ink), (each.text, ink), ("”", ink)] if quoted else [(each.text, ink)]
    said = [case.say(spans)] if each.text else []
    return Row((
        Box((case.clock(each),)),
        Box((case.say(each.minute, CELL_RIGHT),)),
        Box((case.say(each.code, CELL, SEMI),)),
        Box((*said, *case.amendments(each))),
        Box((case.say(each.by),)),
    ))  # fmt: skip


def _notices(note: Note, heading: str, case: Case) -> list[Flowable]:
    if not note.time_notices:
        return []
    head = columns(case, "Time", "Min", "What happened to the clock", "How sure the times after it are", right=(1,))
    rows = [
        Row((
            Box((case.clock(each),)), Box((case.say(each.minute, CELL_RIGHT),)),
            Box((case.say(each.what), *case.amendments(each))), Box((case.say(each.uncertainty or "–"),)),
        ))
        for each in note.time_notices
    ]  # fmt: skip
    return [CondPageBreak(60), case.heading(heading), Grid([8, 7, 48, 37], head, rows, TIGHT)]


def _changed(note: Note, heading: str, case: Case) -> list[Flowable]:
    """What was corrected or struck and has no table of its own."""
    lines = tuple(
        Line(
            clock=each.clock, minute=each.minute, by=each.by, entered=each.entered, struck=each.struck,
            amendments=each.amendments, cells=(each.what,),
        )
        for each in note.changed
    )  # fmt: skip
    return matter(Table(part="corrections", heading=heading, lines=lines), heading, case) if lines else []


def _late(note: Note, case: Case) -> list[Flowable]:
    if not note.late:
        return []
    head = columns(case, "Happened", "Min", "Kind", "Text", "By", right=(1,))
    rows = [
        Row((
            Box((case.clock(each),)), Box((case.say(each.minute, CELL_RIGHT),)),
            Box((case.say(each.kind, CELL, SEMI),)),
            Box((case.say(each.text, CELL, STRUCK if each.struck else PLAIN), *case.amendments(each))),
            Box((case.say(each.by),)),
        ))
        for each in note.late
    ]  # fmt: skip
    intro = case.say("Added after the note was signed and locked; nothing above was changed.", SMALL, QUIET)
    return [CondPageBreak(90), case.heading("Added after signing"), intro, Grid([16, 7, 13, 57, 7], head, rows)]


def digest(note: Note, case: Case) -> list[Flowable]:
    """The last section: what the note was made from, and how to tell that nothing is missing. Comes after all else."""
    about = note.digest
    rows: list[Row] = []

    def add(name: str, *prose: Prose) -> None:
        rows.append(Row((Box((case.say(name, CELL, QUIET),)), Box(prose))))

    if about.counts:
        add("On record", case.say(" · ".join(f"{each.value} {each.name}" for each in about.counts)))
    if about.undone:
        add("Undone", case.say(about.undone))
    if about.protocol:
        add("Protocol", case.say(about.protocol))
    for head in about.heads:
        words = f"{head.count} lines on record; SHA-256 of the last:"
        add(f"{head.of} {head.station}", case.say(words), case.say(head.digest, CODE))
    if about.replaces:
        add("Replaces", case.say(about.replaces))
    if about.left_out:
        add("Left out", case.say("; ".join(about.left_out)))
    lines = case.findings.lines()
    if lines:
        add("Signs", *(case.say(line) for line in lines))
    if about.made:
        add("Paper", case.say(about.made))
    if not rows:
        return []
    return [CondPageBreak(120), case.heading("About this record"), Grid([17, 83], None, rows, shape=FACTS)]
