"""Exports: what was chosen comes whole into one archive, which opens with age alone; what went out is on record."""

import hashlib
import io
import os
import subprocess
import threading
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from uuid import UUID

import msgspec
import pyrage
import pytest

from kapdesk.clinic import audit, export, finding
from kapdesk.clinic.export import Wanted, in_period, lock_of
from kapdesk.clinic.packing import MANIFEST, READ_ME
from kapdesk.errors import KnownError
from kapdesk.exchange import age, sealing
from kapdesk.exchange.sealing import Lock, Sealing
from kapdesk.facts.filing import Exported
from kapdesk.facts.people import Actor
from kapdesk.facts.session import Ended, MusicPlanned, NoteTaken, VitalsTaken
from tests.clinic.test_filing import PDF, Clinic
from tests.clinic.test_filing import clinic as clinic
from tests.clinic.test_filing import most_bytes as most_bytes
from tests.note.reading import poppler

WORDS = "six slow ferries in the fog"
TO = "City Hospital, Dr Sample"


@pytest.fixture(scope="module")
def key() -> pyrage.x25519.Identity:
    return pyrage.x25519.Identity.generate()


@pytest.fixture
def visits(clinic: Clinic) -> tuple[UUID, UUID]:
    """Two visits that are over: one with a signed paper, one that nobody has signed."""
    clinic.desk.clinic.papers.read = clinic.papers.__getitem__  # type: ignore[method-assign]
    one = clinic.signed()
    clinic.keep(one)
    other = clinic.desk.dosed(
        clinic.desk.room(clinic.therapist, clinic.desk.patient(clinic.therapist, "Sample Patient B/C"))
    )
    clinic.desk.kept(other.record(VitalsTaken(131, 84, 77, 98)))
    clinic.desk.kept(other.record(NoteTaken("=2+5 colours, “żółć”", "", True)))
    clinic.desk.kept(other.record(Ended("completed")))
    return one.id, other.id


def exported(clinic: Clinic, wanted: Wanted, path: Path, actor: Actor | None = None) -> export.Written:
    """As the command does it."""
    actor = actor or clinic.therapist
    export.ask(clinic.desk.clinic, wanted, actor)
    steps: list[tuple[int, int]] = []
    told = lambda n, of: steps.append((n, of))  # noqa: E731
    written = export.write(clinic.desk.clinic, wanted, "Sample Therapist", path, Sealing(wanted.lock), told)
    assert steps[-1] == (len(wanted.sessions), len(wanted.sessions))
    clinic.desk.kept(export.record(clinic.desk.clinic, wanted, written, actor))
    assert not path.exists(), "it has its name only when it is on record"
    export.name(written)
    return written


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_archive_opens_with_the_key_alone_and_every_part_is_as_the_manifest_says(
    clinic: Clinic, visits: tuple[UUID, UUID], key: pyrage.x25519.Identity, tmp_path: Path
) -> None:
    path = tmp_path / "out.zip.age"
    wanted = Wanted(visits, TO, lock_of(str(key.to_public()), ""))
    written = exported(clinic, wanted, path)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == written.sha256
    assert [each.name for each in tmp_path.glob("*.new")] == []
    assert b"Sample Patient" not in path.read_bytes()
    parts = opened(pyrage.decrypt(path.read_bytes(), [key]))
    folders = [f"2026-03-02 Sample Patient {who} {id_.hex[-8:]}" for who, id_ in zip(("A", "B-C"), visits, strict=True)]
    assert list(parts) == [
        READ_ME,
        f"{folders[0]}/note v1 signed.pdf",
        f"{folders[0]}/fhir.json",
        f"{folders[1]}/note DRAFT.pdf",
        f"{folders[1]}/fhir.json",
        "vitals.csv",
        "events.csv",
        MANIFEST,
    ]
    assert parts[f"{folders[0]}/note v1 signed.pdf"] == PDF
    assert "Sample Patient B/C" in poppler(parts[f"{folders[1]}/note DRAFT.pdf"])
    bundle = msgspec.json.decode(parts[f"{folders[0]}/fhir.json"])
    (reference,) = [
        each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == "DocumentReference"
    ]
    assert reference["content"][0]["attachment"]["url"] == "note v1 signed.pdf"
    vitals, events = (parts[name].decode("utf-8-sig").splitlines() for name in ("vitals.csv", "events.csv"))
    assert len([line for line in vitals if ",131," in line]) == 1
    assert len({vitals.count(vitals[0]), events.count(events[0])}) == 1, "one head, whatever the number of visits"
    assert any("żółć" in line for line in events)
    sums = dict(reversed(line.split("  ", 1)) for line in parts[MANIFEST].decode().splitlines())
    assert sums == {name: hashlib.sha256(part).hexdigest() for name, part in parts.items() if name != MANIFEST}
    said = parts[READ_ME].decode()
    assert "2 visits exported from Sample Clinic by Sample Therapist" in said
    assert "sha256sum -c MANIFEST.sha256" in said
    (fact,) = [h.fact for h in clinic.desk.clinic.state.history.standing(Exported)]
    assert fact == Exported(visits, TO, written.sha256, "key")
    told = [each.what for each in audit.entries(clinic.desk.clinic)]
    assert f"EXPORTED 2 visits to {TO} (archive {written.sha256[:8]}, opens with a key)" in told


