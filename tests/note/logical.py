"""Reads a PDF as a screen reader does: along its tree, with the texts that stand for what is drawn."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

_PAIR = re.compile(rb"<([0-9A-F]{2})> <([0-9A-F]*)>")
Texts = dict[tuple[int, int], str]
"""By page (its object number) and mark on it: what is drawn there."""


def logical(pdf: bytes) -> list[str]:
    """What each element of the tree that holds text says, in the order in which they are read."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        texts: Texts = {}
        for page in document.pages:
            texts.update(_marked(page))
        return list(_read(document.Root.StructTreeRoot.K, None, texts))


def _read(element: Any, page: Any, texts: Texts) -> Iterator[str]:
    page = element.get("/Pg", page)
    if "/ActualText" in element:
        yield str(element.ActualText)
        return
    kids = element.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    said = ""
    for kid in kids:
        if isinstance(kid, int):
            said += texts.get((page.objgen[0], kid), "")
        elif "/MCID" in kid:
            said += texts.get((kid.get("/Pg", page).objgen[0], int(kid.MCID)), "")
        elif "/S" in kid:
            yield from _read(kid, page, texts)
    if said:
        yield said


def _marked(page: Any) -> Texts:
    fonts = {name: _letters(font) for name, font in page.Resources.get("/Font", {}).items()}
    found: Texts = {}
    open_: list[int | str | None] = []
    letters: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                letters = fonts[str(operands[0])]
            case "BDC":
                told = operands[1]
                actual = str(told.ActualText) if "/ActualText" in told else None
                open_.append(int(told.MCID) if "/MCID" in told else actual)
                if actual is not None:
                    _add(found, page, open_, actual)
            case "EMC":
                open_.pop()
            case "Tj" if not any(isinstance(each, str) for each in open_):
                _add(found, page, open_, "".join(letters[code] for code in bytes(operands[0])))
            case _:
                pass
    return found


def _add(found: Texts, page: Any, open_: list[int | str | None], words: str) -> None:
    for mark in open_:
        if isinstance(mark, int):
            place = page.objgen[0], mark
            found[place] = found.get(place, "") + words


def _letters(font: Any) -> dict[int, str]:
    if "/ToUnicode" not in font:
        return {}
    table = font.ToUnicode.read_bytes()
    pairs = _PAIR.findall(table[table.index(b"beginbfchar") :])
    return {int(code, 16): bytes.fromhex(word.decode()).decode("utf-16-be", "surrogatepass") for code, word in pairs}
