"""Observations: the codes, the line a note is typed into, and the list of what was recorded."""

import msgspec
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QSizePolicy, QWidget

from ui import theme
from ui.refusal import Refusal
from ui.session.amend import Amend
from ui.session.lasting import states_on, work_on
from ui.session.rows import initials, rows
from ui.session.seen import Seen
from ui.widgets.buttons import Button, CodePad, room_codes
from ui.widgets.flow import FlowRow
from ui.widgets.observations import ObservationList
from ui.widgets.panel import Panel

MOST_LINES = 5
_QUOTES = '"“”„«»'


class NoteEdit(QPlainTextEdit):
    """A line that grows to a few while it is typed. Enter records, Shift+Enter begins a new line, Esc leaves.

    `began` comes with the first key of a note. Leaving keeps what was typed.
    """

    began = Signal()
    done = Signal()
    left = Signal()
    undo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = True
        self.setTabChangesFocus(True)
        self.setPlaceholderText("Note  ( N or / )")
        self.setAccessibleName("Note")
        self.document().setDocumentMargin(2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._changed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._grow())
        self._grow()

    def text(self) -> str:
        """What has been typed."""
        return self.toPlainText()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(240), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(120), theme.px(theme.TARGET))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.insertPlainText("\n")
            else:
                self.done.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.matches(QKeySequence.StandardKey.Undo) and not self.text():
            self.undo_asked.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._grow()

    def _changed(self) -> None:
        empty = not self.text()
        if self._empty and not empty:
            self.began.emit()
        self._empty = empty

    def _grow(self) -> None:
        lines = min(max(round(self.document().size().height()), 1), MOST_LINES)
        inside = self.fontMetrics().lineSpacing() * lines + 2 * round(self.document().documentMargin())
        self.setFixedHeight(max(inside + 2 * theme.px(8) + 4, theme.px(theme.TARGET)))
        always = self.document().size().height() > MOST_LINES
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if always else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)


