"""The characters of the music, one for each part of the way, and how much of each there is from moment to moment."""

from dataclasses import dataclass, field

import numpy as np

from kapdesk.facts.words import Phase
from kapdesk.music.compose.harmony import Chord, Scale
from kapdesk.music.compose.timbre import Floats, Rng, Timbre


@dataclass(frozen=True)
class Song:
    """The upper line: its timbre, its range, how long a beat lasts and which share of the chords carry it."""

    timbre: Timbre
    lowest: int
    highest: int
    note_s: float
    share: float


@dataclass(frozen=True)
class Character:
    """How one part of the way sounds. `levels`: how loud each layer is when it sounds, in LU
    against the choir of voices.

    `timbres`: dark, open and high, in the order in which they come as the music opens. `bowls_s`: about how long from
    one bowl to the next. `attack_s`: how slowly a voice comes; it goes as slowly.
    """

    scale: Scale
    phrases: tuple[tuple[Chord, ...], ...]
    chord_s: float
    voices: int
    lowest: int
    highest: int
    timbres: tuple[Timbre, Timbre, Timbre]
    song: Song
    attack_s: float
    echo_s: float
    bowls_s: float
    levels: dict[str, float] = field(hash=False)


_GROUNDING = Character(
    scale=Scale(73.42, 1),
    phrases=(
        ((0, 2, 4, 1), (3, 5, 0, 4), (5, 0, 2, 1), (0, 3, 5, 4)),
        ((5, 0, 2, 4), (2, 4, 6, 1), (3, 5, 0, 4), (0, 4, 1, 3)),
        ((1, 3, 5, 0), (5, 0, 2, 4), (3, 5, 0, 2), (4, 0, 1, 4)),
    ),
    chord_s=15,
    voices=4,
    lowest=7,
    highest=19,
    timbres=("dark", "oo", "open"),
    song=Song("wood", 14, 20, 3.4, 0.4),
    attack_s=4.5,
    echo_s=5.0,
    bowls_s=24,
    levels={"ground": -8, "halo": -11, "drone": -12, "song": -6, "bowls": -10, "breath": -16},
)

_WIDE = Character(
    scale=Scale(65.41, 3),
    phrases=(
        ((0, 4, 2, 1), (3, 5, 0, 1), (0, 2, 4, 6), (6, 1, 3, 0)),
        ((2, 4, 6, 1), (3, 5, 0, 4), (4, 6, 1, 3), (0, 3, 4, 1)),
        ((0, 4, 1, 3), (6, 1, 3, 5), (3, 5, 0, 1), (0, 2, 4, 1)),
    ),
    chord_s=21,
    voices=5,
    lowest=5,
    highest=20,
    timbres=("dark", "ah", "air"),
    song=Song("ah", 14, 21, 5.0, 0.45),
    attack_s=6.0,
    echo_s=7.5,
    bowls_s=31,
    levels={"ground": -3, "halo": -7, "drone": -9, "song": -6, "bowls": -12, "breath": -17},
)

_OPENING = Character(
    scale=Scale(87.31, 0),
    phrases=(
        ((0, 2, 4, 1), (1, 3, 5, 0), (5, 0, 2, 6), (4, 6, 1, 0)),
        ((5, 0, 2, 4), (2, 4, 6, 1), (0, 2, 4, 6), (1, 3, 5, 0)),
        ((4, 6, 1, 3), (5, 0, 2, 4), (1, 3, 5, 4), (0, 4, 1, 2)),
    ),
    chord_s=13,
    voices=4,
    lowest=6,
    highest=19,
    timbres=("oo", "open", "air"),
    song=Song("glass", 14, 22, 2.6, 0.7),
    attack_s=3.5,
    echo_s=6.0,
    bowls_s=15,
    levels={"ground": -8, "halo": -9, "drone": -14, "song": -5, "bowls": -9, "breath": -19},
)

_EARTHY = Character(
    scale=Scale(98.0, 2),
    phrases=(
        ((0, 2, 4), (3, 5, 0), (6, 1, 3), (0, 4, 1)),
        ((4, 6, 1), (3, 5, 0), (0, 2, 4), (0, 3, 4)),
        ((1, 3, 5), (3, 5, 0), (6, 3, 1), (0, 4, 2)),
    ),
    chord_s=14,
    voices=3,
    lowest=5,
    highest=15,
    timbres=("dark", "wood", "open"),
    song=Song("wood", 9, 16, 2.9, 0.6),
    attack_s=3.2,
    echo_s=3.6,
    bowls_s=27,
    levels={"ground": -8, "halo": -13, "drone": -12, "song": -5, "bowls": -12, "breath": -15},
)


@dataclass(frozen=True)
class Way:
    """A phase's music: its character, the curve of its intensity (0 to 1, at even steps round the piece), its range.

    `range_lu`: the loudness range (EBU Tech 3342) the piece is led to.
    """

    character: Character
    curve: tuple[float, ...]
    range_lu: float

    def intensity(self, share: Floats) -> Floats:
        """The intensity at shares 0 to 1 of the piece; smooth, and the end leads into the beginning."""
        n = len(self.curve)
        place = np.mod(share, 1) * n
        before = place.astype(int)
        gone = np.sin((place - before) * np.pi / 2) ** 2
        points = np.array(self.curve)
        return np.asarray(points[before % n] * (1 - gone) + points[(before + 1) % n] * gone)


WAYS: dict[Phase, Way] = {
    "settle": Way(_GROUNDING, (0.2, 0.3, 0.25, 0.35, 0.3, 0.35, 0.25, 0.25), 4.0),
    "onset": Way(_GROUNDING, (0.25, 0.35, 0.4, 0.5, 0.45, 0.6, 0.5, 0.35), 4.5),
    "ascent": Way(_WIDE, (0.25, 0.3, 0.45, 0.5, 0.65, 0.8, 0.9, 0.5), 6.0),
    "peak": Way(_WIDE, (0.45, 0.55, 0.65, 0.8, 0.85, 1.0, 0.9, 0.6), 5.5),
    "return": Way(_OPENING, (0.45, 0.55, 0.7, 0.6, 0.5, 0.55, 0.4, 0.35), 5.0),
    "recovery": Way(_EARTHY, (0.25, 0.35, 0.3, 0.4, 0.35, 0.3, 0.2, 0.2), 4.0),
}


class Drift:
    """A slow wandering between about −1 and 1 that comes round with the piece: four sines of whole periods."""

    def __init__(self, length_s: float, about_s: float, rng: Rng) -> None:
        turns = np.maximum(1, np.rint(length_s / (about_s * rng.uniform(0.6, 1.7, 4))))
        self._speeds = 2 * np.pi * turns / length_s
        self._phases = rng.uniform(0, 2 * np.pi, 4)

    def at(self, times_s: Floats) -> Floats:
        """Its values at times in seconds."""
        waves = np.sin(self._speeds[:, None] * times_s + self._phases[:, None])
        return np.asarray(waves.sum(axis=0) / 2.2)
