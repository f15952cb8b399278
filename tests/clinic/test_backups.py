"""Backups are made when a session ends, each night and at the close, and what hinders them is said."""

from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from kapdesk.access import file as key_file
from kapdesk.access.accounts import NewPassword
from kapdesk.clinic import keyring
from kapdesk.errors import KnownError
from kapdesk.facts.session import Ended, NoteTaken
from kapdesk.store import backup, places
from kapdesk.store.places import Places
from tests.desk import Desk

Open = Callable[[], Desk]
HOURS = 60


def made(folder: Path) -> list[backup.Backup]:
    return backup.at_hand([folder / places.BACKUPS])


def rest(desk: Desk) -> None:
    desk.settle()
    desk.until(desk.clinic.backups.idle)


def test_one_is_made_when_a_session_ends_and_holds_its_end(desk: Desk, folder: Path) -> None:
    room = desk.dosed(desk.room())
    rest(desk)
    before = made(folder)
    desk.kept(room.record(Ended("completed")))
    rest(desk)
    (newest, *others) = made(folder)
    assert others == before
    assert newest.entries == desk.clinic.log.row()
    safety = desk.clinic.backups.state()
    assert (safety.backup_us, safety.trouble) == (newest.made_us, "")


def test_one_is_made_each_night_that_the_desk_is_open(desk: Desk, folder: Path) -> None:
    room = desk.dosed(desk.room())
    desk.pass_(1)
    rest(desk)
    assert len(made(folder)) == 1, "there was none at all"
    desk.kept(room.record(NoteTaken("evening")))
    desk.pass_(23 * HOURS)
    rest(desk)
    assert len(made(folder)) == 1
    desk.pass_(2 * HOURS)
    rest(desk)
    assert len(made(folder)) == 2


def test_closing_makes_the_last_one_if_anything_is_new(open_desk: Open, folder: Path) -> None:
    desk = open_desk()
    desk.room()
    desk.clinic.close()
    assert len(made(folder)) == 1
    open_desk().clinic.close()
    assert len(made(folder)) == 1


def test_one_that_is_older_than_a_day_and_a_half_is_old(desk: Desk) -> None:
    desk.room()
    desk.pass_(1)
    rest(desk)
    now = desk.clinic.clock.now().utc_us
    assert not desk.clinic.backups.state().old(now + 35 * 3_600_000_000)
    assert desk.clinic.backups.state().old(now + 37 * 3_600_000_000)


def test_what_hinders_it_is_said_and_tried_again_an_hour_later(desk: Desk, folder: Path) -> None:
    (folder / places.BACKUPS).write_text("a file is in the way")
    desk.room()
    desk.pass_(1)
    rest(desk)
    assert desk.clinic.backups.state().trouble.startswith("No backup could be made in")
    (folder / places.BACKUPS).unlink()
    desk.pass_(30)
    rest(desk)
    assert made(folder) == []
    desk.pass_(31)
    rest(desk)
    assert (len(made(folder)), desk.clinic.backups.state().trouble) == (1, "")


