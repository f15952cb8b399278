"""Whom a session is for and how it is planned, up to opening it."""

from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.facts.words import Visit
from kapdesk.people.patient import Patient
from kapdesk.store import letters
from ui import theme, words
from ui.line import LineButton, Part, empty
from ui.prepare.plan import Offer, PlanPanel
from ui.prepare.registration import Registration
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.frame import framed, stack
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling

MOST_SHOWN = 30
NARROW = 760
"""Below this width, at scale 1, the plan stands below the patient, and not while someone is registered."""


class Wish(msgspec.Struct, frozen=True):
    """The session that someone wants to open; without a protocol where no dose is given."""

    patient: UUID
    protocol: Path | None
    playlist: Path
    chair: str
    rehearsal: bool = False
    visit: Visit = "dosing"


class PreparePage(QWidget):
    """`registered` carries a new patient, `opened` a `Wish`, `asked` a patient whose own page is wanted,
    `sheet_asked` a protocol and whom its downtime sheet is for, None for a blank one; `music_asked` the
    music's page; `left` goes back."""

    registered = Signal(object)
    asked = Signal(object)
    opened = Signal(object)
    sheet_asked = Signal(object, object)
    music_asked = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Begin a session")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(theme.px(540), theme.px(400))
        self._patients: tuple[Patient, ...] = ()
        self._patient: UUID | None = None
        self._listed: tuple[object, ...] = ()
        self._search = QLineEdit()
        self._search.setPlaceholderText("Name, record number or birth date")
        self._search.setAccessibleName("Look for a patient")
        self._search.textChanged.connect(lambda _: self._list())
        self._new = Button("Someone new", icon="plus", name="Register a new patient")
        self._theirs = Button("Their page", icon="person", name="The page of the chosen patient")
        self._names = QVBoxLayout()
        self._names.setSpacing(theme.px(6))
        self.registration = Registration()
        self.registration.hide()
        self.plan = PlanPanel()
        self._refusal = Refusal()
        self._open = Button("Open the session", "primary", "begin")
        self._sheet = Button("Print a downtime sheet", icon="note")
        leave = Button("Back", icon="back")
        self._patient_panel = Panel("The patient", "person")
        self._lay_out(leave)
        self._new.clicked.connect(self._register)
        self._theirs.clicked.connect(lambda: self.asked.emit(self._patient))
        self.registration.wanted.connect(self.registered)
        self.registration.known.connect(self.choose)
        self.registration.left.connect(self._registered_or_left)
        self._open.clicked.connect(self._say)
        self._sheet.clicked.connect(self._say_sheet)
        self.plan.music_asked.connect(self.music_asked)
        leave.clicked.connect(self.left)

    def display(
        self, patients: Iterable[Patient], protocols: tuple[Offer, ...] = (), playlists: tuple[Offer, ...] = ()
    ) -> None:
        """Offer these patients and plans."""
        self._patients = tuple(sorted(patients, key=lambda each: each.name.casefold()))
        if protocols or playlists:
            self.plan.display(protocols, playlists)
        self._list()

    def choose(self, patient: UUID) -> None:
        """This patient."""
        self._search.clear()
        self._patient = patient
        self._refusal.say("")
        self._registered_or_left()
        self._list()

    def begin(self) -> None:
        """Fresh, for the next session."""
        self._patient = None
        self._search.clear()
        self.registration.clear()
        self._registered_or_left()
        self._refusal.say("")
        self._search.setFocus()

    def refuse(self, sentence: str) -> None:
        """Say why the session was not opened."""
        self._refusal.say(sentence)

    def _say(self) -> None:
        protocol, playlist = self.plan.chosen()
        if self._patient is None:
            self.refuse("Choose the patient first, or register someone new.")
        elif playlist is None or (protocol is None and self.plan.visit.currentData() == "dosing"):
            self.refuse("A session needs a protocol and a playlist that can be read.")
        else:
            self._refusal.say("")
            self.opened.emit(
                Wish(
                    self._patient,
                    protocol,
                    playlist,
                    self.plan.chair.text().strip(),
                    self.plan.rehearsal.isChecked(),
                    self.plan.visit.currentData(),
                )
            )

    def _say_sheet(self) -> None:
        protocol, _ = self.plan.chosen()
        if protocol is None:
            self.refuse("A downtime sheet is of a protocol. Choose one that can be read, for a dosing visit.")
        else:
            self.refuse("")
            self.sheet_asked.emit(protocol, self._patient)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Patient and plan stand beside each other where there is room."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        below = self.width() < theme.px(NARROW)
        stack(self._columns, below)
        self.plan.setVisible(not below or self.registration.isHidden())

    def _register(self) -> None:
        self.registration.show()
        self._place()
        self._list_area.hide()
        self._new.hide()
        self._theirs.hide()
        self._search.hide()
        self.registration.start(self._patients, self._search.text().strip())

    def _registered_or_left(self) -> None:
        self.registration.hide()
        for part in (self._list_area, self._new, self._search):
            part.show()
        self._place()

    def _list(self) -> None:
        typed = self._search.text()
        found = [each for each in self._patients if _fits(each, typed)]
        if self._patient not in [each.id for each in found]:
            self._patient = None  # who is out of sight is not chosen
        chosen = next((each.called for each in found if each.id == self._patient), "")
        self._open.set_words(f"Open the session for {chosen}" if chosen else "Open the session")
        self._theirs.setVisible(self._patient is not None and self.registration.isHidden())
        if self._patient is not None:
            found.sort(key=lambda each: each.id != self._patient)
        shown = found[:MOST_SHOWN]
        listed = (tuple((each.id, each.registered) for each in shown), self._patient, len(found))
        if listed == self._listed:
            return
        self._listed = listed
        empty(self._names)
        for each in shown:
            self._names.addWidget(self._button(each))
        if not found:
            said = "Nobody by that name." if typed.strip() else "No patient is registered yet."
            self._names.addWidget(Label(said, "muted"))
        if len(found) > MOST_SHOWN:
            self._names.addWidget(Label(f"{len(found) - MOST_SHOWN} more; type more of the name.", "muted"))
        self._names.addStretch(1)

    def _button(self, patient: Patient) -> Button:
        known = patient.registered
        name = patient.name + (f"  “{known.preferred_name}”" if known and known.preferred_name else "")
        said = words.join(f"born {known.born_on}" if known else "", known.record_number if known else "")
        chosen = patient.id == self._patient
        sign, tone = ("check", "accent") if chosen else ("person", "muted")
        button = LineButton((Part(name, "head", -1), Part(said, "muted")), sign, tone)
        button.setCheckable(True)
        button.setChecked(chosen)
        button.clicked.connect(lambda: self.choose(patient.id))
        return button

    def _lay_out(self, leave: Button) -> None:
        inside = QWidget()
        inside.setProperty("part", "sheet")
        inside.setLayout(self._names)
        self._names.setContentsMargins(0, 0, theme.px(4), 0)
        self._list_area = Scrolling(inside)
        body = self._patient_panel.body
        body.addWidget(self._search)
        body.addWidget(self._list_area, 1)
        body.addWidget(self.registration, 1)
        foot = QHBoxLayout()
        foot.setSpacing(theme.px(8))
        foot.addWidget(self._new, 1)
        foot.addWidget(self._theirs, 1)
        body.addLayout(foot)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(theme.px(12))
        self._columns.addWidget(self._patient_panel, 1)
        self._columns.addWidget(self.plan, 1)
        said = QVBoxLayout()
        said.addWidget(self._refusal)
        answers = QHBoxLayout()
        answers.setSpacing(theme.px(12))
        answers.addWidget(leave)
        answers.addLayout(said, 1)
        answers.addWidget(self._sheet)
        answers.addWidget(self._open)
        page = framed(self)
        page.addWidget(Label("Begin a session", "title"))
        page.addLayout(self._columns, 1)
        page.addLayout(answers)


def _fits(patient: Patient, typed: str) -> bool:
    if patient.registered is None:
        return False
    records = [each.registered for each in patient.records if each.registered is not None]
    known = (f"{each.name} {each.preferred_name} {each.record_number} {each.born_on}" for each in records)
    return letters.holds(typed, " ".join(known))
