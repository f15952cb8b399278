"""Slow harmony: chords of a mode, led from voice to voice, going round without an end. Pure, in seconds and degrees.

A pitch is a degree of the scale counted on through the octaves: 0 is the root, 7 its octave. Times are seconds on a
circle as long as the piece: a note may begin before its end and sound on past its beginning.
"""

import itertools
import math
import random
from dataclasses import dataclass
from typing import TypeAlias

Chord: TypeAlias = tuple[int, ...]
"""Degrees 0 to 6 of the mode, the bass first."""

_FIFTH = 697.65 / 1200
"""Octaves in a fifth, narrowed by a fifth of a comma: thirds all but pure, and no chord of the mode out of tune."""

_LONGEST_S = 30


@dataclass(frozen=True)
class Scale:
    """A mode over a root. `fifths_below`: how many of its notes lie below the root in the circle of fifths.

    0 is Lydian, 1 Ionian, 2 Mixolydian, 3 Dorian.
    """

    root_hz: float
    fifths_below: int

    def hz(self, pitch: int) -> float:
        """The frequency of a pitch."""
        steps = sorted(math.modf(k * _FIFTH + 9)[0] for k in range(-self.fifths_below, 7 - self.fifths_below))
        octave, degree = divmod(pitch, 7)
        return float(self.root_hz * 2 ** (octave + steps[degree]))


@dataclass(frozen=True)
class Note:
    """One pitch of one voice, from `start_s` for `length_s`; the next of its voice begins where it ends."""

    voice: int
    pitch: int
    start_s: float
    length_s: float


@dataclass(frozen=True)
class Harmony:
    """Chords at their times, once round the piece. `starts_s` has one time a chord, the first near 0."""

    chords: tuple[Chord, ...]
    starts_s: tuple[float, ...]
    length_s: float

    def chord_at(self, time_s: float) -> Chord:
        """The chord meant at a time."""
        time_s %= self.length_s
        return next((c for c, s in zip(self.chords[::-1], self.starts_s[::-1], strict=True) if s <= time_s),
                    self.chords[-1])  # fmt: skip

    def length_of(self, number: int) -> float:
        """How long a chord lasts, in seconds."""
        following = self.starts_s[number + 1] if number + 1 < len(self.chords) else self.length_s + self.starts_s[0]
        return following - self.starts_s[number]


def lay_out(phrases: tuple[tuple[Chord, ...], ...], chord_s: float, length_s: float, rng: random.Random) -> Harmony:
    """Phrases in an order of theirs, the first one coming back, with chords of about `chord_s`, filling the piece."""
    wanted = max(1, round(length_s / chord_s / len(phrases[0])))
    order: list[int] = []
    while len(order) < wanted:
        others = [n for n in range(1, len(phrases)) if n not in order[-2:]] or [0]
        order.append(0 if len(order) % 2 == 0 else rng.choice(others))
    chords = tuple(chord for number in order for chord in phrases[number])
    weights = [rng.uniform(0.82, 1.18) for _ in chords]
    ends = [length_s * end / sum(weights) for end in itertools.accumulate(weights)]
    return Harmony(chords, (0.0, *ends[:-1]), length_s)


def lead(harmony: Harmony, voices: int, lowest: int, highest: int, rng: random.Random) -> tuple[Note, ...]:
    """Voices through the chords: each goes the shortest way, keeps what is common, and the last leads to the first.

    A voice that moves does so in its own time, up to a third of the chord late: what it holds is a suspension.
    """
    voicings: list[tuple[int, ...]] = []
    for number, chord in enumerate(harmony.chords):
        choices = _voicings(chord, voices, lowest, highest)
        before = voicings[-1] if voicings else None
        home = voicings[0] if number == len(harmony.chords) - 1 and voicings else None
        # The choir rises and sinks a little, once round, so that a phrase that comes back is not quite the same.
        centre = (lowest + highest) / 2 - 1.4 * math.cos(2 * math.pi * number / len(harmony.chords))
        voicings.append(min(choices, key=lambda v: _effort(v, before, home, centre) + rng.random()))
    late = [[rng.uniform(0, 0.33) * harmony.length_of(n) for n in range(len(voicings))] for _ in range(voices)]
    starts = [[harmony.starts_s[n] + late[voice][n] for n in range(len(voicings))] for voice in range(voices)]
    return tuple(note for voice in range(voices)
                 for note in _tied(voice, [v[voice] for v in voicings], starts[voice], harmony.length_s))  # fmt: skip


