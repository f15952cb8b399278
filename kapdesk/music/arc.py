"""The music as an arc over the session's phases: which piece comes next, and which phase is short of music. Pure."""

from collections.abc import Iterable

import msgspec

from kapdesk.facts.music import MusicTurned, TrackRefused
from kapdesk.facts.patient import MusicWishes, PieceAvoided
from kapdesk.facts.session import PhaseEntered, PlannedTrack, TrackStarted
from kapdesk.facts.words import PHASES, Phase
from kapdesk.people.patient import Patient
from kapdesk.session.plan import PhaseSpan
from kapdesk.session.state import Session

Tracks = tuple[PlannedTrack, ...]

CIRCLE = "circle"
"""Tag of a piece that goes round without a seam: playing it on is no repetition."""

NEAR: dict[Phase, tuple[Phase, ...]] = {
    "settle": ("onset",),
    "onset": ("settle",),
    "ascent": ("onset", "settle"),
    "peak": ("ascent",),
    "return": ("recovery",),
    "recovery": ("return",),
}
"""Whose unheard pieces may fill a phase that has none left: never music stronger than the phase is meant to be."""

MOST_LEAN = 2


class Turned(msgspec.Struct, frozen=True):
    """How the therapist has turned the music: `lean` below 0 softer, above deeper; staying with a piece; going home."""

    lean: int = 0
    stay: bool = False
    home: bool = False


class Avoid(msgspec.Struct, frozen=True):
    """What this patient should not hear: pieces by file or digest, and tags."""

    pieces: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def has(self, track: PlannedTrack) -> bool:
        """Whether this piece is to be left out."""
        named = track.file in self.pieces or (track.digest != "" and track.digest in self.pieces)
        return named or not self.tags.isdisjoint(tag.casefold() for tag in track.tags)


class Filled(msgspec.Struct, frozen=True):
    """A phase of the plan and the music for it, in ms. `held_ms` is None where a piece goes round or has no length yet.

    `left_out` pieces are avoided for this patient. `emptied`: nothing else was planned for the phase.
    """

    phase: Phase
    planned_ms: int
    held_ms: int | None
    left_out: int = 0
    emptied: bool = False

    @property
    def short_ms(self) -> int:
        """How much music is missing."""
        return max(0, self.planned_ms - self.held_ms) if self.held_ms is not None else 0


def turned(session: Session, now_us: int, phase: PhaseSpan | None) -> Turned:
    """How the music stands turned, from the record. Softer and deeper hold for a phase; the way home, until the return
    or until someone moves the phase by hand."""
    lean, stay, home = 0, False, False
    begun_us = phase.start_us if phase is not None else 0
    moved = [h.at_us for h in session.history.standing(PhaseEntered)]
    for each in session.history.standing(MusicTurned):
        match each.fact.to:
            case "soften" | "deepen" as to if begun_us <= each.at_us <= now_us:
                lean = max(-MOST_LEAN, min(MOST_LEAN, lean + (1 if to == "deepen" else -1)))
            case "stay":
                stay = True
            case "go-on":
                stay, home = False, False
            case "bring-home":
                stay, home = False, not any(at_us > each.at_us for at_us in moved)
            case _:
                pass
    return Turned(lean, stay, home and not (phase is not None and phase.phase in ("return", "recovery")))


def avoid(session: Session, patient: Patient) -> Avoid:
    """What this patient should not hear, by their record and by what was refused in this session."""
    said = [each.fact for each in (*patient.standing(PieceAvoided), *session.history.standing(TrackRefused))]
    wishes = patient.newest(MusicWishes)
    pieces = frozenset(name for fact in said for name in (fact.digest or fact.file,))
    return Avoid(pieces, frozenset(tag.casefold() for tag in wishes.avoid) if wishes is not None else frozenset())


def heard(session: Session) -> tuple[str, ...]:
    """The files of the pieces that have sounded in this session, the one heard last at the end."""
    files = [h.fact.file for h in session.history.standing(TrackStarted)]
    return tuple(dict.fromkeys(reversed(files)))[::-1]


def of_phase(tracks: Tracks, phase: Phase) -> Tracks:
    """The pieces of a phase, in order; where it has none, those of the nearest earlier phase that has some.

    The music of an earlier phase is what is sounding already, so going on with it changes nothing for the patient. With
    none before either (a playlist that begins at the peak), the nearest later phase's. Empty only for no pieces.
    """
    here = PHASES.index(phase)
    for near in (*reversed(PHASES[: here + 1]), *PHASES[here + 1 :]):
        if found := _planned(tracks, near):
            return found
    return tracks


