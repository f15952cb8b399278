"""The export at work: what is exported is read and written on a thread that nobody waits for, and can be stopped."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from kapdesk.clinic.filing import aside
from kapdesk.errors import KnownError
from ui.records.export import Form
from ui.saving import ask_where
from ui.trace import sentence_of

if TYPE_CHECKING:
    from kapdesk.clinic.export import Wanted, Written
    from kapdesk.exchange.sealing import Lock, Sealing
    from kapdesk.facts.people import Actor
    from ui.desk import Desk
    from ui.records.export import ExportPanel
    from ui.records.page import RecordsPage

NO_DAY = "That is no day. Type it as year-month-day, for example 2026-12-31. Nothing was exported."


class Exporting:
    """The panel of the records' page, and one export at a time."""

    def __init__(self, desk: "Desk", page: "RecordsPage") -> None:
        self._desk, self._page = desk, page
        self._turn = 0
        self._sealing: Sealing | None = None
        panel = self.panel
        panel.wanted.connect(self._find)
        panel.stopped.connect(self._stop)
        panel.left.connect(self._put_away)
        page.export_asked.connect(self._open)
        page.left.connect(self._left)

    @property
    def panel(self) -> "ExportPanel":
        """On the records' page."""
        return self._page.export

    def stop(self) -> None:
        """The clinic is about to be closed: nothing of what is under way is kept."""
        self._turn += 1
        if self._sealing is not None:
            self._sealing.stop()

    def _open(self) -> None:
        try:
            self._desk.require("export")
        except KnownError as error:
            self._page.refuse(str(error))
            return
        self._page.show_export(True)

    def _left(self) -> None:
        """Nothing secret stays on a page that nobody looks at; what is being exported goes on."""
        if self._sealing is None:
            self._put_away()

    def _put_away(self) -> None:
        self.panel.forget()
        self._page.show_export(False)

    def _find(self, form: Form) -> None:
        """Which sessions those are, from the index."""
        from kapdesk.clinic import export

        clinic, line, filters = self._desk.clinic, self._page.line, self._page.filters
        try:
            self._desk.require("export")
            since, until = _day(form.since), _day(form.until)
        except KnownError as error:
            self.panel.refuse(str(error))
            return
        found: Callable[[], Sequence[UUID]] = (
            (lambda: export.found(clinic, line, filters))
            if form.which == "found"
            else (lambda: export.in_period(clinic, since, until))
        )
        turn = self._begin()
        known = self._desk.clinic.state.name_of(self._desk.actor.entered_by)
        looked = aside(lambda: (tuple(found()), export.lock_of(form.key, form.passphrase, known)))
        looked.add_done_callback(lambda done: clinic.post(lambda: self._found(turn, form, done)))

    def _found(self, turn: int, form: Form, done: "Future[tuple[tuple[UUID, ...], Lock]]") -> None:
        from kapdesk.clinic import export

        if turn != self._turn:
            return
        self.panel.busy(False)
        if (error := done.exception()) is not None:
            self.panel.refuse(sentence_of(error))
            return
        sessions, lock = done.result()
        wanted = export.Wanted(sessions, form.to, lock, form.since, form.until)
        try:
            export.ask(self._desk.clinic, wanted, self._desk.actor)
        except KnownError as refused:
            self.panel.refuse(str(refused))
            return
        count = len(sessions)
        title = f"Export {count} session{'s' if count != 1 else ''}"
        self.panel.tell(f"{title}: choose where the archive goes.")
        name, suffix = export.default_name(self._desk.clinic), export.SUFFIX.removeprefix(".")
        ask_where(self._page, title, name, suffix, lambda path: self.write(wanted, path))

    def write(self, wanted: "Wanted", path: Path) -> None:
        """Write these sessions to an archive, beside everything else."""
        from kapdesk.clinic import export
        from kapdesk.exchange.sealing import Sealing

        clinic, actor = self._desk.clinic, self._desk.actor
        try:
            self._desk.require("export")
            export.ask(clinic, wanted, actor)
        except KnownError as error:
            self.panel.refuse(str(error))
            return
        turn, who = self._begin(), clinic.state.name_of(actor.entered_by)
        sealing = self._sealing = Sealing(wanted.lock)

        def told(done: int, of: int) -> None:
            clinic.post(lambda: self.panel.show_progress(done, of) if turn == self._turn else None)

        writing = aside(lambda: export.write(clinic, wanted, who, path, sealing, told))
        writing.add_done_callback(lambda done: clinic.post(lambda: self._written(turn, wanted, actor, done)))

    def _written(self, turn: int, wanted: "Wanted", actor: "Actor", done: "Future[Written]") -> None:
        """On the window's thread: whole on the disk, so it is put on record, and then gets its name."""
        from kapdesk.clinic import export

        error = done.exception()
        if turn != self._turn:
            if error is None:
                aside(lambda: export.throw_away(done.result()))
            return
        if error is not None:
            self._over()
            self.panel.refuse(sentence_of(error))
            return
        written = done.result()
        try:
            recording = export.record(self._desk.clinic, wanted, written, actor)
        except KnownError as refused:
            self._over()
            self.panel.refuse(str(refused))
            return
        self._desk.when_kept(recording.kept, lambda: self._name(turn, written))

    def _name(self, turn: int, written: "Written") -> None:
        from kapdesk.clinic import export

        clinic = self._desk.clinic
        naming = aside(lambda: export.name(written))
        naming.add_done_callback(lambda done: clinic.post(lambda: self._named(turn, written, done)))

    def _named(self, turn: int, written: "Written", done: "Future[Path]") -> None:
        if turn == self._turn:
            self._over()
        if (error := done.exception()) is not None:
            self.panel.refuse(sentence_of(error))
            return
        self.panel.forget()
        self.panel.tell(f"Exported: {written.path} (SHA-256 {written.sha256[:16]}…)")
        if written.problems:
            self.panel.refuse(f"Exported: {written.path}, but not whole. {' '.join(written.problems)}")

    def _begin(self) -> int:
        self._turn += 1
        self.panel.busy(True)
        self.panel.tell("Looking for the sessions …")
        return self._turn

    def _over(self) -> None:
        self._sealing = None
        self.panel.busy(False)

    def _stop(self) -> None:
        """Let it come to nothing; a disk that hangs is not waited for."""
        self.stop()
        self._over()
        self.panel.refuse("The export was stopped. Nothing was kept of it.")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise KnownError(NO_DAY) from error
