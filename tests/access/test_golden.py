"""A key file of the first format: it must open for ever, at the cost it was made with."""

from pathlib import Path

from kapdesk.access import file, keys
from tests.access.sample import (
    CLINIC,
    DATABASE_KEY,
    NEW_DATABASE_KEY,
    NOOR,
    NOOR_SAYS,
    NOORS,
    NOORS_KEY,
    STATION_KEY,
    TARIQ,
    TARIQ_SAYS,
)

GOLDEN = Path(__file__).resolve().parent.parent / "golden"
CODE = "U7FRK-J7FS2-R13AE-2F326-SZ7EE-3GCKN-NE8HV-P7GW3"
EVERYTHING = {
    "database": NEW_DATABASE_KEY,
    "database:1": DATABASE_KEY,
    "station:one": STATION_KEY,
    NOORS: NOORS_KEY,
}


def test_the_first_key_file_is_read_and_opened_as_it_was() -> None:
    ring = file.read(GOLDEN)
    assert ring is not None
    assert ring.clinic == CLINIC
    assert keys.unlock(ring, NOOR, NOOR_SAYS).secrets == EVERYTHING
    assert keys.unlock(ring, TARIQ, TARIQ_SAYS).left
    assert keys.recover(ring, CODE).secrets == EVERYTHING


def test_the_first_key_file_with_the_keys_of_signed_papers_opens_as_it_was() -> None:
    """The seal's key is longer than the others; whoever left holds neither."""
    ring = file.read(GOLDEN / "with-papers")
    assert ring is not None
    everything = {
        "database": NEW_DATABASE_KEY,
        "database:1": DATABASE_KEY,
        "station:one": STATION_KEY,
        "papers": bytes(range(32)),
        f"seal:{'ab' * 32}": bytes(range(256)) * 7,
    }
    assert keys.unlock(ring, NOOR, NOOR_SAYS).secrets == everything
    assert keys.recover(ring, "ZU8FN-WQ93Z-AAQNV-J40P3-6HP3K-WUYPV-HTHZJ-KMPG9").secrets == everything
    left = keys.unlock(ring, TARIQ, TARIQ_SAYS)
    assert (left.left, left.secrets) == (True, {})
