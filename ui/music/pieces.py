"""The pieces of one playlist: each a line that says how it stands, and opens to its phases."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapdesk.facts.words import PHASES
from kapdesk.music.playlist import KINDS, PLAIN
from ui import theme, words
from ui.line import LineButton, Part, empty
from ui.music.showing import SIGNS, WORDS, PieceLine
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import ElidedLabel, Label, Role
from ui.widgets.scrolling import Scrolling

MOST_SHOWN = 200
ROOMY = 600
FULLEST = 5
_ROLES: dict[str, Role] = {"good": "ok", "look": "accent", "bad": "alarm", "unheard": "muted"}


class PieceRow(QWidget):
    """One piece. `opened` when it is pressed; `phased` carries a phase and whether it is on, `kinded` a kind and the
    same, `weighed` how full it is (0: nobody says); `out` takes it out."""

    opened = Signal()
    phased = Signal(str, bool)
    kinded = Signal(str, bool)
    weighed = Signal(int)
    out = Signal()

    def __init__(self, piece: PieceLine, own: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._piece: PieceLine | None = None
        self._own = own
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(4))
        self._inside: QWidget | None = None
        self.display(piece)

    def display(self, piece: PieceLine) -> None:
        """Show how it stands now; what was open stays open."""
        if piece == self._piece:
            return
        was_open, self._piece = self._inside is not None, piece
        self._inside = None
        empty(self._column)
        sign, tone = SIGNS[piece.state]
        phases = words.join(
            ", ".join(phase.capitalize() for phase in piece.phases),
            ", ".join(tag for tag in piece.tags if tag != PLAIN),
        )
        parts = (
            Part(piece.title, "body", stretch=5), Part(phases, "muted", stretch=4, right=False),
            Part(piece.length, "muted", 62, right=True), Part(piece.loud, "muted", 92, right=True),
            Part(WORDS[piece.state], _ROLES[piece.state], 126),
        )  # fmt: skip
        name = ", ".join(filter(None, (piece.title, piece.length, piece.loud, WORDS[piece.state], piece.said, phases)))
        line = LineButton(parts, sign, tone, name=name)
        line.clicked.connect(self.opened)
        loud = next(each for each in line.findChildren(Label) if each.text() == piece.loud)
        self._seldom: tuple[QWidget, ...] = (line.findChildren(ElidedLabel)[1], loud)
        self._make_room()
        self._column.addWidget(line)
        if piece.said and piece.state != "unheard":
            said = Label(piece.said, "muted" if piece.state == "look" else "alarm", wrap=True)
            said.setContentsMargins(theme.px(48), 0, theme.px(14), theme.px(4))
            self._column.addWidget(said)
        if was_open:
            self.open(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Where room is short the title needs it; the phases are seen when the line is opened."""
        for part in self._seldom:
            part.setVisible(self.width() > theme.px(ROOMY))

    def open(self, on: bool) -> None:
        """Its phases, to be pressed, or away."""
        if on == (self._inside is not None) or self._piece is None:
            return
        if self._inside is not None:
            self._inside.hide()
            self._inside.deleteLater()
            self._inside = None
            return
        if not self._own:
            self._inside = Label("This playlist comes with KapDesk and stays as it is.", "muted", wrap=True)
        else:
            self._inside = self._phases(self._piece)
        self._inside.setContentsMargins(theme.px(48), 0, 0, theme.px(6))
        self._column.addWidget(self._inside)

    def _phases(self, piece: PieceLine) -> QWidget:
        buttons: list[QWidget] = []
        for phase in PHASES:
            button = Button(phase.capitalize(), name=f"{piece.title} is for {phase}")
            button.setCheckable(True)
            button.setChecked(phase in piece.phases)
            button.toggled.connect(partial(self.phased.emit, phase))
            buttons.append(button)
        away = Button("Take out", icon="strike", name=f"Take {piece.title} out of the playlist")
        away.clicked.connect(self.out)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setSpacing(theme.px(6))
        column.addWidget(FlowRow(*buttons, away, spacing=theme.px(6)))
        column.addWidget(Label("By these a patient may not want to hear it:", "muted", wrap=True))
        column.addWidget(FlowRow(*self._kinds(piece), spacing=theme.px(6)))
        column.addWidget(Label("How full it is, from 1 (hardly there) to 5 (as full as can be):", "muted", wrap=True))
        column.addWidget(FlowRow(*self._weights(piece), spacing=theme.px(6)))
        return inside

    def _kinds(self, piece: PieceLine) -> list[QWidget]:
        kinds = [(kind, kind.capitalize(), f"{piece.title}: {kind}") for kind in dict.fromkeys((*KINDS, *piece.tags))]
        plain = (PLAIN, "None of these", f"{piece.title}: none of these kinds")
        found: list[QWidget] = []
        for kind, said, name in (*(each for each in kinds if each[0] != PLAIN), plain):
            button = Button(said, name=name)
            button.setCheckable(True)
            button.setChecked(kind in piece.tags)
            button.toggled.connect(partial(self.kinded.emit, kind))
            found.append(button)
        return found

    def _weights(self, piece: PieceLine) -> list[QWidget]:
        found: list[QWidget] = []
        for n in range(1, FULLEST + 1):
            button = Button(str(n), name=f"{piece.title} is {n} of {FULLEST} full")
            button.setCheckable(True)
            button.setChecked(n == piece.intensity)
            button.toggled.connect(lambda on, n=n: self.weighed.emit(n if on else 0))
            found.append(button)
        return found


class PieceList(Scrolling):
    """`phased` carries a piece's number, a phase and whether it is on, `kinded` a number, a kind and the same,
    `weighed` a number and how full it is; `out` a piece's number."""

    phased = Signal(int, str, bool)
    kinded = Signal(int, str, bool)
    weighed = Signal(int, int)
    out = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        inside = QWidget()
        inside.setProperty("part", "sheet")
        super().__init__(inside, parent)
        self.setAccessibleName("The pieces of the playlist")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, theme.px(4), 0)
        self._column.setSpacing(theme.px(4))
        self._rows: list[PieceRow] = []
        self._open: int | None = None
        self._shown: object = None

    def display(self, key: object, pieces: tuple[PieceLine, ...], own: bool) -> None:
        """The pieces of a list (`key` tells lists apart): only lines that changed are drawn anew."""
        shown = pieces[:MOST_SHOWN]
        if (key, len(pieces), own) != self._shown:
            self._shown, self._open = (key, len(pieces), own), None
            empty(self._column)
            self._rows = [self._row(n, piece, own) for n, piece in enumerate(shown)]
            for row in self._rows:
                self._column.addWidget(row)
            if len(pieces) > MOST_SHOWN:
                self._column.addWidget(Label(f"{len(pieces) - MOST_SHOWN:,} pieces more.", "muted"))
            self._column.addStretch(1)
            return
        for row, piece in zip(self._rows, shown, strict=True):
            row.display(piece)

    def _row(self, number: int, piece: PieceLine, own: bool) -> PieceRow:
        row = PieceRow(piece, own)
        row.opened.connect(lambda: self._turn(number))
        row.phased.connect(lambda phase, on: self.phased.emit(number, phase, on))
        row.kinded.connect(lambda kind, on: self.kinded.emit(number, kind, on))
        row.weighed.connect(lambda intensity: self.weighed.emit(number, intensity))
        row.out.connect(lambda: self.out.emit(number))
        return row

    def _turn(self, number: int) -> None:
        before, self._open = self._open, None if self._open == number else number
        for n in (before, self._open):
            if n is not None:
                self._rows[n].open(n == self._open)
