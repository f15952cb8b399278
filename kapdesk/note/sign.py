"""Signs a paper in the clinic's name: PAdES in a field that waits for it, as one more revision of the same file.

Runs in the press's child process, which is given the key over its stdin and keeps it nowhere. Everything of the paper
before a signature stays byte for byte: the new revision is appended.
"""

import io
import sys
import types
from functools import cache
from typing import Any

from kapdesk.note import fonts
from kapdesk.note.script import Ink
from kapdesk.note.setting import Prose, Style, draw_line
from kapdesk.note.signing import Mark, Order, Seal
from kapdesk.note.styles import INK, MUTE, TEAL, Case

_PLAIN_BYTES, _STAMPED_BYTES = 6_144, 24_576
"""Room for a signature in the file, without and with a time stamp; the certificates come on top of it."""

_SIZE, _SMALLEST = 8.4, 3.5
"""Points: the type size of a signature's lines, and where they stop shrinking to fit the field."""


class NoField(ValueError):
    """The paper has no such field, or it is signed already."""


def sign(order: Order) -> bytes:
    """The paper with all its marks, one revision each; each earlier revision is a prefix of what is given back.

    Raises NoField where a mark's field is not there or is signed. Touches the network only for time stamps.
    """
    if not order.seal.time_stamps:
        _leave_the_network_out()
    pdf = order.pdf
    for mark in order.marks:
        pdf = _signed(pdf, mark, order.seal)
    return pdf


def _leave_the_network_out() -> None:
    """pyHanko imports an HTTP client for time stamps: 0.15 s, and nothing of it is wanted where nobody stamps any."""
    if "pyhanko" not in sys.modules:
        sys.modules.setdefault("aiohttp", _Absent("aiohttp"))


class _Absent(types.ModuleType):
    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def _signed(pdf: bytes, mark: Mark, seal: Seal) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigSeedSubFilter, enumerate_sig_fields
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    fields = {name: field for name, _, field in enumerate_sig_fields(writer.prev, filled_status=False)}
    if mark.field not in fields:
        raise NoField(f"there is no unsigned field {mark.field} on this paper")
    said = PdfSignatureMetadata(
        field_name=mark.field,
        md_algorithm="sha256",
        name=mark.name,
        reason=mark.meaning,
        subfilter=SigSeedSubFilter.PADES,
    )
    stamper = None
    if seal.time_stamps:
        from pyhanko.sign.timestamps import HTTPTimeStamper

        stamper = HTTPTimeStamper(seal.time_stamps, timeout=20)
    signer = PdfSigner(said, _signer(seal.pem, seal.key), timestamper=stamper, stamp_style=_style(mark))
    room = (_STAMPED_BYTES if seal.time_stamps else _PLAIN_BYTES) + 2 * len(seal.pem)
    out = io.BytesIO()
    signer.sign_pdf(writer, existing_fields_only=True, bytes_reserved=room, output=out)
    made = out.getvalue()
    if not made.startswith(pdf):
        raise ValueError("the revision before was not kept as it was")
    return made


@cache
def _signer(pem: str, key: bytes) -> Any:
    """The key was looked at when it came to the clinic: OpenSSL's own examination (0.15 s) is not asked again."""
    from asn1crypto.pem import unarmor
    from asn1crypto.x509 import Certificate
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_der_private_key
    from pyhanko.sign.signers import Signer
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    private = load_der_private_key(key, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(private, RSAPrivateKey)
    rsa: RSAPrivateKey = private

    class Own(Signer):
        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            return rsa.sign(data, PKCS1v15(), SHA256())

    own, *above = (Certificate.load(der) for _, _, der in unarmor(pem.encode("ascii"), multiple=True))
    store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(above)
    return Own(signing_cert=own, cert_registry=store)


def _style(mark: Mark) -> Any:
    """How the signature looks: our own page, laid into the field as it is."""
    from pyhanko.pdf_utils.content import AnnotAppearances
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.stamp import BaseStampStyle

    class Look:
        def __init__(self, writer: Any, box: Any) -> None:
            self._writer, self._box = writer, box

        def apply_appearance(self, annotation: Any) -> None:
            page = PdfFileReader(io.BytesIO(appearance(mark, float(self._box.width), float(self._box.height))))
            form = self._writer.import_page_as_xobject(page)
            annotation["/AP"] = AnnotAppearances(normal=form).as_pdf_object()

    class Own(BaseStampStyle):
        def create_stamp(self, writer: Any, box: Any, text_params: Any) -> Any:
            return Look(writer, box)

    return Own()


def appearance(mark: Mark, width: float, height: float) -> bytes:
    """A signature as it is seen, a page of the field's size (points) in the paper's own typeface."""
    from reportlab import rl_config
    from reportlab.pdfgen.canvas import Canvas

    fonts.set_body()
    rl_config.useA85 = 0
    file, case = io.BytesIO(), Case()
    canvas = Canvas(
        file, pagesize=(width, height), pageCompression=1, invariant=1, initialFontName=fonts.REGULAR, lang="en"
    )
    size, said = _SIZE, _said(mark, case, _SIZE)
    while sum(_tall(prose, width) for prose in said) > height and size > _SMALLEST:
        size -= 0.2
        said = _said(mark, case, size)
    y = height
    for prose in said:
        for line in prose.lines(width):
            y -= prose.style.leading
            draw_line(canvas, 0, y + prose.style.leading * 0.28, line, prose.style.size, width)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _said(mark: Mark, case: Case, size: float) -> list[Prose]:
    large, small = Style(size, size * 1.24), Style(size * 0.88, size * 1.1)
    licence = f"licence no. {mark.licence}" if mark.licence else ""
    name = ", ".join(part for part in (mark.name, mark.credential, licence) if part)
    who = [(name, Ink(fonts.SEMIBOLD, INK)), (f"   {mark.role}" if mark.role else "", Ink(colour=MUTE))]
    when = [("Signed ", Ink(fonts.SEMIBOLD, TEAL)), (mark.signed, Ink(colour=INK))]
    lines = [case.say(who, large), case.say(mark.meaning, small, Ink(colour=INK))]
    return [*lines, case.say(when, large)] if mark.signed else lines


def _tall(prose: Prose, width: float) -> float:
    return len(prose.lines(width)) * prose.style.leading
