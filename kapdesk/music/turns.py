"""Which piece is on which deck: one sounds, one may be coming in, others are on their way out."""

from collections.abc import Callable
from typing import Literal

import msgspec

from kapdesk.facts.fact import Fact
from kapdesk.facts.session import PlannedTrack, TrackStarted, TrackStopped
from kapdesk.facts.words import Phase
from kapdesk.music.engine import wire
from kapdesk.music.engine.port import Engine
from kapdesk.music.fades import Curve, gain_of
from kapdesk.music.library.library import Ready

CROSSFADE_MS = 6_000
IN_AND_OUT_MS = 3_000
HOME_MS = 12_000
"""The crossfade onto the way home: nobody should notice where it began."""

TURNS: tuple[wire.Deck, ...] = ("A", "B")

Tell = Callable[[Fact], None]
"""Puts a fact on the record of the session whose piece it is."""


class Piece(msgspec.Struct, frozen=True):
    """A track on a deck, from its first sound (`began_ms` into the file) to its last; `trim` is its own gain."""

    deck: wire.Deck
    track: PlannedTrack
    path: str
    phase: Phase
    tell: Tell
    began_ms: int = 0
    trim: float = 1.0
    gain: float = 1.0
    """How loud it was last asked to be, beside its trim."""
    hushed: bool = False
    """Nothing of it can be heard anywhere; that it fell silent is on record."""


