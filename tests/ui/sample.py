"""A page with one of every part on it, of an invented session."""

from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.clinical.vitals import doubts
from ui.widgets.buttons import Button, CodePad
from ui.widgets.choice import Check, Choice, Option
from ui.widgets.clock import ClockFace, ClockReading
from ui.widgets.label import ElidedLabel, Label, Sign
from ui.widgets.observations import ObservationList, Row
from ui.widgets.panel import Panel
from ui.widgets.strip import Action, Strip, StripView
from ui.widgets.tile import Tile, TileRow
from ui.widgets.timeline import Mark, Span, Timeline, TimelineView
from ui.widgets.trend import Band, Dose, Limit, Point, Pressure, Track, Trend, TrendView
from ui.widgets.vitals_pad import VitalsPad

MIN = 60_000
NOW = 47 * MIN + 33_000
SPANS = (
    Span("Settle", -20 * MIN, 0),
    Span("Onset", 0, 10 * MIN),
    Span("Ascent", 10 * MIN, 25 * MIN),
    Span("Peak", 25 * MIN, 65 * MIN),
    Span("Return", 65 * MIN, 95 * MIN),
    Span("Recovery", 95 * MIN, 130 * MIN),
)
MARKS = (
    Mark(0, "dose", "IM 50 mg", id="d1"),
    Mark(32 * MIN, "dose", "IM 25 mg", id="d2"),
    Mark(35 * MIN, "dose", "sublingual 100 mg", id="d3"),
    Mark(-15 * MIN, "reading"),
    Mark(15 * MIN, "reading"),
    Mark(21 * MIN, "note", "Tears"),
    Mark(27 * MIN, "event", "Nausea"),
    Mark(41 * MIN, "due", "BP", late=True),
    Mark(60 * MIN, "due", "BP"),
)
ROWS = (
    Row("1", "0:45", "Eyes", "Eye mask adjusted by the patient; settled.", "Therapist Two", "saving"),
    Row("2", "0:41", "Tears", "Tearful, then relief. “It feels like coming home.”", "Therapist Two"),
    Row("3", "0:36", "Breath", "Slow, even; no distress", "Nurse One", "not saved"),
    Row("4", "0:27", "Nausea", "Mild nausea, declined ondansetron", "Nurse One", was="Nausea"),
    Row("5", "0:19", "Ease", "typed for someone else", "Therapist Two", struck=True, remark="wrong patient"),
)


def pressure(*readings: tuple[int, int, int, str]) -> tuple[Pressure, ...]:
    return tuple(Pressure(at * MIN, systolic, diastolic, words) for at, systolic, diastolic, words in readings)


TREND = TrendView(
    -20 * MIN,
    75 * MIN,
    NOW,
    pressure((-15, 128, 78, ""), (0, 132, 80, ""), (15, 142, 88, ""), (30, 164, 98, "above 160")),
    tuple(Point(at * MIN, value) for at, value in ((-15, 72), (0, 76), (15, 84), (30, 88))),
    tuple(Point(at * MIN, value) for at, value in ((-15, 98), (0, 98), (15, 97), (30, 96))),
    SPANS,
    (Dose(0, "IM 50 mg"), Dose(32 * MIN, "IM 25 mg")),
    (Limit("pressure", 160, "limit 160"), Limit("spo2", 92, "limit 92")),
    Band(102, 154, "baseline ±20 %"),
    (Track(-20 * MIN, 8 * MIN, "Arrival"), Track(8 * MIN, NOW, "Still water")),
)
TILES = (
    Tile("BP", "164/98", "mmHg", 17 * MIN, "Nurse One", "breach", "above 160", wide=2),
    Tile("Pulse", "88", "/min", 17 * MIN, "Nurse One", "late", "2 min late"),
    Tile("SpO₂", "96", "%", 17 * MIN, "Nurse One"),
)
BREACH = StripView(
    "Above this clinic's limit 160/100. Recheck due in 5 min",
    "breach",
    actions=(
        Action("paused", "Infusion paused"),
        Action("stopped", "Stopped"),
        Action("told", "Prescriber told"),
        Action("rescue", "Rescue given"),
        Action("go on", "Continue, reason", primary=True),
    ),
)


class SamplePage(QWidget):
    """The parts as a session page would set them."""

    def __init__(self, late: bool = True) -> None:
        super().__init__()
        self.setObjectName("page")
        self.clock, self.timeline, self.trend, self.tiles = ClockFace(), Timeline(), Trend(), TileRow()
        self.strip, self.codes, self.pad, self.list = Strip(), CodePad(), VitalsPad(doubts), ObservationList()
        self.note = QLineEdit()
        self.note.setPlaceholderText("Note. Enter saves it at 0:47")
        self._set()
        self.timeline.display(TimelineView(SPANS, MARKS, NOW))
        overdue = "BP 6 min late" if late else ""
        self.clock.display(ClockReading(NOW, "first dose", "21:47", "21:00", 2_000, overdue, "BP in 4 min"))
        self.trend.display(TREND)
        self.tiles.display(TILES)
        self.strip.display(BREACH)
        self.list.display(ROWS)

    def _set(self) -> None:
        bar = QFrame()
        bar.setProperty("part", "bar")
        top = QHBoxLayout(bar)
        for part in (Sign("person", "accent"), Label("Sample Patient A", "title"), ElidedLabel("chair 2", "muted")):
            top.addWidget(part)
        for part in (Label("Allergy: penicillin", "accent"), Button("Emergency", "danger", "warning", key="E")):
            top.addWidget(part)
        notes, vitals, choices = (
            Panel("Observations", "note", "by Nurse One"),
            Panel("Vitals", "vitals"),
            Panel("Start"),
        )
        line = QHBoxLayout()
        line.addWidget(self.note, 1)
        line.addWidget(Button("Add", "primary", "plus"))
        notes.body.addWidget(self.codes)
        notes.body.addLayout(line)
        notes.body.addWidget(self.list, 1)
        for part in (self.tiles, self.trend, self.pad):
            vitals.body.addWidget(part)
        for part in (Choice(["IM", "sublingual"], "Route"), Check("Voice on"), Option("Completed"), Button("Quiet")):
            choices.body.addWidget(part)
        choices.body.addStretch(1)
        body = QGridLayout()
        body.addWidget(self.clock, 0, 0)
        body.addWidget(choices, 1, 0)
        body.addWidget(notes, 0, 1, 2, 1)
        body.addWidget(vitals, 0, 2, 2, 1)
        for column, stretch in enumerate((3, 4, 4)):
            body.setColumnStretch(column, stretch)
        body.setRowStretch(1, 1)
        page = QVBoxLayout(self)
        for part in (bar, self.timeline, self.strip):
            page.addWidget(part)
        page.addLayout(body, 1)
