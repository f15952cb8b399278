"""Time that is never wrong: what the computer's clocks say, and the desk's own time that no jump can move.

Three clocks are read together. The *time of day* can be set or jump. The *boot clock* (CLOCK_BOOTTIME on Linux)
counts on through a suspend but starts anew at a reboot. The *awake clock* stops in a suspend. The desk's time is
the time of day at one anchor plus what the boot clock has counted since: it goes on evenly whatever happens to
the time of day, and what happened is told as an `Event` to be recorded.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

MINUTE_US = 60_000_000
DAY_US = 24 * 60 * MINUTE_US

NOTICEABLE_MS = 2_000
"""Smaller steps between the clocks are slewing and rounding."""

RESTART_UNCERTAINTY_MS = 2_000
"""A computer's battery clock is read to the second when it starts; one more for when it was written."""

DRIFT_PPM = 100
"""Allowance for the battery clock while the computer was off; common crystals keep within 20-50 ppm."""


class Reading(msgspec.Struct, frozen=True):
    """The computer's clocks at one instant: time of day (UTC, µs), its zone, boot and awake clocks (ms)."""

    wall_us: int
    utc_offset_s: int
    boot_id: str
    boottime_ms: int
    awake_ms: int


class Moment(msgspec.Struct, frozen=True):
    """An instant in the desk's time (UTC µs), with the boot it was read in."""

    utc_us: int
    utc_offset_s: int
    boot_id: str
    boottime_ms: int


class Event(msgspec.Struct, frozen=True):
    """Something that happened to the computer's clocks: a suspend lasted, or the time of day moved, `by_ms`."""

    kind: Literal["slept", "moved"]
    by_ms: int


def read_system() -> Reading:
    """This computer's clocks."""
    wall_us = time.time_ns() // 1000
    awake_ms = time.monotonic_ns() // 1_000_000
    boottime_ms = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000 if _HAS_BOOTTIME else awake_ms
    return Reading(wall_us, _offset_s(wall_us), _boot_id(wall_us, boottime_ms), boottime_ms, awake_ms)


@cache
def known_zone(name: str) -> tzinfo | None:
    """The time zone of this IANA name; None where this computer does not know it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone(name: str) -> tzinfo:
    """The time zone of this IANA name; UTC where this computer does not know it."""
    return known_zone(name) or UTC


def local(at_us: int, where: tzinfo) -> datetime:
    """An instant (UTC µs) as the clock on the wall there shows it, to the second."""
    return datetime.fromtimestamp(at_us // 1_000_000, where)


class Clock:
    """The desk's time. `source` is the computer's clocks; tests and the demo pass their own."""

    def __init__(self, source: Callable[[], Reading] = read_system) -> None:
        self._source = source
        self._last = source()
        self._origin_us = self._last.wall_us - self._last.boottime_ms * 1000

    def now(self) -> Moment:
        """The desk's time now."""
        reading = self._source()
        utc_us = self._origin_us + reading.boottime_ms * 1000
        return Moment(utc_us, reading.utc_offset_s, reading.boot_id, reading.boottime_ms)

    def wall_us(self) -> int:
        """The time of day as the computer shows it to everyone, for the small clock on the wall."""
        return self._source().wall_us

    def watch(self) -> list[Event]:
        """What happened to the computer's clocks since the last call. To be called about once a second."""
        before, self._last = self._last, self._source()
        counted = self._last.boottime_ms - before.boottime_ms
        slept = counted - (self._last.awake_ms - before.awake_ms)
        moved = (self._last.wall_us - before.wall_us) // 1000 - counted
        events = []
        if slept >= NOTICEABLE_MS:
            events.append(Event("slept", slept))
        if abs(moved) >= NOTICEABLE_MS:
            events.append(Event("moved", moved))
        return events

    def settle(self) -> None:
        """Take the time of day as it is now: for a desk at which no session is running."""
        reading = self._source()
        self._anchor(reading.wall_us, reading)

    def go_on_from(self, last: Moment, moved_ms: int = 0) -> "Absence | None":
        """Take up the time of a session whose last entry was made at `last`.

        Within one boot the boot clock alone decides, and None is returned. After a restart of the computer the
        time of day is all there is: the absence is returned with its uncertainty, and with `away_ms=None` when
        the time of day lies before the last entry, so that someone must be asked and `after_asking` called.
        `moved_ms` is by how much the time of day had been moved in the session before.
        """
        reading = self._source()
        if reading.boot_id == last.boot_id:
            self._origin_us = last.utc_us - last.boottime_ms * 1000
            return None
        away_ms = (reading.wall_us - last.utc_us) // 1000 - moved_ms
        if away_ms < 0:
            return Absence(None, RESTART_UNCERTAINTY_MS)
        self._anchor(last.utc_us + away_ms * 1000, reading)
        return absence_of(away_ms)

    def after_asking(self, last: Moment, away_ms: int) -> None:
        """Someone said how long the computer was away since `last`."""
        self._anchor(last.utc_us + away_ms * 1000, self._source())

    def _anchor(self, utc_us: int, reading: Reading) -> None:
        self._origin_us = utc_us - reading.boottime_ms * 1000


class Absence(msgspec.Struct, frozen=True):
    """How long a session went without its computer; None when the clocks cannot say."""

    away_ms: int | None
    uncertainty_ms: int


def absence_of(away_ms: int) -> Absence:
    """An absence told by the time of day, with its uncertainty."""
    return Absence(away_ms, RESTART_UNCERTAINTY_MS + away_ms * DRIFT_PPM // 1_000_000)


_HAS_BOOTTIME = hasattr(time, "CLOCK_BOOTTIME")


def _offset_s(wall_us: int) -> int:
    return time.localtime(wall_us // 1_000_000).tm_gmtoff


def _boot_id(wall_us: int, boottime_ms: int) -> str:
    if _HAS_BOOTTIME:  # Linux
        return _linux_boot_id()
    # Elsewhere the time of the boot names it, to ten seconds.
    return f"boot-{(wall_us // 1000 - boottime_ms) // 10_000}"


def _linux_boot_id() -> str:
    global _linux_boot
    if not _linux_boot:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            _linux_boot = file.read().strip()
    return _linux_boot


_linux_boot = ""
