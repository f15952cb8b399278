"""What may sound now, and next, for one session: its record read at this moment against its planned music."""

from kapdesk.facts.session import PlannedTrack
from kapdesk.facts.words import PHASES, Phase
from kapdesk.music import arc
from kapdesk.music.now import Room
from kapdesk.music.program import Program

AHEAD_US = 60_000_000
"""A piece chosen so shortly before the next phase is chosen for that one: none is begun to be left after a minute."""

LEFT_TO_END_MS = 90_000
"""A piece that has so little left when its phase is over is heard to its end."""


class Choice:
    """Everything is read when it is made; make a new one for each decision."""

    def __init__(self, room: Room, program: Program, ahead_us: int = 0) -> None:
        session, now_us = room.expected, room.now_us()
        span = room.phase()
        self.turned = arc.turned(session, now_us, span)
        soon = room.phase(now_us + ahead_us) if span is not None and not self.turned.stay else span
        self.phase: Phase = soon.phase if soon is not None else "settle"
        if self.turned.home and PHASES.index(self.phase) < PHASES.index("return"):
            self.phase = "return"
        self.tracks = program.good(arc.avoid(session, room.patient))
        self.heard = arc.heard(session)

    def fits(self, track: PlannedTrack) -> bool:
        """Whether a piece that sounds may sound on, by its phase: unheeded while the music stays with it."""
        return self.turned.stay or track in arc.of_phase(self.tracks, self.phase)

    def next(self, now: PlannedTrack | None) -> PlannedTrack | None:
        """The piece to follow. None where nothing can be played."""
        if self.turned.stay and now in self.tracks:
            return now
        pieces = arc.next_pieces(self.tracks, self.phase, self.heard, now, self.turned.lean)
        return pieces[0] if pieces else None

    def turn_to(self, now: PlannedTrack, by: int) -> PlannedTrack | None:
        """A softer (`by` below 0) or deeper piece."""
        return arc.turn_to(self.tracks, self.phase, self.heard, now, by)

    def other_than(self, refused: PlannedTrack) -> PlannedTrack | None:
        """A piece of another kind."""
        return arc.another_kind(self.tracks, self.phase, self.heard, refused)

    def again(self, track: PlannedTrack) -> bool:
        """Whether playing this piece would be hearing it a second time."""
        return track.file in self.heard and arc.CIRCLE not in track.tags and not self.turned.stay
