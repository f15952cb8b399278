"""The headings of a paper as the list beside it in a viewer, each leading to its place."""

from collections.abc import Sequence

from reportlab.pdfbase.pdfdoc import DummyDoc, PDFString

from kapdesk.note.tags import Heading


def objects(headings: Sequence[Heading], first: int, pages: Sequence[int]) -> list[bytes]:
    """The objects of the list from the number `first` on, the whole before its lines; `pages` by number of object."""
    if not headings:
        return []
    last = first + len(headings)
    made = [f"<</Type/Outlines/First {first + 1} 0 R/Last {last} 0 R/Count {len(headings)}>>".encode()]
    for number, heading in enumerate(headings, first + 1):
        beside = f"/Prev {number - 1} 0 R" if number > first + 1 else ""
        beside += f"/Next {number + 1} 0 R" if number < last else ""
        place = f"/Parent {first} 0 R{beside}/Dest[{pages[heading.page]} 0 R/XYZ null {heading.top:.1f} null]"
        words = PDFString(heading.words).format(DummyDoc())
        made.append(b"<</Title" + words + f"{place}/SE {heading.tag.number} 0 R>>".encode())
    return made
