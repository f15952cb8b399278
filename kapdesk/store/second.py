"""The second copy held against the record at every start, and kept up from there on."""

from collections.abc import Sequence
from pathlib import Path

from kapdesk.errors import Damaged
from kapdesk.store import journal_file
from kapdesk.store.check import lost
from kapdesk.store.log import SqlLog


def take_up(log: SqlLog, places: Sequence[Path]) -> None:
    """Compare the record with the ends of its second copy, then go on copying to the first of the places.

    Raises Damaged when the record lacks what the second copy has: lines lost with a damaged -wal, a tail that was cut,
    an old copy put in its place.
    """
    keys = log.keys.database_keys
    ends = [line for place in places for line in journal_file.ends(place, log.keys.clinic, keys).lines]
    if lost(log, ends):
        held = [line for place in places for line in journal_file.read(place, log.keys.clinic, keys).lines]
        gone = {kept.entry.body.id for _, kept in lost(log, held)}
        raise Damaged(
            f"The record lacks {len(gone)} lines that its second copy has: it was damaged, or an older one was put in "
            "its place. Nothing was changed; put it back from its copies."
        )
    log.keep_second_copy(places[0], max((row for row, kept in ends if log.id_at(row) == kept.entry.body.id), default=0))


def look_through(log: SqlLog, places: Sequence[Path]) -> tuple[str, ...]:
    """What is wrong between the record and all of its second copy, in plain words. Reads both whole."""
    found = [journal_file.read(place, log.keys.clinic, log.keys.database_keys) for place in places]
    faults = [fault for each in found for fault in each.faults]
    gone = {kept.entry.body.id for _, kept in lost(log, (line for each in found for line in each.lines))}
    if gone:
        faults.append(f"the record lacks {len(gone)} lines that stand here, or has them otherwise")
    return tuple(faults)
