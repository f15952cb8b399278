"""Sets the sheet for a day without the computer on two pages of A4 or Letter, in black and grey, to be written on."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.units import mm

from kapdesk.note import fonts
from kapdesk.note.archive import ArchiveCanvas
from kapdesk.note.downtime import Downtime
from kapdesk.note.metadata import about
from kapdesk.note.script import Findings, Ink
from kapdesk.note.setting import Prose, Style, draw_line, fitted
from kapdesk.note.tags import Artifact, Tag

_SIZES = {"A4": A4, "Letter": LETTER}
_SIDE, _TOP, _BOTTOM = 13 * mm, 12 * mm, 13 * mm
WRITING = 7.2 * mm
"""Height of a row that is written into by hand."""
_BLACK, _GREY, _LINE, _HEAD = 0x000000, 0x404040, 0x777777, 0xE6E6E6
_PLAIN, _QUIET, _BOLD = Ink(fonts.REGULAR, _BLACK), Ink(fonts.REGULAR, _GREY), Ink(fonts.SEMIBOLD, _BLACK)
_TICK = Style(8, 9.6)
_DOSE = (("Time", 9), ("Drug", 15), ("mg", 8), ("Route", 9), ("Site", 14), ("Lot", 13), ("Expiry", 11), ("By", 10))
_DOSES = (*_DOSE, ("Checked by", 12))
_VITALS = (
    ("Min", 7),
    ("Clock", 10),
    ("Sys", 9),
    ("Dia", 9),
    ("Pulse", 9),
    ("SpO₂ %", 9),
    ("RR", 8),
    ("Temp", 8),
    ("Arm, position, O₂, awake?", 22),
    ("By", 9),
)
_NOTES = (("Time", 10), ("What was seen, heard or done; the patient’s own words in quotes", 80), ("By", 10))
_EVENTS = (("Time", 10), ("Event", 30), ("Severity", 12), ("What was done, and how it came out", 38), ("By", 10))
_TABLE_HEAD = 4.4 * mm
_DOSE_ROWS, _EVENT_ROWS, _SPARE_ROWS, _LEAST_NOTES = 4, 2, 3, 4


def set_downtime(sheet: Downtime) -> bytes:
    """The sheet as a PDF file: two pages, more only for very long lists. The same sheet gives the same bytes."""
    made, pages = _set(sheet, 2)
    return made if pages == 2 else _set(sheet, pages)[0]


def _set(sheet: Downtime, pages: int) -> tuple[bytes, int]:
    """The file where so many pages are named at the foot, and how many there are."""
    file, root = io.BytesIO(), Tag("Document")
    of = about(f"Downtime sheet, {sheet.protocol}", sheet.clinic, "To be written on by hand", "en", "")
    canvas = ArchiveCanvas(of, root, (), file, pagesize=_SIZES[sheet.paper])
    pen = _Pen(canvas, root, sheet, pages)
    _first(pen, sheet)
    pen.turn()
    _second(pen, sheet)
    canvas.showPage()
    canvas.save()
    return file.getvalue(), pen.page


def _first(pen: "_Pen", sheet: Downtime) -> None:
    pen.fields([(each.name, each.value) for each in sheet.patient], 2)
    pen.fields([("Here: therapist", ""), ("Medical staff", ""), ("Prescriber", ""), ("Others", "")], 2)
    if sheet.before:
        pen.title("Before the dose")
        pen.ticks(sheet.before)
    if sheet.course or sheet.limits:
        pen.title("Limits")
        for words in (*sheet.limits, sheet.course):
            pen.say(words)
    pen.title("Doses")
    pen.table(_DOSES, [""] * _DOSE_ROWS)
    pen.title("Events, and crossed limits")
    left = pen.left() - 14 * mm - (len(sheet.emergency) + 1) // 2 * WRITING
    pen.table(_EVENTS, [""] * max(_EVENT_ROWS, min(9, int(left / WRITING))))
    pen.title("In an emergency")
    pen.fields([(each.name, each.value) for each in sheet.emergency], 2)


def _second(pen: "_Pen", sheet: Downtime) -> None:
    pen.title("Vital signs", "Min: minutes from the first dose. Write the clock time of each reading.")
    pen.table(_VITALS, ["before", *(str(minute) for minute in sheet.times_min), *[""] * _SPARE_ROWS])
    foot = pen.ticks_height(sheet.leaving) + 3 * WRITING + 15 * mm
    pen.title("Notes")
    rows = int((pen.left() - foot - 4 * mm) / WRITING)
    pen.table(_NOTES, [""] * max(_LEAST_NOTES, rows))
    if sheet.leaving:
        pen.title("Before leaving")
        pen.ticks(sheet.leaving)
    pen.down(1.5 * mm)
    pen.fields(
        [
            ("Ended at, how", ""),
            ("Left at, with whom", ""),
            ("Signature, therapist", ""),
            ("Signature, medical staff", ""),
            ("To be entered into KapDesk by", ""),
            ("Entered on, by", ""),
        ],
        2,
    )


class _Pen:
    """Writes down a page, and what a screen reader is told of it. Lengths in points."""

    def __init__(self, canvas: ArchiveCanvas, root: Tag, sheet: Downtime, pages: int) -> None:
        self._canvas, self._root, self._sheet, self._findings = canvas, root, sheet, Findings()
        self._page_width, self._page_height = _SIZES[sheet.paper]
        self._width = self._page_width - 2 * _SIDE
        self.page, self._pages = 1, pages
        self._head()

    def turn(self) -> None:
        """On to the next page."""
        self._canvas.showPage()
        self.page += 1
        self._head()

    def room(self, high: float) -> None:
        """Go on to the next page where so much does not fit on this one."""
        if self.left() < high:
            self.turn()

    def left(self) -> float:
        """The height that is left on this page."""
        return float(self._y - _BOTTOM)

    def down(self, by: float) -> None:
        self._y -= by

    def _head(self) -> None:
        """What it is, of which patient, and which page."""
        sheet, page = self._sheet, self.page
        self._y = self._page_height - _TOP
        with self._read(self._root.add(Tag("H1"))) if page == 1 else self._seen("Header"):
            self._at(_SIDE, self._y - 11, "Downtime sheet", _BOLD, 15, self._width * 0.4)
        with self._read(self._root.add(Tag("P"))) if page == 1 else self._seen("Header"):
            self._at(_SIDE + self._width * 0.27, self._y - 10, sheet.protocol, _BOLD, 9.5, self._width * 0.73)
        self._y -= 15
        name, born = (each.value for each in sheet.patient[:2])
        of = f"Patient: {name or '_' * 30}   Born: {born or '_' * 14}   " if page > 1 else ""
        known = "" if sheet.approved else "Figures are examples until the clinic has approved them.  "
        asked = "" if page > 1 else "Write clock times. Enter all of it into KapDesk later."
        said = f"{of}{sheet.clinic}  {known}{asked}"
        with self._read(self._root.add(Tag("P"))) if page == 1 else self._seen("Header"):
            self._at(_SIDE, self._y - 8.5, said.strip(), _PLAIN if page > 1 else _QUIET, 8, self._width)
        self._y -= 12.5
        self._rule(self._y, 1.0, _BLACK)
        self._y -= 1 * mm
        with self._seen("Footer"):
            self._at(_SIDE, 7.5 * mm, "Confidential health record", _QUIET, 7.5, 150)
            self._at(_SIDE + self._width - 42, 7.5 * mm, f"Page {page} of {self._pages}", _QUIET, 7.5, 60)

    def title(self, words: str, said: str = "") -> None:
        self.room(6.4 * mm + 2 * WRITING)
        self._y -= 6.4 * mm
        with self._read(self._root.add(Tag("H2"))):
            self._at(_SIDE, self._y + 1.2 * mm, words, _BOLD, 10, self._width * 0.4)
        if said:
            with self._read(self._root.add(Tag("P"))):
                self._at(_SIDE + 24 * mm, self._y + 1.2 * mm, said, _QUIET, 8, self._width - 24 * mm)

    def say(self, words: str) -> None:
        """Words over the whole width, on as many lines as they take."""
        prose = Prose([(words, _PLAIN)], Style(8.2, 10), self._findings)
        _, high = prose.wrap(self._width, 0)
        self.room(high)
        self._y -= high
        self._root.add(prose.tag)
        prose.drawOn(self._canvas, _SIDE, self._y)

    def fields(self, fields: Sequence[tuple[str, str]], columns: int) -> None:
        """Names with what is known, or with a line to write on."""
        wide, listed = self._width / columns, self._root.add(Tag("L"))
        for n, (name, value) in enumerate(fields):
            x = _SIDE + n % columns * wide
            if n % columns == 0:
                self.room(WRITING)
                self._y -= WRITING
            room = wide - 4 * mm
            said = fitted(name, _QUIET, 8, room, self._findings)
            start = sum(cell.width for cell in said.cells) * 8 / 1000 + 2 * mm
            item = listed.add(Tag("LI"))
            with self._read(item.add(Tag("Lbl"))):
                draw_line(self._canvas, x, self._y + 2, said, 8)
            with self._read(item.add(Tag("LBody"))):
                self._at(x + start, self._y + 2, value, _BOLD, 9.5, room - start)
            self._line(x + start, self._y, x + room, self._y)

    def ticks(self, items: Sequence[str]) -> None:
        """A box before each item, in two columns, as tall as their words take; on more pages where they must."""
        fit = len(items)
        while fit > 1 and self.ticks_height(items[:fit]) > self.left():
            fit -= 1
        if fit < len(items):
            self.ticks(items[:fit])
            self.turn()
            self.ticks(items[fit:])
            return
        half = (len(items) + 1) // 2
        top = lowest = self._y
        listed = self._root.add(Tag("L"))
        for column, part in enumerate((items[:half], items[half:])):
            y = top
            for words in part:
                prose = self._tick(words)
                _, high = prose.wrap(self._width / 2 - 9 * mm, 0)
                x = _SIDE + column * self._width / 2
                y -= max(high, 4.4 * mm) + 0.7 * mm
                box = y + max(high, 4.4 * mm) - 3.8 * mm
                with self._seen("Layout"):
                    self._canvas.setStrokeColorRGB(0, 0, 0)
                    self._canvas.setLineWidth(0.8)
                    self._canvas.rect(x, box, 3.6 * mm, 3.6 * mm, stroke=1, fill=0)
                prose.tag.name = "LBody"
                listed.add(Tag("LI")).add(prose.tag)
                prose.drawOn(self._canvas, x + 5.5 * mm, y + max(0, 4.2 * mm - high))
            lowest = min(lowest, y)
        self._y = lowest

    def ticks_height(self, items: Sequence[str]) -> float:
        """How much of the page `ticks` will take."""
        half = (len(items) + 1) // 2
        heights = [max(self._tick(w).wrap(self._width / 2 - 9 * mm, 0)[1], 4.4 * mm) + 0.7 * mm for w in items]
        return float(max(sum(heights[:half]), sum(heights[half:])))

    def _tick(self, words: str) -> Prose:
        return Prose([(words, _PLAIN)], _TICK, self._findings)

    def table(self, columns: Sequence[tuple[str, int]], firsts: Sequence[str], whole: Tag | None = None) -> None:
        """A grid to write into, the first column of each row filled where that is known; `whole` is what it goes on."""
        shares = sum(share for _, share in columns)
        edges = [_SIDE]
        for _, share in columns:
            edges.append(edges[-1] + share / shares * self._width)
        rows = max(1, int((self.left() - _TABLE_HEAD) / WRITING))
        table = whole or self._root.add(Tag("Table"))
        self._grid(columns, edges, firsts[:rows], table, again=whole is not None)
        if len(firsts) > rows:
            self.turn()
            self.table(columns, firsts[rows:], table)

    def _grid(
        self,
        columns: Sequence[tuple[str, int]],
        edges: Sequence[float],
        firsts: Sequence[str],
        table: Tag,
        *,
        again: bool,
    ) -> None:
        """The part of a table that fits this page, under its header; that is read once."""
        top = self._y
        with self._seen("Layout"):
            self._canvas.setFillColorRGB(*[(_HEAD >> 16) / 255] * 3)
            self._canvas.rect(_SIDE, top - _TABLE_HEAD, self._width, _TABLE_HEAD, stroke=0, fill=1)
        head = None if again else table.add(Tag("TR"))
        for (name, _), x, after in zip(columns, edges, edges[1:], strict=False):
            with self._read(head.add(Tag("TH", "/O /Table /Scope /Column"))) if head else self._seen("Again"):
                self._at(x + 2, top - _TABLE_HEAD + 3.4, name, _BOLD, 7.6, after - x - 3)
        y = top - _TABLE_HEAD
        self._rule(y, 0.8, _BLACK)
        for first in firsts:
            y -= WRITING
            row = table.add(Tag("TR"))
            named = row.add(Tag("TH", "/O /Table /Scope /Row") if first else Tag("TD"))
            for _ in columns[1:]:
                row.add(Tag("TD"))
            if first:
                with self._read(named):
                    self._at(
                        edges[0] + 2, y + 6, first, _BOLD, 8.6 if first.isdigit() else 6.6, edges[1] - edges[0] - 3
                    )
            self._rule(y, 0.5, _LINE)
        for x in edges:
            self._line(x, top, x, y)
        self._y = y

    @contextmanager
    def _read(self, tag: Tag) -> Iterator[None]:
        """What is drawn meanwhile is read aloud as this element."""
        self._canvas.marks.begin(self._canvas, tag)
        yield
        self._canvas.marks.end(self._canvas)

    @contextmanager
    def _seen(self, kind: Artifact) -> Iterator[None]:
        """What is drawn meanwhile is seen, and not read."""
        self._canvas.marks.artifact(self._canvas, kind)
        yield
        self._canvas.marks.end(self._canvas)

    def _at(self, x: float, y: float, words: str, ink: Ink, size: float, room: float) -> None:
        if words:
            draw_line(self._canvas, x, y, fitted(words, ink, size, room, self._findings), size)

    def _rule(self, y: float, weight: float, colour: int) -> None:
        self._line(_SIDE, y, _SIDE + self._width, y, weight, colour)

    def _line(self, x: float, y: float, to_x: float, to_y: float, weight: float = 0.5, colour: int = _LINE) -> None:
        with self._seen("Layout"):
            self._canvas.setStrokeColorRGB(*[(colour & 255) / 255] * 3)
            self._canvas.setLineWidth(weight)
            self._canvas.line(x, y, to_x, to_y)
