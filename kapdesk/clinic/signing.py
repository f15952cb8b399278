"""Signing a visit, countersigning it, adding to it: by whoever has just shown their password, each on record first.

The paper follows by itself (`papers.py`). What is signed says who by their roles, what they say by it, and of which
paper; nothing that was signed changes afterwards.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from kapdesk.clinic.kept import record_in
from kapdesk.clinic.roles import told
from kapdesk.facts.papers import Countersigned, PaperKept
from kapdesk.facts.people import Actor, may
from kapdesk.facts.session import AddedAs, AddendumWritten
from kapdesk.people.clinic import Clinic
from kapdesk.record.recorder import Intent, Judge, Recording
from kapdesk.session import papers
from kapdesk.session.papers import Version
from kapdesk.session.state import Session

if TYPE_CHECKING:
    from kapdesk.clinic.open import OpenClinic
    from kapdesk.clinic.room import Room

_NOTHING = "Nothing was signed"
_HEX = set("0123456789abcdef")


def of_signatures(clinic: Callable[[], Clinic]) -> Judge:
    """Whether a signed visit may be countersigned so, and whether a paper can be the one that is said to be kept."""

    def judge(session: Session, intent: Intent) -> str | None:
        match intent.fact:
            case Countersigned():
                return _counter(session, intent.fact, intent, clinic())
            case PaperKept():
                return _kept(session, intent.fact)
            case AddendumWritten():
                return _added(session, intent.fact)
            case _:
                return None

    return judge


def _counter(session: Session, fact: Countersigned, intent: Intent, clinic: Clinic) -> str | None:
    newest = papers.versions(session)[-1]
    who, by = clinic.staff.get(intent.actor.by), intent.actor.by
    if who is None or intent.actor.entered_by != by:
        return f"Whoever countersigns shows their own password. {_NOTHING}; type your name and password."
    if newest.countersigned is not None:
        first = clinic.name_of(newest.countersigned.by)
        return f"{first} has countersigned this version already. {_NOTHING}, and nothing is missing."
    if sentence := doubt_of(session, newest, by, clinic):
        return sentence
    if fact.paper != newest.sha256:
        return f"There is a newer version of this note than the one you read. {_NOTHING}; read that one first."
    return None if fact.meaning.strip() else f"What the signature says is missing. {_NOTHING}."


def doubt_of(session: Session, version: Version, person: str, clinic: Clinic) -> str | None:
    """Why someone cannot countersign a version; None where they can."""
    known = clinic.staff.get(person)
    if known is None or not may(known.roles, "sign"):
        return f"{clinic.name_of(person)} may not sign notes. {_NOTHING}; ask a prescriber or medical staff."
    if person in (version.author.by, version.author.entered_by):
        return f"A note is countersigned by a second person. {_NOTHING}; ask someone else."
    author = clinic.people.get(version.author.by)
    first = papers.roles_of(session, version.author.by, author.roles if author else ())
    if not papers.may_countersign(first, known.roles):
        return f"{told(known)} may not countersign. Ask a prescriber or medical staff."
    return None


def _kept(session: Session, fact: PaperKept) -> str | None:
    if len(fact.sha256) != 64 or not set(fact.sha256) <= _HEX:
        return "That is no digest of a paper. Nothing was recorded."
    known = [each.fact.sha256 for each in session.history if isinstance(each.fact, PaperKept)]
    return "That paper is on record already. Nothing was recorded." if fact.sha256 in known else None


def _added(session: Session, fact: AddendumWritten) -> str | None:
    if not fact.text.strip():
        return "The words are missing. Type what is to be added; nothing was recorded."
    if fact.of is not None and session.history.get(fact.of) is None:
        return "What it corrects is not in this session. Choose the line again; nothing was recorded."
    return None


def sign(clinic: "OpenClinic", room: "Room", person: str) -> Recording:
    """Sign and lock a visit, by someone who has just shown their password; its paper is made as soon as that is kept.

    Raises KnownError where they may not, or it is not over.
    """
    clinic.require(person, "sign")
    return _then_paper(clinic, room.id, room.record(clinic.signing(room), actor=Actor(person, person)))


def countersign(clinic: "OpenClinic", session: UUID, person: str, paper: str, meaning: str) -> Recording:
    """Countersign the newest version of a signed visit, of which `paper` ("" while none is kept) was read.

    By someone who has just shown their password. Raises KnownError where they may not, or another version is newer.
    """
    fact = Countersigned(paper, meaning.strip())
    return _then_paper(clinic, session, record_in(clinic, session, fact, Actor(person, person)))


def add(
    clinic: "OpenClinic",
    room: "Room",
    person: str,
    text: str,
    kind: AddedAs = "addendum",
    of: UUID | None = None,
    at_us: int | None = None,
) -> Recording:
    """Add to a signed visit: its next version. `at_us` is when what a late entry tells happened (desk time, UTC µs).

    By someone who has just shown their password. Raises KnownError where they may not.
    """
    clinic.require(person, "sign")
    fact = AddendumWritten(text.strip(), kind, of)
    return _then_paper(clinic, room.id, room.record(fact, at_us, Actor(person, person)))


def _then_paper(clinic: "OpenClinic", session: UUID, recording: Recording) -> Recording:
    def kept(done: object) -> None:
        clinic.post(lambda: clinic.papers.ask(session))

    recording.kept.add_done_callback(kept)
    return recording


def able(clinic: "OpenClinic", session: Session) -> tuple[tuple[str, str], ...]:
    """Who may sign the visit now, or countersign it once it is signed, and has a password here: ids and names."""
    state = clinic.state
    newest = next(reversed(papers.versions(session)), None)
    return tuple(
        (id_, each.name)
        for id_, each in state.staff.items()
        if clinic.ring.has_account(id_)
        and (may(each.roles, "sign") if newest is None else doubt_of(session, newest, id_, state) is None)
    )


def may_add(clinic: "OpenClinic") -> tuple[tuple[str, str], ...]:
    """Who may add to a signed visit and has a password here: ids and names."""
    staff = clinic.state.staff.items()
    return tuple((id_, each.name) for id_, each in staff if may(each.roles, "sign") and clinic.ring.has_account(id_))


def waiting(session: Session) -> str:
    """Who still has to sign, in a few words: "to be signed", "to be countersigned"; "" where nobody has to."""
    opened = session.opened
    if session.ended is None or session.erased or (opened is not None and opened.rehearsal):
        return ""
    if not session.signed:
        return "to be signed"
    return "" if papers.versions(session)[-1].countersigned is not None else "to be countersigned"


def standing(session: Session) -> tuple[str, ...]:
    """Each version and how it stands, the newest first: "Version 1, signed by both, replaced by version 2"."""
    said = []
    for each in papers.versions(session):
        signed = "signed by both" if each.countersigned is not None else "signed by one"
        kept = "" if each.made else ", its paper is not made yet"
        replaced = "" if each.of_last else f", replaced by version {each.number + 1}"
        said.append(f"Version {each.number}, {signed}{kept}{replaced}")
    return tuple(reversed(said))
