"""Exports: visits leave the record together, as papers, FHIR and tables, in one encrypted archive; each on record.

The archive is a ZIP inside an age file. It streams from the record to the disk: of no part a plain file is ever made.
It has its name only when it is whole, was read back, and is on record (`Exported`).
"""

import contextlib
import hashlib
import io
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import msgspec

from kapdesk.access.accounts import weakness
from kapdesk.clinic import exchange, finding, naming
from kapdesk.clock import local
from kapdesk.errors import KnownError
from kapdesk.exchange import age, visits_csv
from kapdesk.exchange.fhir.bundle import Paper
from kapdesk.exchange.sealing import Lock, Sealing
from kapdesk.exchange.visit import Visit
from kapdesk.facts.filing import Exported
from kapdesk.facts.people import Actor
from kapdesk.record.recorder import Recording
from kapdesk.store.index import Row
from kapdesk.store.journal_file import sync_folder

if TYPE_CHECKING:
    from kapdesk.clinic.open import OpenClinic

SUFFIX = ".zip.age"
MANIFEST, READ_ME = "MANIFEST.sha256", "READ-ME.txt"
NOTHING = "Nothing was exported"
_RUNNING = f"A session that still runs cannot be exported. {NOTHING}; end it first, or leave it out."
_IN_PERIOD = (
    "SELECT shown.row FROM session JOIN shown ON shown.n = session.n "
    "WHERE session.day BETWEEN ? AND ? AND NOT session.open ORDER BY session.at_us"
)
_BOM = b"\xef\xbb\xbf"
_READ_ME = """\
{count} exported from {clinic} by {who}, {when}, to {to}.

To open it (age: https://age-encryption.org):
    age -d -i KEY-FILE -o export.zip ARCHIVE.zip.age      with your key, or
    age -d -o export.zip ARCHIVE.zip.age                  with the passphrase
then unpack export.zip.

To check that every part is as it was exported, in the unpacked folder:
    sha256sum -c {manifest}             (Linux)
    shasum -a 256 -c {manifest}         (macOS)
    certutil -hashfile FILE SHA256      (Windows, for each file; compare with the manifest)

Each visit has a folder of its own:
    note v1 signed.pdf    the signed note, one for each version; it carries its own signatures.
                          kapdesk verify FILE says whether it is unaltered.
    note DRAFT.pdf        where nobody has signed yet: it may still change, and says so on each page.
    fhir.json             the visit as FHIR R4B.
vitals.csv and events.csv hold the readings of all visits, and what else happened in them.
What therapists keep for themselves (psychotherapy notes) is never exported.
"""


class Wanted(msgspec.Struct, frozen=True):
    """What is exported: which visits, to whom in words, what opens it; and the days where they were chosen by them."""

    sessions: tuple[UUID, ...]
    to: str
    lock: Lock
    since: str = ""
    until: str = ""

    @property
    def opens_with(self) -> str:
        """ "key" or "passphrase"."""
        return "key" if self.lock.recipients else "passphrase"


class Written(msgspec.Struct, frozen=True):
    """An archive that is whole on the disk, under another name still; and what in it could not be as it should."""

    new: Path
    path: Path
    sha256: str
    problems: tuple[str, ...] = ()


Progress = Callable[[int, int], None]


def in_period(clinic: "OpenClinic", since: date | None, until: date | None) -> tuple[UUID, ...]:
    """The visits of these days that are over, in order; without rehearsals, but in a demo clinic. Reads the index."""
    clinic.index.catch_up(whole=True)
    days = since.isoformat() if since else "0000", until.isoformat() if until else "9999"
    rows = [msgspec.json.decode(row, type=Row) for (row,) in clinic.index.select(_IN_PERIOD, days)]
    demo = clinic.state.founded is not None and clinic.state.founded.demo
    return tuple(UUID(row.id) for row in rows if demo or not row.rehearsal)


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
        raise KnownError(_RUNNING)
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
    parts = _parts(clinic, wanted, who, sealing, progress, problems)
    with contextlib.ExitStack() as cut_off, _told_plainly(path.parent):
        cut_off.callback(_gone, new)
        with new.open("wb") as file:
            sha256 = sealing.into(_archive(parts, clinic.clock.now().utc_us), file)
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
    with contextlib.suppress(OSError):
        written.new.unlink()


def _fact(wanted: Wanted, sha256: str) -> Exported:
    opens_with = "key" if wanted.lock.recipients else "passphrase"
    return Exported(wanted.sessions, wanted.to.strip(), sha256, opens_with, wanted.since, wanted.until)  # type: ignore[arg-type]


