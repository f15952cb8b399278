"""Who of the staff is here, by name; and adding someone new."""

from typing import TYPE_CHECKING, get_args

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from kapdesk.errors import KnownError
from kapdesk.facts.people import Role
from ui import theme
from ui.line import LineButton, Part, empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Check
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.label import Role as Role_
from ui.widgets.panel import Panel
from ui.widgets.secret import NewSecret

if TYPE_CHECKING:
    from kapdesk.access.accounts import NewPassword

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
    """Name, credentials, roles and first password of someone new."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit()
        self.name.setPlaceholderText("Name, as it should stand on the note")
        self.name.setAccessibleName("Name")
        self.credentials = QLineEdit()
        self.credentials.setPlaceholderText("Credentials, for example RN or LMFT")
        self.credentials.setAccessibleName("Credentials")
        self.password = NewSecret()
        self._roles = {role: Check(role.capitalize()) for role in ROLES}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(self.name)
        column.addWidget(self.credentials)
        column.addWidget(FlowRow(*self._roles.values(), spacing=theme.px(14)))
        column.addWidget(self.password)

    def roles(self) -> tuple[Role, ...]:
        """The roles chosen."""
        return tuple(role for role, check in self._roles.items() if check.isChecked())

    def new_password(self, *known: str) -> "NewPassword":
        """Raises KnownError where it is typed differently twice, or easy to guess; `known` is what one would try."""
        from kapdesk.access.accounts import chosen

        return chosen(self.password.text(), self.name.text(), *known)

    def clear(self) -> None:
        """Empty, for the next one."""
        self.password.clear()
        self.name.clear()
        self.credentials.clear()
        for check in self._roles.values():
            check.setChecked(False)


class PeoplePanel(Panel):
    """`turned` carries a person's id and whether they are here now; `added` name, roles, credentials and password.

    Someone without a password can be in the room, but not sign in.
    """

    turned = Signal(str, bool)
    added = Signal(str, object, str, object)

    def __init__(self, title: str = "Who is here", parent: QWidget | None = None) -> None:
        super().__init__(title, "people", parent=parent)
        self._people: tuple[Person, ...] | None = None
        self._names = QVBoxLayout()
        self._names.setSpacing(theme.px(6))
        self._add = Button("Someone else", icon="plus", name="Add someone to the staff")
        self._form = PersonForm()
        self._refusal = Refusal()
        self._save = Button("Add", "primary", name="Add this person")
        self._leave = Button("Put away", name="Put the form away")
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
        empty(self._names)
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
        name = f"{said}, {roles}, {'here' if person.here else 'not here'}"
        sign, tone = ("check", "accent") if person.here else ("person", "muted")
        role: Role_ = "head" if person.here else "body"
        right = "writing" if person.writing else roles
        button = LineButton((Part(said, role, -1), Part(right, "muted")), sign, tone, name=name)
        button.setCheckable(True)
        button.setChecked(person.here)
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
        try:
            password = self._form.new_password() if self._form.password.typed() else None
        except KnownError as error:
            self._refusal.say(str(error))
            return
        self.added.emit(self._form.name.text(), self._form.roles(), self._form.credentials.text(), password)
