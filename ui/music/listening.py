"""The music page at work: files are gathered on a thread and heard in a child process; the screen never waits."""

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kapdesk.clinic import playlists
from kapdesk.clinic.music import playlists as at_hand
from kapdesk.errors import KnownError
from kapdesk.music import playlist
from kapdesk.music.library.check import Checked, Told, check
from kapdesk.music.library.gather import gather
from kapdesk.music.library.library import Library
from kapdesk.music.library.lists import STREAMED, legible
from kapdesk.music.library.worker import Cancelled, Worker
from ui.music.showing import ListLine, MusicView, list_line, piece_line

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.music.page import MusicPage

DRAW_S = 0.1
STOPPED = "The check was cancelled. What was measured until then is kept; no playlist was written."

STOPPED_OF = "The check was cancelled. What was measured until then is kept."


class Listening:
    """What the page shows and does; `left` goes back from it."""

    def __init__(self, desk: "Desk", left: Callable[[], None]) -> None:
        self._desk, self._left = desk, left
        self._page: MusicPage | None = None
        self._view = MusicView()
        self._worker: Worker | None = None
        self._thread: threading.Thread | None = None
        self._told: list[Told] = []
        self._drawn_at = 0.0
        self._of_chosen = False
        """What is being heard are the pieces that are shown."""

    @property
    def page(self) -> "MusicPage":
        """Made when it is first needed."""
        if self._page is None:
            from ui.music.page import MusicPage

            page = self._page = MusicPage()
            page.left.connect(self._left)
            page.chosen.connect(self.choose)
            page.asked.connect(self._ask)
            page.dropped.connect(lambda paths, links, into: self.add(paths, into, links))
            page.listened.connect(self.listen)
            page.stopped.connect(self._cancel)
            page.phased.connect(lambda n, phase, on: self._change(lambda of: playlists.set_phases(of, n, phase, on)))
            page.kinded.connect(lambda n, kind, on: self._change(lambda of: playlists.set_kind(of, n, kind, on)))
            page.weighed.connect(lambda n, full: self._change(lambda of: playlists.set_intensity(of, n, full or None)))
            page.out.connect(self._take_out)
        return self._page

    def show(self) -> None:
        """Read the playlists anew."""
        self._desk.require("read patient")
        self.page.refuse("")
        self._read(self._view.chosen)

    def stop(self) -> None:
        """The clinic is being closed: no child goes on."""
        if self._worker is not None:
            self._worker.cancel()
        if self._thread is not None:
            self._thread.join(5)

    @property
    def busy(self) -> bool:
        """Something is being heard."""
        return self._worker is not None

    def choose(self, path: Path) -> None:
        """Look at the pieces of a playlist; not while one is heard."""
        if self.busy:
            self.page.refuse("Wait until all pieces are checked, or cancel it.")
            return
        self.page.refuse("")
        self._tell(said="", left_out=())
        self._read(path)

    def add(self, paths: Iterable[Path], into_chosen: bool, links: Iterable[str] = ()) -> None:
        """Make a playlist of files, folders and lists, or add them to the chosen one; each piece is heard first.
        `links` came along, and are told that they cannot be played."""
        paths, library = tuple(paths), self._library
        into = self._view.chosen if into_chosen else None
        clinic = self._desk.clinic.log.folder

        def work(worker: Worker) -> None:
            gathered = gather(paths, lambda: worker.cancelled)
            found = check(library, gathered.pieces, worker, self._hear)
            refused = (*gathered.refused, *((legible(link), STREAMED) for link in links))
            try:
                added = playlists.keep(clinic, gathered.title or "Playlist", found, into)
            except KnownError as error:
                why = str(error)
                refused = (*refused, *((each.piece.said, each.verdict.said) for each in found))
                self._post(lambda: self._added(None, why, refused))
                return
            said = f"{added.pieces} piece{'' if added.pieces == 1 else 's'} added. The phases are a suggestion: "
            said += "press a piece to change its own, and to say its kind."
            self._post(lambda: self._added(added.path, said, (*added.left_out, *refused)))

        self._begin(work, of_chosen=False)
        self._tell(said="These are checked first; then the playlist is written.")

    def listen(self) -> None:
        """Hear every piece of the chosen list that nobody has heard yet."""
        path, library, clinic = self._view.chosen, self._library, self._desk.clinic.log.folder
        if path is None:
            return

        def work(worker: Worker) -> None:
            check(library, playlists.pieces(path), worker, self._hear)
            playlists.tidy(clinic, library)

        self._begin(work, of_chosen=True)

    @property
    def _library(self) -> Library:
        library = self._desk.music.library
        assert library is not None
        return library

    def _begin(self, work: Callable[[Worker], None], of_chosen: bool) -> None:
        if self._worker is not None:
            return
        worker = self._worker = Worker()
        self._of_chosen, self._told = of_chosen, []

        def run() -> None:
            said = ""
            try:
                work(worker)
            except Cancelled:
                said = STOPPED if not of_chosen else STOPPED_OF
            except KnownError as error:
                said = str(error)
            finally:
                worker.close()
                self._post(lambda: self._ended(said))

        self.page.refuse("")
        self._tell(hearing="", share=0.0, said="", left_out=())
        self._thread = threading.Thread(target=run, name="listening", daemon=True)
        self._thread.start()

    def _hear(self, told: Told) -> None:
        """On the thread that checks. The screen is told ten times a second at most, however short the list's lines."""
        self._told.append(told)
        if (now := time.monotonic()) - self._drawn_at >= DRAW_S:
            self._drawn_at = now
            self._post(self._heard)

    def _heard(self) -> None:
        """More pieces are known, or the bar has moved on."""
        told, self._told = self._told, []
        if self._worker is None or not told:
            return
        pieces = list(self._view.pieces)
        for each in told:
            if each.checked is not None and self._of_chosen and each.number < len(pieces):
                pieces[each.number] = piece_line(each.checked, pieces[each.number].phases)
        self._tell(pieces=tuple(pieces), share=told[-1].share, hearing=told[-1].hearing or self._view.hearing or "")

    def _ended(self, said: str) -> None:
        self._worker = self._thread = None
        self._tell(hearing=None, said=said or self._view.said)
        self._read(self._view.chosen)

    def _added(self, path: Path | None, said: str, left_out: tuple[tuple[str, str], ...]) -> None:
        """A playlist was written; the end of the thread has it read."""
        self._tell(said=said, left_out=left_out, chosen=path or self._view.chosen)

    def _cancel(self) -> None:
        if self._worker is not None:
            self._worker.cancel()

    def _ask(self, what: str, into_chosen: bool) -> None:
        from ui.saving import ask_folder, ask_which_ones

        if what == "folder":
            ask_folder(self.page, "A folder of music", lambda path: self.add((path,), into_chosen))
        else:
            ask_which_ones(self.page, "Music, or a list of it", lambda paths: self.add(paths, into_chosen))

    def _take_out(self, number: int) -> None:
        self._change(lambda path: playlists.take_out(path, number))

    def _change(self, change: Callable[[Path], object]) -> None:
        path = self._view.chosen
        if path is None or self._worker is not None:
            self.page.refuse("Wait until all pieces are checked, or cancel it." if path is not None else "")
            return
        try:
            change(path)
            self.page.refuse("")
        except KnownError as error:
            self.page.refuse(str(error))
        self._read(path)

    def _read(self, chosen: Path | None) -> None:
        """The lists and the chosen one's pieces, as they lie on the disk now: read beside the window."""
        clinic, library = self._desk.clinic, self._library
        folder = clinic.log.folder

        def look() -> tuple[tuple[ListLine, ...], Path | None, tuple[Checked, ...]]:
            lines: list[ListLine] = []
            pieces: tuple[Checked, ...] = ()
            own = playlists.own_folder(folder)
            paths = at_hand(folder)
            at = chosen if chosen in paths else (paths[0] if paths else None)
            for path in paths:
                try:
                    found = playlists.state(path, library)
                    lines.append(list_line(path, playlist.read(path).title, found, path.parent == own))
                except KnownError as error:
                    lines.append(ListLine(path, path.name, "", "bad", False, str(error)))
                    continue
                pieces = found if path == at else pieces
            return tuple(lines), at, pieces

        def came() -> None:
            lines, at, pieces = done.result()
            self._tell(lists=lines, chosen=at, pieces=tuple(piece_line(each) for each in pieces))

        done = clinic.later(look)
        done.add_done_callback(lambda _: clinic.post(came))

    def _tell(self, **changes: object) -> None:
        self._view = msgspec.structs.replace(self._view, **changes)
        self.page.display(self._view)

    def _post(self, call: Callable[[], None]) -> None:
        self._desk.clinic.post(call)
