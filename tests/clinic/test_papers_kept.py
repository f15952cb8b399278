"""What is kept of signed papers: beside the backups too, back after damage, gone after an erasure, looked at by the
doctor; and signing from a terminal."""

import json
import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from kapdesk.access.accounts import NewPassword
from kapdesk.cli import commands
from kapdesk.clinic import papers, seal, signing
from kapdesk.clinic.close import made_anew, signed_paper
from kapdesk.clinic.doctor import examine
from kapdesk.clinic.erase import erase, of_visit
from kapdesk.clinic.restore import restore
from kapdesk.clock import Clock
from kapdesk.errors import Damaged, KnownError
from kapdesk.facts.people import Actor
from kapdesk.facts.session import Ended
from kapdesk.store import papers as store
from kapdesk.store import places
from tests.desk import Desk
from tests.fakes import Computer
from tests.keys import opened

Open = Callable[[], Desk]
WORDS = "seven slow herons by the mill"
THERAPIST, PRESCRIBER = "Sample Therapist One", "Sample Prescriber One"


@pytest.fixture(autouse=True)
def pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers that are made at once."""

    def made(clinic: object, session: UUID, wanted: papers.Owed, kept: store.Papers, heard: object) -> bytes:
        before = kept.take_out(wanted.replaces).pdf if wanted.what == "countersigned" else b"%PDF "
        return before + f"{session} {wanted.version} {wanted.what}".encode()

    monkeypatch.setattr(papers, "_pressed", made)


def rest(desk: Desk) -> None:
    desk.settle()
    desk.until(desk.clinic.papers.idle)
    desk.settle()
    desk.until(desk.clinic.backups.idle)


def signed(desk: Desk) -> UUID:
    """A visit that is signed and put away, with its paper."""
    therapist = desk.person(THERAPIST, "therapist")
    room = desk.dosed(desk.room(therapist))
    desk.kept(room.record(Ended("completed")))
    desk.kept(signing.sign(desk.clinic, room, therapist.by))
    rest(desk)
    desk.clinic.backups.soon().result()
    desk.clinic.leave(desk.clinic.rooms.get(room.id, room))
    return room.id


def copies(folder: Path) -> Path:
    return folder / places.BACKUPS / store.FOLDER


def finding(folder: Path, what: str) -> Any:
    return next(each for each in examine(folder, opened(folder)) if each.what == what)


def test_each_paper_lies_beside_the_backups_too_and_stays_there(desk: Desk, folder: Path) -> None:
    sha256 = papers.newest(desk.clinic.session(signed(desk)))
    assert store.named(copies(folder)) == {sha256}
    own = folder / store.FOLDER / f"{sha256}.paper"
    assert (copies(folder) / own.name).read_bytes() == own.read_bytes()
    own.unlink()
    assert desk.clinic.papers.read(sha256).startswith(b"%PDF")
    assert own.exists(), "put back from its copy when it is next read"
    desk.clinic.backups.soon().result()
    assert store.named(copies(folder)) == {sha256}


def test_off_site_they_are_age_files_and_an_erasure_reaches_those_too(open_desk: Open, folder: Path) -> None:
    import pyrage

    off_site = folder.parent / "off-site"
    off_site.mkdir()
    key = pyrage.x25519.Identity.generate()
    places.write(folder, places.Places("", str(off_site), (str(key.to_public()),)))
    desk = open_desk()
    session = signed(desk)
    (path,) = off_site.glob("*.paper.age")
    assert pyrage.decrypt(path.read_bytes(), [key]).startswith(b"KAPDESK PAPER 1\n")
    gone(desk, session)
    desk.kept(desk.clinic.recorder.record(seal.TimeStampsSet(""), Actor("desk", "desk")))
    desk.clinic.backups.soon().result()
    assert list(off_site.glob("*.paper.age")) == []


def gone(desk: Desk, session: UUID) -> None:
    admin = Actor(desk.clinic.ring.first, desk.clinic.ring.first)
    agreeing = desk.person("Sample Therapist Two", "therapist").by
    erase(desk.clinic, of_visit(desk.clinic, session), "asked for by the patient", admin, agreeing)
    desk.settle()


def test_an_erasure_takes_the_papers_of_the_visit_and_no_others(desk: Desk, folder: Path) -> None:
    session = signed(desk)
    (sha256,) = desk.clinic.papers.store.at_hand()
    other = desk.clinic.papers.store.keep(b"%PDF of another visit", store.Slip(UUID(int=5), 1))
    left = desk.clinic.papers.store.keep(b"%PDF no line names", store.Slip(session, 2))
    desk.clinic.backups.soon().result()
    gone(desk, session)
    assert desk.clinic.papers.store.at_hand() == {other}
    assert store.named(copies(folder)) == {other}
    assert store.erased(folder / store.FOLDER) == {sha256, left}
    with pytest.raises(Damaged, match="missing or damaged, and so is every copy"):
        desk.clinic.papers.read(sha256)


def test_the_doctor_counts_them_and_names_what_is_missing_or_damaged(desk: Desk, folder: Path) -> None:
    assert finding(folder, "Signed papers").words == "None is kept yet."
    sha256 = papers.newest(desk.clinic.session(signed(desk)))
    assert (finding(folder, "Signed papers").well, finding(folder, "Certificate").well) == ("yes", "yes")
    path = folder / store.FOLDER / f"{sha256}.paper"
    spoiled = bytearray(path.read_bytes())
    spoiled[-1] ^= 1
    path.write_bytes(spoiled)
    found = finding(folder, "Signed papers")
    assert found.well == "no"
    assert found.words.startswith(f"1 of 1 are missing or damaged: {sha256[:16]}. Put them back")
    path.unlink()
    assert finding(folder, "Signed papers").well == "no"


def test_a_record_that_is_put_back_has_its_papers_again(open_desk: Open, folder: Path, computer: Computer) -> None:
    desk = open_desk()
    session = signed(desk)
    sha256 = papers.newest(desk.clinic.session(session))
    desk.clinic.close()
    shutil.rmtree(folder / store.FOLDER)
    tried = restore(opened(folder), Clock(computer), drill=True)
    assert (tried.papers, tried.papers_lost) == (1, ())
    assert not (folder / store.FOLDER).exists(), "a drill changes nothing"
    report = restore(opened(folder), Clock(computer))
    assert "1 signed paper." in report.words()
    again = open_desk()
    assert again.clinic.papers.read(sha256).startswith(b"%PDF")


def test_a_paper_of_which_no_copy_is_left_is_named_and_the_record_comes_back(
    open_desk: Open, folder: Path, computer: Computer
) -> None:
    desk = open_desk()
    sha256 = papers.newest(desk.clinic.session(signed(desk)))
    desk.clinic.close()
    shutil.rmtree(folder / store.FOLDER)
    shutil.rmtree(copies(folder))
    report = restore(opened(folder), Clock(computer))
    assert report.papers_lost == (sha256,)
    assert f"but not {sha256[:16]}" in report.words()


def run(folder: Path, who: str, *command: str) -> Any:
    reading, writing = os.pipe()
    os.write(writing, f"{WORDS}\n".encode())
    os.close(writing)
    options = ["--clinic", str(folder), "--as", who, "--password-fd", str(reading), "--json"]
    result = CliRunner().invoke(commands, [*command, *options], standalone_mode=False)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return json.loads(result.stdout)


def test_from_a_terminal_it_is_signed_countersigned_and_added_to_and_the_kept_paper_is_given(
    open_desk: Open, folder: Path, tmp_path: Path
) -> None:
    desk = open_desk()
    people = [desk.person(THERAPIST, "therapist"), desk.person(PRESCRIBER, "prescriber")]
    for each in people:
        desk.clinic.ring.add_person(each.by, desk.clinic.state.name_of(each.by), NewPassword(WORDS))
    room = desk.dosed(desk.room(people[0]))
    desk.kept(room.record(Ended("completed")))
    end, opened_as, begun_us = str(room.id)[-6:], room.session.opened, room.session.first_dose_us
    assert opened_as is not None
    assert begun_us is not None
    at = datetime.fromtimestamp(begun_us / 1e6, ZoneInfo(opened_as.time_zone)).strftime("%Y-%m-%d %H:%M")
    desk.clinic.close()
    told = run(folder, THERAPIST, "sign", end)
    assert told["standing"] == ["Version 1, signed by one"]
    told = run(folder, PRESCRIBER, "countersign", end)
    assert told["standing"] == ["Version 1, signed by both"]
    out = tmp_path / "note.pdf"
    run(folder, PRESCRIBER, "note", end, "--out", str(out))
    desk = open_desk()
    assert out.read_bytes() == desk.clinic.papers.read(told["sha256"]) == signed_paper(desk.clinic, room.id)
    desk.clinic.close()
    late = "addendum", end, "--text", "Asked for water.", "--kind", "late entry"
    with pytest.raises(KnownError, match="says when it happened: --at"):
        run(folder, THERAPIST, *late)
    told = run(folder, THERAPIST, *late, "--at", at)
    assert told["standing"] == ["Version 2, signed by one", "Version 1, signed by both, replaced by version 2"]
    assert told["waits"] == ""


def test_a_lost_paper_is_said_and_the_note_made_anew(desk: Desk, folder: Path) -> None:
    session = signed(desk)
    shutil.rmtree(folder / store.FOLDER)
    shutil.rmtree(copies(folder))
    with pytest.raises(Damaged, match="The record is whole; its note can be made anew"):
        signed_paper(desk.clinic, session)
    assert made_anew(desk.clinic, session).startswith(b"%PDF")


def test_the_certificate_is_shown_taken_out_and_renewed_by_whoever_runs_the_clinic(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    admin = desk.person("Sample Manager", "administrator")
    desk.clinic.ring.add_person(admin.by, "Sample Manager", NewPassword(WORDS))
    out = tmp_path / "clinic.pem"
    told = run(folder, "Sample Manager", "certificate", "--out", str(out))
    assert (told["sha256"], told["over"], told["time_stamps"]) == (desk.clinic.state.seals[0].sha256, False, "")
    assert out.read_text() == desk.clinic.state.seals[0].pem
    renewed = run(folder, "Sample Manager", "certificate", "--new")
    assert renewed["sha256"] != told["sha256"]