def bass(harmony: Harmony, lowest: int) -> tuple[Note, ...]:
    """The chords' own basses, within an octave of `lowest`, on time: the ground is there when the chord turns."""
    pitches = [lowest + (chord[0] - lowest) % 7 for chord in harmony.chords]
    return tuple(_tied(0, pitches, list(harmony.starts_s), harmony.length_s))


def melody(harmony: Harmony, lowest: int, highest: int, note_s: float, share: float,
           rng: random.Random) -> tuple[Note, ...]:  # fmt: skip
    """A short figure, sung now and then: it comes back over other chords, higher, lower or turned round.

    `share` (0 to 1) of the chords carry it. Long notes belong to their chord, the short ones walk between.
    """
    figure = [(0, 1.5), *((rng.choice((-2, -1, 1, 1, 2)), rng.choice((0.8, 1.0, 1.0, 1.4))) for _ in range(3))]
    notes: list[Note] = []
    middle = (lowest + highest) // 2
    singing = 0.0
    for number, chord in enumerate(harmony.chords):
        singing += share
        if singing < 1 or harmony.length_of(number) < 2.5 * note_s:
            continue
        singing -= 1
        pitch = _nearest(middle + rng.choice((-2, -1, 0, 1, 2)), chord, lowest, highest)
        rises = sum(step for step, _ in figure) * (pitch - middle)
        turned = -1 if rises > 0 else 1 if rises < 0 else rng.choice((1, -1))  # towards the middle, not off the edge
        time_s = harmony.starts_s[number] + rng.uniform(0.2, 0.3) * harmony.length_of(number)
        count = rng.choice((2, 3, 4, 4))
        for place, (step, beats) in enumerate(figure[:count]):
            length_s = beats * note_s * rng.uniform(0.92, 1.08) * (1.5 if place == count - 1 else 1)
            pitch = min(max(pitch + turned * step, lowest), highest)
            if beats > 1 or place in (0, count - 1):
                pitch = _nearest(pitch, harmony.chord_at(time_s + length_s / 2), lowest, highest)
            notes.append(Note(0, pitch, time_s, length_s))
            time_s += length_s
    return tuple(notes)


def _voicings(chord: Chord, voices: int, lowest: int, highest: int) -> list[tuple[int, ...]]:
    """Ways to spread a chord over so many voices: open below, no gap over an octave, third or colour never doubled."""
    pitches = [p for p in range(lowest, highest + 1) if p % 7 in chord]
    spread = [
        v
        for v in itertools.combinations(pitches, voices)
        if v[1] - v[0] >= 3 and all(high - low <= 7 for low, high in itertools.pairwise(v))
        and len({p % 7 for p in v}) >= min(len(chord), voices)
    ]  # fmt: skip
    return spread or [tuple(pitches[:voices])]


def _effort(voicing: tuple[int, ...], before: tuple[int, ...] | None, home: tuple[int, ...] | None,
            centre: float) -> float:  # fmt: skip
    """How unwelcome a voicing is: squares of the ways gone, rubbing seconds, straying from the middle, parallels."""
    effort = 0.4 * abs(sum(voicing) / len(voicing) - centre) ** 2
    effort += sum(2.5 for low, high in itertools.pairwise(voicing) if high - low == 1)
    for other in (before, home):
        if other is None:
            continue
        effort += sum((a - b) ** 2 for a, b in zip(voicing, other, strict=True))
        for (a, was_a), (b, was_b) in itertools.combinations(zip(voicing, other, strict=True), 2):
            if a != was_a and (b - a) % 7 in (0, 4) and (was_b - was_a) % 7 == (b - a) % 7:
                effort += 6  # octaves or fifths moving together sound like one voice
    return effort


def _tied(voice: int, pitches: list[int], starts: list[float], length_s: float) -> list[Note]:
    """One voice's notes: the same pitch twice is one longer note, round the join too."""
    changes = [n for n in range(len(pitches)) if pitches[n] != pitches[n - 1]] or [0]
    notes = []
    for here, following in zip(changes, [*changes[1:], changes[0]], strict=True):
        span = (starts[following] - starts[here]) % length_s or length_s
        turns = math.ceil(span / _LONGEST_S)  # a note takes turns with itself rather than last for ever
        notes += [Note(voice, pitches[here], starts[here] + n * span / turns, span / turns) for n in range(turns)]
    return notes


def _nearest(pitch: int, chord: Chord, lowest: int, highest: int) -> int:
    return min((p for p in range(lowest, highest + 1) if p % 7 in chord), key=lambda p: (abs(p - pitch), p))
