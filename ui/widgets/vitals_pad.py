"""Where a reading is typed: one line on the numpad, `142 88 78 97` and Enter."""

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.clinical.vitals import NAMES, Doubt
from kapdesk.facts.session import VitalsTaken
from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.reading_field import ReadingField
from ui.widgets.when import When

Judge = Callable[[VitalsTaken], Sequence[Doubt]]


class VitalsPad(QWidget):
    """Six boxes, a choice of when, and one button. What may stand is said by the judge given to it, in place.

    Space, `/`, `+`, `-` or `*` go to the next box, Enter records. A value that is not possible is refused; one to
    check is asked about once: Enter again records it. Esc leaves and keeps what was typed. After recording the pad
    stays as it is until `clear`, so that nothing is lost when the record is refused.

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
            field.done.connect(self.record)
        self._record.clicked.connect(self.record)
        self._skip.clicked.connect(self._ask_reason)
        self._reason.returnPressed.connect(self._give_reason)
        for child in self.findChildren(QWidget):
            child.installEventFilter(self)

    def start(self) -> None:
        """Put the cursor into the first empty box."""
        first = next((field for field in self._fields if not field.text()), self._fields[0])
        first.take_focus()

    def clear(self) -> None:
        """Empty, for the next reading: call it when the last one is on the record."""
        for field in self._fields:
            field.set_text("")
            field.mark("ok")
        self._reason.clear()
        self._reason.hide()
        self._when.reset()
        self._asked = None
        self._say("")

    def draft(self) -> tuple[str, ...]:
        """What has been typed, box by box, to be brought back by `bring_back`."""
        return tuple(field.text() for field in self._fields)

    def bring_back(self, draft: Sequence[str]) -> None:
        """Put a draft back into the boxes."""
        for field, text in zip(self._fields, draft, strict=False):
            field.set_text(text)

    def message(self) -> str:
        """What is said about the reading now; empty when nothing is."""
        return self._said.text() if self._said.isVisibleTo(self) else ""

    def record(self) -> None:
        """Judge what was typed, and let it out by `entered` if it may stand."""
        taken = self._reading()
        if taken is None:
            self._refuse_text()
            return
        if taken == VitalsTaken():
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
            self._field(refused[0]).take_focus()
            return
        if doubts and self._asked != taken:
            self._asked = taken
            self._say(" ".join(doubt.words for doubt in doubts) + " Enter again records it.")
            self._field(doubts[0]).take_focus()
            return
        self.entered.emit(taken, moment)

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
        below = FlowRow(self._when, self._record, self._skip, spacing=theme.px(8))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addLayout(line)
        column.addWidget(self._said)
        column.addWidget(below)
        column.addWidget(self._reason)
        self.setAccessibleName("Vitals")

    def _reading(self) -> VitalsTaken | None:
        """What was typed as a reading; None when a box holds no number."""
        try:
            return msgspec.structs.replace(VitalsTaken(), **{field.field: field.value() for field in self._fields})
        except ValueError:
            return None

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

    def _show(self, doubts: Sequence[Doubt]) -> None:
        worst = {doubt.field: doubt for doubt in sorted(doubts, key=lambda each: not each.possible)}
        for field in self._fields:
            doubt = worst.get(field.field)
            field.mark("ok" if doubt is None else "check" if doubt.possible else "refused")
        self._say(" ".join(doubt.words for doubt in doubts), refused=any(not doubt.possible for doubt in doubts))

    def _say(self, words: str, refused: bool = False) -> None:
        self._said.set_role("alarm" if refused else "accent")
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def _field(self, doubt: Doubt) -> ReadingField:
        return next(field for field in self._fields if field.field == doubt.field)

    def _typed(self) -> None:
        if sum(len(text) for text in self.draft()) == 1:
            self.began.emit()
        self._asked = None
        taken = self._reading()
        # 1, 14, 142 are not three slips: while a value is being typed, what was said may go, but nothing new is said.
        if taken is not None and not self._judge(taken):
            self._show(())

    def _go(self, n: int) -> None:
        """To another box; those left behind are judged now."""
        if 0 <= n < len(self._fields):
            self._fields[n].take_focus()
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