def test_the_manifest_is_checked_by_the_systems_own_tool(
    clinic: Clinic, visits: tuple[UUID, UUID], key: pyrage.x25519.Identity, tmp_path: Path
) -> None:
    path = tmp_path / "out.zip.age"
    exported(clinic, Wanted(visits[:1], TO, Lock((str(key.to_public()),))), path)
    with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(path.read_bytes(), [key]))) as archive:
        archive.extractall(tmp_path / "unpacked")
    check = ["sha256sum", "-c", "--strict", MANIFEST]
    done = subprocess.run(check, cwd=tmp_path / "unpacked", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_passphrase_opens_it_and_an_easy_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="at least 10 characters"):
        lock_of("", "short")
    lock = lock_of("", WORDS)
    assert WORDS not in repr(lock)
    path = tmp_path / "x.age"
    with path.open("wb") as file:
        sha256 = Sealing(lock).into(iter([b"one ", b"other"]), file)
    assert sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert pyrage.passphrase.decrypt(path.read_bytes(), WORDS) == b"one other"


def test_a_passphrase_that_is_easily_guessed_is_refused_in_words_of_its_own() -> None:
    with pytest.raises(KnownError, match=r"^The passphrase has at least 10 .* Nothing was exported\.$"):
        lock_of("", "short")
    with pytest.raises(KnownError, match="made of your name"):
        lock_of("", "Sample Therapist One", "Sample Therapist One")


def test_only_one_of_key_and_passphrase_and_a_key_that_is_one() -> None:
    for key, words in (("", ""), ("age1x", WORDS)):
        with pytest.raises(KnownError, match="one of the two"):
            lock_of(key, words)
    with pytest.raises(KnownError, match="is no age key"):
        lock_of("ssh-ed25519", "")
    assert not age.is_key("age1")


def test_what_is_too_large_for_a_passphrase_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import kapdesk.exchange.sealing as s, sys; s.LARGEST_BY_PASSPHRASE = 100; sys.exit(s.main())"
    monkeypatch.setattr(sealing, "_CHILD", ("-c", script))
    with (tmp_path / "x.age").open("wb") as file, pytest.raises(KnownError, match="too much for a passphrase"):
        Sealing(Lock((), WORDS)).into(iter([b"x" * 101]), file)


def test_a_period_holds_its_days_and_no_rehearsal_and_nothing_that_runs(
    clinic: Clinic, visits: tuple[UUID, UUID]
) -> None:
    desk = clinic.desk
    new = [desk.patient(clinic.therapist, f"Sample Patient {name}") for name in "DE"]
    none = MusicPlanned("none", ())
    desk.clinic.open_session(new[0], "", none, clinic.therapist, visit="integration")
    practice = desk.clinic.open_session(new[1], "", none, clinic.therapist, visit="integration", rehearsal=True)
    desk.kept(practice.record(Ended("completed")))
    assert in_period(desk.clinic, date(2026, 3, 2), date(2026, 3, 2)) == visits
    assert in_period(desk.clinic, None, None) == visits
    assert in_period(desk.clinic, date(2026, 3, 3), None) == ()
    assert export.found(desk.clinic, "patient B", finding.Filters()) == visits[1:]


