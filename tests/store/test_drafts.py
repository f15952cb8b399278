"""Half-typed text is on the disk soon after it was typed, and gone when it was recorded."""

import threading
from pathlib import Path

import pytest

from kapdesk.store import keys
from kapdesk.store.drafts import Draft, Drafts
from kapdesk.store.log import SqlLog

WAIT_S = 20.0


@pytest.fixture
def drafts(log: SqlLog) -> Drafts:
    return Drafts(log)


def settle(log: SqlLog) -> None:
    """Until what was handed in, and what that set off, is on the disk."""
    log.writer.submit(lambda _: None).result(WAIT_S)
    log.writer.submit(lambda _: None).result(WAIT_S)


def held(log: SqlLog) -> threading.Event:
    """The writer stays in a slow write until the event is set."""
    go, begun = threading.Event(), threading.Event()

    def job(_: object) -> None:
        begun.set()
        assert go.wait(WAIT_S)

    log.writer.submit(job)
    assert begun.wait(WAIT_S)
    return go


def test_a_draft_is_kept_replaced_and_dropped(log: SqlLog, drafts: Drafts) -> None:
    drafts.keep(Draft("note", "She feels war", 5))
    drafts.keep(Draft("other", "ß ≥ 🙂", 6))
    settle(log)
    assert drafts.all() == {"note": Draft("note", "She feels war", 5), "other": Draft("other", "ß ≥ 🙂", 6)}
    drafts.keep(Draft("note", "She feels warm", 5))
    drafts.drop("other")
    settle(log)
    assert drafts.all() == {"note": Draft("note", "She feels warm", 5)}
    drafts.keep(Draft("note", "", 5))
    settle(log)
    assert drafts.all() == {}


def test_only_the_newest_text_waits_for_a_slow_disk(log: SqlLog, drafts: Drafts) -> None:
    go = held(log)
    for n in range(1, 1_001):
        drafts.keep(Draft("note", "x" * n, 5))
    assert log.writer.pending() == 2
    go.set()
    settle(log)
    assert drafts.all()["note"].text == "x" * 1_000


def test_what_is_typed_while_a_draft_is_being_written_is_written_next(log: SqlLog, drafts: Drafts) -> None:
    drafts.keep(Draft("note", "a", 5))
    log.writer.submit(lambda _: drafts.keep(Draft("note", "ab", 5))).result(WAIT_S)
    settle(log)
    assert drafts.all()["note"].text == "ab"


def test_the_last_words_before_closing_on_a_slow_disk_are_kept(folder: Path, own: keys.Keys) -> None:
    log = SqlLog(folder, own)
    drafts = Drafts(log)
    go, begun = threading.Event(), threading.Event()
    write = drafts._write

    def slowly(connection: object) -> object:
        written = write(connection)
        begun.set()
        assert go.wait(WAIT_S)
        return written

    drafts._write = slowly  # type: ignore[method-assign,assignment]
    drafts.keep(Draft("note", "almost", 5))
    assert begun.wait(WAIT_S)
    drafts.keep(Draft("note", "almost all", 5))
    closing = threading.Thread(target=log.close)
    closing.start()
    go.set()
    closing.join(WAIT_S)

    log = SqlLog(folder, own)
    assert Drafts(log).all()["note"].text == "almost all"
    log.close()


def test_half_a_character_does_not_end_the_keeping_of_drafts(log: SqlLog, drafts: Drafts) -> None:
    go = held(log)
    drafts.keep(Draft("note", "smile \ud83d", 5))
    drafts.keep(Draft("other", "calm", 6))
    go.set()
    settle(log)
    drafts.keep(Draft("note", "smile 🙂", 5))
    settle(log)
    assert drafts.all()["note"].text == "smile 🙂"
    assert drafts.all()["other"].text == "calm"


def test_drafts_are_read_again_when_the_clinic_is_opened_again(folder: Path, own: keys.Keys) -> None:
    log = SqlLog(folder, own)
    Drafts(log).keep(Draft("note", "half a sent", 5))
    log.close()
    log = SqlLog(folder, own)
    assert Drafts(log).all() == {"note": Draft("note", "half a sent", 5)}
    log.close()
    assert b"half a sent" not in (folder / "record.db").read_bytes()
