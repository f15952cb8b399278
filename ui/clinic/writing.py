"""Changing a protocol from the clinic's page: the form, the file, and what goes on record of it."""

from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from kapdesk.clinic import protocols
from kapdesk.clinical.protocol import Protocol
from kapdesk.errors import KnownError
from ui.trace import sentence_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.clinic.page import ClinicPage
    from ui.desk import Desk
    from ui.session.half import Editors


class Writing:
    """The editor at work; `shown` reads the clinic's page anew once something was written."""

    def __init__(self, desk: "Desk", page: "ClinicPage", shown: "Callable[[], None]") -> None:
        self._desk, self._page, self._shown = desk, page, shown
        self._start: protocols.AtHand | None = None
        self._editors: Editors | None = None
        page.protocols.edited.connect(self._begin)
        page.editor.written.connect(self._write)
        page.editor.typed.connect(self._type)
        page.editor.left.connect(self._leave)

    def _begin(self, file: Path) -> None:
        clinic = self._desk.clinic
        try:
            protocols.require_editing(clinic, self._desk.actor.entered_by)
        except KnownError as error:
            self._page.protocols.refuse(str(error))
            return
        self._start = next((each for each in protocols.at_hand(clinic) if each.path == file), None)
        if self._start is None or self._start.plan is None:
            gone = f"{file.name} is not there any more. Choose another protocol."
            self._page.protocols.refuse(self._start.trouble if self._start else gone)
            return
        self._editors = self._desk.editors_of(f"protocol {file.name}")
        self._page.editor.display(self._start.plan, self._editors.half(self._start.plan.version))
        self._page.edit(True)

    def _type(self, content: str) -> None:
        """Kept until it is written or given up, for the version that it changes."""
        if self._start is not None and self._start.plan is not None and self._editors is not None:
            self._editors.type(self._start.plan.version, content)

    def _drop(self) -> None:
        if self._start is not None and self._start.plan is not None and self._editors is not None:
            self._editors.forget(self._start.plan.version)

    def _leave(self) -> None:
        self._drop()
        self._page.edit(False)

    def _write(self, plan: Protocol) -> None:
        if self._start is None:
            return
        clinic, actor = self._desk.clinic, self._desk.actor
        try:
            made = protocols.to_write(clinic, self._start, plan, actor)
        except KnownError as error:
            self._page.editor.refuse(str(error))
            return
        protocols.put(clinic, made).add_done_callback(lambda done: clinic.post(lambda: self._put(done, made)))

    def _put(self, done: "Future[None]", made: protocols.Written) -> None:
        if (error := done.exception()) is not None:
            self._page.editor.refuse(sentence_of(error))
            return
        try:
            recording = protocols.tell_written(self._desk.clinic, made, self._desk.actor)
        except KnownError as error:
            self._page.editor.refuse(str(error))
            return
        self._desk.when_kept(recording.kept, lambda: self._told(made))

    def _told(self, made: protocols.Written) -> None:
        self._drop()
        self._page.edit(False)
        self._shown()
        said = f"{made.plan.name}, version {made.plan.version}, is written as {made.path.name}. "
        self._page.protocols.tell(f"{said}It is not approved yet.")
