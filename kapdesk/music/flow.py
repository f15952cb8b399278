"""Which piece sounds in a session and which comes next: by its phase, by how the music was turned, before each end."""

import logging
from collections.abc import Callable
from pathlib import Path

from kapdesk.facts.fact import Fact
from kapdesk.facts.music import TrackRefused
from kapdesk.facts.session import MusicSilenced, PlannedTrack, TrackSkipped, TrackStarted, TrackStopped
from kapdesk.facts.words import Phase
from kapdesk.music.choice import AHEAD_US, LEFT_TO_END_MS, Choice
from kapdesk.music.engine import wire
from kapdesk.music.library.library import Library
from kapdesk.music.now import Room
from kapdesk.music.program import Program
from kapdesk.music.turns import CROSSFADE_MS, HOME_MS, IN_AND_OUT_MS, TURNS, Piece, Tell, Turns

logger = logging.getLogger(__name__)

MARGIN_MS = wire.TAIL_MS + 1_000
"""A new piece is asked for this long before its crossfade must begin: no fade reaches into a piece's very end, and a
cold file takes some tenths of a second."""

STEP = 0.5
"""6 dB: how much softer a piece becomes where there is no softer one to turn to."""

STEP_MS = 8_000

NEAR = 0.02
"""Gains so close are the same level."""


