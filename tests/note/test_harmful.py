"""A file that is cut, spoilt or made to harm: one plain sentence, in bounded time and memory."""

import io
import shutil
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.cli import commands
from kapdesk.clinic import verified as module
from kapdesk.clinic.close import made_anew
from kapdesk.clinic.verified import verify_file
from kapdesk.errors import KnownError
from kapdesk.facts.session import Ended
from kapdesk.note import attached
from kapdesk.note.layout import lay_out
from kapdesk.note.sealed import NoPaper, look_into, signatures
from kapdesk.note.sign import sign
from kapdesk.note.signing import Order, Seal
from tests.desk import Desk
from tests.fakes import Computer
from tests.note.sample import sample
from tests.note.test_sign import THERAPIST

MB = 1 << 20
TWICE = pikepdf.Array([pikepdf.Name.FlateDecode] * 2)


@pytest.fixture(scope="module")
def note(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("harmful") / "clinic"
    shutil.copytree(founded, folder)
    desk = Desk(folder, Computer())
    room = desk.dosed(desk.room())
    desk.kept(room.record(Ended("completed")))
    made = made_anew(desk.clinic, room.id)
    desk.clinic.close()
    return made


@pytest.fixture(scope="module")
def signed() -> bytes:
    from kapdesk.clinic import seal

    made = seal.make("Sample Clinic", 1_790_000_000_000_000)
    return sign(Order(lay_out(sample("signed")), (THERAPIST,), Seal(pem=made.pem, key=made.key)))


def zeros(megabytes: int) -> bytes:
    """So many of them, packed twice."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(MB)) + packer.flush(zlib.Z_FULL_FLUSH)
    check = (megabytes * MB % 65_521) << 16 | 1
    return zlib.compress(b"\x78\xda" + block * megabytes + b"\x03\x00" + check.to_bytes(4, "big"), 9)


def with_record(pdf: bytes, data: bytes, filters: pikepdf.Object = pikepdf.Name.FlateDecode) -> bytes:
    """The PDF with something else packed in the place of its record."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        names = document.Root.Names.EmbeddedFiles.Names
        place = next(n for n in range(0, len(names), 2) if str(names[n]) == attached.NAME)
        names[place + 1].EF.F.write(data, filter=filters)
        out = io.BytesIO()
        document.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    return out.getvalue()


def told(pdf: bytes, tmp_path: Path) -> str:
    path = tmp_path / "some.pdf"
    path.write_bytes(pdf)
    done = CliRunner().invoke(commands, ["verify", str(path)])
    assert done.exit_code == 1
    return str(done.exception) if isinstance(done.exception, KnownError) else done.output


def test_a_small_file_that_unpacks_to_gigabytes_does_not_fill_the_memory(note: bytes, tmp_path: Path) -> None:
    harmful = with_record(note, zeros(6_000), TWICE)
    assert len(harmful) < len(note) + 30_000
    assert "some.pdf could not be taken apart: it takes more time or memory" in told(harmful, tmp_path)


def test_what_takes_too_long_is_given_up(note: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "some.pdf"
    path.write_bytes(note)
    monkeypatch.setattr(module, "_LONGEST_S", 0.01)
    with pytest.raises(KnownError, match="more time or memory"):
        verify_file(path)


@pytest.mark.parametrize(
    "alter",
    [
        lambda record: b"[" * 500_000 + b"]" * 500_000,
        lambda record: record.replace(b'"at_us":', b'"at_us":1' + b"0" * 10_000, 1),
        lambda record: record.replace(b'"at_us":', b'"at_us":1' + b"0" * 18 + b'1,"x":', 1),
        lambda record: record.replace(b"Sample Nurse One", b"\\ud800", 1),
        lambda record: record.replace(b'{"format":1', b'{"format":2', 1),
        lambda record: record.replace(b'{"format":1', b'{"more":1,"format":1', 1),
        lambda record: record.replace(b'{"kind":"patient","id":"', b'{"kind":"patient","id":"no ', 1),
    ],
)
def test_a_record_that_is_none_is_called_so(alter: Callable[[bytes], bytes], note: bytes, tmp_path: Path) -> None:
    record = look_into(note).attached[attached.NAME]
    altered = alter(record)
    assert altered != record
    assert "record.json is not as KapDesk wrote it" in told(with_record(note, zlib.compress(altered)), tmp_path)


def test_a_line_from_a_time_that_no_clock_has_is_in_no_record(note: bytes) -> None:
    record = attached.parse(look_into(note).attached[attached.NAME])
    at = str(record.visit[0].body.at_us).encode()
    with pytest.raises(ValueError, match="<= 9007199254740991"):
        attached.parse(look_into(note).attached[attached.NAME].replace(at, b"253402300800000000"))


@given(
    at=st.integers(0, 10**7),
    more=st.integers(0, 10**7),
    how=st.sampled_from(["cut", "flipped", "cut out", "put in", "word"]),
    put=st.sampled_from([b"/", b"<<", b"obj", b" 0 R", b"[", b"]", b"9", b"-1", b"stream", b"J", b"endobj"]),
)
def test_whatever_was_done_to_a_file_it_is_looked_into_or_refused(
    signed: bytes, at: int, more: int, how: str, put: bytes
) -> None:
    """The places are weighted to where the file says what is where."""
    first = signed.rindex(b"startxref", 0, len(signed) - 100)
    at = first + at % (len(signed) - first) if at % 2 else at % len(signed)
    more %= 400
    spoilt = {
        "cut": signed[:at],
        "flipped": signed[:at] + bytes([signed[at] ^ (1 << more % 8)]) + signed[at + 1 :],
        "cut out": signed[:at] + signed[at + more :],
        "put in": signed[:at] + signed[more : more * 2] + signed[at:],
        "word": signed[:at] + put + signed[at + len(put) :],
    }[how]
    with suppress(NoPaper):
        look_into(spoilt)
        signatures(spoilt)
