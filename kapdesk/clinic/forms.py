"""The questionnaires at hand: the clinic's own in its folder, those that ship, and the clinic's wording of either."""

import logging
from pathlib import Path

import msgspec

from kapdesk import paths
from kapdesk.clinical import forms
from kapdesk.clinical.forms import Form, Wording
from kapdesk.errors import KnownError
from kapdesk.toml import LARGEST

logger = logging.getLogger(__name__)

FOLDER = "forms"
WORDING = ".wording.toml"


class AtHand(msgspec.Struct, frozen=True):
    """A form file: what is in it and its text word for word, or what hinders it; the official wording, where the
    clinic has put it beside; and what hinders that."""

    path: Path
    form: Form | None = None
    toml: str = ""
    wording: Wording | None = None
    trouble: str = ""


def at_hand(folder: Path) -> list[AtHand]:
    """Every form, the clinic's own first; one of its own stands instead of a shipped one with the same id. Reads
    files."""
    own = folder / FOLDER
    files = [*_forms(own), *_forms(paths.shipped("resources", FOLDER))]
    found: list[AtHand] = []
    for path in files:
        try:
            toml = _text(path)
            form = forms.parse(toml, path.name)
        except KnownError as error:
            found.append(AtHand(path, trouble=str(error)))
            continue
        if form.id not in {each.form.id for each in found if each.form is not None}:
            found.append(_worded(AtHand(path, form, toml), own / f"{form.id}{WORDING}"))
    return found


def _worded(found: AtHand, path: Path) -> AtHand:
    """With the clinic's wording, where there is one; one that cannot be used leaves the form as it is, and is said."""
    if found.form is None or not path.exists():
        return found
    try:
        return msgspec.structs.replace(found, wording=forms.parse_wording(_text(path), found.form, path.name))
    except KnownError as error:
        return msgspec.structs.replace(found, trouble=str(error))


def _forms(folder: Path) -> list[Path]:
    """By name; those that only take a sum stand last."""
    found = [path for path in folder.glob("*.toml") if not path.name.endswith(WORDING)]
    return sorted(found, key=lambda path: (path.stem.endswith("-score"), path.name))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > 4 * LARGEST:
            raise KnownError(f"{path.name} holds {path.stat().st_size // 1000} kB; a form holds a few. Mend the file.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        logger.warning("%s cannot be read: %s", path.name, error)
        raise KnownError(f"{path.name} cannot be read: {error}. Mend the file.") from error
