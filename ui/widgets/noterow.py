"""How one observation is drawn: time, sign and word, text, who, and whether it is saved."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui import icons, theme, words
from ui.widgets.rows import Row, State

_LINES, _LINES_OPEN = 3, 60
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
_STATES: dict[State, tuple[str, str, str]] = {
    "saved": ("check", "faint", ""),
    "saving": ("saving", "muted", "saving"),
    "not saved": ("not-saved", "alarm", "not saved"),
}


class NoteRow(QStyledItemDelegate):
    """Draws rows, and knows how high each is. Where the list is narrow, a row's text stands below its heading.

    `width` and `open_row` are told by the list: how wide it is, and which row is shown whole.
    """

    def __init__(self, rows: list[Row], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows = rows
        self._sizes: dict[str, tuple[Row, bool, QSize]] = {}
        self.width = 400
        self.open_row = -1

    def forget(self) -> None:
        """Type, theme or width have changed: every height is measured anew."""
        self._sizes.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        # Qt asks for every row at every layout, so this is the one hot path of the list.
        at = index.row()
        row = self._rows[at]
        whole = at == self.open_row
        known = self._sizes.get(row.id)
        if known is None or known[0] is not row or known[1] is not whole:
            known = self._sizes[row.id] = (row, whole, QSize(self.width, self._height(row, whole)))
        return known[2]

    def state_box(self, rect: QRect) -> QRectF:
        """Where in a row's rectangle its state stands."""
        wide = theme.px(104)
        return QRectF(rect.right() - wide, rect.top(), wide, theme.px(44))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = self._rows[index.row()]
        rect = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, option, rect)
        first = QRectF(rect.left(), rect.top() + theme.px(6), rect.width(), theme.px(32))
        ink = "faint" if row.struck else "text"
        painter.setFont(theme.font("body", "semibold"))
        painter.setPen(theme.colour(ink))
        painter.drawText(first.adjusted(theme.px(10), 0, 0, 0), _LEFT, row.at)
        self._code(painter, row, first)
        self._state(painter, row, self.state_box(option.rect))
        self._by(painter, row, first)
        area = self._text_area()
        layout, shown = self._laid(row, area.width(), index.row() == self.open_row)
        painter.setPen(theme.colour(ink))
        for n in range(shown):
            self._line(painter, layout, n, shown, rect.topLeft() + area.topLeft(), area.width())
        below = self._below(row)
        if below:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.colour("muted"))
            top = rect.top() + area.top() + sum(layout.lineAt(n).height() for n in range(shown))
            box = QRectF(rect.left() + area.left(), top, area.width(), theme.px(20))
            said = painter.fontMetrics().elidedText(below, Qt.TextElideMode.ElideRight, int(area.width()))
            painter.drawText(box, _LEFT, said)
        painter.restore()

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRectF) -> None:
        state = option.state
        chosen, under = state & QStyle.StateFlag.State_Selected, state & QStyle.StateFlag.State_MouseOver
        if chosen or under:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover" if chosen else "raised"))
            painter.drawRoundedRect(rect.adjusted(0, 1, 0, -1), theme.px(6), theme.px(6))
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 2))
            painter.drawRoundedRect(rect.adjusted(1, 2, -1, -2), theme.px(6), theme.px(6))
        if not chosen:
            painter.setPen(QPen(theme.colour("line"), 1))
            inset = QPointF(theme.px(10), 0)
            painter.drawLine(rect.bottomLeft() + inset, rect.bottomRight() - inset)

    def _code(self, painter: QPainter, row: Row, first: QRectF) -> None:
        sign, tone = (row.icon, row.tone) if row.icon else icons.for_code(row.code)
        x, side = first.left() + theme.px(66), theme.px(20)
        tone = "faint" if row.struck else tone
        icons.paint(painter, sign, QRectF(x, first.center().y() - side / 2, side, side), tone)
        painter.setFont(theme.font("small", "semibold"))
        painter.setPen(theme.colour(tone))
        room = theme.px(96)
        said = painter.fontMetrics().elidedText(row.code or "Note", Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(x + side + theme.px(8), first.top(), room, first.height()), _LEFT, said)

    def _state(self, painter: QPainter, row: Row, box: QRectF) -> None:
        sign, tone, word = _STATES[row.state]
        side = theme.px(18)
        painter.setFont(theme.font("small", "semibold"))
        painter.setPen(theme.colour(tone))
        right = box.right() - theme.px(12)
        if word:
            painter.drawText(QRectF(box.left(), box.top(), right - box.left(), box.height()), _RIGHT, word)
            right -= QFontMetricsF(painter.font()).horizontalAdvance(word) + theme.px(6)
        icons.paint(painter, sign, QRectF(right - side, box.center().y() - side / 2, side, side), tone)

    def _by(self, painter: QPainter, row: Row, first: QRectF) -> None:
        wide = self._by_width()
        if not row.by:
            return
        painter.setFont(theme.font("small"))
        painter.setPen(theme.colour("muted"))
        word = _STATES[row.state][2]
        marked = QFontMetricsF(theme.font("small", "semibold")).horizontalAdvance(word) + theme.px(6) if word else 0
        state = theme.px(12 + 18 + 10) + marked
        box = QRectF(first.right() - state - wide, first.top(), wide, first.height())
        painter.drawText(box, _RIGHT, painter.fontMetrics().elidedText(row.by, Qt.TextElideMode.ElideRight, wide))

    def _line(self, painter: QPainter, layout: QTextLayout, n: int, shown: int, at: QPointF, width: float) -> None:
        line = layout.lineAt(n)
        if n < shown - 1 or shown == layout.lineCount():
            line.draw(painter, at)
            return
        rest = layout.text()[line.textStart() :].replace("\u2028", " ")
        said = QFontMetricsF(layout.font()).elidedText(rest, Qt.TextElideMode.ElideRight, width)
        painter.setFont(layout.font())
        painter.drawText(QRectF(at.x(), at.y() + line.y(), width, line.height()), _LEFT, said)

    def _stacked(self) -> bool:
        return self.width < theme.px(640)

    def _by_width(self) -> int:
        return theme.px(110)

    def _text_area(self) -> QRectF:
        """Where text stands in a row, from the row's own corner."""
        if self._stacked():
            return QRectF(theme.px(66), theme.px(38), max(self.width - theme.px(78), 40), 0)
        left = theme.px(198)
        right = theme.px(52) + self._by_width()
        return QRectF(left, theme.px(12), max(self.width - left - right, 40), 0)

    def _laid(self, row: Row, width: float, whole: bool) -> tuple[QTextLayout, int]:
        """The text set in lines, and how many of them are shown."""
        font = QFont(theme.font("body"))
        font.setStrikeOut(row.struck)
        layout = QTextLayout(row.text.replace("\n", "\u2028"), font)
        how = QTextOption()
        how.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        how.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        layout.setTextOption(how)
        layout.beginLayout()
        top, lines = 0.0, 0
        most = _LINES_OPEN if whole else _LINES
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            line.setPosition(QPointF(0, top))
            top += line.height()
            lines += 1
            if lines > most:
                break
        layout.endLayout()
        return layout, min(lines, most)

    def _below(self, row: Row) -> str:
        changed = "Struck" if row.struck else f"Corrected, before: {row.was}" if row.was else ""
        return words.join(changed, row.remark)

    def _height(self, row: Row, whole: bool) -> int:
        area = self._text_area()
        font = QFontMetricsF(theme.font("body"))
        if "\n" not in row.text and len(row.text) * font.averageCharWidth() * 1.6 < area.width():
            text = font.height() if row.text else 0
        else:
            layout, shown = self._laid(row, area.width(), whole)
            text = sum(layout.lineAt(n).height() for n in range(shown))
        below = theme.px(20) if self._below(row) else 0
        return round(max(area.top() + text + below + theme.px(10), theme.px(44)))
