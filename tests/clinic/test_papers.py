"""Signing on record and on paper: the paper follows the record, whatever happens in between."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from kapdesk.access.accounts import NewPassword
from kapdesk.clinic import close, papers, seal, signing
from kapdesk.clinic.moving import move
from kapdesk.clinic.presence import Presence
from kapdesk.clinic.room import Room
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import SignInFailed
from kapdesk.facts.papers import Countersigned, PaperKept
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.facts.session import AddendumWritten, Ended, Locked
from kapdesk.session.papers import versions
from kapdesk.store import papers as store
from tests.desk import Desk

WORDS = "seven slow herons by the mill"
AGREED = "I have read this note and agree with it."


class Made:
    """What a paper looks like where only the keeping matters: says what it is of, and grows by revisions."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, str]] = []
        self.refuses: KnownError | None = None

    def __call__(self, clinic: object, session: UUID, wanted: papers.Owed, kept: store.Papers, heard: object) -> bytes:
        self.asked.append((wanted.version, wanted.what))
        if self.refuses:
            raise self.refuses
        if wanted.what == "countersigned":
            return kept.take_out(wanted.replaces).pdf + b"countersigned"
        return f"%PDF {session} {wanted.version} {len(self.asked)}".encode()


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    stand_in = Made()
    monkeypatch.setattr(papers, "_pressed", stand_in)
    return stand_in


def people(desk: Desk) -> tuple[Actor, Actor]:
    return desk.person("Sample Therapist One", "therapist"), desk.person("Sample Prescriber One", "prescriber")


def ended(desk: Desk, who: Actor) -> Room:
    room = desk.dosed(desk.room(who))
    desk.kept(room.record(Ended("completed")))
    room.listen(lambda: None)  # someone has its page open
    return room


def kept(room: Room) -> list[PaperKept]:
    return [each.fact for each in room.session.history if isinstance(each.fact, PaperKept)]


def rest(desk: Desk) -> None:
    """Until every paper that was asked for is made, or cannot be."""
    desk.settle()
    desk.until(desk.clinic.papers.idle)
    desk.settle()


def test_who_signs_has_it_on_record_at_once_and_the_paper_follows(desk: Desk, made: Made) -> None:
    therapist, prescriber = people(desk)
    room = ended(desk, therapist)
    assert signing.waiting(room.session) == "to be signed"
    desk.kept(signing.sign(desk.clinic, room, therapist.by))
    assert room.session.signed
    rest(desk)
    (first,) = kept(room)
    assert desk.clinic.papers.read(first.sha256).startswith(b"%PDF")
    assert signing.waiting(room.session) == "to be countersigned"
    desk.kept(signing.countersign(desk.clinic, room.id, prescriber.by, first.sha256, AGREED))
    rest(desk)
    _, second = kept(room)
    assert second.replaces == first.sha256
    assert desk.clinic.papers.read(second.sha256).startswith(desk.clinic.papers.read(first.sha256))
    assert signing.waiting(room.session) == ""
    assert made.asked == [(1, "signed"), (1, "countersigned")]


def test_each_addition_is_a_version_that_replaces_the_one_before(desk: Desk, made: Made) -> None:
    therapist, prescriber = people(desk)
    room = ended(desk, therapist)
    desk.kept(signing.sign(desk.clinic, room, therapist.by))
    rest(desk)
    desk.kept(signing.countersign(desk.clinic, room.id, prescriber.by, papers.newest(room.session), AGREED))
    rest(desk)
    desk.kept(signing.add(desk.clinic, room, prescriber.by, "It was 25 mg.", "correction"))
    rest(desk)
    first, both, second = kept(room)
    assert (second.version, second.replaces) == (2, both.sha256)
    assert signing.standing(room.session) == (
        "Version 2, signed by one",
        "Version 1, signed by both, replaced by version 2",
    )
    assert {first.sha256, both.sha256, second.sha256} == desk.clinic.papers.store.at_hand(), "earlier ones stay"


def test_who_countersigns_is_another_person_with_a_role_for_it_who_read_this_version(desk: Desk, made: Made) -> None:
    therapist, prescriber = people(desk)
    other = desk.person("Sample Therapist Two", "therapist")
    room = ended(desk, therapist)

    def refused(person: str, paper: str, words: str) -> None:
        with pytest.raises(KnownError, match=words):
            signing.countersign(desk.clinic, room.id, person, paper, AGREED)

    refused(prescriber.by, "", "not signed yet, so there is no signed paper")
    desk.kept(signing.sign(desk.clinic, room, therapist.by))
    rest(desk)
    sha256 = papers.newest(room.session)
    refused(therapist.by, sha256, "countersigned by a second person. Nothing was signed")
    refused(other.by, sha256, "may not countersign. Ask a prescriber or medical staff")
    refused(prescriber.by, "0" * 64, "a newer version of this note than the one you read")
    with pytest.raises(KnownError, match="shows their own password"):
        room.record(Countersigned(sha256, AGREED), actor=Actor(prescriber.by, therapist.by))
    desk.kept(signing.countersign(desk.clinic, room.id, prescriber.by, sha256, AGREED))
    rest(desk)
    refused(prescriber.by, papers.newest(room.session), "has countersigned this version already")
    assert sum(isinstance(each.fact, Countersigned) for each in room.session.history) == 1


