"""Brings the tables up to date, refuses a file of a newer KapDesk, and asserts the triggers."""

from pathlib import Path

from sqlcipher3 import dbapi2

from kapdesk.errors import Damaged, KnownError
from kapdesk.store.statements import HEAD, TRIGGERS
from kapdesk.store.vault import Connection


def prepare(connection: Connection) -> None:
    """Make the tables of a new file, or bring an older one up to date.

    Raises KnownError for a file of a newer KapDesk, or one whose protection against change is not there.
    """
    version = _version(connection)
    if version != HEAD:
        if version is not None and version not in _known():
            raise KnownError(_newer(version))
        _upgrade(connection)
    assert_triggers(connection)


def examine(connection: Connection) -> None:
    """Raises KnownError where `prepare` would, and changes nothing."""
    version = _version(connection)
    if version is not None and version != HEAD and version not in _known():
        raise KnownError(_newer(version))
    if version == HEAD:
        assert_triggers(connection)


def assert_triggers(connection: Connection) -> None:
    """Raises KnownError unless every append-only trigger stands, word for word, and no other."""
    found = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    broken = sorted(name for name, sql in TRIGGERS.items() if " ".join(found.get(name, "").split()) != sql)
    broken += sorted(set(found) - set(TRIGGERS))  # one more could drop rows without a word
    if broken:
        raise Damaged(
            f"The record's protection against change was tampered with ({', '.join(broken)}). "
            "KapDesk does not write to it; put it back from its copies."
        )


def _newer(version: str) -> str:
    return (
        f"This record was written by a newer KapDesk (version {version} of its tables, this one knows {HEAD}). "
        "Nothing was changed; update KapDesk on this computer."
    )


def _version(connection: Connection) -> str | None:
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else None


def _known() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory(str(_migrations())).walk_revisions()}


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import StaticPool

    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: connection, poolclass=StaticPool)
    event.listen(engine, "begin", lambda shared: shared.exec_driver_sql("BEGIN IMMEDIATE"))
    config = Config()
    config.set_main_option("script_location", str(_migrations()).replace("%", "%%"))
    with engine.begin() as shared:
        config.attributes["connection"] = shared
        command.upgrade(config, "head")


def _migrations() -> Path:
    return Path(__file__).parent / "migrations"
