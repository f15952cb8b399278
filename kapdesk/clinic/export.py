"""Exports: visits leave the record together, as papers, FHIR and tables, in one encrypted archive; each on record.

The archive is a ZIP inside an age file. It streams from the record to the disk: of no part a plain file is ever made.
It has its name only when it is whole, was read back, and is on record (`Exported`).
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from kapdesk.access.accounts import weakness
from kapdesk.clinic import finding, packing
from kapdesk.clinic.packing import NOTHING, RUNNING, Progress
from kapdesk.errors import KnownError
from kapdesk.exchange import age
from kapdesk.exchange.sealing import Lock, Sealing
from kapdesk.facts.filing import Exported, ExportedTo
from kapdesk.facts.people import Actor
from kapdesk.record.recorder import Recording
from kapdesk.store.index import Row
from kapdesk.store.journal_file import sync_folder

if TYPE_CHECKING:
    from kapdesk.clinic.open import OpenClinic

SUFFIX = ".zip.age"
_IN_PERIOD = (
    "SELECT shown.row FROM session JOIN shown ON shown.n = session.n "
    "WHERE session.day BETWEEN ? AND ? AND NOT session.open ORDER BY session.at_us"
)


class Wanted(msgspec.Struct, frozen=True):
    """What is exported: which visits, to whom in words, what opens it; and the days where they were chosen by them."""

    sessions: tuple[UUID, ...]
    to: str
    lock: Lock
    since: str = ""
    until: str = ""

    @property
    def opens_with(self) -> ExportedTo:
        """The recipient's key, or a passphrase."""
        return "key" if self.lock.recipients else "passphrase"


class Written(msgspec.Struct, frozen=True):
    """An archive that is whole on the disk, under another name still; and what in it could not be as it should."""

    new: Path
    path: Path
    sha256: str
    problems: tuple[str, ...] = ()


def in_period(clinic: "OpenClinic", since: date | None, until: date | None) -> tuple[UUID, ...]:
    """The visits of these days that are over, in order; without rehearsals, but in a demo clinic. Reads the index."""
    clinic.index.catch_up(whole=True)
    days = since.isoformat() if since else "0000", until.isoformat() if until else "9999"
    rows = [msgspec.json.decode(row, type=Row) for (row,) in clinic.index.select(_IN_PERIOD, days)]
    return tuple(UUID(row.id) for row in rows if clinic.state.demo or not row.rehearsal)


def lock_of(key: str, passphrase: str, *known: str) -> Lock:
    """What an archive opens with: a key (age1…), or a passphrase that is not easily guessed. Raises KnownError."""
    if bool(key.strip()) == bool(passphrase):
        raise KnownError(f"Type the key it is for, or a passphrase: one of the two. {NOTHING}.")
    if key.strip():
        keys = tuple(key.split())
        if wrong := next((each for each in keys if not age.is_key(each)), ""):
            raise KnownError(f"“{wrong[:12]}…” is no age key: that begins with age1. {NOTHING}; ask for it again.")
        return Lock(keys)
    if weak := weakness(passphrase, *known):
        raise KnownError(f"{weak.replace('password', 'passphrase').replace('A pass', 'The pass')} {NOTHING}.")
    return Lock((), passphrase)


def ask(clinic: "OpenClinic", wanted: Wanted, actor: Actor) -> None:
    """Whether this can be exported, before anything is written. Raises KnownError."""
    clinic.require(actor.entered_by, "export")
    running = [id_ for id_ in wanted.sessions if (room := clinic.rooms.get(id_)) and room.session.live]
    if running:
        raise KnownError(RUNNING)
    if sentence := clinic.recorder.doubt(_fact(wanted, "0" * 64), actor, clinic.clock.now().utc_us):
        raise KnownError(sentence)


def write(
    clinic: "OpenClinic",
    wanted: Wanted,
    who: str,
    path: Path,
    sealing: Sealing,
    progress: Progress,
) -> Written:
    """Write the archive beside its place, whole, and read it back. On a thread that may wait: a disk may hang.

    Raises KnownError where it cannot be; then nothing of it is left.
    """
    problems: list[str] = []
    new = path.with_name(f"{path.name}.new")
    archive = packing.archive(clinic, wanted.sessions, wanted.to.strip(), who, sealing, progress, problems)
    with contextlib.ExitStack() as cut_off, _told_plainly(path.parent):
        cut_off.callback(_gone, new)
        with new.open("wb") as file:
            sha256 = sealing.into(archive, file)
            file.flush()
            os.fsync(file.fileno())
        if _sha256(new) != sha256:
            raise KnownError(f"What was written to {path.parent} is not what came back. {NOTHING}; look to that disk.")
        cut_off.pop_all()
    return Written(new, path, sha256, tuple(problems))


@contextlib.contextmanager
def _told_plainly(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise KnownError(
            f"The archive could not be written to {folder} ({error.strerror}). {NOTHING}, and the record is safe; "
            "choose another place."
        ) from error


def _gone(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def record(clinic: "OpenClinic", wanted: Wanted, written: Written, actor: Actor) -> Recording:
    """Put it on record, before the archive has its name. Raises KnownError, and then nothing of it is left."""
    try:
        return clinic.recorder.record(_fact(wanted, written.sha256), actor)
    except KnownError:
        throw_away(written)
        raise


def name(written: Written) -> Path:
    """Give the archive its name. Raises KnownError where the place is gone meanwhile."""
    try:
        written.new.replace(written.path)
        sync_folder(written.path.parent)
    except OSError as error:
        throw_away(written)
        raise KnownError(
            f"The archive is not in {written.path.parent}: that place went away at the last moment ({error.strerror}). "
            "That it was exported is on record; export it again to another place."
        ) from error
    return written.path


def throw_away(written: Written) -> None:
    """Nothing of it is left."""
    _gone(written.new)


def _fact(wanted: Wanted, sha256: str) -> Exported:
    return Exported(wanted.sessions, wanted.to.strip(), sha256, wanted.opens_with, wanted.since, wanted.until)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def default_name(clinic: "OpenClinic") -> str:
    """What an archive is called unless someone says otherwise: no patient is named on its outside."""
    return f"kapdesk-export-{clinic.today().isoformat()}"


def found(clinic: "OpenClinic", line: str, filters: finding.Filters) -> Sequence[UUID]:
    """All visits that a line of words finds and that are over, in order. Reads the index."""
    page = finding.find(clinic, line, filters, at_most=1_000_000)
    over = [hit for hit in reversed(page.hits) if hit.row.stage in ("ended", "locked")]
    return tuple(hit.id for hit in over)
