"""How long the rules take for a session of 3,000 entries: what is due, and the fold of all of it."""

import statistics
import time
from collections.abc import Callable
from uuid import UUID, uuid4

from benchmarks.form import Figure, Missing, main
from kapdesk import paths
from kapdesk.clinical.protocol import read
from kapdesk.facts.care import ChecklistAnswered, ScaleRated
from kapdesk.facts.entry import OrderKey
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import (
    DoseGiven,
    Marked,
    NoteTaken,
    PatientArrived,
    TrackStarted,
    VisitOpened,
    VitalsTaken,
)
from kapdesk.record.history import Happening
from kapdesk.session.due import due
from kapdesk.session.state import fold

ENTRIES = 3_000
MINUTE_US = 60_000_000


def happenings(count: int) -> list[Happening]:
    """A visit of three hours, entry after entry: notes, readings, ratings, answers, music."""
    kinds: tuple[Callable[[int], Fact], ...] = (
        lambda n: NoteTaken(f"Slow, even breath, {n}.", "Breath"),
        lambda n: VitalsTaken(120 + n % 60, 80, 70, 97, 14),
        lambda n: ScaleRated("MOAA/S", n % 6),
        lambda n: ChecklistAnswered(f"item-{n % 20}", "Escort reached", "yes"),
        lambda n: TrackStarted("Warm Ground", "warm-ground.ogg", "settle", 0),
        lambda n: Marked(),
    )
    opened = VisitOpened("dosing", UUID(int=1), False, "Europe/Warsaw", "a4")
    facts: list[Fact] = [opened, PatientArrived(), DoseGiven("ketamine", 50_000, "im")]
    facts += [kinds[n % len(kinds)](n) for n in range(count - len(facts))]
    step_us = 180 * MINUTE_US // count
    return [
        Happening(uuid4(), OrderKey(n, 0, "station"), n * step_us, n * step_us, "nurse", "nurse", fact, n)
        for n, fact in enumerate(facts)
    ]


def measure(deep: bool) -> tuple[list[Figure], list[Missing]]:
    """Both figures."""
    rounds = 200 if deep else 30
    plan, _ = read(paths.shipped("resources", "protocols", "im-booster.toml"))
    said = happenings(ENTRIES)
    session = fold(said)
    asked = _median_ms(lambda: due(session, plan), rounds)
    folded = _median_ms(lambda: fold(said), rounds)
    return [
        Figure("due_ms_3000", asked, "ms", 2.0, "less", rounds),
        Figure("fold_ms_3000", folded, "ms", 10.0, "less", rounds),
    ], []


def _median_ms(act: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main("rules", measure)
