"""The desk of a clinic of 20,000 sessions: the list of them, finding a name, one patient's course, opening, and what
Python's collector stops for.

The clinic is recorded once into build/ (a minute or two, the first time only). `--deep` has 20,000 patients, not 3,000.
"""

import gc
import resource
import statistics
import time
from collections.abc import Callable
from itertools import cycle

from benchmarks.form import Figure, Missing, main
from benchmarks.invented import many, name_of
from kapdesk.clinic.course import Courses
from kapdesk.clinic.inbox import Inbox
from kapdesk.clinic.open import OpenClinic

SESSIONS, PATIENTS, DEEP_PATIENTS = 20_000, 3_000, 20_000
WAIT_S = 60.0


def measure(deep: bool) -> tuple[list[Figure], list[Missing]]:
    """All figures."""
    patients, rounds = (DEEP_PATIENTS, 200) if deep else (PATIENTS, 25)
    ring, inbox = many(SESSIONS, patients), Inbox()
    begun = time.perf_counter()
    clinic = OpenClinic(ring, inbox.post)
    clinic.unfinished.look()
    opened_s = time.perf_counter() - begun
    if not inbox.run_until(clinic.drained, WAIT_S):
        raise TimeoutError("the record did not come to rest")
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    try:
        pause = _median_ms(gc.collect, 5)
        gc.freeze()
        frozen = _median_ms(gc.collect, 5)
        found, number = _read(clinic, patients, rounds)
        listed = _median_ms(clinic.visits, 1)
    finally:
        clinic.close()
        gc.unfreeze()
    return [
        Figure("first_page_ms", listed, "ms", 20, "less", 1),
        Figure("search_ms", found["search"], "ms", 50, "less", number),
        Figure("course_ms", found["course"], "ms", 50, "less", number),
        Figure("patients_visits_ms", found["visits"], "ms", 50, "less", number),
        Figure("first_patients_visits_ms", found["first"], "ms", 1_000, "less", 1),
        Figure("open_s", opened_s, "s", 5, "less", 1),
        Figure("memory_mb", memory_mb, "MB", 400, "less", 1),
        Figure("collector_pause_ms", pause, "ms", 200, "less", 5),
        Figure("collector_pause_frozen_ms", frozen, "ms", 5, "less", 5),
    ], []


def _read(clinic: OpenClinic, patients: int, rounds: int) -> tuple[dict[str, float], int]:
    """What is asked for while one works, patient after patient: medians in ms."""
    each = cycle(list(clinic.patients)[:: max(1, patients // rounds)])
    first = _median_ms(lambda: clinic.visits_of(next(each)), 1)
    wanted = cycle(range(0, patients, max(1, patients // rounds)))

    def search() -> None:
        name = name_of(next(wanted)).casefold()
        if not [known for known in clinic.known() if name in f"{known.name} {known.called}".casefold()]:
            raise LookupError(name)

    return {
        "first": first,
        "visits": _median_ms(lambda: clinic.visits_of(next(each)), rounds),
        "course": _median_ms(lambda: Courses(clinic).read(next(each)), rounds),
        "search": _median_ms(search, rounds),
    }, rounds


def _median_ms(act: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1_000)
    return statistics.median(times)


if __name__ == "__main__":
    main("records", measure)
