"""Reads what was painted: the mean light of a picture, and how far its text stands from its ground."""

from collections import Counter

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPixmap

from ui import theme


def colours(picture: QPixmap, part: QRect | None = None) -> Counter[str]:
    """How many pixels there are of each colour, as `#rrggbb`."""
    image = (picture.copy(part) if part else picture).toImage().convertToFormat(QImage.Format.Format_RGB32)
    values, counts = np.unique(np.frombuffer(image.constBits(), np.uint32) & 0xFFFFFF, return_counts=True)
    return Counter({f"#{value:06x}": int(n) for value, n in zip(values.tolist(), counts, strict=True)})


def mean_luminance(picture: QPixmap) -> float:
    found = colours(picture)
    return sum(theme.luminance(hex_) * n for hex_, n in found.items()) / found.total()


def text_contrast(picture: QPixmap, part: QRect | None = None) -> float:
    """Contrast of the ground (the commonest colour) with the ink (the colour furthest from it)."""
    found = colours(picture, part)
    ground = found.most_common(1)[0][0]
    return max(theme.contrast(ground, ink) for ink in found)
