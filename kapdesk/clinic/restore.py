"""Putting a damaged record back: the newest backup that holds, then what second copy and damaged file still say.

Nothing is thrown away: what was damaged is set aside with all its files. The record goes on under a new station, for
the old station's chain may have gone further than any copy knows.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import msgspec

from kapdesk.access.ring import PAPERS
from kapdesk.clinic.kept import digests
from kapdesk.clinic.keyring import Keyring, next_station
from kapdesk.clock import Clock
from kapdesk.errors import Damaged, KnownError
from kapdesk.facts.clinic import RecordRestored, StationEnrolled
from kapdesk.facts.entry import Stream
from kapdesk.facts.people import ITSELF
from kapdesk.people import clinic as clinic_fold
from kapdesk.record.history import read
from kapdesk.record.log import Kept
from kapdesk.record.recorder import Recorder
from kapdesk.store import backup, journal_file, places, vault
from kapdesk.store.backup import Backup
from kapdesk.store.check import check
from kapdesk.store.drafts import DRAFTS, Draft, Drafts
from kapdesk.store.keys import Keys
from kapdesk.store.log import SqlLog
from kapdesk.store.papers import FOLDER, Papers

WORK, ASIDE = "restoring", "aside"
AT_ONCE = 500

Progress = Callable[[float, str], None]


class Report(msgspec.Struct, frozen=True):
    """What a record was put back from, and what came of it. `refused` names lines that did not hold, and why.

    `aside` is where the damaged files lie ("" for a drill, which changes nothing), `whole` whether every chain of what
    was put back holds.
    """

    drill: bool
    backup: str
    backup_us: int
    from_backup: int
    from_second_copy: int
    from_damaged: int
    entries: int
    refused: tuple[tuple[UUID, str], ...]
    faults: tuple[str, ...]
    whole: bool
    aside: str = ""
    papers: int = 0
    papers_lost: tuple[str, ...] = ()

    def words(self) -> str:
        """The report in plain sentences."""
        parts = []
        if self.backup:
            made = datetime.fromtimestamp(self.backup_us / 1e6).astimezone().isoformat(" ", "minutes")
            parts.append(f"{self.from_backup} lines from the backup of {made}")
        parts.append(f"{self.from_second_copy} from the second copy")
        if self.from_damaged:
            parts.append(f"{self.from_damaged} from the damaged file itself")
        if self.papers_lost:
            parts.append(f"{self.papers} signed papers, but not {', '.join(each[:16] for each in self.papers_lost)}")
        elif self.papers:
            parts.append(f"{self.papers} signed {'paper' if self.papers == 1 else 'papers'}")
        begun = "The copies hold" if self.drill else "The record was put back:"
        left = f" {len(self.refused)} lines did not hold and were left out." if self.refused else ""
        ends = "Every line of it holds." if self.whole else "Not every line of it holds: run kapdesk check."
        aside = f" What was damaged is kept in {self.aside}." if self.aside else ""
        return f"{begun} {', '.join(parts)}. {ends}{left}{aside}"


def restore(
    ring: Keyring,
    clock: Clock,
    *,
    drill: bool = False,
    progress: Progress = lambda part, words: None,
) -> Report:
    """Put the record of a clinic folder back from its copies. With `drill` only try it, beside the record in use.

    Raises KnownError when nobody can, when KapDesk has the record open, or when there is no copy at all.
    """
    folder, own = ring.folder, ring.own
    where = places.read(folder)
    work = folder / WORK
    with contextlib.ExitStack() as held:
        if not drill:
            held.enter_context(vault.hold(folder, alone=True))
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        held.callback(shutil.rmtree, work, True)
        progress(0.0, "looking for copies")
        second = [
            journal_file.read(place, own.clinic, own.database_keys)
            for place in where.folders(folder, own.clinic, places.JOURNAL)
        ]
        base = _newest_whole(where.folders(folder, own.clinic, places.BACKUPS), own.database_keys)
        if base is None and not any(found.lines for found in second):
            raise KnownError("There is neither a backup nor a second copy of this record. Nothing was changed.")
        if base is not None:
            vault.create(work)  # readable by its owner alone, from its first byte
            shutil.copyfile(base.path, work / vault.FILE)
        progress(0.2, "putting the lines together")
        new = next_station(own)
        log = SqlLog(work, new, new=base is None)
        try:
            report, wanted = _put_together(log, ring, clock, base, second, progress)
        finally:
            log.close()
        lost = _lost(ring, where, wanted, put_back=not drill)
        report = msgspec.structs.replace(report, drill=drill, papers=len(wanted) - len(lost), papers_lost=lost)
        if not drill:
            aside = _exchange(folder, work, own, where, lambda: ring.keep_station(new))
            report = msgspec.structs.replace(report, aside=str(aside))
        progress(1.0, "")
        return report


def _put_together(
    log: SqlLog,
    ring: Keyring,
    clock: Clock,
    base: Backup | None,
    second: Sequence[journal_file.Found],
    progress: Progress,
) -> tuple[Report, list[str]]:
    """What the copies and the damaged file still say, in the new record and on record in it; and which papers it names.

    `log` is the new record, begun from `base` where there is one; `second` is what the second copies hold.
    """
    own, new, damaged = ring.own, log.keys, ring.folder / WORK / "damaged"
    lines = [kept for found in second for _, kept in found.lines]
    from_backup = log.row()
    refused = dict(_adopt(log, ring, lines))
    from_second = log.row() - from_backup
    progress(0.6, "looking into the damaged file")
    refused |= dict(_adopt(log, ring, _salvage(ring.folder, damaged, own, {k.entry.body.id for k in lines})))
    from_damaged = log.row() - from_backup - from_second
    _keep_drafts(log, damaged, own)
    log.forget_erased()
    state = clinic_fold.fold(map(read, log.read(Stream("clinic", str(own.clinic)))))
    if state.founded is None:
        raise KnownError("The copies do not reach back to the clinic's first line. Nothing was changed.")
    known = [station for station in ring.stations() if station in state.stations]
    before, made_us = known[0] if known else own.station, base.made_us if base else 0
    told = RecordRestored(new.station, before, made_us, from_backup, from_second, from_damaged, len(refused))
    recorder = Recorder(Stream("clinic", str(own.clinic)), log, clock, lambda: None, [], lambda call: call())
    recorder.record(StationEnrolled(new.station, "After a repair", new.public_key()), ITSELF)
    recorder.record(told, ITSELF).kept.result()
    progress(0.8, "checking every line")
    stations = {id_: each.public_key for id_, each in state.stations.items()} | {new.station: new.public_key()}
    report = Report(
        False,
        base.path.name if base else "",
        made_us,
        from_backup,
        from_second,
        from_damaged,
        log.row(),
        tuple(refused.items()),
        tuple(fault for found in second for fault in found.faults),
        check(log, stations, state.heads).whole,
    )
    return report, sorted(digests(log))


def _lost(ring: Keyring, where: places.Places, wanted: list[str], put_back: bool) -> tuple[str, ...]:
    """Those of which no whole one is anywhere; the others are put back where they are missing."""
    key = ring.shared(PAPERS)
    if key is None:
        return tuple(wanted)
    copies = where.folders(ring.folder, ring.own.clinic, places.BACKUPS)
    store = Papers(ring.folder, ring.own.clinic, key, [each / FOLDER for each in copies])
    lost = tuple(sha256 for sha256 in wanted if not store.found(sha256))
    for sha256 in wanted if put_back else ():
        if sha256 not in lost:
            store.take_out(sha256)
    return lost


def _newest_whole(folders: Iterable[Path], database_keys: Iterable[str]) -> Backup | None:
    """An older one may be under a key of before."""
    for each in filter(backup.is_as_made, backup.at_hand(list(folders))):
        for key in database_keys:
            with contextlib.suppress(Damaged):
                backup.verify(each.path, key)
                return each
    return None


def _adopt(log: SqlLog, ring: Keyring, lines: Iterable[Kept]) -> list[tuple[UUID, str]]:
    """Take lines in: the clinic's own first, for they say which stations there are."""
    mine = Stream("clinic", str(ring.own.clinic))
    unique = list({kept.entry.body.id: kept for kept in lines}.values())
    refused: list[tuple[UUID, str]] = []
    for part in (
        [k for k in unique if k.entry.body.stream == mine],
        [k for k in unique if k.entry.body.stream != mine],
    ):
        state = clinic_fold.fold(map(read, log.read(mine)))
        stations = ring.stations() | {id_: each.public_key for id_, each in state.stations.items()}
        refused += log.adopt(part, stations).result().refused
    return refused


