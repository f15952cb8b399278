"""The one way in: an intent is judged, becomes an entry, is kept, and everyone who listens is told."""

import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any
from uuid import UUID

import msgspec
from uuid_utils.compat import uuid7

from kapdesk.clock import Clock
from kapdesk.errors import KnownError
from kapdesk.facts import codec
from kapdesk.facts.entry import Entry, Payload, Stream
from kapdesk.facts.fact import Fact, tag_of
from kapdesk.facts.people import Actor
from kapdesk.record.listeners import Listeners
from kapdesk.record.log import Log, Statement


class Intent(msgspec.Struct, frozen=True):
    """What someone wants to record: the fact, who, when it happened and when that was said (desk time, UTC µs).

    `from_paper`: it was written on paper then, and is typed from there.
    """

    fact: Fact
    actor: Actor
    at_us: int
    now_us: int
    from_paper: bool = False


Judge = Callable[[Any, Intent], str | None]
"""Says in one plain sentence why, in this state, an intent is not possible or not permitted, or None."""

Listener = Callable[[Entry, Fact], None]
Post = Callable[[Callable[[], None]], None]
"""Runs a call on the core's thread, soon."""

Sealer = Callable[[bytes], tuple[str, bytes]]
"""Seals bytes for one person: key id and sealed bytes."""


class Recording(msgspec.Struct, frozen=True):
    """A fact on its way to the disk. `kept` resolves when it is there; until then the caller holds what was typed."""

    statement: Statement
    fact: Fact
    kept: "Future[Entry]"


class Recorder:
    """Records facts in one stream. Knows no particular kind of fact: the judges do.

    All methods are called on the core's thread, and listeners are told on it, through `post`.
    """

    def __init__(
        self,
        stream: Stream,
        log: Log,
        clock: Clock,
        state: Callable[[], object],
        judges: Sequence[Judge],
        post: Post,
        sealer: Sealer | None = None,
    ) -> None:
        self._stream, self._log, self._clock, self._state = stream, log, clock, state
        self._judges, self._post, self._sealer = judges, post, sealer
        self._kept: Listeners[Entry, Fact] = Listeners()
        self._failed: Listeners[UUID] = Listeners()

    def listen(self, listener: Listener) -> None:
        """Tell `listener` of every entry recorded here, after it is durable, in order."""
        self._kept.add(listener)

    def listen_for_failure(self, listener: Callable[[UUID], None]) -> None:
        """Tell `listener` the id of each statement that will never be kept; its text is still with its caller."""
        self._failed.add(listener)

    def doubt(
        self, fact: Fact, actor: Actor, at_us: int, from_paper: bool = False, state: object | None = None
    ) -> str | None:
        """What the judges say of a fact, without recording it; in another `state` than that which stands, if given."""
        return self._judged(Intent(fact, actor, at_us, self._clock.now().utc_us, from_paper), state)

    def _judged(self, intent: Intent, state: object | None = None) -> str | None:
        state = self._state() if state is None else state
        return next((sentence for judge in self._judges if (sentence := judge(state, intent))), None)

    def record(self, fact: Fact, actor: Actor, at_us: int | None = None, from_paper: bool = False) -> Recording:
        """Judge now, keep durably soon. `at_us` is when it happened (desk time, UTC µs); now when left out.

        Raises KnownError with the judge's sentence when the fact is not possible or not permitted.
        """
        moment = self._clock.now()
        at_us = moment.utc_us if at_us is None else at_us
        if sentence := self._judged(Intent(fact, actor, at_us, moment.utc_us, from_paper)):
            raise KnownError(sentence)
        payload = self._payload(codec.encode(fact))
        statement = Statement(uuid7(), self._stream, tag_of(fact), payload, at_us, moment, actor)
        kept = self._log.append(statement)
        kept.add_done_callback(lambda done: self._post(lambda: self._tell(done, statement, fact)))
        return Recording(statement, fact, kept)

    def _payload(self, content: bytes) -> Payload:
        salt = secrets.token_bytes(16)
        if self._sealer is None:
            return Payload(salt, codec.CODEC, None, content)
        key_id, sealed = self._sealer(content)
        return Payload(salt, codec.CODEC, key_id, sealed)

    def _tell(self, kept: "Future[Entry]", statement: Statement, fact: Fact) -> None:
        if kept.cancelled() or kept.exception():
            self._failed.tell(statement.id)
        else:
            self._kept.tell(kept.result(), fact)