class Flow:
    """The pieces of whichever session has the music. `beside` says how loud they may be beside a voice (a gain), `tell`
    puts a fact of a session on record; `message` is a plain sentence when something is to be said of them.
    """

    def __init__(
        self,
        roots: tuple[Path, ...],
        library: Library | None,
        beside: Callable[[], float],
        tell: Callable[[Room, Fact], None],
    ) -> None:
        self.turns = Turns()
        self.message = ""
        self._roots, self._library = roots, library
        self._beside, self._tell = beside, tell
        self._program = Program(None, roots, library)
        self._softened = 1.0
        self._refused: PlannedTrack | None = None

    def choice(self, room: Room, ahead_us: int = 0) -> Choice:
        """What may sound now, or so much later."""
        return Choice(room, self.planned(room), ahead_us)

    def go_on(self, room: Room) -> bool:
        """See to it that what should sound does; False where nothing can be played any more."""
        choice, piece = self.choice(room), self.turns.current
        if piece is None:
            if not choice.tracks:
                return False
            if not self.turns.moving and (track := choice.next(None)) is not None:
                self.start(room, track)
        elif piece.track == self._refused:
            self._let_go(
                room, piece.track, choice.other_than(piece.track)
            )  # the piece that was to take its place came to nothing
        elif self._left_ms() <= CROSSFADE_MS + MARGIN_MS:
            if (track := self.choice(room, AHEAD_US).next(piece.track)) is not None:
                self.start(room, track)
        elif (
            not choice.fits(piece.track)
            and (choice.turned.home or self._left_ms() > LEFT_TO_END_MS)
            and (track := choice.next(piece.track)) is not None
        ):
            self.start(room, track, HOME_MS if choice.turned.home else CROSSFADE_MS)
        return True

    def lean(self, room: Room, by: int) -> None:
        """Turn to a softer (`by` below 0) or deeper piece; without one, this one becomes softer, or full again."""
        piece = self.turns.current
        if piece is None:
            return
        other = self.choice(room).turn_to(piece.track, by)
        if other is not None and self.turns.free:
            self.start(room, other, STEP_MS)
            return
        self._softened = max(STEP**2, self._softened * STEP) if by < 0 else min(1.0, self._softened / STEP)
        self.level(STEP_MS)
        word, how = ("softer", "softer") if by < 0 else ("deeper", "fully")
        self.message = f"No {word} piece is planned for this phase; this one is played {how}."

    def refuse(self, room: Room, tell: Tell) -> PlannedTrack | None:
        """What sounds goes out within three seconds for a piece of another kind. That piece; None for silence."""
        piece = self.turns.current
        if piece is None:
            return None
        track = self._refused = piece.track
        other = self.choice(room).other_than(track)
        tell(TrackRefused(track.title, track.file, track.digest))
        self._let_go(room, track, other)
        return track

    def _let_go(self, room: Room, track: PlannedTrack, other: PlannedTrack | None) -> None:
        """What sounds goes out, against a piece of another kind where there is one."""
        self.message = "" if other is not None else f"“{track.title}” went out. Nothing else is left for this phase."
        if other is not None and self.turns.free:
            self.start(room, other, IN_AND_OUT_MS)
        if self.turns.coming is None:
            self.turns.drop()

    def play(self, room: Room, file: str) -> None:
        """Bring in the piece of the plan that lies in this file; nothing where it is none, or may not be heard."""
        track = next((each for each in self.choice(room).tracks if each.file == file), None)
        if track is not None:
            self.start(room, track)

    def start(self, room: Room, track: PlannedTrack, ms: int = CROSSFADE_MS) -> None:
        """Bring a piece in against what sounds; one that cannot be played is skipped with a sentence."""
        ready = self.planned(room).ready(track)
        if ready.why_not:
            self.skip(track, ready.why_not, self._teller(room))
        elif self.turns.free:
            again = self.choice(room).again(track)
            self.message = f"“{track.title}” plays again: nothing unheard is left for this phase." if again else ""
            self._softened = 1.0
            self._refused = None if track == self._refused else self._refused  # it is right after all
            self.turns.start(track, ready, _phase(room), self._gain, self._teller(room), ms)

    def skip(self, track: PlannedTrack, why: str, tell: Tell) -> None:
        """A piece cannot be played: it is left out from now on, and the record says so."""
        self._program.fail(track)
        self.message = f"“{track.title}” is skipped. {why}"
        logger.warning("%s", self.message)
        tell(TrackSkipped(track.title, track.file, why))

    def level(self, ms: int) -> None:
        """Bring what sounds to the level it may have now."""
        self.turns.level(self._gain, self._beside(), ms)

    def even(self, ms: int) -> None:
        """The same where it was asked in vain: while the piece was silent, or had not begun to sound."""
        piece = self.turns.current
        if piece is not None and abs(piece.gain - self._gain) > NEAR:
            self.turns.level(self._gain, 1.0, ms, "power")

    def take_up(self, room: Room) -> bool:
        """Whether a piece sounds already for this session, since before this desk was there: it goes on as ours."""
        program = self.planned(room)
        for state in self.turns.states.values():
            track = program.track_at(state.path)
            if state.deck in TURNS and state.sounding and state.leave is None and track is not None:
                began_ms, trim = _began_ms(room, track), program.trim(state.path)
                gain = (state.fade.to if state.fade else state.gain) / trim
                softer = self.choice(room).turned.lean < 0
                self._softened = min(1.0, max(STEP**2, gain)) if softer else 1.0
                piece = Piece(state.deck, track, state.path, _phase(room), self._teller(room), began_ms, trim, gain)
                self.turns.take_over(piece)
                self.even(STEP_MS)  # a voice for which it had made room is not there any more
                return True
        return False

    @property
    def _gain(self) -> float:
        """How loud a piece may be now, beside a voice and as it was softened; its own trim comes on top."""
        return self._beside() * self._softened

    def _left_ms(self) -> float:
        """How long the piece that sounds still lasts; endless where its length is not known."""
        state = self.turns.state()
        return state.length_ms - state.position_ms if state is not None and state.length_ms else float("inf")

    def planned(self, room: Room) -> Program:
        """The session's planned music, anew when its plan has changed."""
        plan = room.session.music
        if plan != self._program.plan:
            self._program = Program(plan, self._roots, self._library)
        return self._program

    def _teller(self, room: Room) -> Tell:
        return lambda fact: self._tell(room, fact)


def fell_silent(room: Room) -> tuple[int, TrackStopped] | None:
    """Since when a piece that sounds by the record has not been heard of, and what the record lacks; or None."""
    last: tuple[int, TrackStarted] | None = None
    for each in room.session.history:
        if isinstance(each.fact, TrackStarted):
            last = (each.at_us, each.fact)
        elif isinstance(each.fact, TrackStopped | MusicSilenced):
            last = None
    if last is None:
        return None
    at_us, fact = last
    return at_us, TrackStopped(fact.title, fact.file, None, None, "lost")


def _phase(room: Room) -> Phase:
    span = room.phase()
    return span.phase if span else "settle"


def _began_ms(room: Room, track: PlannedTrack) -> int:
    started = room.session.history.standing(TrackStarted)
    return next((h.fact.position_ms for h in reversed(started) if h.fact.file == track.file), 0)
