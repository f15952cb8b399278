"""The music before the session: what each phase has, what this patient should not hear, how loud is right."""

from functools import partial
from uuid import UUID

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.facts.words import Phase
from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Check
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label, Sign
from ui.widgets.level_slider import LevelSlider
from ui.widgets.panel import Panel
from ui.widgets.strip import Strip, StripView

_NO = {"sacred": "No sacred music", "culture": "No music tied to a culture", "nature": "No sounds of nature"}


class PhaseLine(msgspec.Struct, frozen=True):
    """What is amiss with the music of a phase, and how many minutes could be composed for it; 0: none."""

    phase: Phase
    words: str
    compose_min: int = 0


class MusicView(msgspec.Struct, frozen=True):
    """What the panel shows. `level` says what the sound check found, `before` what it found last time,
    `last_time` how the music was for them then.

    `where` it is heard; `usable`: this desk can play for this session now; `percent` is the volume, no louder than
    `ceiling`, `playing` whether it is heard.
    """

    playlist: str
    lines: tuple[PhaseLine, ...] = ()
    kinds: tuple[str, ...] = ()
    avoided: frozenset[str] = frozenset()
    refused: tuple[tuple[UUID, str], ...] = ()
    level: str = ""
    before: str = ""
    usable: bool = False
    why_not: str = ""
    percent: int = 70
    ceiling: int = 100
    playing: bool = False
    composing: str = ""
    may_plan: bool = True
    where: StripView | None = None
    last_time: str = ""


class MusicPanel(Panel):
    """`wished` carries the kinds to avoid, `allowed` a piece's fact that holds no more, `composed` a phase and minutes,
    `stopped` ends the composing; `output_chosen` is where it is to be heard; `played` turns the sound check's music,
    `turned_to` its volume, `found`: it is right.
    """

    wished = Signal(object)
    allowed = Signal(object)
    composed = Signal(str, int)
    stopped = Signal()
    played = Signal()
    output_chosen = Signal(str)
    turned_to = Signal(int)
    found = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Music", "music", parent=parent)
        self._shown: MusicView | None = None
        self._phases = QVBoxLayout()
        self._last_time = Label("", "body", wrap=True)
        self._working = Label("", "muted", wrap=True)
        self._stop = Button("Stop composing")
        self._kinds = FlowRow(spacing=theme.px(6))
        self._checks: list[Check] = []
        self._refused = QVBoxLayout()
        self._where = Strip()
        self._play = Button("Play", icon="play", name="Play for the sound check")
        self._slider = LevelSlider()
        self._slider.setAccessibleName("Volume of the sound check in percent")
        self._percent = Label("", "muted")
        self._percent.setFixedWidth(theme.px(44))
        self._right = Button("This is right", "primary", name="This volume is right for the patient")
        self._level = Label("", "body", wrap=True)
        self._refusal = Refusal()
        self._lay_out()
        self._stop.clicked.connect(self.stopped)
        self._play.clicked.connect(self.played)
        self._where.acted.connect(self.output_chosen)
        self._slider.valueChanged.connect(self._slid)
        self._right.clicked.connect(self.found)

    def display(self, view: MusicView) -> None:
        """Show how the music of this session stands."""
        if view == self._shown:
            return
        before, self._shown = self._shown, view
        self.set_title(f"Music: {view.playlist}" if view.playlist else "Music")
        if before is None or (before.lines, before.composing, before.may_plan) != (
            view.lines, view.composing, view.may_plan,
        ):  # fmt: skip
            self._show_phases(view)
        if before is None or (before.kinds, before.avoided) != (view.kinds, view.avoided):
            self._show_kinds(view)
        if before is None or before.refused != view.refused:
            self._show_refused(view)
        self._last_time.setText(view.last_time)
        self._last_time.setVisible(bool(view.last_time))
        self._working.setText(view.composing)
        self._working.setVisible(bool(view.composing))
        self._stop.setVisible(bool(view.composing))
        self._play.set_words("Music out" if view.playing else "Play", "Play for the sound check")
        self._play.set_icon("silence" if view.playing else "play")
        for part in (self._play, self._slider, self._percent, self._right):
            part.setVisible(view.usable)
        self._right.setEnabled(view.playing)
        self._where.display(view.where if view.usable else None)
        self._slider.set_ceiling(view.ceiling)
        if not self._slider.isSliderDown():
            self._slider.blockSignals(True)
            self._slider.setValue(view.percent)
            self._slider.blockSignals(False)
        self._percent.setText(f"{view.percent} %")
        self._level.setText(
            view.level or view.before or view.why_not or "Set the volume with the patient, before the dose."
        )

    def refuse(self, sentence: str) -> None:
        """One plain sentence in place."""
        self._refusal.say(sentence)

    def _show_phases(self, view: MusicView) -> None:
        empty(self._phases)
        for line in view.lines:
            row = QHBoxLayout()
            row.addWidget(Sign("warning", "accent"))
            row.addWidget(Label(line.words, wrap=True), 1)
            if line.compose_min and view.may_plan and not view.composing:
                button = Button(
                    f"Compose {line.compose_min} min", name=f"Compose {line.compose_min} min for {line.phase}"
                )
                button.clicked.connect(partial(self.composed.emit, line.phase, line.compose_min))
                row.addWidget(button)
            holder = QWidget()
            holder.setLayout(row)
            row.setContentsMargins(0, 0, 0, 0)
            self._phases.addWidget(holder)

    def _show_kinds(self, view: MusicView) -> None:
        for check in self._checks:
            self._kinds.drop(check)
        self._checks = []
        for kind in view.kinds:
            said = _NO.get(kind, f"No {kind}")
            check = Check(said)
            check.setAccessibleName(f"{said} for this patient")
            check.setChecked(kind.casefold() in view.avoided)
            check.clicked.connect(self._say_wishes)
            self._kinds.add(check)
            self._checks.append(check)

    def _show_refused(self, view: MusicView) -> None:
        empty(self._refused)
        for id_, title in view.refused:
            row = QHBoxLayout()
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(Label(f"{title} is not played to them.", "muted", wrap=True), 1)
            again = Button("May be played", name=f"{title} may be played again")
            again.clicked.connect(partial(self.allowed.emit, id_))
            row.addWidget(again)
            holder = QWidget()
            holder.setLayout(row)
            self._refused.addWidget(holder)

    def _say_wishes(self) -> None:
        shown = self._shown
        if shown is not None:
            pairs = zip(shown.kinds, self._checks, strict=True)
            self.wished.emit(tuple(kind for kind, check in pairs if check.isChecked()))

    def _slid(self, percent: int) -> None:
        self._percent.setText(f"{percent} %")
        self.turned_to.emit(percent)

    def _lay_out(self) -> None:
        level, row = QHBoxLayout(), QHBoxLayout()
        for line in (level, row):
            line.setSpacing(theme.px(8))
        level.addWidget(self._slider, 1)
        level.addWidget(self._percent)
        row.addWidget(self._play, 1)
        row.addWidget(self._right, 1)
        working = QHBoxLayout()
        working.addWidget(self._working, 1)
        working.addWidget(self._stop)
        self._last_time.hide()
        self.body.addWidget(self._last_time)
        self.body.addLayout(self._phases)
        self.body.addLayout(working)
        self.body.addWidget(self._kinds)
        self.body.addLayout(self._refused)
        self.body.addWidget(self._where)
        self.body.addWidget(self._level)
        self.body.addLayout(level)
        self.body.addLayout(row)
        self.body.addWidget(self._refusal)
