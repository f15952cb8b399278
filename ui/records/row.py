"""A session as a line of the list, painted by itself: the whole of it is pressed, and hundreds of them are light."""

import unicodedata

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme, words
from ui.line import entered
from ui.records.telling import Record, Told
from ui.widgets.buttons import Button

LINE, EDGE, DAY = 22, 14, 150
NARROW = 760
"""Below so many pixels at scale 1 what became of the note stands under the name, not beside it."""
_ACROSS = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class RecordLine(Button):
    """Day, name and what became of the note; below what was done in the session, then why it was found.

    `turned` says that an arrow leads from here: 1 down, -1 up.
    """

    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        self.record: Record | None = None
        super().__init__("", parent=parent)
        self.setToolTip("")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def display(self, record: Record) -> None:
        """Another session, or the same one as it is now."""
        if record == self.record:
            return
        self.record = record
        told = [f"{each.where}: {each.words}" for each in record.why]
        rehearsal = "Rehearsal" if record.rehearsal else ""
        self.setAccessibleName(words.join(record.day, _name(record), rehearsal, record.said, record.standing, *told))
        self._stand()
        self.update()

    def _stand(self) -> None:
        """As high as its lines, whatever the style sheet gives to every button."""
        if self.record is not None:
            self.setFixedHeight(theme.px(LINE * (2 + len(self.record.why)) + EDGE))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._stand()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._stand()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(320), self.maximumHeight() if self.record is not None else theme.px(theme.TARGET))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens it as Space does. Arrows are the list's."""
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.turned.emit(1 if event.key() == Qt.Key.Key_Down else -1)
            return
        if entered(event):
            self.click()
            return
        super().keyPressEvent(event)

    def draw_inside(self, painter: QPainter) -> None:
        record = self.record
        if record is None:
            return
        edge, high = theme.px(EDGE), theme.px(LINE)
        left, right = float(edge), float(self.width() - edge)
        y = (self.height() - high * (2 + len(record.why))) / 2
        narrow = self.width() < theme.px(NARROW)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bold, small = theme.font("body", "semibold"), theme.font("small")
        _text(painter, QRectF(left, y, theme.px(DAY), high), record.day, bold, "text")
        begins, ends = left + theme.px(DAY + 12), right
        if not narrow:
            wide = min(_wide(record.standing, small), (right - begins) * 0.6)
            _text(painter, QRectF(right - wide, y, wide, high), record.standing, small, record.tone)
            ends = right - wide - theme.px(16)
        if record.rehearsal:
            wide = _wide("Rehearsal", theme.font("small", "semibold"))
            _text(painter, QRectF(ends - wide, y, wide, high), "Rehearsal", theme.font("small", "semibold"), "accent")
            ends -= wide + theme.px(16)
        _text(painter, QRectF(begins, y, ends - begins, high), _name(record), theme.font("body"), "text")
        y += high
        begins = left
        if narrow:
            wide = min(_wide(record.standing, small), right - left)
            _text(painter, QRectF(left, y, wide, high), record.standing, small, record.tone)
            begins += wide + theme.px(16)
        else:
            begins += theme.px(DAY + 12)
        _text(painter, QRectF(begins, y, right - begins, high), record.said, small, "muted")
        begins = left if narrow else left + theme.px(DAY + 12)
        for each in record.why:
            y += high
            _found(painter, QRectF(begins, y, right - begins, high), each)


def _name(record: Record) -> str:
    called = f"  “{record.called}”" if record.called != record.name else ""
    return f"{record.name}{called}" + (f"  {record.number}" if record.number else "")


def _found(painter: QPainter, box: QRectF, told: Told) -> None:
    """Where it stands, with what was looked for brought out. Writing that runs to the left is drawn as one piece."""
    small, bold = theme.font("small"), theme.font("small", "semibold")
    where = f"{told.where}: "
    _text(painter, box, where, small, "faint")
    box.setLeft(box.left() + _wide(where, small))
    if any(unicodedata.bidirectional(c) in ("R", "AL") for c in told.words):
        _text(painter, box, told.words, small, "muted")
        return
    for text, font, tone in (
        (told.words[: told.begins], small, "muted"),
        (told.words[told.begins : told.ends], bold, "accent"),
        (told.words[told.ends :], small, "muted"),
    ):
        if text and box.width() > 0:
            _text(painter, box, text, font, tone)
            box.setLeft(box.left() + _wide(text, font))


def _text(painter: QPainter, box: QRectF, text: str, font: QFont, tone: str) -> None:
    """One line; what does not fit gives up its end."""
    if not text or box.width() <= 0:
        return
    painter.setFont(font)
    painter.setPen(theme.colour(tone))
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 1)
    painter.drawText(box, _ACROSS | Qt.TextFlag.TextSingleLine, shown)


def _wide(text: str, font: QFont) -> float:
    return QFontMetricsF(font).horizontalAdvance(text)
