"""Turns harmony and character into sound, block by block, on a circle: what leaves at the end comes in at the start."""

import itertools
import random
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kapdesk.facts.words import Phase
from kapdesk.music.compose import harmony
from kapdesk.music.compose.character import WAYS, Drift
from kapdesk.music.compose.harmony import Note
from kapdesk.music.compose.timbre import RATE, TABLE, Floats, Room, Signal, Timbre, echo, harmonics, table

BLOCK = 1 << 16
"""Samples rendered at a time, 1.4 s."""

_STEP = 256
"""Samples between two points of a curve: 5 ms, joined by straight lines."""

_BREATH_S = 10.8
_TABLES_KEPT = 56
_SWAY, _SWAY_HZ, _SLIDE = 0.006, 4.4, 0.02  # of the pitch: ±10 cents, 4.4 times a second; from a third of a tone below
_OVERTONES = np.array([1, 0.9, 0.9, 0.8, 0.8, 0.35, 0.7, 0.6, 0.5, 0.12, 0.4, 0.12, 0.1, 0.25, 0.3])
"""Harmonics 2 to 16 of the root: the 7th, 11th, 13th and 14th lie between the notes of the mode and stay shy."""

_TRIMS_DB = {"choir": -9, "ground": 0, "halo": 5, "drone": 4, "song": 2, "bowls": 9, "breath": -2}
"""What brings each layer, when it sounds, to about the same loudness, before the character sets it apart."""

_ROOM = {"choir": 0.45, "ground": 0.15, "halo": 0.7, "drone": 0.5, "song": 0.55, "bowls": 0.65, "breath": 0.3}
"""Which share of each layer goes into the room; the rest is near."""


@dataclass(frozen=True)
class _Sounding:
    """A note as it is heard: which timbres, how slowly it comes and goes.

    `place` picks the slow wanderings it follows, `singer` its own table.
    """

    note: Note
    layer: str
    hz: float
    timbres: tuple[Timbre, ...]
    attack_s: float
    release_s: float
    place: int
    singer: int


