"""The one way in: judged now, kept soon, and told only when it is kept."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from uuid import UUID, uuid4

import pytest

from kapdesk.clinic.inbox import Inbox
from kapdesk.clock import Clock
from kapdesk.errors import KnownError
from kapdesk.facts import codec
from kapdesk.facts.entry import Entry, Stream
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import Marked, NoteTaken
from kapdesk.record.log import Adoption, Kept, Statement
from kapdesk.record.recorder import Intent, Recorder
from tests.fakes import MINUTE_US, SOMEONE, Computer, Station, minute

STREAM = Stream("session", str(uuid4()))


class PatientLog:
    """A log that keeps nothing until the test says so."""

    def __init__(self) -> None:
        self.said: list[tuple[Statement, Future[Entry]]] = []
        self._station = Station(uuid4())

    def append(self, statement: Statement) -> "Future[Entry]":
        self.said.append((statement, Future()))
        return self.said[-1][1]

    def adopt(self, entries: Iterable[Kept], stations: Mapping[str, str]) -> "Future[Adoption]":
        raise AssertionError("a recorder does not adopt")

    def read(self, stream: Stream) -> Sequence[Kept]:
        return ()

    def keep(self, n: int) -> Entry:
        statement, future = self.said[n]
        (kept,) = self._station.says(statement.stream, (0, Marked()))
        future.set_result(kept.entry)
        return kept.entry


class Ear:
    def __init__(self, recorder: Recorder) -> None:
        self.heard: list[tuple[Entry, Fact]] = []
        self.lost: list[UUID] = []
        recorder.listen(lambda entry, fact: self.heard.append((entry, fact)))
        recorder.listen_for_failure(self.lost.append)


@pytest.fixture
def log() -> PatientLog:
    return PatientLog()


def recorder(log: PatientLog, inbox: Inbox, *sentences: str | None) -> Recorder:
    """Judges that say the given sentences, one each."""
    judges = [lambda state, intent, s=sentence: s for sentence in sentences]
    return Recorder(STREAM, log, Clock(Computer()), lambda: None, judges, inbox.post)


def drain(inbox: Inbox) -> None:
    done: list[bool] = []
    inbox.post(lambda: done.append(True))
    assert inbox.run_until(lambda: bool(done), 5)


def test_it_is_told_when_it_is_on_the_disk_and_not_before(log: PatientLog, inbox: Inbox) -> None:
    told = recorder(log, inbox)
    ear = Ear(told)
    note = NoteTaken("calm")
    recording = told.record(note, SOMEONE)
    drain(inbox)
    assert (ear.heard, recording.kept.done()) == ([], False)
    entry = log.keep(0)
    assert ear.heard == []
    drain(inbox)
    assert (ear.heard, ear.lost) == ([(entry, note)], [])


def test_what_is_said_carries_its_time_its_actor_and_its_words(log: PatientLog, inbox: Inbox) -> None:
    told = recorder(log, inbox)
    first = told.record(NoteTaken("calm"), SOMEONE, at_us=minute(-3)).statement
    second = told.record(NoteTaken("calm"), SOMEONE).statement
    assert (first.at_us, first.moment.utc_us, first.kind, first.actor) == (minute(-3), minute(0), "note-taken", SOMEONE)
    assert second.at_us == minute(0)
    assert first.payload.bytes == second.payload.bytes == codec.encode(NoteTaken("calm"))
    assert first.payload.salt != second.payload.salt
    assert len(first.payload.salt) == 16
    assert first.payload.sha != second.payload.sha
    assert first.id < second.id


def test_the_first_judge_that_objects_is_heard_and_nothing_is_said(log: PatientLog, inbox: Inbox) -> None:
    with pytest.raises(KnownError, match=r"^Not now\.$"):
        recorder(log, inbox, None, "Not now.", "Never.").record(Marked(), SOMEONE)
    assert log.said == []


def test_a_judge_sees_the_state_and_what_is_meant(log: PatientLog, inbox: Inbox) -> None:
    met: list[tuple[object, Intent]] = []

    def judge(state: object, intent: Intent) -> None:
        met.append((state, intent))

    Recorder(STREAM, log, Clock(Computer()), lambda: "as it stands", [judge], inbox.post).record(
        Marked(), SOMEONE, minute(0) - MINUTE_US
    )
    assert met == [("as it stands", Intent(Marked(), SOMEONE, minute(-1), minute(0)))]


def test_what_will_never_be_kept_is_told_as_lost(log: PatientLog, inbox: Inbox) -> None:
    told = recorder(log, inbox)
    ear = Ear(told)
    failed, cancelled = told.record(Marked(), SOMEONE), told.record(Marked(), SOMEONE)
    log.said[0][1].set_exception(KnownError("Not saved."))
    cancelled.kept.cancel()
    drain(inbox)
    assert ear.lost == [failed.statement.id, cancelled.statement.id]
    assert ear.heard == []


def test_a_listener_that_fails_is_logged_and_stops_nobody(
    log: PatientLog, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    told = recorder(log, inbox)

    def fails(entry: Entry, fact: Fact) -> None:
        raise ValueError("cannot draw")

    told.listen(fails)
    ear = Ear(told)
    told.record(NoteTaken("a word of the sample patient"), SOMEONE)
    with caplog.at_level(logging.ERROR):
        log.keep(0)
        drain(inbox)
    assert len(ear.heard) == 1
    assert "cannot draw" in caplog.text
    assert "sample patient" not in caplog.text


def test_what_is_sealed_is_not_in_the_statement_in_the_clear(log: PatientLog, inbox: Inbox) -> None:
    sealing = Recorder(
        STREAM, log, Clock(Computer()), lambda: None, [], inbox.post, lambda content: ("key-1", content[::-1])
    )
    payload = sealing.record(NoteTaken("mine alone"), SOMEONE).statement.payload
    assert (payload.sealed_to, payload.bytes) == ("key-1", codec.encode(NoteTaken("mine alone"))[::-1])


def test_a_call_from_another_thread_is_run_by_the_core(inbox: Inbox) -> None:
    called: list[int] = []
    for n in range(3):
        inbox.post(lambda n=n: called.append(n))
    assert called == []
    drain(inbox)
    assert called == [0, 1, 2]
    assert not inbox.run_until(lambda: False, 0.02)
