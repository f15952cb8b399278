"""The tree of a paper as objects of its file: an object for each element, and the way back from the page to it."""

from collections.abc import Iterator, Sequence

from reportlab.pdfbase.pdfdoc import DummyDoc, PDFString

from kapdesk.note.tags import Mark, Tag


def elements(root: Tag) -> Iterator[Tag]:
    """Every element that stands on paper, each before those in it."""
    yield root
    for kid in root.kids:
        if kid.said:
            yield from elements(kid)


def _numbered(root: Tag, first: int) -> list[Tag]:
    every = list(elements(root))
    for number, tag in enumerate(every, first):
        tag.number = number
    return every


def objects(
    root: Tag, first: int, on_pages: Sequence[Sequence[Tag]], pages: Sequence[int], fields: Sequence[tuple[int, Tag]]
) -> list[bytes]:
    """The tree's objects from the number `first` on: its root, the elements, and what leads back to them.

    `on_pages` are the elements of each page's stretches of content, `pages` the numbers of the pages' objects, `fields`
    those of the fields to fill in, with the element of each.
    """
    every = _numbered(root, first + 1)
    lost = [tag for tags in on_pages for tag in tags if not tag.number]
    if lost:  # what was drawn is never without its element: at the end is better than nowhere
        for tag in lost:
            tag.join(root)
        every = _numbered(root, first + 1)
    back = first + 1 + len(every)
    arrays = [b"[" + b" ".join(b"%d 0 R" % tag.number for tag in tags) + b"]" for tags in on_pages]
    leads = [f"{page} {back + 1 + page} 0 R" for page in range(len(arrays))]
    leads += [f"{len(pages) + n} {tag.number} 0 R" for n, (_, tag) in enumerate(fields)]
    whole = (
        f"<</Type/StructTreeRoot/K {first + 1} 0 R/ParentTree {back} 0 R/ParentTreeNextKey {len(pages) + len(fields)}>>"
    )
    return [
        whole.encode(),
        *(_element(tag, first, pages, fields) for tag in every),
        f"<</Nums[{' '.join(leads)}]>>".encode(),
        *arrays,
    ]


def _element(tag: Tag, root: int, pages: Sequence[int], fields: Sequence[tuple[int, Tag]]) -> bytes:
    parent = tag.parent.number if tag.parent else root
    kids = [f"{kid.number} 0 R" for kid in tag.kids if kid.number]
    home = tag.places[0].page if tag.places else -1
    for place in tag.places:
        page = pages[place.page]
        if not isinstance(place, Mark):
            kids.append(f"<</Type/OBJR/Obj {fields[place.which][0]} 0 R/Pg {page} 0 R>>")
        elif place.page == home:
            kids.append(str(place.number))
        else:
            kids.append(f"<</Type/MCR/Pg {page} 0 R/MCID {place.number}>>")
    said = [f"<</Type/StructElem/S/{tag.name}/P {parent} 0 R"]
    if tag.places:
        said.append(f"/Pg {pages[home]} 0 R")
    if tag.attributes:
        said.append(f"/A<<{tag.attributes}>>")
    if kids:
        said.append(f"/K {kids[0]}" if len(kids) == 1 and kids[0].isdigit() else f"/K[{' '.join(kids)}]")
    made = "".join(said).encode()
    if tag.alt:
        made += b"/Alt" + PDFString(tag.alt).format(DummyDoc())
    if tag.actual:
        made += b"/ActualText<FEFF" + tag.actual.encode("utf-16-be", "surrogatepass").hex().upper().encode() + b">"
    return made + b">>"
