"""The engine, with calls into libVLC that really hang where a test wants them to: run instead of `engine.decks`.

What hangs is said by a file beside the piece, named like it and `.hangs`; it is taken away, so that each hangs once.
`callback`: libVLC is stopped from one of its own callbacks, which it can't bear (python-vlc #77): its thread hangs, and
any further call with it. `call`: a call never comes back, while libVLC plays on.
"""

import sys
import threading
from pathlib import Path

from kapdesk.music.engine import decks, player


class StuckPlayer(player.Player):
    """Hangs as it is told."""

    hangs = ""

    def start(self, path: Path, at_ms: int) -> None:
        """Start as ever."""
        said = path.with_name(path.name + ".hangs")
        self.hangs = said.read_text() if said.exists() else ""
        said.unlink(missing_ok=True)
        super().start(path, at_ms)

    def _attach(self, take: int) -> None:
        super()._attach(take)
        vlc_player = self._player

        def hang(event: object) -> None:
            if event.u.new_time > 2_500:  # type: ignore[attr-defined]
                vlc_player.stop()

        if self.hangs == "callback":
            vlc_player.event_manager().event_attach(player.vlc.EventType.MediaPlayerTimeChanged, hang)

    def set_volume(self, volume: int) -> None:
        """Set it, unless that call hangs."""
        if self.hangs == "call" and volume > 60:
            threading.Event().wait()
        super().set_volume(volume)


if __name__ == "__main__":
    player.Player = StuckPlayer  # type: ignore[misc]
    sys.exit(decks.main())
