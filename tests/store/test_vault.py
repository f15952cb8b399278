"""The file on the disk: encrypted, the owner's alone, of the right version, with its guards, not on a share."""

import sqlite3
import stat
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.sql.schema import Column

from kapdesk.access import file
from kapdesk.errors import KnownError
from kapdesk.facts.entry import Stream
from kapdesk.facts.session import NoteTaken
from kapdesk.store import keys, schema, statements, tables, vault
from kapdesk.store.check import check
from kapdesk.store.log import SqlLog
from tests.fakes import statement

MOUNTS = """/dev/vda1 / ext4 rw,relatime 0 0
tmpfs /tmp tmpfs rw 0 0
//server/share /srv/clinic cifs rw 0 0
server:/export /srv/with\\040space nfs4 rw 0 0
sample@host:/home /home/sample/far fuse.sshfs rw 0 0
/dev/sdb1 /srv/clinic/local ext4 rw 0 0
systemd-1 /srv/auto autofs rw 0 0
server:/auto /srv/auto nfs rw 0 0
short
"""


@pytest.fixture
def said(folder: Path, own: keys.Keys) -> Stream:
    """A closed record with a note in it."""
    stream = Stream("session", str(uuid4()))
    log = SqlLog(folder, own)
    log.append(statement(stream, NoteTaken("a whisper of the sample patient"))).result(20)
    log.close()
    return stream


def change(folder: Path, own: keys.Keys, *sqls: str) -> None:
    connection = vault.connect(folder, own.database_key)
    for sql in sqls:
        connection.execute(sql)
    connection.close()


def test_nothing_of_it_can_be_read_without_the_key(folder: Path, said: Stream) -> None:
    everything = b"".join(path.read_bytes() for path in folder.iterdir() if path.name != file.FILE)
    assert b"secret" not in everything
    assert b"CREATE TABLE" not in everything
    assert not everything.startswith(b"SQLite format 3")


def test_while_it_is_open_the_wal_tells_nothing_either_and_all_is_the_owners_alone(folder: Path, log: SqlLog) -> None:
    log.append(statement(Stream("session", "s"), NoteTaken("a whisper of the sample patient"))).result(20)
    files = {path.name: path for path in folder.iterdir()}
    assert {"record.db", "record.db-wal", "record.db-shm", file.FILE} <= set(files)
    assert b"whisper" not in b"".join(path.read_bytes() for path in files.values())
    assert {name: oct(stat.S_IMODE(path.stat().st_mode)) for name, path in files.items()} == dict.fromkeys(
        files, "0o600"
    )


def test_it_is_durable_and_guarded_on_every_connection(folder: Path, own: keys.Keys) -> None:
    connection = vault.connect(folder, own.database_key)
    told = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "recursive_triggers", "foreign_keys", "temp_store")
    }
    connection.close()
    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,
        "recursive_triggers": 1,
        "foreign_keys": 1,
        "temp_store": 2,
    }


def test_a_wrong_key_is_told_plainly_and_nothing_is_touched(folder: Path, own: keys.Keys, said: Stream) -> None:
    before = (folder / vault.FILE).read_bytes()
    with pytest.raises(KnownError, match="does not open with its key"):
        vault.connect(folder, "00" * 32)
    assert (folder / vault.FILE).read_bytes() == before
    vault.connect(folder, own.database_key).close()


@pytest.mark.parametrize("key", ["", "00" * 31, "x" * 64])
def test_a_key_of_another_form_never_reaches_the_file(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        vault.connect(tmp_path, key)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_not_encrypted_is_refused(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / vault.FILE)
    plain.execute("CREATE TABLE entry (id BLOB)")
    plain.commit()
    plain.close()
    with pytest.raises(KnownError):
        SqlLog(tmp_path, keys.new_keys())
    with pytest.raises(KnownError, match="is not encrypted"):
        vault.assert_encrypted(tmp_path)


@pytest.mark.parametrize("damage", [b"", b"noise" * 2_000])
def test_a_file_that_was_cut_or_overwritten_is_told_plainly(folder: Path, own: keys.Keys, damage: bytes) -> None:
    path = folder / vault.FILE
    path.write_bytes(path.read_bytes()[:100] + damage)
    with pytest.raises(KnownError, match="is damaged"):
        SqlLog(folder, own).close()


@pytest.mark.parametrize("page", [2, 4, 6, 8, 10])
def test_a_page_that_was_damaged_is_named_or_told_plainly(folder: Path, own: keys.Keys, page: int) -> None:
    path = folder / vault.FILE
    content = bytearray(path.read_bytes())
    place = (page - 1) * 4096 + 100
    content[place : place + 24] = bytes(24)
    path.write_bytes(content)
    assert any(f"page {page}" in words or "damaged" in words for words in _faults(folder, own))


def _faults(folder: Path, own: keys.Keys) -> list[str]:
    """What opening and checking say of a record."""
    try:
        log = SqlLog(folder, own)
    except KnownError as error:
        return [str(error)]
    try:
        return list(check(log, {own.station: own.public_key()}).pages)
    except KnownError as error:
        return [str(error)]
    finally:
        log.close()


def test_a_folder_that_is_not_there_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="is missing"):
        vault.connect(tmp_path / "none", "00" * 32)


