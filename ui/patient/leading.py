"""Leads through one patient's pages: their own, their course, their course as a paper; and back."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from kapdesk.errors import KnownError
from ui.patient.knowing import Knowing

if TYPE_CHECKING:
    from ui.course.following import Following
    from ui.course.page import CoursePage
    from ui.desk import Desk
    from ui.patient.page import PatientPage
    from ui.sheets.showing import Showing
    from ui.window import Window


class Leading:
    """`turned` is called when another page is shown, `open_record` when a visit is asked for; `sheets` gives the pages
    of papers, made when one is first asked for."""

    def __init__(
        self,
        desk: "Desk",
        window: "Window",
        turned: Callable[[], None],
        open_record: Callable[[UUID], None],
        sheets: "Callable[[], Showing]",
    ) -> None:
        self._desk, self._window, self._turned = desk, window, turned
        self._open_record, self._sheets = open_record, sheets
        self.knowing = Knowing(desk, lambda: self._back(), open_record, self._course, self._overview)
        self._following: Following | None = None
        self._whose: UUID | None = None
        self._back: Callable[[], None] = turned

    def open(self, patient: UUID, back: Callable[[], None]) -> None:
        """A patient's own page, and from it back. Raises KnownError where it may not be seen."""
        self.knowing.show(patient)
        self._back = back
        self._window.turn_to(self.knowing.page)

    def shown(self) -> "PatientPage | CoursePage | None":
        """The patient's page or their course, whichever is before the window's user; None where neither is."""
        page = self._window.page()
        if self._following is not None and page is self._following.page:
            return self._following.page
        return self.knowing.page if page is self.knowing.page else None

    def _course(self, patient: UUID) -> None:
        """From a patient's page to their course."""
        if self._following is None:
            from ui.course.following import Following

            self._following = Following(self._desk, self._window, self._back_to_patient, self._open_record)
        try:
            self._following.show(patient)
        except KnownError as error:
            self.knowing.page.refuse(str(error))
            return
        self._whose = patient
        self._turned()

    def _overview(self, patient: UUID) -> None:
        """From a patient's page to their course as a paper."""

        def back() -> None:
            self._whose = patient
            self._back_to_patient()

        self._sheets().course(patient, self.knowing.page.refuse, back)

    def _back_to_patient(self) -> None:
        if self._whose is not None:
            self.knowing.show(self._whose)
            self._window.turn_to(self.knowing.page)
            self._turned()
