"""Sets a note on A4 or Letter: the running head and foot, the lettering of a draft, and the order of its parts."""

import gc
import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from kapdesk.note import fonts, tags
from kapdesk.note.archive import ArchiveCanvas
from kapdesk.note.behind import behind, digest
from kapdesk.note.fitting import height_of, one_page
from kapdesk.note.front import front
from kapdesk.note.metadata import about
from kapdesk.note.paper import Attachment, Note, PaperSize
from kapdesk.note.script import Findings, Ink
from kapdesk.note.setting import Line, draw_line, fitted
from kapdesk.note.styles import BREACH, INK, LETTERING, MUTE, RULE, TEAL, Case

_SIZES = {"A4": A4, "Letter": LETTER}
_SIDE, _TOP, _BOTTOM = 51.0, 70.0, 52.0
_LETTERING = {"draft": "DRAFT", "rehearsal": "REHEARSAL", "signed": ""}


Story = Callable[[Case, float], list[Flowable]]
"""Gives the parts of a paper, set by a case for a width in points."""


Told = Callable[[int, int], None]
"""Is told which page of about how many is being set."""


def lay_out(note: Note, attachments: Sequence[Attachment] = (), told: Told | None = None) -> bytes:
    """The note as a PDF file in archive form (PDF/A-3a and PDF/UA-1), with what is attached to it.

    The same note gives the same bytes, on the same fonts and library.
    """

    def story(case: Case, inner: float) -> list[Flowable]:
        first = one_page(lambda each: front(note, each), case, inner, inner_height(note.paper))
        rest = behind(note, case, inner)
        # The digest lists what the parts before it could not show, so it is made after them.
        return [*first, *rest, *digest(note, case)]

    return set_pages(note, story, attachments=attachments, told=told)


def inner_height(paper: PaperSize) -> float:
    """How much of a page lies between the running head and foot, in points."""
    return float(_SIZES[paper][1] - _TOP - _BOTTOM)


def set_pages(
    note: Note,
    story: Story,
    foot: str = "Confidential health record",
    attachments: Sequence[Attachment] = (),
    told: Told | None = None,
) -> bytes:
    """Any paper of ours as a PDF file, under the running head of a note; `foot` is what it is, at each page's foot."""
    fonts.set_body()
    with _all_kept():
        return _pages(note, story, foot, attachments, told)


