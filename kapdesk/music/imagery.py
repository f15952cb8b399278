"""Guided imagery: short texts with their times, to be read aloud over the music or spoken by a recorded voice."""

from pathlib import Path
from typing import Annotated

import msgspec

from kapdesk.facts.words import Phase
from kapdesk.music.form import Written

FORMAT = 1

DUCK_DB = 12
"""How much softer the music is under a voice unless the piece says otherwise: an example, for each piece to set."""

Line = Annotated[str, msgspec.Meta(min_length=1)]
Seconds = Annotated[int, msgspec.Meta(ge=0)]


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A few sentences, to be said from `at_s` seconds into the piece on."""

    at_s: Seconds
    text: Line

    @property
    def at_ms(self) -> int:
        """Its time in milliseconds, as the rest of the house counts."""
        return self.at_s * 1000


class Voice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A recording of the cues at their times, as long as the piece. `file` is relative to the piece's own.

    `sample`: a synthetic voice that only shows how it works; a clinic records its own. `on`: whether it speaks unless
    someone turns it off. `licence` names the file with the terms it may be passed on under.
    """

    file: Line
    speaker: str = ""
    sample: bool = False
    on: bool = False
    licence: str = ""


class Imagery(msgspec.Struct, frozen=True):
    """One piece. Its voice's file may be missing: the text is always there to be read aloud.

    `duck_db`: by how much the music makes room while the piece is spoken or read.
    """

    title: str
    phase: Phase
    language: str
    length_s: int
    cautions: tuple[str, ...]
    cues: tuple[Cue, ...]
    voice: Voice | None
    source: Path
    duck_db: int = DUCK_DB

    @property
    def length_ms(self) -> int:
        """How long the piece lasts, in milliseconds."""
        return self.length_s * 1000

    def voice_path(self) -> Path | None:
        """Where the voice's file is expected, or None for a piece without one. Not looked at."""
        return self.source.parent / self.voice.file if self.voice else None

    def cue_after(self, position_ms: int) -> Cue | None:
        """The next cue behind a position; None behind the last."""
        return next((cue for cue in self.cues if cue.at_ms > position_ms), None)

    def cue_at(self, position_ms: int) -> Cue | None:
        """The cue last due at a position: the one to show large. None before the first."""
        return next((cue for cue in reversed(self.cues) if cue.at_ms <= position_ms), None)


class _ImageryFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: int
    title: Line
    phase: Phase
    language: Line
    length_s: Seconds
    cues: Annotated[tuple[Cue, ...], msgspec.Meta(min_length=1)]
    cautions: tuple[Line, ...] = ()
    voice: Voice | None = None
    duck_db: Annotated[int, msgspec.Meta(ge=0, le=30)] = DUCK_DB


def read(path: Path) -> Imagery:
    """The piece in a TOML file. KnownError naming file, line and field when it cannot be used."""
    written = Written(path, "The imagery", "Mend the file, or go on without it; the session and its music go on.")
    piece = written.read(_ImageryFile)
    if piece.format != FORMAT:
        written.wrong(f"it is {piece.format}, and this KapDesk reads format {FORMAT}", field="format")
    last = -1
    for number, cue in enumerate(piece.cues):
        if cue.at_s <= last:
            written.wrong(f"{cue.at_s} s is not later than the cue before it", field=f"cues[{number}].at_s")
        if cue.at_s >= piece.length_s:
            written.wrong(f"{cue.at_s} s is not within the piece’s {piece.length_s} s", field=f"cues[{number}].at_s")
        last = cue.at_s
    return Imagery(
        piece.title,
        piece.phase,
        piece.language,
        piece.length_s,
        piece.cautions,
        piece.cues,
        piece.voice,
        path,
        piece.duck_db,
    )
