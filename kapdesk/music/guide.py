"""A guided-imagery piece while it is read aloud or heard: its place, its pauses, and the room the music makes."""

from collections.abc import Callable

import msgspec

from kapdesk.facts.fact import Fact
from kapdesk.facts.music import ImageryPaused, ImageryResumed
from kapdesk.facts.session import ImageryStarted, ImageryStopped
from kapdesk.music.engine import wire
from kapdesk.music.engine.port import Engine
from kapdesk.music.fades import gain_of
from kapdesk.music.imagery import Imagery
from kapdesk.music.library.library import Ready
from kapdesk.session.state import Session

DOWN_MS = 800
UP_MS = 1_500
LEAVE_MS = 3_000


class Reading(msgspec.Struct, frozen=True):
    """What is to be said now, and what comes next in how many seconds; empty and None where nothing does."""

    title: str
    words: str = ""
    next_words: str = ""
    next_in_s: int | None = None
    halted: bool = False
    voice: bool = False
    left_s: int = 0


class Guide:
    """Which piece is under way and how far it has come. Times are desk time, UTC µs.

    `tell` puts a fact on the record, and whether a hand did it; `duck` brings the music to `gain`, in so many ms;
    `voice_of` says what is played as a piece's voice, at its own level, or None.
    """

    def __init__(
        self,
        tell: Callable[[Fact, bool], None],
        duck: Callable[[int], None],
        voice_of: Callable[[Imagery], Ready | None],
    ) -> None:
        self.engine: Engine | None = None
        self.piece: Imagery | None = None
        self.halted = False
        self._voice = False
        self._tell, self._duck, self._voice_of = tell, duck, voice_of
        self._began_us = 0
        self._halted_ms = 0

    @property
    def gain(self) -> float:
        """How loud the music may be beside the words."""
        speaks = self.piece is not None and not self.halted
        return gain_of(-self.piece.duck_db) if speaks and self.piece is not None else 1.0

    def start(self, piece: Imagery, with_voice: bool, now_us: int) -> None:
        """Begin a piece; one under way is left. Without its recording the cues are read aloud."""
        self.leave(now_us)
        recorded = self._voice_of(piece) if with_voice and self.engine is not None else None
        self.piece, self._began_us, self.halted = piece, now_us, False
        self._voice = recorded is not None
        self._tell(ImageryStarted(piece.title, self._voice), True)
        if self.engine is not None and recorded is not None:
            self.engine.load("voice", recorded.path)
            self.engine.play("voice", gain_of(recorded.gain_db), wire.EASE_MS)
        self._duck(DOWN_MS)

    def halt(self, now_us: int, by_hand: bool = True) -> None:
        """Wait: the voice goes out and keeps its place, and the music comes back up."""
        if self.piece is None or self.halted:
            return
        self._halted_ms, self.halted = self._at_ms(now_us), True
        self._tell(ImageryPaused(self.piece.title, self._halted_ms), by_hand)
        if self._voice and self.engine is not None:
            self.engine.pause("voice", wire.EASE_MS)
        self._duck(UP_MS)

    def unheard(self, now_us: int) -> None:
        """Nothing can be heard any more: a recorded voice waits for someone to let it go on, and its words with it."""
        if self._voice:
            self.halt(now_us, by_hand=False)

    def go_on(self, now_us: int) -> None:
        """Go on from where it was halted."""
        if self.piece is None or not self.halted:
            return
        self._began_us, self.halted = now_us - self._halted_ms * 1000, False
        self._tell(ImageryResumed(self.piece.title, self._halted_ms), True)
        if self._voice and self.engine is not None:
            self.engine.resume("voice", wire.EASE_MS)
        self._duck(DOWN_MS)

    def leave(self, now_us: int) -> None:
        """The piece is over, or left gently; nothing where there was none."""
        piece = self.piece
        if piece is None:
            return
        at_ms = min(self._at_ms(now_us), piece.length_ms)
        if self._voice and self.engine is not None:
            self.engine.stop("voice", LEAVE_MS)
        self.piece, self.halted, self._voice = None, False, False
        ended = at_ms >= piece.length_ms
        self._tell(ImageryStopped(piece.title, at_ms, "ended" if ended else "left"), not ended)
        self._duck(UP_MS)

    def tick(self, now_us: int) -> None:
        """See whether the piece has come to its end."""
        if self.piece is not None and self._at_ms(now_us) >= self.piece.length_ms:
            self.leave(now_us)

    def voice_over(self) -> None:
        """The recording has ended, or cannot be played: what is still to be said is read aloud."""
        self._voice = False

    def reading(self, now_us: int) -> Reading | None:
        """What to show of it now; None without a piece."""
        piece = self.piece
        if piece is None:
            return None
        at_ms = self._at_ms(now_us)
        cue, after = piece.cue_at(at_ms), piece.cue_after(at_ms)
        return Reading(
            piece.title,
            cue.text if cue else "",
            after.text if after else "",
            max(0, (after.at_ms - at_ms + 999) // 1000) if after else None,
            self.halted,
            self._voice,
            max(0, piece.length_ms - at_ms) // 1000,
        )

    def _at_ms(self, now_us: int) -> int:
        return self._halted_ms if self.halted else (now_us - self._began_us) // 1000


def left_open(session: Session) -> ImageryStopped | None:
    """What the record still lacks where a piece was under way when the desk broke off."""
    kinds = (ImageryStarted, ImageryStopped, ImageryPaused, ImageryResumed)
    last: Fact | None = None
    for each in session.history:
        if not each.struck and isinstance(each.fact, kinds):
            last = each.fact
    match last:
        case ImageryStarted(title=title):
            return ImageryStopped(title, 0, "left")
        case ImageryPaused(title=title, position_ms=at_ms) | ImageryResumed(title=title, position_ms=at_ms):
            return ImageryStopped(title, at_ms, "left")
        case _:
            return None
