"""The clinic's certificate: made at founding, handed on with the keys, brought along, and over one day."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    load_der_private_key,
)
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import NameOID

from kapdesk.access import file, keys
from kapdesk.access.accounts import NewPassword
from kapdesk.access.ring import PAPERS, SEAL
from kapdesk.clinic import doctor, founding, keyring, seal
from kapdesk.errors import KnownError
from kapdesk.facts.people import ITSELF
from tests.desk import Desk
from tests.keys import FIRST, NAME, PASSWORD

NURSE, WORDS = "Sample Nurse Two", "seven slow herons by the mill"
NOW_US = 1_764_000_000_000_000
YEAR_US = 366 * 86_400_000_000


@pytest.fixture(scope="module")
def made() -> seal.Made:
    return seal.make("Sample Clinic", NOW_US)


def packed(made: seal.Made, password: bytes) -> bytes:
    """A PKCS#12 file as a certificate's issuer sends it."""
    key = load_der_private_key(made.key, None)
    certificate = x509.load_pem_x509_certificate(made.pem.encode())
    return serialize_key_and_certificates(b"clinic", key, certificate, None, BestAvailableEncryption(password))  # type: ignore[arg-type]


def test_a_clinic_is_founded_with_a_certificate_that_its_people_hold_the_key_of(desk: Desk) -> None:
    (fact,) = desk.clinic.state.seals
    held = seal.held(desk.clinic.state, desk.clinic.ring)
    assert held is not None
    assert held.fact == fact
    certificate = x509.load_pem_x509_certificate(fact.pem.encode())
    private = load_der_private_key(held.key, None)
    assert private.public_key() == certificate.public_key()
    assert private.key_size == seal.BITS  # type: ignore[union-attr]
    assert "Sample Clinic" in seal.read(fact.pem).whose
    assert held.key.hex() not in repr(held)


def test_who_comes_gets_the_keys_of_the_papers_and_who_leaves_loses_them(desk: Desk) -> None:
    ring = desk.clinic.ring
    nurse = desk.person(NURSE).by
    ring.add_person(nurse, NURSE, NewPassword(WORDS))
    names = {PAPERS, f"{SEAL}{desk.clinic.state.seals[0].sha256}"}
    theirs = keyring.sign_in(desk.folder, NURSE, WORDS)
    assert {name: theirs.shared(name) for name in names} == {name: ring.shared(name) for name in names}
    assert None not in {theirs.shared(name) for name in names}
    before = ring.papers_key()
    ring.remove_person(nurse)
    left = file.read(desk.folder)
    assert left is not None
    assert all(nurse not in left.secrets[name].seals for name in names)
    assert ring.papers_key() == before, "the papers' key does not change when the record's does"


def test_the_recovery_code_opens_the_papers_keys_too(tmp_path: Path) -> None:
    ring, code = founding.found(tmp_path / "c", "Sample Clinic", "Europe/Warsaw", "a4", FIRST)
    opened = keys.recover(file.read(tmp_path / "c"), code)  # type: ignore[arg-type]
    assert opened.secrets[PAPERS] == ring.papers_key()
    assert len([name for name in opened.secrets if name.startswith(SEAL)]) == 1


def test_a_clinic_from_before_gets_its_certificate_and_keys_at_first_need(desk: Desk, made: seal.Made) -> None:
    desk.kept(seal.take(desk.clinic, made, ITSELF))
    held = seal.held(desk.clinic.state, desk.clinic.ring)
    assert held is not None
    assert held.sha256 == made.sha256
    again = keyring.sign_in(desk.folder, NAME, PASSWORD)
    assert again.shared(made.name) == made.key


def test_the_clinics_own_certificate_is_taken_from_a_file_with_its_password(made: seal.Made) -> None:
    own = seal.own(packed(made, b"a password of its own"), "a password of its own", NOW_US)
    assert (own.pem, own.sha256) == (made.pem, made.sha256)
    assert load_der_private_key(own.key, None).private_numbers() == (  # type: ignore[union-attr]
        load_der_private_key(made.key, None).private_numbers()  # type: ignore[union-attr]
    )


def test_a_file_that_cannot_seal_papers_is_refused_in_one_sentence(made: seal.Made) -> None:
    content = packed(made, b"right")
    with pytest.raises(KnownError, match=r"password is another one\. Nothing was changed"):
        seal.own(content, "wrong", NOW_US)
    with pytest.raises(KnownError, match="no PKCS#12 file"):
        seal.own(b"not at all", "right", NOW_US)
    with pytest.raises(KnownError, match="ended on"):
        seal.own(content, "right", NOW_US + 11 * YEAR_US)
    curve = ec.generate_private_key(ec.SECP256R1())
    bare = serialize_key_and_certificates(b"x", curve, None, None, BestAvailableEncryption(b"right"))
    with pytest.raises(KnownError, match="lacks a certificate"):
        seal.own(bare, "right", NOW_US)


