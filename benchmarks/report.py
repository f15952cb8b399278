"""Runs the benchmarks and writes docs/benchmarks.md from what they print: `python -m benchmarks.report [--deep]`."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parent.parent
BENCHES = {
    "start": "How soon the window is there, and its rows, against the barest PySide6 window.",
    "commit": "How long until what was said is on the disk, against writing and syncing the same bytes raw.",
    "durability": "Whether anything acknowledged is lost: the program killed, every write the last one, bits turned.",
    "records": "A clinic of 20,000 sessions: reading the list, finding a name, reading one patient's course.",
    "rules": "How long what is due and the fold of a session of 3,000 entries take.",
    "audio": "What a recorder at the headphones hears: joins, crossfades, clicks, and a killed player coming back.",
}


def main() -> None:
    """Run them one after the other; nothing else should be running on the machine."""
    told = [_run(name) for name in BENCHES]
    machine = ", ".join(f"{key} {value}" for key, value in told[0]["machine"].items())
    command = "python -m benchmarks.report" + (" --deep" if _DEEP else "")
    today = datetime.now(UTC).date().isoformat()
    parts = [
        "# Measured\n",
        f"Written by `{command}` on {today}. {_HOW}\n",
        f"Machine: {machine}. {_CAVEAT}\n",
        *[_section(each) for each in told],
    ]
    (HOUSE / "docs" / "benchmarks.md").write_text("\n".join(parts), encoding="utf-8")


_DEEP = "--deep" in sys.argv
_HOW = "Every time is a ratio to a limit or a peer measured in the same run, in turn; medians."
_CAVEAT = "A virtual machine with a virtual disk and no sound card: with another compare ratios, not seconds."


def _run(name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--json", *(["--deep"] if _DEEP else [])]
    answer: dict[str, Any] = json.loads(subprocess.run(command, cwd=HOUSE, stdout=subprocess.PIPE, check=True).stdout)
    return answer


def _section(told: dict[str, Any]) -> str:
    name = told["bench"]
    lines = [f"## {name}\n", f"{BENCHES[name]} `python -m benchmarks.{name}`\n", "| figure | value | goal | met | n |"]
    lines.append("|---|---|---|---|---|")
    for each in told["figures"]:
        sign = "≤" if each["better"] == "less" else "≥"
        met = "yes" if each["ok"] else "**no**"
        goal = f"{sign} {each['goal']:g}"
        lines.append(f"| `{each['name']}` | {each['value']:g} {each['unit']} | {goal} | {met} | {each['runs']} |")
    lines += [f"\nNot measured: {_list(told['missing'])}"] if told["missing"] else []
    return "\n".join(lines) + "\n"


def _list(missing: list[dict[str, str]]) -> str:
    told = []
    for why in dict.fromkeys(each["why"] for each in missing):
        names = ", ".join(f"`{each['name']}`" for each in missing if each["why"] == why)
        told.append(f"{names}: {why}")
    return "; ".join(told) + "."


if __name__ == "__main__":
    main()
