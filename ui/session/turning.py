"""How the therapist turns the music: softer, deeper, stay, the way home, not this. One press each, or behind one."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.label import restyle
from ui.widgets.strip import Action, StripView

NOT_THIS = "not-this"
_WORDS = {
    "soften": ("Soften", "Softer music"),
    "deepen": ("Deepen", "Deeper music"),
    "stay": ("Stay", "Stay with this piece"),
    "bring-home": ("Bring home", "Music on the way home"),
    NOT_THIS: ("Not this", "Not this piece: out within three seconds, and not played again"),
}


class TurningRow(QWidget):
    """The five beside each other; where the page is narrow, "Change …" asks for them in a strip.

    `turned` carries what was pressed: a turn of the music, or `NOT_THIS`; `asked` wants `offer()` shown.
    """

    turned = Signal(str)
    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stays = self._homeward = False
        self._buttons = {id_: Button(word, name=name) for id_, (word, name) in _WORDS.items()}
        self._change = Button("Change …", name="Change the music …")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        for id_, button in self._buttons.items():
            restyle(button, "narrow", "true")
            button.clicked.connect(partial(self._press, id_))
            row.addWidget(button)
        self._change.clicked.connect(self.asked)
        row.addWidget(self._change)
        self.be_short(False)

    def be_short(self, short: bool) -> None:
        """Behind one press, where there is no room for five."""
        for button in self._buttons.values():
            button.setVisible(not short)
        self._change.setVisible(short)

    def display(self, stays: bool, homeward: bool) -> None:
        """Whether the music stays with a piece, or is on the way home: the same press lets it go on."""
        if (stays, homeward) == (self._stays, self._homeward):
            return
        self._stays, self._homeward = stays, homeward
        for id_ in ("stay", "bring-home"):
            word, name = self._said(id_)
            self._buttons[id_].set_words(word, name)
            self._buttons[id_].set_kind("primary" if self._on(id_) else "quiet")

    def offer(self) -> StripView:
        """The five as answers of a strip."""
        actions = tuple(Action(id_, self._said(id_)[0]) for id_ in _WORDS)
        return StripView("Change the music", icon="music", actions=actions)

    def press(self, id_: str) -> None:
        """One of them was chosen in the strip."""
        self._press(id_)

    def _press(self, id_: str) -> None:
        self.turned.emit("go-on" if self._on(id_) else id_)

    def _on(self, id_: str) -> bool:
        return (id_ == "stay" and self._stays) or (id_ == "bring-home" and self._homeward)

    def _said(self, id_: str) -> tuple[str, str]:
        return ("Go on", "Let the music go on with the phases") if self._on(id_) else _WORDS[id_]
