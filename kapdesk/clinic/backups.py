"""When backups are made: after a session ends, at night, and when KapDesk is closed; never in anyone's way."""

import logging
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import msgspec

from kapdesk.access import file as key_file
from kapdesk.clock import Clock
from kapdesk.errors import KnownError
from kapdesk.store import backup, journal_file, papers, places
from kapdesk.store.backup import Backup
from kapdesk.store.journal_file import write_whole
from kapdesk.store.log import SqlLog

logger = logging.getLogger(__name__)

HOUR_US = 3_600_000_000
NIGHTLY_US = 24 * HOUR_US
OLD_US = 36 * HOUR_US
"""A newest backup older than this is worth a warning: a night was left out."""


class Safety(msgspec.Struct, frozen=True):
    """How safe the record is: its newest verified backup (0 for none), where, what hindered the last try, and how many
    lines the second copy lacks. `apart`: whether the copies lie on another disk than the record; `damaged` says what
    was found when everything was looked through."""

    backup_us: int = 0
    place: str = ""
    trouble: str = ""
    lacks: int = 0
    second_trouble: str = ""
    apart: bool = False
    on_reserve: bool = False
    damaged: str = ""
    certificate: str = ""
    """That the one papers are signed under ends soon, or is over; "" while it holds."""

    def old(self, now_us: int) -> bool:
        """Whether it is time to look to the backups."""
        return now_us - self.backup_us > OLD_US


class Backups:
    """Makes the backups of an open clinic on a thread of its own, one at a time."""

    def __init__(self, log: SqlLog, where: places.Places, clock: Clock) -> None:
        self._log, self._where, self._clock = log, where, clock
        self._thread = ThreadPoolExecutor(1, "backup")
        self._asked: Future[None] | None = None
        self._tried_us = 0
        self._trouble = ""
        self._newest: Backup | None = next(iter(backup.at_hand(self._folders())), None)
        self._apart = _apart(log.folder, self._folders()[0].parent)

    def state(self) -> Safety:
        """As of now. Asks no disk."""
        journal, newest = self._log.journal, self._newest
        second = journal.state if journal is not None else None
        return Safety(
            newest.made_us if newest else 0,
            str(newest.path.parent) if newest else "",
            self._trouble,
            second.lacks if second else 0,
            second.trouble if second else "",
            self._apart,
            self._log.reserve.used,
        )

    def tick(self) -> None:
        """About once a second: is it time for the nightly one? Where the last try failed, an hour later again."""
        now_us = self._clock.now().utc_us
        made_us = self._newest.made_us if self._newest else 0
        if now_us - made_us >= NIGHTLY_US and now_us - self._tried_us >= HOUR_US:
            self.soon()

    def soon(self) -> "Future[None]":
        """Make one as soon as the one that is being made is done; of several asked for meanwhile, one is made."""
        self._tried_us = self._clock.now().utc_us
        if self._asked is None or self._asked.running() or self._asked.done():
            self._asked = self._thread.submit(self._make)
        return self._asked

    def ask_for_papers(self) -> None:
        """Put down the signed papers that came since once more; the record itself waits for its next copy."""
        self._thread.submit(self._only_papers)

    def _only_papers(self) -> None:
        try:
            self._keep_papers(self._folders()[0])
        except KnownError as error:
            self._trouble = str(error)
            logger.warning("%s", error)

    def ask(self) -> None:
        """As `soon`, for whoever does not wait."""
        self.soon()

    def idle(self) -> bool:
        """Whether none is asked for or being made."""
        return self._asked is None or self._asked.done()

    def close(self, give_up: bool = False) -> None:
        """Make the last one, then end; with `give_up` only wait for the one that is being made."""
        if not give_up:
            self.soon()
        self._thread.shutdown(cancel_futures=give_up)

    def _make(self) -> None:
        """One more, if anything was recorded since the last; then the old ones are thinned out."""
        self._log.reserve.hold()
        place = self._folders()[0]
        self._apart = _apart(self._log.folder, place.parent)
        newest = self._newest
        try:
            if newest is None or newest.path.parent != place or newest.entries != self._log.row():
                newest = self._newest = backup.make(self._log, place, self._clock.now().utc_us)
                self._forget(backup.rotate(place))
            self._keep_keys(newest)
            self._keep_papers(place)
            self._send_off(newest)
            self._trouble = ""
        except KnownError as error:
            self._trouble = str(error)
            logger.warning("%s", error)

    def _keep_keys(self, made: Backup) -> None:
        """Beside the newest copy the sealed keys as they are now: without its key file a copy opens for nobody."""
        try:
            write_whole(made.path.with_suffix(backup.KEYS), (self._log.folder / key_file.FILE).read_bytes())
        except OSError as error:
            raise KnownError(
                f"The keys could not be kept beside the backup ({error.strerror}). The backup itself is whole."
            ) from error

    def _keep_papers(self, place: Path) -> None:
        """The signed papers once more beside the copies: new ones are added; none goes but what was erased."""
        try:
            papers.copy_new(self._log.folder / papers.FOLDER, place / papers.FOLDER)
        except OSError as error:
            raise KnownError(
                f"Signed papers could not be copied to {place} ({error.strerror}). The backup itself is whole; look to "
                "that disk."
            ) from error

    def _send_off(self, newest: Backup) -> None:
        """The newest copy and its keys to the place off-site, if the clinic named one; those thinned out here go there
        too. It opens with the recipients' own age keys, and then with a password of KapDesk's."""
        if not (self._where.off_site and self._where.recipients):
            return
        place = Path(self._where.off_site)
        if not place.is_dir():
            raise KnownError(f"The place for copies off-site, {place}, is not there. The backups here are whole.")
        from kapdesk.exchange import age  # only for clinics that have such a place

        here = newest.path.parent
        for path in (newest.path, newest.path.with_suffix(backup.KEYS)):
            if path.suffix == backup.KEYS or not (place / f"{path.name}{age.SUFFIX}").exists():
                age.seal(path, place / f"{path.name}{age.SUFFIX}", self._where.recipients)
        for paper in sorted((here / papers.FOLDER).glob(f"*{papers.SUFFIX}")):
            if not (place / f"{paper.name}{age.SUFFIX}").exists():
                age.seal(paper, place / f"{paper.name}{age.SUFFIX}", self._where.recipients)
        papers.clear(place, papers.erased(self._log.folder / papers.FOLDER))
        for old in place.glob(f"record-*{age.SUFFIX}"):
            if not (here / old.name.removesuffix(age.SUFFIX)).exists():
                old.unlink(missing_ok=True)

    def _folders(self) -> list[Path]:
        return self._where.folders(self._log.folder, self._clinic, places.BACKUPS)

    @property
    def _clinic(self) -> UUID:
        return self._log.keys.clinic

    def _forget(self, kept: list[Backup]) -> None:
        """What every kept backup holds needs no second copy any more."""
        journal = self._log.journal
        if journal is not None and kept:
            oldest = min(each.entries for each in kept)
            journal_file.forget(journal.place, self._clinic, self._log.keys.database_keys, oldest, journal.path)


def _apart(folder: Path, place: Path) -> bool:
    """Whether two folders lie on different disks, as far as the system tells."""
    try:
        return folder.stat().st_dev != _existing(place).stat().st_dev
    except OSError:
        return False


def _existing(place: Path) -> Path:
    while not place.exists() and place != place.parent:
        place = place.parent
    return place
