"""A clinic's keys to test with: two people who work there, a station, and a private stream of each."""

from uuid import UUID

import msgspec

from kapdesk.access import keys
from kapdesk.access.accounts import NewPassword
from kapdesk.access.recovery import Code
from kapdesk.access.ring import Ring, Unlocked
from kapdesk.access.sealing import Key

CLINIC = UUID("0198c0de-0000-7000-8000-000000000001")
NOOR, TARIQ = "person-noor", "person-tariq"
NOORS, TARIQS = "private:person-noor:patient-1", "private:person-tariq:patient-1"
NOOR_SAYS = NewPassword("violet harbour tin whistle")
TARIQ_SAYS = NewPassword("nine slow herons at dusk")
NEXT = NewPassword("quarry lantern eleven moss")
DATABASE_KEY, STATION_KEY = Key(b"\xd1" * 32), Key(b"\x57" * 32)
NOORS_KEY, TARIQS_KEY = Key(b"\xa0" * 32), Key(b"\xa1" * 32)
NEW_DATABASE_KEY = Key(b"\xd2" * 32)


class Clinic(msgspec.Struct, frozen=True):
    """The ring as it lies on the disk, the two who can open it, and the paper."""

    noor: Unlocked
    tariq: Unlocked
    code: Code

    @property
    def ring(self) -> Ring:
        return self.noor.ring


def clinic() -> Clinic:
    begun = {"database": DATABASE_KEY, "station:one": STATION_KEY, NOORS: NOORS_KEY}
    noor, code = keys.new_ring(CLINIC, begun, NOOR, "Noor Sample", NOOR_SAYS)
    noor = keys.add(noor, TARIQ, "Tariq Sample", TARIQ_SAYS)
    tariq = keys.add_secret(keys.unlock(noor.ring, TARIQ, TARIQ_SAYS), TARIQS, TARIQS_KEY)
    return Clinic(keys.unlock(tariq.ring, NOOR, NOOR_SAYS), tariq, code)


def opened(ring: Ring, who: str, password: str) -> dict[str, bytes]:
    """What a person's password opens."""
    return dict(keys.unlock(ring, who, password).secrets)
