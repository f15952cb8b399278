"""What truly reached the ears, minute by minute: pieces, silences and why, imagery, music elsewhere, level. Pure."""

from collections.abc import Iterable
from typing import Literal, TypeVar

import msgspec

from kapdesk.facts.fact import Fact
from kapdesk.facts.music import (
    ImageryPaused,
    ImageryResumed,
    LevelFound,
    OutputBack,
    OutputLost,
    TrackRefused,
)
from kapdesk.facts.session import (
    Ended,
    ImageryStarted,
    ImageryStopped,
    MusicBroughtBack,
    MusicLost,
    MusicRestored,
    MusicSilenced,
    TrackStarted,
    TrackStopped,
    VolumeSet,
)
from kapdesk.record.history import Happening
from kapdesk.session import at_home
from kapdesk.session.state import Session

Stretch = tuple[int, int]
"""From when until when, desk time in UTC µs."""

How = Literal["faded", "ended", "lost", "refused", "no end"]
TOGETHER_US = 2_000_000
"""What goes and the piece that breaks off by it are told within so long of each other."""


class Piece(msgspec.Struct, frozen=True):
    """A piece from its first sound. `until_us` is where the next one came in or it ceased to be heard, `gone_us` when
    the last of it was gone: while two cross-fade, both sound, and the minute is counted once.

    `stop` is what ended it, None where nothing on the record does.
    """

    began: Happening
    stop: Happening | None
    from_us: int
    until_us: int
    gone_us: int
    refused: bool = False

    @property
    def how(self) -> How:
        """How it ended."""
        if self.stop is None:
            return "no end"
        how: How = self.stop.fact.how
        return "refused" if self.refused and how == "faded" else how


class Quiet(msgspec.Struct, frozen=True):
    """A stretch in which nothing was heard: by choice where `reason` is empty, else by that fault."""

    began: Happening
    from_us: int
    until_us: int
    reason: str = ""
    goes_on: bool = False


class Elsewhere(msgspec.Struct, frozen=True):
    """Music that was played elsewhere, as it was said."""

    began: Happening
    from_us: int
    until_us: int
    goes_on: bool = False


class Guided(msgspec.Struct, frozen=True):
    """A guided-imagery piece, with the pauses in it."""

    began: Happening
    stop: Happening | None
    from_us: int
    until_us: int
    pauses: tuple[Stretch, ...] = ()

    @property
    def halted_ms(self) -> int:
        """How long it was halted in all."""
        return sum(until - start for start, until in self.pauses) // 1000


class Level(msgspec.Struct, frozen=True):
    """From here on this volume and this ceiling, in percent of the desk's full volume; None where nobody said."""

    from_us: int
    percent: int | None
    ceiling_percent: int | None


class Moment(msgspec.Struct, frozen=True):
    """What was heard at one instant. In a silence by choice or by fault no piece is."""

    piece: Piece | None = None
    silence: Quiet | None = None
    fault: Quiet | None = None
    elsewhere: Elsewhere | None = None
    imagery: Guided | None = None
    level: Level | None = None


