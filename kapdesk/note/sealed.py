"""Looks into a finished PDF: what is attached, its revisions, and whether its signatures hold."""

import io
import zlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec


class Signature(msgspec.Struct, frozen=True):
    """A signature inside a PDF: the field's name, who signed, what they say, and when, as the file says.

    `certificate` (DER) is what it was made with, `flaw` what is wrong with it ("" where it holds), `in_time` whether
    the certificate held at that time.
    """

    field: str
    name: str
    reason: str
    at: datetime | None
    certificate: bytes
    flaw: str = ""
    in_time: bool = True


class Opened(msgspec.Struct, frozen=True):
    """A PDF as it was found: attachments by name, the text of each page."""

    attached: dict[str, bytes]
    pages: tuple[str, ...]


class NoPaper(ValueError):
    """It is no PDF that can be read, in plain words why."""


def look_into(pdf: bytes) -> Opened:
    """Open a PDF. Raises NoPaper."""
    import pypdfium2

    if not pdf.startswith(b"%PDF-"):
        raise NoPaper("it is not a PDF")
    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise NoPaper("it wants a password" if locked else "it is damaged and does not open") from error
    try:
        attached: dict[str, bytes] = {}
        for n in range(document.count_attachments()):
            each = document.get_attachment(n)
            name = each.get_name()
            if name in attached:
                raise NoPaper(f"{name} is attached to it twice")
            attached[name] = bytes(each.get_data())
        pages = []
        for page in document:
            text = page.get_textpage()
            pages.append(text.get_text_range())
            text.close()
            page.close()
    except pypdfium2.PdfiumError as error:
        raise NoPaper("it is damaged: not all of it can be read") from error
    finally:
        document.close()
    return Opened(attached, tuple(pages))


def signatures(pdf: bytes) -> tuple[int, list[Signature]]:
    """How many revisions a PDF has, and its signatures, the first first. Raises NoPaper where it cannot be taken
    apart."""
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation.errors import SignatureValidationError

    broken = (
        *(PdfError, SignatureValidationError, ValueError, TypeError, LookupError, AttributeError, RecursionError),
        *(AssertionError, NotImplementedError),  # of a table of its objects that goes back, of a filter of no name
    )
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        found = list(reader.embedded_signatures)
        made = [_signature(pdf, reader, each, each is found[-1]) for each in found]
        return reader.xrefs.total_revisions, made
    except (*broken, zlib.error) as error:
        raise NoPaper("it is damaged: its signatures cannot be taken apart") from error


def _signature(pdf: bytes, reader: Any, embedded: Any, last: bool) -> Signature:
    said = embedded.sig_object
    certificate, at = embedded.signer_cert, embedded.self_reported_timestamp
    return Signature(
        str(embedded.field_name),
        str(said.get("/Name", "")),
        str(said.get("/Reason", "")),
        at,
        certificate.dump() if certificate is not None else b"",
        next(_flaws(pdf, reader, embedded, last), ""),
        certificate is None or at is None or certificate.not_valid_before <= at <= certificate.not_valid_after,
    )


def _flaws(pdf: bytes, reader: Any, embedded: Any, last: bool) -> Iterator[str]:
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    # Whose certificate it is, is asked by the caller; here it only has to be the one that signed.
    context = ValidationContext(
        trust_roots=[embedded.signer_cert], allow_fetching=False, moment=embedded.self_reported_timestamp
    )
    status = validate_pdf_signature(embedded, context, skip_diff=True)
    if not (status.intact and status.valid):
        yield "what it was made over is not what stands in the file: the file was altered after it was signed"
    if not _plain(pdf, embedded):
        yield "its own bytes were altered"
    if last and status.coverage != SignatureCoverageLevel.ENTIRE_FILE:
        yield "something was added to the file after it was signed"
    if not last and status.coverage != SignatureCoverageLevel.ENTIRE_REVISION:
        yield "it covers only a part of what it signs"
    if other := _changed_beside(reader, embedded):
        yield f"with it {other} was changed, which no signature does"


def _changed_beside(reader: Any, embedded: Any) -> str:
    """What a signature's revision changes of what was there but its own field and what the file says of itself.

    pyHanko's own look at differences does not know that a field stands in the tree for screen readers as well.
    """
    number = embedded.signed_revision
    if number < 1:
        return "everything"
    before, then = reader.get_historical_resolver(number - 1), reader.get_historical_resolver(number)
    root = before.trailer_view.raw_get("/Root")
    info = before.trailer_view.raw_get("/Info") if "/Info" in before.trailer_view else None
    allowed = {
        embedded.sig_field.container_ref: {"/V", "/AP"},
        root.reference: {"/Extensions"},
        before.root.raw_get("/AcroForm").reference: {"/SigFlags"},
    }
    if info is not None:
        allowed[info.reference] = {"/ModDate", "/Producer"}
    about = before.root.raw_get("/Metadata").reference
    if any(_raw(before.trailer_view, key) != _raw(then.trailer_view, key) for key in ("/Root", "/Info", "/Encrypt")):
        return "where the file begins"
    new = int(before.trailer_view["/Size"])
    for each in reader.xrefs.explicit_refs_in_revision(number):
        if each == about or (each.idnum >= new and each.generation == 0):
            continue
        # What is asked for under another generation, or freed, readers take in different ways: neither is done.
        if each not in allowed:
            return f"object {each.idnum} of the file"
        was, now = before.get_object(each), then.get_object(each)
        if type(was) is not type(now) or any(_raw(was, key) != _raw(now, key) for key in {*was, *now} - allowed[each]):
            return f"object {each.idnum} of the file"
    return ""


def _raw(of: Any, key: str) -> str:
    return repr(of.raw_get(key)) if key in of else ""


def _plain(pdf: bytes, embedded: Any) -> bool:
    """Whether a signature's place in the file holds it and nothing else: upper hex, then zeros."""
    start, first, then, _ = (int(each) for each in embedded.byte_range)
    content = embedded.pkcs7_content
    if start or pdf[first:then] != b"<" + content.hex().upper().encode() + b">" or set(_beyond(content)) - {0}:
        return False
    signed, by = embedded.signed_data, embedded.signer_info
    hashed = [each["algorithm"].native for each in signed["digest_algorithms"]]
    return hashed == ["sha256"] and (signed["version"].native, by["version"].native) == ("v1", "v1")


def _beyond(der: bytes) -> bytes:
    """What comes after the one DER value at the beginning."""
    if len(der) < 2:
        return b"\x01"
    if der[1] < 0x80:
        return der[2 + der[1] :]
    count = der[1] & 0x7F
    return der[2 + count + int.from_bytes(der[2 : 2 + count], "big") :]
