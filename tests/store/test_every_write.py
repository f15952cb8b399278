"""The power goes in the middle of any write: what was acknowledged before it is there, and every chain holds.

All states of a long session are for benchmarks.durability; here a short one goes through the same hands.
"""

import os
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from benchmarks import durability
from kapdesk.facts.entry import Stream
from kapdesk.facts.session import NoteTaken
from kapdesk.store import keys, vault
from kapdesk.store.log import SqlLog
from tests.fakes import statement

pytestmark = pytest.mark.skipif(shutil.which("gcc") is None, reason="no C compiler to build the library that listens")


@pytest.fixture
def shim(tmp_path: Path) -> Path:
    made = tmp_path / "write_trace.so"
    subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", made, durability.SHIM, "-ldl", "-lpthread"], check=True)
    return made


def test_whatever_write_is_the_last_nothing_acknowledged_is_lost(tmp_path: Path, shim: Path) -> None:
    states, gone = durability.every_state(shim, notes=4)
    assert states > 100
    assert gone == 0


REKEY = """
import sys
from pathlib import Path
from kapdesk.store import vault
vault.rekey(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
"""


def test_a_new_key_cut_off_in_any_write_leaves_a_record_that_opens_with_one_of_both(
    tmp_path: Path, shim: Path, own: keys.Keys
) -> None:
    base, place, new = tmp_path / "base", tmp_path / "traced", "7b" * 32
    base.mkdir()
    log = SqlLog(base, own, new=True)
    stream = Stream("session", str(uuid4()))
    said = [log.append(statement(stream, NoteTaken("x" * 900), n)) for n in range(40)]
    expected = [each.result(20).body.id for each in said]
    log.close()
    shutil.copytree(base, place)
    trace = tmp_path / "trace"
    env = {**os.environ, "LD_PRELOAD": str(shim), "TRACE_FOLDER": str(place), "TRACE_FILE": str(trace)}
    subprocess.run(
        [sys.executable, "-c", REKEY, place, own.database_key, new], env=env, cwd=durability.HOUSE, check=True
    )
    disk, states, opened_by = durability.Disk(base), 0, set[str]()
    for what, offset, name, content in durability.steps_of(trace):
        for part in {content[: len(content) // 2], content} if what == "write" else {content}:
            disk.do(what, offset, name, part)
            disk.lay_out(tmp_path / "cut")
            key = next(key for key in (new, own.database_key) if vault.opens(tmp_path / "cut", key))
            opened_by.add(key)
            states += 1
            with closing(vault.connect(tmp_path / "cut", key)) as record:
                rows = record.execute("SELECT id FROM entry ORDER BY rowid").fetchall()
                assert [UUID(bytes=row[0]) for row in rows] == expected
                assert record.execute("PRAGMA cipher_integrity_check").fetchall() == []
    assert states > 40
    assert opened_by == {new, own.database_key}


def test_what_the_record_lacks_is_counted_as_lost(tmp_path: Path, shim: Path) -> None:
    """The measure itself can fail: without its last writes a folder lacks what was acknowledged."""
    ring, steps = durability.traced(tmp_path / "base", tmp_path / "clinic", shim, 4)
    disk = durability.Disk(tmp_path / "base")
    *_, before_last, _ = (n for n, (_, _, name, _) in enumerate(steps) if name == durability.ACKNOWLEDGED)
    for n, step in enumerate(steps):
        if n < before_last or step[2] != "record.db-wal":
            disk.do(*step)
    disk.lay_out(tmp_path / "cut")
    assert durability.lost(ring, tmp_path / "cut") > 0
