"""The clinic's certificate on the clinic's page: renewed, brought along, saved; what waited for it is made."""

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, load_der_private_key
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from kapdesk.clinic import papers, seal
from kapdesk.errors import KnownError
from tests.ui.hand import Hand, words_on
from tests.ui.test_clinic_page import clinic
from tests.ui.test_signing import ended


@pytest.fixture
def admin(hand: Hand) -> Hand:
    hand.day.desk.typing = hand.day.desk.clinic.ring.first
    hand.day.desk.changed.emit()
    return hand


def test_it_is_shown_saved_and_renewed_after_a_question(admin: Hand, tmp_path: Path) -> None:
    hand = admin
    clinic(hand)
    (first,) = hand.day.desk.clinic.state.seals
    assert "CN=Sample Clinic" in words_on(hand)
    assert f"SHA-256 {first.sha256}" in words_on(hand)
    hand.day.clinic.sealing.save(tmp_path / "clinic.pem")
    assert (tmp_path / "clinic.pem").read_text() == first.pem
    hand.press("Make a new certificate")
    hand.press("No new certificate now")
    hand.press("Make a new certificate")
    hand.press("Sign under a new one")
    hand.until(lambda: len(hand.day.desk.clinic.state.seals) == 2)
    hand.until(lambda: "Papers are signed under it from now on" in words_on(hand))
    assert f"SHA-256 {hand.day.desk.clinic.state.seals[1].sha256}" in words_on(hand)


def test_the_clinics_own_is_taken_in_by_its_password(admin: Hand, tmp_path: Path) -> None:
    hand = admin
    clinic(hand)
    made = seal.make("Sample Clinic of its own", hand.day.desk.clinic.clock.now().utc_us)
    key, own = load_der_private_key(made.key, None), x509.load_pem_x509_certificate(made.pem.encode())
    path = tmp_path / "own.p12"
    path.write_bytes(
        serialize_key_and_certificates(b"own", key, own, None, BestAvailableEncryption(b"four quiet words here"))  # type: ignore[arg-type]
    )
    hand.day.clinic.sealing.chosen(path)
    assert "own.p12" in words_on(hand)
    hand.write("Password of that file", "another")
    hand.press("Take it in")
    hand.until(lambda: "its password is another one. Nothing was changed" in words_on(hand))
    hand.write("Password of that file", "four quiet words here")
    hand.press("Take it in")
    hand.until(lambda: "CN=Sample Clinic of its own" in words_on(hand))
    held = seal.held(hand.day.desk.clinic.state, hand.day.desk.clinic.ring)
    assert held is not None
    assert held.key == made.key


def test_an_authority_that_stamps_times_is_off_until_someone_names_one(admin: Hand) -> None:
    hand = admin
    clinic(hand)
    assert hand.day.desk.clinic.state.time_stamps == ""
    field = "Authority that stamps the time, https://…; empty for none"
    hand.write(field, "http://stamps.example")
    hand.press("Keep who stamps the time")
    assert "begins with https://" in words_on(hand)
    hand.day.clinic.page.certificate._url.clear()
    hand.write(field, "https://stamps.example")
    hand.press("Keep who stamps the time")
    hand.until(lambda: hand.day.desk.clinic.state.time_stamps == "https://stamps.example")


def test_what_waited_for_a_new_certificate_is_made_when_there_is_one(
    hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = "The clinic’s certificate ended on 2026-01-01."

    def made(clinic: object, session: object, wanted: papers.Owed, store: object, heard: object) -> bytes:
        if len(hand.day.desk.clinic.state.seals) < 2:
            raise KnownError(sentence)
        return b"%PDF- %%EOF"

    monkeypatch.setattr(papers, "_pressed", made)
    monkeypatch.setattr("kapdesk.clinic.close.signed_paper", lambda clinic, session: None)
    ended(hand)
    hand.sign()
    hand.until(lambda: sentence in words_on(hand))
    assert "Version 1, signed by one, its paper is not made yet" in words_on(hand)
    assert hand.room.session.signed
    session = hand.room.id
    hand.day.desk.typing = hand.day.desk.clinic.ring.first
    hand.day.desk.changed.emit()
    clinic(hand)
    hand.press("Make a new certificate")
    hand.press("Sign under a new one")
    hand.until(lambda: papers.newest(hand.day.desk.clinic.session(session)))