def test_a_kill_between_the_signature_and_the_paper_loses_nothing(open_desk: Callable[[], Desk], made: Made) -> None:
    desk = open_desk()
    therapist, prescriber = people(desk)
    room = ended(desk, therapist)
    desk.kept(room.record(desk.clinic.signing(room), actor=therapist))
    desk.kept(room.record(Countersigned("", AGREED), actor=prescriber))
    desk.close()  # nobody asked for the paper any more

    again = open_desk()
    again.clinic.papers.begin()
    again.until(lambda: len(made.asked) == 2)
    rest(again)
    (version,) = versions(again.clinic.session(room.id))
    assert (version.made, version.signatures) == (True, 2)
    again.clinic.papers.ask(room.id)
    rest(again)
    assert len(made.asked) == 2, "what is made is not made again"


def test_a_kill_between_the_paper_and_its_line_finds_that_very_paper(open_desk: Callable[[], Desk], made: Made) -> None:
    desk = open_desk()
    therapist, _ = people(desk)
    room = ended(desk, therapist)
    desk.kept(room.record(desk.clinic.signing(room), actor=therapist))
    sha256 = desk.clinic.papers.store.keep(b"%PDF made before the kill", store.Slip(room.id, 1, "", "KapDesk"))
    (desk.clinic.papers.store.place / "half.paper.new").write_bytes(b"half")
    desk.close()

    again = open_desk()
    again.clinic.papers.begin()
    again.until(lambda: papers.newest(again.clinic.session(room.id)) == sha256)
    rest(again)
    assert made.asked == []
    assert [path.name for path in again.clinic.papers.store.place.iterdir()] == [f"{sha256}.paper"]


