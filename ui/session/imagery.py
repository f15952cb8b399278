"""Guided imagery at the foot of a session: choosing a piece, and its words large, to be read aloud."""

from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.music.guide import Reading
from kapdesk.music.imagery import Imagery
from kapdesk.music.library.library import Library
from ui import theme, words
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import ElidedLabel, Label
from ui.widgets.strip import Action, Strip, StripView


class ImageryChoice(msgspec.Struct, frozen=True):
    """A piece at hand; `voice` tells whether a recording of it is there, and whose; `caution` what to know of it."""

    piece: Imagery
    voice: str = ""
    caution: str = ""

    @property
    def title(self) -> str:
        """The piece's title."""
        return self.piece.title


UNHEARD = "Its recording was not checked yet and is heard softly: drop the file on the piece to have it checked."


def choices(pieces: list[Imagery], library: Library | None = None) -> tuple[ImageryChoice, ...]:
    """Pieces, each with whose voice there is of it."""
    return tuple(ImageryChoice(piece, _voice(piece), _caution(piece, library)) for piece in pieces)


def _caution(piece: Imagery, library: Library | None) -> str:
    path = piece.voice_path()
    if library is None or piece.voice is None or piece.voice.sample or path is None:
        return ""
    verdict = library.verdict(path)
    return UNHEARD if verdict.state == "unheard" else verdict.said


def _voice(piece: Imagery) -> str:
    path = piece.voice_path()
    if piece.voice is None or path is None or not path.is_file():
        return ""
    return "sample voice" if piece.voice.sample else "recorded voice"


class ImagerySheet(QFrame):
    """The pieces; the one pressed says what to be careful about before it begins. Low: the clock above keeps its place.

    `chosen` carries a piece and whether its recording is to be heard; `dropped` a piece and the recording that someone
    dropped on it.
    """

    chosen = Signal(object, bool)
    dropped = Signal(object, Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Guided imagery")
        self._shown: tuple[ImageryChoice, ...] = ()
        self._asked: ImageryChoice | None = None
        self._rows: list[_PieceButton] = []
        self._flow = FlowRow(spacing=theme.px(6))
        self._strip = Strip()
        self._strip.acted.connect(self._answer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._flow)
        column.addWidget(self._strip)
        self.hide()

    def display(self, choices: tuple[ImageryChoice, ...]) -> None:
        """The pieces at hand."""
        if choices == self._shown:
            return
        for button in self._rows:
            self._flow.drop(button)
        self._shown, self._rows = choices, []
        for choice in choices:
            button = _PieceButton(choice)
            button.clicked.connect(partial(self._ask, choice))
            button.dropped.connect(self.dropped)
            self._flow.add(button)
            self._rows.append(button)

    def turn(self) -> None:
        """Show the pieces, or put them away."""
        self._strip.display(None)
        self._flow.show()
        self.setVisible(self.isHidden())

    def say(self, sentence: str) -> None:
        """What became of a recording."""
        self._asked = None
        self._strip.display(StripView(sentence, icon="imagery", actions=(Action("", "Understood"),)))

    def _ask(self, choice: ImageryChoice) -> None:
        self._asked = choice
        said = " ".join(filter(None, (f"{choice.title}.", *choice.piece.cautions, choice.caution)))
        voice = (Action("voice", choice.voice.capitalize()),) if choice.voice else ()
        self._flow.hide()
        actions = (Action("aloud", "Read aloud", primary=True), *voice, Action("", "Back"))
        self._strip.display(StripView(said, icon="imagery", actions=actions))

    def _answer(self, id_: str) -> None:
        asked, self._asked = self._asked, None
        self._strip.display(None)
        self._flow.show()
        if asked is not None and id_:
            self.hide()
            self.chosen.emit(asked.piece, id_ == "voice")


class _PieceButton(Button):
    dropped = Signal(object, Path)

    def __init__(self, choice: ImageryChoice) -> None:
        piece = self._piece = choice.piece
        super().__init__(words.join(piece.title, f"{round(piece.length_s / 60)} min", piece.phase, piece.language))
        self.setToolTip("A recording dropped here is this piece’s voice")
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _file(event) is not None:
            event.acceptProposedAction()
            self.set_kind("primary")

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.set_kind("quiet")

    def dropEvent(self, event: QDropEvent) -> None:
        self.set_kind("quiet")
        if (path := _file(event)) is not None:
            event.acceptProposedAction()
            self.dropped.emit(self._piece, path)


def _file(event: QDropEvent) -> Path | None:
    files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
    return Path(files[0]) if len(files) == 1 else None


class AloudSheet(QWidget):
    """The words of a piece under way: what to say now, large, and what comes next, when. `halted`, `left`: pressed.

    Low all the same: the clock above, and what is due below it, keep their places.
    """

    halted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = ElidedLabel("", "muted")
        self._cue = Label("", "value", wrap=True)
        self._cue.setAccessibleName("To be read aloud")
        self._next = Label("", "muted", wrap=True)
        self._halt = Button("Pause", icon="pause", name="Pause imagery")
        leave = Button("Leave gently", icon="close", name="Leave imagery gently")
        self._halt.clicked.connect(self.halted)
        leave.clicked.connect(self.left)
        column, buttons = QVBoxLayout(), QVBoxLayout()
        column.setSpacing(theme.px(2))
        buttons.setSpacing(theme.px(6))
        for part in (self._title, self._cue, self._next):
            column.addWidget(part)
        for button in (self._halt, leave):
            buttons.addWidget(button)
        buttons.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, theme.px(6))
        row.setSpacing(theme.px(12))
        row.addLayout(column, 1)
        row.addLayout(buttons)
        self.hide()

    @property
    def cue(self) -> str:
        """The words shown now."""
        return self._cue.text()

    def display(self, reading: Reading | None) -> None:
        """What to say now; gone without a piece."""
        self.setVisible(reading is not None)
        if reading is None:
            return
        how = "recorded voice" if reading.voice else "read this aloud"
        left = f"{(reading.left_s + 59) // 60} min left"
        self._title.setText(words.join(reading.title, "paused" if reading.halted else how, left))
        self._cue.setText(reading.words or "…")
        soon = f"In {reading.next_in_s} s: {reading.next_words}" if reading.next_in_s is not None else ""
        self._next.setText("" if reading.halted else soon)
        self._next.setVisible(bool(self._next.text()))
        self._halt.set_words(
            "Go on" if reading.halted else "Pause", f"{'Go on with' if reading.halted else 'Pause'} imagery"
        )
        self._halt.set_icon("play" if reading.halted else "pause")
