"""The music at the foot of a session: what is heard, in and out softly, its volume, and imagery to read aloud."""

from pathlib import Path

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from kapdesk.music.guide import Reading
from kapdesk.music.now import NowPlaying
from ui import theme, words
from ui.session import outlet
from ui.session.imagery import AloudSheet, ImageryChoice, ImagerySheet
from ui.session.turning import TurningRow
from ui.widgets.buttons import Button
from ui.widgets.label import ElidedLabel, Label, Sign, restyle
from ui.widgets.strip import Strip

_ANY_WIDTH = 16_777_215


class Heard(msgspec.Struct, frozen=True):
    """What the strip shows. `ours`: whether the music plays for this session; `owner` for whom else, if anyone.

    `elsewhere` is what KapDesk does not play, `since` the time of day it was said. `home`: the patient is at home.
    `others` sound where the patient hears, and nobody has heeded that yet; `back`: it is heard again.
    """

    now: NowPlaying
    volume: int
    ours: bool
    owner: str = ""
    playlist: str = ""
    reading: Reading | None = None
    choices: tuple[ImageryChoice, ...] = ()
    elsewhere: str = ""
    since: str = ""
    home: bool = False
    others: tuple[str, ...] = ()
    back: str = ""

    @property
    def plays_here(self) -> bool:
        """Whether this desk's own music is heard in this session."""
        return self.now.available and self.ours and not self.now.silenced


