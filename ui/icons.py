"""Our own drawn signs, in the colour of a token and sharp at every size."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from kapdesk.paths import shipped
from ui import theme

_CODES = {
    "tears": ("tears", "blue"),
    "ease": ("ease", "teal"),
    "movement": ("movement", "violet"),
    "breath": ("breath", "teal"),
    "eyes": ("eyes", "blue"),
    "nausea": ("nausea", "accent"),
    "distress": ("distress", "accent"),
    "intervention": ("intervention", "indigo"),
}


def icon(name: str, tone: str = "text", size: int = 20) -> QIcon:
    """A sign for a button, `size` pixels at scale 1. Ask again after the theme has changed; it is cached by colour."""
    ink, pixels = theme.current().tone(tone), theme.px(size)
    made = QIcon()
    for dpr in (1.0, 2.0):
        made.addPixmap(_drawn(name, ink, pixels, dpr))
    made.addPixmap(_drawn(name, theme.current().faint, pixels, 1.0), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, tone: str = "text", size: int = 20, dpr: float = 1.0) -> QPixmap:
    """A sign as a picture, `size` pixels at scale 1, for a screen of `dpr` device pixels to one."""
    return _drawn(name, theme.current().tone(tone), theme.px(size), dpr)


def paint(painter: QPainter, name: str, rect: QRectF, tone: str = "text") -> None:
    """Draw a sign into a rectangle of a painter (in pixels as they are, not scaled)."""
    side = round(min(rect.width(), rect.height()))
    picture = _drawn(name, theme.current().tone(tone), side, painter.device().devicePixelRatio())
    at = rect.center()
    painter.drawPixmap(round(at.x() - side / 2), round(at.y() - side / 2), picture)


def names() -> tuple[str, ...]:
    """Every sign there is."""
    return tuple(sorted(path.stem for path in shipped("resources", "icons").glob("*.svg")))


def for_code(word: str) -> tuple[str, str]:
    """The sign and tone of one of the room's eight words; a plain note for any other."""
    return _CODES.get(word.lower(), ("note", "muted"))


@cache
def _drawn(name: str, ink: str, pixels: int, dpr: float) -> QPixmap:
    made = QPixmap(QSize(pixels, pixels) * dpr)
    made.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(_strokes(name).replace("currentColor", ink).encode()))
    with QPainter(made) as painter:
        renderer.render(painter, QRectF(0, 0, pixels * dpr, pixels * dpr))
    made.setDevicePixelRatio(dpr)
    return made


@cache
def _strokes(name: str) -> str:
    return (shipped("resources", "icons") / f"{name}.svg").read_text(encoding="utf-8")
