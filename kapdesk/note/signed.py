"""The signatures on a note: who has signed which version of it, who may still, and what goes into each field. Pure."""

from kapdesk.facts.after import VisitMoved
from kapdesk.facts.people import Role
from kapdesk.facts.session import AddendumWritten
from kapdesk.note import paper
from kapdesk.note.signing import Mark
from kapdesk.note.telling import Person, Telling
from kapdesk.record.history import Happening
from kapdesk.session import papers
from kapdesk.session.papers import Version

CONDUCTED = "I conducted this session, and this note is complete."
AGREED = "I have read this note and agree with it."
MOVED = "I moved this visit to the right patient’s record; what was signed before stands otherwise unchanged."
ADDED = "I wrote what was added; what was signed before it stands unchanged."

_SIGN: tuple[tuple[tuple[Role, ...], str, str], ...] = (
    (("therapist",), "Therapist", CONDUCTED),
    (("prescriber", "medical staff"), "Prescriber or medical staff", AGREED),
)
_LABEL: dict[Role, str] = {"prescriber": "Prescriber", "medical staff": "Medical staff", "therapist": "Therapist"}


def signatures_of(telling: Telling) -> tuple[paper.Signature, ...]:
    """A field for the therapist and one for whoever is responsible for the medication; of a later version, one for who
    added to it and one for who countersigns that.

    Who signed what and when comes into the fields as the signatures themselves, so the page says no more than whose
    they are. A rehearsal is never signed in that way, and says it in words.
    """
    version = _newest(telling)
    if version is None:
        return _expected(telling)
    fields = list(_open(telling, version))
    if not _practice(telling):
        return tuple(fields)
    fields[_place(telling, version)] = _signature(telling, version.author, _meaning(version))
    counter = version.countersigned
    if counter is not None:
        fields[1 - _place(telling, version)] = _signature(telling, counter, counter.fact.meaning)
    return tuple(fields)


def marks_of(telling: Telling) -> tuple[Mark, Mark | None]:
    """What goes into the fields of the newest version's paper: the signature, and the countersignature where there is
    one."""
    version = _newest(telling)
    if version is None:
        raise ValueError("the visit is not signed")
    place = _place(telling, version)
    counter = version.countersigned
    first = _mark(_signature(telling, version.author, _meaning(version)), place)
    if counter is None:
        return first, None
    return first, _mark(_signature(telling, counter, counter.fact.meaning), 1 - place)


def status_of(telling: Telling) -> str:
    """Who signed, and which version this is of how many before it."""
    said = []
    for each in papers.versions(telling.session):
        who, when = telling.clinic.name_of(each.author.by), telling.stamp(each.author.entered_at_us)
        if each.number == 1:
            said.append(f"By {who}, {when}.")
        else:
            said.append(f"Version {each.number}: {_kind(each)} by {who}, {when}.")
        counter = each.countersigned
        if counter is not None and (not each.of_last or not counter.fact.paper or _practice(telling)):
            by = telling.clinic.name_of(counter.by)
            said.append(f"Countersigned by {by}, {telling.stamp(counter.at_us)}.")
    if any(isinstance(each.fact, AddendumWritten) for each in telling.session.history):
        said.append("What was added stands under “Added after signing”.")
    return "\n".join(said)


def replaces(telling: Telling) -> str:
    """The version this one stands for, by its signed paper's digest; empty for the first, or where none is kept."""
    before = papers.versions(telling.session)[:-1]
    kept = next((each for each in reversed(before) if each.sha256), None)
    return f"Version {kept.number}, SHA-256 of its signed paper {kept.sha256}" if kept is not None else ""


def _newest(telling: Telling) -> Version | None:
    return next(reversed(papers.versions(telling.session)), None)


def _practice(telling: Telling) -> bool:
    opened = telling.session.opened
    return opened is not None and opened.rehearsal


def _meaning(version: Version) -> str:
    if version.number == 1:
        return CONDUCTED
    return MOVED if isinstance(version.author.fact, VisitMoved) else ADDED


def _kind(version: Version) -> str:
    moved = isinstance(version.author.fact, VisitMoved)
    return "moved to this patient’s record" if moved else str(version.author.fact.kind)


def _place(telling: Telling, version: Version) -> int:
    """Which field the author's is: the therapist's comes first; of an addition, the author's."""
    return 0 if version.number > 1 or "therapist" in _roles(telling, version.author.by) else 1


def _open(telling: Telling, version: Version) -> tuple[paper.Signature, ...]:
    if version.number > 1:
        return (paper.Signature(role="Added by"), paper.Signature(role="Countersigned by"))
    return tuple(paper.Signature(role=role) for _, role, _ in _SIGN)


def _expected(telling: Telling) -> tuple[paper.Signature, ...]:
    """Before it is signed: who of those in the room would sign."""
    made = []
    for roles, role, meaning in _SIGN:
        able = (person for wanted in roles for person in telling.people if wanted in person.roles and person.came)
        signer: Person | None = next(able, None)
        made.append(
            paper.Signature(
                role=role,
                name=signer.name if signer else "",
                credential=signer.credentials if signer else "",
                licence=signer.licence if signer else "",
                meaning=meaning,
            )
        )
    return tuple(made)


def _signature(telling: Telling, one: Happening, meaning: str) -> paper.Signature:
    known = telling.clinic.people.get(one.by)
    return paper.Signature(
        role=label_of(_roles(telling, one.by)),
        name=telling.clinic.name_of(one.by),
        credential=known.credentials if known else "",
        licence=telling.clinic.licences.get(one.by, ""),
        meaning=meaning,
        signed=telling.stamp(one.entered_at_us),  # a late entry tells of an earlier time
    )


def _roles(telling: Telling, person: str) -> tuple[Role, ...]:
    known = telling.clinic.people.get(person)
    return papers.roles_of(telling.session, person, known.roles if known else ())


def label_of(roles: tuple[Role, ...]) -> str:
    """What someone is called in a field of signature."""
    return next((words for role, words in _LABEL.items() if role in roles), "")


def _mark(signature: paper.Signature, place: int) -> Mark:
    return Mark(
        field=f"signature-{place + 1}",
        name=signature.name,
        credential=signature.credential,
        licence=signature.licence,
        role=signature.role,
        meaning=signature.meaning,
        signed=signature.signed,
    )
