"""Brings the audit to its page, and out as a table."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kapdesk.clinic.audit import entries
from kapdesk.clock import local
from kapdesk.errors import KnownError

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.records.audit import AuditPage


class Auditing:
    """What the page shows and saves; `left` goes back from it."""

    def __init__(self, desk: "Desk", left: Callable[[], None]) -> None:
        self._desk = desk
        self._page: AuditPage | None = None
        self._left = left

    @property
    def page(self) -> "AuditPage":
        """Made when it is first needed."""
        if self._page is None:
            from ui.records.audit import AuditPage

            self._page = AuditPage()
            self._page.saved.connect(self._ask)
            self._page.left.connect(self._left)
        return self._page

    def show(self) -> None:
        """Read it anew. Raises KnownError where whoever types may not."""
        clinic = self._desk.clinic
        self._desk.require("audit")
        rows = [
            (local(each.at_us, clinic.state.zone).isoformat(" ", "minutes"), each.by, each.what)
            for each in entries(clinic)
        ]
        self.page.display(tuple(reversed(rows)))

    def _ask(self) -> None:
        from ui.saving import ask_where

        ask_where(self.page, "Save the table", "who-did-what", "csv", self.save)

    def save(self, path: Path) -> None:
        """Write what is shown to a file."""
        from kapdesk.clinic.close import save
        from kapdesk.exchange import csv

        table = csv.table(("When", "Who", "What"), self.page.shown())
        try:
            save(csv.encoded(table, bom=True), path, "table")
        except KnownError as error:
            self.page.refuse(str(error))
            return
        self.page.tell(f"Saved: {path}")
