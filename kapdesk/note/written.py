"""Writes the objects of a PDF file, those of its tree packed into streams, and the table of where each one lies."""

import hashlib
import struct
import zlib
from collections.abc import Sequence
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFDocument, PDFIndirectObject

_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_STREAM_ENDS = b"endstream\nendobj\n"
_IN_ONE = 500
"""Objects in one stream: a reader has to open one for each object it wants."""


def written(document: PDFDocument, root: int, info: int, first: int, packed: Sequence[bytes]) -> bytes:
    """The file. `packed` are the objects from the number `first` on; all others are those reportlab has registered."""
    parts, at = [_HEAD], len(_HEAD)
    places: dict[int, tuple[int, int, int]] = {0: (0, 0, 65535)}

    def add(number: int, content: bytes) -> None:
        nonlocal at
        parts.append(content)
        places[number] = (1, at, 0)
        at += len(content)

    number = 0
    while (number := number + 1) <= document.objectcounter:  # formatting one may ask for more
        if first <= number < first + len(packed):
            continue
        name = document.numberToId[number]
        content = PDFIndirectObject(name, document.idToObject[name]).format(document)
        if content.endswith(_STREAM_ENDS):  # PDF/A wants a line end before it, which reportlab leaves out
            content = content[: -len(_STREAM_ENDS)] + b"\n" + _STREAM_ENDS
        add(number, content)
    for start in range(0, len(packed), _IN_ONE):
        together = packed[start : start + _IN_ONE]
        for index in range(len(together)):
            places[first + start + index] = (2, number, index)
        add(number, _object_stream(number, first + start, together))
        number += 1
    digest = hashlib.sha256(b"".join(parts)).hexdigest()[:32]
    places[number] = (1, at, 0)
    table = zlib.compress(b"".join(struct.pack(">BIH", *places[n]) for n in range(number + 1)))
    trailer = (
        f"{number} 0 obj\n<</Type/XRef/Size {number + 1}/W[1 4 2]/Root {root} 0 R/Info {info} 0 R"
        f"/ID[<{digest}><{digest}>]/Filter/FlateDecode/Length {len(table)}>>\nstream\n"
    )
    return b"".join([*parts, trailer.encode(), table, f"\n{_STREAM_ENDS.decode()}startxref\n{at}\n%%EOF\n".encode()])


def _object_stream(number: int, first: int, objects: Sequence[bytes]) -> bytes:
    heads, at = [], 0
    for index, each in enumerate(objects):
        heads.append(f"{first + index} {at}")
        at += len(each) + 1
    head = " ".join(heads).encode() + b"\n"
    content = zlib.compress(head + b"\n".join(objects))
    about = f"/Type/ObjStm/N {len(objects)}/First {len(head)}/Filter/FlateDecode/Length {len(content)}"
    return b"".join([f"{number} 0 obj\n<<{about}>>\nstream\n".encode(), content, b"\n", _STREAM_ENDS])


def number_of(document: PDFDocument, part: Any) -> int:
    """The number under which reportlab has registered an object, or registers it now."""
    return int(document.idToObjectNumberAndVersion[document.Reference(part).name][0])
