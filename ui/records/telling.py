"""A session as it stands in the list of records, in words."""

from typing import TYPE_CHECKING

from kapdesk.clinical import protocol
from kapdesk.errors import KnownError
from kapdesk.people.clinic import Clinic
from ui import words
from ui.records.page import Record
from ui.session.seen import offset_s
from ui.session.times import day

if TYPE_CHECKING:
    from kapdesk.clinic.open import Line

_STAGES = {"locked": "signed and locked", "ended": "to be signed"}


def record_of(line: "Line", clinic: Clinic) -> Record:
    """One visit in words, and whether its observation summary is due."""
    from kapdesk.clinic import summary  # brings the paper along, which the rows of the first page do without

    session, opened = line.session, line.session.opened
    zone = opened.time_zone if opened else "UTC"
    at_us = session.arrived_us
    when = "not arrived" if at_us is None else f"{day(at_us, zone)}  {words.wall_clock(at_us, offset_s(zone, at_us))}"
    plan = ""
    if session.protocol is not None:
        try:
            plan = protocol.parse(session.protocol.toml).name
        except KnownError:
            plan = "protocol not readable"
    due = summary.state(session, line.id, clinic)
    said = words.join(plan, session.ended.how if session.ended else "", due)
    stage = _STAGES.get(session.stage, session.stage)
    rehearsal = bool(opened and opened.rehearsal)
    return Record(line.id, when, line.patient.name, line.patient.called, stage, said, rehearsal, line.patient.id)
