"""The check before a session: every piece heard once, moved ones looked for, working copies made; one sentence each."""

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from kapdesk.errors import KnownError
from kapdesk.music.library.gather import MISSING
from kapdesk.music.library.library import Library
from kapdesk.music.library.lists import Listed
from kapdesk.music.library.measured import Measured
from kapdesk.music.library.verdict import State, Verdict, judge
from kapdesk.music.library.worker import Cancelled, Worker

_HEARING = 0.6
"""The part of a piece's work that is hearing it; the rest is writing its copy."""


class Checked(msgspec.Struct, frozen=True):
    """A piece, where its file lies, what was measured of it, and what is to be said."""

    piece: Listed
    path: Path | None
    measured: Measured | None
    verdict: Verdict

    @property
    def title(self) -> str:
        """As the list calls it, or the file's own tags, or its name."""
        tagged = self.measured.title if self.measured is not None else ""
        return self.piece.title or tagged or (self.path.stem if self.path is not None else self.piece.said)


class Told(msgspec.Struct, frozen=True):
    """How far the check has come: the share done, 0 to 1, what is being heard, and a piece that is done with."""

    share: float
    hearing: str = ""
    number: int = 0
    checked: Checked | None = None


def check(
    library: Library, pieces: Iterable[Listed], worker: Worker, tell: Callable[[Told], None] = lambda told: None
) -> tuple[Checked, ...]:
    """Check pieces one after the other. Raises Cancelled when the worker was; what was heard until then is kept.

    Runs on a thread that may wait: for each file it waits for the child that hears it.
    """
    pieces = tuple(pieces)
    sizes = [_size(each) for each in pieces]
    whole, before, found = max(1, sum(sizes)), 0, []
    for number, (piece, size) in enumerate(zip(pieces, sizes, strict=True)):

        def share(part: float, name: str = piece.said, before: int = before, size: int = size) -> None:
            tell(Told((before + part * size) / whole, name))

        if worker.cancelled:
            raise Cancelled
        checked = _checked(library, piece, worker, share)
        before += size
        found.append(checked)
        tell(Told(before / whole, "", number, checked))
    if worker.cancelled:  # also while there was nothing to hear: what is found is not the whole
        raise Cancelled
    return tuple(found)


def glance(library: Library, piece: Listed) -> Checked:
    """What is known of a piece without hearing it."""
    if piece.path is None:
        return Checked(piece, None, None, Verdict("bad", piece.why_not))
    path, measured = library.find(piece.path)
    if piece.why_not and measured is None:
        return Checked(piece, piece.path, None, Verdict("bad", piece.why_not))
    verdict = library.verdict(piece.path)
    if verdict.by_copy and measured is not None and not library.copy_of(measured).is_file():
        verdict = Verdict("unheard", "A copy of it at the right level is still to be made.", verdict.gain_db, True)
    return Checked(piece, path, measured, verdict)


def overall(states: Iterable[State]) -> State:
    """A list is as good as its worst piece."""
    known = set(states)
    order: tuple[State, ...] = ("bad", "unheard", "look", "good")
    return next((state for state in order if state in known), "bad")


def _checked(library: Library, piece: Listed, worker: Worker, share: Callable[[float], None]) -> Checked:
    seen = glance(library, piece)
    path, measured = seen.path, seen.measured
    if path is None or (piece.why_not not in {"", MISSING} and measured is None):
        return seen
    try:
        if measured is None:
            path, measured = _heard(library, path, worker, lambda part: share(part * _HEARING))
    except KnownError as error:
        return Checked(piece, path, None, Verdict("bad", str(error)))
    verdict = judge(measured, library.target_lufs)
    if verdict.by_copy and not (out := library.copy_of(measured)).is_file():
        job = {"do": "copy", "path": str(path), "out": str(out), "gain_db": verdict.gain_db}
        try:
            worker.do(job, lambda part: share(_HEARING + part * (1 - _HEARING)))
        except KnownError as error:
            verdict = Verdict("look", str(error), min(0.0, verdict.gain_db))
    return Checked(piece, path, measured, verdict)


def _heard(library: Library, path: Path, worker: Worker, share: Callable[[float], None]) -> tuple[Path, Measured]:
    """A piece's file, where it was moved to if it was, and what is known of it; heard only if its content is new."""
    if not path.exists():
        path = _looked_for(library, path, worker)
    try:
        seen = path.stat()
    except OSError as error:
        raise KnownError(MISSING) from error
    measured = None
    if library.shelf.has_size(seen.st_size):
        measured = library.shelf.piece(worker.do({"do": "digest", "path": str(path)}))
    if measured is None:
        measured = msgspec.convert(worker.do({"do": "measure", "path": str(path)}, share), Measured)
    library.shelf.put(path, seen, measured)
    return path, measured


def _looked_for(library: Library, path: Path, worker: Worker) -> Path:
    """Where a missing file was moved to: it is known by its content. KnownError when it is nowhere near."""
    was = library.shelf.was_at(path)
    near = [str(folder) for folder in (path.parent, path.parent.parent) if folder.is_dir() and folder != folder.parent]
    if was is None or not near:
        raise KnownError(MISSING)
    found = worker.do({"do": "find", "path": "", "digest": was.digest, "size": was.size, "folders": near})
    if found is None:
        raise KnownError(MISSING)
    return Path(found)


def _size(piece: Listed) -> int:
    try:
        return piece.path.stat().st_size if piece.path is not None and not piece.why_not else 0
    except OSError:
        return 0
