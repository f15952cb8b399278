"""A patient's colour: a dot with the first letter of what they are called, never the colour alone."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui import theme

COLOURS: dict[str, str] = {"amber": "accent", "teal": "teal", "blue": "blue", "indigo": "indigo", "violet": "violet"}
"""The colours to choose from, and their tones."""

SIDE = 26


class Spot(QWidget):
    """Shows a colour by its name, with a letter in it; a ring in the text's colour where none was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour, self._letter = "", ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def display(self, colour: str, letter: str = "") -> None:
        """Show this colour."""
        self._colour, self._letter = colour, letter[:1].upper()
        self.setAccessibleName(f"Colour {colour}" if colour else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(SIDE), theme.px(SIDE))

    def paintEvent(self, event: QPaintEvent) -> None:
        tone = COLOURS.get(self._colour, "muted")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
            filled = theme.current().filled and self._colour in COLOURS
            painter.setPen(QPen(theme.colour(tone), 2))
            painter.setBrush(theme.colour(tone) if filled else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(box)
            if self._letter:
                painter.setFont(theme.font("small", "bold"))
                painter.setPen(theme.colour("accent_ink" if filled else tone))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._letter)
