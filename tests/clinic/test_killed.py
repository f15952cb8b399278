"""Killed at any moment, again and again: whatever was acknowledged is there, and every chain holds."""

import random
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from kapdesk.clinic.inbox import Inbox
from kapdesk.clinic.open import OpenClinic
from kapdesk.facts.entry import Stream
from kapdesk.facts.session import NoteTaken
from tests.keys import opened

HOUSE = Path(__file__).resolve().parent.parent.parent


def killed_after(folder: Path, acknowledged: int) -> tuple[str, list[UUID]]:
    """Let the program record, kill it once it has acknowledged so many entries; its session, and all it told of."""
    command = [sys.executable, "-m", "tests.clinic.recording", str(folder)]
    with subprocess.Popen(command, cwd=HOUSE, stdout=subprocess.PIPE) as program:
        assert program.stdout
        told: list[bytes] = []
        for line in program.stdout:
            told.append(line)
            if len(told) > acknowledged:
                break
        program.kill()
        told += program.stdout.readlines()
    assert len(told) > acknowledged, "it ended by itself"
    # A line cut off by the kill was not told.
    words = [line.decode().split() for line in told if line.endswith(b"\n")]
    return words[0][1], [UUID(id_) for what, id_ in words if what == "kept"]


def kill_again_and_again(folder: Path, times: int, seed: int) -> None:
    chance = random.Random(seed)
    acknowledged: list[UUID] = []
    for _ in range(times):
        session, more = killed_after(folder, chance.choice([1, 2, 7, chance.randrange(150)]))
        acknowledged += more
        clinic = OpenClinic(opened(folder), Inbox().post)
        try:
            kept = {each.entry.body.id for each in clinic.log.read(Stream("session", session))}
            assert [id_ for id_ in acknowledged if id_ not in kept] == []
            assert clinic.check().damage == ()
            (away,) = clinic.unfinished.look()
            assert str(away.session) == session
            assert not away.ask
            notes = clinic.visit(away.session).session.history.standing(NoteTaken)
            assert len({note.id for note in notes}) == len(notes) > 0
            assert clinic.drafts.all()["note"].text.startswith("typed ")
        finally:
            clinic.close()
    assert len(acknowledged) > times


def test_no_kill_loses_what_was_acknowledged(folder: Path) -> None:
    kill_again_and_again(folder, times=5, seed=2)


@pytest.mark.deep
def test_sixty_kills_lose_nothing(folder: Path) -> None:
    kill_again_and_again(folder, times=60, seed=60)
