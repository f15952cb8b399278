"""The index is what it would be if it were made anew from the record, whatever was recorded and in whatever order."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from kapdesk.clinic.listed import READING
from kapdesk.errors import KnownError
from kapdesk.facts import codec, patient, session
from kapdesk.facts.after import VisitMoved
from kapdesk.facts.care import AdverseEventNoted
from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Erased, Fact, Struck
from kapdesk.facts.papers import Countersigned, PaperFiled, PaperKept
from kapdesk.facts.patient import MergedInto, PatientRegistered, TookIn
from kapdesk.facts.private import ReflectionWritten
from kapdesk.facts.session import (
    AddendumWritten,
    Ended,
    Locked,
    NoteTaken,
    PatientArrived,
    SummaryWritten,
    VisitOpened,
)
from kapdesk.record.log import Kept
from kapdesk.store import seeking, vault
from kapdesk.store.index import Index
from kapdesk.store.log import SqlLog
from kapdesk.store.seeking import Sought, Term
from tests.fakes import Station, statement

VISITS, PATIENTS = [UUID(int=n) for n in (11, 12, 13)], [UUID(int=n) for n in (21, 22, 23)]
TEXT = st.sampled_from(["slow breath", "她的呼吸很慢", "Zażółć", "a heron by the mill", ""])
SAID = st.one_of(
    st.builds(
        lambda patient, rehearsal: VisitOpened("dosing", patient, rehearsal, "Europe/Warsaw", "a4"),
        st.sampled_from(PATIENTS),
        st.booleans(),
    ),
    st.builds(NoteTaken, TEXT, st.sampled_from(["", "Breath"])),
    st.builds(SummaryWritten, st.sampled_from(["plan", "indication"]), TEXT),
    st.builds(AdverseEventNoted, TEXT, st.just("mild")),
    st.builds(AddendumWritten, TEXT),
    st.builds(
        lambda to, before: VisitMoved(to, before, "two", "a reason"),
        st.sampled_from(PATIENTS),
        st.sampled_from(PATIENTS),
    ),
    st.sampled_from([PatientArrived(), Ended("completed"), Locked()]),
    st.builds(PaperKept, st.integers(1, 3), st.sampled_from("ab"), st.sampled_from(["", "a"])),
    st.builds(PaperFiled, st.sampled_from("ab"), st.just("2026/a.pdf")),
    st.builds(Countersigned, st.sampled_from(["", "a", "b"]), st.just("reviewed")),
)
STEP = st.one_of(
    st.tuples(st.just("said"), st.sampled_from(VISITS), SAID),
    st.tuples(st.just("said"), st.sampled_from(VISITS), SAID),
    st.tuples(st.sampled_from(["struck", "corrected"]), st.sampled_from(VISITS), SAID),
    st.tuples(st.just("parted"), st.sampled_from(PATIENTS), st.none()),
    st.tuples(st.just("late"), st.sampled_from(VISITS), SAID),
    st.tuples(st.just("patient"), st.sampled_from(PATIENTS), TEXT),
    st.tuples(st.just("merged"), st.sampled_from(PATIENTS), st.sampled_from(PATIENTS)),
    st.tuples(st.just("erased"), st.sampled_from(VISITS), st.none()),
    st.tuples(st.just("look"), st.none(), st.none()),
)


@pytest.fixture
def make(log: SqlLog, tmp_path: Path) -> Iterator[Callable[[], Index]]:
    """An index of the log, each in a file of its own."""
    made: list[Index] = []

    def make_() -> Index:
        made.append(Index(log, READING, tmp_path / f"{len(made)}.db"))
        return made[-1]

    yield make_
    for each in made:
        each.close()


def all_of(index: Index) -> list[list[tuple[Any, ...]]]:
    """All that an index holds, without the numbers that it gave itself."""
    index.catch_up(whole=True)
    for table in ("words", "names"):
        index.select(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
    return [
        sorted(index.select(sql), key=repr)
        for sql in (
            """SELECT session.id, at_us, day, patient, open, unsigned, unfiled, added, adverse, owed, shown.row,
            shown.texts, words.about, words.texts FROM session JOIN shown USING (n) JOIN words ON words.rowid = n""",
            "SELECT session.id, person FROM at_work JOIN session USING (n)",
            "SELECT patient.id, head, joins, row, names.known FROM patient JOIN names ON names.rowid = n",
            "SELECT COUNT(*), (SELECT COUNT(*) FROM shown), (SELECT COUNT(*) FROM words) FROM session",
            "SELECT COUNT(*), (SELECT COUNT(*) FROM names) FROM patient",
            "SELECT row FROM upto",
        )
    ]


def say(log: SqlLog, stream: Stream, fact: Fact, minute: float = 0) -> UUID:
    return log.append(statement(stream, fact, minute)).result().body.id


def found(index: Index, words: str) -> list[str]:
    index.catch_up(whole=True)
    return [each.row.id for each in seeking.find(index, Sought((Term(words),)), 50)]


class Told:
    """A record that steps are told to, from here and from another station."""

    def __init__(self, log: SqlLog) -> None:
        self.log, self.other = log, Station(log.keys.clinic)
        self.last: dict[Stream, Kept] = {}
        self.minute = 0

    def take(self, what: str, of: Any, which: Any) -> None:
        self.minute += 1
        stream = Stream("patient" if what in ("patient", "merged", "parted") else "session", str(of))
        if stream in self.log.erased_streams():
            return
        match what:
            case "said":
                say(self.log, stream, which, self.minute)
            case "struck" | "corrected" | "parted":
                for kept in self.log.read(stream)[-2:]:
                    target = kept.entry.body.id
                    amends = session.Corrected(target, which, self.minute, "so") if what == "corrected" else None
                    say(self.log, stream, amends or Struck(target, "not so"), self.minute)
            case "late":
                (came,) = self.other.says(stream, (self.minute, which), after=self.last.get(stream))
                self.last[stream] = came
                assert self.log.adopt([came], {self.other.name: self.other.public_key}).result().adopted
            case "patient":
                say(self.log, stream, PatientRegistered(which or "Sample", "1980-01-01", record_number="R-7"))
            case "merged" if of != which:
                say(self.log, stream, MergedInto(which, "one person"))
                say(self.log, Stream("patient", str(which)), TookIn(of, "one person"))
            case "erased":
                say(self.log, stream, Erased("asked for", "another"), self.minute)
                self.log.forget_erased()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=4, max_size=25))
def test_after_any_sequence_it_is_what_it_would_be_made_anew(
    steps: list[tuple[str, Any, Any]], log: SqlLog, make: Callable[[], Index]
) -> None:
    ids = {id_: uuid4() for id_ in (*VISITS, *PATIENTS)}  # each example tells of sessions of its own
    told, index = Told(log), make()
    for what, of, which in steps:
        if what == "look":
            index.catch_up()
            continue
        told.take(what, ids.get(of), ids[which] if isinstance(which, UUID) else _with(which, ids))
    assert all_of(index) == all_of(make())


def _with(fact: Any, ids: dict[UUID, UUID]) -> Any:
    """The same fact, of this example's own patients."""
    if not isinstance(fact, VisitOpened | VisitMoved):
        return fact
    content = codec.encode(fact).decode()
    for id_, own in ids.items():
        content = content.replace(str(id_), str(own))
    return codec._decoders["session"].decode(content.encode())


