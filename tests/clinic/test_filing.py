"""Filing: a signed paper comes whole into the clinic's folder, over no other file, and waits where there is none."""

import errno
import hashlib
import os
import resource
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapdesk.clinic import audit, filing, papers, putting, signing
from kapdesk.clinic.erase import erase, of_visit
from kapdesk.clinic.filing import PAUSES_MIN, SOON_MS
from kapdesk.clinic.kept import Paper, newest
from kapdesk.clinic.naming import EXAMPLE
from kapdesk.clinic.putting import MARK, NotReached, put
from kapdesk.clinic.room import Room
from kapdesk.errors import KnownError
from kapdesk.facts.filing import FilingSet
from kapdesk.facts.papers import PaperFiled, PaperKept
from kapdesk.facts.people import Actor
from kapdesk.facts.session import Ended
from tests.clinic.test_papers import AGREED, Made, ended, rest
from tests.clinic.test_papers import made as made
from tests.desk import Desk

PDF = b"%PDF-1.7 a signed paper of Sample Patient A\n" * 400
NAME = "2026-03-02 Sample Patient A note v1 signed.pdf"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Clinic:
    """A clinic that files, and the papers it keeps."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk, self.folder = desk, folder
        self.papers: dict[str, bytes] = {}
        self.read = self.papers.__getitem__
        desk.clinic.filing._read = lambda digest: self.read(digest)
        self.boss = desk.person("Sample Administrator Two", "administrator")
        self.therapist = desk.person("Sample Therapist", "therapist")

    @property
    def filing(self) -> filing.Filing:
        return self.desk.clinic.filing

    def chosen(self, scheme: str = EXAMPLE) -> None:
        filing.prepared(self.desk.clinic, str(self.folder), scheme)
        self.desk.kept(filing.choose(self.desk.clinic, str(self.folder), scheme, self.boss))

    def signed(self, name: str = "Sample Patient A") -> Room:
        room = self.desk.room(self.therapist, self.desk.patient(self.therapist, name))
        self.desk.dosed(room)
        self.desk.kept(room.record(Ended("completed")))
        self.desk.kept(room.record(self.desk.clinic.signing(room)))
        return room

    def keep(self, room: Room, content: bytes = PDF, version: int = 1, replaces: str = "") -> str:
        self.papers[sha(content)] = content
        self.desk.kept(room.record(PaperKept(version, sha(content), replaces, "KapDesk")))
        return sha(content)

    def round(self) -> None:
        """A second passes, and what is begun then comes to its end."""
        self.desk.pass_(1 / 60)
        self.desk.until(self.filing.idle)
        self.desk.settle()

    def filed(self, room: Room) -> list[str]:
        history = self.desk.clinic.session(room.id).history
        return [each.fact.place for each in history if isinstance(each.fact, PaperFiled)]

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.name != MARK}


@pytest.fixture
def clinic(desk: Desk, tmp_path: Path) -> Clinic:
    folder = tmp_path / "notes"
    folder.mkdir()
    return Clinic(desk, folder)


def test_a_paper_that_is_kept_is_filed_under_its_name_and_said_in_its_visit(clinic: Clinic) -> None:
    clinic.chosen()
    room = clinic.signed()
    digest = clinic.keep(room)
    clinic.round()
    assert clinic.files() == {NAME: PDF}
    assert clinic.filed(room) == [NAME]
    assert clinic.filing.papers.of(room.id)[0].place == NAME
    assert list((clinic.folder / MARK).iterdir()) == [clinic.folder / MARK / "clinic"], "nothing half-written is left"
    clinic.filing.ask()
    clinic.round()
    assert clinic.filed(room) == [NAME], "once"
    with pytest.raises(KnownError, match="on record as filed under this name already"):
        room.record(PaperFiled(digest, NAME))
    with pytest.raises(KnownError, match="no such paper"):
        room.record(PaperFiled("00" * 32, NAME))
    with pytest.raises(KnownError, match="has a name in its folder"):
        room.record(PaperFiled(digest, "../elsewhere.pdf"))
    told = [each.what for each in audit.entries(clinic.desk.clinic)]
    assert f"signed notes are filed into {clinic.folder}: {EXAMPLE}" in told


def test_of_each_version_the_newest_paper_is_filed_and_no_name_is_taken_twice(clinic: Clinic) -> None:
    room = clinic.signed()
    one = clinic.keep(room, b"one signature")
    two = clinic.keep(room, b"two signatures", 1, one)
    clinic.keep(room, b"with an addendum", 2, two)
    clinic.chosen("{name}")
    (clinic.folder / "Sample Patient A.pdf").write_bytes(b"of another program")
    clinic.round()
    assert clinic.files() == {
        "Sample Patient A.pdf": b"of another program",
        "Sample Patient A (2).pdf": b"two signatures",
        "Sample Patient A (3).pdf": b"with an addendum",
    }
    assert clinic.filed(room) == ["Sample Patient A (2).pdf", "Sample Patient A (3).pdf"]


def test_a_countersigned_paper_is_called_so() -> None:
    first = (1, PaperKept(1, "a")), (2, PaperFiled("a", "x.pdf"))
    said = (*first, (3, PaperKept(1, "b", "a")), (4, PaperKept(2, "c", "b")))
    id_ = UUID(int=7)
    assert newest(id_, said) == (Paper(id_, 1, "b", 3, 2, countersigned=True), Paper(id_, 2, "c", 4, 1))
    assert newest(id_, said[:2]) == (Paper(id_, 1, "a", 1, 1, "x.pdf", 2),)


def test_a_folder_that_is_not_reached_is_tried_again_with_growing_pauses_and_nothing_is_lost(clinic: Clinic) -> None:
    clinic.chosen()
    away = clinic.folder.rename(clinic.folder.with_name("pulled out"))
    room = clinic.signed()
    clinic.keep(room)
    clinic.round()
    assert clinic.filing.state().trouble == "waiting: folder not reached"
    assert clinic.filing.state().waiting == 1
    tries = 1
    for pause in PAUSES_MIN[:3]:
        clinic.desk.pass_(pause - 0.1)
        assert clinic.filing.idle(), "not before its time"
        clinic.desk.pass_(0.2)
        clinic.desk.until(clinic.filing.idle)
        tries += 1
        assert clinic.filing._tries == tries
    assert not clinic.folder.exists(), "no folder is made where a disk is missing"
    away.rename(clinic.folder)
    clinic.desk.pass_(PAUSES_MIN[3] + 0.1)
    clinic.desk.until(clinic.filing.idle)
    clinic.desk.settle()
    assert clinic.filed(room) == [NAME]
    assert clinic.filing.state().trouble == ""


def test_the_empty_place_where_a_disk_should_be_is_not_filled(clinic: Clinic) -> None:
    clinic.chosen()
    shutil.rmtree(clinic.folder / MARK)
    room = clinic.signed()
    clinic.keep(room)
    clinic.round()
    assert clinic.files() == {}
    assert clinic.filing.state().trouble == "waiting: folder not reached"
    with pytest.raises(NotReached, match="lacks the mark"):
        putting.reach(clinic.folder, clinic.desk.clinic.log.keys.clinic)


def test_it_is_filed_at_the_next_opening_where_the_program_was_cut_off(
    clinic: Clinic, open_desk: Callable[[], Desk]
) -> None:
    clinic.chosen()
    room = clinic.signed()
    clinic.keep(room)
    put(clinic.folder, NAME, PDF)  # it came there, and the power went before it was said
    clinic.desk.close()
    clinic.desk = again = open_desk()
    again.clinic.filing._read = clinic.papers.__getitem__
    again.pass_(SOON_MS / 60_000 + 0.1)
    again.until(again.clinic.filing.idle)
    again.settle()
    assert clinic.files() == {NAME: PDF}, "not a second time"
    assert clinic.filed(room) == [NAME]


def test_a_disk_that_hangs_stops_nothing_and_is_said(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    clinic.chosen()
    room = clinic.signed()
    let_go = threading.Event()

    def hangs(folder: Path, clinic_: object) -> None:
        let_go.wait(20)
        raise NotReached("gone")

    monkeypatch.setattr(putting, "reach", hangs)
    monkeypatch.setattr(filing, "CLOSING_S", 0.01)
    clinic.keep(room)
    clinic.desk.pass_(1 / 60)
    assert not clinic.filing.idle()
    clinic.desk.pass_(1)
    assert clinic.filing.state().trouble == "waiting: the folder’s disk does not answer"
    clinic.filing.close()
    let_go.set()


def test_a_paper_that_cannot_be_read_holds_up_no_other(clinic: Clinic) -> None:
    clinic.chosen("{name} {id}")
    one, other = clinic.signed(), clinic.signed("Sample Patient B")
    lost = clinic.keep(one, b"lost")

    def read(digest: str) -> bytes:
        if digest == lost:
            raise KnownError("The signed paper cannot be read")
        return clinic.papers[digest]

    clinic.read = read  # type: ignore[assignment]
    clinic.keep(other)
    clinic.round()
    assert len(clinic.filed(other)) == 1
    assert clinic.filed(one) == []
    assert clinic.filing.state().trouble == "waiting: The signed paper cannot be read"


def test_only_whoever_runs_the_clinic_says_where_it_is_filed(clinic: Clinic, tmp_path: Path) -> None:
    kapdesk = clinic.desk.clinic
    with pytest.raises(KnownError, match="may not change the clinic's settings"):
        filing.choose(kapdesk, str(clinic.folder), EXAMPLE, clinic.therapist)
    with pytest.raises(KnownError, match="may not change the clinic's settings"):
        kapdesk.recorder.record(FilingSet(str(clinic.folder), EXAMPLE), clinic.therapist)
    with pytest.raises(KnownError, match="is not known"):
        kapdesk.recorder.record(FilingSet(str(clinic.folder), "{nobody}"), clinic.boss)
    with pytest.raises(KnownError, match="is not there"):
        filing.prepared(kapdesk, str(tmp_path / "nowhere"), EXAMPLE)
    with pytest.raises(KnownError, match="no whole path"):
        filing.prepared(kapdesk, "notes", EXAMPLE)
    (clinic.folder / MARK).mkdir()
    (clinic.folder / MARK / "clinic").write_text("another")
    with pytest.raises(KnownError, match="Another clinic files into"):
        filing.prepared(kapdesk, str(clinic.folder), EXAMPLE)
    assert kapdesk.state.filing is None


def test_without_a_folder_nothing_is_filed_any_more(clinic: Clinic) -> None:
    clinic.chosen()
    clinic.desk.kept(filing.choose(clinic.desk.clinic, "", "", clinic.boss))
    clinic.keep(clinic.signed())
    clinic.round()
    assert clinic.files() == {}


@pytest.fixture
def most_bytes() -> Iterator[Callable[[int], None]]:
    """Files can grow to so many bytes, as on a disk that is full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    yield lambda size: resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    putting.take(tmp_path, UUID(int=1))
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_full_disk_leaves_no_half_file(shelf: Path, most_bytes: Callable[[int], None]) -> None:
    most_bytes(5_000)
    with pytest.raises(KnownError, match="did not take it"):
        put(shelf, "a.pdf", PDF)
    most_bytes(resource.RLIM_INFINITY)
    assert names(shelf) == [f"{MARK}/clinic"]
    assert put(shelf, "a.pdf", PDF) == "a.pdf"


