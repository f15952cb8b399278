"""Where a reading is typed: one line on the numpad, `142 88 78 97` and Enter."""

from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.clinical.vitals import NAMES, Doubt, mean_mmhg, measured
from kapdesk.facts.session import Reader, VitalsTaken
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.reading_details import ReadingDetails
from ui.widgets.reading_field import ReadingField
from ui.widgets.when import When

Judge = Callable[[VitalsTaken], Sequence[Doubt]]


class VitalsPad(QWidget):
    """Six boxes, how and when, and one button. What may stand is said by the judge given to it, in place.

    A value that can go on to no other leads to the next box by itself, so a reading is its digits and Enter. Space,
    `/`, `+`, `-` or `*` go to the next box too. A value that is not possible is refused; one to check is asked about
    once: Enter again records it. Esc leaves and keeps what was typed. After recording the pad stays as it is until
    `clear`, so that nothing is lost when the record is refused.

    `entered` carries (VitalsTaken, Moment); `began` comes with the first key of a reading; `not_taken` the reason.
    """

    entered = Signal(object, object)
    not_taken = Signal(str)
    began = Signal()
    left = Signal()

    def __init__(self, judge: Judge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._judge = judge
        self._asked: VitalsTaken | None = None
        self._fields = [ReadingField(field) for field in NAMES]
        self.details = ReadingDetails()
        self._reader: Reader = ""
        self._mean = Label("", "muted")
        self._remembered: VitalsTaken | None = None
        self._said = Label("", "accent", wrap=True)
        self._said.hide()
        self._when = When()
        self._record = Button("Record", "primary", name="Record reading")
        self._skip = Button("Not taken", name="Reading not taken, reason")
        self._reason = QLineEdit()
        self._reason.setPlaceholderText("Not taken, reason")
        self._reason.setAccessibleName("Reason the reading was not taken")
        self._reason.hide()
        self._lay_out()
        for n, field in enumerate(self._fields):
            field.typed.connect(self._typed)
            field.onward.connect(lambda n=n: self._go(n + 1))
            field.backward.connect(lambda n=n: self._go(n - 1))
            field.full.connect(lambda n=n: self._go_by_itself(n + 1))
            field.done.connect(self.record)
        self.details.done.connect(self.record)
        self._when.done.connect(self.record)
        self._record.clicked.connect(self.record)
        self._skip.clicked.connect(self._ask_reason)
        self._reason.returnPressed.connect(self._give_reason)
        for child in self.findChildren(QWidget):
            child.installEventFilter(self)

    def start(self) -> None:
        """Put the cursor into the first empty box."""
        first = next((field for field in self._fields if not field.text()), self._fields[0])
        first.take_focus()

    def remember(self, last: VitalsTaken | None, reader: Reader = "") -> None:
        """How the last reading of this session was taken holds for the next one until someone changes it; `reader` is
        who reads the figures where nobody says otherwise."""
        if (last, reader) != (self._remembered, self._reader):
            self._remembered, self._reader = last, reader
            self._bring_back_details()

    def clear(self) -> None:
        """Empty, for the next reading: call it when the last one is on the record."""
        for field in self._fields:
            field.set_text("")
            field.mark("ok")
        self._reason.clear()
        self._reason.hide()
        self._when.reset()
        self._asked = None
        self._bring_back_details()
        self._show_mean()
        self._say("")

    def draft(self) -> tuple[str, ...]:
        """What has been typed, box by box, to be brought back by `bring_back`."""
        return tuple(field.text() for field in self._fields)

    def bring_back(self, draft: Sequence[str]) -> None:
        """Put a draft back into the boxes."""
        for field, text in zip(self._fields, draft, strict=False):
            field.set_text(text)
        self._show_mean()

    def message(self) -> str:
        """What is said about the reading now; empty when nothing is."""
        return self._said.text() if self._said.isVisibleTo(self) else ""

    def record(self) -> None:
        """Judge what was typed, and let it out by `entered` if it may stand."""
        taken = self._reading()
        if taken is None:
            self._refuse_text()
            return
        if not measured(taken):
            self._say("Nothing typed yet.")
            self.start()
            return
        moment = self._when.moment()
        if moment is None:
            self._say("Type the time of day, as 21:40.")
            self._when.point_out()
            return
        doubts = list(self._judge(taken))
        refused = [doubt for doubt in doubts if not doubt.possible]
        self._show(refused or doubts)
        if refused:
            self._point(refused[0])
            return
        if doubts and self._asked != taken:
            self._asked = taken
            self._say(" ".join(doubt.words for doubt in doubts) + " Enter again records it.")
            self._point(doubts[0])
            return
        self.entered.emit(taken, moment)

    def ask(self, words: str) -> None:
        """Ask about the reading that was let out; entered once more, it comes again."""
        self._say(words)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            focus = self.focusWidget()
            if focus is not None:
                focus.clearFocus()
            self.left.emit()
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.setSpacing(theme.px(6))
        for field in self._fields:
            line.addWidget(field, 1)
        self._below = FlowRow(self._when, self._record, self._skip, self._mean, spacing=theme.px(8))
        self._mean.setMinimumHeight(theme.px(44))
        self._mean.hide()
        self._mean.setMinimumWidth(QFontMetrics(self._mean.font()).horizontalAdvance("MAP 188 calculated"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addLayout(line)
        column.addWidget(self._said)
        column.addWidget(self._below)
        column.addWidget(self.details)
        column.addWidget(self._reason)
        self.setAccessibleName("Vitals")

    def _reading(self) -> VitalsTaken | None:
        """What was typed as a reading; None when a box holds no number."""
        try:
            return self.details.into(self._figures())
        except ValueError:
            return None

    def _figures(self) -> VitalsTaken:
        """The figures as typed. Raises ValueError when a box holds no number."""
        return msgspec.structs.replace(VitalsTaken(), **{field.field: field.value() for field in self._fields})

    def _show_mean(self) -> None:
        """The mean of what stands there, once the diastolic one is more than its first digit."""
        mean = None
        with suppress(ValueError):
            figures = self._figures()
            if (figures.systolic_mmhg or 0) > (figures.diastolic_mmhg or 0) >= 10:
                mean = mean_mmhg(figures)
        self._mean.setText("" if mean is None else f"MAP {mean} calculated")
        self._mean.setVisible(mean is not None)
        self._below.claim()

    def _bring_back_details(self) -> None:
        """Who read the figures is said anew each time; at home it is the companion, or the patient, at first."""
        last = self._remembered or VitalsTaken()
        self.details.put(msgspec.structs.replace(last, read_by=self._reader))

    def _refuse_text(self) -> None:
        """Say which box holds no number, and go there."""
        for field in self._fields:
            try:
                field.value()
            except ValueError:
                field.mark("refused")
                self._say(f"{NAMES[field.field]}: {field.text()} is not a number.", refused=True)
                field.take_focus()
                return
        self.details.mark(refused=True)
        self._say(f"Oxygen: {self.details.oxygen.text()} is not a number. Type L/min, for example 2.", refused=True)
        self.details.oxygen.setFocus()

    def _show(self, doubts: Sequence[Doubt]) -> None:
        worst = {doubt.field: doubt for doubt in sorted(doubts, key=lambda each: not each.possible)}
        for field in self._fields:
            doubt = worst.get(field.field)
            field.mark("ok" if doubt is None else "check" if doubt.possible else "refused")
        oxygen = worst.get("oxygen_ml_per_min")
        self.details.mark(refused=oxygen is not None and not oxygen.possible, check=oxygen is not None)
        self._say(" ".join(doubt.words for doubt in doubts), refused=any(not doubt.possible for doubt in doubts))

    def _say(self, words: str, refused: bool = False) -> None:
        self._said.set_role("alarm" if refused else "accent")
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def _point(self, doubt: Doubt) -> None:
        """To the box that a doubt is about."""
        field = next((field for field in self._fields if field.field == doubt.field), None)
        if field is not None:
            field.take_focus()
        else:
            self.details.oxygen.setFocus()

    def _typed(self) -> None:
        if sum(len(text) for text in self.draft()) == 1:
            self.began.emit()
        self._asked = None
        self._show_mean()
        taken = self._reading()
        # 1, 14, 142 are not three slips: while a value is being typed, what was said may go, but nothing new is said.
        if taken is not None and not self._judge(taken):
            self._show(())

    def _go_by_itself(self, n: int) -> None:
        """To the next box, while it is empty: one that was filled is being corrected, and Enter is next."""
        if n < len(self._fields) and not self._fields[n].text():
            self._go(n, by_itself=True)

    def _go(self, n: int, by_itself: bool = False) -> None:
        """To another box; those left behind are judged now."""
        if 0 <= n < len(self._fields):
            self._fields[n].take_focus(by_itself)
        taken = self._reading()
        if taken is not None:
            behind = {field.field for field in self._fields[:n]}
            self._show([doubt for doubt in self._judge(taken) if doubt.field in behind])

    def _ask_reason(self) -> None:
        self._reason.show()
        self._reason.setFocus()

    def _give_reason(self) -> None:
        reason = self._reason.text().strip()
        if reason:
            self.not_taken.emit(reason)
