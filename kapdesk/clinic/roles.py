"""Who may do what, by the roles they have in this clinic; where not, why, in one sentence."""

from collections.abc import Callable, Iterable
from typing import Any

from kapdesk.errors import KnownError
from kapdesk.facts.clinic import PersonAdded
from kapdesk.facts.people import DESK, UNKNOWN, Act, Area, may, may_record, may_type
from kapdesk.people.clinic import Clinic
from kapdesk.record.recorder import Intent, Judge

_SAID: dict[Act, str] = {
    "add people": "decide who works here and has a password",
    "read records": "open the records",
    "read patient": "open a patient’s record",
    "print": "print a note",
    "file": "file a note",
    "export": "export records",
    "backup": "make backups",
    "restore": "put the record back",
    "audit": "read who did what",
    "settings": "change the clinic's settings",
    "approve protocol": "approve a protocol",
    "override": "override this",
    "agree to erase": "agree to an erasure",
}


def told(person: PersonAdded | None) -> str:
    """Someone with their roles, as a sentence begins; "Nobody" for nobody."""
    return f"{person.name} ({', '.join(person.roles)})" if person is not None else "Nobody"


def permitted(clinic: Callable[[], Clinic], area: Area) -> Judge:
    """Whether the one who acts has a role that may record here."""

    def judge(_: Any, intent: Intent) -> str | None:
        for who in {intent.actor.by, intent.actor.entered_by} - {DESK}:
            person = clinic().staff.get(who)
            if person is None and who in clinic().left:
                return f"{clinic().name_of(who)} works here no more. Choose someone else under “By”."
            if who == UNKNOWN:
                return "It is not known who types. Sign in (Ctrl+L), or add yourself under “Who is here”."
            if person is None:
                return "Nobody is chosen under “By”. Choose who is writing; what you typed is still here."
            typed = who == intent.actor.entered_by != intent.actor.by
            if not (may_type(person.roles) if typed else may_record(person.roles, area)):
                return f"{told(person)} may read here, not write. Choose someone else under “By”."
        return None

    return judge


def may_not(clinic: Clinic, people: Iterable[str], act: Act, words: str) -> str | None:
    """Who of these may not do this, which `words` say; None where all may."""
    for who in people:
        person = clinic.staff.get(who)
        if person is None or not may(person.roles, act):
            return f"{clinic.name_of(who)} may not {words}. Ask someone whose role allows it."
    return None


def require(clinic: Clinic, person: str, act: Act) -> None:
    """Raises KnownError where someone's roles do not let them do this."""
    known = clinic.staff.get(person)
    if known is None:
        raise KnownError("Nobody is chosen under “By”. Choose who is at the desk first.")
    if not may(known.roles, act):
        raise KnownError(f"{told(known)} may not {_SAID.get(act, act)} here. Ask someone whose role allows it.")
