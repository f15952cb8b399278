"""The child that hears files: what it finds, and that no file can take it along."""

import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from kapdesk.errors import KnownError
from kapdesk.music.library.measure import EMPTY
from kapdesk.music.library.worker import CRASHED, HUNG, Cancelled, Worker
from tests.music.library.sounds import flac
from tests.sound import until

BAD_CHILD = """
import json, os, sys, time
for line in sys.stdin:
    job = json.loads(line)
    if "crash" in job["path"]:
        os.kill(os.getpid(), 11)
    if "hang" in job["path"]:
        time.sleep(600)
    print(json.dumps({"n": job["n"], "done": job["path"]}), flush=True)
"""


def job(path: Path | str, do: str = "measure", **more: Any) -> dict[str, Any]:
    return {"do": do, "path": str(path), **more}


def test_files_are_heard_one_after_the_other_and_a_bad_one_has_its_sentence(tmp_path: Path) -> None:
    worker, shares = Worker(), []
    (tmp_path / "empty.mp3").touch()
    try:
        heard = worker.do(job(flac(tmp_path / "one.flac", 60)), shares.append)
        with pytest.raises(KnownError, match=EMPTY):
            worker.do(job(tmp_path / "empty.mp3"))
        assert worker.do(job(flac(tmp_path / "two.flac", 2)))["length_ms"] == 2_000
    finally:
        worker.close()
    assert heard["length_ms"] == 60_000
    assert shares == sorted(shares)
    assert shares


def test_a_decoder_that_crashes_or_hangs_at_a_file_takes_only_that_file_along() -> None:
    worker = Worker(0.5, (sys.executable, "-c", BAD_CHILD))
    try:
        with pytest.raises(KnownError, match=CRASHED):
            worker.do(job("crash"))
        assert worker.do(job("good")) == "good"
        with pytest.raises(KnownError, match=HUNG):
            worker.do(job("hang"))
        assert worker.do(job("good again")) == "good again"
    finally:
        worker.close()


def test_cancel_ends_what_is_being_done_at_once_and_leaves_no_process() -> None:
    worker = Worker(60, (sys.executable, "-c", BAD_CHILD))
    ended = threading.Event()

    def work() -> None:
        with pytest.raises(Cancelled):
            worker.do(job("hang"))
        ended.set()

    thread = threading.Thread(target=work)
    thread.start()
    until(lambda: worker._child is not None and worker._child.pid)
    pid = worker._child.pid  # type: ignore[union-attr]
    worker.cancel()
    assert ended.wait(10)
    thread.join()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(Cancelled):
        worker.do(job("good"))


def test_a_moved_file_is_found_by_its_content(tmp_path: Path) -> None:
    worker = Worker()
    below = tmp_path / "elsewhere" / "below"
    below.mkdir(parents=True)
    piece, other = flac(below / "renamed.flac", 2, seed=1), flac(below / "other.flac", 2, seed=2)
    other.write_bytes(other.read_bytes().ljust(piece.stat().st_size, b"\0")[: piece.stat().st_size])
    try:
        digest = worker.do(job(piece))["digest"]
        wanted = {"digest": digest, "size": piece.stat().st_size, "folders": [str(tmp_path)]}
        assert worker.do(job("", "find", **wanted)) == str(piece)
        piece.unlink()
        assert worker.do(job("", "find", **wanted)) is None
    finally:
        worker.close()
