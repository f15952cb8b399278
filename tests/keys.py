"""The invented person who set the tests' clinics up, and their keys: opened once, for a password takes its time.

The keys of a copied folder are those of the folder it was copied from.
"""

import sys
from pathlib import Path
from uuid import UUID

from kapdesk.access import file
from kapdesk.access.accounts import NewPassword
from kapdesk.access.ring import Unlocked
from kapdesk.clinic import founding, keyring
from kapdesk.clinic.founding import First
from kapdesk.clinic.keyring import Keyring
from kapdesk.store.keys import Keys

NAME, PASSWORD = "Sample Administrator", "sixteen quiet lanterns over water"
FIRST = First(NAME, NewPassword(PASSWORD))

_opened: dict[tuple[UUID, bytes], Unlocked] = {}


def found(folder: Path, name: str = "Sample Clinic", paper: founding.Paper = "a4", demo: bool = False) -> Keyring:
    """A clinic just set up by that person."""
    ring, _ = founding.found(folder, name, "Europe/Warsaw", paper, FIRST, demo)
    return _known(ring)


def opened(folder: Path) -> Keyring:
    """The keys of a folder, open to that person."""
    ring = file.read(folder)
    assert ring is not None
    known = _opened.get((ring.clinic, ring.tag))
    return Keyring(folder, known) if known else _known(keyring.sign_in(folder, NAME, PASSWORD))


def keys_of(folder: Path) -> Keys:
    """What its record is kept with."""
    return opened(folder).own


def _known(ring: Keyring) -> Keyring:
    opened = ring._opened[ring.first]
    _opened[opened.ring.clinic, opened.ring.tag] = opened
    return ring


if __name__ == "__main__":
    found(Path(sys.argv[1]))
