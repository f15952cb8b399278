"""The log: entries, payloads, drafts, and the triggers that make it append-only."""

from alembic import op

revision = "0001"
down_revision = None

_STEPS = (
    """CREATE TABLE entry (
        id BLOB NOT NULL PRIMARY KEY, v INTEGER NOT NULL, clinic BLOB NOT NULL, stream_kind TEXT NOT NULL,
        stream_id TEXT NOT NULL, station TEXT NOT NULL, seq INTEGER NOT NULL, prev TEXT NOT NULL, kind TEXT NOT NULL,
        at_us INTEGER NOT NULL, entered_at_us INTEGER NOT NULL, utc_offset_s INTEGER NOT NULL, boot_id TEXT NOT NULL,
        boottime_ms INTEGER NOT NULL, key_ms INTEGER NOT NULL, key_counter INTEGER NOT NULL, key_station TEXT NOT NULL,
        "by" TEXT NOT NULL, entered_by TEXT NOT NULL, payload_sha TEXT NOT NULL, hash TEXT NOT NULL, sig BLOB NOT NULL,
        CONSTRAINT one_chain UNIQUE (stream_kind, stream_id, station, seq))""",
    "CREATE INDEX by_kind ON entry (stream_kind, kind)",
    """CREATE TABLE payload (
        entry_id BLOB NOT NULL PRIMARY KEY REFERENCES entry (id), salt BLOB NOT NULL, codec TEXT NOT NULL,
        sealed_to TEXT, bytes BLOB NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE draft (key TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL, first_key_us INTEGER NOT NULL)",
    """CREATE TRIGGER entry_is_never_changed BEFORE UPDATE ON entry
        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
    """CREATE TRIGGER entry_is_never_deleted BEFORE DELETE ON entry
        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
    """CREATE TRIGGER payload_is_never_changed BEFORE UPDATE ON payload
        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
    """CREATE TRIGGER payload_is_deleted_by_erasure_only BEFORE DELETE ON payload
        WHEN NOT EXISTS (SELECT 1 FROM entry erased JOIN entry mine ON mine.id = OLD.entry_id
        WHERE erased.kind = 'erased' AND erased.stream_kind <> 'clinic' AND mine.kind <> 'erased'
        AND erased.stream_kind = mine.stream_kind AND erased.stream_id = mine.stream_id)
        BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
)


def upgrade() -> None:
    """Make the first tables."""
    for step in _STEPS:
        op.execute(step)
