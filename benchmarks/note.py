"""The note on paper: as an archive beside Typst's and WeasyPrint's tagged PDF of the same rows, its layout beside the
bare canvas, what the archive adds, how it grows with its length, and how soon a page of it is seen.
"""

import contextlib
import gc
import io
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import font_source_sans_pro
import pypdfium2
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from benchmarks.audio_peers import NO_PEERS, PEERS
from benchmarks.form import Figure, Missing, main
from kapdesk.note import archive, fonts
from kapdesk.note.layout import lay_out
from kapdesk.note.paper import Attachment, Note, Observation, Patient, PhaseNotes
from kapdesk.note.press import press
from kapdesk.note.tags import marks_of
from tests.note.sample import SAID, sample

HOUSE = Path(__file__).resolve().parent.parent
FONTS = Path(font_source_sans_pro.__file__).parent / "files"
ROWS_A_PAGE = 36
Rows = list[tuple[str, str, str, str, str]]


def measure(deep: bool) -> tuple[list[Figure], list[Missing]]:
    """All figures."""
    rounds = 9 if deep else 5
    lay_out(sample())
    figures, missing = _beside_peers(rounds)
    figures += _beside_the_canvas(rounds)
    growth = _a_page_ms(500, 1) / _a_page_ms(50, 3)
    figures += [
        Figure("per_page_growth_500_over_50", growth, "x", 1.5, "less", 1),
        Figure("preview_ms", _median_ms(_preview, rounds), "ms", 300, "less", rounds),
        Figure("deterministic", float(len({_digest(zone, seed) for zone, seed in _ELSEWHERE}) == 1), "", 1, "more", 2),
    ]
    return figures, missing


_ELSEWHERE = (("Asia/Kolkata", "1"), ("America/St_Johns", "77"))


def _rows(pages: int, turn: int) -> Rows:
    """Rows for so many pages; another turn has other words, so that no engine has them in its memory."""
    made = []
    for i in range(pages * ROWS_A_PAGE):
        code, text, _ = SAID[i % len(SAID)]
        made.append((f"{10 + i // 60 % 14:02}:{i % 60:02}", str(i), code, f"{text} {turn}-{i}", ("TT", "NO")[i % 2]))
    return made


def _note(rows: Rows) -> Note:
    told = (Observation(clock=at, minute=minute, code=code, text=text, by=by) for at, minute, code, text, by in rows)
    return Note(
        standing="signed", clinic="Northlight Clinic", patient=Patient(name="Sample Patient A"), session="S-1",
        date="2026-11-19", title="Session note", observations=(PhaseNotes(phase="peak", observations=tuple(told)),),
    )  # fmt: skip


