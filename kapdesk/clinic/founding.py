"""Setting up a clinic folder: its keys, its record, its name, this station."""

from pathlib import Path
from typing import Literal

from kapdesk.clock import Clock
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import ClinicFounded, StationEnrolled
from kapdesk.facts.entry import Stream
from kapdesk.facts.people import ITSELF
from kapdesk.people import clinic as clinic_fold
from kapdesk.record.history import read
from kapdesk.record.recorder import Recorder
from kapdesk.store import keys, vault
from kapdesk.store.log import SqlLog

Paper = Literal["a4", "letter"]


def found(folder: Path, name: str, time_zone: str, paper: Paper, demo: bool = False) -> None:
    """Set up a clinic in an empty folder: its keys, its record, its name, this station.

    Raises KnownError when the folder cannot be used.
    """
    if not name.strip():
        raise KnownError("The clinic's name is missing. Type it as it should stand on the note.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        vault.refuse_network_share(folder)
        own = keys.read(folder)
        if own is None:
            own = keys.new_keys()
            keys.write(folder, own)
    except OSError as error:
        raise KnownError(
            f"{folder} cannot be written ({error.strerror}). Nothing was set up; choose another folder."
        ) from error
    log = SqlLog(folder, own, new=True)
    stream = Stream("clinic", str(own.clinic))
    if clinic_fold.fold(map(read, log.read(stream))).founded is not None:
        log.close()
        raise KnownError(f"{folder} holds a clinic already. Open it, or choose another folder.")
    recorder = Recorder(stream, log, Clock(), lambda: None, [], lambda call: call())
    recorder.record(ClinicFounded(name.strip(), time_zone, paper, demo), ITSELF)
    recorder.record(StationEnrolled(own.station, "First computer", own.public_key()), ITSELF)
    log.close()
