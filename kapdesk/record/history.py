"""What happened in one stream, in order, with corrections and strikings applied.

The same for every kind of stream: a mistake is a `Correction` or `Struck`, and what was first said stays beside it.
"""

import heapq
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from kapdesk.facts import codec
from kapdesk.facts.entry import Entry, OrderKey
from kapdesk.facts.fact import Correction, Fact, Struck, Unread
from kapdesk.record.log import Kept

F = TypeVar("F", bound=Fact)

UNDO_US = 15_000_000
"""Undo is offered for ten seconds; a slow desk may take some more to hear of it. Later it is a striking like others."""


class Happening(msgspec.Struct, frozen=True):
    """A fact and when it happened (desk time, UTC µs), as they stand after corrections.

    `first` and `first_at_us` are what was said first, where a correction changed it, and `why` its reason.
    `late`: recorded after signing. `dangling`: it amends something that did not happen before it.
    `seq` is its number in its station's chain; None while it is on its way there.
    """

    id: UUID
    order: OrderKey
    at_us: int
    entered_at_us: int
    by: str
    entered_by: str
    fact: Any
    seq: int | None = None
    struck: bool = False
    undone: bool = False
    late: bool = False
    dangling: bool = False
    first: Any = None
    first_at_us: int = 0
    why: str = ""

    @property
    def said(self) -> "Happening":
        """As it was said, before anything else was known."""
        fact, at_us = (self.fact, self.at_us) if self.first is None else (self.first, self.first_at_us)
        return Happening(self.id, self.order, at_us, self.entered_at_us, self.by, self.entered_by, fact, self.seq)


def happening(entry: Entry, fact: Fact | Unread) -> Happening:
    """A recorded fact, as the folds take it."""
    body = entry.body
    return Happening(body.id, body.order_key, body.at_us, body.entered_at_us, body.by, body.entered_by, fact, body.seq)


def read(kept: Kept) -> Happening:
    """An entry from the log, as the folds take it. Total: what cannot be read is an `Unread` fact."""
    body = kept.entry.body
    return happening(kept.entry, codec.decode(body.stream.kind, body.kind, kept.payload))