class Piece:
    """One piece of music: `frames` stereo samples at 48 kHz, the same for the same phase, length and seed."""

    def __init__(self, phase: Phase, length_s: float, seed: int) -> None:
        self._way = WAYS[phase]
        self._is = self._way.character
        self.frames = round(length_s * RATE)
        self.length_s = length_s
        self._seed = seed
        self._chance = random.Random(seed)
        self._rng = np.random.default_rng(seed)
        self._openness = [Drift(length_s, 28, self._rng) for _ in range(8)]
        self._swells = [Drift(length_s, 19, self._rng) for _ in range(8)]
        self._glow = Drift(length_s, 45, self._rng)
        self._breaths = max(4, round(length_s / _BREATH_S))
        self._tables: OrderedDict[tuple[Timbre, float, int], Signal] = OrderedDict()
        self._soundings = self._write()
        self._bowls = self._hang_bowls()
        root_hz = self._is.scale.root_hz
        self._turns = [
            (round(root_hz * h * length_s), self._rng.uniform(0, 1), self._rng.uniform(0.05, 0.95))
            for h in range(2, 17)
        ]
        self._room = Room(echo(self._is.echo_s, self._rng), BLOCK)

    def intensity(self, times_s: Floats) -> Floats:
        """How much the music gives at these times, 0 to 1."""
        return self._way.intensity(times_s / self.length_s)

    @property
    def range_lu(self) -> float:
        """The loudness range it is meant to have."""
        return self._way.range_lu

    def blocks(self) -> Iterator[Signal]:
        """The piece in order, (2, up to BLOCK) each. The room is filled first with what sounds before the join."""
        for number in range(-self._room.blocks, -(-self.frames // BLOCK)):
            near, far = self._dry(number * BLOCK)
            heard = near + self._room.answer(far)
            if number >= 0:
                yield heard[:, : self.frames - number * BLOCK]

    def _write(self) -> list[_Sounding]:
        """Every note of the piece."""
        it, length_s, chance = self._is, self.length_s, self._chance
        plan = harmony.lay_out(it.phrases, it.chord_s, length_s, chance)
        choir = harmony.lead(plan, it.voices, it.lowest, it.highest, chance)
        song = harmony.melody(plan, it.song.lowest, it.song.highest, it.song.note_s, it.song.share, chance)
        self._plan = plan

        singers = itertools.count()

        def sounding(note: Note, layer: str, timbres: tuple[Timbre, ...], slow_s: float, up: int = 0) -> _Sounding:
            slow_s = min(slow_s, note.length_s * 0.6)
            hz = it.scale.hz(note.pitch + up)
            return _Sounding(
                note, layer, hz, timbres, slow_s, slow_s * 1.1, note.voice, next(singers) % 2 + 2 * note.voice
            )

        written = [sounding(note, "choir", it.timbres, it.attack_s) for note in choir]
        # The two upper voices have a halo an octave above, which opens only as the music does.
        written += [sounding(note, "halo", (it.timbres[1],), it.attack_s * 1.3, 7) for note in choir
                    if note.voice >= it.voices - 2]  # fmt: skip
        written += [sounding(note, "ground", ("ground",), it.attack_s * 0.8) for note in harmony.bass(plan, -3)]
        written += [sounding(note, "song", (it.song.timbre,), max(1.8, it.song.note_s * 0.45)) for note in song]
        every = length_s / self._breaths
        for number in range(self._breaths):
            breath = Note(number, 0, number * every, every * 0.42)
            written.append(
                _Sounding(breath, "breath", 0, ("breath", "wind"), every * 0.42, every * 0.5, number % 8, number % 2)
            )
        return written

    def _hang_bowls(self) -> list[tuple[float, float, float]]:
        """Start in seconds, pitch in Hz and place (0 left, 1 right) of every bowl: a note of its chord."""
        count = max(2, round(self.length_s / self._is.bowls_s))
        bowls = []
        for number in range(count):
            start_s = (number + self._chance.uniform(0.15, 0.75)) * self.length_s / count
            chord = self._plan.chord_at(start_s + 1)
            pitch = self._chance.choice([p for p in range(14, 22) if p % 7 in chord[:3]])
            bowls.append((start_s, self._is.scale.hz(pitch), self._chance.uniform(0.15, 0.85)))
        return bowls

    def _dry(self, start: int) -> tuple[Signal, Signal]:
        """A block without its room, and what goes into the room."""
        times_s = np.arange(start, start + BLOCK + 1, _STEP) / RATE
        intensity = self.intensity(times_s)
        layers = {name: np.zeros((2, BLOCK), np.float32) for name in ("choir", *self._is.levels)}
        breath = 0.5 - 0.5 * np.cos(2 * np.pi * times_s * self._breaths / self.length_s)
        for s in self._soundings:
            self._add(layers[s.layer], s, start, times_s, intensity, breath)
        self._add_drone(layers["drone"], times_s, intensity)
        self._add_bowls(layers["bowls"], start)
        near = np.zeros((2, BLOCK), np.float32)
        far = np.zeros((2, BLOCK), np.float32)
        for name, sound in layers.items():
            sound *= 10 ** ((self._is.levels.get(name, 0.0) + _TRIMS_DB[name]) / 20)
            near += sound * np.float32(1 - _ROOM[name])
            far += sound * np.float32(_ROOM[name])
        return near, far

    def _add(self, layer: Signal, s: _Sounding, start: int, times_s: Floats, intensity: Floats,
             breath: Floats) -> None:  # fmt: skip
        """Add what of one note falls into this block."""
        since = self._since(start, s.note.start_s)
        since_s = np.arange(since, since + BLOCK + 1, _STEP) / RATE
        until_s = s.note.length_s + s.release_s - since_s
        come = np.sin(np.clip(since_s / s.attack_s, 0, 1) * np.pi / 2) ** 2
        go = np.sin(np.clip(until_s / s.release_s, 0, 1) * np.pi / 2) ** 2
        # Two notes of a voice that take turns keep its power: the squares of these sum to one.
        envelope = np.sin(come * np.pi / 2) * np.sin(go * np.pi / 2)
        if not envelope.any():
            return
        swell = 1 + 0.25 * self._swells[s.place].at(times_s) + 0.08 * breath
        openness = np.clip(
            0.12 + 0.75 * intensity + 0.3 * self._openness[s.place].at(times_s) + 0.12 * breath, 0.03, 1.2
        )
        match s.layer:
            case "choir":
                strengths = [np.ones_like(swell), 0.9 * openness, 0.3 * openness**2]
                envelope = envelope * swell * (s.hz / 220) ** -0.1
            case "halo":
                strengths = [openness * (0.15 + intensity)]
                envelope = envelope * swell
            case "song":
                strengths = [0.5 + 0.3 * intensity]
            case "breath":
                strengths = [np.ones_like(swell), 0.35 * openness]
                envelope = envelope**2
            case _:
                strengths = [0.8 + 0.3 * intensity]
        for timbre, strength in zip(s.timbres, strengths, strict=True):
            wave = self._table(timbre, s.hz, s.singer)
            offset = since % TABLE
            layer += wave[:, offset : offset + BLOCK] * _curve(envelope * strength)
        if s.layer == "song":
            self._add_singer(layer, s, since, _curve(envelope * (0.5 + 0.5 * openness)))

    def _add_singer(self, layer: Signal, s: _Sounding, since: int, strength: Signal) -> None:
        """One singer before the others: slides up into the note, and after a while it begins to sway."""
        t = np.maximum(0, np.arange(since, since + BLOCK) / RATE)
        sway = _SWAY * np.clip(t / 3, 0, 1) / (2 * np.pi * _SWAY_HZ) * np.sin(2 * np.pi * _SWAY_HZ * t)
        turns = s.hz * (t - _SLIDE * 0.25 * (1 - np.exp(-t / 0.25)) + sway)
        side = 0.5 + 0.3 * np.sin(s.note.start_s)
        for number, share in enumerate(harmonics(s.timbres[0], s.hz, 3500)[:10], 1):
            if share > 0.01:
                tone = np.sin(2 * np.pi * np.mod(turns * number, 1).astype(np.float32)) * strength * np.float32(share)
                layer[0] += tone * np.float32(1 - side)
                layer[1] += tone * np.float32(side)

    def _add_drone(self, layer: Signal, times_s: Floats, intensity: Floats) -> None:
        """The root's overtones, brought out one after another as a singer's mouth does."""
        within = np.arange(BLOCK, dtype=np.float32) / RATE
        brought_out = np.log2(4.6 + 1.5 * intensity) + 0.75 * self._glow.at(times_s)
        for number, (turns, phase, place) in enumerate(self._turns):
            strength = np.exp(-0.5 * ((np.log2(number + 2) - brought_out) / 0.3) ** 2) * _OVERTONES[number]
            if strength.max() < 1e-3:
                continue
            hz = turns / self.length_s
            at = (hz * times_s[0] + phase) % 1
            tone = np.sin(2 * np.pi * (hz * within + at), dtype=np.float32) * _curve(strength)
            layer[0] += tone * np.float32(np.cos(place * np.pi / 2))
            layer[1] += tone * np.float32(np.sin(place * np.pi / 2))

    def _add_bowls(self, layer: Signal, start: int) -> None:
        """Bowls stroked, not struck: they rise over a second and more, beat slowly and fade over ten."""
        for start_s, hz, place in self._bowls:
            since = self._since(start, start_s)
            if since > 22 * RATE:
                continue
            t = (np.arange(since, since + BLOCK) / RATE).astype(np.float32)
            rise = np.sin(np.clip(t / 1.4, 0, 1) * (np.pi / 2)) ** 2 * np.clip((22 - t) / 4, 0, 1)
            for ratio, strength, fade_s, beat_hz in ((1, 1, 5.5, 0.43), (2.667, 0.3, 3.2, 0.71), (5, 0.08, 1.7, 1.1)):
                fade = rise * np.exp(-np.maximum(t, 0) / np.float32(fade_s)) * np.float32(strength)
                for ear, apart in ((0, -0.5), (1, 0.5)):
                    side = np.cos(place * np.pi / 2) if ear == 0 else np.sin(place * np.pi / 2)
                    own = hz * ratio + apart * beat_hz * 0.5
                    tone = np.sin(2 * np.pi * own * t) + 0.6 * np.sin(2 * np.pi * (own + beat_hz) * t)
                    layer[ear] += (side * fade * tone).astype(np.float32)

    def _since(self, start: int, start_s: float) -> int:
        """Samples from a moment on the circle to the block's start; below 0 when the moment lies within the block."""
        return (start - round(start_s * RATE) + BLOCK) % self.frames - BLOCK

    def _table(self, timbre: Timbre, hz: float, singer: int) -> Signal:
        """The table of one singer, who is not another: the same one twice at a time would cancel or double itself."""
        key = (timbre, hz, singer)
        if key not in self._tables:
            # Drawn from what it is, so that it is the same table whenever it is made again.
            own = np.random.default_rng([self._seed, *timbre.encode(), round(hz * 1000), singer])
            self._tables[key] = table(timbre, hz, BLOCK, own)
        self._tables.move_to_end(key)
        if len(self._tables) > _TABLES_KEPT:
            self._tables.popitem(last=False)
        return self._tables[key]


def _curve(points: Floats) -> Signal:
    """Points every 256 samples, joined by straight lines, as one block."""
    ramp = np.arange(_STEP, dtype=np.float32) / _STEP
    p = points.astype(np.float32)
    return np.asarray((p[:-1, None] + np.diff(p)[:, None] * ramp).ravel(), np.float32)
