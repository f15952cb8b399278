"""The planned music of one session: what of it can be played to this patient, and where its files lie."""

from pathlib import Path

from kapdesk.facts.session import MusicPlanned, PlannedTrack
from kapdesk.music.arc import CIRCLE, Avoid, Tracks
from kapdesk.music.fades import gain_of
from kapdesk.music.library.gather import MISSING
from kapdesk.music.library.library import Library, Ready


class Program:
    """The planned music of one session. Its files are looked for in `roots`, the first that has one wins.

    With a `library` each piece is played with the file and at the level at which it sounds as loud as the others.
    """

    def __init__(self, plan: MusicPlanned | None, roots: tuple[Path, ...], library: Library | None = None) -> None:
        self.plan = plan
        self._library = library
        self._roots = roots
        self._tracks = plan.tracks if plan else ()
        self._failed: set[str] = set()

    def good(self, avoid: Avoid) -> Tracks:
        """The pieces that have not failed and that this patient may hear, in order."""
        return tuple(track for track in self._tracks if track.file not in self._failed and not avoid.has(track))

    def fail(self, track: PlannedTrack) -> None:
        """This piece cannot be played; it is left out from now on."""
        self._failed.add(track.file)

    def find(self, track: PlannedTrack) -> Path | None:
        """Where a piece's file lies; None when it is gone."""
        return next((root / track.file for root in self._roots if (root / track.file).is_file()), None)

    def ready(self, track: PlannedTrack) -> Ready:
        """What is played of a piece, and at which level; with its `why_not` where nothing can be."""
        path = self.find(track)
        if self._library is None:
            return Ready(path or Path(track.file), why_not="" if path else MISSING)
        if path is None and track.digest and (moved := self._library.shelf.places_of(track.digest)):
            path = moved[0]
        places = (root / track.file for root in self._roots)
        made = CIRCLE in track.tags
        found = [self._library.ready(place, made) for place in ((path,) if path else places)]
        return next((each for each in found if not each.why_not), found[0])

    def trim(self, path: str) -> float:
        """The gain (0 to 1) with which a file that sounds already is as loud as the others."""
        if self._library is None or Path(path).parent == self._library.copies:
            return 1.0
        return gain_of(min(0.0, self._library.verdict(Path(path)).gain_db))

    def track_at(self, path: str) -> PlannedTrack | None:
        """The piece whose file this is, or whose working copy."""
        here = (track for track in self._tracks if path in {str(self.find(track)), str(self.ready(track).path)})
        return next(here, None) if path else None
