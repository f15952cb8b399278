"""The downtime sheet, asked for on the page of a plan or an arrival: made, and saved where someone says."""

from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from kapdesk.errors import KnownError
from kapdesk.people.patient import Patient
from ui.refusal import Say
from ui.saving import ask_where
from ui.trace import sentence_of

if TYPE_CHECKING:
    from ui.desk import Desk


def offer_sheet(desk: "Desk", toml: str, patient: Patient | None, parent: QWidget, say: Say) -> None:
    """Make the sheet of a protocol and ask where it goes; a patient's name goes out only by whoever may print."""
    from kapdesk.clinic.downtime import downtime_pdf

    try:
        if patient is not None:
            desk.require("print")
        made = downtime_pdf(desk.clinic, toml, patient)
    except KnownError as error:
        say(str(error))
        return
    made.add_done_callback(lambda done: desk.clinic.post(lambda: _made(done, parent, say)))


def _made(done: "Future[bytes]", parent: QWidget, say: Say) -> None:
    if (error := done.exception()) is not None:
        say(sentence_of(error))
        return
    ask_where(parent, "Save the downtime sheet", "downtime-sheet", "pdf", lambda path: write(done.result(), path, say))


def write(sheet: bytes, path: Path, say: Say) -> None:
    """Write the sheet to a file, and say where it is."""
    from kapdesk.clinic.close import save

    try:
        save(sheet, path, "downtime sheet")
    except KnownError as error:
        say(str(error))
        return
    say(f"Saved: {path}. Print it before the session.")
