"""Signed papers on the disk: whole or not there, sealed, and found again from a copy."""

import errno
import os
from pathlib import Path
from uuid import UUID

import pytest

from kapdesk.errors import Damaged, KnownError
from kapdesk.store import papers
from kapdesk.store.papers import Papers, Slip

CLINIC = UUID(int=7)
KEY = bytes(range(32))
PDF = b"%PDF-1.7 Sample Patient A " + bytes(5_000) + b"%%EOF"
SLIP = Slip(UUID(int=1), 1)


@pytest.fixture
def kept(tmp_path: Path) -> Papers:
    return Papers(tmp_path / "clinic", CLINIC, KEY, (tmp_path / "copies",))


def test_a_paper_comes_back_byte_for_byte_and_says_nothing_to_who_reads_the_disk(kept: Papers) -> None:
    sha256 = kept.keep(PDF, SLIP)
    assert kept.take_out(sha256) == papers.Kept(sha256, SLIP, PDF)
    (path,) = kept.place.iterdir()
    assert path.name == f"{sha256}.paper"
    assert path.stat().st_mode & 0o077 == 0
    assert b"Sample Patient" not in path.read_bytes()
    assert kept.at_hand() == {sha256}


def test_kept_twice_it_is_one(kept: Papers) -> None:
    assert kept.keep(PDF, SLIP) == kept.keep(PDF, SLIP)
    assert len(list(kept.place.iterdir())) == 1


@pytest.mark.parametrize("at", [0, 20, 200, -1])
def test_a_flipped_bit_is_found_and_the_copy_takes_its_place(kept: Papers, tmp_path: Path, at: int) -> None:
    sha256 = kept.keep(PDF, SLIP)
    path = kept.place / f"{sha256}.paper"
    whole, spoiled = path.read_bytes(), bytearray(path.read_bytes())
    spoiled[at] ^= 1
    path.write_bytes(spoiled)
    assert not kept.whole(sha256)
    with pytest.raises(Damaged, match="missing or damaged, and so is every copy"):
        kept.take_out(sha256)
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / path.name).write_bytes(whole)
    assert kept.take_out(sha256).pdf == PDF
    assert kept.whole(sha256)


def test_a_paper_under_anothers_name_clinic_or_key_does_not_open(kept: Papers, tmp_path: Path) -> None:
    sha256 = kept.keep(PDF, SLIP)
    os.replace(kept.place / f"{sha256}.paper", kept.place / f"{'0' * 64}.paper")
    assert not kept.whole("0" * 64)
    os.replace(kept.place / f"{'0' * 64}.paper", kept.place / f"{sha256}.paper")
    assert kept.whole(sha256)
    assert not Papers(tmp_path / "clinic", UUID(int=8), KEY).whole(sha256)
    assert not Papers(tmp_path / "clinic", CLINIC, bytes(32)).whole(sha256)


def test_a_disk_that_fills_up_in_mid_write_leaves_no_half_file(kept: Papers, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        path.write_bytes(content[:1_000])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(papers, "write_whole", full)
        with pytest.raises(KnownError, match=r"No space left.*record is signed and safe; make room"):
            kept.keep(PDF, SLIP)
    assert list(kept.place.iterdir()) == []
    assert kept.take_out(kept.keep(PDF, SLIP)).pdf == PDF


def test_a_disk_that_gives_back_other_bytes_keeps_nothing_and_says_so(
    kept: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lying(path: Path, content: bytes) -> None:
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))

    monkeypatch.setattr(papers, "write_whole", lying)
    with pytest.raises(KnownError, match="reads otherwise than it was written"):
        kept.keep(PDF, SLIP)
    assert list(kept.place.iterdir()) == []


def test_what_a_kill_left_unfinished_is_swept_and_never_counted(kept: Papers) -> None:
    sha256 = kept.keep(PDF, SLIP)
    (kept.place / f"{'1' * 64}.paper.new").write_bytes(b"half")
    assert kept.at_hand() == {sha256}
    kept.sweep()
    assert [path.name for path in kept.place.iterdir()] == [f"{sha256}.paper"]


def test_what_is_forgotten_is_gone_here_and_beside_the_backups(kept: Papers, tmp_path: Path) -> None:
    sha256 = kept.keep(PDF, SLIP)
    (tmp_path / "copies").mkdir()
    (tmp_path / "copies" / f"{sha256}.paper").write_bytes((kept.place / f"{sha256}.paper").read_bytes())
    kept.forget([sha256])
    kept.forget([sha256])
    assert (kept.at_hand(), papers.named(tmp_path / "copies")) == (frozenset(), frozenset())
