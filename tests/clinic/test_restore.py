"""A damaged record is put back from its copies, under a new station, and nothing that was damaged is thrown away."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kapdesk.clinic import restore as putting_back
from kapdesk.clinic.restore import Report, restore
from kapdesk.clock import Clock
from kapdesk.errors import Damaged, KnownError
from kapdesk.facts.clinic import RecordRestored
from kapdesk.facts.fact import Erased
from kapdesk.facts.people import ITSELF
from kapdesk.facts.session import NoteTaken
from kapdesk.record.recorder import Recorder
from kapdesk.store import backup, places, vault
from kapdesk.store.drafts import Draft
from tests.desk import Desk
from tests.fakes import Computer
from tests.keys import keys_of, opened

Open = Callable[[], Desk]


def note(desk: Desk, *texts: str) -> None:
    (room,) = desk.clinic.rooms.values()
    for text in texts:
        desk.kept(room.record(NoteTaken(text)))


def notes(desk: Desk) -> list[str]:
    desk.clinic.unfinished.look()
    (line,) = desk.clinic.visits()
    return [h.fact.text for h in desk.clinic.visit(line.id).session.history.standing(NoteTaken)]


def back_up(desk: Desk) -> None:
    backup.make(desk.clinic.log, desk.folder / places.BACKUPS, desk.clinic.clock.now().utc_us)


def spoil(folder: Path) -> None:
    """Half of the record's pages are gone."""
    path = folder / "record.db"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 3] + bytes(len(whole) // 2))


def put_back(folder: Path, computer: Computer, drill: bool = False) -> Report:
    return restore(opened(folder), Clock(computer), drill=drill)


@pytest.fixture
def spoiled(open_desk: Open, folder: Path) -> Path:
    """A session with a backup in its middle; then the record is damaged."""
    desk = open_desk()
    desk.dosed(desk.room())
    desk.until(desk.clinic.backups.idle)
    note(desk, "before the backup")
    back_up(desk)
    note(desk, "after the backup", "the last words")
    desk.close()
    spoil(folder)
    with pytest.raises(Damaged):
        open_desk()
    return folder


def test_backup_and_second_copy_together_lose_nothing(spoiled: Path, computer: Computer, open_desk: Open) -> None:
    before = keys_of(spoiled)
    (spoiled / vault.INDEX).touch()
    report = put_back(spoiled, computer)
    assert not (spoiled / vault.INDEX).exists(), "it was made from what is set aside"
    assert (report.whole, report.refused, report.from_second_copy) == (True, (), 2)
    desk = open_desk()
    assert notes(desk) == ["before the backup", "after the backup", "the last words"]
    assert desk.clinic.check().whole
    after = keys_of(spoiled)
    assert (after.clinic, after.database_key) == (before.clinic, before.database_key)
    assert after.station != before.station
    assert after.station_key != before.station_key
    (told,) = desk.clinic.state.history.standing(RecordRestored)
    assert (told.fact.from_second_copy, told.fact.refused) == (2, 0)


def test_the_session_goes_on_under_the_new_station(spoiled: Path, computer: Computer, open_desk: Open) -> None:
    put_back(spoiled, computer)
    desk = open_desk()
    (away,) = desk.clinic.unfinished.look()
    room = desk.clinic.unfinished.resume(away)
    room.by = desk.person("Sample Nurse Two")
    desk.kept(room.record(NoteTaken("and on it goes")))
    desk.close()
    again = open_desk()
    assert notes(again)[-1] == "and on it goes"
    assert again.clinic.check().whole
    assert len(again.clinic.stations) == 2


def test_what_was_half_typed_when_it_broke_is_there_again_but_not_what_was_erased(
    open_desk: Open, folder: Path, computer: Computer
) -> None:
    desk = open_desk()
    nurse = desk.person()
    room, other = desk.room(nurse), desk.room(nurse, desk.patient(nurse, "Sample Patient B"))
    desk.clinic.drafts.keep(Draft(f"note:{other.id}:", "of before its erasure", other.now_us()))
    back_up(desk)
    desk.clinic.drafts.keep(Draft(f"note:{room.id}:", "she said that the li", room.now_us()))
    erased = Recorder(other.stream, desk.clinic.log, desk.clinic.clock, lambda: None, [], desk.inbox.post)
    desk.kept(erased.record(Erased("on request", "p-2"), ITSELF))
    desk.close()
    connection = vault.connect(folder, keys_of(folder).database_key)
    connection.execute("DROP TRIGGER entry_is_never_changed")
    connection.close()
    with pytest.raises(Damaged):
        open_desk()
    put_back(folder, computer)
    assert [each.text for each in open_desk().clinic.drafts.all().values()] == ["she said that the li"]


def test_what_was_damaged_is_set_aside_with_its_wal_and_second_copy(spoiled: Path, computer: Computer) -> None:
    damaged = (spoiled / "record.db").read_bytes()
    (spoiled / "record.db-wal").write_bytes(b"a stale wal that must not be replayed")
    report = put_back(spoiled, computer)
    aside = Path(report.aside)
    assert (aside / "record.db").read_bytes() == damaged
    assert (aside / "record.db-wal").exists()
    assert not (spoiled / "record.db-wal").exists()
    assert [path for path in spoiled.glob("journal-aside-*") if any(path.iterdir())]
    assert not (spoiled / "restoring").exists()
    assert (spoiled / "record.db").stat().st_mode & 0o777 == 0o600


def test_a_drill_tells_the_same_and_changes_nothing(spoiled: Path, computer: Computer) -> None:
    def files() -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in spoiled.rglob("*") if path.is_file()}

    before = files()
    report = put_back(spoiled, computer, drill=True)
    assert (report.drill, report.whole, report.from_second_copy, report.aside) == (True, True, 2, "")
    assert files() == before


