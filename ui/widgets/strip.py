"""A quiet strip in the page that says one thing and offers up to five answers; it never covers or stops anything."""

from functools import partial
from typing import Literal

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QWidget

from ui import theme
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.frame import stack
from ui.widgets.label import Label, Sign, restyle

Tone = Literal["quiet", "warn", "breach"]
_SIGNS: dict[Tone, tuple[str, str]] = {
    "quiet": ("event", "muted"),
    "warn": ("warning", "accent"),
    "breach": ("warning", "alarm"),
}
MOST_ACTIONS = 5


class Action(msgspec.Struct, frozen=True):
    """An answer the strip offers: `id` is what `acted` carries, `primary` the one most often right."""

    id: str
    label: str
    primary: bool = False
    key: str = ""


class StripView(msgspec.Struct, frozen=True):
    """What a strip says, in whole sentences, and the answers to it."""

    words: str
    tone: Tone = "quiet"
    icon: str = ""
    actions: tuple[Action, ...] = ()
    large: bool = False
    """To be read across the room, or while dialling."""


class Strip(QFrame):
    """Shows a `StripView`, or nothing at all. Answers stand beside the words, or below them where room is short.

    A strip shown again with the same answers keeps its buttons, so the focus and a press under way survive a redraw.
    """

    acted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "strip")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._actions: tuple[Action, ...] = ()
        self._buttons: list[Button] = []
        self._laid_out = False
        self._sign = Sign("event")
        self._words = Label(wrap=True)
        self._words.setMinimumWidth(theme.px(200))
        said = QHBoxLayout()
        said.setSpacing(theme.px(10))
        said.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignVCenter)
        said.addWidget(self._words, 1)
        self._answers = FlowRow(spacing=theme.px(8))
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(theme.px(12), theme.px(6), theme.px(8), theme.px(6))
        self._box.setSpacing(theme.px(10))
        self._box.addLayout(said, 1)
        self._box.addWidget(self._answers, 0)
        self.hide()

    def display(self, view: StripView | None) -> None:
        """Say this, or be gone. Raises ValueError for more than five answers."""
        if view is None:
            self.hide()
            return
        if len(view.actions) > MOST_ACTIONS:
            raise ValueError(f"a strip offers at most {MOST_ACTIONS} answers, not {len(view.actions)}")
        sign, tone = _SIGNS[view.tone]
        restyle(self, "tone", view.tone)
        self._sign.set_sign(view.icon or sign, tone)
        self._words.set_role("title" if view.large else "body")
        self._words.setText(view.words)
        self.setAccessibleName(view.words)
        if view.actions != self._actions:
            self._offer(view.actions)
        self.show()
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._laid_out = True
        self._arrange()

    def _offer(self, actions: tuple[Action, ...]) -> None:
        for button in self._buttons:
            self._answers.drop(button)
        self._actions, self._buttons = actions, []
        for action in actions:
            button = Button(action.label, "primary" if action.primary else "quiet", key=action.key)
            button.clicked.connect(partial(self.acted.emit, action.id))
            self._answers.add(button)
            self._buttons.append(button)
        self._answers.setVisible(bool(actions))

    def _arrange(self) -> None:
        """Beside each other when words and answers both get a fair line, else one below the other."""
        if not self._laid_out:
            return  # its width is not yet its own, and a height claimed for it would stretch the window
        answers = self._answers.line_width()
        beside = self.width() - answers - theme.px(60) >= theme.px(280)
        self._answers.setMinimumWidth(answers if beside else 0)
        stack(self._box, not beside)
        self.setFixedHeight(self._needs(beside, answers))

    def _needs(self, beside: bool, answers: int) -> int:
        """The height at this width; told to the page outright, because a column grants what wraps only one line."""
        edges, gap = self._box.contentsMargins(), self._box.spacing()
        inner = self.width() - edges.left() - edges.right()
        words = self._words.heightForWidth(inner - theme.px(32) - (answers + gap if beside else 0))
        buttons = self._answers.height_for(answers if beside else inner) if self._actions else 0
        both = max(words, buttons) if beside or not buttons else words + gap + buttons
        return max(both, theme.px(28)) + edges.top() + edges.bottom() + 2
