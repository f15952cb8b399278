"""What lasts in a session: states that were seen, and the therapist's work, each from when until when. Pure."""

from uuid import UUID

import msgspec

from kapdesk.facts.care import PsychotherapyBegan, PsychotherapyOver, StateBegan, StateOver
from kapdesk.record.history import Happening
from kapdesk.session.state import Session


class Lasting(msgspec.Struct, frozen=True):
    """One stretch of it: what, in which words, from when and until when (desk time, UTC µs).

    `ids` are the beginnings it was said by: one, or several where two stations saw the same. `until_us` is None where
    nobody said that it was over: then it lasts, in a session that has ended until its end.
    """

    ids: tuple[UUID, ...]
    what: str
    words: str
    from_us: int
    until_us: int | None

    @property
    def said(self) -> str:
        """ "Eyes closed", "Psychotherapy, parts work"."""
        if self.what == PSYCHOTHERAPY:
            return f"{self.what}, {self.words}" if self.words else self.what
        return f"{self.what} {self.words}".strip()

    def end_us(self, session: Session, now_us: int) -> int:
        """Until when it can be read to have lasted: its end, the session's, or now."""
        if self.until_us is not None:
            return self.until_us
        return max(self.from_us, session.ended_us if session.ended_us is not None else now_us)


PSYCHOTHERAPY = "Psychotherapy"


def states(session: Session) -> tuple[Lasting, ...]:
    """Every state that was seen, by when it began.

    A beginning that was struck takes its state with it; an end that was struck leaves it open. Of one that two stations
    began, the stretches are read as one: at no time is the same state on twice.
    """
    begun = session.history.standing(StateBegan)
    over = _ends([(h.fact.state, h.at_us) for h in session.history.standing(StateOver)])
    return _united([_stretch(h, h.fact.code, h.fact.words, over) for h in begun])


def psychotherapy(session: Session) -> tuple[Lasting, ...]:
    """The stretches of psychotherapy with their modality, by when each began."""
    begun = session.history.standing(PsychotherapyBegan)
    over = _ends([(h.fact.began, h.at_us) for h in session.history.standing(PsychotherapyOver)])
    return _united([_stretch(h, PSYCHOTHERAPY, h.fact.modality, over) for h in begun])


def on(found: tuple[Lasting, ...], at_us: int | None = None) -> tuple[Lasting, ...]:
    """Those that last: still, or at an instant."""
    if at_us is None:
        return tuple(each for each in found if each.until_us is None)
    return tuple(each for each in found if each.from_us <= at_us and (each.until_us is None or at_us < each.until_us))


def state_on(session: Session, code: str) -> Lasting | None:
    """The state of this code that lasts now, if it does."""
    return next((each for each in on(states(session)) if each.what == code), None)


def unended(session: Session, one: Lasting) -> tuple[UUID, ...]:
    """Which of its beginnings nobody has ended yet: each gets its own end."""
    ended = {h.fact.state for h in session.history.standing(StateOver)}
    ended |= {h.fact.began for h in session.history.standing(PsychotherapyOver)}
    return tuple(id_ for id_ in one.ids if id_ not in ended)


def part_of(session: Session, id_: UUID) -> Lasting | None:
    """The stretch that a beginning belongs to; None for one that does not stand."""
    return next((each for each in (*states(session), *psychotherapy(session)) if id_ in each.ids), None)


def minutes(found: tuple[Lasting, ...], session: Session, now_us: int) -> int:
    """How long they lasted together, in whole minutes; what overlaps counts once."""
    total, reached = 0, 0
    for each in sorted(found, key=lambda one: one.from_us):
        start, end = max(each.from_us, reached), each.end_us(session, now_us)
        total += max(0, end - start)
        reached = max(reached, end)
    return total // 60_000_000


def backwards(session: Session) -> bool:
    """Whether something is said to have been over before it began."""
    ends = [(h.fact.state, h.at_us) for h in session.history.standing(StateOver)]
    ends += [(h.fact.began, h.at_us) for h in session.history.standing(PsychotherapyOver)]
    begun = {h.id: h.at_us for kind in (StateBegan, PsychotherapyBegan) for h in session.history.standing(kind)}
    return any(at_us < begun[id_] for id_, at_us in ends if id_ in begun)


def _ends(said: list[tuple[UUID, int]]) -> dict[UUID, int]:
    """The first end that was said of each."""
    first: dict[UUID, int] = {}
    for id_, at_us in said:
        first[id_] = min(at_us, first.get(id_, at_us))
    return first


def _stretch(begun: Happening, what: str, words: str, over: dict[UUID, int]) -> Lasting:
    until = over.get(begun.id)
    return Lasting((begun.id,), what, words, begun.at_us, None if until is None else max(until, begun.at_us))


def _united(found: list[Lasting]) -> tuple[Lasting, ...]:
    """Stretches of the same that overlap as one."""
    made: list[Lasting] = []
    for each in found:
        n = next((n for n, one in enumerate(made) if _overlap(one, each)), None)
        if n is None:
            made.append(each)
            continue
        one = made[n]
        until = None if one.until_us is None or each.until_us is None else max(one.until_us, each.until_us)
        made[n] = msgspec.structs.replace(one, ids=(*one.ids, *each.ids), until_us=until)
    return tuple(made)


def _overlap(earlier: Lasting, later: Lasting) -> bool:
    """Whether one that began later lies in the other. `later` never begins before `earlier`."""
    same = (earlier.what, earlier.words) == (later.what, later.words)
    return same and (earlier.until_us is None or later.from_us < earlier.until_us)