def test_it_is_refused_before_anything_is_written(
    clinic: Clinic, visits: tuple[UUID, UUID], key: pyrage.x25519.Identity
) -> None:
    desk, lock = clinic.desk, Lock((str(key.to_public()),))
    with pytest.raises(KnownError, match="may not export records"):
        export.ask(desk.clinic, Wanted(visits, TO, lock), clinic.boss)
    with pytest.raises(KnownError, match="No visit was chosen"):
        export.ask(desk.clinic, Wanted((), TO, lock), clinic.therapist)
    with pytest.raises(KnownError, match="To whom it goes is missing"):
        export.ask(desk.clinic, Wanted(visits, " ", lock), clinic.therapist)
    running = desk.room(clinic.therapist, desk.patient(clinic.therapist, "Sample Patient D"))
    with pytest.raises(KnownError, match="still runs"):
        export.ask(desk.clinic, Wanted((running.id,), TO, lock), clinic.therapist)
    assert desk.clinic.state.history.standing(Exported) == []


def _write(clinic: Clinic, wanted: Wanted, path: Path, sealing_: Sealing | None = None) -> export.Written:
    own = sealing_ or Sealing(wanted.lock)
    return export.write(clinic.desk.clinic, wanted, "Sample Therapist", path, own, lambda n, of: None)


def test_a_full_disk_and_a_place_that_vanishes_leave_nothing_under_the_name(
    clinic: Clinic,
    visits: tuple[UUID, UUID],
    key: pyrage.x25519.Identity,
    tmp_path: Path,
    most_bytes: Callable[[int], None],
) -> None:
    place = tmp_path / "stick"
    place.mkdir()
    wanted = Wanted(visits[:1], TO, Lock((str(key.to_public()),)))
    most_bytes(3_000)
    with pytest.raises(KnownError, match="could not be written"):
        _write(clinic, wanted, place / "out.zip.age")
    most_bytes(2**40)
    assert list(place.iterdir()) == []
    with pytest.raises(KnownError, match="could not be written"):
        _write(clinic, wanted, tmp_path / "nowhere" / "out.zip.age")
    written = _write(clinic, wanted, place / "out.zip.age")
    place.rename(tmp_path / "pulled out")
    with pytest.raises(KnownError, match="went away at the last moment"):
        export.name(written)


def test_it_is_stopped_between_visits_and_nothing_is_left(
    clinic: Clinic, visits: tuple[UUID, UUID], key: pyrage.x25519.Identity, tmp_path: Path
) -> None:
    wanted = Wanted(visits, TO, Lock((str(key.to_public()),)))
    own = Sealing(wanted.lock)
    with pytest.raises(KnownError, match="was stopped"):
        export.write(clinic.desk.clinic, wanted, "x", tmp_path / "o.age", own, lambda n, of: own.stop() if n else None)
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("o.age")] == []


def test_a_disk_that_hangs_is_stopped_by_hand(tmp_path: Path) -> None:
    let_go = threading.Event()

    class Hangs(io.RawIOBase):
        def write(self, part: object) -> int:
            let_go.wait(20)
            raise OSError(5, "gone")

    own = Sealing(Lock((str(pyrage.x25519.Identity.generate().to_public()),)))
    told: list[str] = []

    def work() -> None:
        try:
            own.into(iter([os.urandom(1 << 20)] * 4), Hangs())  # type: ignore[arg-type]
        except KnownError as error:
            told.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    own.stop()
    let_go.set()
    thread.join(20)
    assert told == ["The export was stopped. Nothing was kept of it."]


def test_a_paper_that_cannot_be_read_is_named_and_the_others_go_out(
    clinic: Clinic, visits: tuple[UUID, UUID], key: pyrage.x25519.Identity, tmp_path: Path
) -> None:
    def damaged(sha256: str) -> bytes:
        raise KnownError("The signed paper is damaged.")

    clinic.desk.clinic.papers.read = damaged  # type: ignore[method-assign]
    written = exported(clinic, Wanted(visits, TO, Lock((str(key.to_public()),))), tmp_path / "o.age")
    assert len(written.problems) == 1
    parts = opened(pyrage.decrypt((tmp_path / "o.age").read_bytes(), [key]))
    (lacking,) = [name for name in parts if name.endswith("NOT READABLE.txt")]
    assert parts[lacking] == b"The signed paper is damaged.\n"
