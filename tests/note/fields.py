"""A paper with empty signature fields, for as long as nothing else of it matters: two at the foot of its first page."""

import io

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, append_signature_field


def with_fields(pdf: bytes) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for n, left in ((1, 52), (2, 300)):
        spec = SigFieldSpec(f"signature-{n}", on_page=0, box=(left, 60, left + 240, 104), empty_field_appearance=True)
        append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