@pytest.fixture
def visit(log: SqlLog) -> Stream:
    """A signed visit of a registered patient, with words in it."""
    of = Stream("patient", str(PATIENTS[0]))
    say(log, of, PatientRegistered("Łucja Sample", "1980-01-01", record_number="R-1207"))
    visit = Stream("session", str(VISITS[0]))
    say(log, visit, VisitOpened("dosing", PATIENTS[0], False, "Europe/Warsaw", "a4"))
    say(log, visit, NoteTaken("A blue heron by the mill"), 5)
    say(log, visit, Ended("completed"), 60)
    say(log, visit, Locked(), 70)
    return visit


def test_names_numbers_and_words_are_found_and_what_was_struck_or_corrected_away_is_not(
    log: SqlLog, visit: Stream, make: Callable[[], Index]
) -> None:
    index, id_ = make(), visit.id
    for words in ("lucja", "R-1207", "r 12", "heron by", "mill"):
        assert found(index, words) == [id_], words
    assert found(index, "eron") == []
    open_ = Stream("session", str(VISITS[1]))
    say(log, open_, VisitOpened("dosing", PATIENTS[0], False, "UTC", "a4"))
    first = say(log, open_, NoteTaken("wrong word"))
    gone = say(log, open_, NoteTaken("taken back"))
    say(log, open_, session.Corrected(first, NoteTaken("the right one"), 1, "mistyped"))
    say(log, open_, Struck(gone, "not so"))
    assert (found(index, "wrong"), found(index, "taken"), found(index, "right")) == ([], [], [open_.id])


def test_a_patient_who_is_renamed_or_merged_is_found_by_each_name(
    log: SqlLog, visit: Stream, make: Callable[[], Index]
) -> None:
    index = make()
    one, other = (Stream("patient", str(id_)) for id_ in PATIENTS[:2])
    first = log.read(one)[0].entry.body.id
    say(log, one, patient.Corrected(first, PatientRegistered("Sample Renamed", "1980-01-01"), 1, "married"))
    assert (found(index, "lucja"), found(index, "renamed")) == ([], [visit.id])
    say(log, other, PatientRegistered("Sample Twice", "1980-01-01"))
    say(log, one, MergedInto(PATIENTS[1], "one person"))
    assert found(index, "twice") == [], "only one of the two says so"
    say(log, other, TookIn(PATIENTS[0], "one person"))
    assert found(index, "twice") == found(index, "renamed") == [visit.id]
    (row,) = seeking.find(index, Sought(), 5)
    assert row.patient.name == "Sample Twice"
    say(log, other, Struck(log.read(other)[-1].entry.body.id, "two people after all"))
    assert (found(index, "twice"), found(index, "renamed")) == ([], [visit.id])


