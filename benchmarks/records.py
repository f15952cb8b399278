"""The desk of a clinic of 20,000 sessions: the first page of the records, a search in them, one patient's course,
opening, and what Python's collector stops for.

What is timed of the records is what their page asks for at each key: the newest page of sessions that a line of words
finds, in words. The clinic is recorded once into build/, and its index made (some minutes, the first time only).
`--deep` has 20,000 patients, not 3,000.
"""

import gc
import resource
import statistics
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.form import Figure, Missing, main
from benchmarks.invented import many, name_of, words_of
from kapdesk.clinic import finding
from kapdesk.clinic.course import Courses
from kapdesk.clinic.inbox import Inbox
from kapdesk.clinic.listed import READING
from kapdesk.clinic.open import OpenClinic
from kapdesk.store.index import Index

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
        sought = _seek(clinic, patients, rounds)
        made = _made_per_s(clinic)
    finally:
        clinic.close()
        gc.unfreeze()
    return [
        Figure("first_page_ms", sought["first page"], "ms", 20, "less", number),
        Figure("search_ms", max(sought.values()), "ms", 50, "less", number),
        *(Figure(f"search_{name}_ms", sought[name], "ms", 50, "less", number) for name in LINES),
        Figure("index_sessions_per_s", made, "1/s", 500, "more", 1),
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
    return {
        "first": first,
        "visits": _median_ms(lambda: clinic.visits_of(next(each)), rounds),
        "course": _median_ms(lambda: Courses(clinic).read(next(each)), rounds),
    }, rounds


LINES: dict[str, Callable[[int], str]] = {
    "name": lambda n: name_of(n),
    "number": lambda n: f"R-{n}",
    "word": lambda n: words_of(n).split()[2],
    "common_word": lambda n: "breath",
    "two_words": lambda n: f"{name_of(n).split()[0]} breath 2020..2024",
    "day": lambda n: f"{2018 + n % 8}-{1 + n % 12:02d}",
    "adverse": lambda n: "adverse events",
}
"""What is typed, by the number of a patient or session."""


def _seek(clinic: OpenClinic, patients: int, rounds: int) -> dict[str, float]:
    """What the records page asks for, from the words typed to the words shown: medians in ms."""
    from ui.records.telling import record_of  # brings the screen along, which is not to count as the record's memory

    def page(line: str) -> int:
        found = finding.find(clinic, line)
        return len([record_of(hit, clinic.state, clinic.clock.now().utc_us) for hit in found.hits])

    def asked(line: Callable[[int], str]) -> Callable[[], None]:
        wanted = cycle(range(0, patients, max(1, patients // rounds)))

        def ask() -> None:
            n = next(wanted)
            if not page(line(n)):
                raise LookupError(line(n))

        return ask

    clinic.index.catch_up(whole=True)
    times = {"first page": _median_ms(lambda: page(""), rounds)}
    return times | {name: _median_ms(asked(line), rounds) for name, line in LINES.items()}


def _made_per_s(clinic: OpenClinic) -> float:
    """How many sessions are read into a new index in a second, when it is made."""
    with TemporaryDirectory() as folder:
        index = Index(clinic.log, READING, Path(folder) / "index.db")
        waiting = index.catch_up()
        begun = time.perf_counter()
        for _ in range(10):
            left = index.catch_up()
        made = (waiting - left) / (time.perf_counter() - begun)
        index.close()
    return made


def _median_ms(act: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1_000)
    return statistics.median(times)


if __name__ == "__main__":
    main("records", measure)