def _beside_peers(rounds: int) -> tuple[list[Figure], list[Missing]]:
    goals = {"typst": 1.5, "weasyprint": 0.25}
    if not PEERS.exists():
        return [], [Missing(f"ratio_{name}_5p", NO_PEERS) for name in goals]
    figures: list[Figure] = []
    missing: list[Missing] = []
    for name, goal in goals.items():
        ours, theirs = [], []
        command = [str(PEERS), str(Path(__file__).with_name("peer_paper.py")), name, str(FONTS)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as peer:
            assert peer.stdin is not None
            assert peer.stdout is not None
            for turn in range(rounds + 1):
                rows = _rows(5, turn)
                ours.append(_ms(lambda rows=rows: lay_out(_note(rows))))  # type: ignore[misc]
                with contextlib.suppress(BrokenPipeError):
                    peer.stdin.write(json.dumps(rows) + "\n")
                    peer.stdin.flush()
                answer = peer.stdout.readline()
                if not answer:
                    break
                theirs.append(json.loads(answer)[0])
            peer.stdin.close()
        if len(theirs) > rounds:
            ratio = statistics.median(ours[1:]) / statistics.median(theirs[1:])
            figures.append(Figure(f"ratio_{name}_5p", ratio, "x", goal, "less", rounds))
        else:
            missing.append(Missing(f"ratio_{name}_5p", f"{name} does not run here"))
    return figures, missing


def _beside_the_canvas(rounds: int) -> list[Figure]:
    """The layout without the archive, the bare canvas with lines broken beforehand, and the whole with its record of
    200 lines inside, in turn."""
    whole, layout, bare = [], [], []
    record = Attachment(
        name="record.json", mime="application/json", description="Record", relationship="Source", data=_record(200)
    )
    for turn in range(rounds + 1):
        rows = _rows(5, turn)
        note, lines = _note(rows), [simpleSplit(row[3], fonts.REGULAR, 8.6, 310) for row in rows]
        whole.append(_ms(lambda note=note: lay_out(note, (record,))))  # type: ignore[misc]
        with _no_archive():
            layout.append(_ms(lambda note=note: lay_out(note)))  # type: ignore[misc]
        bare.append(_ms(lambda rows=rows, lines=lines: _bare(rows, lines)))  # type: ignore[misc]
    one, other, limit = (statistics.median(times[1:]) for times in (whole, layout, bare))
    return [
        Figure("build_ratio_raw_canvas_5p", other / limit, "x", 6, "less", rounds),
        Figure("archive_ms", one - other, "ms", 50, "less", rounds),
    ]


def _record(lines: int) -> str:
    """As many lines as a session has, each with its digests and its signature."""
    chance = random.Random(lines)
    line = {"hash": 32, "before": 32, "payload": 400, "salt": 16, "signature": 64}
    return json.dumps([{name: chance.randbytes(size).hex() for name, size in line.items()} for _ in range(lines)])


@contextlib.contextmanager
def _no_archive() -> Iterator[None]:
    """The same pages, untagged and written as reportlab writes them."""
    unmarked = marks_of(None)
    with (
        mock.patch.object(archive.ArchiveCanvas, "save", Canvas.save),
        mock.patch.object(archive, "Marks", return_value=unmarked),
    ):
        yield


def _bare(rows: Rows, lines: list[list[str]]) -> bytes:
    """What a canvas takes to put the same words on as many pages, with nothing to measure, break or place."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4, pageCompression=1, invariant=1, initialFontName=fonts.REGULAR)
    for first in range(0, len(rows), ROWS_A_PAGE):
        canvas.setFont(fonts.REGULAR, 8.6)
        y = 760.0
        for row, broken in zip(rows[first : first + ROWS_A_PAGE], lines[first : first + ROWS_A_PAGE], strict=True):
            for x, cell in ((51, row[0]), (90, row[1]), (125, row[2]), (510, row[4])):
                canvas.drawString(x, y, cell)
            for line in broken:
                canvas.drawString(195, y, line)
                y -= 11.1
            y -= 4.8
            canvas.line(51, y, 544, y)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _a_page_ms(pages: int, rounds: int) -> float:
    """Milliseconds a page, of a note of about so many."""
    note = _note(_rows(pages, 0))
    made: list[bytes] = []
    took = _median_ms(lambda: made.append(lay_out(note)), rounds)
    with pypdfium2.PdfDocument(made[-1]) as document:
        return took / len(document)


def _preview() -> None:
    """From the note's words to a picture of its first page, as the desk does it: the press is a process of its own."""
    document = pypdfium2.PdfDocument(press(sample()))
    try:
        document[0].render(scale=1.5)
    finally:
        document.close()


def _digest(zone: str, seed: str) -> str:
    code = (
        "import hashlib; from kapdesk.note.layout import lay_out; from tests.note.sample import sample;"
        "print(hashlib.sha256(lay_out(sample('signed'))).hexdigest())"
    )
    env = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(HOUSE)}
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=HOUSE, capture_output=True, check=True, text=True)
    return done.stdout


def _ms(act: Callable[[], object]) -> float:
    gc.collect()
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _median_ms(act: Callable[[], object], rounds: int) -> float:
    return statistics.median(_ms(act) for _ in range(rounds))


if __name__ == "__main__":
    main("note", measure)
