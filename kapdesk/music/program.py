"""Which piece may play when: the session's planned music, where its files lie, and what comes after what."""

from pathlib import Path

from kapdesk.facts.session import MusicPlanned
from kapdesk.facts.words import Phase
from kapdesk.music.playlist import Playlist, Track


class Program:
    """The planned music of one session. Its files are looked for in `roots`, the first that has one wins."""

    def __init__(self, plan: MusicPlanned | None, roots: tuple[Path, ...]) -> None:
        self.plan = plan
        self._roots = roots
        self._tracks = tuple(Track(each.title, each.file, each.phases) for each in plan.tracks) if plan else ()
        self._failed: set[str] = set()

    def playable(self, phase: Phase) -> tuple[Track, ...]:
        """The pieces of a phase that have not failed, in order; those of a neighbouring phase when it has none."""
        good = tuple(track for track in self._tracks if track.file not in self._failed)
        return Playlist("", good, Path()).for_phase(phase) if good else ()

    def after(self, track: Track, playable: tuple[Track, ...]) -> Track:
        """The piece after this one, round and round; a single piece follows itself."""
        place = playable.index(track) if track in playable else -1
        return playable[(place + 1) % len(playable)]

    def fail(self, track: Track) -> None:
        """This piece cannot be played; it is left out from now on."""
        self._failed.add(track.file)

    def find(self, track: Track) -> Path | None:
        """Where a piece's file lies; None when it is gone."""
        return next((root / track.file for root in self._roots if (root / track.file).is_file()), None)

    def track_at(self, path: str) -> Track | None:
        """The piece whose file this is."""
        return next((track for track in self._tracks if path and str(self.find(track)) == path), None)
