"""The one form in which every benchmark answers: a table, or with --json one object."""

import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple


class Figure(NamedTuple):
    """One measured value, its goal, and on which side of it is well; `runs` is how many measurements it stands on."""

    name: str
    value: float
    unit: str
    goal: float
    better: Literal["less", "more"]
    runs: int

    @property
    def ok(self) -> bool:
        """Whether the goal is met."""
        return self.value <= self.goal if self.better == "less" else self.value >= self.goal


class Missing(NamedTuple):
    """A figure that could not be measured here, and why."""

    name: str
    why: str


Measure = Callable[[bool], tuple[Sequence[Figure], Sequence[Missing]]]
"""Measures everything; the argument asks for the deep run."""


def machine() -> dict[str, str | int]:
    """What was measured on."""
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
    }


def main(bench: str, measure: Measure) -> None:
    """Measure, and print. Exits 0 whatever the figures."""
    figures, missing = measure("--deep" in sys.argv)
    if "--json" in sys.argv:
        told = [{**figure._asdict(), "value": round(figure.value, 3), "ok": figure.ok} for figure in figures]
        gone = [each._asdict() for each in missing]
        print(json.dumps({"bench": bench, "machine": machine(), "figures": told, "missing": gone}))
        return
    print(f"{bench}  ({', '.join(str(value) for value in machine().values())})")
    for figure in figures:
        sign = "≤" if figure.better == "less" else "≥"
        verdict = "ok" if figure.ok else "NOT MET"
        value = f"{figure.value:10.2f} {figure.unit:6} {sign} {figure.goal:g}"
        print(f"  {figure.name:32} {value}  {verdict}  n={figure.runs}")
    for each in missing:
        print(f"  {each.name:32} missing: {each.why}")


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()
