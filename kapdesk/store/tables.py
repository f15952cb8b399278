"""The tables of the record, as SQLAlchemy and the migrations know them.

Only a change of the tables and the tests import this: SQLAlchemy costs a fifth of a second at the start. What runs at
every entry stands compiled in `statements.py`, and a test holds it to these tables.
"""

from sqlalchemy import BLOB, Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint

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
    sqlite_with_rowid=False,
)

draft = Table(
    "draft",
    metadata,
    Column("key", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("first_key_us", Integer, nullable=False),
)