@pytest.mark.parametrize(
    ("folder", "share"),
    [
        ("/srv/clinic", "cifs"),
        ("/srv/clinic/deep/er", "cifs"),
        ("/srv/with space/c", "nfs4"),
        ("/home/sample/far/away", "fuse.sshfs"),
        ("/srv/auto/c", "nfs"),
        ("/srv/clinic/local/c", None),
        ("/srv/clinical", None),
        ("/home/sample", None),
        ("/", None),
    ],
)
def test_a_network_share_is_refused_for_the_record(folder: str, share: str | None) -> None:
    if share is None:
        vault.refuse_network_share(Path(folder), MOUNTS)
        return
    with pytest.raises(KnownError, match=f"on a network share \\({share}\\)") as told:
        vault.refuse_network_share(Path(folder), MOUNTS)
    assert "choose a folder on this computer's own disk" in str(told.value)


def test_this_computers_own_disk_is_taken(tmp_path: Path) -> None:
    vault.refuse_network_share(tmp_path)


# The tables.


def test_the_newest_migration_is_the_schema_this_kapdesk_writes() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [statements.HEAD]


def told(column: Column[object]) -> tuple[str, str, bool, bool]:
    kind = {"BLOB": "BLOB", "Integer": "INTEGER", "Text": "TEXT"}[type(column.type).__name__]
    return column.name, kind, not column.nullable, column.primary_key


@pytest.mark.parametrize("table", [tables.entry, tables.payload, tables.draft], ids=lambda table: table.name)
def test_the_migrations_make_the_tables_as_they_are_told_here(log: SqlLog, table: tables.Table) -> None:
    made = [(name, kind, bool(filled), bool(key)) for _, name, kind, filled, _, key in log.select(
        f"PRAGMA table_info({table.name})"
    )]  # fmt: skip
    assert made == [told(column) for column in table.columns]
    named = {row[1] for row in log.select(f"PRAGMA index_list({table.name})") if not row[1].startswith("sqlite_")}
    assert named == {index.name for index in table.indexes}


def test_opening_again_leaves_the_tables_alone(folder: Path, own: keys.Keys, log: SqlLog) -> None:
    before = log.select("SELECT sql FROM sqlite_master ORDER BY name")
    SqlLog(folder, own).close()
    assert log.select("SELECT sql FROM sqlite_master ORDER BY name") == before


def test_a_record_of_a_newer_kapdesk_is_refused_and_not_touched(folder: Path, own: keys.Keys) -> None:
    change(folder, own, "UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(KnownError) as told_:
        SqlLog(folder, own)
    assert "written by a newer KapDesk" in str(told_.value)
    assert "update KapDesk" in str(told_.value)
    change(folder, own, f"UPDATE alembic_version SET version_num = '{statements.HEAD}'")
    SqlLog(folder, own).close()


@pytest.mark.parametrize("name", statements.TRIGGERS)
def test_a_guard_that_was_taken_away_refuses_the_start(folder: Path, own: keys.Keys, name: str) -> None:
    change(folder, own, f"DROP TRIGGER {name}")
    with pytest.raises(KnownError, match=name):
        SqlLog(folder, own)


def test_a_guard_that_was_weakened_and_a_foreign_one_refuse_the_start(folder: Path, own: keys.Keys) -> None:
    name = "entry_is_never_changed"
    weak = f"CREATE TRIGGER {name} BEFORE UPDATE ON entry WHEN OLD.seq > 5 BEGIN SELECT RAISE(ABORT, 'x'); END"
    change(folder, own, f"DROP TRIGGER {name}", weak)
    with pytest.raises(KnownError, match="tampered with"):
        SqlLog(folder, own)
    change(folder, own, f"DROP TRIGGER {name}", statements.TRIGGERS[name])
    SqlLog(folder, own).close()
    change(folder, own, "CREATE TRIGGER swallow BEFORE INSERT ON entry BEGIN SELECT RAISE(IGNORE); END")
    with pytest.raises(KnownError, match="swallow"):
        SqlLog(folder, own)