def _salvage(folder: Path, copy: Path, own: Keys, known: set[UUID]) -> list[Kept]:
    """What the damaged file still says beyond its second copy; read from a copy, for opening it changes it."""
    copy.mkdir(mode=0o700)
    if not (folder / vault.FILE).exists():  # a putting back that broke off has set it aside already
        folder = max(folder.glob(f"{ASIDE}-*"), default=folder)
    for path in folder.glob(f"{vault.FILE}*"):
        shutil.copyfile(path, copy / path.name)
    found: list[Kept] = []
    try:
        log = SqlLog(copy, own)
    except KnownError:
        return found
    row = 0
    try:
        while came := log.after(row, AT_ONCE):
            found += (kept for _, kept in came if kept.entry.body.id not in known)
            row = came[-1][0]
    except KnownError:
        pass  # as far as it could be read
    finally:
        log.close()
    return found


def _keep_drafts(log: SqlLog, copy: Path, own: Keys) -> None:
    """What was half-typed when the record broke, as far as the damaged file says it; else as the backup has it."""
    found: list[Draft] = []
    for key in own.database_keys:
        with (
            contextlib.suppress(KnownError),
            contextlib.closing(vault.connect(copy, key)) as connection,
            vault.told_plainly(copy),
        ):
            found = [Draft(*row) for row in connection.execute(DRAFTS)]
    drafts = Drafts(log)
    for draft in found:
        drafts.keep(draft)
    log.writer.submit(lambda connection: None).result()


def _exchange(folder: Path, work: Path, own: Keys, where: places.Places, keep_station: Callable[[], None]) -> Path:
    """Set what is damaged aside, and put the new record in its place. Broken off anywhere, it can be done again."""
    name = datetime.now(UTC).strftime(f"{ASIDE}-%Y%m%dT%H%M%S.%fZ")
    aside = folder / name
    aside.mkdir(mode=0o700)
    keep_station()
    vault.throw_away(folder / vault.INDEX)  # it was made from what is set aside
    for path in sorted(folder.glob(f"{vault.FILE}*")):
        os.replace(path, aside / path.name)
    with (work / vault.FILE).open("rb") as file:
        os.fsync(file.fileno())
    os.replace(work / vault.FILE, folder / vault.FILE)
    journal_file.sync_folder(folder)
    for place in where.folders(folder, own.clinic, places.JOURNAL):
        if place.is_dir():
            os.replace(place, place.with_name(f"{place.name}-{name}"))
    return aside
