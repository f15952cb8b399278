"""The pages behind the first: the chart, the tables, what was seen and heard, and what the record says of itself."""

from collections.abc import Callable, Sequence

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from kapdesk.clinical.template import BEHIND
from kapdesk.note import chart, fonts
from kapdesk.note.drawing import Figure
from kapdesk.note.fitting import together
from kapdesk.note.listing import matter
from kapdesk.note.paper import Dose, Imagery, Line, Note, Observation, PhaseNotes, Reading, Table, Track, Vitals
from kapdesk.note.script import Ink
from kapdesk.note.setting import Prose, Style
from kapdesk.note.styles import (
    BREACH_PALE,
    CELL,
    CELL_RIGHT,
    CODE,
    HEAD,
    HEAD_RIGHT,
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
from kapdesk.note.tables import Box, Grid, Row, Spacing
from kapdesk.note.tags import FACTS

_TIGHT = Spacing(side=3, above=0.9, below=1.3)

LONG_SITE = 32
"""Characters above which the place of a dose stands on a line below it, and not in its narrow column."""


def behind(note: Note, case: Case, width: float) -> list[Flowable]:
    """Everything after the signatures, in the order of the clinic's layout. `width` in points."""
    told: dict[str, Callable[[str], list[Flowable]]] = {
        "course": lambda heading: _course(note, heading, case, width),
        "before": lambda heading: _said(note.before, heading, case),
        "questionnaires": lambda heading: _said(note.scores, heading, case),
        "orders": lambda heading: _said(note.orders, heading, case),
        "medication": lambda heading: _doses(note, heading, case),
        "vital signs": lambda heading: _vitals(note.vitals, heading, case),
        "observations": lambda heading: _observations(note.observations, heading, case),
        "music": lambda heading: _music(note.tracks, note.music, heading, case),
        "imagery": lambda heading: _imagery(note.imagery, heading, case),
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


def _head(case: Case, *names: str, right: Sequence[int] = ()) -> Row:
    styles = [HEAD_RIGHT if i in right else HEAD for i in range(len(names))]
    return Row(tuple(Box((case.say(name, style, QUIET_SEMI),)) for name, style in zip(names, styles, strict=True)))


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
        key += " Bars: what lasted; grey what was seen, white psychotherapy; with a point where no end was noted."
    if drawing.unnamed:
        marks = "mark has" if drawing.unnamed == 1 else "marks have"
        key += f" {drawing.unnamed} {marks} no room for a name here; the tables say each."
    figure = Figure(drawing, note.chart.words or f"{heading}.")
    parts = [case.heading(heading), figure, Spacer(0, 3), case.say(key, SMALL, QUIET)]
    if note.chart.words:
        parts.append(case.say(note.chart.words, SMALL, PLAIN))
    return [KeepTogether(parts)]


def _doses(note: Note, heading: str, case: Case) -> list[Flowable]:
    if not note.doses:
        return []
    drawn = any(dose.strength or dose.volume for dose in note.doses)  # what is no liquid has neither
    names = ["Time", "Min", "Medication", "Dose", "Per kg", *(("Strength", "Volume") if drawn else ())]
    head = _head(case, *names, "Route, site", "Lot · expiry", "Given by", "Checked", right=(1,))
    rows = [row for dose in note.doses for row in _dose(dose, drawn, case)]
    shares = [7, 5, 15, 8, 11.8, *((9.8, 7.5) if drawn else ()), 13.4 if drawn else 28, 15.4, 5.6, 9.2]
    for each in note.sums:
        words = [(f"{each.medication}, {each.route}: ", QUIET_SEMI), (each.total, SEMI)]
        rows.append(Row((Box((case.say(words, CELL),), across=len(shares)),), tint=PALE))
    return [CondPageBreak(90), case.heading(heading), Grid(shares, head, rows)]


def _dose(dose: Dose, drawn: bool, case: Case) -> list[Row]:
    """The dose; below it, across, what was amended. `drawn`: with its strength and volume."""
    ink = STRUCK if dose.struck else PLAIN
    long = len(dose.site) > LONG_SITE
    where = ", ".join(part for part in (dose.route, "" if long else dose.site) if part)
    site = [case.say(dose.site[:1].upper() + dose.site[1:], SMALL, STRUCK if dose.struck else PLAIN)] if long else []
    liquid = (dose.strength, dose.volume) if drawn else ()
    boxes = (
        Box((case.clock(dose),)),
        Box((case.say(dose.minute, CELL_RIGHT, ink),)),
        Box((case.say(dose.medication, CELL, ink),)),
        Box((case.say(dose.dose, CELL, STRUCK if dose.struck else SEMI),)),
        *(Box((case.say(part or "–", CELL, ink),)) for part in (dose.per_kg, *liquid)),
        Box((case.say(where, CELL, ink),)),
        Box((case.say(dose.lot or "–", CELL, ink),)),
        Box((case.say(dose.by),)),
        Box((case.say(dose.checked_by or "–"),)),
    )
    return _with_below(Row(boxes), 2, [*site, *case.amendments(dose)])


def _with_below(row: Row, after: int, below: Sequence[Prose]) -> list[Row]:
    """The row, and what is said below it from the column `after` on."""
    if not below:
        return [row]
    columns = sum(box.across for box in row.boxes)
    said = Row((Box(across=after), Box(tuple(below), across=columns - after)))
    return [row._replace(heads=True, rule=False), said]


def _vitals(vitals: Vitals, heading: str, case: Case) -> list[Flowable]:
    story: list[Flowable] = []
    if vitals.readings:
        words = "▲ H above, ▼ L below this clinic’s limits" + (f" ({vitals.limits})." if vitals.limits else ".")
        if vitals.baseline:
            words += f" Baseline: {vitals.baseline}."
        if vitals.how:
            words += f" All were taken so: {vitals.how}."
        names: list[Prose] = [case.say("Time", HEAD, QUIET_SEMI), case.say("Min", HEAD_RIGHT, QUIET_SEMI)]
        for column in vitals.columns:
            spans = [(column.name, QUIET_SEMI)] + ([(f"\n{column.unit}", QUIET)] if column.unit else [])
            names.append(case.say(spans, HEAD_RIGHT))
        names.append(case.say("By", HEAD, QUIET_SEMI))
        shares = [9, 7, *([76 / max(1, len(vitals.columns))] * len(vitals.columns)), 8]
        rows = [row for reading in vitals.readings for row in _reading(reading, case)]
        table = Grid(shares, Row(tuple(Box((name,)) for name in names)), rows, _TIGHT)
        story += [CondPageBreak(120), case.heading(heading), case.say(words, SMALL, QUIET), Spacer(0, 2), table]
    if vitals.not_taken:
        head = _head(case, "Time", "Min", "Not taken", "Reason", "By", right=(1,))
        rows = [
            Row((
                Box((case.clock(each),)), Box((case.say(each.minute, CELL_RIGHT),)), Box((case.say(each.what),)),
                Box((case.say(each.reason, CELL, STRUCK if each.struck else PLAIN), *case.amendments(each))),
                Box((case.say(each.by),)),
            ))
            for each in vitals.not_taken
        ]  # fmt: skip
        story += [
            CondPageBreak(60),
            case.say("Readings not taken", _SUB, _SUB_INK),
            Grid([9, 7, 24, 52, 8], head, rows, _TIGHT),
        ]
    return story


_SUB = Style(9.6, 12.4, before=7, after=2, role="H3")
_SUB_INK = Ink(fonts.SEMIBOLD, TEAL)


def _reading(reading: Reading, case: Case) -> list[Row]:
    """The figures; below them, across, what was amended."""
    figures = [
        Box(
            (case.say(figure.value, CELL_RIGHT, STRUCK) if reading.struck else case.figure(figure),),
            tint=BREACH_PALE if figure.flag and not reading.struck else None,
        )
        for figure in reading.figures
    ]
    how = [case.say(reading.how, SMALL, STRUCK if reading.struck else QUIET)] if reading.how else []
    below = [*how, *case.amendments(reading)]
    row = Row(
        (
            Box((case.clock(reading),)),
            Box((case.say(reading.minute, CELL_RIGHT),)),
            *figures,
            Box((case.say(reading.by),)),
        )
    )
    return _with_below(row, 2, below)


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
    head = _head(case, "Time", "Min", "Code", "Observation", "By", right=(1,))
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


def _music(tracks: Sequence[Track], totals: str, heading: str, case: Case) -> list[Flowable]:
    if not tracks:
        return _said((totals,) if totals else (), heading, case)
    head = _head(case, "No.", "From", "To", "Min", "Heard", "Track", "How it ended", right=(0, 3, 4))
    rows = []
    for track in tracks:
        title = [(track.title, PLAIN), (f"  {track.phase}" if track.phase else "", QUIET)]
        rows.append(Row((
            Box((case.say(str(track.number or "–"), CELL_RIGHT, SEMI),)), Box((case.clock(track),)),
            Box((case.say(track.until),)), Box((case.say(track.minute, CELL_RIGHT),)),
            Box((case.say(track.heard, CELL_RIGHT),)), Box((case.say(title), *case.amendments(track))),
            Box((case.say(track.ended),)),
        )))  # fmt: skip
    told = [case.say(totals, SMALL, QUIET), Spacer(0, 2)] if totals else []
    return [CondPageBreak(90), case.heading(heading), *told, Grid([6, 8, 8, 7, 8, 38, 25], head, rows, _TIGHT)]


def _imagery(pieces: Sequence[Imagery], heading: str, case: Case) -> list[Flowable]:
    if not pieces:
        return []
    head = _head(case, "From", "To", "Min", "Guided imagery", "Voice", "How it ended", right=(2,))
    rows = [
        Row((
            Box((case.clock(each),)), Box((case.say(each.until),)), Box((case.say(each.minute, CELL_RIGHT),)),
            Box((case.say(each.title), *case.amendments(each))), Box((case.say(each.voice),)),
            Box((case.say(each.ended),)),
        ))
        for each in pieces
    ]  # fmt: skip
    return [CondPageBreak(60), case.heading(heading), Grid([8, 8, 7, 36, 19, 22], head, rows, _TIGHT)]


def _notices(note: Note, heading: str, case: Case) -> list[Flowable]:
    if not note.time_notices:
        return []
    head = _head(case, "Time", "Min", "What happened to the clock", "How sure the times after it are", right=(1,))
    rows = [
        Row((
            Box((case.clock(each),)), Box((case.say(each.minute, CELL_RIGHT),)),
            Box((case.say(each.what), *case.amendments(each))), Box((case.say(each.uncertainty or "–"),)),
        ))
        for each in note.time_notices
    ]  # fmt: skip
    return [CondPageBreak(60), case.heading(heading), Grid([8, 7, 48, 37], head, rows, _TIGHT)]


def _said(lines: Sequence[str], heading: str, case: Case) -> list[Flowable]:
    """Sentences under a heading."""
    return [CondPageBreak(60), case.heading(heading), *case.lines(lines, SMALL)] if lines else []


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
    head = _head(case, "Happened", "Min", "Kind", "Text", "By", right=(1,))
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
