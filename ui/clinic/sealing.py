"""The panel of the certificate, filled from the clinic's record and kept into it; a key is made off this thread."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING

from kapdesk.clinic import seal
from kapdesk.errors import KnownError
from ui.clinic.certificate import CertificatePanel
from ui.saving import ask_where, ask_which
from ui.trace import sentence_of

if TYPE_CHECKING:
    from kapdesk.record.recorder import Recording
    from ui.desk import Desk

TAKEN = "Papers are signed under it from now on; what waited for it is made."


class Sealing:
    """What the panel shows and keeps."""

    def __init__(self, desk: "Desk", panel: CertificatePanel) -> None:
        self._desk, self._panel = desk, panel
        self._file = Path()
        panel.renewed.connect(self._renew)
        panel.choosing.connect(lambda: ask_which(panel, "The clinic’s own certificate", _KINDS, self.chosen))
        panel.brought.connect(self._bring)
        panel.saving.connect(lambda: ask_where(panel, "Save the certificate", "certificate", "pem", self.save))
        panel.stamped.connect(self._stamp)

    def show(self) -> None:
        """As it is now."""
        clinic = self._desk.clinic
        held, now_us = seal.held(clinic.state, clinic.ring), clinic.clock.now().utc_us
        if held is None:
            self._panel.display("There is none yet.", "It is made by itself soon.", True, "", clinic.state.time_stamps)
            return
        known = seal.read(held.pem)
        day = known.until.date().isoformat()
        over, soon = known.over(now_us), known.soon_over(now_us)
        words = f"It ended on {day}: no paper is signed until there is a new one." if over else f"It holds until {day}."
        if not known.compares:
            words = f"{seal.UNKNOWN}. Make a new one; papers signed from then on can be verified."
        self._panel.display(
            known.whose, words, over or soon or not known.compares, known.sha256, clinic.state.time_stamps
        )

    def chosen(self, path: Path) -> None:
        """This file; its password is asked for."""
        self._file = path
        self._panel.bring(path.name)

    def save(self, path: Path) -> None:
        """Write the certificate to a file; it holds nothing secret."""
        from kapdesk.clinic.close import save

        clinic = self._desk.clinic
        held = seal.held(clinic.state, clinic.ring)
        try:
            if held is None:
                raise KnownError("There is no certificate yet. Nothing was written.")
            save(held.pem.encode("ascii"), path, "certificate")
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        self._panel.tell(f"Saved: {path}")

    def _renew(self) -> None:
        clinic = self._desk.clinic
        name, now_us = clinic.state.name or "Clinic", clinic.clock.now().utc_us
        self._take(lambda: seal.make(name, now_us))

    def _bring(self, password: str) -> None:
        path, now_us = self._file, self._desk.clinic.clock.now().utc_us

        def opened() -> seal.Made:
            try:
                content = path.read_bytes()
            except OSError as error:
                raise KnownError(f"{path} cannot be read ({error.strerror}). Nothing was changed.") from error
            return seal.own(content, password, now_us)

        self._take(opened)

    def _take(self, made: "Callable[[], seal.Made]") -> None:
        clinic = self._desk.clinic
        try:
            self._desk.require("settings")
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        clinic.later(made).add_done_callback(lambda done: clinic.post(lambda: self._made(done)))

    def _made(self, done: "Future[seal.Made]") -> None:
        if (error := done.exception()) is not None:
            self._panel.refuse(sentence_of(error))
            return
        self._record(lambda: seal.take(self._desk.clinic, done.result(), self._desk.actor), TAKEN)

    def _stamp(self, url: str) -> None:
        said = "Signed papers get a time stamp from now on." if url else "No time stamps: no network is asked."
        self._record(lambda: seal.stamp_times(self._desk.clinic, url, self._desk.actor), said)

    def _record(self, recorded: "Callable[[], Recording]", said: str) -> None:
        try:
            self._desk.require("settings")
            recording = recorded()
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        self._desk.when_kept(recording.kept, lambda: self._kept(said))

    def _kept(self, said: str) -> None:
        self.show()
        self._panel.tell(said)


_KINDS = "Certificate with its key (*.p12 *.pfx)"
