"""The tables of the record, the triggers that make it append-only, and the statements of the append path."""

from sqlalchemy import BLOB, Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import Insert

HEAD = "0001"
"""The schema this KapDesk writes; the newest migration has this name."""

metadata = MetaData()

entry = Table(
    "entry",
    metadata,
    Column("id", BLOB, primary_key=True),
    Column("v", Integer, nullable=False),
    Column("clinic", BLOB, nullable=False),
    Column("stream_kind", Text, nullable=False),
    Column("stream_id", Text, nullable=False),
    Column("station", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("prev", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("at_us", Integer, nullable=False),
    Column("entered_at_us", Integer, nullable=False),
    Column("utc_offset_s", Integer, nullable=False),
    Column("boot_id", Text, nullable=False),
    Column("boottime_ms", Integer, nullable=False),
    Column("key_ms", Integer, nullable=False),
    Column("key_counter", Integer, nullable=False),
    Column("key_station", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("payload_sha", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("sig", BLOB, nullable=False),
    UniqueConstraint("stream_kind", "stream_id", "station", "seq", name="one_chain"),
    Index("in_order", "stream_kind", "stream_id", "key_ms", "key_counter", "key_station"),
    Index("by_kind", "stream_kind", "kind"),
)

payload = Table(
    "payload",
    metadata,
    Column("entry_id", BLOB, ForeignKey("entry.id"), primary_key=True),
    Column("salt", BLOB, nullable=False),
    Column("codec", Text, nullable=False),
    Column("sealed_to", Text),
    Column("bytes", BLOB, nullable=False),
)

draft = Table(
    "draft",
    metadata,
    Column("key", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("first_key_us", Integer, nullable=False),
)

TRIGGERS = {
    "entry_is_never_changed": (
        "CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry "
        "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
    ),
    "entry_is_never_deleted": (
        "CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry "
        "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
    ),
    "payload_is_never_changed": (
        "CREATE TRIGGER payload_is_never_changed BEFORE UPDATE ON payload "
        "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
    ),
    "payload_is_deleted_by_erasure_only": (
        "CREATE TRIGGER payload_is_deleted_by_erasure_only BEFORE DELETE ON payload "
        "WHEN NOT EXISTS (SELECT 1 FROM entry erased JOIN entry mine ON mine.id = OLD.entry_id "
        "WHERE erased.kind = 'erased' AND mine.kind <> 'erased' "
        "AND erased.stream_kind = mine.stream_kind AND erased.stream_id = mine.stream_id) "
        "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
    ),
}
"""Asserted at every start, for a schema change can drop a trigger without a word."""


def _sql(statement: Insert) -> str:
    return str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark")))


INSERT_ENTRY = _sql(insert(entry))
INSERT_PAYLOAD = _sql(insert(payload))
KEEP_DRAFT = _sql(insert(draft).prefix_with("OR REPLACE"))
ENTRY_COLUMNS = ", ".join(f"entry.{name}" if name != "by" else 'entry."by"' for name in entry.columns.keys())
PAYLOAD_COLUMNS = "payload.salt, payload.codec, payload.sealed_to, payload.bytes"