class Turns:
    """The two music decks taking turns. Asks the engine, and tells the record what began and ceased to sound."""

    def __init__(self) -> None:
        self.engine: Engine | None = None
        self.states: dict[wire.Deck, wire.DeckState] = {}
        self.current: Piece | None = None
        self.coming: Piece | None = None
        self.waiting: Piece | None = None
        """Taken out, and keeps its place."""
        self._leaving: dict[wire.Deck, Piece] = {}

    @property
    def quiet(self) -> bool:
        """Nothing sounds, comes in or goes out."""
        return not (self.current or self.coming or self._leaving)

    @property
    def moving(self) -> bool:
        """Something comes in or goes out."""
        return bool(self.coming or self._leaving)

    def state(self) -> wire.DeckState | None:
        """How the piece that sounds stands."""
        return self.states.get(self.current.deck) if self.current else None

    def fading(self) -> bool:
        """Whether the piece that sounds is being faded."""
        state = self.state()
        return state is not None and state.fade is not None

    @property
    def free(self) -> list[wire.Deck]:
        """Decks that hold no piece."""
        held = {piece.deck for piece in (self.current, self.coming, self.waiting) if piece is not None}
        return [deck for deck in TURNS if deck not in self._leaving and deck not in held]

    def start(
        self, track: PlannedTrack, ready: Ready, phase: Phase, gain: float, tell: Tell, ms: int = CROSSFADE_MS
    ) -> None:
        """Bring a piece in, at `gain` beside its own: against the one that sounds, or out of silence.

        Not while both decks are taken.
        """
        free = self.free
        if self.engine is None or not free:
            return
        self._give_up_coming()
        trim = gain_of(ready.gain_db)
        self.coming = Piece(free[0], track, str(ready.path), phase, tell, trim=trim, gain=gain)
        self.engine.load(free[0], ready.path)
        if self.current is not None:
            self.engine.crossfade(self.current.deck, free[0], gain * trim, ms)
        else:
            self.engine.play(free[0], gain * trim, IN_AND_OUT_MS)

    def level(self, gain: float, beside: float, ms: int, curve: Curve = "decibel") -> None:
        """Bring what sounds to `gain` beside its own; beside a voice, what is on its way out makes room too."""
        piece = self.current
        if self.engine is None:
            return
        if piece is not None:
            self.engine.fade(piece.deck, gain * piece.trim, ms, curve)
            self.current = msgspec.structs.replace(piece, gain=gain)
        for leaving in self._leaving.values() if beside < 1 else ():
            self.engine.fade(leaving.deck, beside * leaving.trim, ms, curve)

    def take_over(self, piece: Piece) -> None:
        """A piece that sounds already, since before this desk was there."""
        self.current = piece

    def pause(self) -> None:
        """Everything goes out over three seconds; what sounds keeps its place."""
        piece = self.current
        if self.engine is None:
            return
        if piece is not None:
            self.engine.pause(piece.deck, IN_AND_OUT_MS)
            self.waiting, self._leaving[piece.deck], self.current = piece, piece, None
        self._give_up_coming()

    def drop(self) -> None:
        """What sounds goes out over three seconds, for good; what is coming in goes on."""
        piece = self.current
        if piece is not None and self.engine is not None:
            self.engine.stop(piece.deck, IN_AND_OUT_MS)
            self._leaving[piece.deck], self.current = piece, None

    def resume(self) -> None:
        """What was taken out comes back at its place, even while it was still going out."""
        piece = self.waiting
        if self.engine is None or piece is None:
            return
        self.engine.resume(piece.deck, IN_AND_OUT_MS)
        self._leaving.pop(piece.deck, None)
        self.current, self.waiting = piece, None

    def stop(self) -> None:
        """Everything goes out over three seconds, for good."""
        for piece in (self.current, self.waiting):
            if piece is not None and self.engine is not None:
                self.engine.stop(piece.deck, IN_AND_OUT_MS)
        if self.current is not None:
            self._leaving[self.current.deck] = self.current
        self.current = self.waiting = None
        self._give_up_coming()

    def playing(self, event: wire.Playing) -> None:
        """A piece began to sound, or sounds again."""
        if self.coming is not None and self.coming.deck == event.deck:
            if self.current is not None:
                self._leaving[self.current.deck] = self.current
            self.current, self.coming = self.coming, None
        piece = self.current
        if piece is None or piece.deck != event.deck:
            return
        self.current = msgspec.structs.replace(piece, began_ms=event.position_ms, hushed=False)
        piece.tell(TrackStarted(piece.track.title, piece.track.file, piece.phase, event.position_ms))

    def silent(self, event: wire.Paused | wire.Stopped | wire.Ended) -> None:
        """A deck is no longer heard."""
        piece = self._leaving.pop(event.deck, None)
        if piece is None and self.current is not None and self.current.deck == event.deck:
            piece = self.current
            if not isinstance(event, wire.Paused):  # a paused one was turned round, and will say so
                self.current = None
        if piece is None or piece.path != event.path or piece.hushed:
            return
        how: Literal["ended", "faded"] = "ended" if isinstance(event, wire.Ended) else "faded"
        heard_ms = max(0, event.position_ms - piece.began_ms)
        piece.tell(TrackStopped(piece.track.title, piece.track.file, event.position_ms, heard_ms, how))

    def hushed(self, decks: tuple[wire.DeckState, ...]) -> None:
        """There is nowhere to sound: the piece waits at its place, and what was heard of it until then is told."""
        piece = self.current
        state = next((each for each in decks if piece is not None and each.deck == piece.deck), None)
        if piece is None or state is None or piece.hushed:
            return
        heard_ms = max(0, state.position_ms - piece.began_ms)
        self.current = msgspec.structs.replace(piece, hushed=True)
        piece.tell(TrackStopped(piece.track.title, piece.track.file, state.position_ms, heard_ms, "lost"))

    def failed(self, deck: wire.Deck) -> Piece | None:
        """A piece cannot be played; what sounded before goes on. The piece, if it was one of these."""
        for piece in (self.coming, self.current):
            if piece is not None and piece.deck == deck:
                self.coming = None if piece is self.coming else self.coming
                self.current = None if piece is self.current else self.current
                return piece
        return None

    def _give_up_coming(self) -> None:
        if self.coming is not None and self.engine is not None:
            self.engine.stop(self.coming.deck, IN_AND_OUT_MS)
        self.coming = None
