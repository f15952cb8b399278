"""Who of the staff is here, by name; and adding someone new."""

from typing import get_args

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from kapdesk.facts.people import Role
from ui import theme
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Check
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel

ROLES: tuple[Role, ...] = get_args(Role)


class Person(msgspec.Struct, frozen=True):
    """Someone of the staff: here or not, and whether they are the one at the desk."""

    id: str
    name: str
    roles: tuple[Role, ...]
    credentials: str = ""
    here: bool = False
    writing: bool = False


class PersonForm(QWidget):
    """Name, credentials and roles of someone new."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit()
        self.name.setPlaceholderText("Name, as it should stand on the note")
        self.name.setAccessibleName("Name")
        self.credentials = QLineEdit()
        self.credentials.setPlaceholderText("Credentials, as RN or LMFT")
        self.credentials.setAccessibleName("Credentials")
        self._roles = {role: Check(role.capitalize()) for role in ROLES if role != "records"}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(self.name)
        column.addWidget(self.credentials)
        column.addWidget(FlowRow(*self._roles.values(), spacing=theme.px(14)))

    def roles(self) -> tuple[Role, ...]:
        """The roles chosen."""
        return tuple(role for role, check in self._roles.items() if check.isChecked())

    def clear(self) -> None:
        """Empty, for the next one."""
        self.name.clear()
        self.credentials.clear()
        for check in self._roles.values():
            check.setChecked(False)


class PeoplePanel(Panel):
    """`turned` carries a person's id and whether they are here now; `added` name, roles and credentials."""

    turned = Signal(str, bool)
    added = Signal(str, object, str)

    def __init__(self, title: str = "Who is here", parent: QWidget | None = None) -> None:
        super().__init__(title, "people", parent=parent)
        self._people: tuple[Person, ...] | None = None
        self._names = QVBoxLayout()
        self._names.setSpacing(theme.px(6))
        self._add = Button("Someone else", icon="plus", name="Add someone to the staff")
        self._form = PersonForm()
        self._refusal = Refusal()
        self._save = Button("Add", "primary", name="Add this person")
        self._leave = Button("Leave")
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(8))
        sheet.addWidget(self._form)
        sheet.addWidget(self._refusal)
        sheet.addWidget(FlowRow(self._save, self._leave))
        self._sheet.hide()
        self.body.addLayout(self._names)
        self.body.addWidget(self._add)
        self.body.addWidget(self._sheet)
        self._add.clicked.connect(self._open)
        self._leave.clicked.connect(self._shut)
        self._save.clicked.connect(self._say)
        self._form.name.returnPressed.connect(self._say)
        self._form.credentials.returnPressed.connect(self._say)

    def display(self, people: tuple[Person, ...]) -> None:
        """Show the staff."""
        if people == self._people:
            return
        added = self._people is not None and len(people) > len(self._people)
        self._people = people
        while (item := self._names.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for person in people:
            self._names.addWidget(self._button(person))
        if not people:
            self._names.addWidget(Label("Nobody yet. Add yourself first.", "muted"))
        if added:
            self._form.clear()
            self._shut()

    def refuse(self, sentence: str) -> None:
        """Say why someone was not added."""
        self._refusal.say(sentence)

    def _button(self, person: Person) -> Button:
        roles = ", ".join(person.roles)
        said = person.name + (f", {person.credentials}" if person.credentials else "")
        button = Button(said, icon="check" if person.here else "person")
        button.setCheckable(True)
        button.setChecked(person.here)
        button.setAccessibleName(f"{said}, {roles}, {'here' if person.here else 'not here'}")
        button.setToolTip(roles)
        button.clicked.connect(lambda here: self.turned.emit(person.id, here))
        return button

    def _open(self) -> None:
        self._sheet.show()
        self._add.hide()
        self._form.name.setFocus()

    def _shut(self) -> None:
        self._refusal.say("")
        self._sheet.hide()
        self._add.show()

    def _say(self) -> None:
        self._refusal.say("")
        self.added.emit(self._form.name.text(), self._form.roles(), self._form.credentials.text())
