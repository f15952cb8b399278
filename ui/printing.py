"""Prints a PDF as it is by the system's own printing: as vectors, on its default printer, with no file left behind."""

import shutil
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess

COMMAND = "lp"
TITLE = "KapDesk"
"""In the queue of a printer that others share: nobody's name."""
MISSING = "This computer offers no printing here. Save the PDF and print it from there; nothing was sent."


def print_pdf(pdf: bytes, parent: QObject, say: Callable[[str], None], refuse: Callable[[str], None]) -> None:
    """Hand a PDF to the printing system, off this thread; `say` tells that it took it, `refuse` why it did not."""
    command = shutil.which(COMMAND)
    if command is None:
        refuse(MISSING)
        return
    job = QProcess(parent)

    def over(code: int, status: QProcess.ExitStatus) -> None:
        if code == 0 and status == QProcess.ExitStatus.NormalExit:
            say("Sent to the printer.")
        else:
            refuse(_why(bytes(job.readAllStandardError().data())))
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


def _why(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    why = lines[0].removeprefix(f"{COMMAND}: ").removeprefix("Error - ").rstrip(".") if lines else "no answer"
    return f"The printer did not take it ({why}). Save the PDF and print it from there."
