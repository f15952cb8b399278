"""The music page: playlists at the left, the pieces of one at the right; folders, files and lists are dropped on it."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from kapdesk.music.library.lists import STREAMED
from ui import theme, words
from ui.line import LineButton, Part, empty
from ui.music.pieces import PieceList
from ui.music.showing import SIGNS, WORDS, ListLine, MusicView, summary
from ui.refusal import Refusal
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.frame import framed
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling

HINT = "Or drop folders, files and lists (M3U, M3U8, XSPF, PLS) here: a new playlist is made of them."
NO_LIST = "Choose a playlist at the left, or make one of your own music. Files are read, never changed."
NO_FILE = "What was dropped is no file on this computer. Copy it here first, then drop it again."
_MOST_LEFT_OUT = 6
NARROW = 900
"""Below this width, at scale 1, the pieces stand below the playlists."""


class MusicPage(QWidget):
    """`chosen` carries a playlist; `asked` what to add ("folder", "files"), and whether to the chosen one; `dropped`
    paths, links and the same; `listened` wants the chosen list heard, `stopped` no more; `phased` a number, a phase and
    whether it is on, `kinded` a number, a kind and the same, `weighed` a number and how full it is; `out` a number;
    `left` goes back."""

    chosen = Signal(object)
    asked = Signal(str, bool)
    dropped = Signal(object, object, bool)
    listened = Signal()
    stopped = Signal()
    phased = Signal(int, str, bool)
    kinded = Signal(int, str, bool)
    weighed = Signal(int, int)
    out = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Music")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAcceptDrops(True)
        self._view = MusicView()
        self._listed: tuple[object, ...] = ()
        self._lists = QVBoxLayout()
        self._lists.setSpacing(theme.px(6))
        self._folder = Button("Add a folder …", icon="plus", name="Make a playlist of a folder")
        self._files = Button("Add files or a list …", icon="plus", name="Make a playlist of files or a list")
        self._more = Button("Add to this playlist …", icon="plus", name="Add files or a list to this playlist")
        self._listen = Button("Check all pieces", "primary", "headphones")
        self._stop = Button("Cancel", icon="close", name="Cancel the check")
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("How much has been checked")
        self._hearing, self._said = Label("", "muted", wrap=True), Label(NO_LIST, "muted", wrap=True)
        self._left_out = Label("", "muted", wrap=True)
        self._refusal = Refusal()
        self.pieces = PieceList()
        self._of_list = Panel("Pieces", "music")
        self._lay_out()
        self._folder.clicked.connect(lambda: self.asked.emit("folder", False))
        self._files.clicked.connect(lambda: self.asked.emit("files", False))
        self._more.clicked.connect(lambda: self.asked.emit("files", True))
        self._listen.clicked.connect(self.listened)
        self._stop.clicked.connect(self.stopped)
        self.pieces.phased.connect(self.phased)
        self.pieces.kinded.connect(self.kinded)
        self.pieces.weighed.connect(self.weighed)
        self.pieces.out.connect(self.out)
        self.display(MusicView())

    def display(self, view: MusicView) -> None:
        """Show the music as it stands."""
        self._view = view
        self._list(view)
        looked_at, working = view.looked_at, view.hearing is not None
        own = looked_at is not None and looked_at.own
        self._of_list.set_title(looked_at.title if looked_at is not None else "Pieces")
        self._of_list.set_remark(looked_at.said if looked_at is not None else "")
        for part in (self._bar, self._hearing, self._stop):
            part.setVisible(working)
        self._bar.setValue(round(view.share * 1000))
        self._hearing.setText(f"Checking: {view.hearing}" if view.hearing else "Looking through what was chosen …")
        unheard = any(piece.state == "unheard" for piece in view.pieces)
        self._listen.setVisible(looked_at is not None and unheard and not working)
        self._more.setVisible(own and not working)
        for part in (self._folder, self._files):
            part.setEnabled(not working)
        state = f"{summary(piece.state for piece in view.pieces).capitalize()}." if view.pieces else ""
        trouble = looked_at.trouble if looked_at is not None else NO_LIST
        self._said.setText(view.said or trouble or state)
        lines = [f"Left out: {said}: {why}" for said, why in view.left_out[:_MOST_LEFT_OUT]]
        if len(view.left_out) > _MOST_LEFT_OUT:
            lines.append(f"And {len(view.left_out) - _MOST_LEFT_OUT:,} more were left out.")
        self._left_out.setText("\n".join(lines))
        self._left_out.setVisible(bool(lines))
        self.pieces.display(view.chosen, view.pieces, own)

    def refuse(self, sentence: str) -> None:
        """One plain sentence in place."""
        self._refusal.say(sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two columns beside each other, or where that is too narrow one below the other."""
        super().resizeEvent(event)
        narrow = self.width() < theme.px(NARROW)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if way != self._columns.direction():
            self._columns.setDirection(way)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self._view.hearing is None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())
        links = tuple(url.toString() for url in event.mimeData().urls() if not url.isLocalFile())
        if not paths:
            self.refuse(STREAMED if links else NO_FILE)
            return
        event.acceptProposedAction()
        looked_at = self._view.looked_at
        on_pieces = self._of_list.geometry().contains(event.position().toPoint())
        self.dropped.emit(paths, links, on_pieces and looked_at is not None and looked_at.own)

    def _list(self, view: MusicView) -> None:
        listed = (view.lists, view.chosen)
        if listed == self._listed:
            return
        self._listed = listed
        empty(self._lists)
        for each in view.lists:
            self._lists.addWidget(self._line(each, each.path == view.chosen))
        self._lists.addStretch(1)

    def _line(self, each: ListLine, chosen: bool) -> Button:
        sign, tone = ("strike", "alarm") if each.trouble else SIGNS[each.state]
        said = "Cannot be read" if each.trouble else WORDS[each.state]
        name = words.join(each.title, said, each.said)
        button = LineButton(
            (Part(each.title, "head", stretch=5), Part(said, "muted", stretch=3)), sign, tone, name=name
        )
        button.setCheckable(True)
        button.setChecked(chosen)
        button.clicked.connect(partial(self.chosen.emit, each.path))
        return button

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setProperty("part", "sheet")
        inside.setLayout(self._lists)
        self._lists.setContentsMargins(0, 0, theme.px(4), 0)
        lists = Panel("Playlists", "records")
        lists.body.addWidget(Scrolling(inside), 1)
        lists.body.addWidget(FlowRow(self._folder, self._files))
        lists.body.addWidget(Label(HINT, "muted", wrap=True))
        going = QHBoxLayout()
        going.setSpacing(theme.px(10))
        going.addWidget(self._bar, 1)
        going.addWidget(self._stop)
        body = self._of_list.body
        for part in (self._said, self._left_out, self._hearing):
            body.addWidget(part)
        body.addLayout(going)
        body.addWidget(self.pieces, 1)
        answers = QHBoxLayout()
        answers.setSpacing(theme.px(8))
        answers.addWidget(self._listen)
        answers.addWidget(self._more)
        answers.addStretch(1)
        body.addLayout(answers)
        body.addWidget(self._refusal)
        columns = self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        columns.setSpacing(theme.px(12))
        columns.addWidget(lists, 3)
        columns.addWidget(self._of_list, 5)
        back = Button("Back", icon="back")
        back.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.addWidget(back)
        foot.addStretch(1)
        page = framed(self)
        page.addWidget(Label("Music", "title"))
        page.addLayout(columns, 1)
        page.addLayout(foot)