class NotesPanel(Panel):
    """Where one writes, and reads what was written.

    `noted` carries (text, code, whether it is in the patient's words). A code pressed while nothing is typed is
    recorded at once; pressed over a half-typed note it goes with that note. What is typed stays until `taken`; `how`
    carries the code and the quotation mark a half-typed note has. A note that begins with a quotation mark is in the
    patient's words. `work_asked` begins or ends psychotherapy, `handing_asked`
    wants the card for whoever takes over.
    """

    noted = Signal(str, str, bool)
    began = Signal()
    typed = Signal(str)
    how = Signal(str, bool)
    left = Signal()
    undo_asked = Signal()
    marked = Signal()
    touch_asked = Signal()
    stop_signal = Signal()
    timer_asked = Signal()
    handing_asked = Signal()
    work_asked = Signal()
    opened = Signal(str)
    strike_asked = Signal(str)
    retry_asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Observations", "note", parent=parent)
        self.codes = CodePad()
        self._touch = touch = Button("Touch …")
        stop, timer = Button("Stop signal"), Button("Timer …")
        self._work = work = Button("")
        work.clicked.connect(self.work_asked)
        touch.clicked.connect(self.touch_asked)
        stop.clicked.connect(self.stop_signal)
        timer.clicked.connect(self.timer_asked)
        hand = Button("Hand over …")
        hand.clicked.connect(self.handing_asked)
        for button in (touch, stop, timer, work, hand):
            button.setProperty("slim", True)  # all of them stand in one line of 440 pixels
        self.more = FlowRow(touch, stop, timer, work, hand, spacing=theme.px(6))
        self.edit = NoteEdit()
        self.list = ObservationList()
        self.amend = Amend()
        self.amend.hide()
        self._seen: Seen | None = None
        self._code = ""
        self._short = False
        self._chip = Button("", "bare", name="Take the code off this note")
        self._chip.hide()
        self._words = Button("“ ”", name="The patient’s own words")
        self._words.setCheckable(True)
        self._words.setToolTip("The patient’s own words")
        self._add = Button("Add", "primary", "plus", name="Add the note")
        self._refusal = Refusal()
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        for part in (self._chip, self.edit, self._words, self._add):
            line.addWidget(part, 1 if part is self.edit else 0, Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self.codes)
        self.body.addLayout(line)
        self.body.addWidget(self.more)
        self.body.addWidget(self._refusal)
        self.body.addWidget(self.amend)
        self.body.addWidget(self.list, 1)
        self._connect()

    def display(self, seen: Seen) -> None:
        """Show what was recorded in this session."""
        self.set_title(f"Observations for {seen.whose}")
        agreed = seen.session.touch()
        self._touch.set_words("Touch …", "Touch …" if agreed is None else f"Touch: {agreed or 'none'} …")
        self.codes.display(room_codes([code.word for code in seen.clinic.codes]))
        self.codes.be_on(states_on(seen))
        working = bool(work_on(seen))
        self._work.set_words(*(("End therapy", "End psychotherapy") if working else ("Therapy …", "Psychotherapy …")))
        self.more.claim()
        if not seen.same_record(self._seen):
            self._list(seen)
        self._seen = seen

    def take_more(self) -> None:
        """What is seldom needed stands below the line again."""
        self.body.insertWidget(self.body.indexOf(self._refusal), self.more)

    def be_short(self, short: bool) -> None:
        """Where the list is narrow, who it was stands there as initials."""
        if short != self._short:
            self._short = short
            if self._seen is not None:
                self._list(self._seen)

    def start(self) -> None:
        """Put the cursor into the note."""
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def bring_back(self, text: str) -> None:
        """Put a half-typed note back, the cursor at its end."""
        self.edit.setPlainText(text)
        self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)

    def be(self, code: str, patients_words: bool) -> None:
        """The note that was brought back has this code, and is a quotation or not."""
        self._words.setChecked(patients_words)
        self._attach(code)

    def taken(self) -> None:
        """The note is on its way to the disk, and its line in the list holds it from now on."""
        self.edit.clear()
        self._words.setChecked(False)
        self._attach("")
        self._refusal.say("")

    def refuse(self, sentence: str) -> None:
        """Say why a note was not recorded; it stays as it was typed."""
        self._refusal.say(sentence)

    def _connect(self) -> None:
        self.codes.chosen.connect(self._chose)
        self.edit.done.connect(self._done)
        self.edit.began.connect(self.began)
        self.edit.textChanged.connect(lambda: self.typed.emit(self.edit.text()))
        self.edit.textChanged.connect(self._look_for_quote)
        self.edit.left.connect(self.left)
        self.edit.undo_asked.connect(self.undo_asked)
        self._add.clicked.connect(self._done)
        self._words.toggled.connect(lambda own: self.how.emit(self._code, own))
        self._chip.clicked.connect(lambda: self._attach(""))
        self.list.opened.connect(self.opened)
        self.list.strike_asked.connect(self.strike_asked)
        self.list.retry_asked.connect(self.retry_asked)

    def _list(self, seen: Seen) -> None:
        shown = rows(seen)
        if self._short:
            shown = tuple(msgspec.structs.replace(row, by=initials(row.by)) for row in shown)
        self.list.display(shown)

    def _look_for_quote(self) -> None:
        if self.edit.text().lstrip()[:1] in tuple(_QUOTES):
            self._words.setChecked(True)

    def _done(self) -> None:
        text = unquoted(self.edit.text())
        if text or self._code:
            self.noted.emit(text, self._code, self._words.isChecked())
        else:
            self.start()

    def _chose(self, word: str) -> None:
        if self.edit.text().strip():
            self._attach(word)
        else:
            self.noted.emit("", word, False)

    def _attach(self, word: str) -> None:
        self._code = word
        self._chip.set_words(f"{word} ×" if word else "", f"Take {word} off this note" if word else "No code")
        self._chip.setVisible(bool(word))
        self.how.emit(word, self._words.isChecked())


def unquoted(text: str) -> str:
    """A note without the quotation marks around all of it: they are printed, so they need not be typed."""
    text = text.strip()
    if text[:1] not in tuple(_QUOTES):
        return text
    inside = text[1:]
    if inside[-1:] in tuple(_QUOTES) and not any(mark in inside[:-1] for mark in _QUOTES):
        inside = inside[:-1]
    return inside.strip()
