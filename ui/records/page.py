"""The records: every session of the clinic, found by one line of words, to be opened."""

from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.clinic.finding import Filters
from ui import theme
from ui.records.export import ExportPanel
from ui.records.row import RecordLine
from ui.records.telling import Record
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.frame import framed
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling

LINE = "Name, number, day, protocol, staff, words in notes"
NARROWER = {
    "unsigned": "To be signed",
    "unfiled": "Not filed",
    "adverse": "Adverse events",
    "added": "Added to later",
}
"""The buttons under the line: what each asks for, and its words."""
NOTHING = (
    "Nothing was found. Each word narrows: try fewer, the beginning of a word, or a day such as 2026-11, 26 November, "
    "since October 2026."
)


class RecordsPage(QWidget):
    """`opened` carries the session, `asked` a patient whose own page is wanted; `sought` says that something else is
    looked for, `more_asked` that the list is wanted further down; `month_asked` wants the paper of a month,
    `substances_asked` the substances log; `export_asked` an export; `left` goes back.

    `tray` is the room above the list for what is to be done this morning; while something is looked for it is put away.
    """

    opened = Signal(object)
    asked = Signal(object)
    sought = Signal()
    more_asked = Signal()
    month_asked = Signal()
    substances_asked = Signal()
    export_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Records")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(theme.px(540), theme.px(400))
        self._rows: list[_Row] = []
        self._shown: tuple[Record, ...] = ()
        self._further = False
        self._line = line_edit(LINE)
        self._line.setClearButtonEnabled(False)
        self._line.textChanged.connect(lambda _: self._seek())
        self._narrower = {what: Button(text) for what, text in NARROWER.items()}
        for button in self._narrower.values():
            button.setCheckable(True)
            button.toggled.connect(lambda _: self._seek())
        self._clear = Button("Show all", "bare", name="Look for nothing: show all sessions")
        self._clear.clicked.connect(self.clear)
        self._state, self._refusal = Label("", "muted", wrap=True), Refusal()
        self._more = Button("Show more")
        self._more.clicked.connect(self._ask_more)
        self._room = QWidget()
        self.tray = QVBoxLayout(self._room)
        self.export = ExportPanel()
        self.export.hide()
        self.export.alone.connect(lambda alone: self._panel.setVisible(not alone))
        self._lay_out()

    @property
    def line(self) -> str:
        """What is looked for."""
        return self._line.text()

    @property
    def filters(self) -> Filters:
        """What the buttons ask for."""
        return Filters(**{what: button.isChecked() for what, button in self._narrower.items()})

    def wait(self) -> None:
        """The list is being read; what was shown stays until it is there."""
        self._refusal.say("")
        if not self._shown:
            self._say("Reading the record …")
        self._line.setFocus()
        self._line.selectAll()

    def show_export(self, on: bool) -> None:
        """The panel of an export in place of what is to be done, or away."""
        self.export.setVisible(on)
        asked = bool(self.line.strip()) or self.filters != Filters()
        self._room.setVisible(not on and not asked)
        if on:
            self.export.open()
        else:
            self._panel.show()

    def clear(self) -> None:
        """Look for nothing any more."""
        self._line.clear()
        for button in self._narrower.values():
            button.setChecked(False)
        self._line.setFocus()

    def display(self, records: tuple[Record, ...], count: int, further: bool, left: int = 0) -> bool:
        """Show the first of the sessions that were found, the newest first: `count` of all, `further` where there are
        more, `left` that are still to be read into the list. Always True: they are shown."""
        self._set(records)
        self._tell(count, left)
        self._go_on(further)
        self._area.verticalScrollBar().setValue(0)
        return True

    def refresh(self, records: tuple[Record, ...], count: int, further: bool, left: int = 0) -> bool:
        """The same list as it is now; whether it is shown. Not where someone is further down in it already, nor where
        other lines would come under the pointer, or under the key that is about to be pressed."""
        self._tell(count, left)
        ids, shown = [each.id for each in records], [each.id for each in self._shown]
        same = ids[: len(shown)] == shown
        pointed = self._area.underMouse() or self._area.isAncestorOf(QApplication.focusWidget() or self)
        show = same or (len(records) >= len(shown) and not pointed)
        if show:
            self._set(records)
            self._go_on(further)
        return show

    def add(self, records: tuple[Record, ...], further: bool) -> None:
        """What comes further down."""
        self._set((*self._shown, *records))
        self._go_on(further)

    def refuse(self, sentence: str) -> None:
        """Say why the list is not there, or why something was not done."""
        if not self._shown:
            self._say("")
        self._refusal.say(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows lead from the line through the list and back; Esc looks for nothing any more; Ctrl+F or / types."""
        key, here = event.key(), QApplication.focusWidget()
        typing = here is self._line
        if key == Qt.Key.Key_Escape and (self.line or self.filters != Filters()):
            self.clear()
        elif key == Qt.Key.Key_F and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self._line.setFocus()
            self._line.selectAll()
        elif key == Qt.Key.Key_Slash and not typing:
            self._line.setFocus()
        elif key == Qt.Key.Key_Down and typing:
            self._go(0)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and typing and len(self._shown) == 1:
            self._rows[0].line.click()
        else:
            super().keyPressEvent(event)

    def _seek(self) -> None:
        self._refusal.say("")
        self.sought.emit()

    def _go(self, n: int) -> None:
        """To a line of the list; above the first is where one types, below the last more is asked for."""
        if n < 0:
            self._line.setFocus()
        elif n < len(self._shown):
            line = self._rows[n].line
            line.setFocus(Qt.FocusReason.TabFocusReason)
            self._area.ensureWidgetVisible(line, 0, theme.px(60))
        elif self._further:
            self._ask_more()

    def _set(self, records: tuple[Record, ...]) -> None:
        """Lines that are there already are used again, so that nothing flickers."""
        if records == self._shown:
            return
        self.setUpdatesEnabled(False)
        while len(self._rows) < len(records):
            row, n = _Row(self), len(self._rows)
            row.line.turned.connect(lambda by, n=n: self._go(n + by))
            self._rows.append(row)
            self._lines.insertWidget(len(self._rows) - 1, row)
        for row, record in zip(self._rows, records, strict=False):
            row.display(record)
            row.show()
        for row in self._rows[len(records) :]:
            row.hide()
        self._shown = records
        self.setUpdatesEnabled(True)

    def _tell(self, count: int, left: int) -> None:
        asked = bool(self.line.strip()) or self.filters != Filters()
        self._clear.setVisible(asked)
        self._room.setVisible(not asked and self.export.isHidden())  # what was found needs the place
        some = f"{count:,} session{'' if count == 1 else 's'}{' found' if asked else ''}"
        self._panel.set_remark(some if count else "")
        none = NOTHING if asked else "No session was recorded yet."
        reading = f"The list is being made: {left:,} still to be read." if left else ""
        self._say(reading or ("" if count else none))

    def _say(self, sentence: str) -> None:
        """Takes no room where there is nothing to say."""
        self._state.setText(sentence)
        self._state.setVisible(bool(sentence))

    def _go_on(self, further: bool) -> None:
        self._further = further
        self._more.setVisible(further)

    def _ask_more(self) -> None:
        if self._further:
            self._further = False
            self.more_asked.emit()

    def _scrolled(self, value: int) -> None:
        """Near the end the next part is fetched, before anyone arrives there."""
        bar = self._area.verticalScrollBar()
        if bar.maximum() and value > bar.maximum() - bar.pageStep():
            self._ask_more()

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setProperty("part", "sheet")
        sheet = QVBoxLayout(inside)
        sheet.setContentsMargins(0, 0, theme.px(4), 0)
        sheet.setSpacing(theme.px(6))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(6))
        sheet.addLayout(self._lines)
        sheet.addWidget(self._more)
        sheet.addStretch(1)
        self._area = Scrolling(inside)
        self._area.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._panel = panel = Panel("Sessions", "records")
        for part in (self._line, FlowRow(*self._narrower.values(), self._clear), self._state, self._refusal):
            panel.body.addWidget(part)
        panel.body.addWidget(self._area, 1)
        self._clear.hide()
        self._more.hide()
        back = Button("Back", icon="back")
        back.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.addWidget(back)
        foot.addStretch(1)
        for name, asked in (("The month", self.month_asked), ("Substances", self.substances_asked)):
            paper = Button(name, icon="paper", name=f"{name} as a paper")
            paper.clicked.connect(asked)
            foot.addWidget(paper)
        export = Button("Export …", icon="lock", name="Export sessions")
        export.clicked.connect(self.export_asked)
        foot.addWidget(export)
        self.tray.setContentsMargins(0, 0, 0, 0)
        self.tray.setSpacing(theme.px(6))
        page = framed(self)
        page.addWidget(Label("Records", "title"))
        page.addWidget(self._room)
        page.addWidget(self.export)
        page.addWidget(self._panel, 1)
        page.addLayout(foot)


class _Row(QWidget):
    """A session's line, and beside it the way to the patient's own page."""

    def __init__(self, page: RecordsPage) -> None:
        super().__init__()
        self.line, self._theirs = RecordLine(), Button("", icon="person")
        self._theirs.setProperty("narrow", True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.line, 1)
        row.addWidget(self._theirs)
        self.line.clicked.connect(lambda: page.opened.emit(self._id))
        self._theirs.clicked.connect(lambda: page.asked.emit(self._patient))
        self._id: UUID | None = None
        self._patient: UUID | None = None

    def display(self, record: Record) -> None:
        self._id, self._patient = record.id, record.patient
        self.line.display(record)
        self._theirs.set_words("", f"The page of {record.name}, {record.day}")