def test_a_folder_that_vanishes_in_mid_write_is_said_to_be_away(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def vanishes(fd: int) -> None:
        shutil.rmtree(shelf / MARK)
        real(fd)

    monkeypatch.setattr(os, "fsync", vanishes)
    with pytest.raises(NotReached, match="went away"):
        put(shelf, "a.pdf", PDF)
    assert names(shelf) == []


def test_what_comes_back_otherwise_from_the_disk_never_gets_the_name(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(putting, "_sha256", lambda path: "00" * 32)
    with pytest.raises(KnownError, match="is not what came back"):
        put(shelf, "a.pdf", PDF)
    assert names(shelf) == [f"{MARK}/clinic"]


def test_where_a_file_system_knows_no_second_names_nothing_is_overwritten_either(
    shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise OSError(errno.EPERM, "not permitted")

    monkeypatch.setattr(os, "link", unknown)
    assert put(shelf, "a.pdf", b"one") == "a.pdf"
    assert put(shelf, "a.pdf", b"other") == "a (2).pdf"
    assert put(shelf, "a.pdf", b"other") == "a (2).pdf"
    (shelf / "b.pdf").symlink_to(shelf / "nowhere")
    assert put(shelf, "b.pdf", b"one") == "b (2).pdf"
    assert names(shelf) == [f"{MARK}/clinic", "a (2).pdf", "a.pdf", "b (2).pdf"]


def test_what_a_crash_left_half_written_goes_a_day_later(shelf: Path) -> None:
    old, new = shelf / MARK / "0-1.new", shelf / MARK / "0-2.new"
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    putting.reach(shelf, UUID(int=1))
    assert not old.exists()
    assert new.exists()


def test_a_note_that_is_signed_and_then_countersigned_is_filed_each_time_by_itself(
    clinic: Clinic, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    kapdesk, desk = clinic.desk.clinic, clinic.desk
    monkeypatch.setattr(clinic.filing, "_read", kapdesk.papers.read)
    clinic.chosen("{name} {signed}")
    room = ended(desk, clinic.therapist)
    desk.kept(signing.sign(kapdesk, room, clinic.therapist.by))
    rest(desk)
    clinic.round()
    one, doctor = papers.newest(room.session), desk.person("Sample Prescriber One", "prescriber")
    assert clinic.files() == {"Sample Patient A signed.pdf": kapdesk.papers.read(one)}
    desk.kept(signing.countersign(kapdesk, room.id, doctor.by, one, AGREED))
    rest(desk)
    clinic.round()
    both = kapdesk.papers.read(papers.newest(room.session))
    assert clinic.files()["Sample Patient A countersigned.pdf"] == both
    assert len(clinic.files()) == 2
    assert kapdesk.filing.papers.of_one() == ()


def test_what_was_erased_waits_for_nothing(clinic: Clinic) -> None:
    clinic.chosen()
    clinic.folder.rename(clinic.folder.with_name("away"))
    room = clinic.signed()
    clinic.keep(room)
    clinic.round()
    assert clinic.filing.state().waiting == 1
    desk, boss = clinic.desk, Actor(clinic.desk.clinic.ring.first, clinic.desk.clinic.ring.first)
    desk.clinic.rooms.clear()  # nobody has it open
    erase(desk.clinic, of_visit(desk.clinic, room.id), "asked for by the patient", boss, clinic.therapist.by)
    desk.settle()
    assert clinic.filing.papers.to_file() == ()
    assert clinic.filing.papers.of(room.id) == ()
    clinic.filing.papers.read_anew()
    assert clinic.filing.papers.to_file() == ()


@given(st.lists(st.tuples(st.sampled_from(["a.pdf", "A.pdf", "a (2).pdf"]), st.binary(max_size=3)), max_size=8))
@settings(max_examples=15)
def test_whatever_is_put_there_stays_each_under_a_name_of_its_own(files: list[tuple[str, bytes]]) -> None:
    with TemporaryDirectory() as place:
        folder = Path(place)
        putting.take(folder, UUID(int=1))
        lies: dict[str, bytes] = {}
        for name, content in files:
            got = put(folder, name, content)
            assert lies.setdefault(got, content) == content, "no file is written over"
        assert {name: (folder / name).read_bytes() for name in names(folder) if MARK not in name} == lies
        assert {content for _, content in files} == set(lies.values())
