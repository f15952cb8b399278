"""Where the patient is, at home: what it is typed into, and the card that shows it large in a running session."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kapdesk.facts.home import PatientLocated
from kapdesk.session.at_home import located
from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.choice import Check
from ui.widgets.frame import stack
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit

WIDE = 900
"""From this width on, at scale 1, the buttons stand beside what they belong to."""


class PlaceForm:
    """The editors for where someone is, wherever they are laid out."""

    def __init__(self) -> None:
        self.edits = (
            line_edit("Where they are now: street, number, floor, town"),
            line_edit("Emergency number there"),
            line_edit("Number to call back"),
            line_edit("Companion’s name"),
            line_edit("Companion’s phone"),
        )
        self.seen = Check("Companion seen on the picture")
        self.seen.setAccessibleName("Companion seen on the picture")
        self.parts: tuple[QWidget, ...] = (*self.edits, self.seen)

    def fill(self, there: PatientLocated) -> None:
        """As it was said."""
        texts = (there.place, there.emergency_number, there.call_back, there.companion, there.companion_phone)
        for edit, text in zip(self.edits, texts, strict=True):
            edit.setText(text)
        self.seen.setChecked(there.companion_seen)

    def fact(self) -> PatientLocated:
        """As it stands in the editors."""
        place, emergency, back, companion, phone = (edit.text().strip() for edit in self.edits)
        return PatientLocated(place, emergency, back, companion, phone, self.seen.isChecked())


class PlaceCard(QFrame):
    """Opens in place, large enough to dial from. `located` carries where they are from now on; `typed` an editor and
    what stands in it."""

    located = Signal(object)
    typed = Signal(str, str)
    turned = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "strip")
        self.setAccessibleName("Where the patient is, large")
        self._there: PatientLocated | None = None
        self._found: Callable[[str], str] | None = None
        self._shown: tuple[PatientLocated | None, bool] | None = None
        self._form, self._refusal = PlaceForm(), Refusal()
        self._large = QWidget()
        self._lines = QGridLayout(self._large)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setColumnStretch(1, 1)
        self._lines.setHorizontalSpacing(theme.px(16))
        self._lines.setVerticalSpacing(theme.px(2))
        self._sheet = QWidget()
        sheet = QGridLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(6))
        for edit, where in zip(self._form.edits, ((0, 0, 1, 2), (0, 2), (1, 0), (1, 1), (1, 2)), strict=True):
            sheet.addWidget(edit, *where)
        self._change = Button("Change …", name="Change where they are")
        self._keep = Button("Record", "primary", name="Record where they are from now on")
        self._away = Button("Put away", name="Put the card away")
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(theme.px(12), theme.px(6), theme.px(12), theme.px(6))
        self._box.setSpacing(theme.px(6))
        column = QVBoxLayout()
        column.setSpacing(theme.px(6))
        self._box.addLayout(column, 1)
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        for button in (self._form.seen, self._change, self._keep, self._away):
            row.addWidget(button)
        row.addStretch()
        column.addWidget(self._large)
        column.addWidget(self._sheet)
        column.addWidget(self._refusal)
        self._box.addLayout(row)
        self._change.clicked.connect(lambda: self._turn(typing=True))
        self._keep.clicked.connect(self._record)
        self._away.clicked.connect(self.leave)
        for edit in self._form.edits:
            edit.textEdited.connect(lambda text, edit=edit: self.typed.emit(edit.accessibleName(), text))
            edit.returnPressed.connect(self._record)
            edit.installEventFilter(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        for typed in (self._sheet, self._form.seen, self._keep):
            typed.hide()
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        stack(self._box, self.width() < theme.px(WIDE))
        self._claim()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Esc leaves; what was typed is there again when the card is opened."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.leave()
            return True
        return super().eventFilter(watched, event)

    def display(self, seen: Seen) -> None:
        """Show where they are now."""
        there = located(seen.session)
        if there is not None and there != self._there:
            self._form.fill(there)
        if self._shown is None or there != self._shown[0]:
            self._shown, self._there = (there, True), there
            self._fill()
        if self._found is not None:
            found, self._found = self._found, None
            self._bring_back(found)

    def bring_back(self, found: Callable[[str], str]) -> None:
        """What was half-typed when KapDesk last stopped, by editor; it stands there when the card is opened."""
        self._found = found

    def texts(self) -> list[tuple[str, str]]:
        """What stands in each editor now."""
        return [(edit.accessibleName(), edit.text().strip()) for edit in self._form.edits]

    def start(self) -> None:
        """Open it; where nothing is on record, with the editors."""
        self.show()
        self._turn(typing=self._there is None or not self._sheet.isHidden())

    def leave(self) -> None:
        """Put it away."""
        self.hide()
        self.left.emit()

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; what was typed stays."""
        self._refusal.say(sentence)
        self._claim()

    def taken(self) -> None:
        """It is on its way to the record."""
        self._refusal.say("")
        self._turn(typing=False)

    def _bring_back(self, found: Callable[[str], str]) -> None:
        for edit in self._form.edits:
            if text := found(edit.accessibleName()):
                edit.setText(text)
                self._sheet.show()

    def _record(self) -> None:
        self.located.emit(self._form.fact())

    def _turn(self, typing: bool) -> None:
        self._large.setVisible(not typing)
        self._form.seen.setVisible(typing)
        self._sheet.setVisible(typing)
        self._keep.setVisible(typing)
        self._change.setVisible(not typing)
        (self._form.edits[0] if typing else self._away).setFocus()
        self._claim()
        self.turned.emit()

    def _claim(self) -> None:
        """The height at this width, told to the page outright: a column grants what wraps only one line."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            high = layout.totalHeightForWidth(self.width()) if layout.hasHeightForWidth() else -1
            self.setFixedHeight(max(high, layout.totalMinimumSize().height()))

    def _fill(self) -> None:
        empty(self._lines)
        if self._there is None:
            return
        there = self._there
        with_them = f"{there.companion}, {there.companion_phone or 'no number'}" if there.companion else "nobody named"
        seen = "" if not there.companion or there.companion_seen else ", not seen yet"
        said = (
            ("At", there.place),
            ("Emergency number", there.emergency_number),
            ("Call back", there.call_back),
            ("Companion", with_them + seen),
        )
        for n, (what, words) in enumerate(said):
            self._lines.addWidget(Label(what, "muted"), n, 0)
            self._lines.addWidget(Label(words, "title", wrap=True), n, 1)
        self._claim()