def odd(key: rsa.RSAPrivateKey) -> x509.Certificate:
    """A certificate as one was made before names were looked at: its own is in both directions."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sample Clinic עיאדה")])
    begun = datetime.fromtimestamp(NOW_US / 1e6, UTC)
    building = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    building = building.serial_number(5).not_valid_before(begun).not_valid_after(begun + timedelta(days=3_650))
    return building.sign(key, SHA256())


def test_a_clinic_that_has_one_already_is_told_wherever_it_looks_until_there_is_a_new_one(desk: Desk) -> None:
    clinic, now_us = desk.clinic, desk.clinic.clock.now().utc_us
    key = rsa.generate_private_key(public_exponent=65537, key_size=seal.FEWEST_BITS)
    desk.kept(seal.take(clinic, seal._made([odd(key)], key), ITSELF))
    said = seal.warning(clinic.state, clinic.ring, now_us)
    assert said.startswith("The clinic’s certificate: a paper signed under it reads as altered though it is not")
    assert said.endswith("Make a new one (The clinic, Certificate).")
    found = doctor._certificate(clinic.ring, list(clinic.state.seals))
    assert (found.well, found.words.endswith("kapdesk certificate --new")) == ("no", True)
    desk.kept(seal.take(clinic, seal.make("Sample Clinic עיאדה", now_us), ITSELF))
    assert seal.warning(clinic.state, clinic.ring, now_us) == ""


def test_one_whose_name_no_signature_can_be_verified_under_is_not_taken_in() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=seal.FEWEST_BITS)
    content = serialize_key_and_certificates(b"x", key, odd(key), None, BestAvailableEncryption(b"right"))
    with pytest.raises(KnownError, match=r"could be verified\. Nothing was changed; ask for one under a plainer name"):
        seal.own(content, "right", NOW_US)


def test_after_its_end_nothing_is_signed_and_the_sentence_says_what_to_do(desk: Desk) -> None:
    now_us = desk.clinic.clock.now().utc_us
    known = seal.read(desk.clinic.state.seals[0].pem)
    assert known.until - known.since > timedelta(days=365 * 9)
    end_us = int(known.until.timestamp()) * 1_000_000
    assert seal.usable(desk.clinic.state, desk.clinic.ring, now_us).sha256 == known.sha256
    assert known.soon_over(end_us - YEAR_US // 12)
    assert not known.soon_over(end_us - YEAR_US)
    with pytest.raises(seal.Expired, match="locked as it is; the signed paper waits until there is a new certificate"):
        seal.usable(desk.clinic.state, desk.clinic.ring, end_us)
    assert datetime.fromtimestamp(end_us / 1e6, UTC) == known.until


def test_another_certificate_text_or_address_is_not_recorded(desk: Desk, made: seal.Made) -> None:
    other = seal.SealMade(made.pem, "0" * 64)
    with pytest.raises(KnownError, match="digest is not the one in its text"):
        desk.clinic.recorder.record(other, ITSELF)
    with pytest.raises(KnownError, match="no certificate that can be read"):
        desk.clinic.recorder.record(seal.SealMade("nothing", "0" * 64), ITSELF)
    with pytest.raises(KnownError, match="begins with https"):
        desk.clinic.recorder.record(seal.TimeStampsSet("http://stamps.example"), ITSELF)
    assert desk.clinic.state.time_stamps == ""


def test_only_who_runs_the_clinic_changes_it(desk: Desk, made: seal.Made) -> None:
    nurse = desk.person(NURSE)
    with pytest.raises(KnownError, match="may not change the clinic's settings"):
        seal.take(desk.clinic, made, nurse)
    with pytest.raises(KnownError, match="may not change the clinic's settings"):
        seal.stamp_times(desk.clinic, "https://stamps.example", nurse)
    assert desk.clinic.ring.shared(made.name) is None


def test_keys_that_come_at_once_from_several_threads_are_all_kept(desk: Desk) -> None:
    names = [f"{SEAL}{n:064x}" for n in range(12)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda name: desk.clinic.ring.keep(name, name.encode()), names))
    again = file.read(desk.folder)
    assert again is not None
    assert set(names) <= set(again.secrets)
    assert [desk.clinic.ring.shared(name) for name in names] == [name.encode() for name in names]


def test_a_ring_that_was_copied_carries_them_along(desk: Desk, tmp_path: Path) -> None:
    shutil.copy(desk.folder / file.FILE, tmp_path / file.FILE)
    opened = keyring.sign_in(tmp_path, NAME, PASSWORD)
    assert opened.papers_key() == desk.clinic.ring.papers_key()
