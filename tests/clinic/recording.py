"""A program of its own that records in a clinic without end and says what was acknowledged, until it is killed.

Says one line each: `session ID`, then `kept ID` when an entry is acknowledged. Typing goes into a draft before each
note, so that a note acknowledged means a draft kept.
"""

import sys
from pathlib import Path

from kapdesk.clinic.inbox import Inbox
from kapdesk.clinic.open import OpenClinic
from kapdesk.clinic.room import Room
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.people import Actor
from kapdesk.facts.session import Marked, MusicPlanned, NoteTaken, PatientArrived, VitalsTaken
from kapdesk.store.drafts import Draft
from tests.keys import NAME
from tests.keys import opened as keys_opened
from tests.plain import PLAIN, approve

WAIT_S = 30.0


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def opened(clinic: OpenClinic, inbox: Inbox) -> Room:
    """The session that was running, or the first one."""
    away = clinic.unfinished.look()
    if away:
        (person,) = [id_ for id_, each in clinic.state.people.items() if each.name != NAME]
        return clinic.unfinished.resume(away[0], actor=Actor(person, person))
    person, _ = clinic.add_person("Sample Nurse One", ("medical staff",))
    assert inbox.run_until(lambda: len(clinic.state.people) == 2, WAIT_S)
    patient, _ = clinic.register(PatientRegistered("Sample Patient A", "1980-01-01"), Actor(person, person))
    assert inbox.run_until(lambda: bool(clinic.patients), WAIT_S)
    approve(clinic)
    assert inbox.run_until(lambda: bool(clinic.state.approved), WAIT_S)
    room = clinic.open_session(patient, PLAIN, MusicPlanned("sample", ()), Actor(person, person))
    room.record(PatientArrived())
    return room


def main(folder: Path) -> None:
    inbox = Inbox()
    clinic = OpenClinic(keys_opened(folder), inbox.post)
    room = opened(clinic, inbox)
    assert inbox.run_until(lambda: not room.pending, WAIT_S)
    say(f"session {room.id}")
    n = 0
    while True:
        for fact in (NoteTaken(f"note {n}"), VitalsTaken(120, 80), Marked()):
            n += 1
            clinic.drafts.keep(Draft("note", f"typed {n}", room.now_us()))
            recording = room.record(fact)
            recording.kept.add_done_callback(lambda done: say(f"kept {done.result().body.id}"))
        assert inbox.run_until(lambda: len(room.pending) < 3, WAIT_S, 0.001)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
