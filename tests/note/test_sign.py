"""Signatures on paper: one more revision each, in our own typeface, and every other reader agrees."""

import io
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from asn1crypto.keys import PrivateKeyInfo
from asn1crypto.pem import unarmor
from asn1crypto.tsp import TimeStampReq
from asn1crypto.x509 import Certificate
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper

from kapdesk.clinic import seal
from kapdesk.errors import KnownError
from kapdesk.note.content import note_of
from kapdesk.note.layout import lay_out
from kapdesk.note.press import press_signed
from kapdesk.note.sealed import signatures
from kapdesk.note.sign import NoField, sign
from kapdesk.note.signed import marks_of
from kapdesk.note.signing import Mark, Order, Seal
from kapdesk.note.telling import Telling
from tests.exchange.played import PROTOCOLS, played
from tests.note.sample import sample
from tests.note.vera import failures

THERAPIST = Mark(
    field="signature-1",
    name="Sample Therapist One",
    credential="PhD",
    role="Therapist",
    meaning="I conducted this session, and this note is complete.",
    signed="2026-11-19 14:10 +01:00",
)
PRESCRIBER = Mark(
    field="signature-2",
    name="محمد الطبيب",
    role="Prescriber",
    meaning="I have read this note and agree with it.",
    signed="2026-11-19 15:02 +01:00",
)