def next_pieces(
    tracks: Tracks, phase: Phase, heard: tuple[str, ...], now: PlannedTrack | None, lean: int = 0
) -> Tracks:
    """What may come next in a phase, the best first: its unheard pieces, those that go round, unheard ones of a phase
    near by, and only then what was heard longest ago. `lean` prefers pieces softer or deeper than the one that sounds.
    """
    ring = of_phase(tracks, phase)
    near = tuple(track for other in NEAR[phase] for track in _planned(tracks, other) if track not in ring)
    unheard, unheard_near = _unheard(ring, heard), _unheard(near, heard)
    circles = tuple(track for track in _after(ring, now) if CIRCLE in track.tags)
    again = sorted(ring, key=lambda track: heard.index(track.file) if track.file in heard else -1)
    groups = (unheard, circles, unheard_near, tuple(again))
    return tuple(dict.fromkeys(track for group in groups for track in _leaning(group, now, lean)))


def turn_to(tracks: Tracks, phase: Phase, heard: tuple[str, ...], now: PlannedTrack, by: int) -> PlannedTrack | None:
    """The piece to turn to for softer (`by` below 0) or deeper music: the next step of intensity in this phase or near
    it, unheard ones first. None where there is no such piece, or nobody said how intense this one is."""
    if now.intensity == 0:
        return None
    ring = of_phase(tracks, phase)
    near = ring + tuple(track for other in NEAR[phase] for track in _planned(tracks, other) if track not in ring)
    steps = [track for track in near if track.intensity and (track.intensity - now.intensity) * by > 0]
    return min(steps, key=lambda track: (abs(track.intensity - now.intensity), track.file in heard), default=None)


def another_kind(tracks: Tracks, phase: Phase, heard: tuple[str, ...], refused: PlannedTrack) -> PlannedTrack | None:
    """After a piece that was not right: one of this phase that is least like it, unheard ones first."""
    ring = of_phase(tracks, phase)
    others = [track for track in next_pieces(tracks, phase, heard, refused) if track != refused]

    def worth(track: PlannedTrack) -> tuple[bool, bool, float]:
        return track.file in heard, track not in ring, _likeness(track, refused)

    return min(others, key=worth, default=None)


def fill(tracks: Tracks, plan: Iterable[tuple[Phase, int]], avoided: Avoid) -> tuple[Filled, ...]:
    """How much music each phase of the plan (its ms) has; a piece of several phases is shared out in their order."""
    left = {track.file: track.length_ms for track in tracks if not avoided.has(track)}
    found = []
    for phase, planned_ms in plan:
        own = _planned(tracks, phase)
        good = [track for track in own if not avoided.has(track)]
        open_ended = any(CIRCLE in track.tags or track.length_ms == 0 for track in good)
        held_ms = 0
        for track in good:
            taken_ms = min(left.get(track.file, 0), planned_ms - held_ms)
            left[track.file] = left.get(track.file, 0) - taken_ms
            held_ms += taken_ms
        left_out = len(own) - len(good)
        found.append(Filled(phase, planned_ms, None if open_ended else held_ms, left_out, left_out > 0 and not good))
    return tuple(found)


def _planned(tracks: Tracks, phase: Phase) -> Tracks:
    return tuple(track for track in tracks if phase in track.phases)


def _unheard(tracks: Tracks, heard: tuple[str, ...]) -> Tracks:
    return tuple(track for track in tracks if track.file not in heard)


def _after(ring: Tracks, now: PlannedTrack | None) -> Tracks:
    """Round and round, beginning behind the piece that sounds."""
    at = ring.index(now) + 1 if now in ring else 0
    return ring[at:] + ring[:at]


def _leaning(group: Tracks, now: PlannedTrack | None, lean: int) -> Tracks:
    if lean == 0 or now is None or now.intensity == 0:
        return group

    def far(track: PlannedTrack) -> tuple[bool, int]:
        step = (track.intensity or now.intensity) - now.intensity
        return step * lean <= 0, abs(step)

    return tuple(sorted(group, key=far))


def _likeness(one: PlannedTrack, other: PlannedTrack) -> float:
    """0 for nothing in common, 1 for all: tags and intensity."""
    both = set(one.tags) | set(other.tags)
    shared = len(set(one.tags) & set(other.tags)) / len(both) if both else 0.0
    close = 1 - abs(one.intensity - other.intensity) / 4 if one.intensity and other.intensity else 0.5
    return shared + close
