"""A protocol that asks for nothing, approved: for the tests that are about something else."""

from pathlib import Path

from kapdesk.clinic.open import OpenClinic
from kapdesk.clinical import protocol
from kapdesk.facts.clinic import ProtocolApproved
from kapdesk.facts.people import ITSELF

PLAIN = Path(__file__).with_name("plain.toml").read_text(encoding="utf-8")


def approve(clinic: OpenClinic, toml: str = PLAIN) -> None:
    """As a prescriber would have, some day before."""
    plan, sha256 = protocol.parse(toml), protocol.sha256(toml)
    if sha256 not in clinic.state.approved:
        clinic.recorder.record(ProtocolApproved(plan.name, plan.version, sha256, toml), ITSELF).kept.result()
