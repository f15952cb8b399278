"""A clinic of many invented sessions, recorded once into build/ and opened from there: what `records` is measured on.

The entries go in by the log's own way: signed, chained, committed in groups and copied to the second copy. Nobody
judges them, for nobody is there to be told.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from uuid_utils.compat import uuid7

from kapdesk import paths
from kapdesk.clinic.demo import PASSWORD, lay_out
from kapdesk.clinic.inbox import Inbox
from kapdesk.clinic.keyring import Keyring, sign_in
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.script import STAFF
from kapdesk.clinical import protocol
from kapdesk.clock import Moment
from kapdesk.facts import codec
from kapdesk.facts.care import AdverseEventNoted
from kapdesk.facts.clinic import Head, HeadsKept
from kapdesk.facts.entry import Entry, Payload, Stream
from kapdesk.facts.fact import Fact, tag_of
from kapdesk.facts.patient import CoursePlanned, PatientRegistered
from kapdesk.facts.people import Actor
from kapdesk.facts.session import (
    Cleared,
    DoseGiven,
    Ended,
    Locked,
    NoteTaken,
    PatientArrived,
    PatientLeft,
    ProtocolChosen,
    VisitOpened,
    VitalsTaken,
)
from kapdesk.record.log import Statement

HOUSE = Path(__file__).resolve().parent.parent
FORM = 2
"""Of what is invented here: another one is recorded anew."""
YEARS, MINUTE_US, DAY_US = 10, 60_000_000, 86_400_000_000
MOST_WAITING = 4_000
_FIRST = ("Ana", "Borys", "Celina", "Dawid", "Ewa", "Filip", "Greta", "Henryk", "Irena", "Jan", "Kaja", "Leon")
_LAST = ("Sample", "Invented", "Example", "Specimen", "Pattern", "Model", "Likeness", "Sketch", "Fable", "Story")
_KINDS = ("blue", "stone", "night", "river", "glass", "winter", "paper", "salt", "copper", "moss")
_THINGS = ("heron", "mill", "bridge", "garden", "ladder", "lantern", "boat", "orchard", "window", "stair")
ADVERSE = 40
"""In every so many sessions there is an adverse event."""


def many(sessions: int, patients: int) -> Keyring:
    """The keys of a clinic with so many sessions of 10 entries, of so many patients; recorded where it is not there."""
    folder = HOUSE / "build" / f"records-{FORM}-{sessions}-{patients}"
    if not folder.exists():
        new = folder.with_name(f"{folder.name}-{os.getpid()}")
        new.mkdir(parents=True)
        # by another process: what recording takes is not what opening takes
        subprocess.run(
            [sys.executable, "-m", "benchmarks.invented", str(new), str(sessions), str(patients)], check=True, cwd=HOUSE
        )
        new.rename(folder)
        shutil.rmtree(new, ignore_errors=True)
    return sign_in(folder, STAFF[0][0], PASSWORD)


def name_of(n: int) -> str:
    """Of an invented patient; a number makes it one of its own."""
    return f"{_FIRST[n % len(_FIRST)]} {_LAST[n // len(_FIRST) % len(_LAST)]} {n}"


def words_of(n: int) -> str:
    """What the patient speaks of in an invented session: two words of a thousand."""
    return f"Speaks of {_seen(n)} by the {_seen(n * 7 + 3)}."


def _seen(n: int) -> str:
    return f"{_KINDS[n % len(_KINDS)]}{_THINGS[n // len(_KINDS) % len(_THINGS)]}"


def _record(ring: Keyring, sessions: int, patients: int) -> None:
    clinic = OpenClinic(ring, Inbox().post)
    (person,) = clinic.state.people
    actor = Actor(person, person)
    now_us = clinic.clock.now().utc_us
    begun_us = now_us - YEARS * 365 * DAY_US
    known = [uuid7() for _ in range(patients)]
    waiting: list[Future[Entry]] = []

    def say(stream: Stream, fact: Fact, at_us: int) -> "Future[Entry]":
        payload = Payload(os.urandom(16), codec.CODEC, None, codec.encode(fact))
        moment = Moment(at_us, 3_600, "an earlier boot", (at_us - begun_us) // 1_000)
        said = clinic.log.append(Statement(uuid7(), stream, tag_of(fact), payload, at_us, moment, actor))
        waiting.append(said)
        if len(waiting) > MOST_WAITING:
            for each in waiting:
                each.result()
            waiting.clear()
        return said

    for n, id_ in enumerate(known):
        born = date(1950, 1, 1) + timedelta(days=n * 7 % 18_000)
        stream = Stream("patient", str(id_))
        say(stream, PatientRegistered(name_of(n), born.isoformat(), record_number=f"R-{n}"), begun_us + n)
        say(stream, CoursePlanned("to be lighter", 6), begun_us + n)
    ends: list[tuple[Stream, Future[Entry], int]] = []
    for n in range(sessions):
        stream, at_us = Stream("session", str(uuid7())), begun_us + n * (now_us - begun_us - DAY_US) // sessions
        last = None
        for step, fact in enumerate(_session(known[n * 7919 % patients], n)):
            last = say(stream, fact, at_us + step * 12 * MINUTE_US)
        assert last is not None
        ends.append((stream, last, at_us + 120 * MINUTE_US))
    own = Stream("clinic", str(clinic.log.keys.clinic))
    for stream, last, at_us in ends:
        entry = last.result()
        say(own, HeadsKept(stream, (Head(entry.body.station, entry.body.seq, entry.hash),)), at_us)
    for each in waiting:
        each.result()
    _until_copied(clinic)
    clinic.index.catch_up(whole=True)
    clinic.close()


def _until_copied(clinic: OpenClinic) -> None:
    """The second copy has it too, so that no later start has to catch up."""
    journal = clinic.log.journal
    assert journal is not None
    journal.close(longest_s=600)


_TOML = paths.shipped("resources", "protocols", "im-booster.toml")


def _session(patient: UUID, n: int) -> Iterator[Fact]:
    """A dosing visit of ten entries that is signed and locked."""
    toml = protocol.read(_TOML)[1]
    yield VisitOpened("dosing", patient, False, "Europe/Warsaw", "a4")
    yield ProtocolChosen(toml, protocol.sha256(toml))
    yield PatientArrived()
    yield Cleared()
    yield DoseGiven("ketamine", 50_000, "im")
    yield AdverseEventNoted("Nausea", "mild") if n % ADVERSE == 0 else VitalsTaken(118 + n % 50, 76, 70, 97, 14)
    yield NoteTaken(f"Slow, even breath, {n}. {words_of(n)}", "Breath")
    yield Ended("completed")
    yield PatientLeft("Sample Escort")
    yield Locked()


if __name__ == "__main__":
    _record(lay_out(Path(sys.argv[1]), "Europe/Warsaw"), int(sys.argv[2]), int(sys.argv[3]))
