"""A session at the patient's home, by video: where they are, and whether they can be reached. Pure."""

from typing import NamedTuple

from kapdesk.facts.home import (
    ContactFound,
    ContactLost,
    ContactSought,
    HomeDosesCounted,
    MusicElsewhere,
    PatientLocated,
)
from kapdesk.record.history import Happening
from kapdesk.session.state import Session


class Lost(NamedTuple):
    """One time the contact was lost: since when, what was tried, and how it was found again (None: not yet)."""

    began: Happening
    tried: tuple[Happening, ...]
    found: Happening | None


class Elsewhere(NamedTuple):
    """Music that KapDesk does not play: from when, and what came after it (None: it goes on)."""

    began: Happening
    over: Happening | None


def located(session: Session) -> PatientLocated | None:
    """Where the patient is, as it was said last in this visit; what was said in another one counts for nothing."""
    said = session.history.standing(PatientLocated)
    return said[-1].fact if said else None


def losses(session: Session) -> tuple[Lost, ...]:
    """Every time the contact was lost, in the order of time, each with its steps."""
    found = {h.fact.lost: h for h in session.history.standing(ContactFound)}
    tried = session.history.standing(ContactSought)
    return tuple(
        Lost(each, tuple(h for h in tried if h.fact.lost == each.id), found.get(each.id))
        for each in session.history.standing(ContactLost)
    )


def lost(session: Session) -> Lost | None:
    """The contact that is lost now, or None."""
    return next((each for each in reversed(losses(session)) if each.found is None), None)


def counts(session: Session) -> tuple[Happening, ...]:
    """The newest count of each medication at home."""
    newest = {h.fact.medication.strip().casefold(): h for h in session.history.standing(HomeDosesCounted)}
    return tuple(newest.values())


def music(session: Session) -> tuple[Elsewhere, ...]:
    """What was played elsewhere, each until the next was said."""
    said = session.history.standing(MusicElsewhere)
    ends = (*said[1:], None)
    return tuple(Elsewhere(h, end) for h, end in zip(said, ends, strict=bool(said)) if h.fact.what.strip())


def elsewhere(session: Session) -> Elsewhere | None:
    """The music that is played elsewhere now, or None."""
    said = music(session)
    return said[-1] if said and said[-1].over is None else None


def heard_now(session: Session) -> str | None:
    """What is played elsewhere now, or None."""
    now = elsewhere(session)
    return now.began.fact.what if now is not None else None


def backwards(session: Session) -> bool:
    """Whether a contact would be sought or found before it was lost."""
    return any(h.at_us < each.began.at_us for each in losses(session) for h in (*each.tried, each.found) if h)
