"""The log keeps what was said: in its order, in its chain, append-only, whoever else writes at the same time."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from kapdesk.errors import KnownError
from kapdesk.facts import codec
from kapdesk.facts.clinic import Head, PersonAdded
from kapdesk.facts.entry import GENESIS, Stream, digest
from kapdesk.facts.fact import Erased, Fact, Unread
from kapdesk.facts.session import Marked, NoteTaken
from kapdesk.record.log import Kept
from kapdesk.store import keys, vault
from kapdesk.store.check import Damage, check
from kapdesk.store.log import SqlLog
from tests.fakes import Station, facts_of, statement

WAIT_S = 20.0
ERASED = Erased("on request", "p-2")
HOUSE = Path(__file__).resolve().parent.parent.parent

SAYS_MANY = """
import sys
from pathlib import Path
from kapdesk.facts.entry import Stream
from kapdesk.facts.session import NoteTaken
from kapdesk.store.log import SqlLog
from tests.fakes import statement
from tests.keys import keys_of
folder, stream, who = Path(sys.argv[1]), Stream("session", sys.argv[2]), sys.argv[3]
log = SqlLog(folder, keys_of(folder))
for n in range(60):
    log.append(statement(stream, NoteTaken(f"{who} {n}"))).result()
log.close()
"""


@pytest.fixture
def stream() -> Stream:
    return Stream("session", str(uuid4()))


@pytest.fixture
def stations(own: keys.Keys) -> dict[str, str]:
    return {own.station: own.public_key()}


def say(log: SqlLog, stream: Stream, *facts: Fact) -> list[Kept]:
    futures = [log.append(statement(stream, fact, n)) for n, fact in enumerate(facts)]
    for future in futures:
        future.result(WAIT_S)
    return list(log.read(stream))


def notes(*texts: str) -> list[Fact]:
    return [NoteTaken(text) for text in texts]


def raw(folder: Path, own: keys.Keys) -> vault.Connection:
    return vault.connect(folder, own.database_key)


def test_what_was_said_is_read_back_byte_for_byte(log: SqlLog, stream: Stream) -> None:
    said = [NoteTaken("<b> & </para> 🙂 zażółć"), Marked(), NoteTaken("x" * 100_000)]
    kept = say(log, stream, *said)
    assert facts_of(kept) == said
    assert [k.payload.bytes for k in kept if k.payload] == [codec.encode(fact) for fact in said]
    assert [k.entry.body.seq for k in kept] == [0, 1, 2]
    assert [k.entry.body.prev for k in kept] == [GENESIS, kept[0].entry.hash, kept[1].entry.hash]
    assert all(k.payload and k.payload.sha == k.entry.body.payload_sha for k in kept)
    assert all(digest(k.entry.body) == k.entry.hash for k in kept)


def test_the_stored_bytes_are_what_is_hashed_never_a_new_encoding(log: SqlLog, stream: Stream) -> None:
    """Bytes no encoder of ours would write, for example of an older KapDesk."""
    odd = statement(stream, Marked())
    content = b'{ "fact" : "note-taken",\n "text":"\\u0063alm" }'
    payload = codec.Payload(b"salt", "json", None, content)
    odd = type(odd)(odd.id, stream, "note-taken", payload, odd.at_us, odd.moment, odd.actor)
    log.append(odd).result(WAIT_S)
    (kept,) = log.read(stream)
    assert kept.payload == payload
    assert facts_of([kept]) == [NoteTaken("calm")]


def test_it_is_there_when_the_folder_is_opened_again(folder: Path, own: keys.Keys, stream: Stream) -> None:
    first = SqlLog(folder, own)
    said = say(first, stream, *notes("calm", "tears"))
    first.close()
    second = SqlLog(folder, own)
    assert list(second.read(stream)) == said
    assert facts_of(say(second, stream, NoteTaken("ease"))) == notes("calm", "tears", "ease")
    assert second.heads(stream)[0].seq == 2
    second.close()


def test_each_stream_has_its_own_chain(log: SqlLog, stream: Stream, stations: dict[str, str]) -> None:
    other = Stream("patient", stream.id)
    say(log, stream, *notes("a", "b"))
    say(log, other, *notes("c"))
    assert [head.seq for each in (stream, other) for head in log.heads(each)] == [1, 0]
    assert log.heads(Stream("session", "none")) == ()
    checked = check(log, stations)
    assert (checked.chains, checked.entries, checked.damage) == (3, 7, ()), "four lines of the founding, three here"


def test_saying_it_twice_keeps_it_once(log: SqlLog, stream: Stream) -> None:
    said = statement(stream, NoteTaken("calm"))
    first, again = log.append(said), log.append(said)
    assert first.result(WAIT_S) == again.result(WAIT_S) == log.append(said).result(WAIT_S)
    assert len(log.read(stream)) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE entry SET by = 'someone else'",
        "DELETE FROM entry",
        "INSERT OR REPLACE INTO entry SELECT * FROM entry WHERE seq = 0",
        "REPLACE INTO payload SELECT entry_id, salt, codec, sealed_to, x'00' FROM payload",
        "UPDATE payload SET bytes = x'00'",
        "UPDATE OR IGNORE entry SET seq = seq + 100",
        "DELETE FROM payload",
        (
            "INSERT INTO payload SELECT entry_id, salt, codec, sealed_to, x'00' FROM payload WHERE true "
            "ON CONFLICT DO UPDATE SET bytes = x'00'"
        ),
    ],
)
def test_nothing_recorded_can_be_changed(log: SqlLog, folder: Path, own: keys.Keys, stream: Stream, sql: str) -> None:
    said = say(log, stream, *notes("calm", "tears"))
    other = raw(folder, own)
    with pytest.raises(vault.dbapi2.IntegrityError, match="append-only"):
        other.execute(sql)
    other.close()
    assert list(log.read(stream)) == said


def test_an_entry_cannot_be_forked(log: SqlLog, folder: Path, own: keys.Keys, stream: Stream) -> None:
    say(log, stream, *notes("calm"))
    other = raw(folder, own)
    columns = [row[1] for row in other.execute("PRAGMA table_info(entry)")]
    values = ", ".join("randomblob(16)" if name == "id" else f'"{name}"' for name in columns)
    with pytest.raises(vault.dbapi2.IntegrityError, match="UNIQUE"):
        other.execute(f"INSERT INTO entry SELECT {values} FROM entry")
    other.close()


def test_content_is_deleted_by_erasure_only_and_the_chain_still_holds(
    log: SqlLog, folder: Path, own: keys.Keys, stream: Stream, stations: dict[str, str]
) -> None:
    other_stream = Stream("session", str(uuid4()))
    say(log, other_stream, *notes("of someone else"))
    say(log, stream, *notes("calm", "tears"), ERASED)
    desk = raw(folder, own)
    mine = "DELETE FROM payload WHERE entry_id IN (SELECT id FROM entry WHERE stream_id = ? AND kind <> 'erased')"
    desk.execute(mine, (stream.id,))
    with pytest.raises(vault.dbapi2.IntegrityError, match="append-only"):
        desk.execute(mine, (other_stream.id,))
    with pytest.raises(vault.dbapi2.IntegrityError, match="append-only"):
        desk.execute("DELETE FROM payload WHERE entry_id IN (SELECT id FROM entry WHERE kind = 'erased')")
    desk.close()

    left = log.read(stream)
    assert facts_of(left) == [Unread("note-taken", "erased"), Unread("note-taken", "erased"), ERASED]
    assert check(log, stations).damage == ()
    with pytest.raises(KnownError, match="was erased, and nothing can be added"):
        log.append(statement(stream, Marked(), 9)).result(WAIT_S)


def test_the_clinics_own_record_is_never_erased(
    log: SqlLog, folder: Path, own: keys.Keys, stations: dict[str, str]
) -> None:
    clinic = Stream("clinic", str(own.clinic))
    said = say(log, clinic, PersonAdded("p-1", "Sample Person One", ("therapist",)), ERASED)
    desk = raw(folder, own)
    with pytest.raises(vault.dbapi2.IntegrityError, match="append-only"):
        desk.execute("DELETE FROM payload WHERE entry_id = ?", (said[0].entry.body.id.bytes,))
    desk.close()
    log.forget_erased()
    assert list(log.read(clinic)) == said
    other = Station(own.clinic)
    coming = other.says(clinic, (1, PersonAdded("p-2", "Sample Person Two", ("therapist",))), (2, ERASED))
    told = log.adopt(coming, stations | {other.name: other.public_key}).result(WAIT_S)
    assert [words for _, words in told.refused] == ["would erase the clinic's own record"]


def vandalise(folder: Path, own: keys.Keys, *sqls: tuple[str, tuple[object, ...]]) -> None:
    """As someone with the key and the file would, the guards taken away and put back."""
    desk = raw(folder, own)
    desk.execute("PRAGMA foreign_keys=OFF")
    guards = desk.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        desk.execute(f"DROP TRIGGER {name}")
    for sql, values in sqls:
        assert desk.execute(sql, values).rowcount == 1
    for _, guard in guards:
        desk.execute(guard)
    desk.close()


@pytest.mark.parametrize(
    ("sql", "seq", "words"),
    [
        ("UPDATE entry SET \"by\" = 'x' WHERE stream_id = ? AND seq = 1", 1, "was altered"),
        ("UPDATE entry SET key_counter = 7 WHERE stream_id = ? AND seq = 1", 1, "was altered"),
        ("DELETE FROM entry WHERE stream_id = ? AND seq = 1", 2, "does not follow the entry before it"),
        (
            (
                "UPDATE payload SET bytes = x'7b7d' "
                "WHERE entry_id = (SELECT id FROM entry WHERE stream_id = ? AND seq = 1)"
            ),
            1,
            "has another content than the one signed",
        ),
        (
            "DELETE FROM payload WHERE entry_id = (SELECT id FROM entry WHERE stream_id = ? AND seq = 1)",
            1,
            "has lost its content, and no erasure says so",
        ),
        ("UPDATE entry SET sig = zeroblob(64) WHERE stream_id = ? AND seq = 1", 1, "was not signed by its station"),
    ],
)
def test_damage_behind_the_guards_back_is_named_with_its_place(
    log: SqlLog,
    folder: Path,
    own: keys.Keys,
    stream: Stream,
    stations: dict[str, str],
    sql: str,
    seq: int,
    words: str,
) -> None:
    say(log, stream, *notes("calm", "tears", "ease", "joy"))
    vandalise(folder, own, (sql, (stream.id,)))
    assert check(log, stations).damage == (Damage(stream, own.station, seq, words),)


def test_a_chain_of_an_unknown_station_is_named(log: SqlLog, own: keys.Keys, stream: Stream) -> None:
    say(log, stream, *notes("calm"))
    assert [(d.words, d.seq) for d in check(log, {}).damage] == [
        ("comes from a station this clinic does not know", 0)
    ] * 2


def test_the_order_never_goes_back_when_the_clock_does(log: SqlLog, stream: Stream) -> None:
    for minute in (10, 5, 5, -100, 11):
        log.append(statement(stream, Marked(), minute)).result(WAIT_S)
    kept = log.read(stream)
    orders = [k.entry.body.order_key for k in kept]
    assert orders == sorted(set(orders))
    assert [k.entry.body.seq for k in kept] == [0, 1, 2, 3, 4]


def test_two_desks_of_one_station_writing_at_once_keep_one_chain(
    log: SqlLog, folder: Path, own: keys.Keys, stream: Stream, stations: dict[str, str]
) -> None:
    second = SqlLog(folder, own)
    pairs = [(log.append(statement(stream, NoteTaken(f"a {n}"))), second.append(statement(stream, NoteTaken(f"b {n}"))))
             for n in range(100)]  # fmt: skip
    for pair in pairs:
        for future in pair:
            future.result(WAIT_S)
    second.close()
    kept = log.read(stream)
    assert [k.entry.body.seq for k in kept] == list(range(200))
    said = [fact.text for fact in facts_of(kept) if isinstance(fact, NoteTaken)]
    assert [t for t in said if t[0] == "a"] == [f"a {n}" for n in range(100)]
    assert [t for t in said if t[0] == "b"] == [f"b {n}" for n in range(100)]
    assert check(log, stations).damage == ()


def test_two_programs_writing_at_once_keep_one_chain(
    log: SqlLog, folder: Path, stream: Stream, stations: dict[str, str]
) -> None:
    programs = [
        subprocess.Popen([sys.executable, "-c", SAYS_MANY, folder, stream.id, who], cwd=HOUSE) for who in ("a", "b")
    ]
    assert [program.wait(60) for program in programs] == [0, 0]
    kept = log.read(stream)
    assert [k.entry.body.seq for k in kept] == list(range(120))
    assert check(log, stations).damage == ()


def test_reading_goes_on_from_several_threads_while_entries_come_in(log: SqlLog, stream: Stream) -> None:
    done = threading.Event()

    def read_again_and_again() -> list[int]:
        lengths = []
        while not done.is_set():
            kept = log.read(stream)
            assert [k.entry.body.seq for k in kept] == list(range(len(kept)))
            lengths.append(len(kept))
        return lengths

    with ThreadPoolExecutor(3) as readers:
        reading = [readers.submit(read_again_and_again) for _ in range(3)]
        try:
            say(log, stream, *notes(*map(str, range(200))))
        finally:
            done.set()
        for each in reading:
            lengths = each.result(WAIT_S)
            assert lengths == sorted(lengths)
    assert len(log.read(stream)) == 200


def test_entries_of_a_kind_are_found_over_all_streams(log: SqlLog) -> None:
    streams = [Stream("session", str(uuid4())) for _ in range(3)]
    for each in streams:
        say(log, each, NoteTaken("calm"), Marked(), NoteTaken("ease"))
    found = log.read_kinds("session", ["note-taken", "struck"])
    assert set(found) == {each.id for each in streams}
    assert [facts_of(kept) for kept in found.values()] == [notes("calm", "ease")] * 3
    assert log.read_kinds("session", ["ended"]) == {}


def test_heads_are_the_last_lines(log: SqlLog, own: keys.Keys, stream: Stream) -> None:
    kept = say(log, stream, *notes("calm", "tears"))
    assert log.heads(stream) == (Head(own.station, 1, kept[-1].entry.hash),)
    assert UUID(int=own.clinic.int) == kept[0].entry.body.clinic
    assert Station(own.clinic).name not in {head.station for head in log.heads(stream)}
