"""Where the copies of a record lie: beside it, and at a second place on another disk where the clinic has named one."""

import os
from pathlib import Path
from uuid import UUID

import msgspec

from kapdesk.errors import KnownError
from kapdesk.store.journal_file import sync_folder, write_whole
from kapdesk.toml import brief, loads

FILE = "places.toml"
JOURNAL, BACKUPS = "journal", "backups"


class Places(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`second`: a folder on another disk, or "". `off_site`: where copies that leave the house are put, as age files
    that open with the keys of `recipients` (age1…)."""

    second: str = ""
    off_site: str = ""
    recipients: tuple[str, ...] = ()

    def folders(self, folder: Path, clinic: UUID, what: str) -> list[Path]:
        """Where a kind of copy of a clinic folder lies, the one to write to first.

        A second place that is not there (a disk pulled out) is left out: the copy beside the record goes on.
        """
        own = [folder / what]
        if self.second and os.access(self.second, os.W_OK):
            own.insert(0, Path(self.second) / f"kapdesk-{clinic}" / what)
        return own


def read(folder: Path) -> Places:
    """The places of a clinic folder. Raises KnownError, naming the field, where the file cannot be read."""
    try:
        return msgspec.convert(loads((folder / FILE).read_text(encoding="utf-8")), Places)
    except FileNotFoundError:
        return Places()
    except (OSError, ValueError) as error:
        raise KnownError(
            f"{folder / FILE} cannot be read ({brief(str(error))}). The record is untouched; mend that file."
        ) from error


def write(folder: Path, places: Places) -> None:
    """Put the places in their file, whole or not at all."""
    new = folder / f"{FILE}.new"
    fields = msgspec.to_builtins(places)  # what JSON writes of texts and lists, TOML reads
    lines = [f"{name} = {msgspec.json.encode(value).decode()}\n" for name, value in fields.items()]
    write_whole(new, "".join(lines).encode())
    os.replace(new, folder / FILE)
    sync_folder(folder)
