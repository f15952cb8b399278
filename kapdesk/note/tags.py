"""What a screen reader is told: the tree of headings, paragraphs, lists, tables and figures, and where each one stands.

The tree is made with the parts of a paper, in the order they are read; a part that runs over pages, a row that is
broken, keep their one element. While a part is drawn, `Marks` writes down where on the page its element stands. What
says nothing by itself (the running head and foot, a header said again, rules, tints, lettering) is an artifact: seen,
and not read.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple


class Tag:
    """One element of the tree: its standard type (ISO 32000-1, 14.8.4), its attributes, and what is in it."""

    __slots__ = ("actual", "alt", "attributes", "kids", "name", "number", "parent", "places")

    def __init__(self, name: str, attributes: str = "", alt: str = "") -> None:
        self.name, self.attributes, self.alt = name, attributes, alt
        self.actual = ""
        """What is read in place of what is drawn, where that stands in another order: text from the right."""
        self.kids: list[Tag] = []
        self.places: list[Place] = []
        self.parent: Tag | None = None
        self.number = 0
        """Of its object in the file, once that is known; 0 for what is not said."""

    def add(self, kid: "Tag") -> "Tag":
        """Put an element into this one, behind what is there; gives it back."""
        kid.parent = self
        self.kids.append(kid)
        return kid

    def top(self) -> "Tag":
        """The outermost element this one lies in, as far as it is put together."""
        tag = self
        while tag.parent is not None:
            tag = tag.parent
        return tag

    def join(self, whole: "Tag") -> None:
        """Put what this one lies in into another element, where it is not in it yet."""
        outermost = self.top()
        if outermost is not whole.top():
            whole.add(outermost)

    @property
    def said(self) -> bool:
        """Whether anything stands on paper for it, or it keeps a place that must be there: a cell, an item's body."""
        return bool(self.places or self.name in ("TH", "TD", "LBody") or any(kid.said for kid in self.kids))


class Mark(NamedTuple):
    """A stretch of a page's content, by its number on that page (MCID); pages count from 0."""

    page: int
    number: int


class Widget(NamedTuple):
    """A field of a form on a page, by its place among all of them."""

    page: int
    which: int


class Heading(NamedTuple):
    """A heading, and where on its page it begins (points from the page's foot)."""

    tag: Tag
    words: str
    page: int
    top: float


Place = Mark | Widget
"""Where an element stands."""


class Shape(NamedTuple):
    """What the parts of a grid are to a reader; an empty name has no element of its own."""

    grid: str
    row: str
    boxes: tuple[str, ...]
    """By column; the last stands for all further ones."""


TABLE = Shape("Table", "TR", ("TH", "TD"))
FACTS = Shape("L", "LI", ("Lbl", "LBody"))
"""A name and what is said of it, in one pair of columns or in several."""
ITEMS = Shape("L", "LI", ("LBody",))
TILES = Shape("L", "", ("LI",))
"""Each box an item, its first line the name."""
BESIDE = Shape("Div", "", ("Sect",))
"""Boxes beside each other, each a section."""
ONE = Shape("Div", "", ("",))
"""A frame around what stands in it."""


Artifact = Literal["Layout", "Again", "Header", "Footer", "Watermark"]
"""What a mark that is not read is for: the look of a page, a header said again, a running head or foot, lettering."""


class Marks:
    """Where on their pages the elements of one paper stand."""

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self.pages: list[list[Tag]] = []
        """By page, the element of each stretch of content."""
        self._depth = 0

    def begin(self, canvas: Any, tag: Tag) -> None:
        """What is drawn from here to `end` belongs to the element. Within another stretch, or an artifact, to that."""
        self._depth += 1
        if self._depth > 1:
            return
        page = canvas.getPageNumber() - 1
        self.upto(page + 1)
        number = len(self.pages[page])
        self.pages[page].append(tag)
        tag.places.append(Mark(page, number))
        canvas._code.append(f"/{tag.name} <</MCID {number}>> BDC")

    def heading(self, canvas: Any, tag: Tag, words: str, x: float, top: float) -> None:
        """Remember where a heading begins; one that goes on over the page is known already."""
        if not (self.headings and self.headings[-1].tag is tag):
            self.headings.append(Heading(tag, words, canvas.getPageNumber() - 1, canvas.absolutePosition(x, top)[1]))

    def upto(self, pages: int) -> None:
        """Know of so many pages."""
        while len(self.pages) < pages:
            self.pages.append([])

    def artifact(self, canvas: Any, kind: Artifact) -> None:
        """What is drawn from here to `end` is not read aloud."""
        self._depth += 1
        if self._depth == 1:
            canvas._code.append(_ARTIFACTS[kind])

    def end(self, canvas: Any) -> None:
        """Close what was begun last."""
        if self._depth == 1:
            canvas._code.append("EMC")
        self._depth -= 1


class _Unmarked(Marks):
    """For a canvas whose content nobody will read by a tree: what a signature looks like."""

    def begin(self, canvas: Any, tag: Tag) -> None:
        """Nothing is written down."""

    def heading(self, canvas: Any, tag: Tag, words: str, x: float, top: float) -> None:
        """Nothing is written down."""

    def artifact(self, canvas: Any, kind: Artifact) -> None:
        """Nothing is written down."""

    def end(self, canvas: Any) -> None:
        """Nothing is written down."""


_UNMARKED = _Unmarked()


def marks_of(canvas: Any) -> Marks:
    """The marks of the paper that is drawn on this canvas."""
    marks: Marks = getattr(canvas, "marks", _UNMARKED)
    return marks


_ARTIFACTS: dict[Artifact, str] = {
    "Layout": "/Artifact <</Type /Layout>> BDC",
    "Again": "/Artifact <</Type /Pagination>> BDC",
    "Header": "/Artifact <</Type /Pagination /Subtype /Header>> BDC",
    "Footer": "/Artifact <</Type /Pagination /Subtype /Footer>> BDC",
    "Watermark": "/Artifact <</Type /Pagination /Subtype /Watermark>> BDC",
}


def document(parts: Iterable[Any]) -> Tag:
    """The root of a paper's tree, from its flowables in their order, those that are kept together included."""
    root = Tag("Document")
    for each in _flat(parts):
        tag = getattr(each, "tag", None)
        if tag is not None:
            tag.join(root)
    return root


def _flat(parts: Iterable[Any]) -> Iterator[Any]:
    for part in parts:
        if hasattr(part, "_content"):
            yield from _flat(part._content)
        else:
            yield part


def items(bodies: Sequence[Tag], numbers: Sequence[Tag | None] = ()) -> Tag:
    """A list with an item for each of the elements, which become the items' bodies; their numbers before them."""
    whole = Tag("L", "/O /List /ListNumbering /Decimal" if any(numbers) else "")
    for n, body in enumerate(bodies):
        item = whole.add(Tag("LI"))
        number = numbers[n] if numbers else None
        if number is not None:
            number.name = "Lbl"
            item.add(number)
        body.name = "LBody"
        item.add(body)
    return whole
