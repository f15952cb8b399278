"""Setting up a clinic: its name, its time, its paper, and the first person."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from PySide6.QtCore import QTimeZone, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from kapdesk.clinic.founding import First, Paper
from kapdesk.errors import KnownError
from ui.home.people import PersonForm
from ui.opening import Founding
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Option
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel


class SetUpPanel(Panel):
    """`wanted` carries (Founding, First) once both are complete."""

    wanted = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Set up the clinic", "home", parent=parent)
        self._name = QLineEdit()
        self._name.setPlaceholderText("Name of the clinic, as it should stand on the note")
        self._name.setAccessibleName("Name of the clinic")
        self._zone = QLineEdit(bytes(QTimeZone.systemTimeZoneId().data()).decode() or "UTC")
        self._zone.setAccessibleName("Time zone")
        self._a4, self._letter = Option("A4"), Option("Letter")
        self._a4.setChecked(True)
        self._person = PersonForm()
        self._refusal = Refusal()
        self._found = Button("Set up", "primary")
        for part in (
            self._name,
            Label("Time zone and paper of its notes", "muted"),
            self._zone,
            FlowRow(self._a4, self._letter, spacing=20),
            Label("The first person of the staff: you, the clinic’s administrator too", "muted"),
            self._person,
            self._refusal,
            self._found,
        ):
            self.body.addWidget(part)
        self._found.clicked.connect(self._say)

    def refuse(self, sentence: str) -> None:
        """Say why it was not set up."""
        self._found.setEnabled(True)
        self._refusal.say(sentence)

    def _say(self) -> None:
        name, zone = self._name.text().strip(), self._zone.text().strip()
        person = self._person.name.text().strip()
        if not name:
            self.refuse("The clinic’s name is missing. Type it as it should stand on the note.")
        elif not _known(zone):
            self.refuse(f"{zone or 'No zone'} is no time zone. Type one as Europe/Warsaw or America/Denver.")
        elif not person:
            self.refuse("Your name is missing. Type it as it should stand on the note.")
        else:
            try:
                password = self._person.new_password(name)
            except KnownError as error:
                self.refuse(str(error))
                return
            self._refusal.say("")
            self._found.setEnabled(False)
            paper: Paper = "a4" if self._a4.isChecked() else "letter"
            first = First(person, password, self._person.roles(), self._person.credentials.text().strip())
            self.wanted.emit(Founding(name, zone, paper), first)


def _known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
