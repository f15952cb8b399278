"""What stands in an exported archive, part by part: papers, FHIR, tables, what it is and how it is checked."""

import hashlib
import io
import itertools
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from typing import TYPE_CHECKING
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import msgspec

from kapdesk.clinic import exchange, naming
from kapdesk.clock import local
from kapdesk.errors import KnownError
from kapdesk.exchange import visits_csv
from kapdesk.exchange.fhir.bundle import Paper
from kapdesk.exchange.sealing import Sealing
from kapdesk.exchange.visit import Visit

if TYPE_CHECKING:
    from kapdesk.clinic.open import OpenClinic

MANIFEST, READ_ME = "MANIFEST.sha256", "READ-ME.txt"
NOTHING = "Nothing was exported"
RUNNING = f"A session that still runs cannot be exported. {NOTHING}; end it first, or leave it out."
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

Progress = Callable[[int, int], None]


def archive(
    clinic: "OpenClinic",
    sessions: Sequence[UUID],
    to: str,
    who: str,
    sealing: Sealing,
    progress: Progress,
    problems: list[str],
) -> Iterator[bytes]:
    """The archive of these visits as a ZIP, in pieces as they come, with the manifest at its end.

    `to` is for whom, `who` whose export it is; what could not be as it should is told in `problems`. Ends early where
    `sealing` was stopped. Raises KnownError where a session still runs.
    """
    sink, sums = _Sink(), list[str]()
    at = local(clinic.clock.now().utc_us, UTC).timetuple()[:6]
    parts = _parts(clinic, sessions, sealing, progress, problems)
    read_me = (READ_ME, _read_me(clinic, len(sessions), to, who).encode())
    with ZipFile(sink, "w") as file:
        for path, content in itertools.chain([read_me], parts):
            sums.append(f"{hashlib.sha256(content).hexdigest()}  {path}\n")
            file.writestr(_entry(path, at), content)
            yield sink.take()
        file.writestr(_entry(MANIFEST, at), "".join(sums).encode())
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
    clinic: "OpenClinic", sessions: Sequence[UUID], sealing: Sealing, progress: Progress, problems: list[str]
) -> Iterator[tuple[str, bytes]]:
    tables = _Table(visits_csv.vitals_csv), _Table(visits_csv.events_csv)
    count = len(sessions)
    for n, id_ in enumerate(sessions):
        progress(n, count)
        if sealing.stopped:
            return
        visit = exchange.visit_of(clinic, id_)
        if visit.session.live:
            raise KnownError(RUNNING)
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


def _read_me(clinic: "OpenClinic", count: int, to: str, who: str) -> str:
    when = local(clinic.clock.now().utc_us, clinic.state.zone).isoformat(" ", "minutes")
    visits = f"{count} visit{'s' if count != 1 else ''}"
    said = _READ_ME.format(
        count=visits, clinic=clinic.state.name or "the clinic", who=who, when=when, to=to, manifest=MANIFEST
    )
    return said.replace("\n", "\r\n")