def _archive(parts: Iterator[tuple[str, bytes]], now_us: int) -> Iterator[bytes]:
    """The parts as a ZIP, in pieces as they come, with the manifest at its end."""
    sink, sums = _Sink(), list[str]()
    at = local(now_us, UTC).timetuple()[:6]
    with ZipFile(sink, "w") as archive:
        for path, content in parts:
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {path}\n")
            archive.writestr(_entry(path, at), content)
            yield sink.take()
        archive.writestr(_entry(MANIFEST, at), "".join(sums).encode())
    yield sink.take()


def _entry(path: str, at: tuple[int, ...]) -> ZipInfo:
    entry = ZipInfo(path, at)  # type: ignore[arg-type]
    entry.external_attr = 0o600 << 16
    entry.compress_type = ZIP_STORED if path.endswith(".pdf") else ZIP_DEFLATED
    return entry


class _Sink(io.RawIOBase):
    """What was written, to be taken out piece by piece."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        self._held += part  # type: ignore[arg-type]
        return len(part)  # type: ignore[arg-type]

    def take(self) -> bytes:
        held = bytes(self._held)
        self._held.clear()
        return held


def _parts(
    clinic: "OpenClinic", wanted: Wanted, who: str, sealing: Sealing, progress: Progress, problems: list[str]
) -> Iterator[tuple[str, bytes]]:
    yield READ_ME, _read_me(clinic, wanted, who).encode()
    tables = _Table(visits_csv.vitals_csv), _Table(visits_csv.events_csv)
    count = len(wanted.sessions)
    for n, id_ in enumerate(wanted.sessions):
        progress(n, count)
        if sealing.stopped:
            return
        visit = exchange.visit_of(clinic, id_)
        if visit.session.live:
            raise KnownError(_RUNNING)
        folder = naming.safe(f"{visit.on} {visit.patient.name[:40]} {id_.hex[-8:]}")
        beside: list[Paper] = []
        for path, content in _papers(clinic, id_, folder, problems):
            if path.endswith(".pdf"):
                beside = [*(msgspec.structs.replace(each, superseded=True) for each in beside), Paper(content, path)]
            yield f"{folder}/{path}", content
        yield f"{folder}/fhir.json", exchange.collection(clinic, id_, beside)
        for table in tables:
            table.add(visit)
    yield "vitals.csv", tables[0].whole()
    yield "events.csv", tables[1].whole()
    progress(count, count)


def _papers(clinic: "OpenClinic", id_: UUID, folder: str, problems: list[str]) -> Iterator[tuple[str, bytes]]:
    """The signed notes of a visit, each version's newest; where nobody signed, the draft, which says so."""
    from kapdesk.clinic.close import make  # brings the paper along

    kept = clinic.filing.papers.of(id_)
    for paper in kept:
        signed = "countersigned" if paper.signatures > 1 else "signed"
        try:
            yield f"note v{paper.version} {signed}.pdf", clinic.papers.read(paper.sha256)
        except KnownError as error:
            problems.append(f"{folder}: {error}")
            yield f"note v{paper.version} {signed} - NOT READABLE.txt", f"{error}\n".encode()
    if not kept:
        yield "note DRAFT.pdf", make(clinic, id_)


class _Table:
    """A table of all visits, row by row as they come, held small until it is its turn."""

    def __init__(self, make: Callable[..., bytes]) -> None:
        self._make, self._held = make, list[bytes]()

    def add(self, visit: Visit) -> None:
        """The rows of one visit more."""
        rows = self._make([visit], False).removeprefix(_BOM)
        self._held.append(zlib.compress(rows.partition(b"\r\n")[2] if self._held else rows))

    def whole(self) -> bytes:
        """All of it, with the mark by which Excel knows UTF-8."""
        return _BOM + b"".join(map(zlib.decompress, self._held))


def _read_me(clinic: "OpenClinic", wanted: Wanted, who: str) -> str:
    founded = clinic.state.founded
    when = local(clinic.clock.now().utc_us, clinic.state.zone).isoformat(" ", "minutes")
    count = len(wanted.sessions)
    visits = f"{count} visit{'s' if count != 1 else ''}"
    clinic_name = founded.name if founded else "the clinic"
    said = _READ_ME.format(
        count=visits, clinic=clinic_name, who=who, when=when, to=wanted.to.strip(), manifest=MANIFEST
    )
    return said.replace("\n", "\r\n")


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