@pytest.fixture(scope="module")
def made() -> seal.Made:
    return seal.make("Sample Clinic", time.time_ns() // 1000)


@pytest.fixture(scope="module")
def clinics(made: seal.Made) -> Seal:
    return Seal(pem=made.pem, key=made.key)


@pytest.fixture(scope="module")
def unsigned() -> bytes:
    return lay_out(sample("signed"))


@pytest.fixture(scope="module")
def once(unsigned: bytes, clinics: Seal) -> bytes:
    """Signed in the child process, as KapDesk does it."""
    return press_signed(Order(unsigned, (THERAPIST,), clinics))


@pytest.fixture(scope="module")
def twice(once: bytes, clinics: Seal) -> bytes:
    return sign(Order(once, (PRESCRIBER,), clinics))


@pytest.fixture(scope="module")
def trusted(made: seal.Made, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store of another program's in which the clinic's certificate is trusted."""
    place = tmp_path_factory.mktemp("nss")
    (place / "clinic.pem").write_text(made.pem)
    where = f"sql:{place}"
    asked(["certutil", "-N", "-d", where, "--empty-password"])
    asked(["certutil", "-A", "-d", where, "-n", "clinic", "-t", "CT,C,C", "-i", str(place / "clinic.pem")])
    return where


def asked(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def seen_by_poppler(pdf: bytes, where: str, tmp_path: Path) -> str:
    path = tmp_path / "signed.pdf"
    path.write_bytes(pdf)
    return asked(["pdfsig", "-nssdir", where, str(path)])


def test_each_signature_is_appended_and_what_was_there_stays_byte_for_byte(
    unsigned: bytes, once: bytes, twice: bytes
) -> None:
    assert once.startswith(unsigned)
    assert twice.startswith(once)
    assert len(unsigned) < len(once) < len(twice) < len(unsigned) + 140_000


@pytest.mark.parametrize("standard", ["3a", "ua1"])
def test_both_standards_hold_after_one_signature_and_after_two(
    once: bytes, twice: bytes, standard: Literal["3a", "ua1"]
) -> None:
    assert failures(once, standard) + failures(twice, standard) == []


def test_poppler_finds_both_signatures_valid_and_trusted(twice: bytes, trusted: str, tmp_path: Path) -> None:
    told = seen_by_poppler(twice, trusted, tmp_path)
    assert told.count("Signature is Valid.") == 2
    assert told.count("Certificate is Trusted.") == 2
    assert told.count("ETSI.CAdES.detached") == 2
    assert told.count("Signer Certificate Common Name: Sample Clinic") == 2
    assert told.count("\n  - Total document signed") == 1


def test_poppler_names_a_flipped_byte(twice: bytes, unsigned: bytes, trusted: str, tmp_path: Path) -> None:
    spoiled = bytearray(twice)
    spoiled[len(unsigned) // 2] ^= 1
    assert "Signature is Valid." not in seen_by_poppler(bytes(spoiled), trusted, tmp_path)


def test_name_meaning_and_time_are_seen_and_read_as_text_in_any_script(twice: bytes, tmp_path: Path) -> None:
    path = tmp_path / "signed.pdf"
    path.write_bytes(twice)
    text = asked(["pdftotext", "-raw", "-l", "1", str(path), "-"])
    for mark in (THERAPIST, PRESCRIBER):
        assert {word for word in f"{mark.meaning} {mark.signed}".split() if word not in text} == set()
    assert "Sample Therapist One, PhD" in text
    fonts = asked(["pdffonts", "-l", "1", str(path)])
    assert "Helvetica" not in fonts
    assert all(line.split()[-5] == "yes" for line in fonts.splitlines()[2:]), "every font is embedded"


def test_name_and_meaning_stand_in_the_signature_itself(once: bytes) -> None:
    (signature,) = PdfFileReader(io.BytesIO(once)).embedded_signatures
    said = signature.sig_object
    assert (said["/Name"], said["/Reason"]) == (THERAPIST.name, THERAPIST.meaning)


def test_what_does_not_fit_its_field_is_set_smaller_and_not_cut(unsigned: bytes, clinics: Seal, tmp_path: Path) -> None:
    long = msgspec.structs.replace(THERAPIST, name="Sample " + "Longname " * 12, meaning="It is complete. " * 14)
    path = tmp_path / "long.pdf"
    path.write_bytes(sign(Order(unsigned, (long,), clinics)))
    text = " ".join(asked(["pdftotext", "-raw", "-l", "1", str(path), "-"]).split())
    assert text.count("Longname") == 12
    assert text.count("It is complete.") == 14


def test_a_field_that_is_signed_or_not_there_is_never_signed_again(once: bytes, clinics: Seal) -> None:
    for field in ("signature-1", "signature-9"):
        mark = msgspec.structs.replace(PRESCRIBER, field=field)
        with pytest.raises(NoField):
            sign(Order(once, (mark,), clinics))
        with pytest.raises(KnownError, match=r"could not be made\. Your record is safe"):
            press_signed(Order(once, (mark,), clinics))


def test_with_time_stamps_off_no_network_library_is_even_loaded(unsigned: bytes, clinics: Seal) -> None:
    said = (
        "import sys, msgspec\n"
        "from kapdesk.note.sign import sign\n"
        "from kapdesk.note.signing import Order\n"
        "sign(msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order))\n"
        "print(sorted(name for name in sys.modules if name.startswith(('aiohttp.', 'requests', 'urllib3'))))\n"
    )
    order = msgspec.msgpack.encode(Order(unsigned, (THERAPIST,), clinics))
    told = subprocess.run([sys.executable, "-c", said], input=order, capture_output=True, check=True)
    assert told.stdout.strip() == b"[]"


class Authority:
    """One that stamps times, on this computer; counts what it was asked."""

    def __init__(self, made: seal.Made) -> None:
        self.asked = 0
        own = Certificate.load(next(unarmor(made.pem.encode(), multiple=True))[2])
        stamper = DummyTimeStamper(own, PrivateKeyInfo.load(made.key))
        authority = self

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                authority.asked += 1
                asked = TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
                answer = stamper.request_tsa_response(asked).dump()
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Answers)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def test_where_the_clinic_names_an_authority_it_stamps_the_time_and_where_it_is_silent_the_paper_waits(
    unsigned: bytes, clinics: Seal, made: seal.Made
) -> None:
    authority = Authority(made)
    stamped = msgspec.structs.replace(clinics, time_stamps=authority.url)
    pdf = press_signed(Order(unsigned, (THERAPIST,), stamped))
    authority.server.shutdown()
    authority.server.server_close()
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    unsigned_attributes = signature.signer_info["unsigned_attrs"].native
    assert [each["type"] for each in unsigned_attributes] == ["signature_time_stamp_token"]
    assert authority.asked >= 1
    with pytest.raises(KnownError, match=r"stamps the time of signed papers did not answer\. The record is"):
        press_signed(Order(unsigned, (THERAPIST,), stamped))


def test_the_key_is_shown_by_no_trace(clinics: Seal) -> None:
    assert clinics.key.hex() not in repr(clinics)
    assert "PrivateKey" not in repr(Order(b"", (), clinics))
    assert repr(clinics.key)[:20] not in repr(Order(b"", (), clinics))


@pytest.mark.deep
@pytest.mark.parametrize("file", PROTOCOLS)
def test_the_note_of_every_shipped_protocol_keeps_both_standards_unsigned_signed_and_countersigned(
    file: str, clinics: Seal, trusted: str, tmp_path: Path
) -> None:
    visit = played(file)
    note = note_of(visit.session, visit.patient, visit.clinic, id_=visit.id)
    first = lay_out(note)
    once = sign(Order(first, (marks_of(Telling(visit.session, visit.clinic))[0],), clinics))
    free = ({"signature-1", "signature-2"} - {marks_of(Telling(visit.session, visit.clinic))[0].field}).pop()
    twice = sign(Order(once, (msgspec.structs.replace(PRESCRIBER, field=free),), clinics))
    for pdf in (first, once, twice):
        assert failures(pdf, "3a") + failures(pdf, "ua1") == []
    told = seen_by_poppler(twice, trusted, tmp_path)
    assert (told.count("Signature is Valid."), told.count("Certificate is Trusted.")) == (2, 2)


@pytest.mark.parametrize(
    ("clinic", "named"),
    [
        ("Sample Clinic / عيادة „Łąka”", "Sample Clinic / „Łąka”"),
        ("עיאדה 12", "עיאדה"),
        ("Sample 🪷 Clinic", "Sample Clinic"),
    ],
)
def test_a_signature_holds_whatever_the_clinic_is_called(unsigned: bytes, clinic: str, named: str) -> None:
    """X.500 compares no name in both directions, and a signature under such a name is taken for a damaged one."""
    made = seal.make(clinic, time.time_ns() // 1000)
    _, (found,) = signatures(sign(Order(unsigned, (THERAPIST,), Seal(pem=made.pem, key=made.key))))
    assert found.flaw == ""
    assert seal.read(made.pem).whose.startswith(f"CN={named},")
