"""A visit's signed papers: its versions, who signed and countersigned each, what is kept of them, what is still to be
made. Pure, and the same whichever station said what first.

Signing is version 1; each addition after it gives the next. A version is kept as a paper when it is made, and as
another, with one signature more, when it is countersigned: `replaces` says for which it stands. What two stations made
of one version without knowing of each other stays kept; one of the two counts.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from kapdesk.facts.after import VisitMoved
from kapdesk.facts.papers import Countersigned, PaperKept
from kapdesk.facts.people import Role
from kapdesk.facts.session import AddendumWritten, PersonCameIn
from kapdesk.record.history import Happening
from kapdesk.session.state import Session, fold

MEDICAL: frozenset[Role] = frozenset({"prescriber", "medical staff"})
"""One of these two is behind each signed note, as the one who signed or as the one who countersigned."""


class Version(msgspec.Struct, frozen=True):
    """One version of the signed note: who made it (the signing, or an addition), who countersigned it, its papers.

    `papers` are the kept ones that count, the one with fewer signatures first; `of_last` whether no other replaces it.
    """

    number: int
    author: Happening
    countersigned: Happening | None = None
    papers: tuple[Happening, ...] = ()
    of_last: bool = True

    @property
    def sha256(self) -> str:
        """The digest of its newest paper; "" while none is kept."""
        return str(self.papers[-1].fact.sha256) if self.papers else ""

    @property
    def made(self) -> bool:
        """Whether everything that was signed is on its paper."""
        return len(self.papers) >= self.signatures

    @property
    def signatures(self) -> int:
        """How many signed it."""
        return 1 if self.countersigned is None else 2


class Owed(msgspec.Struct, frozen=True):
    """A paper that is still to be made: of which version, with which signatures, in whose place it comes ("" for none).

    A "countersigned" one is a further revision of the paper it replaces; a "signed" one is made from the record.
    """

    version: int
    what: Literal["signed", "countersigned"]
    replaces: str = ""


def versions(session: Session) -> tuple[Version, ...]:
    """The versions of a visit's signed note, from the first; none before it is signed."""
    if session.lock is None:
        return ()
    authors = [session.lock, *additions(session)]
    kept = [each for each in session.history if isinstance(each.fact, PaperKept) and not each.struck]
    counter = [each for each in session.history if isinstance(each.fact, Countersigned) and not each.struck]
    made = []
    for n, author in enumerate(authors, 1):
        its = [each for each in kept if each.fact.version == n]
        made.append(_version(n, author, its, _of(n, counter, kept, authors), n == len(authors)))
    return tuple(made)


def additions(session: Session) -> list[Happening]:
    """What was added after the signing, in its order; that the visit was moved to another patient's record as well."""
    late = [each for each in session.history if each.late and not each.struck]
    return [each for each in late if isinstance(each.fact, AddendumWritten | VisitMoved)]


def _of(
    number: int, counter: Sequence[Happening], kept: Sequence[Happening], authors: Sequence[Happening]
) -> Happening | None:
    """The first who countersigned a version: by a paper of it, or, before there was any, as it stood on record."""
    papers = {each.fact.sha256 for each in kept if each.fact.version == number}
    for each in counter:
        stood = sum(author.order < each.order for author in authors)
        if each.fact.paper in papers or (not each.fact.paper and stood == number):
            return each
    return None


def _version(
    number: int, author: Happening, kept: Sequence[Happening], counter: Happening | None, of_last: bool
) -> Version:
    digests = {each.fact.sha256 for each in kept}
    first = [each for each in kept if each.fact.replaces not in digests]
    # The one that was countersigned; else the one made where it was signed; else the first.
    chain = sorted(
        first,
        key=lambda each: (
            counter is None or each.fact.sha256 != counter.fact.paper,
            each.order.station != author.order.station,
            each.order,
        ),
    )[:1]
    if chain and counter is not None:
        chain += [each for each in kept if each.fact.replaces == chain[0].fact.sha256][:1]
    return Version(number, author, counter, tuple(chain), of_last)


def owed(session: Session, since: Happening | None) -> tuple[Owed, ...]:
    """What is still to be made, in the order it is to be made in. A rehearsal never has a signed paper.

    `since` is the clinic's first certificate: of what was signed before it there are none either.
    """
    opened = session.opened
    if since is None or session.erased or opened is None or opened.rehearsal:
        return ()
    found: list[Owed] = []
    before = ""
    before_it = session.lock is None or not _knew(session.lock, since)
    for each in versions(session):
        if not before_it or each.author.order >= since.order:
            if not each.papers:
                found.append(Owed(each.number, "signed", before))
            if each.countersigned is not None and len(each.papers) < 2:
                found.append(Owed(each.number, "countersigned", each.sha256))
        before = each.sha256 or before
    return tuple(found)


def _knew(lock: Happening, since: Happening) -> bool:
    """Whether the one who signed had it before them: by what the signature covers, for clocks may have been wrong."""
    covers = getattr(lock.fact, "covers", ())
    clinics = {each.station: each.seq for each in covers if each.stream.kind == "clinic"}
    return bool(clinics.get(since.order.station, -1) >= (since.seq or 0))


def upto(session: Session, number: int) -> Session:
    """The session as one version of its note tells it: without what came for the versions after it."""
    authors = [session.lock, *additions(session)]
    if not 0 < number < len(authors):
        return session
    end = authors[number]
    assert end is not None
    return fold(each for each in session.history.said() if each.order < end.order)


def roles_of(session: Session, person: str, otherwise: tuple[Role, ...]) -> tuple[Role, ...]:
    """Someone's roles as they came into the room, or else as the clinic knows them."""
    came = [each.fact for each in session.history if isinstance(each.fact, PersonCameIn) and each.fact.person == person]
    return came[-1].roles if came else otherwise


def may_countersign(author_roles: tuple[Role, ...], roles: tuple[Role, ...]) -> bool:
    """Whether roles fit beside those of whoever signed: a prescriber or medical staff, or beside one a therapist."""
    return bool(MEDICAL & set(roles)) or (bool(MEDICAL & set(author_roles)) and "therapist" in roles)
