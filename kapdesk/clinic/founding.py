"""Setting up a clinic folder: its keys, its record, its name, its certificate, this station, its first person."""

import contextlib
import os
import shutil
from pathlib import Path
from typing import Literal

import msgspec
from uuid_utils.compat import uuid7

from kapdesk.access import file
from kapdesk.access.accounts import NewPassword
from kapdesk.access.recovery import Code
from kapdesk.clinic import keyring, seal
from kapdesk.clinic.keyring import Keyring
from kapdesk.clock import Clock
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import ClinicFounded, PersonAdded, StationEnrolled
from kapdesk.facts.entry import Stream
from kapdesk.facts.people import ITSELF, Role
from kapdesk.facts.seal import SealMade
from kapdesk.record.recorder import Recorder
from kapdesk.store import vault
from kapdesk.store.journal_file import sync_folder
from kapdesk.store.keys import Keys, new_keys
from kapdesk.store.log import SqlLog

Paper = Literal["a4", "letter"]
WORK = "setting-up"


class First(msgspec.Struct, frozen=True):
    """Who sets a clinic up; an administrator whatever else they are."""

    name: str
    password: NewPassword
    roles: tuple[Role, ...] = ()
    credentials: str = ""


def found(
    folder: Path, name: str, time_zone: str, paper: Paper, first: First, demo: bool = False
) -> tuple[Keyring, Code]:
    """Set up a clinic in an empty folder: its keys open to the first person, and the recovery code, said here only.

    Raises KnownError when the folder cannot be used.
    """
    if not name.strip():
        raise KnownError("The clinic's name is missing. Type it as it should stand on the note.")
    if holds_clinic(folder):
        raise KnownError(f"{folder} holds a clinic already. Open it, or choose another folder.")
    person, own, work = str(uuid7()), new_keys(), folder / WORK
    try:
        vault.refuse_network_share(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        made = seal.make(name, Clock().now().utc_us)
        _record(work, own, person, first, ClinicFounded(name.strip(), time_zone, paper, demo), made.fact)
        ring, code = keyring.begin(folder, person, first.name, first.password, own, {made.name: made.key})
        os.replace(work / vault.FILE, folder / vault.FILE)
        sync_folder(folder)
    except (OSError, KnownError) as error:
        with contextlib.suppress(OSError):
            (folder / file.FILE).unlink()
        if isinstance(error, KnownError):
            raise
        words = f"{folder} cannot be written ({error.strerror}). Nothing was set up; choose another folder."
        raise KnownError(words) from error
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return ring, code


def holds_clinic(folder: Path) -> bool:
    """Whether there is a clinic in a folder, be it one whose record is gone; not where a setting up broke off."""
    return (folder / vault.FILE).exists() or ((folder / file.FILE).exists() and not (folder / WORK).exists())


def _record(work: Path, own: Keys, person: str, first: First, founded: ClinicFounded, certificate: SealMade) -> None:
    log = SqlLog(work, own, new=True)
    try:
        stream = Stream("clinic", str(own.clinic))
        recorder = Recorder(stream, log, Clock(), lambda: None, [], lambda call: call())
        recorder.record(founded, ITSELF)
        recorder.record(certificate, ITSELF)
        recorder.record(StationEnrolled(own.station, "First computer", own.public_key()), ITSELF)
        roles: tuple[Role, ...] = tuple(dict.fromkeys((*first.roles, "administrator")))
        added = PersonAdded(person, " ".join(first.name.split()), roles, first.credentials.strip())
        recorder.record(added, ITSELF).kept.result()
    finally:
        log.close()
