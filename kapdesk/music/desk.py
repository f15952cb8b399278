"""What plays next and how it gets there: follows the session's phase, asks the engine, and records what was heard."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import assert_never

from kapdesk.errors import KnownError
from kapdesk.facts.fact import Fact
from kapdesk.facts.music import LevelFound, MusicTurned, OutputChosen, Turn
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.facts.session import (
    MusicBroughtBack,
    MusicLost,
    MusicRestored,
    MusicSilenced,
    PlannedTrack,
    TrackStarted,
    VolumeSet,
)
from kapdesk.music.arc import Turned
from kapdesk.music.engine import wire
from kapdesk.music.engine.port import Engine
from kapdesk.music.flow import Flow, fell_silent
from kapdesk.music.guide import DOWN_MS, Guide, Reading, left_open
from kapdesk.music.imagery import Imagery
from kapdesk.music.library.library import Library, Ready
from kapdesk.music.now import NowPlaying, Room
from kapdesk.music.turns import CROSSFADE_MS, IN_AND_OUT_MS
from kapdesk.music.where import Where
from kapdesk.record.listeners import Listeners

logger = logging.getLogger(__name__)

START_PERCENT = 70
"""Where the volume of a session begins that has none of its own yet: never where another patient's was louder."""


class MusicDesk:
    """The music of one desk; one session owns it at a time. Silent until someone brings it in.

    All methods are called on the core's thread: `hear` with each event of the engine, `tick` some four times a second.
    Without an engine (libVLC is missing) everything else works and `now()` says how to mend it.
    """

    def __init__(self, roots: tuple[Path, ...], unavailable: str = "", library: Library | None = None) -> None:
        self.owner: Room | None = None
        self.volume = START_PERCENT
        self._unavailable = unavailable
        self._hello: wire.Hello | None = None
        self._in = False
        self.library = library
        self._silent_since_us: int | None = None
        self._untold_volume_us: int | None = None
        self._listeners: Listeners[[]] = Listeners()
        self.guide = Guide(self._tell_imagery, lambda ms: self._flow.level(ms), self._voice_of)
        self._flow = Flow(roots, library, lambda: self.guide.gain, self._record)
        self._turns = self._flow.turns
        self.where = Where(self._tell_output, library.clinic if library is not None else None)

    def use(self, engine: Engine) -> None:
        """The engine that makes the sound."""
        self._turns.engine = self.guide.engine = engine

    @property
    def _engine(self) -> Engine | None:
        return self._turns.engine

    def listen(self, listener: Callable[[], None]) -> None:
        """Be told when what is heard, or can be heard, has changed."""
        self._listeners.add(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        """Be told no more."""
        self._listeners.remove(listener)

    def now(self) -> NowPlaying:
        """What is heard now."""
        piece, state, hello = self._turns.current, self._turns.state(), self._hello
        turned = self._flow.choice(self.owner).turned if self.owner is not None else Turned()
        span = self.owner.phase() if self.owner is not None else None
        return NowPlaying(
            piece.track.title if piece else "",
            piece.phase if piece else span.phase if span else "settle",
            state.position_ms if state else 0,
            state.length_ms if state else 0,
            not self._in,
            self._engine is not None and not self._unavailable,
            self._unavailable or self.where.gone or self._flow.message or self.where.warning,
            f"libVLC {hello.libvlc}" if hello else "",
            self.where.title or (hello.sink if hello else ""),
            self._silent_since_us,
            turned.stay,
            turned.home,
            self.ceiling,
            self.where.lost,
            self.where.name,
            self.where.outputs,
            self.where.programs,
        )

    @property
    def ceiling(self) -> int:
        """The loudest this session goes, in percent: what the sound check with the patient found."""
        found = self.owner.expected.history.standing(LevelFound) if self.owner is not None else []
        return found[-1].fact.ceiling_percent if found else 100

    @property
    def quiet(self) -> bool:
        """Nothing sounds and nothing is about to."""
        return self._turns.quiet and self.guide.piece is None

    def settled(self, heard_ms: int) -> bool:
        """No fade is under way, and what should sound has been heard for `heard_ms` by libVLC's own position."""
        turns = self._turns
        if turns.moving or turns.fading():
            return False
        state = turns.state()
        if turns.current is None or state is None:
            return not (self._in and self._engine is not None and self.owner and self._flow.choice(self.owner).tracks)
        return state.told_ms - turns.current.began_ms >= heard_ms

    # what people press

    def own(self, room: Room | None) -> None:
        """Give the music to a session. What sounds for another one goes out softly; its own goes on."""
        if self.owner is not None and room is not None and self.owner.id == room.id:
            self.owner = room
            return
        self.stop_imagery()
        self._turns.stop()
        self.owner, self._in, self._flow.message = room, False, ""
        if room is not None and (left := left_open(room.expected)) is not None:
            self._record(room, left)
        if room is not None and self._engine is not None:
            percent = room.session.volume_percent
            self.volume = min(self.ceiling, min(self.volume, START_PERCENT) if percent is None else percent)
            self._engine.set_volume(self.volume)
        self._take_up()
        self._changed()

    def bring_back(self) -> None:
        """Bring the music in softly: where it was, or from the beginning of the phase's first piece."""
        if self._engine is None or self.owner is None or self._in:
            return
        self._in, self._silent_since_us, self._flow.message = True, None, ""
        if self.owner.session.history.standing(TrackStarted):
            self._record(self.owner, MusicBroughtBack(), self._by())
        self._turns.resume()
        self._flow.even(DOWN_MS)
        self.tick()
        self._changed()

    def silence(self) -> None:
        """Take the music out over three seconds. It keeps its place."""
        if self._engine is None or self.owner is None or not self._in:
            return
        self._in = False
        self._silent_since_us = self.owner.now_us()
        self._record(self.owner, MusicSilenced(), self._by())
        self._turns.pause()
        self._changed()

    def turn(self, to: Turn) -> None:
        """Softer or deeper, stay with this piece, go on, or the way home: on record, and heard as a crossfade."""
        room = self.owner
        if room is None or self._engine is None:
            return
        self._record(room, MusicTurned(to), self._by())
        if to in ("soften", "deepen"):
            self._flow.lean(room, -1 if to == "soften" else 1)
        self.tick()
        self._changed()

    def play(self, file: str) -> None:
        """Bring in a piece of the plan, by its file, against what sounds."""
        if self.owner is not None and self._in:
            self._flow.play(self.owner, file)
            self._changed()

    def refuse(self) -> PlannedTrack | None:
        """Not this: what sounds goes out within three seconds for one of another kind, and is not played again.

        The piece that was refused; None where nothing sounds. For the patient's own record see `PieceAvoided`.
        """
        room = self.owner
        if room is None or not self._in:
            return None
        refused = self._flow.refuse(room, lambda fact: self._record(room, fact, self._by()))
        self._changed()
        return refused

    def end(self) -> None:
        """The session is over: everything goes out softly, stops, and belongs to nobody."""
        self.stop_imagery()
        self._turns.stop()
        self.owner, self._in, self._silent_since_us = None, False, None
        self._changed()

    def set_volume(self, percent: int) -> None:
        """The volume, 0 to 100; glides there. Goes on record once it has stood for a second."""
        self.volume = max(0, min(self.ceiling, percent))
        if self._engine is not None:
            self._engine.set_volume(self.volume)
        if self.owner is not None:
            self._untold_volume_us = self.owner.now_us()
        self._changed()

    def use_output(self, name: str) -> None:
        """Let the music be heard there, one of `now().outputs`; this computer remembers it."""
        if self._engine is not None:
            self.where.choose(name, self._engine)
            self._changed()

    def start_imagery(self, piece: Imagery, voice: bool = False) -> None:
        """Begin a guided-imagery piece: its cues are shown to be read aloud; with `voice`, its recording is heard."""
        if self.owner is not None:
            self.guide.start(piece, voice, self.owner.now_us())
            self._changed()

    def halt_imagery(self) -> None:
        """Halt the guided-imagery piece, or let it go on."""
        if self.owner is not None:
            (self.guide.go_on if self.guide.halted else self.guide.halt)(self.owner.now_us())
            self._changed()

    def stop_imagery(self) -> None:
        """Leave the guided-imagery piece gently."""
        if self.owner is not None:
            self.guide.leave(self.owner.now_us())
            self._changed()

    def reading(self) -> Reading | None:
        """The guided imagery to be read aloud or heard now."""
        return self.guide.reading(self.owner.now_us()) if self.owner else None

    def close(self) -> None:
        """Let go of the engine; while a session goes on it plays its piece to the end."""
        engine, self._turns.engine, self.guide.engine = self._engine, None, None
        if engine is not None:
            engine.close(play_out=self._in and self.owner is not None and self.owner.session.live)

    # what the time brings

    def tick(self) -> None:
        """Follow the phase, begin the next piece in time, and put a settled volume on record."""
        if self.owner is None:
            return
        self._tell_volume(self.owner)
        self.guide.tick(self.owner.now_us())
        if self._engine is None or self._hello is None or not self._in or self._turns.coming is not None:
            return
        if not self._flow.go_on(self.owner):
            self._in, self._silent_since_us = False, self.owner.now_us()
            self._flow.message = "No piece of this playlist can be played. The session goes on in silence."
            self._record(self.owner, MusicLost(self._flow.message))
            self._changed()

    def hear(self, event: wire.Event) -> None:
        """An event of the engine."""
        self.where.hear(event)
        match event:
            case wire.Hello():
                self._hello, self._unavailable = event, ""
                self._turns.states = {state.deck: state for state in event.decks}
                self._agree_on_volume(event)
                if self._engine is not None:
                    self.where.agree(self._engine)
                self._take_up()
                if event.hushed:
                    self._turns.hushed(event.decks)
            case wire.Status():
                self._turns.states = {state.deck: state for state in event.decks}
                return
            case wire.Playing():
                self._turns.playing(event)
                self._flow.even(CROSSFADE_MS)
            case wire.Paused() | wire.Stopped():
                self._turns.silent(event)
            case wire.Ended():
                self._ended(event)
            case wire.Failed():
                self._failed(event)
            case wire.Lost():
                self._flow.message = "The music fell silent by a fault; it is being brought back."
            case wire.Restored():
                self._restored(event)
            case wire.Unavailable():
                self._lost(event.why)
            case wire.Replaced():
                self._turns.engine = self.guide.engine = None
                self._unavailable = "Another KapDesk has taken over the music. Close it to play from here."
            case wire.Fault():
                logger.error("The engine reports a fault\n%s", event.trace)
            case wire.OutputLost():
                self._turns.hushed(event.decks)
                if self.owner is not None:
                    self.guide.unheard(self.owner.now_us())
            case wire.OutputBack() | wire.OutputMoved() | wire.Outputs():
                pass
            case wire.Faded():
                return
            case _ as unknown:
                assert_never(unknown)
        self._changed()

    def _ended(self, event: wire.Ended) -> None:
        if event.deck == "voice":
            self.guide.voice_over()
            return
        if event.early:
            self._flow.message = f"“{Path(event.path).stem}” broke off early; the next piece plays."
        self._turns.silent(event)

    def _failed(self, event: wire.Failed) -> None:
        if event.deck == "voice":
            self._flow.message = "The recorded voice cannot be played; read the words aloud."
            self.guide.voice_over()
            return
        piece = self._turns.failed(event.deck)
        if piece is not None:
            self._flow.skip(piece.track, event.why, piece.tell)

    def _restored(self, event: wire.Restored) -> None:
        self._flow.message = ""
        self._turns.states = {state.deck: state for state in event.decks}
        piece, state = self._turns.current, self._turns.state()
        if piece is not None and state is not None:
            piece.tell(MusicRestored(piece.track.title, event.gap_ms, state.position_ms))

    def _lost(self, why: str) -> None:
        if self._unavailable == why:
            return
        self._unavailable = why
        if self.owner is not None:
            self.guide.unheard(self.owner.now_us())
        logger.warning("%s", why)
        if self.owner is not None and self._in:
            self._record(self.owner, MusicLost(why))

    def _take_up(self) -> None:
        """A session came, or the engine: what it plays already for this session goes on, what is silent is said."""
        room = self.owner
        if room is None or self._hello is None or not self._turns.quiet:
            return
        voice = self._turns.states.get("voice")
        if voice is not None and voice.sounding and self._engine is not None:
            self._engine.stop("voice", IN_AND_OUT_MS)  # it speaks on for nobody who would halt it
        if self._flow.take_up(room):
            self._in = True
        elif not self._in and (lost := fell_silent(room)) is not None:
            self._silent_since_us, fact = lost
            self._record(room, fact)

    def _tell_imagery(self, fact: Fact, by_hand: bool) -> None:
        if self.owner is not None:
            self._record(self.owner, fact, self._by() if by_hand else ITSELF)

    def _voice_of(self, piece: Imagery) -> Ready | None:
        """The recording of a piece, as loud as the music; None where there is none that can be played."""
        path = piece.voice_path()
        if path is None or piece.voice is None:
            return None
        if self.library is None:
            return Ready(path) if path.is_file() else None
        ready = self.library.ready(path, composed=piece.voice.sample)
        return None if ready.why_not else ready

    def _tell_output(self, fact: Fact) -> None:
        if self.owner is not None:
            self._record(self.owner, fact, self._by() if isinstance(fact, OutputChosen) else ITSELF)

    def _agree_on_volume(self, hello: wire.Hello) -> None:
        """What sounds already keeps its volume; otherwise the engine gets the desk's."""
        if any(state.sounding for state in hello.decks):
            self.volume = hello.volume
        elif self._engine is not None:
            self._engine.set_volume(self.volume)

    def _tell_volume(self, room: Room) -> None:
        if self._untold_volume_us is not None and room.now_us() - self._untold_volume_us >= 1_000_000:
            self._untold_volume_us = None
            if room.session.volume_percent != self.volume:
                self._record(room, VolumeSet(self.volume), self._by())

    def _by(self) -> Actor:
        return getattr(self.owner, "by", ITSELF)

    def _record(self, room: Room, fact: Fact, actor: Actor = ITSELF) -> None:
        """The music never stops for the record: what cannot be recorded any more is only logged."""
        try:
            room.record(fact, None, actor)
        except KnownError as error:
            logger.warning("Not recorded: %s (%s)", type(fact).__name__, error)

    def _changed(self) -> None:
        self._listeners.tell()
