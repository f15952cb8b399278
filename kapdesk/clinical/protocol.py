"""A protocol: the clinic's plan for one kind of session, written as TOML.

Every figure in a shipped protocol is an example, to be approved by the clinic's medical director.
"""

import hashlib
import logging
import re
from pathlib import Path

import msgspec

from kapdesk.clinical.vitals import Limits
from kapdesk.errors import KnownError
from kapdesk.facts.session import PHASES, Phase, Route

logger = logging.getLogger(__name__)

FORMAT = 1
LARGEST = 200_000
"""Characters; a protocol has some thousands."""


class PlannedPhase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One phase of the effect and how long it usually lasts, in minutes."""

    phase: Phase
    minutes: int


class Protocol(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a session is planned to go.

    `vitals_every_min`: from the first dose on. `booster_adds_min`: how much longer the peak lasts for each later
    dose given before the peak ends. `limits_before` hold before the first dose (delay it when above),
    `limits_after` from then on.
    """

    format: int
    name: str
    version: str
    medication: str
    route: Route
    phases: tuple[PlannedPhase, ...]
    vitals_every_min: int
    usual_doses_mg: tuple[int, ...] = ()
    booster_adds_min: int = 0
    limits_before: Limits = Limits()
    limits_after: Limits = Limits()
    source: str = ""

    def limits_at(self, at_us: int, first_dose_us: int | None) -> Limits:
        """The limits that hold at a time (UTC µs): those before the first dose, or those from it on."""
        before = first_dose_us is None or at_us < first_dose_us
        return self.limits_before if before else self.limits_after

    def minutes(self, phase: Phase) -> int:
        """How long a phase is planned to last; 0 for one the protocol does not have."""
        return next((p.minutes for p in self.phases if p.phase == phase), 0)


def parse(toml: str, name: str = "protocol") -> Protocol:
    """A protocol from its TOML. `name` is how the file is called in messages.

    Raises KnownError naming file, line or field when it cannot be read.
    """
    if len(toml) > LARGEST:
        raise KnownError(f"{name} holds {len(toml) // 1000} kB; a protocol holds a few. Choose another file.")
    try:
        protocol = msgspec.toml.decode(toml.encode("utf-8", "replace"), type=Protocol)
    except RecursionError as error:
        raise KnownError(f"{name}: its brackets are nested too deep. Mend the file.") from error
    except msgspec.ValidationError as error:
        raise KnownError(
            f"{name} cannot be used: {_plain(error)}. Mend the file or choose another protocol."
        ) from error
    except msgspec.DecodeError as error:
        raise KnownError(f"{name} is not readable TOML: {error}. Mend the file or choose another protocol.") from error
    if protocol.format != FORMAT:
        raise KnownError(f"{name} is of format {protocol.format}; this KapDesk reads format {FORMAT}. Update KapDesk.")
    order = [PHASES.index(p.phase) for p in protocol.phases]
    if order != sorted(set(order)) or any(p.minutes <= 0 for p in protocol.phases):
        raise KnownError(f"{name}, field phases: each phase once, in order, with its minutes above 0. Mend the file.")
    if protocol.vitals_every_min <= 0:
        raise KnownError(f"{name}, field vitals_every_min: must be above 0. Mend the file.")
    return protocol


def read(path: Path) -> tuple[Protocol, str]:
    """A protocol file and its text, word for word."""
    try:
        if path.stat().st_size > 4 * LARGEST:
            raise KnownError(f"{path.name} holds {path.stat().st_size // 1000} kB; a protocol holds a few.")
        toml = path.read_text(encoding="utf-8")
        return parse(toml, path.name), toml
    except (OSError, UnicodeDecodeError) as error:
        logger.warning("%s cannot be read: %s", path.name, error)
        raise KnownError(f"{path.name} cannot be read: {error}. Choose another protocol.") from error
    except KnownError as error:
        logger.warning("%s", error)
        raise


def sha256(toml: str) -> str:
    """SHA-256 of a protocol's UTF-8 text, lower hex."""
    return hashlib.sha256(toml.encode()).hexdigest()


def _plain(error: msgspec.ValidationError) -> str:
    text = str(error)
    place = re.search(r" - at `\$\.?(.*)`$", text)
    return f"field {place[1]}: {text[: place.start()]}" if place else text
