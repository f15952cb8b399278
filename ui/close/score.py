"""The discharge scale before the patient leaves: five lines, a tap on each."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QWidget

from kapdesk.clinical.leaving import CIRCULATION, CRITERIA, MOST
from kapdesk.facts.after import LeavingScore, LeavingScored
from kapdesk.session.leaving import proposed_circulation
from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.panel import Panel


class ScorePanel(Panel):
    """`scored` carries a `LeavingScored`; no panel where the protocol asks for no scale."""

    scored = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Discharge scale", "check", parent=parent)
        self._scale: LeavingScore | None = None
        self._groups: list[QButtonGroup] = []
        self._meanings: list[Label] = []
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(theme.px(8))
        self._rows.setVerticalSpacing(theme.px(6))
        self._rows.setColumnStretch(0, 1)
        self._total = Label("", "head")
        self._said = Label("", "muted", wrap=True)
        self._record = Button("Record the score", "primary")
        self._refusal = Refusal()
        self.body.addLayout(self._rows)
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(8))
        foot.addWidget(self._total, 1)
        foot.addWidget(self._record)
        self.body.addLayout(foot)
        self.body.addWidget(self._said)
        self.body.addWidget(self._refusal)
        self._record.clicked.connect(self._say)
        self.hide()

    def display(self, seen: Seen) -> None:
        """The scale of the protocol, and what the readings speak for; what is tapped stays."""
        scale = seen.protocol.leaving.score if seen.protocol is not None else None
        over = seen.session.signed or seen.session.left_us is not None or seen.session.first_dose_us is None
        self.setVisible(scale is not None and not over)
        if scale is None:
            return
        if scale != self._scale:
            self._fill(scale)
        points = proposed_circulation(seen.session, scale)
        two = CRITERIA[scale][self._circulation].two
        spoken = f"By the readings circulation has {points}." if points is not None else ""
        self._said.setText(spoken or f"{CIRCULATION}, 2: {two}. There is no reading after the dose yet.")

    @property
    def _circulation(self) -> int:
        assert self._scale is not None
        return [line.words for line in CRITERIA[self._scale]].index(CIRCULATION)

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; what is tapped stays."""
        self._refusal.say(sentence)

    def taken(self) -> None:
        """It is on its way to the disk; the next one is tapped anew."""
        self._refusal.say("")
        for group in self._groups:
            group.setExclusive(False)
            for button in group.buttons():
                button.setChecked(False)
            group.setExclusive(True)
        self._show()

    def _fill(self, scale: LeavingScore) -> None:
        self._scale = scale
        self.set_title(f"{scale}, before leaving")
        empty(self._rows)
        self._groups, self._meanings = [], []
        for row, line in enumerate(CRITERIA[scale]):
            group, meanings = QButtonGroup(self), (line.none, line.one, line.two)
            meaning = Label(line.words, wrap=True)
            self._rows.addWidget(meaning, row, 0)
            for points in range(MOST + 1):
                button = Button(str(points), name=f"{line.words}: {points}, {meanings[points]}")
                button.setCheckable(True)
                button.setToolTip(meanings[points])
                button.setProperty("narrow", True)
                button.setFixedWidth(theme.px(theme.TARGET))
                group.addButton(button, points)
                self._rows.addWidget(button, row, 1 + points)
            group.idClicked.connect(lambda _: self._show())
            self._groups.append(group)
            self._meanings.append(meaning)
        self._show()

    def _points(self) -> list[int]:
        """What is tapped on each line, −1 for nothing yet."""
        return [group.checkedId() for group in self._groups]

    def _show(self) -> None:
        assert self._scale is not None
        points = self._points()
        for line, label, tapped in zip(CRITERIA[self._scale], self._meanings, points, strict=True):
            meaning = (line.none, line.one, line.two)[tapped] if tapped >= 0 else f"2: {line.two}"
            label.setText(f"{line.words}  ·  {meaning}")
        whole = -1 not in points
        self._total.setText(f"{sum(points)} of {MOST * len(points)}" if whole else "")

    def _say(self) -> None:
        assert self._scale is not None
        points = self._points()
        if -1 in points:
            missing = CRITERIA[self._scale][points.index(-1)].words
            self.refuse(f"Tap 0, 1 or 2 for “{missing}” too.")
        else:
            self.scored.emit(LeavingScored(self._scale, tuple(points)))