@contextmanager
def _all_kept() -> Iterator[None]:
    """Python's collector waits: all the thousands of small parts are kept to the end, and looking through them again
    and again takes a third of the time, the more the longer the paper."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _pages(note: Note, story: Story, foot: str, attachments: Sequence[Attachment], told: Told | None) -> bytes:
    case = Case()
    file = io.BytesIO()
    width, height = _SIZES[note.paper]
    document = BaseDocTemplate(file, pagesize=(width, height))
    frame = Frame(_SIDE, _BOTTOM, width - 2 * _SIDE, height - _TOP - _BOTTOM, 0, 0, 0, 0)
    running = _Running(note, width, height, foot)
    parts = story(case, width - 2 * _SIDE)
    pages = 1 + int(height_of(parts, width - 2 * _SIDE) / (height - _TOP - _BOTTOM)) if told is not None else 0

    def begun(canvas: Canvas, document: BaseDocTemplate) -> None:
        running.head(canvas, document)
        if told is not None:
            told(document.page, max(pages, document.page))

    document.addPageTemplates(PageTemplate("page", [frame], onPage=begun))
    title = f"{note.title}, {note.patient.name}, {note.date}"
    subject = f"Session {note.session}" if note.session else note.subtitle
    of = about(title, note.clinic, subject, note.language, note.digest.made)
    tree = tags.document(parts)

    def canvas(*args: Any, **options: Any) -> Canvas:
        return _CountedCanvas(running.foot, of, tree, attachments, *args, **options)

    document.build(parts, canvasmaker=canvas)
    return file.getvalue()


class _Running:
    """What stands on every page: whose note it is, what it is, and which page of how many."""

    def __init__(self, note: Note, width: float, height: float, foot: str) -> None:
        self._note, self._width, self._height, self._foot = note, width, height, foot
        self._findings = Findings()

    def head(self, canvas: Canvas, _: BaseDocTemplate) -> None:
        """The lettering behind the page and its running head; called by reportlab before the page's own content."""
        note, left, right = self._note, _SIDE, self._width - _SIDE
        self._lettering(canvas)
        canvas.marks.artifact(canvas, "Header")
        y = self._height - 40
        state = _LETTERING[note.standing]
        end = f"Session {note.session}  ·  {note.date}" if note.session else note.date
        room = (right - left) * 0.6
        self._at(canvas, left, y, note.clinic, Ink(fonts.SEMIBOLD, TEAL), 8.6, room)
        self._until(
            canvas, right, y, [(f"{state}   " if state else "", Ink(fonts.BOLD, BREACH)), (end, Ink(colour=MUTE))], 8
        )
        y -= 14.5
        patient = note.patient
        about = "  ·  ".join(
            part
            for part in (patient.born and f"Born {patient.born}", patient.number and f"No. {patient.number}")
            if part
        )
        self._at(canvas, left, y, patient.name, Ink(fonts.SEMIBOLD, INK), 10, room)
        self._until(canvas, right, y, [(about, Ink(colour=INK))], 8.4)
        _rule(canvas, left, right, y - 6.5, TEAL, 0.9)
        canvas.marks.end(canvas)

    def foot(self, canvas: Canvas, page: int, pages: int) -> None:
        """The running foot of a page."""
        left, right = _SIDE, self._width - _SIDE
        canvas.marks.artifact(canvas, "Footer")
        _rule(canvas, left, right, 43, RULE, 0.4)
        self._at(canvas, left, 32, self._foot, Ink(fonts.SEMIBOLD, MUTE), 7.4, 120)
        self._at(canvas, left + 104, 32, self._note.clinic, Ink(colour=MUTE), 7.4, right - left - 190)
        self._until(canvas, right, 32, [(f"Page {page} of {pages}", Ink(colour=MUTE))], 7.4)
        canvas.marks.end(canvas)

    def _lettering(self, canvas: Canvas) -> None:
        word = _LETTERING[self._note.standing]
        if not word:
            return
        size = 128 if len(word) < 6 else 84
        line = fitted(word, Ink(fonts.BOLD, LETTERING), size, 900, self._findings)
        wide = sum(cell.width for cell in line.cells) * size / 1000
        canvas.saveState()
        canvas.marks.artifact(canvas, "Watermark")
        # Seen, but not read aloud nor copied with the text: the running head says the same in words.
        canvas._code.append("/Span <</ActualText <FEFF>>> BDC")
        canvas.translate(self._width / 2, self._height / 2)
        canvas.rotate(52)
        draw_line(canvas, -wide / 2, -size * 0.33, line, size)
        canvas._code.append("EMC")
        canvas.marks.end(canvas)
        canvas.restoreState()

    def _at(self, canvas: Canvas, x: float, y: float, words: str, ink: Ink, size: float, room: float) -> None:
        draw_line(canvas, x, y, fitted(words, ink, size, room, self._findings), size)

    def _until(self, canvas: Canvas, right: float, y: float, spans: list[tuple[str, Ink]], size: float) -> None:
        cells = [
            cell
            for words, ink in spans
            for cell in fitted(words, ink, size, (self._width - 2 * _SIDE) * 0.42, self._findings).cells
        ]
        draw_line(canvas, 0, y, Line(cells, from_right=False), size, right, "right")


class _CountedCanvas(ArchiveCanvas):
    """Keeps its pages until it knows how many there are, then draws the foot of each."""

    def __init__(self, foot: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._foot = foot
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:
        """Keep the page for later; called by reportlab."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Draw the feet and write the file; called by reportlab."""
        for number, page in enumerate(self._kept, 1):
            self.__dict__.update(page)
            self._foot(self, number, len(self._kept))
            Canvas.showPage(self)
        super().save()


def _rule(canvas: Canvas, left: float, right: float, y: float, colour: int, weight: float) -> None:
    canvas.setStrokeColorRGB((colour >> 16) / 255, (colour >> 8 & 255) / 255, (colour & 255) / 255)
    canvas.setLineWidth(weight)
    canvas.line(left, y, right, y)
