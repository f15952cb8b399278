"""The pages of a note as pictures, in the tones of the theme: no white page lights up a dark room."""

from PySide6.QtGui import QColor, QImage, qRgb

from ui.tokens import Theme


def pictures(pdf: bytes, width: int) -> list[QImage]:
    """Every page of a PDF, `width` pixels wide, as it is on paper. May be called on any thread."""
    import pypdfium2  # here, because it loads a library

    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()  # the signatures are drawn by their fields
    try:
        return [_picture(page, width) for page in document]
    finally:
        document.close()


def toned(picture: QImage, theme: Theme) -> QImage:
    """A page in the light of the theme: as paper in day, else light ink on the theme's own ground."""
    if theme.name == "day":
        return picture
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    made = QImage(grey.constBits(), grey.width(), grey.height(), grey.bytesPerLine(), QImage.Format.Format_Indexed8)
    ink, ground = QColor(theme.text), QColor(theme.raised)
    made.setColorTable([_between(ink, ground, n / 255) for n in range(256)])
    return made.copy()


def _picture(page: object, width: int) -> QImage:
    scale = width / page.get_width()  # type: ignore[attr-defined]
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=True)  # type: ignore[attr-defined]
    data = bytes(bitmap.buffer)
    made = QImage(data, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888)
    return made.copy()


def _between(ink: QColor, ground: QColor, part: float) -> int:
    return qRgb(
        round(ink.red() + (ground.red() - ink.red()) * part),
        round(ink.green() + (ground.green() - ink.green()) * part),
        round(ink.blue() + (ground.blue() - ink.blue()) * part),
    )
