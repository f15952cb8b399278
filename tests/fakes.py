"""Stand-ins the tests share: a computer whose clocks jump, sleep and restart, and chains signed by other stations."""

from collections.abc import Iterable
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kapdesk.clock import Moment, Reading
from kapdesk.facts import codec
from kapdesk.facts.entry import FORMAT, GENESIS, Body, OrderKey, Payload, Stream
from kapdesk.facts.fact import Fact, Unread, tag_of
from kapdesk.facts.people import Actor
from kapdesk.facts.signing import sign
from kapdesk.record.history import Happening
from kapdesk.record.log import Kept, Statement

MORNING_US = 1_772_445_600_000_000
"""2 March 2026, 10:00 UTC."""

SECOND_US, MINUTE_US, HOUR_US = 1_000_000, 60_000_000, 3_600_000_000
SOMEONE = Actor("sample-person-1", "sample-person-1")


class Computer:
    """The clocks of a computer that does as the test says. Pass it as the source of a `Clock`."""

    def __init__(self, wall_us: int = MORNING_US) -> None:
        self.wall_us, self.boot, self.boottime_ms, self.awake_ms = wall_us, 1, 500_000, 400_000

    def __call__(self) -> Reading:
        return Reading(self.wall_us, 3600, f"boot-{self.boot}", self.boottime_ms, self.awake_ms)

    def pass_(self, seconds: float) -> None:
        """Time passes, the computer awake."""
        self._count(seconds)
        self.awake_ms += round(seconds * 1000)

    def sleep(self, seconds: float) -> None:
        """The computer is suspended for a while."""
        self._count(seconds)

    def move_clock(self, seconds: float) -> None:
        """Someone, or the network, sets the time of day forward or back."""
        self.wall_us += round(seconds * SECOND_US)

    def restart(self, off_s: float = 60.0) -> None:
        """The computer is switched off and comes back `off_s` later by the time of day, with its boot clock anew."""
        self.wall_us += round(off_s * SECOND_US)
        self.boot += 1
        self.boottime_ms = self.awake_ms = 9_000

    def _count(self, seconds: float) -> None:
        self.wall_us += round(seconds * SECOND_US)
        self.boottime_ms += round(seconds * 1000)


class Station:
    """Another computer of the clinic: makes well-formed, signed chains, which tests may then spoil."""

    def __init__(self, clinic: UUID, name: str = "station-b", key: Ed25519PrivateKey | None = None) -> None:
        self.clinic, self.name, self.key = clinic, name, key or Ed25519PrivateKey.generate()

    @property
    def public_key(self) -> str:
        return self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()

    def says(self, stream: Stream, *facts: tuple[int, Fact], after: Kept | None = None) -> list[Kept]:
        """A chain of facts, each with the minute (after MORNING_US) at which it happened and was entered."""
        said: list[Kept] = []
        for minute, fact in facts:
            before = said[-1] if said else after
            said.append(self.signed(self._body(stream, minute, fact, before), payload_of(fact)))
        return said

    def signed(self, body: Body, payload: Payload | None) -> Kept:
        return Kept(sign(body, self.key), payload)

    def _body(self, stream: Stream, minute: int, fact: Fact, before: Kept | None) -> Body:
        at_us = MORNING_US + minute * MINUTE_US
        seq, prev = (before.entry.body.seq + 1, before.entry.hash) if before else (0, GENESIS)
        return Body(
            v=FORMAT,
            clinic=self.clinic,
            id=uuid4(),
            stream=stream,
            station=self.name,
            seq=seq,
            prev=prev,
            kind=tag_of(fact),
            at_us=at_us,
            entered_at_us=at_us,
            utc_offset_s=3600,
            boot_id=f"boot-of-{self.name}",
            boottime_ms=minute * 60_000,
            order_key=OrderKey(at_us // 1000, seq, self.name),
            by=SOMEONE.by,
            entered_by=SOMEONE.entered_by,
            payload_sha=payload_of(fact).sha,
        )


def payload_of(fact: Fact) -> Payload:
    return Payload(b"0123456789abcdef", codec.CODEC, None, codec.encode(fact))


def statement(stream: Stream, fact: Fact, minute: float = 0, id_: UUID | None = None) -> Statement:
    """Something to be recorded, said `minute` minutes after MORNING_US."""
    at_us = MORNING_US + round(minute * MINUTE_US)
    moment = Moment(at_us, 3600, "boot-1", round(minute * 60_000))
    return Statement(id_ or uuid4(), stream, tag_of(fact), payload_of(fact), at_us, moment, SOMEONE)


def happened(
    fact: Fact | Unread,
    minute: float,
    *,
    counter: int = 0,
    station: str = "room-1",
    id_: UUID | None = None,
    seq: int | None = None,
) -> Happening:
    """A recorded fact as the folds take it, at a minute after MORNING_US and entered then."""
    at_us = MORNING_US + round(minute * MINUTE_US)
    order = OrderKey(at_us // 1000, counter, station)
    return Happening(id_ or uuid4(), order, at_us, at_us, "sample-person-1", "sample-person-1", fact, seq)


def minute(n: float) -> int:
    """Desk time, `n` minutes after MORNING_US."""
    return MORNING_US + round(n * MINUTE_US)


def facts_of(kept: Iterable[Kept], kind: str = "session") -> list[Fact]:
    """What was said, in order."""
    return [codec.decode(kind, each.entry.body.kind, each.payload) for each in kept]  # type: ignore[arg-type]


def spoiled(kept: Kept, **changes: object) -> Kept:
    """The same entry with other words in its body, hash and signature as they were."""
    return Kept(
        msgspec.structs.replace(kept.entry, body=msgspec.structs.replace(kept.entry.body, **changes)), kept.payload
    )
