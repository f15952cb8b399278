"""A guided-imagery piece while it is read aloud or heard."""

from pathlib import Path

from kapdesk.facts.session import ImageryStarted, ImageryStopped
from kapdesk.music import imagery
from kapdesk.music.imagery import Imagery

DUCKED = 0.251
"""12 dB below full: the music under a voice."""


class Guide:
    """Which piece is under way, since when, and what is to be said now. Times are desk time, UTC µs."""

    def __init__(self) -> None:
        self.piece: Imagery | None = None
        self.voice: Path | None = None
        self.ducked = False
        self._began_us = 0

    @property
    def gain(self) -> float:
        """How loud the music may be beside the voice."""
        return DUCKED if self.ducked else 1.0

    def start(self, path: Path, with_voice: bool, now_us: int) -> ImageryStarted:
        """Begin a piece. Raises KnownError when it cannot be read. Without its recording the cues are read aloud."""
        piece = imagery.read(path)
        recorded = piece.voice_path() if with_voice else None
        self.piece, self._began_us = piece, now_us
        self.voice = recorded if recorded is not None and recorded.is_file() else None
        return ImageryStarted(piece.title, self.voice is not None)

    def stop(self, now_us: int) -> ImageryStopped | None:
        """The piece is over or left; None when there was none."""
        piece, self.piece, self.voice = self.piece, None, None
        if piece is None:
            return None
        at_ms = min(self._at_ms(now_us), piece.length_ms)
        return ImageryStopped(piece.title, at_ms, "ended" if at_ms >= piece.length_ms else "left")

    def over(self, now_us: int) -> bool:
        """Whether the piece has come to its end."""
        return self.piece is not None and self._at_ms(now_us) >= self.piece.length_ms

    def cue(self, now_us: int) -> str:
        """What is to be said now; empty between and without pieces."""
        if self.piece is None:
            return ""
        cue = self.piece.cue_at(self._at_ms(now_us))
        return cue.text if cue else ""

    def _at_ms(self, now_us: int) -> int:
        return (now_us - self._began_us) // 1000
