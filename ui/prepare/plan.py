"""What a session is opened with: protocol, playlist, chair."""

from pathlib import Path
from typing import get_args

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QVBoxLayout, QWidget

from kapdesk.facts.words import Visit
from ui import theme
from ui.line import empty
from ui.widgets.buttons import Button
from ui.widgets.choice import Check, Choice, Option
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling


class Offer(msgspec.Struct, frozen=True):
    """A protocol or playlist at hand; with `trouble` it cannot be chosen, and that says why. `playlist`: the file name
    (without its ending) of the one that a protocol starts with. `notes`: what hinders some of its pieces; `unheard`:
    nobody has listened to some of them yet."""

    path: Path
    title: str
    said: str = ""
    trouble: str = ""
    playlist: str = ""
    notes: tuple[str, ...] = ()
    unheard: bool = False


class PlanPanel(Panel):
    """The choice of protocol, playlist and chair. `changed` at each change; `music_asked` wants the music's page."""

    changed = Signal()
    music_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("The plan", "calendar", parent=parent)
        inside = QWidget()
        inside.setProperty("part", "sheet")
        all_ = QVBoxLayout(inside)
        all_.setContentsMargins(0, 0, theme.px(4), 0)
        all_.setSpacing(theme.px(8))
        self.body.addWidget(Scrolling(inside), 1)
        self._groups: dict[str, QButtonGroup] = {}
        self._lists: dict[str, QVBoxLayout] = {}
        self._offers: dict[str, tuple[Offer, ...]] = {}
        self.visit = Choice(name="Kind of visit")
        for visit in get_args(Visit):
            self.visit.addItem(f"{visit.capitalize()} visit", visit)
        self.visit.setCurrentIndex(self.visit.findData("dosing"))
        self.visit.activated.connect(lambda _: self._turn())
        all_.addWidget(self.visit)
        for kind in ("Protocol", "Playlist"):
            all_.addWidget(Label(kind, "muted"))
            group, column = QButtonGroup(self), QVBoxLayout()
            column.setSpacing(theme.px(2))
            group.idClicked.connect(lambda _, kind=kind: self._clicked(kind))
            self._groups[kind], self._lists[kind] = group, column
            all_.addLayout(column)
        self._music = Button("Check the music …", icon="headphones", name="Check the music")
        self._music.clicked.connect(self.music_asked)
        all_.addWidget(FlowRow(self._music))
        all_.addWidget(Label("Chair or room", "muted"))
        self.chair = QLineEdit()
        self.chair.setPlaceholderText("For example 2")
        self.chair.setAccessibleName("Chair or room")
        self.chair.setMaxLength(24)
        all_.addWidget(self.chair)
        self.rehearsal = Check("Rehearsal: nobody is treated")
        all_.addWidget(self.rehearsal)
        all_.addStretch(1)

    def display(self, protocols: tuple[Offer, ...], playlists: tuple[Offer, ...]) -> None:
        """Offer these; the first of each that can be used is chosen already."""
        for kind, offers in (("Protocol", protocols), ("Playlist", playlists)):
            if self._offers.get(kind) != offers:
                self._offers[kind] = offers
                self._fill(kind, offers)
                self._start_with()

    def _clicked(self, kind: str) -> None:
        if kind == "Protocol":
            self._start_with()
        self.changed.emit()

    def _start_with(self) -> None:
        """The playlist that the chosen protocol names, where it is at hand; any other can be chosen after."""
        n = self._groups["Protocol"].checkedId()
        wanted = self._offers["Protocol"][n].playlist if n >= 0 else ""
        for m, offer in enumerate(self._offers.get("Playlist", ())):
            if wanted and offer.path.stem == wanted and not offer.trouble:
                self._groups["Playlist"].button(m).setChecked(True)

    def _turn(self) -> None:
        """Only a dosing visit goes by a protocol."""
        dosing = self.visit.currentData() == "dosing"
        for n, button in enumerate(self._groups["Protocol"].buttons()):
            button.setEnabled(dosing and not self._offers["Protocol"][n].trouble)
        self.changed.emit()

    def chosen(self) -> tuple[Path | None, Path | None]:
        """The protocol's file, None for a visit without a dose, and the playlist's."""
        dosing = self.visit.currentData() == "dosing"
        return self._choice("Protocol") if dosing else None, self._choice("Playlist")

    def _choice(self, kind: str) -> Path | None:
        n = self._groups[kind].checkedId()
        return self._offers[kind][n].path if n >= 0 else None

    def _fill(self, kind: str, offers: tuple[Offer, ...]) -> None:
        group, column = self._groups[kind], self._lists[kind]
        for button in group.buttons():
            group.removeButton(button)
        empty(column)
        for n, offer in enumerate(offers):
            option = Option(f"{offer.title}  ·  {offer.said}".rstrip(" ·") if offer.said else offer.title)
            option.setAccessibleName(f"{kind} {offer.title}")
            option.setMinimumWidth(theme.px(160))  # a long one is cut rather than all the rest pushed out of sight
            option.setEnabled(not offer.trouble)
            group.addButton(option, n)
            column.addWidget(option)
            if offer.trouble:
                column.addWidget(Label(offer.trouble, "alarm", wrap=True))
            for note in offer.notes:
                said = Label(note, "accent", wrap=True)
                said.setContentsMargins(theme.px(34), 0, 0, 0)
                column.addWidget(said)
        first = next((n for n, offer in enumerate(offers) if not offer.trouble), None)
        if first is not None:
            group.button(first).setChecked(True)
        else:
            column.addWidget(Label(f"No {kind.lower()} can be used.", "alarm", wrap=True))
