"""A nasal dose given device by device: which one was the last, and when the next one is due. Pure.

Which device a dose was stands where the place of a dose stands ("device 1 of 2"), as it was typed or offered.
"""

import re

import msgspec

from kapdesk.clinical.protocol import Protocol
from kapdesk.clock import MINUTE_US
from kapdesk.facts.session import DoseGiven
from kapdesk.session.state import Session

_SAID = re.compile(r"device (\d{1,2}) of (\d{1,2})")


class Next(msgspec.Struct, frozen=True):
    """The device to be given next: number `n` of `of`, due at `at_us` (desk time, UTC µs)."""

    n: int
    of: int
    at_us: int

    @property
    def words(self) -> str:
        """As it stands with the dose: "device 2 of 3"."""
        return place(self.n, self.of)


def place(n: int, of: int) -> str:
    """How a dose says which device it was."""
    return f"device {n} of {of}"


def number(dose: DoseGiven) -> tuple[int, int] | None:
    """Which device of how many a dose was; None where it says nothing of that."""
    found = _SAID.search(dose.site)
    return (int(found[1]), int(found[2])) if found is not None else None


def next_device(session: Session, protocol: Protocol) -> Next | None:
    """The next device after the last dose, so long after it as the protocol says; None where that was the last one."""
    doses = session.doses()
    said = number(doses[-1].fact) if doses else None
    if said is None or not protocol.device_mg or said[0] >= said[1]:
        return None
    return Next(said[0] + 1, said[1], doses[-1].at_us + protocol.device_gap_min * MINUTE_US)