def test_a_drill_runs_beside_the_desk_but_putting_back_does_not(desk: Desk, computer: Computer) -> None:
    note(desk, *()) if desk.clinic.rooms else desk.room()
    back_up(desk)
    assert put_back(desk.folder, computer, drill=True).whole
    with pytest.raises(KnownError, match="KapDesk has this record open"):
        put_back(desk.folder, computer)


@pytest.mark.parametrize("gone", ["backups", "journal"])
def test_one_of_the_two_copies_is_enough_as_far_as_it_reaches(
    spoiled: Path, computer: Computer, open_desk: Open, gone: str
) -> None:
    shutil.rmtree(spoiled / gone)
    report = put_back(spoiled, computer)
    assert report.whole
    found = notes(open_desk())
    assert found[0] == "before the backup"
    assert ("the last words" in found) == (gone == "backups")


def test_without_any_copy_nothing_is_changed(spoiled: Path, computer: Computer) -> None:
    shutil.rmtree(spoiled / "backups")
    shutil.rmtree(spoiled / "journal")
    damaged = (spoiled / "record.db").read_bytes()
    with pytest.raises(KnownError, match="neither a backup nor a second copy"):
        put_back(spoiled, computer)
    assert (spoiled / "record.db").read_bytes() == damaged


def test_a_damaged_backup_is_passed_over_for_an_older_one(spoiled: Path, computer: Computer, open_desk: Open) -> None:
    made = backup.at_hand([spoiled / "backups"])[0]
    newer = made.path.with_name("record-30000101T000000.000000Z.backup")
    shutil.copyfile(made.path, newer)
    slip = (
        made.path.with_suffix(".toml").read_text().replace(f"made_us = {made.made_us}", "made_us = 32503680000000000")
    )
    newer.with_suffix(".toml").write_text(slip)
    with newer.open("r+b") as file:
        file.seek(5_000)
        file.write(b"damage")
    assert put_back(spoiled, computer).backup == made.path.name
    assert notes(open_desk())[-1] == "the last words"


def test_a_record_that_is_gone_is_put_back(spoiled: Path, computer: Computer, open_desk: Open) -> None:
    (spoiled / "record.db").unlink()
    assert put_back(spoiled, computer).whole
    assert notes(open_desk())[-1] == "the last words"


def test_lines_that_only_the_damaged_file_has_are_taken_from_it(
    open_desk: Open, folder: Path, computer: Computer
) -> None:
    desk = open_desk()
    desk.dosed(desk.room())
    note(desk, "in every copy")
    back_up(desk)
    desk.close()
    shutil.copytree(folder / "journal", folder / "old")
    desk = open_desk()
    (away,) = desk.clinic.unfinished.look()
    desk.clinic.unfinished.resume(away).by = desk.person("Sample Nurse Two")
    note(desk, "only in the record")
    desk.close()
    shutil.rmtree(folder / "journal")
    os.replace(folder / "old", folder / "journal")
    report = put_back(folder, computer)
    assert report.from_damaged >= 1
    assert notes(open_desk()) == ["in every copy", "only in the record"]


def test_what_was_erased_does_not_come_back(open_desk: Open, folder: Path, computer: Computer) -> None:
    desk = open_desk()
    room = desk.dosed(desk.room())
    note(desk, "to be gone")
    back_up(desk)
    recorder = Recorder(room.stream, desk.clinic.log, desk.clinic.clock, lambda: None, [], desk.inbox.post)
    desk.kept(recorder.record(Erased("asked for by the patient", "p-2"), ITSELF))
    desk.clinic.log.forget_erased()
    desk.close()
    spoil(folder)
    assert put_back(folder, computer).whole
    log = open_desk().clinic.log
    assert all(kept.payload is None or kept.entry.body.kind == "erased" for kept in log.read(room.stream))


def test_broken_off_at_any_step_it_can_be_done_again(
    spoiled: Path, computer: Computer, open_desk: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace
    for step in range(1, 5):
        folder = Path(shutil.copytree(spoiled, tmp_path / f"try-{step}"))
        moves = iter(range(1, 100))

        def break_off(old: object, new: object, moves: object = moves, step: int = step) -> None:
            if next(moves) == step:  # type: ignore[call-overload]
                raise InterruptedError("the power went")
            real(old, new)  # type: ignore[arg-type]

        monkeypatch.setattr(putting_back.os, "replace", break_off)
        try:
            put_back(folder, computer)
        except (InterruptedError, KnownError):
            pass
        finally:
            monkeypatch.setattr(putting_back.os, "replace", real)
        report = put_back(folder, computer)
        assert report.whole, f"after step {step}"
        desk = Desk(folder, computer)
        assert notes(desk) == ["before the backup", "after the backup", "the last words"], f"after step {step}"
        desk.close()