class History:
    """Happenings in their one order. A value: `add` gives another history and leaves this one as it was.

    Histories share what they have in common, so that adding one happening does not copy the others.
    An amendment takes effect on what it names only if that came before it in order; so none can run in a circle. What
    came late, after a signing, is not changed by what was signed: the signer did not know it.
    """

    __slots__ = ("_amendments", "_items", "_length", "_standing", "_where")

    def __init__(self, happenings: Iterable[Happening] = ()) -> None:
        self._items: list[Happening] = []
        self._where: dict[UUID, int] = {}
        self._amendments: dict[UUID, tuple[int, ...]] = {}
        self._length = 0
        self._standing: dict[type[Fact], tuple[Happening, ...]] = {}
        for each in sorted(happenings, key=lambda h: h.order):
            self._take(each)

    def add(self, new: Happening) -> "History":
        """This history and one more happening. One that comes before others costs reading them anew."""
        if self.precedes(new):
            return History([*self.said(), new])
        grown = History.__new__(History)
        amends = isinstance(new.fact, Correction | Struck)
        if amends or len(self._items) != self._length:
            grown._items = self._items[: self._length]
            grown._where = {each.id: n for n, each in enumerate(grown._items)}
            grown._amendments = dict(self._amendments)
        else:
            grown._items, grown._where, grown._amendments = self._items, self._where, self._amendments
        grown._length, grown._standing = self._length, {}
        grown._take(new)
        return grown

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Happening]:
        """In order of recording."""
        return itertools.islice(self._items, self._length)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, History) and list(self) == list(other)

    def __hash__(self) -> int:
        return hash((self._length, self._items[self._length - 1].id if self._length else None))

    def get(self, id_: UUID) -> Happening | None:
        """The happening with this id, as it stands now."""
        n = self._where.get(id_, self._length)
        return self._items[n] if n < self._length else None

    def last(self) -> Happening | None:
        """The newest in order."""
        return self._items[self._length - 1] if self._length else None

    def precedes(self, new: Happening) -> bool:
        """Whether something that comes after `new` in order is here already."""
        last = self.last()
        return last is not None and new.order < last.order

    def said(self) -> Iterator[Happening]:
        """Everything as it was said, before anything else was known."""
        return (each.said for each in self)

    def reached(self) -> dict[str, int]:
        """How far each station's chain is in here: station -> number of its last entry."""
        reached: dict[str, int] = {}
        for each in self:
            if each.seq is not None:
                reached[each.order.station] = max(each.seq, reached.get(each.order.station, 0))
        return reached

    def standing(self, kind: type[F]) -> "list[Happening]":
        """What happened of one kind, was not struck and was not late, by the time it happened."""
        known = self._standing.get(kind)
        if known is None:
            found = [h for h in self if isinstance(h.fact, kind) and not h.struck and not h.late]
            found.sort(key=lambda h: (h.at_us, h.order))
            known = self._standing[kind] = tuple(found)  # asked for again and again, each time the screen is drawn
        return list(known)

    def _take(self, new: Happening) -> None:
        if new.id in self._where:
            return
        target = _target(new.fact)
        if target is not None and not new.late and not self._holds(target, self._length):
            new = msgspec.structs.replace(new, dangling=True)
        n = self._length
        self._items.append(new)
        self._where[new.id] = n
        self._length = n + 1
        if target is not None and not new.late and not new.dangling:
            self._amend(target, n)

    def _amend(self, target: UUID, by: int) -> None:
        """Apply amendment number `by` to its target, and if that is an amendment itself, to its target in turn.

        What is amended always lies before what amends it, so going from the newest back resolves each once.
        """
        waiting = [-self._register(target, by)]
        while waiting:
            n = -heapq.heappop(waiting)
            before = self._items[n]
            now = self._items[n] = self._resolved(before)
            for touched in (_target(before.fact), _target(now.fact)):
                if touched is not None and self._holds(touched, n):
                    place = -self._register(touched, n)
                    if place not in waiting:
                        heapq.heappush(waiting, place)

    def _holds(self, target: UUID, before: int) -> bool:
        """Whether an amendment in that place can mean it: it came before, and no signing lies between."""
        n = self._where.get(target, before)
        return n < before and not self._items[n].late

    def _register(self, target: UUID, by: int) -> int:
        """Note that amendment number `by` speaks of `target`; gives the target's own number."""
        earlier = self._amendments.get(target, ())
        if by not in earlier:
            self._amendments[target] = tuple(sorted((*earlier, by)))
        return self._where[target]

    def _resolved(self, one: Happening) -> Happening:
        """What a happening stands as after all amendments of it that stand themselves."""
        corrected = one.first is not None
        first, first_at_us = (one.first, one.first_at_us) if corrected else (one.fact, one.at_us)
        fact, at_us, why, struck, undone = first, first_at_us, "", False, False
        for n in self._amendments.get(one.id, ()):
            amendment = self._items[n]
            if amendment.struck or _target(amendment.fact) != one.id:
                continue
            match amendment.fact:
                case Correction():
                    fact, at_us, why = amendment.fact.truth, amendment.fact.at_us, amendment.fact.reason
                case Struck():
                    struck, undone, why = True, _in_time(amendment, one), amendment.fact.reason
                case _:
                    pass  # an amendment that was itself corrected into something else
        changed = (fact, at_us) != (first, first_at_us)
        return msgspec.structs.replace(
            one,
            fact=fact,
            at_us=at_us,
            why=why,
            struck=struck,
            undone=undone,
            first=first if changed else None,
            first_at_us=first_at_us if changed else 0,
        )


def _in_time(undo: Happening, one: Happening) -> bool:
    return bool(undo.fact.undo) and abs(undo.entered_at_us - one.entered_at_us) <= UNDO_US


def _target(fact: Any) -> UUID | None:
    return fact.target if isinstance(fact, Correction | Struck) else None