def test_of_much_that_is_new_the_newest_is_there_first(
    log: SqlLog, visit: Stream, make: Callable[[], Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kapdesk.store.index.AT_ONCE", 1)
    newest = Stream("session", str(VISITS[1]))
    say(log, newest, VisitOpened("dosing", PATIENTS[0], False, "UTC", "a4"))
    index = make()
    assert index.catch_up() == 2, "the visit before and its patient are still to be read"
    assert [each.row.id for each in seeking.find(index, Sought(), 5)] == [newest.id]
    assert index.catch_up(whole=True) == 0


def test_of_what_was_erased_no_byte_is_left_in_the_file_or_beside_it(
    log: SqlLog, visit: Stream, make: Callable[[], Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "beside", in_the_clear)
    for n in range(200):
        other = Stream("session", str(uuid4()))
        say(log, other, VisitOpened("dosing", PATIENTS[0], False, "UTC", "a4"))
        say(log, other, NoteTaken(f"an otter, {n}"))
    index = make()
    assert found(index, "heron") == [visit.id]
    assert b"heron" in _bytes(index.path)
    say(log, visit, Erased("asked for", "another"))
    assert found(index, "heron") == [], "from the word on, before anything is deleted"
    log.forget_erased()
    index.forget_erased()
    assert b"heron" not in _bytes(index.path)
    assert visit.id.encode() not in _bytes(index.path)
    assert b"otter" in _bytes(index.path)
    assert found(index, "heron") == []
    assert len(found(index, "otter")) == 50


def test_what_the_staff_write_for_themselves_is_neither_found_nor_in_the_file(
    log: SqlLog, visit: Stream, make: Callable[[], Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vault, "beside", in_the_clear)
    say(log, Stream("private", f"someone:{PATIENTS[0]}"), ReflectionWritten("my kingfisher"))
    index = make()
    assert found(index, "kingfisher") == []
    assert b"kingfisher" not in _bytes(index.path)
    assert b"heron" in _bytes(index.path)


def in_the_clear(path: Path, key: str) -> Any:
    """Not encrypted, to read the bytes that lie on the disk."""
    return dbapi2.connect(path, isolation_level=None, check_same_thread=False)


def _bytes(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_the_file_is_encrypted_under_a_key_of_its_own(log: SqlLog, visit: Stream, make: Callable[[], Index]) -> None:
    index = make()
    assert found(index, "heron") == [visit.id]
    assert b"heron" not in _bytes(index.path)
    assert not index.path.read_bytes().startswith(b"SQLite")
    assert {each.stat().st_mode & 0o777 for each in index.path.parent.glob(f"{index.path.name}*")} == {0o600}
    with pytest.raises(dbapi2.DatabaseError):
        vault.beside(index.path, log.keys.database_key).execute("SELECT * FROM session")


@pytest.mark.parametrize("what", ["another form", "another key", "another record", "rubbish", "a spoilt page", "gone"])
def test_a_file_that_is_of_no_use_is_made_anew(log: SqlLog, visit: Stream, what: str, tmp_path: Path) -> None:
    path = tmp_path / vault.INDEX
    index = Index(log, READING, path)
    assert found(index, "heron") == [visit.id]
    match what:
        case "another form":
            index.select("PRAGMA user_version = 99")
        case "another record":
            index.select("UPDATE upto SET entry = x'00'")
            index.select("DELETE FROM words")
    index.close()
    match what:
        case "another key":
            path.unlink()
            other = vault.beside(path, "00" * 32)
            other.execute("CREATE TABLE sample (x)")
            other.close()
        case "rubbish":
            path.write_bytes(b"nothing that was ever written here" * 1000)
        case "a spoilt page":
            content = bytearray(path.read_bytes())
            content[4096 * 3 + 100] ^= 1
            for each in tmp_path.glob(f"{vault.INDEX}-*"):
                each.unlink()
            path.write_bytes(content)
        case "gone":
            path.unlink()
    again = Index(log, READING, path)
    for _ in range(3):  # where a page is met that does not hold, the next look is at a file made anew
        try:
            ids = found(again, "heron")
            break
        except KnownError as error:
            assert "made anew" in str(error)  # noqa: PT017
    assert ids == [visit.id]
    again.close()


def test_a_full_disk_is_said_and_the_file_is_kept(log: SqlLog, visit: Stream, make: Callable[[], Index]) -> None:
    index = make()
    assert found(index, "heron") == [visit.id]
    pages = index.select("PRAGMA page_count")[0][0]
    index.select(f"PRAGMA max_page_count = {pages}")
    for n in range(5):
        say(log, visit, NoteTaken(f"{n} " + "a long word and another " * 2_000), 6)
    with pytest.raises(KnownError, match="cannot be brought up to date"):
        index.catch_up(whole=True)
    assert [each.row.id for each in seeking.find(index, Sought((Term("heron"),)), 5)] == [visit.id]
    index.select("PRAGMA max_page_count = 100000")
    assert found(index, "another") == [visit.id]


def test_a_new_key_of_the_record_is_a_new_key_of_the_index(folder: Path, log: SqlLog, visit: Stream) -> None:
    index = Index(log, READING)
    assert found(index, "heron") == [visit.id]
    index.close()
    log.close()
    assert index.path.exists()
    vault.rekey(folder, log.keys.database_key, "ab" * 32)
    assert list(folder.glob(f"{vault.INDEX}*")) == []


def test_content_that_comes_back_is_found_again(log: SqlLog, make: Callable[[], Index]) -> None:
    other, stream = Station(log.keys.clinic), Stream("session", str(VISITS[0]))
    stations = {other.name: other.public_key}
    chain = other.says(
        stream, (0, VisitOpened("dosing", PATIENTS[0], False, "UTC", "a4")), (1, NoteTaken("the lost words"))
    )
    log.adopt([chain[0], Kept(chain[1].entry, None)], stations).result()
    index = make()
    assert found(index, "lost") == []
    assert log.adopt(chain, stations).result().known
    assert found(index, "lost") == [stream.id]


@given(SAID | st.builds(NoteTaken, st.text(max_size=40)), st.text(max_size=12))
@example(NoteTaken("half\x00way"), "UTC")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_whatever_was_written_is_taken_in_and_hides_nothing_else(
    log: SqlLog, make: Callable[[], Index], fact: Fact, zone: str
) -> None:
    stream = Stream("session", str(uuid4()))
    words = [each.encode("utf-8", "ignore").decode() for each in (zone, getattr(fact, "text", ""))]
    say(log, stream, VisitOpened("dosing", uuid4(), False, words[0], "a4"), -60_000)
    say(log, stream, msgspec.structs.replace(fact, text=words[1]) if isinstance(fact, NoteTaken) else fact, 60_000)
    say(log, stream, NoteTaken("the heron after it"))
    index = make()
    assert stream.id in found(index, "heron after")
    index.close()


def test_the_first_page_is_no_more_work_however_many_sessions_there_are(log: SqlLog, make: Callable[[], Index]) -> None:
    index = make()

    def work(sessions: int) -> int:
        for n in range(sessions):
            stream = Stream("session", str(uuid4()))
            say(log, stream, VisitOpened("dosing", PATIENTS[0], False, "UTC", "a4"), n)
        index.catch_up(whole=True)
        steps = [0]

        def step() -> int:
            steps[0] += 1
            return 0

        index._connection().set_progress_handler(step, 10)
        assert len(seeking.find(index, Sought(), 20)) == 20
        index._connection().set_progress_handler(None, 10)
        return steps[0]

    few = work(30)
    assert few > 0
    assert work(300) <= few * 1.2


def test_two_programs_may_keep_one_file_up_to_date(
    log: SqlLog, visit: Stream, tmp_path: Path, make: Callable[[], Index]
) -> None:
    """The desk and a command, each with its own connections, at the same time."""
    one, other = (Index(log, READING, tmp_path / "shared.db") for _ in range(2))
    for n in range(40):
        say(log, Stream("session", str(uuid4())), VisitOpened("dosing", PATIENTS[0], False, "UTC", "a4"), n)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(each.catch_up, whole=True) for each in (one, other)]
        say(log, visit, AddendumWritten("and a kingfisher"), 90)
        assert [each.result() for each in both] == [0, 0]
    assert found(one, "kingfisher") == found(other, "kingfisher") == [visit.id]
    assert all_of(one) == all_of(other) == all_of(make())
    one.close()
    other.close()


def test_a_thread_of_its_own_keeps_it_up_to_date(log: SqlLog, visit: Stream, make: Callable[[], Index]) -> None:
    index = make()
    index.begin()
    say(log, visit, AddendumWritten("and a kingfisher"), 90)
    for _ in range(2_000):
        if index.select("SELECT 1 FROM words WHERE words MATCH 'kingfisher'"):
            break
        index._changed.acquire()
        index._changed.wait(0.005)
        index._changed.release()
    assert index.select("SELECT added FROM session") == [(1,)]
