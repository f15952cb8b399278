"""What is pressed: quiet, primary and danger buttons, and the room's codes with their number keys."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Literal

import msgspec
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QWidget,
)

from kapdesk.clinical.codes import DEFAULTS
from ui import icons, theme
from ui.widgets.label import restyle

Kind = Literal["quiet", "primary", "danger", "bare"]
_SIGN, _GAP = 20, 8
_WORDS = tuple(code.word for code in DEFAULTS)


class Code(msgspec.Struct, frozen=True):
    """A word of the room under a number key."""

    key: str
    word: str
    icon: str
    tone: str


def room_codes(words: Sequence[str] = _WORDS) -> tuple[Code, ...]:
    """Up to nine words as codes, on the keys 1 to 9 in their order; without any, those of a room that chose none."""
    return tuple(Code(str(n), word, *icons.for_code(word)) for n, word in enumerate(words[:9], start=1))


class Button(QPushButton):
    """A button of at least 44 by 44 pixels, with an optional sign before its words and the key that presses it after.

    The key is only shown: whether it acts is the page's business (keys rest while an editor has the focus).
    The second half of a double click presses nothing: not this, and not what came to lie beneath the pointer meanwhile.
    """

    def __init__(
        self,
        text: str = "",
        kind: Kind = "quiet",
        icon: str = "",
        key: str = "",
        name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._icon, self._key = icon, key
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_words(text, name)

    def words(self) -> str:
        """The words on it."""
        return self._words

    def set_words(self, text: str, name: str = "") -> None:
        """Other words; `name` is what a screen reader says, where that should be more than the words."""
        self._words = text
        self.setText(text.replace("&", "&&"))  # an ampersand is one, and no shortcut
        said = name or text
        self.setAccessibleName(f"{said} (key {self._key})" if self._key and said else said)
        if not text:
            self.setToolTip(said)
        self.updateGeometry()

    def set_kind(self, kind: Kind) -> None:
        """Another kind, shown at once."""
        restyle(self, "kind", kind)

    def set_icon(self, name: str) -> None:
        """Another sign, or none."""
        self._icon = name
        self.updateGeometry()
        self.update()

    def ink(self) -> str:
        """The tone its words are set in."""
        if not self.isEnabled():
            return "faint"
        if self.isChecked():
            return "accent"
        return {"primary": "accent_ink", "danger": "alarm"}.get(self.property("kind"), "text")

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def sizeHint(self) -> QSize:
        hint, least = super().sizeHint(), theme.px(theme.TARGET)
        width = hint.width() + self._inside() - self._text_width()
        return QSize(max(width, least), max(hint.height(), least))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        # The style draws frame and ground; sign, words and key are ours, because a style sheet knows no gap.
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.style().drawControl(QStyle.ControlElement.CE_PushButton, option, painter, self)
            painter.setFont(self.font())
            self.draw_inside(painter)

    def draw_inside(self, painter: QPainter) -> None:
        """Draw what stands in the frame."""
        x: float = (self.width() - self._inside()) / 2
        middle = self.height() / 2
        if self._icon:
            x = _draw_sign(painter, x, middle, self._icon, self.ink())
        painter.setPen(theme.colour(self.ink()))
        painter.drawText(QRectF(x, 0, self.width() - x, self.height()), Qt.AlignmentFlag.AlignVCenter, self._words)
        if self._key:
            x += self._text_width() + (theme.px(_GAP) if self._words else 0)
            draw_key(painter, x, middle, self._key, self.ink())

    def _text_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._words)

    def _inside(self) -> int:
        width = float(self._text_width())
        if self._icon:
            width += theme.px(_SIGN) + (theme.px(_GAP) if self._words else 0)
        if self._key:
            width += key_size(self._key)[0] + (theme.px(_GAP) if self._words else 0)
        return round(width)


def key_size(key: str) -> tuple[float, float]:
    """Width and height of the little box a key is shown in."""
    height = theme.px(22)
    return max(QFontMetricsF(theme.font("small", "semibold")).horizontalAdvance(key) + theme.px(10), height), height


def draw_key(painter: QPainter, x: float, middle: float, key: str, tone: str) -> float:
    """A key as it is drawn on a button, its name in a box; gives the place after it."""
    wide, high = key_size(key)
    box = QRectF(x, middle - high / 2, wide, high)
    ink, before = theme.colour(tone), painter.font()
    painter.setFont(theme.font("small", "semibold"))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
    ink.setAlphaF(0.45)
    painter.setPen(ink)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), theme.px(5), theme.px(5))
    painter.setFont(before)
    return x + wide + theme.px(_GAP)


def _draw_sign(painter: QPainter, x: float, middle: float, name: str, tone: str) -> float:
    side = theme.px(_SIGN)
    icons.paint(painter, name, QRectF(x, middle - side / 2, side, side), tone)
    return x + side + theme.px(_GAP)


class CodeButton(Button):
    """One of the room's words: key, sign, word; the whole of it is the target.

    It is checked while what it stands for lasts, and only the record says that: a press alone changes nothing on it.
    """

    def __init__(self, code: Code, parent: QWidget | None = None) -> None:
        self._tall = False
        self.code = code
        super().__init__(code.word, parent=parent)
        self.setCheckable(True)
        self.be_on(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def be_on(self, on: bool) -> None:
        """Whether it lasts now."""
        self.setChecked(on)
        self.setAccessibleName(f"{self.code.word}{', on' if on else ''} (key {self.code.key})")

    def nextCheckState(self) -> None:
        """Nothing: what lasts is what is on record."""

    def set_tall(self, tall: bool) -> None:
        """Let the word stand below its key and sign, where columns are narrow."""
        self._tall = tall
        self.updateGeometry()
        self.update()

    def width_for(self, tall: bool) -> int:
        """The least width, with the word below or beside."""
        if tall:
            return round(self._word_width("small")) + theme.px(18)
        return round(theme.px(12 + _SIGN + 2 * _GAP + 10) + key_size(self.code.key)[0] + self._word_width("body"))

    def sizeHint(self) -> QSize:
        return QSize(self.width_for(self._tall), theme.px(60 if self._tall else 48))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.width_for(True), self.sizeHint().height())

    def _word_width(self, size: theme.Size) -> float:
        return QFontMetricsF(theme.font(size, "semibold")).horizontalAdvance(self._words)

    def draw_inside(self, painter: QPainter) -> None:
        """Draw key, sign and word from the left, so that they stand in columns."""
        row = theme.px(19) if self._tall else self.height() / 2
        x = draw_key(painter, theme.px(10), row, self.code.key, "muted")
        x = _draw_sign(painter, x, row, self.code.icon, self.code.tone)
        word = QRectF(x, 0, self.width() - x, self.height())
        if self._tall:
            word = QRectF(theme.px(10), theme.px(34), self.width(), theme.px(22))
            painter.setFont(theme.font("small", "semibold"))
        painter.setPen(theme.colour(self.ink()))
        painter.drawText(word, Qt.AlignmentFlag.AlignVCenter, self._words)


class CodePad(QWidget):
    """The room's codes in rows, as many to a row as there is room for; `chosen` carries the word."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: list[CodeButton] = []
        self._columns = 0
        self._laid_out = False
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.px(8))
        # The columns adapt to the width, so those it has now must not hold it wide.
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Codes")
        self.display(room_codes())

    def display(self, codes: Sequence[Code]) -> None:
        """The codes to offer, in the order of their keys."""
        if [button.code for button in self._buttons] == list(codes):
            return
        for button in self._buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [CodeButton(code, self) for code in codes]
        for button in self._buttons:
            button.clicked.connect(partial(self.chosen.emit, button.code.word))
        self._columns = 0
        self._arrange()

    def be_on(self, words: Collection[str]) -> None:
        """Which of them last now."""
        for button in self._buttons:
            button.be_on(button.code.word in words)

    def press(self, key: str) -> bool:
        """Press the code under a number key; whether there is one."""
        for button in self._buttons:
            if button.code.key == key:
                button.click()
                return True
        return False

    def sizeHint(self) -> QSize:
        """As narrow as two columns, as high as the rows it has at its width now."""
        if not self._buttons:
            return QSize(0, 0)
        gap, least = self._grid.spacing(), max(button.width_for(True) for button in self._buttons)
        rows = -(-len(self._buttons) // max(self._columns, 1))
        return QSize(2 * least + gap, rows * (self._buttons[0].sizeHint().height() + gap) - gap)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._laid_out = True
        self._arrange()

    def _shape(self) -> tuple[int, bool]:
        """How many columns there is room for, and whether words stand below their signs to make it so."""
        gap = self._grid.spacing()
        if not self._laid_out:
            return 4, True  # its width is not yet its own
        for columns, tall in ((8, False), (4, False), (4, True), (2, False)):
            least = max(button.width_for(tall) for button in self._buttons)
            if self.width() + gap >= columns * (least + gap):
                return columns, tall
        return 2, True

    def _arrange(self) -> None:
        if not self._buttons:
            return
        columns, tall = self._shape()
        for button in self._buttons:
            button.set_tall(tall)
        self.updateGeometry()
        if columns == self._columns:
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for n, button in enumerate(self._buttons):
            self._grid.addWidget(button, n // columns, n % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