class MusicStrip(QFrame):
    """`turned` asks for silence or for the music back; `taken` for the music to come to this session; `changed` carries
    how the music is to go on (`TurningRow`).

    `elsewhere_asked` wants to say what is played elsewhere. At home that comes first, and the desk's own player is put
    behind "Play here".
    """

    turned = Signal()
    changed = Signal(str)
    taken = Signal()
    elsewhere_asked = Signal()
    volume_set = Signal(int)
    output_chosen = Signal(str)
    others_heeded = Signal()
    imagery_started = Signal(object, bool)
    imagery_halted = Signal()
    imagery_stopped = Signal()
    recording_dropped = Signal(object, Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "foot")
        self.setAccessibleName("Music")
        self._shown: Heard | None = None
        self._short = False
        self._title = ElidedLabel("", "head")
        self._said = ElidedLabel("", "muted")
        self._turn = Button("Bring in", icon="bring-back", key="Space")
        self._take = Button("Music to this session", icon="music")
        self._elsewhere = Button("Elsewhere …", name="Music played elsewhere …")
        self._here = Button("Play here …")
        self._brought = False
        self._imagery = Button("Imagery", icon="imagery", name="Guided imagery")
        self._volume = QSlider(Qt.Orientation.Horizontal)
        self._volume.setRange(0, 100)
        self._volume.setPageStep(5)
        self._volume.setAccessibleName("Volume in percent")
        self._volume.setFixedWidth(theme.px(130))
        self._speaker = Button("", icon="volume", name="Where the music is heard …")
        restyle(self._speaker, "narrow", "true")
        self._speaker.setMaximumWidth(theme.px(48))
        self._percent = Label("", "muted")
        self._percent.setFixedWidth(theme.px(40))
        self.aloud = AloudSheet()
        self.pieces = ImagerySheet()
        self._turning = TurningRow()
        self._offer = Strip()
        self._gone, self._told = Strip(), Strip()
        self._asks_where = False
        self.refused = Strip()
        self._lay_out()
        self._turn.clicked.connect(self.turned)
        self._take.clicked.connect(self.taken)
        self._elsewhere.clicked.connect(self.elsewhere_asked)
        self._here.clicked.connect(self._bring_player)
        self._imagery.clicked.connect(self._offer_imagery)
        self.aloud.halted.connect(self.imagery_halted)
        self.aloud.left.connect(self.imagery_stopped)
        self.pieces.chosen.connect(self.imagery_started)
        self.pieces.dropped.connect(self.recording_dropped)
        self._volume.valueChanged.connect(self._slid)
        self._offer.acted.connect(self._chose)
        self._gone.acted.connect(self.output_chosen)
        self._told.acted.connect(self.others_heeded)
        self._speaker.clicked.connect(self._offer_outputs)
        self._turning.turned.connect(self.changed)
        self._turning.asked.connect(self._offer_turns)

    def display(self, heard: Heard) -> None:
        """Show what is heard."""
        if heard == self._shown:
            return
        self._shown = heard
        now = heard.now
        away = self.put_away
        usable = now.available and heard.ours and not away
        self._title.setText(self._headline(heard))
        self._said.setText(self._remark(heard))
        back = "Bring in" if now.silent_since_us is None else "Bring back"
        out = "Out" if self._short else "Music out"
        self._turn.set_words(back if now.silenced else out, back if now.silenced else "Music out")
        self._turn.set_icon("bring-back" if now.silenced else "silence")
        self._turn.setVisible(usable)
        self._take.setVisible(now.available and not heard.ours and not away)
        self._here.setVisible(away)
        self._turning.setVisible(usable and not now.silenced)
        self._turning.display(now.stays, now.homeward)
        self._name_elsewhere()
        self._name_imagery()
        self._imagery.setVisible(heard.ours and heard.reading is None and bool(heard.choices) and not away)
        for part in (self._volume, self._percent):
            part.setVisible(usable)
        self._speaker.setVisible(usable and bool(now.outputs) and not self._short)
        self._volume.setMaximum(now.ceiling)
        self._percent.setText(f"{heard.volume} %")
        if not self._volume.isSliderDown():
            self._volume.blockSignals(True)
            self._volume.setValue(heard.volume)
            self._volume.blockSignals(False)
        self._gone.display(outlet.gone(now) if usable else None)
        self._told.display(outlet.told(now, heard.others, heard.back) if usable else None)
        self.pieces.display(heard.choices)
        self.aloud.display(heard.reading if heard.ours else None)
        if heard.reading is not None or not heard.ours:
            self.pieces.hide()

    @property
    def put_away(self) -> bool:
        """Whether the desk's own player stands behind "Play here": at home, until someone wants it or it plays."""
        heard = self._shown
        return heard is not None and heard.home and not (self._brought or heard.plays_here or heard.reading)

    def _bring_player(self) -> None:
        """The desk's own player after all."""
        self._brought, heard, self._shown = True, self._shown, None
        if heard is not None:
            self.display(heard)
        (self._turn if not self._turn.isHidden() else self._take).setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_elsewhere(self) -> None:
        """Said whole where it is what is offered first; a sign beside the five turns and where the page is narrow.

        There, while music plays here, the title needs the room more.
        """
        self._elsewhere.setVisible(not self._short or self._turning.isHidden())
        name = "Music played elsewhere …"
        signs = self._signs_only
        whole = name if self.put_away and not self._short else "Elsewhere …"
        self._elsewhere.set_words("" if signs else whole, name)
        for button in (self._elsewhere, self._imagery):
            restyle(button, "narrow", "true" if signs else "")
            button.setMaximumWidth(theme.px(48) if signs else _ANY_WIDTH)
        self._elsewhere.set_icon("forward" if signs else "")
        self._elsewhere.set_kind("primary" if self.put_away and not self._heard_elsewhere() else "quiet")

    def _name_imagery(self) -> None:
        self._imagery.set_words("" if self._signs_only else "Imagery", "Guided imagery")

    @property
    def _signs_only(self) -> bool:
        """Whether the rarer buttons show their signs alone: where it is narrow, and beside the five turns."""
        return (self._short or not self._turning.isHidden()) and not self.put_away

    def _heard_elsewhere(self) -> str:
        return self._shown.elsewhere if self._shown is not None else ""

    def be_short(self, short: bool) -> None:
        """Where the page is narrow the title has the room, not the words on buttons."""
        self._short = short
        self._turning.be_short(short)
        heard, self._shown = self._shown, None
        if heard is not None:
            self.display(heard)
        self._volume.setFixedWidth(theme.px(84 if short else 130))
        self._percent.setFixedWidth(0 if short else theme.px(40))

    def _headline(self, heard: Heard) -> str:
        if heard.elsewhere and not heard.plays_here:
            return heard.elsewhere
        if self.put_away:
            return "No music on record"
        if not heard.ours:
            return f"The music plays for {heard.owner}" if heard.owner else "No music"
        return heard.now.title or (heard.playlist or "No music")

    def _remark(self, heard: Heard) -> str:
        now = heard.now
        if heard.elsewhere:
            what = heard.elsewhere if heard.plays_here else ""
            said = words.join("Played elsewhere", what, f"since {heard.since}")
            return words.join(now.phase, said) if heard.plays_here else said
        if self.put_away:
            return "What they hear is typed; the phases go on."
        if now.message and not (now.lost and heard.ours):  # that stands above
            return now.message
        if not heard.ours:
            return "One session at a time has the music."
        if now.silenced:
            return "Not playing yet" if now.silent_since_us is None else "Silent"
        place = f"{_place(now.position_ms)} of {_place(now.length_ms)}" if now.length_ms else ""
        if now.lost:
            return words.join("Waiting", place)
        return words.join(now.phase, place, f"to {now.sink}" if now.sink else "")

    def _offer_outputs(self) -> None:
        """What the music can be heard on, or away with it."""
        heard = self._shown
        if heard is not None:
            self._offer.display(outlet.choice(heard.now) if self._offer.isHidden() else None)
            self._asks_where = True

    def _offer_turns(self) -> None:
        """The five answers, or away with them."""
        self._asks_where = False
        self._offer.display(self._turning.offer() if self._offer.isHidden() else None)

    def _offer_imagery(self) -> None:
        """The pieces, or away with them."""
        self.pieces.turn()

    def _chose(self, id_: str) -> None:
        self._offer.display(None)
        if not self._asks_where:
            self._turning.press(id_)
        elif id_:
            self.output_chosen.emit(id_)

    def _slid(self, percent: int) -> None:
        self._percent.setText(f"{percent} %")
        self.volume_set.emit(percent)

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(self._title)
        names.addWidget(self._said)
        row = QHBoxLayout()
        row.setSpacing(theme.px(10))
        row.addWidget(Sign("music", "teal", 22))
        row.addLayout(names, 1)
        row.addWidget(self._turning)
        row.addWidget(self._imagery)
        row.addWidget(self._speaker)
        row.addWidget(self._volume)
        row.addWidget(self._percent)
        row.addWidget(self._take)
        row.addWidget(self._here)
        row.addWidget(self._elsewhere)
        row.addWidget(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), theme.px(8), theme.px(12), theme.px(8))
        column.setSpacing(theme.px(6))
        column.addWidget(self._gone)
        column.addWidget(self._told)
        column.addWidget(self._offer)
        column.addWidget(self.refused)
        column.addWidget(self.pieces)
        column.addWidget(self.aloud)
        column.addLayout(row)


def _place(ms: int) -> str:
    return f"{ms // 60_000}:{ms // 1000 % 60:02d}"