def test_a_full_disk_keeps_the_signature_and_makes_the_paper_when_there_is_room(
    desk: Desk, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    therapist, _ = people(desk)
    room = ended(desk, therapist)

    def full(path: Path, content: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(store, "write_whole", full)
        desk.kept(signing.sign(desk.clinic, room, therapist.by))
        rest(desk)
    assert room.session.signed
    assert kept(room) == []
    assert "No space left" in desk.clinic.papers.state(room.id)
    assert signing.standing(room.session) == ("Version 1, signed by one, its paper is not made yet",)
    desk.pass_(6)
    rest(desk)
    assert len(kept(room)) == 1
    assert desk.clinic.papers.state(room.id) == ""


def test_with_a_certificate_that_is_over_the_record_is_locked_and_the_paper_waits_for_a_new_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    therapist, _ = people(desk)
    room = ended(desk, therapist)
    until = seal.read(desk.clinic.state.seals[0].pem).until
    real = seal.usable
    monkeypatch.setattr(
        seal, "usable", lambda clinic, ring, now_us: real(clinic, ring, int(until.timestamp() * 1e6) + 1)
    )
    desk.kept(signing.sign(desk.clinic, room, therapist.by))
    rest(desk)
    assert room.session.signed
    assert "locked as it is; the signed paper waits until there is a new certificate" in desk.clinic.papers.state(
        room.id
    )
    assert kept(room) == []
    renewed = seal.make("Sample Clinic", int(until.timestamp() * 1e6))
    desk.kept(seal.take(desk.clinic, renewed, ITSELF))
    monkeypatch.setattr(papers, "_pressed", Made())
    desk.clinic.papers.ask(room.id)
    rest(desk)
    assert len(kept(room)) == 1


def test_a_certificate_that_ends_soon_is_said_until_there_is_another(desk: Desk) -> None:
    now_us = desk.clinic.clock.now().utc_us
    old = seal.make("Sample Clinic", now_us - (seal.YEARS * 365 - 20) * 86_400_000_000)
    desk.kept(seal.take(desk.clinic, old, ITSELF))
    desk.clinic.papers.begin()
    desk.until(lambda: desk.clinic.safety().certificate)
    assert desk.clinic.safety().certificate.startswith("The clinic’s certificate ends on 20")
    desk.kept(seal.take(desk.clinic, seal.make("Sample Clinic", now_us), ITSELF))
    assert desk.clinic.safety().certificate == ""


def test_a_clinic_from_before_gets_its_certificate_and_owes_nothing_for_what_was_signed_then(
    desk: Desk, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    therapist, _ = people(desk)
    room = ended(desk, therapist)
    desk.kept(room.record(desk.clinic.signing(room), actor=therapist))
    before = desk.clinic.state.seals
    desk.clinic.state = msgspec.structs.replace(desk.clinic.state, seals=())
    monkeypatch.setattr(papers, "since", lambda clinic: None)
    desk.clinic.papers.begin()
    desk.until(lambda: len(desk.clinic.state.seals) == len(before) + 1)
    assert seal.held(desk.clinic.state, desk.clinic.ring).fact == desk.clinic.state.seals[-1]  # type: ignore[union-attr]
    desk.clinic.papers.ask(room.id)
    rest(desk)
    assert made.asked == []


def test_a_password_wrong_thrice_waits_and_says_so_and_nothing_is_signed(desk: Desk) -> None:
    therapist, _ = people(desk)
    desk.clinic.ring.add_person(therapist.by, "Sample Therapist One", NewPassword(WORDS))
    presence = Presence(desk.clinic, desk.clinic.ring.first)

    def wrong() -> None:
        done = presence.prove(therapist.by, "not this one at all")
        with pytest.raises(KnownError, match="do not belong together"):
            done.result()
        desk.settle()

    for _ in range(3):
        wrong()
    with pytest.raises(KnownError, match=r"^3 wrong passwords\. Wait 2 s, then type it again; .* nothing was signed"):
        presence.prove(therapist.by, WORDS)
    failed = [each.fact for each in desk.clinic.state.history if isinstance(each.fact, SignInFailed)]
    assert failed == [SignInFailed("Sample Therapist One", "password", 1)] * 3
    desk.pass_(1)
    assert presence.prove(therapist.by, WORDS).result() == therapist.by
    assert therapist.by not in desk.clinic.ring.people, "showing it again signs nobody in"


def test_the_paper_is_signed_in_the_clinics_name_and_an_addition_makes_another(desk: Desk) -> None:
    """The whole way once, with the real press."""
    therapist, prescriber = people(desk)
    room = ended(desk, therapist)
    desk.kept(signing.sign(desk.clinic, room, therapist.by))
    rest(desk)
    desk.kept(signing.countersign(desk.clinic, room.id, prescriber.by, papers.newest(room.session), AGREED))
    rest(desk)
    first, both = (desk.clinic.papers.read(each.sha256) for each in kept(room))
    assert both.startswith(first)
    assert (first.count(b"/ETSI.CAdES.detached"), both.count(b"/ETSI.CAdES.detached")) == (1, 2)
    desk.kept(signing.add(desk.clinic, room, prescriber.by, "Left at 13:05, not 13:15.", "correction"))
    rest(desk)
    assert desk.clinic.papers.state(room.id) == ""
    assert kept(room)[-1].version == 2
    note = close.note_of_visit(desk.clinic, room.id)
    assert note.digest.replaces.endswith(kept(room)[1].sha256)
    assert "Version 2: correction by Sample Prescriber One" in note.status
    assert "Countersigned by Sample Prescriber One" in note.status
    assert "Version 2" not in close.note_of_visit(desk.clinic, room.id, 1).status


def test_a_signed_visit_that_is_moved_gets_a_version_in_the_right_name_and_the_first_stays(
    desk: Desk, made: Made
) -> None:
    therapist, _ = people(desk)
    agreeing = desk.person("Sample Therapist Two", "therapist")
    room = ended(desk, therapist)
    desk.kept(signing.sign(desk.clinic, room, therapist.by))
    rest(desk)
    right = desk.patient(therapist, "Sample Patient B")
    visits = [desk.clinic.visit(room.id), *desk.clinic.visits_of(right)]
    move(desk.clinic, room.id, right, "chosen by mistake", therapist, agreeing.by, visits)
    rest(desk)
    assert [(each.version, bool(each.replaces)) for each in kept(room)] == [(1, False), (2, True)]
    first, second = (close.note_of_visit(desk.clinic, room.id, version) for version in (1, 2))
    assert (first.patient.name, second.patient.name) == ("Sample Patient A", "Sample Patient B")
    assert "Version 2: moved to this patient’s record by Sample Therapist One" in second.status


def test_what_was_locked_stays_locked(desk: Desk, made: Made) -> None:
    therapist, _ = people(desk)
    room = ended(desk, therapist)
    desk.kept(signing.sign(desk.clinic, room, therapist.by))
    rest(desk)
    with pytest.raises(KnownError, match="signed and locked"):
        room.record(Ended("completed"))
    with pytest.raises(KnownError, match="signed and locked"):
        signing.sign(desk.clinic, room, therapist.by)
    with pytest.raises(KnownError, match="The words are missing"):
        signing.add(desk.clinic, room, therapist.by, "  ")
    assert sum(isinstance(each.fact, Locked | AddendumWritten) for each in room.session.history) == 1
