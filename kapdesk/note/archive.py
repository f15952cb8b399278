"""The form of a paper that lasts: PDF/A-3a and PDF/UA-1 together, with what is attached, written in one go.

reportlab draws the pages and embeds the fonts. What makes an archive of them is put around here, with reportlab's own
objects: the tree that a screen reader follows, the meaning of the colours, metadata, attachments, fields to sign.
"""

import hashlib
from collections.abc import Sequence
from typing import Any

from reportlab import rl_config
from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFObjectReference,
    PDFStream,
    PDFString,
    PDFZCompress,
    xObjectName,
)
from reportlab.pdfgen.canvas import Canvas

from kapdesk.note import fonts, headings, metadata, srgb, tree
from kapdesk.note.metadata import About
from kapdesk.note.paper import Attachment
from kapdesk.note.tags import Marks, Tag, Widget
from kapdesk.note.written import number_of, written


class ArchiveCanvas(Canvas):  # type: ignore[misc]  # reportlab ships no types
    """A canvas whose file is an archive. Whoever draws on it says by `marks` to which element of `tree` it belongs."""

    def __init__(self, of: About, root: Tag, attachments: Sequence[Attachment], *args: Any, **options: Any) -> None:
        fonts.set_body()
        rl_config.useA85 = 0  # streams as bytes, not as letters: a fifth smaller
        options |= {"initialFontName": fonts.REGULAR, "invariant": 1, "pageCompression": 1}
        super().__init__(*args, **options)
        self.marks = Marks()
        self._of, self._root, self._attachments = of, root, attachments
        self._fields: list[tuple[PDFDictionary, int, Tag]] = []

    def save(self) -> None:
        """Write the file; called by reportlab."""
        if self._code:
            self.showPage()
        document = self._doc
        for font in document.delayedFonts:
            font.addObjects(document)
        pages = document.Pages.pages
        numbers = [number_of(document, page) for page in pages]
        fields = [(number_of(document, widget), tag) for widget, _, tag in self._fields]
        for n, (widget, on, _) in enumerate(self._fields):
            widget["P"], widget["StructParent"] = document.Reference(pages[on]), len(pages) + n
            pages[on].Annots = [*(pages[on].Annots or ()), document.Reference(widget)]
        for n, page in enumerate(pages):
            page.__NoDefault__ = (*page.__NoDefault__, "StructParents", "Tabs")
            page.Trans, page.StructParents, page.Tabs = None, n, "/S"
        self.marks.upto(len(pages))
        info = number_of(document, _texts(metadata.information(self._of)))
        first = document.objectcounter + 1
        packed = tree.objects(self._root, first, self.marks.pages, numbers, fields)
        listed = headings.objects(self.marks.headings, first + len(packed), numbers)
        document.objectcounter += len(packed) + len(listed)
        root = number_of(document, self._catalog(first, first + len(packed) if listed else 0))
        self._filename.write(written(document, root, info, first, [*packed, *listed]))

    def field(self, name: str, words: str, tag: Tag, size: tuple[float, float]) -> None:
        """A field to sign, its lower left corner at the origin; while it is empty, the form of its name is seen."""
        document, page = self._doc, self.getPageNumber() - 1
        left, bottom = self.absolutePosition(0, 0)
        widget = PDFDictionary({
            "Type": "/Annot", "Subtype": "/Widget", "FT": "/Sig", "F": 132,
            "T": PDFString(name), "TU": PDFString(words),
            "Rect": PDFArray([left, bottom, left + size[0], bottom + size[1]]),
            "AP": PDFDictionary({"N": PDFObjectReference(xObjectName(name))}),
        })  # fmt: skip
        document.Reference(widget)
        tag.places.append(Widget(page, len(self._fields)))
        self._fields.append((widget, page, tag))

    def _catalog(self, tree_root: int, listed: int) -> PDFDictionary:
        reference = self._doc.Reference
        catalog = {
            "Type": "/Catalog", "Pages": reference(self._doc.Pages), "Lang": PDFString(self._of.language),
            "StructTreeRoot": f"{tree_root} 0 R", "MarkInfo": PDFDictionary({"Marked": "true"}),
            "ViewerPreferences": PDFDictionary({"DisplayDocTitle": "true"}),
            "Metadata": _stream(metadata.packet(self._of), {"Type": "/Metadata", "Subtype": "/XML"}, packed=False),
            "OutputIntents": PDFArray([_colours()]),
        }  # fmt: skip
        if listed:
            catalog["Outlines"] = f"{listed} 0 R"
        if self._attachments:
            files = {each.name: reference(self._file(each)) for each in self._attachments}
            names = [part for name in sorted(files) for part in (PDFString(name), files[name])]
            catalog["Names"] = PDFDictionary({"EmbeddedFiles": PDFDictionary({"Names": PDFArray(names)})})
            catalog["AF"] = PDFArray(list(files.values()))
        if self._fields:
            fields = PDFArray([reference(widget) for widget, *_ in self._fields])
            catalog["AcroForm"] = reference(PDFDictionary({"Fields": fields, "SigFlags": 1}))
        return PDFDictionary(catalog)

    def _file(self, each: Attachment) -> PDFDictionary:
        data = each.data.encode("utf-8")
        about = {
            "Size": len(data), "CheckSum": f"<{hashlib.md5(data, usedforsecurity=False).hexdigest()}>",
            "ModDate": PDFString(metadata.modified(self._of)),
        }  # fmt: skip
        kind = {"Type": "/EmbeddedFile", "Subtype": "/" + each.mime.replace("/", "#2F"), "Params": PDFDictionary(about)}
        content = self._doc.Reference(_stream(data, kind))
        return PDFDictionary({
            "Type": "/Filespec", "F": PDFString(each.name), "UF": PDFString(each.name),
            "Desc": PDFString(each.description), "AFRelationship": f"/{each.relationship}",
            "EF": PDFDictionary({"F": content, "UF": content}),
        })  # fmt: skip


def _texts(of: dict[str, str]) -> PDFDictionary:
    return PDFDictionary({key: PDFString(words) for key, words in of.items()})


def _stream(content: bytes, about: dict[str, Any], packed: bool = True) -> PDFStream:
    return PDFStream(PDFDictionary(about), content, [PDFZCompress] if packed else None)


def _colours() -> PDFDictionary:
    """What the colours mean on any screen and any paper."""
    return PDFDictionary({
        "Type": "/OutputIntent", "S": "/GTS_PDFA1", "OutputConditionIdentifier": PDFString("sRGB IEC61966-2.1"),
        "Info": PDFString("sRGB IEC61966-2.1"), "DestOutputProfile": _stream(srgb.profile(), {"N": 3}),
    })  # fmt: skip
