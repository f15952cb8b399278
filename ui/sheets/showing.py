"""Makes a paper beside the session note off the window's thread, shows it, and saves it where someone says."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from kapdesk.clinic import sheets
from kapdesk.clinic.sheets import Taken
from kapdesk.errors import KnownError
from kapdesk.facts.people import Act
from kapdesk.note.sheet import Sheet
from ui import theme
from ui.close.pages_of import pictures
from ui.refusal import Say
from ui.saving import ask_where
from ui.sheets.page import SheetPage
from ui.sheets.stock import Stocking
from ui.trace import sentence_of

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.window import Window

Back = Callable[[], None]
SOON_MS = 500
"""After a choice the paper waits so long for the next one before it is made anew."""


WIDEST = 760
"""A page is drawn no wider than that, at scale 1: about as wide as the paper."""


class Asked(msgspec.Struct, frozen=True):
    """A paper: the name of its file, how it is made from the record, and what says there that it was taken out."""

    file: str
    make: Callable[[], Sheet]
    take_out: Callable[[], None]


class Showing(QObject):
    """The page of such a paper, at work: one paper at a time."""

    def __init__(self, desk: "Desk", window: "Window", turned: Callable[[], None]) -> None:
        super().__init__(window)
        self._desk, self._window, self._turned = desk, window, turned
        self._ask: Callable[[], Asked | None] = lambda: None
        self._back: Back = lambda: None
        self._asked: Asked | None = None
        self._pdf: bytes | None = None
        self._turn = 0
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.make)
        self.page = page = SheetPage()
        self._stocking = Stocking(desk, page.stock, self.make)
        page.chose.connect(self._chosen)
        page.wanted.connect(self.make)
        page.saved.connect(self._save_as)
        page.printed.connect(self._print)
        page.left.connect(self._leave)

    def integration(self, session: UUID, say: Say, back: Back) -> None:
        """The sheet for the patient of a visit; `say` tells why it may not be seen."""
        clinic, page = self._desk.clinic, self.page
        try:
            self._desk.require("print")
            page.quotations.display(sheets.offered(clinic, session))
        except KnownError as error:
            say(str(error))
            return

        def ask() -> Asked:
            chosen = page.quotations.chosen()
            return Asked(
                f"for-the-patient-{session}",
                lambda: sheets.integration(clinic, session, chosen),
                self._taking("integration sheet", str(session)),
            )

        said = "What the patient takes home. Nothing clinical stands on it: no doses, readings, diagnoses or events."
        page.show_for("Sheet for the patient", said, "quotations")
        self._open(ask, back)

    def observation(self, session: UUID, say: Say, back: Back) -> None:
        """The observation summary of a visit with nasal esketamine; `say` tells why it may not be seen."""
        from kapdesk.clinic import audit, summary

        clinic = self._desk.clinic
        if not self._may("print", say):
            return
        asked = Asked(
            f"observation-summary-{session}",
            lambda: summary.paper(clinic, session),
            lambda: audit.take_out(clinic, session, self._desk.actor),
        )
        said = "What the record says for it; what is missing is named, and never guessed."
        self.page.show_for("Observation summary", said)
        self._open(lambda: asked, back)

    def course(self, patient: UUID, say: Say, back: Back) -> None:
        """The overview of a course; `say` tells why it may not be seen."""
        clinic = self._desk.clinic
        if not self._may("read records", say):
            return
        asked = Asked(
            f"course-overview-{patient}",
            lambda: sheets.course(clinic, patient),
            self._taking("course overview", str(patient)),
        )
        name = clinic.patient(patient).name
        self.page.show_for(f"Course overview of {name}", "Every session, each measure by itself, and how it goes on.")
        self._open(lambda: asked, back)

    def month(self, say: Say, back: Back) -> None:
        """The page of a month; `say` tells why it may not be seen."""
        clinic, page = self._desk.clinic, self.page
        if not self._may("export", say):
            return
        this = sheets.this_month(clinic)
        page.month.begin(this, this)

        def ask() -> Asked:
            first = page.month.first
            name = first.isoformat()[:7]
            return Asked(f"month-{name}", lambda: sheets.month(clinic, first), self._taking("monthly page", name))

        said = "Sessions, adverse events, late readings, overrides, substances and open papers. It names no patient."
        page.show_for("The month", said, "month")
        self._open(ask, back)

    def substances(self, say: Say, back: Back) -> None:
        """The substances log of some days; `say` tells why it may not be seen."""
        clinic, page = self._desk.clinic, self.page
        if not self._may("export", say):
            return
        page.days.begin(sheets.this_month(clinic), clinic.today())
        self._stocking.offer()

        def ask() -> Asked | None:
            days = page.days.days()
            if days is None:
                page.preview.refuse("That is no day. Type both as year-month-day, for example 2026-11-01.")
                return None
            of = " to ".join(day.isoformat() for day in days)
            file = f"substances-{of.replace(' ', '-')}"
            return Asked(file, lambda: sheets.substances(clinic, *days), self._taking("substances log", of))

        said = "Every count with its witness, and what balances by medication and lot. It names no patient."
        page.show_for("Substances log", said, "days")
        self._open(ask, back)

    def make(self) -> None:
        """Make the paper anew from the record, off this thread, and show it."""
        from kapdesk.note.press import press_sheet

        self._soon.stop()
        self._turn += 1
        self._pdf = None
        asked = self._ask()
        if asked is None:
            return
        self._asked = asked
        turn, clinic = self._turn, self._desk.clinic
        width = min(self.page.preview.page_width(), round(theme.px(WIDEST) * self.page.devicePixelRatio()))
        self.page.preview.wait()

        def drawn(made: "Future[bytes]") -> None:
            if (error := made.exception()) is not None:
                sentence = sentence_of(error)
                clinic.post(lambda: self._refused(turn, sentence))
                return
            pdf = made.result()
            shown = pictures(pdf, width)
            clinic.post(lambda: self._made(turn, pdf, shown))

        clinic.later(lambda: press_sheet(asked.make())).add_done_callback(drawn)

    def save(self, path: Path) -> None:
        """Write the paper that is shown to a file; that it went out is on record."""
        from kapdesk.clinic.close import save

        pdf = self._taken_out()
        if pdf is None:
            return
        try:
            save(pdf, path, "sheet")
        except KnownError as error:
            self.page.preview.refuse(str(error))
            return
        self.page.preview.tell(f"Saved: {path}")

    def _print(self) -> None:
        """Print the paper that is shown; that it went out is on record."""
        from ui.printing import print_pdf

        if self._pdf is None:
            self.page.preview.refuse("The sheet is not made yet. Wait a moment, then print it.")
        elif (pdf := self._taken_out()) is not None:
            print_pdf(pdf, self.page, self.page.preview.tell, self.page.preview.refuse)

    def _taken_out(self) -> bytes | None:
        """The paper, where whoever types may take it out: then that is on record."""
        asked, desk = self._asked, self._desk
        if self._pdf is None or asked is None:
            return None
        try:
            desk.require("print")
            asked.take_out()
        except KnownError as error:
            self.page.preview.refuse(str(error))
            return None
        return self._pdf

    def _taking(self, sheet: Taken, of: str) -> Callable[[], None]:
        return lambda: sheets.take_out(self._desk.clinic, sheet, of, self._desk.actor)

    def _may(self, act: Act, say: Say) -> bool:
        try:
            self._desk.require(act)
        except KnownError as error:
            say(str(error))
            return False
        return True

    def _open(self, ask: Callable[[], Asked | None], back: Back) -> None:
        self._ask, self._back = ask, back
        self._window.turn_to(self.page)
        self._turned()
        self._chosen(0)  # once the page has its place: the paper is drawn as wide as that is

    def _chosen(self, soon_ms: int = SOON_MS) -> None:
        self._turn += 1
        self._pdf = None
        self.page.preview.wait()
        self._soon.start(soon_ms)

    def _made(self, turn: int, pdf: bytes, shown: list[QImage]) -> None:
        if turn == self._turn:
            self._pdf = pdf
            self.page.preview.display(shown)

    def _refused(self, turn: int, sentence: str) -> None:
        if turn == self._turn:
            self.page.preview.refuse(sentence)

    def _save_as(self) -> None:
        if self._pdf is None or self._asked is None:
            self.page.preview.refuse("The sheet is not made yet. Wait a moment, then save it.")
            return
        ask_where(self.page, "Save the sheet", self._asked.file, "pdf", self.save)

    def _leave(self) -> None:
        """Nothing is made any more, and nothing of it is kept."""
        self._soon.stop()
        self._turn += 1
        self._pdf = self._asked = None
        self.page.preview.display([])
        self._back()
