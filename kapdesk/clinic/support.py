"""What helps whoever helps: the doctor's findings, the program's own trace and its parts. Nothing clinical."""

import importlib.metadata
import zipfile
from collections.abc import Sequence
from pathlib import Path

import msgspec

from kapdesk import paths
from kapdesk.clinic.doctor import Finding
from kapdesk.errors import KnownError


def bundle(path: Path, findings: Sequence[Finding]) -> list[str]:
    """Write the file, its owner's alone; what is in it, by name. Raises KnownError where the place refuses.

    The trace leaves out what a person may have typed (`ui.trace`); the record and its keys are not looked into.
    """
    log = paths.log_file()
    parts = {"findings.json": msgspec.json.format(msgspec.json.encode(findings)), "parts.txt": _parts().encode()}
    for each in sorted(log.parent.glob(f"{log.name}*")) if log.parent.is_dir() else []:
        parts[each.name] = each.read_bytes()
    try:
        path.touch(mode=0o600)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            for name, content in parts.items():
                file.writestr(name, content)
    except OSError as error:
        raise KnownError(f"{path} could not be written ({error.strerror}). Choose another place.") from error
    return sorted(parts)


def _parts() -> str:
    installed = {each.metadata["Name"]: each.version for each in importlib.metadata.distributions()}
    return "\n".join(f"{name} {version}" for name, version in sorted(installed.items()))
