"""Prints a PDF as it is by the system's own printing: as vectors, on its default printer, with no file left behind.

Where there is no printer the system's viewer shows it, from a file of its owner's alone that does not stay.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QProcess, QTimer, QUrl
from PySide6.QtGui import QDesktopServices

from kapdesk import paths

COMMAND = "lp"
TITLE = "KapDesk"
"""In the queue of a printer that others share: nobody's name."""
MISSING = "This computer offers no printing here. Save the PDF and print it from there; nothing was sent."
NO_PRINTER = "no default destination"
"""So says CUPS where no printer is set up, or none is the usual one."""
SHOWN = "No printer is set up here. The paper is open in the system’s viewer: print it there, within ten minutes."
SHOWN_MS = 10 * 60_000
_PREFIX = "print-"


def print_pdf(pdf: bytes, parent: QObject, say: Callable[[str], None], refuse: Callable[[str], None]) -> None:
    """Hand a PDF to the printing system, off this thread; `say` tells that it took it, `refuse` why it did not."""
    command = shutil.which(COMMAND)
    if command is None:
        _show(pdf, parent, say, refuse)
        return
    job = QProcess(parent)

    def over(code: int, status: QProcess.ExitStatus) -> None:
        if code == 0 and status == QProcess.ExitStatus.NormalExit:
            say("Sent to the printer.")
        else:
            told = bytes(job.readAllStandardError().data())
            if NO_PRINTER in told.decode("utf-8", "replace").casefold():
                _show(pdf, parent, say, refuse)
            else:
                refuse(_why(told))
        job.deleteLater()

    def failed(error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:  # all others end in `finished`
            refuse(_why(b""))
            job.deleteLater()

    job.finished.connect(over)
    job.errorOccurred.connect(failed)
    job.start(command, ["-t", TITLE, "-"])
    job.write(pdf)
    job.closeWriteChannel()


def _show(pdf: bytes, parent: QObject, say: Callable[[str], None], refuse: Callable[[str], None]) -> None:
    """In the system's viewer, for a while; what a program that was killed left behind goes first."""
    try:
        folder = paths.runtime()
        for left in folder.glob(f"{_PREFIX}*.pdf"):
            left.unlink(missing_ok=True)
        handle, path = tempfile.mkstemp(".pdf", _PREFIX, folder)  # its owner's alone
        with os.fdopen(handle, "wb") as file:
            file.write(pdf)
    except OSError:
        refuse(MISSING)
        return

    def remove() -> None:
        with contextlib.suppress(OSError):
            os.unlink(path)

    if not QDesktopServices.openUrl(QUrl.fromLocalFile(path)):
        remove()
        refuse(MISSING)
        return
    QTimer.singleShot(SHOWN_MS, parent, remove)
    app = QCoreApplication.instance()
    if app is not None:
        app.aboutToQuit.connect(remove)
    say(SHOWN)


def _why(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    why = lines[0].removeprefix(f"{COMMAND}: ").removeprefix("Error - ").rstrip(".") if lines else "no answer"
    return f"The printer did not take it ({why}). Save the PDF and print it from there."