class Heard(msgspec.Struct, frozen=True):
    """All that was heard in a session, each kind by when it began; nothing of one kind overlaps."""

    pieces: tuple[Piece, ...] = ()
    silences: tuple[Quiet, ...] = ()
    faults: tuple[Quiet, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    imagery: tuple[Guided, ...] = ()
    levels: tuple[Level, ...] = ()

    def sounding(self) -> list[Stretch]:
        """When a piece sounded: what cross-fades counts once, a fault not at all."""
        gone = [(one.from_us, one.gone_us if one.stop is not None else one.until_us) for one in self.pieces]
        return _without(_joined(gone), [(one.from_us, one.until_us) for one in self.faults])

    @property
    def heard_ms(self) -> int:
        """How long pieces sounded in all."""
        return sum(until - start for start, until in self.sounding()) // 1000

    @property
    def lost_ms(self) -> int:
        """How long nothing was heard by a fault."""
        return sum(one.until_us - one.from_us for one in self.faults) // 1000

    @property
    def silent_ms(self) -> int:
        """How long it was silent by choice."""
        return sum(one.until_us - one.from_us for one in self.silences) // 1000

    @property
    def elsewhere_ms(self) -> int:
        """How long music was played elsewhere, as it was said."""
        return sum(one.until_us - one.from_us for one in self.elsewhere) // 1000

    def bars(self, piece: Piece) -> list[Stretch]:
        """Where a piece is drawn: its own stretch, without the faults in it."""
        return _without([(piece.from_us, piece.until_us)], [(one.from_us, one.until_us) for one in self.faults])

    def at(self, at_us: int) -> Moment:
        """What was heard at an instant (desk time, UTC µs)."""
        quiet = _at(self.faults, at_us), _at(self.silences, at_us)
        level = next((one for one in reversed(self.levels) if one.from_us <= at_us), None)
        piece = _at(self.pieces, at_us) if quiet == (None, None) else None
        return Moment(piece, quiet[1], quiet[0], _at(self.elsewhere, at_us), _at(self.imagery, at_us), level)


def heard(session: Session, now_us: int | None = None) -> Heard:
    """From the record alone. What has no end yet reaches to the end of the session, or to `now_us`, or to the last
    that was recorded."""
    kinds = (
        TrackStarted, TrackStopped, TrackRefused, MusicSilenced, MusicBroughtBack, MusicLost, MusicRestored,
        OutputLost, OutputBack, ImageryStarted, ImageryStopped, ImageryPaused, ImageryResumed, VolumeSet, LevelFound,
        Ended,
    )  # fmt: skip
    told: list[Happening] = [each for kind in kinds for each in session.history.standing(kind)]
    told.sort(key=lambda each: (each.at_us, each.order))
    end_us = session.ended_us if session.ended_us is not None else now_us
    if end_us is None:
        end_us = max((each.at_us for each in session.history if not each.struck and not each.late), default=0)
    listening = _Listening(session)
    for each in told:
        listening.hear(each)
    return listening.over(end_us, session)


class _Listening:
    """What is open while the record is gone through, in the order of time."""

    def __init__(self, session: Session) -> None:
        planned = session.music.tracks if session.music is not None else ()
        self.lengths_ms = {track.file: track.length_ms for track in planned if track.length_ms}
        self.pieces: list[Piece] = []
        self.silences: list[Quiet] = []
        self.faults: list[Quiet] = []
        self.imagery: list[Guided] = []
        self.levels: list[Level] = []
        self.open: dict[str, int] = {}  # by file: which of the pieces sounds
        self.silence: Happening | None = None
        self.fault: Quiet | None = None
        self.guided = False
        self.halted_us: int | None = None

    def hear(self, each: Happening) -> None:
        """One more happening."""
        fact: Fact = each.fact
        match fact:
            case TrackStarted():
                self._heard_again(each.at_us)
                self._start(each)
            case TrackStopped():
                self._stop(each)
            case TrackRefused(file=file) if file in self.open:
                n = self.open[file]
                self.pieces[n] = msgspec.structs.replace(self.pieces[n], refused=True)
            case MusicSilenced():
                self._end_fault(each.at_us)
                self.silence = self.silence or each
            case MusicBroughtBack():
                self._heard_again(each.at_us)
            case MusicLost(reason=reason):
                self._begin_fault(each, reason or "by a fault")
            case OutputLost(output=output) if self.open or self.fault:
                self._begin_fault(each, f"{output}: gone")
            case OutputBack() if self.open:
                self._end_fault(each.at_us)
            case MusicRestored():
                self._restored(each)
            case ImageryStarted() | ImageryStopped() | ImageryPaused() | ImageryResumed():
                self._guide(each)
            case VolumeSet(percent=percent):
                ceiling = self.levels[-1].ceiling_percent if self.levels else None
                self.levels.append(Level(each.at_us, percent, ceiling))
            case LevelFound():
                self.levels.append(Level(each.at_us, fact.percent, fact.ceiling_percent))
            case Ended():
                self._end_fault(each.at_us)
                self._end_silence(each.at_us)
            case _:
                pass

    def over(self, end_us: int, session: Session) -> Heard:
        """All that was gone through, closed at the end."""
        if self.fault is not None:
            until_us = max(self.fault.from_us, end_us)
            self.faults.append(msgspec.structs.replace(self.fault, until_us=until_us, goes_on=True))
        if self.silence is not None:
            began = self.silence
            self.silences.append(Quiet(began, began.at_us, max(began.at_us, end_us), goes_on=True))
        for n in self.open.values():
            one = self.pieces[n]
            gone = max(one.from_us, end_us)
            cut = gone if n == len(self.pieces) - 1 else min(one.until_us, gone)
            self.pieces[n] = msgspec.structs.replace(one, until_us=max(one.from_us, cut), gone_us=gone)
        if self.guided:
            self._end_guided(None, max(self.imagery[-1].from_us, self.halted_us or 0, end_us))
        elsewhere = []
        for each in at_home.music(session):
            until = each.over.at_us if each.over is not None else max(end_us, each.began.at_us)
            elsewhere.append(Elsewhere(each.began, each.began.at_us, until, goes_on=each.over is None))
        return Heard(
            tuple(self.pieces),
            tuple(self.silences),
            tuple(self.faults),
            tuple(elsewhere),
            tuple(self.imagery),
            tuple(self.levels),
        )

    def _start(self, each: Happening) -> None:
        """A piece comes in: what sounded until then is drawn up to here, and may go on under it until it stops."""
        at_us = each.at_us
        for n in self.open.values():
            self.pieces[n] = msgspec.structs.replace(self.pieces[n], until_us=min(self.pieces[n].until_us, at_us))
        if each.fact.file in self.open:
            n = self.open.pop(each.fact.file)
            self.pieces[n] = msgspec.structs.replace(self.pieces[n], gone_us=at_us)
        self.open[each.fact.file] = len(self.pieces)
        self.pieces.append(Piece(each, None, at_us, _FAR, _FAR))

    def _stop(self, each: Happening) -> None:
        n = self.open.pop(each.fact.file, None)
        if n is None:
            return
        one, gone = self.pieces[n], self._gone(self.pieces[n], each)
        self.pieces[n] = msgspec.structs.replace(one, stop=each, until_us=min(one.until_us, gone), gone_us=gone)
        if each.fact.how == "lost" and not self.open:
            self._begin_fault(each, "it broke off by a fault", gone)

    def _gone(self, one: Piece, stop: Happening) -> int:
        """When the last of it was heard: where nobody was there to hear, not later than its own length allows."""
        length_ms = self.lengths_ms.get(stop.fact.file)
        if stop.fact.heard_ms is not None or length_ms is None:
            return stop.at_us
        left_us: int = max(0, length_ms - max(0, one.began.fact.position_ms)) * 1000
        return min(stop.at_us, one.from_us + left_us)

    def _restored(self, each: Happening) -> None:
        """Sound is back; where nobody could say so before, the time it says it was gone counts."""
        if self.fault is not None:
            self._end_fault(each.at_us)
            return
        since = max(each.at_us - max(0, each.fact.silent_ms) * 1000, self.faults[-1].until_us if self.faults else 0)
        sounded = self.pieces[-1].from_us if self.pieces else each.at_us
        if self.silence is None and max(since, sounded) < each.at_us:
            self.faults.append(Quiet(each, max(since, sounded), each.at_us, "by a fault"))

    def _heard_again(self, at_us: int) -> None:
        self._end_fault(at_us)
        self._end_silence(at_us)

    def _begin_fault(self, each: Happening, reason: str, from_us: int | None = None) -> None:
        """The first that was said stands, unless what is said at once after it knows more."""
        if self.silence is not None:
            return
        if self.fault is None:
            floor_us = self.faults[-1].until_us if self.faults else 0
            since_us = each.at_us if from_us is None else min(each.at_us, max(from_us, floor_us))
            self.fault = Quiet(each, since_us, since_us, reason)
        elif (
            isinstance(self.fault.began.fact, TrackStopped)
            and not isinstance(each.fact, TrackStopped)
            and each.at_us - self.fault.began.at_us <= TOGETHER_US
        ):
            self.fault = msgspec.structs.replace(self.fault, reason=reason)

    def _end_fault(self, at_us: int) -> None:
        if self.fault is not None:
            self.faults.append(msgspec.structs.replace(self.fault, until_us=at_us))
            self.fault = None

    def _end_silence(self, at_us: int) -> None:
        if self.silence is not None:
            self.silences.append(Quiet(self.silence, self.silence.at_us, at_us))
            self.silence = None

    def _guide(self, each: Happening) -> None:
        """One imagery piece at a time: another that begins ends it, another's pause or end says nothing of it."""
        match each.fact:
            case ImageryStarted():
                if self.guided:
                    self._end_guided(None, each.at_us)
                self.imagery.append(Guided(each, None, each.at_us, each.at_us))
                self.guided = True
            case ImageryStopped(title=title) if self._about(title):
                self._end_guided(each, each.at_us)
            case ImageryPaused(title=title) if self._about(title) and self.halted_us is None:
                self.halted_us = each.at_us
            case ImageryResumed(title=title) if self._about(title):
                self._go_on(each.at_us)
            case _:
                pass

    def _about(self, title: str) -> bool:
        return self.guided and self.imagery[-1].began.fact.title == title

    def _go_on(self, at_us: int) -> None:
        if self.halted_us is not None:
            one = self.imagery[-1]
            self.imagery[-1] = msgspec.structs.replace(one, pauses=(*one.pauses, (self.halted_us, at_us)))
            self.halted_us = None

    def _end_guided(self, stop: Happening | None, at_us: int) -> None:
        self._go_on(at_us)
        self.imagery[-1] = msgspec.structs.replace(self.imagery[-1], stop=stop, until_us=at_us)
        self.guided = False


_FAR = 1 << 62
T = TypeVar("T", Piece, Quiet, Elsewhere, Guided)


def _at(found: Iterable[T], at_us: int) -> T | None:
    return next((one for one in found if one.from_us <= at_us < one.until_us), None)


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """As one what overlaps or touches."""
    made: list[Stretch] = []
    for start, until in sorted(stretches):
        if made and start <= made[-1][1]:
            made[-1] = made[-1][0], max(made[-1][1], until)
        else:
            made.append((start, until))
    return made


def _without(stretches: Iterable[Stretch], holes: Iterable[Stretch]) -> list[Stretch]:
    """What is left of them beside the holes."""
    left = list(stretches)
    for low, high in holes:
        left = (
            [
                part
                for start, until in left
                for part in ((start, min(until, low)), (max(start, high), until))
                if part[0] < part[1]
            ]
            if low < high
            else left
        )
    return left
