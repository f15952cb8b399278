"""One visit as it leaves the house: what every form of exchange is made of, and its times, people and amendments. Pure.

`visit_of` in `clinic/exchange.py` makes one. How a fact is told in words comes from whoever has them: the note's words
are not ours to import.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec

from kapdesk.clinical.protocol import Protocol, parse
from kapdesk.clock import MINUTE_US, local
from kapdesk.errors import KnownError
from kapdesk.facts.fact import Correction, Struck
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.session.state import Session


class Visit(msgspec.Struct, frozen=True):
    """A visit as its record stood at `made_us` (UTC µs); patient and staff as the one who signed knew them.

    `id` is the session's, `clinic_id` the clinic's. `said` tells a fact in one line.
    """

    id: UUID
    session: Session
    patient: Patient
    clinic: Clinic
    clinic_id: UUID
    made_us: int
    said: Callable[[Any], str]

    @property
    def zone(self) -> tzinfo:
        """The time zone the visit was in; UTC where this computer does not know it."""
        return (self.session if self.session.opened else self.clinic).zone

    def stamp(self, at_us: int) -> str:
        """An instant (UTC µs) to the second, with the offset that held: "2026-03-02T11:20:00+01:00".

        In UTC where the offset was no whole number of minutes, as before there were time zones.
        """
        then = local(at_us, self.zone)
        offset = then.utcoffset() or timedelta()
        if offset % timedelta(minutes=1):
            then = then.astimezone(UTC)
        else:
            then = then.replace(tzinfo=timezone(offset))
        return then.isoformat()

    def day(self, at_us: int) -> str:
        """The day of an instant (UTC µs), where the visit was."""
        return self.stamp(at_us)[:10]

    @property
    def on(self) -> str:
        """The day of the visit: of its first dose, else of the arrival, else of its first entry."""
        begin = self.session.first_dose_us if self.session.first_dose_us is not None else self.session.arrived_us
        return self.day(begin if begin is not None else min((h.at_us for h in self.session.history), default=0))

    @property
    def protocol(self) -> Protocol | None:
        """The protocol as it was on that day; None where there is none that can be read."""
        return _parsed(self.session.protocol.toml) if self.session.protocol is not None else None

    @property
    def rehearsal(self) -> bool:
        """Whether it was practice: nobody was treated."""
        return self.session.opened is not None and self.session.opened.rehearsal

    @property
    def number(self) -> str:
        """The patient's record number in the clinic; empty where there is none."""
        return self.patient.registered.record_number if self.patient.registered else ""

    def told(self, *kinds: type) -> list[Happening]:
        """What was said of these kinds by the time it happened: struck and late too, but not what was undone at once.

        An amendment stands beside what it amends and is not told by itself, unless what it names is not there, or was
        signed before.
        """
        found = [h for h in self.session.history if isinstance(h.fact, kinds) and not h.undone]
        return sorted(found, key=lambda h: (h.at_us, h.order))

    def minute(self, at_us: int) -> int | None:
        """Whole minutes from the first dose, counted down from it before; None without a dose."""
        first = self.session.first_dose_us
        return None if first is None else (at_us - first) // MINUTE_US

    def words(self, each: Happening) -> str:
        """It in one line; an amendment that changed nothing any more says of what it speaks."""
        said = self.said(each.fact)
        target = self.session.history.get(each.fact.target) if isinstance(each.fact, Correction | Struck) else None
        return f"{said} (of: {self.said(target.fact)})" if target is not None else said

    def why(self, each: Happening) -> str:
        """How it was amended, in words: "was: Weight 86 kg; reason: turned figures"; "" where it was not."""
        parts = []
        if each.first is not None:
            moved = each.first_at_us != each.at_us
            at = f" at {self.stamp(each.first_at_us)}" if moved else ""
            parts.append(f"was: {self.said(each.first)}{at}")
        if each.why:
            parts.append(f"reason: {each.why}")
        return "; ".join(parts)


@lru_cache(maxsize=64)
def _parsed(toml: str) -> Protocol | None:
    try:
        return parse(toml)
    except KnownError:
        return None


def amends(each: Happening) -> bool:
    """Whether it only speaks of another fact, which says so itself."""
    return isinstance(each.fact, Correction | Struck) and not (each.late or each.dangling)


def decimal(value: int, places: int) -> Decimal:
    """An integer with its decimal point moved left, without zeros at the end: decimal(1250, 3) is 1.25."""
    sign = "-" if value < 0 else ""
    whole, part = divmod(abs(value), 10**places)
    digits = f"{part:0{places}}".rstrip("0") if places else ""
    return Decimal(f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}")


def is_day(text: str) -> bool:
    """Whether a text is a date (YYYY-MM-DD) that there is."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def plain(text: str) -> str:
    """Text that every reader of JSON, XML and CSV takes: a control sign becomes its picture (␀), half a pair U+FFFD.

    Nothing else is changed; line ends and tabs stay.
    """
    return _ODD.sub(_picture, text)


_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 refuses (section 2.2, Char), and what has no UTF-8. FHIR refuses the same below U+0020."""


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"
