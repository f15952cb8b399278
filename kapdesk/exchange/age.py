"""Files that leave the house: age (age-encryption.org/v1), opened with a recipient's key and without KapDesk."""

import os
from collections.abc import Sequence
from pathlib import Path

import pyrage

from kapdesk.errors import KnownError

SUFFIX = ".age"


def is_key(text: str) -> bool:
    """Whether this is a key that something can be sealed to ("age1…")."""
    try:
        pyrage.x25519.Recipient.from_str(text.strip())
    except pyrage.RecipientError:
        return False
    return True


def seal(source: Path, target: Path, recipients: Sequence[str]) -> None:
    """Encrypt a file to X25519 recipients ("age1…"), whole or not at all.

    Raises KnownError for what is no recipient, and where the place refuses.
    """
    keys = []
    for n, each in enumerate(recipients):
        try:
            keys.append(pyrage.x25519.Recipient.from_str(each.strip()))
        except pyrage.RecipientError as error:
            raise KnownError(
                f"recipients in places.toml: number {n + 1} is no age key ({error}). It begins with age1."
            ) from error
    new = target.with_name(f"{target.name}.new")
    try:
        pyrage.encrypt_file(str(source), str(new), keys)
        with new.open("rb") as file:
            os.fsync(file.fileno())
        new.replace(target)
    except (OSError, pyrage.EncryptError) as error:
        new.unlink(missing_ok=True)
        raise KnownError(
            f"No copy could be put into {target.parent} ({error}). The backup here is whole; look to that place."
        ) from error
