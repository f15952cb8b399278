"""libVLC, and nothing else: opens files, starts, stops, sets whole volumes, and puts what it notices into a queue.

The only import of vlc. Four things of libVLC 3 shaped this file:
- Any call into libVLC from one of its callbacks can hang for good (python-vlc #77): callbacks only hand over.
- Its own Ogg demuxer ends the piece at a seek, and its MP3 one lands up to 4 s off: always `:demux=avformat`.
- A volume (and a mute switch) that is not set before play is the desktop's last one; and on a player that has played
  before it can't be set before play: the call returns -1 and the piece bursts in at 100. So every piece gets a new
  player, which costs under 1 ms and keeps nothing.
- With a role ("video" by default) the desktop remembers our fades to nothing for every other program of that role.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple

import vlc

from kapdesk.music.engine.wire import Deck

_NO_ROLE = 0
_STATES = ("NothingSpecial", "Opening", "Buffering", "Playing", "Paused", "Stopped", "Ended", "Error")


What = Literal["playing", "time", "ended", "failed"]


class Noticed(NamedTuple):
    """Something that libVLC said about one deck. `take` counts what was opened on it; `at_ms` is monotonic time."""

    deck: Deck
    take: int
    what: What
    place_ms: int
    at_ms: float


class NoSound(Exception):
    """libVLC is there but can't be used: its plugins are missing."""


def now_ms() -> float:
    """Monotonic time in ms."""
    return time.monotonic() * 1000


class Library:
    """One libVLC, bound to an output. `notice` is called from libVLC's threads and may only hand over."""

    def __init__(self, output: str, notice: Callable[[Noticed], None]) -> None:
        # No video, no subtitles searched, no title or statistics: a player of sound files only.
        options = "--quiet --no-video --no-spu --no-sub-autodetect-file --no-stats --no-metadata-network-access"
        self.vlc = vlc.Instance([*options.split(), *([f"--aout={output}"] if output else [])])
        if self.vlc is None:
            raise NoSound
        self.vlc.set_user_agent("KapDesk", "KapDesk")
        self.vlc.set_app_id("kapdesk", "", "audio-headphones")  # name and icon in the desktop's volume control
        self._notice = notice
        self.output = ""
        """Where pieces start from now on: the sound server's name; empty leaves it to libVLC."""

    @property
    def version(self) -> str:
        """Like "3.0.21 Vetinari"."""
        return str(vlc.libvlc_get_version().decode())

    def player(self, deck: Deck) -> "Player":
        """A player for one deck."""
        return Player(self, deck, self._notice)


class Player:
    """What plays on one deck: a new libVLC player for each piece. Every method is for the main thread."""

    def __init__(self, library: Library, deck: Deck, notice: Callable[[Noticed], None]) -> None:
        self._library = library
        self._player: Any = None
        self._events: Any = None
        self._deck = deck
        self._notice = notice
        self.take = 0
        self.output = ""
        """Where the piece that plays was started."""

    def start(self, path: Path, at_ms: int) -> None:
        """Play a file from a place, silent at first. "playing" is noticed when it sounds, or "failed"."""
        self.stop()
        self.take += 1
        self._player = self._library.vlc.media_player_new()
        self._player.set_role(_NO_ROLE)
        self._attach(self.take)
        media = self._library.vlc.media_new_path(str(path))
        media.add_option(":demux=avformat")
        if at_ms:
            media.add_option(f":start-time={at_ms / 1000:.3f}")
        self._player.set_media(media)
        media.release()
        self.output = self._library.output
        if self.output:
            self._player.audio_output_device_set(None, self.output)
        self._player.audio_set_volume(0)
        self._player.audio_set_mute(False)
        self._player.play()

    def _attach(self, take: int) -> None:
        def hand_over(what: What, place_ms: int = 0) -> None:
            self._notice(Noticed(self._deck, take, what, place_ms, now_ms()))

        events, kinds = self._player.event_manager(), vlc.EventType
        events.event_attach(kinds.MediaPlayerPlaying, lambda _: hand_over("playing"))
        events.event_attach(kinds.MediaPlayerTimeChanged, lambda event: hand_over("time", event.u.new_time))
        events.event_attach(kinds.MediaPlayerEndReached, lambda _: hand_over("ended"))
        events.event_attach(kinds.MediaPlayerEncounteredError, lambda _: hand_over("failed"))
        self._events = events

    def stop(self) -> None:
        """Stop, within 2 ms or so. What is still noticed of this piece has an older `take`."""
        if self._player:
            self._player.stop()
            self._player.release()
            # python-vlc holds on to them in a circle that Python can't see (some kB with each piece).
            self._events._callbacks.clear()
            self._events._callback_handler = None
            self._player = self._events = None
            self.output = ""
            self.take += 1

    def set_volume(self, volume: int) -> None:
        """Whole percent, 0 to 100."""
        if self._player:
            self._player.audio_set_volume(volume)

    @property
    def length_ms(self) -> int:
        """0 as long as it is not known."""
        return max(0, int(self._player.get_length())) if self._player else 0

    @property
    def state(self) -> str:
        """libVLC's own word. After an error it says "Ended": what was noticed is to be trusted instead."""
        return _STATES[self._player.get_state().value] if self._player else _STATES[0]
