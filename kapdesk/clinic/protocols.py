"""The protocols at hand: shipped as examples, the clinic's own, and which of them a prescriber has approved."""

from pathlib import Path

import msgspec

from kapdesk import paths
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinical import protocol
from kapdesk.clinical.protocol import Protocol
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import ProtocolApproved
from kapdesk.facts.people import Actor
from kapdesk.record.recorder import Recording

FOLDER = "protocols"


class AtHand(msgspec.Struct, frozen=True):
    """A protocol file: what is in it, or what hinders it; and who approved it word for word, "" for nobody."""

    path: Path
    plan: Protocol | None = None
    toml: str = ""
    trouble: str = ""
    approved_by: str = ""
    approved_us: int = 0


def files(folder: Path) -> list[Path]:
    """The clinic's own protocols first, then the shipped ones."""
    return [
        *sorted((folder / FOLDER).glob("*.toml")),
        *sorted(paths.shipped("resources", "protocols").glob("*.toml")),
    ]


def at_hand(clinic: OpenClinic) -> list[AtHand]:
    """Every protocol, read from its file."""
    approvals = {h.fact.sha256: h for h in clinic.state.history.standing(ProtocolApproved)}
    found = []
    for path in files(clinic.log.folder):
        try:
            plan, toml = protocol.read(path)
        except KnownError as error:
            found.append(AtHand(path, trouble=str(error)))
            continue
        approval = approvals.get(protocol.sha256(toml))
        by = clinic.state.name_of(approval.by) if approval else ""
        found.append(AtHand(path, plan, toml, approved_by=by, approved_us=approval.at_us if approval else 0))
    return found


def approve(clinic: OpenClinic, toml: str, actor: Actor) -> Recording:
    """A prescriber approves a protocol, word for word, for use with patients. Raises KnownError where they may not."""
    clinic.require(actor.entered_by, "approve protocol")
    clinic.require(actor.by, "approve protocol")
    plan = protocol.parse(toml)
    return clinic.recorder.record(ProtocolApproved(plan.name, plan.version, protocol.sha256(toml), toml), actor)
