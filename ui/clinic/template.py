"""How the clinic's notes are laid out: the parts of the first page, in their order, with their headings."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapdesk.clinical.template import ALWAYS, BEHIND, LONGEST, PARTS, laid_out
from kapdesk.facts.clinic import NotePart
from ui import theme
from ui.line import across, empty
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.choice import Check
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.line_edit import line_edit
from ui.widgets.panel import Panel

MEANS = (
    "A note from above, page by page. What is left out stays in the record, and the note’s last page names it. "
    "Notes that are signed keep the layout they were signed with."
)
_NAMES = {part.part: part.heading for part in (*PARTS, *BEHIND)}
_HEADS = {0: "The first page", len(PARTS): "Behind it"}
"""What stands above the rows from here on."""


class TemplatePanel(Panel):
    """`kept` carries the parts as they are to be from now on; until then nothing is changed."""

    kept = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("The note", "paper", parent=parent)
        self._parts: list[NotePart] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.px(6))
        back = Button("The default", name="Back to the default note; nothing is kept yet")
        keep = Button("Keep this note", "primary")
        self._refusal, self._told = Refusal(), Refusal("muted")
        self.body.addLayout(self._rows)
        self.body.addWidget(FlowRow(back, keep))
        self.body.addWidget(Label(MEANS, "muted", wrap=True))
        self.body.addWidget(self._refusal)
        self.body.addWidget(self._told)
        back.clicked.connect(lambda: self._fill((*PARTS, *BEHIND)))
        keep.clicked.connect(lambda: self.kept.emit(tuple(self._parts)))

    def display(self, template: Sequence[NotePart]) -> None:
        """The note as it is laid out now."""
        self._fill((*laid_out(template), *laid_out(template, BEHIND)))
        self._refusal.say("")
        self._told.say("")

    def tell(self, sentence: str) -> None:
        """What was done."""
        self._refusal.say("")
        self._told.say(sentence)

    def refuse(self, sentence: str) -> None:
        """Why it was not kept; what was typed stays."""
        self._told.say("")
        self._refusal.say(sentence)

    def _fill(self, parts: Sequence[NotePart]) -> None:
        empty(self._rows)
        self._parts = list(parts)
        for n, part in enumerate(parts):
            if n in _HEADS:
                self._rows.addWidget(Label(_HEADS[n], "muted"))
            name = _NAMES[part.part]
            heading, shown = line_edit(f"Heading of “{name}”"), Check("shown")
            heading.setMaxLength(2 * LONGEST)
            heading.setText(part.heading)
            shown.setAccessibleName(f"“{name}” is shown")
            shown.setChecked(part.shown)
            shown.setEnabled(part.part not in ALWAYS)
            up = Button("", icon="up", name=f"Move “{name}” up")
            up.setEnabled(n not in _HEADS)
            up.setProperty("narrow", True)
            up.setFixedWidth(theme.px(theme.TARGET))
            heading.textChanged.connect(partial(self._head, n))
            shown.toggled.connect(partial(self._show, n))
            up.clicked.connect(partial(self._raise, n))
            self._rows.addWidget(across(heading, shown, up))

    def _head(self, n: int, text: str) -> None:
        part = self._parts[n]
        self._parts[n] = NotePart(part.part, " ".join(text.split()), part.shown)

    def _show(self, n: int, shown: bool) -> None:
        part = self._parts[n]
        self._parts[n] = NotePart(part.part, part.heading, shown)

    def _raise(self, n: int) -> None:
        parts = self._parts
        parts[n - 1], parts[n] = parts[n], parts[n - 1]
        self._fill(parts)
