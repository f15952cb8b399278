"""The planned music of one session: what of it can be played to this patient, and where its files lie."""

from pathlib import Path

from kapdesk.facts.session import MusicPlanned, PlannedTrack
from kapdesk.music.arc import Avoid, Tracks


class Program:
    """The planned music of one session. Its files are looked for in `roots`, the first that has one wins."""

    def __init__(self, plan: MusicPlanned | None, roots: tuple[Path, ...]) -> None:
        self.plan = plan
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

    def track_at(self, path: str) -> PlannedTrack | None:
        """The piece whose file this is."""
        return next((track for track in self._tracks if path and str(self.find(track)) == path), None)