def test_copies_go_to_the_second_place_and_beside_the_record_while_it_is_pulled_out(
    open_desk: Open, folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other disk"
    other.mkdir()
    places.write(folder, Places(second=str(other)))
    desk = open_desk()
    desk.room()
    clinic = desk.clinic.log.keys.clinic
    desk.clinic.close()
    assert len(backup.at_hand([other / f"kapdesk-{clinic}" / places.BACKUPS])) == 1
    assert list((other / f"kapdesk-{clinic}" / places.JOURNAL).iterdir())
    other.rename(tmp_path / "pulled out")
    desk = open_desk()
    desk.person("Sample Nurse Two")
    desk.clinic.close()
    assert len(made(folder)) == 1
    assert not other.exists(), "nothing is written where the disk should be"


@pytest.mark.parametrize("content", ["second = 5", "where = 'x'", "second = [", "\udcff"])
def test_a_file_of_places_that_cannot_be_read_is_named(open_desk: Open, folder: Path, content: str) -> None:
    (folder / places.FILE).write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(KnownError, match=r"places\.toml cannot be read .* The record is untouched"):
        open_desk()


def test_places_are_read_as_they_were_written(folder: Path) -> None:
    odd = Places('/media/a "quoted"\\ disk\t🙂', "C:\\off", ("age1xyz",))
    places.write(folder, odd)
    assert places.read(folder) == odd


def test_the_second_copy_is_thinned_by_what_backups_hold(open_desk: Open, folder: Path) -> None:
    for n in range(8):
        desk = open_desk()
        desk.person(f"Sample Nurse {n}")
        desk.computer.pass_(60)
        desk.clinic.close()
    assert len(backup.at_hand([folder / places.BACKUPS])) == backup.NEWEST
    assert len(list((folder / places.JOURNAL).iterdir())) < 8


def test_beside_the_newest_copy_lie_the_sealed_keys_as_they_are_now(open_desk: Open, folder: Path) -> None:
    desk = open_desk()
    desk.kept(desk.room().record(NoteTaken("calm")))
    desk.clinic.backups.soon().result()
    (made,) = backup.at_hand([folder / places.BACKUPS])
    nurse = desk.person("Sample Nurse Two").by
    desk.clinic.ring.add_person(nurse, "Sample Nurse Two", NewPassword("seven slow herons by the mill"))
    desk.clinic.close()

    newest = max(backup.at_hand([folder / places.BACKUPS]), key=lambda each: each.made_us)
    assert made.path.with_suffix(".keys").exists()
    kept = newest.path.with_suffix(".keys").read_bytes()
    (folder / key_file.FILE).unlink()
    with pytest.raises(KnownError, match=r"ends in \.keys"):
        keyring.sign_in(folder, "Sample Nurse Two", "seven slow herons by the mill")
    (folder / key_file.FILE).write_bytes(kept)
    assert keyring.sign_in(folder, "Sample Nurse Two", "seven slow herons by the mill").own.clinic


def test_a_copy_goes_off_site_and_opens_with_the_recipients_key_alone(
    open_desk: Open, folder: Path, tmp_path: Path
) -> None:
    away, mine = tmp_path / "away", pyrage.x25519.Identity.generate()
    away.mkdir()
    places.write(folder, Places(off_site=str(away), recipients=(str(mine.to_public()),)))
    desk = open_desk()
    desk.kept(desk.room().record(NoteTaken("calm")))
    desk.clinic.close()
    (newest,) = made(folder)
    sent = away / f"{newest.path.name}.age"
    assert pyrage.decrypt(sent.read_bytes(), [mine]) == newest.path.read_bytes()
    keys = away / f"{newest.path.with_suffix('.keys').name}.age"
    assert pyrage.decrypt(keys.read_bytes(), [mine]) == (folder / key_file.FILE).read_bytes()
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sent.read_bytes(), [pyrage.x25519.Identity.generate()])
    assert {each.suffix for each in away.iterdir()} == {".age"}

    newest.path.unlink()  # as thinning out does
    again = open_desk()
    again.pass_(1)
    again.person("Sample Nurse Two")
    again.clinic.close()
    assert not sent.exists()
    assert len(list(away.glob("*.backup.age"))) == 1


@pytest.mark.parametrize(
    ("off_site", "recipient", "words"),
    [("gone", "age1", "is not there. The backups here are whole"), ("away", "ssh-rsa x", "number 1 is no age key")],
)
def test_a_place_off_site_that_fails_is_told_and_the_backup_here_stands(
    open_desk: Open, folder: Path, tmp_path: Path, off_site: str, recipient: str, words: str
) -> None:
    (tmp_path / "away").mkdir()
    places.write(folder, Places(off_site=str(tmp_path / off_site), recipients=(recipient,)))
    desk = open_desk()
    desk.kept(desk.room().record(NoteTaken("calm")))
    desk.clinic.backups.soon().result()
    assert words in desk.clinic.backups.state().trouble
    assert len(made(folder)) == 1
