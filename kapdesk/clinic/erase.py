"""Erasing what was said in one visit, by law or request: two people, a reason, and a list of where it still lies."""

from pathlib import Path
from uuid import UUID

import msgspec

from kapdesk.clinic.open import OpenClinic
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import ContentsErased
from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Erased
from kapdesk.facts.people import Actor
from kapdesk.record.recorder import Recorder
from kapdesk.store import backup, journal_file, places

DAY_US = 86_400_000_000
AT_MOST_US = (backup.WEEKS + 1) * 7 * DAY_US
"""A backup is thinned out after so long, unless it is one of the newest: then when newer ones have been made."""


class Left(msgspec.Struct, frozen=True):
    """A copy that still holds what was erased, and when it will have been thinned out (UTC µs)."""

    path: str
    gone_by_us: int


def erase(clinic: OpenClinic, session: UUID, reason: str, actor: Actor, agreed_by: str) -> tuple[Left, ...]:
    """Delete the contents of a visit from the record, its second copy and the drafts; entries and chains stay.

    `agreed_by` is a second person, whose password the caller has asked for. What is still in backups is listed, and
    does not come back with them. Raises KnownError where one of the two may not, or the visit goes on.
    """
    clinic.require(actor.entered_by, "erase")
    clinic.require(agreed_by, "agree to erase")
    if agreed_by in (actor.by, actor.entered_by):
        raise KnownError("An erasure takes two people. Nothing was erased; ask someone else to agree.")
    if len(reason.strip()) < 3:
        raise KnownError("The reason is missing. Nothing was erased; say by which law or request it is done.")
    line = clinic.visit(session)  # raises where there is none
    if line.session.live or session in clinic.rooms:
        raise KnownError("This visit is open or goes on. Nothing was erased; end it and put it away first.")
    log, stream = clinic.log, Stream("session", str(session))
    recorder = Recorder(stream, log, clinic.clock, lambda: None, [], clinic.post)
    recorder.record(Erased(reason.strip(), agreed_by), actor).kept.result()
    log.forget_erased()
    for key in clinic.drafts.all():
        if str(session) in key:
            clinic.drafts.drop(key)
    copies = clinic.places.folders(log.folder, log.keys.clinic, places.JOURNAL)
    for _ in range(2):  # a line that was on its way meanwhile is in a file begun since
        if log.journal is not None:
            log.journal.begin_anew()
        for place in copies:
            journal_file.erase(place, log.keys.clinic, log.keys.database_keys, stream)
    clinic.recorder.record(ContentsErased(stream, agreed_by, reason.strip()), actor).kept.result()
    held = backup.at_hand(clinic.places.folders(log.folder, log.keys.clinic, places.BACKUPS))
    return tuple(Left(str(Path(each.path)), each.made_us + AT_MOST_US) for each in held)
