"""Runs the benchmarks and writes docs/benchmarks.md from what they print.

`python -m benchmarks.report [NAME ...] [--deep]`; with names only their parts are written anew, each with its day.
"""

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
    "records": "A clinic of 20,000 sessions: the first page of the records, looking for names, days and words, one"
    " patient's course.",
    "note": "The note as an archive beside other engines' tagged PDF, its layout beside the bare canvas, and the first"
    " page of it on the screen.",
    "rules": "How long what is due and the fold of a session of 3,000 entries take.",
    "audio": "What a recorder at the headphones hears: joins, crossfades, clicks, and a killed player coming back."
    " Deep: in FLAC, MP3 of constant and of varying bit rate, Ogg, Opus and M4A.",
}


def main() -> None:
    """Run them one after the other; nothing else should be running on the machine."""
    named = [name for name in sys.argv[1:] if name != "--deep"]
    for name in named or BENCHES:
        write(_run(name))


def write(told: dict[str, Any]) -> None:
    """Put what one benchmark told in place of its part of docs/benchmarks.md."""
    parts = dict(_parts(_PAGE.read_text(encoding="utf-8") if _PAGE.exists() else ""))
    parts[told["bench"]] = _section(told)
    machine = ", ".join(f"{key} {value}" for key, value in told["machine"].items())
    head = f"# Measured\n\nWritten by `python -m benchmarks.report`. {_HOW}\n\nMachine: {machine}. {_CAVEAT}\n"
    _PAGE.write_text("\n".join([head, *(parts[name] for name in BENCHES if name in parts)]), encoding="utf-8")


def _parts(page: str) -> list[tuple[str, str]]:
    """The parts of the page by the benchmark they are of."""
    return [(part.partition("\n")[0], f"## {part.rstrip()}\n") for part in page.split("\n## ")[1:]]


_PAGE = HOUSE / "docs" / "benchmarks.md"
_DEEP = "--deep" in sys.argv
_HOW = "Every time is a ratio to a limit or a peer measured in the same run, in turn; medians."
_CAVEAT = "A virtual machine with a virtual disk and no sound card: with another compare ratios, not seconds."


def _run(name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"benchmarks.{name}", "--json", *(["--deep"] if _DEEP else [])]
    answer: dict[str, Any] = json.loads(subprocess.run(command, cwd=HOUSE, stdout=subprocess.PIPE, check=True).stdout)
    return answer


def _section(told: dict[str, Any]) -> str:
    name = told["bench"]
    command = f"python -m benchmarks.{name}{' --deep' if _DEEP else ''}"
    today = datetime.now(UTC).date().isoformat()
    lines = [f"## {name}\n", f"{BENCHES[name]} `{command}`, {today}\n", "| figure | value | goal | met | n |"]
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
