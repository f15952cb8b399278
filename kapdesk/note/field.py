"""A field of the file to sign in: a line to write on, until a signature fills it."""

from reportlab.platypus import Flowable

from kapdesk.note.script import Findings, Ink
from kapdesk.note.setting import Prose, Style, draw_line, fitted
from kapdesk.note.tags import Tag

_HIGH = 40.0
_CAPTION = Style(7.4, 9.6)
_MUTE, _LINE = 0x52626A, 0x525F69


class SignatureField(Prose):
    """A field by its name, and what it is for in words; both hold for whoever signs it by program, or hears it read."""

    def __init__(self, name: str, words: str) -> None:
        super().__init__([("", Ink())], Style(7.4, _HIGH), Findings())
        self.tag = Tag("Form", alt=words)
        self._name, self._words = name, words

    drawOn = Flowable.drawOn

    def draw(self) -> None:
        """Put the field on the page, and what is seen while it is empty; called by reportlab."""
        canvas, wide = self.canv, self.width * 0.94
        caption = fitted("Signature, date and time", Ink(colour=_MUTE), _CAPTION.size, wide, Findings())
        canvas.beginForm(self._name, 0, 0, wide, _HIGH)
        canvas.setStrokeColorRGB(*(part / 255 for part in _LINE.to_bytes(3, "big")))
        canvas.setLineWidth(0.6)
        canvas.line(0, _CAPTION.leading, wide, _CAPTION.leading)
        draw_line(canvas, 0, 2, caption, _CAPTION.size)
        canvas.endForm()
        canvas.field(self._name, self._words, self.tag, (wide, _HIGH))
