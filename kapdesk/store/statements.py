"""What the log says to the database at every entry, compiled once from the tables (`tables.py`), and its triggers."""

HEAD = "0001"
"""The schema this KapDesk writes; the newest migration has this name."""

INSERT_ENTRY = (
    "INSERT INTO entry (id, v, clinic, stream_kind, stream_id, station, seq, prev, kind, at_us, "
    'entered_at_us, utc_offset_s, boot_id, boottime_ms, key_ms, key_counter, key_station, "by", '
    "entered_by, payload_sha, hash, sig) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "?, ?, ?)"
)
INSERT_PAYLOAD = "INSERT INTO payload (entry_id, salt, codec, sealed_to, bytes) VALUES (?, ?, ?, ?, ?)"
DELETE_ERASED = (
    "DELETE FROM payload WHERE entry_id IN (SELECT mine.id FROM entry erased JOIN entry mine "
    "ON mine.stream_kind = erased.stream_kind AND mine.stream_id = erased.stream_id "
    "WHERE erased.kind = 'erased' AND erased.stream_kind <> 'clinic' AND mine.kind <> 'erased')"
)
DELETE_ERASED_DRAFTS = (
    "DELETE FROM draft WHERE EXISTS (SELECT 1 FROM entry WHERE kind = 'erased' AND stream_kind <> 'clinic' "
    'AND instr(draft."key", stream_id))'
)
ERASED_STREAMS = "SELECT DISTINCT stream_kind, stream_id FROM entry WHERE kind = 'erased' AND stream_kind <> 'clinic'"
STILL_SAID = (
    "SELECT 1 FROM entry erased JOIN entry mine ON mine.stream_kind = erased.stream_kind "
    "AND mine.stream_id = erased.stream_id JOIN payload ON payload.entry_id = mine.id "
    "WHERE erased.kind = 'erased' AND erased.stream_kind <> 'clinic' AND mine.kind <> 'erased' LIMIT 1"
)
HEADS = (
    "WITH RECURSIVE line(in_kind, in_stream, station) AS ("
    "SELECT stream_kind, stream_id, MIN(station) FROM entry WHERE stream_kind = ? AND stream_id = ? "
    "UNION ALL SELECT in_kind, in_stream, (SELECT MIN(station) FROM entry "
    "WHERE stream_kind = in_kind AND stream_id = in_stream AND entry.station > line.station) "
    "FROM line WHERE line.station IS NOT NULL) "
    "SELECT line.station, seq, hash, entry.kind, key_ms, key_counter, key_station FROM line JOIN entry "
    "ON stream_kind = line.in_kind AND stream_id = line.in_stream AND entry.station = line.station "
    "AND seq = (SELECT MAX(seq) FROM entry WHERE stream_kind = line.in_kind AND stream_id = line.in_stream "
    "AND station = line.station)"
)
"""The last line of each chain of a stream, found by as many steps in the index as there are stations. Of an erased
stream one of them is the erasure: its station adds nothing after it."""
IS_ERASED = (
    "SELECT 1 FROM entry WHERE kind = 'erased' AND stream_kind = ? AND stream_id = ? AND stream_kind <> 'clinic'"
)
KEEP_DRAFT = 'INSERT OR REPLACE INTO draft ("key", text, first_key_us) VALUES (?, ?, ?)'
ENTRY_COLUMNS = (
    "entry.id, entry.v, entry.clinic, entry.stream_kind, entry.stream_id, entry.station, entry.seq, "
    "entry.prev, entry.kind, entry.at_us, entry.entered_at_us, entry.utc_offset_s, entry.boot_id, "
    'entry.boottime_ms, entry.key_ms, entry.key_counter, entry.key_station, entry."by", entry.entered_by, '
    "entry.payload_sha, entry.hash, entry.sig"
)
PAYLOAD_COLUMNS = "payload.salt, payload.codec, payload.sealed_to, payload.bytes"

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
        "WHERE erased.kind = 'erased' AND erased.stream_kind <> 'clinic' AND mine.kind <> 'erased' "
        "AND erased.stream_kind = mine.stream_kind AND erased.stream_id = mine.stream_id) "
        "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
    ),
}
"""Asserted at every start, for a schema change can drop a trigger without a word."""
