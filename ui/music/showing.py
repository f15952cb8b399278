"""What the music page shows, as plain values; and the words and shapes for how a piece or a list stands."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from kapdesk.facts.words import Phase
from kapdesk.music.library.check import Checked, overall
from kapdesk.music.library.verdict import State
from ui import words

SIGNS: dict[State, tuple[str, str]] = {
    "good": ("check", "ok"), "look": ("warning", "accent"), "bad": ("strike", "alarm"), "unheard": ("clock", "muted"),
}  # fmt: skip
"""The shape and the tone of each state: no state is told by its colour alone."""

WORDS: dict[State, str] = {
    "good": "Ready", "look": "Please look", "bad": "Cannot be played", "unheard": "Not checked yet",
}  # fmt: skip


class PieceLine(msgspec.Struct, frozen=True):
    """One piece of the list that is looked at. `length` and `loud` are empty where nothing was measured."""

    title: str
    state: State
    said: str = ""
    length: str = ""
    loud: str = ""
    phases: tuple[Phase, ...] = ()
    intensity: int = 0
    tags: tuple[str, ...] = ()


class ListLine(msgspec.Struct, frozen=True):
    """One playlist at hand; `own`: it is the clinic's, and may be changed. `trouble`: why it cannot be read."""

    path: Path
    title: str
    said: str
    state: State
    own: bool = False
    trouble: str = ""


class MusicView(msgspec.Struct, frozen=True):
    """The page as it stands. `hearing` is what is being listened to, with the share done, 0 to 1; None: nothing is."""

    lists: tuple[ListLine, ...] = ()
    chosen: Path | None = None
    pieces: tuple[PieceLine, ...] = ()
    hearing: str | None = None
    share: float = 0.0
    said: str = ""
    left_out: tuple[tuple[str, str], ...] = ()

    @property
    def looked_at(self) -> ListLine | None:
        """The list whose pieces are shown."""
        return next((each for each in self.lists if each.path == self.chosen), None)


def piece_line(checked: Checked, phases: tuple[Phase, ...] = ()) -> PieceLine:
    """A piece as it was checked."""
    length = loud = ""
    if checked.measured is not None and not checked.measured.trouble:
        length = clock(checked.measured.length_ms)
        loud = f"{checked.measured.lufs:.1f} LUFS".replace("-", "−") if checked.measured.lufs is not None else "silence"
    verdict = checked.verdict
    piece = checked.piece
    return PieceLine(
        checked.title, verdict.state, verdict.said, length, loud, phases or piece.phases, piece.intensity, piece.tags
    )


def list_line(path: Path, title: str, checked: Sequence[Checked], own: bool) -> ListLine:
    """A playlist with what is known of its pieces."""
    state = overall(each.verdict.state for each in checked)
    lasts = sum(each.measured.length_ms for each in checked if each.measured is not None)
    count = f"{len(checked)} piece{'' if len(checked) == 1 else 's'}"
    return ListLine(path, title, words.join(count, clock(lasts) if lasts else ""), state, own)


def summary(states: Iterable[State]) -> str:
    """How a list stands, in a few words: "ready", or what hinders it."""
    known = list(states)
    counted = [
        (known.count("bad"), "cannot be played"),
        (known.count("unheard"), "not checked yet"),
        (known.count("look"), "to be looked at"),
    ]
    return ", ".join(f"{count} {said}" for count, said in counted if count) or "ready"


def clock(ms: int) -> str:
    """A length as people read it on a sleeve: 7:15, 1:02:40."""
    minutes, seconds = divmod(round(ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
