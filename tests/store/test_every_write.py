"""The power goes in the middle of any write: what was acknowledged before it is there, and every chain holds.

All states of a long session are for benchmarks.durability; here a short one goes through the same hands.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from benchmarks import durability

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
