"""Vitals: the newest readings, their course, and the pad for the next one."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from kapdesk.clinical.vitals import doubts
from kapdesk.facts.care import Scale
from kapdesk.facts.session import Reader, VitalsTaken
from kapdesk.session.at_home import located
from ui import theme
from ui.refusal import Refusal
from ui.session import reading
from ui.session.scale import ScaleLine
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.panel import Panel
from ui.widgets.tile import TileRow
from ui.widgets.trend import Trend
from ui.widgets.vitals_pad import VitalsPad

ROOMY = 560
"""From this height on, at scale 1, the trend stays in sight while the pad is open."""


TALL = 700
"""From this height on, at scale 1, the line for ratings is always there; else a button opens it."""


class VitalsPanel(Panel):
    """`entered` carries (VitalsTaken, when), `not_taken` the reason. The pad stands open, or opens when it is called.

    What was typed stays until `taken`.
    """

    entered = Signal(object, object)
    not_taken = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Vitals", "vitals", parent=parent)
        self._seen: Seen | None = None
        self._trend_of: tuple[object, ...] = ()
        self._scales = True
        self._stays = self._short = self._scale_wanted = False
        self.tiles = TileRow()
        self.trend = Trend()
        self.pad = VitalsPad(doubts)
        self._refusal = Refusal()
        self._open = Button("Vitals", icon="plus", key="V", name="Enter vitals")
        self._sheet = QWidget()
        sheet = QVBoxLayout(self._sheet)
        sheet.setContentsMargins(0, 0, 0, 0)
        sheet.setSpacing(theme.px(6))
        self.scale = ScaleLine()
        self._rate = Button("Scale …", "bare", name="Rate on a scale")
        self.pad.details.add(self._rate)
        sheet.addWidget(self.pad)
        sheet.addWidget(self.scale)
        sheet.addWidget(self._refusal)
        self._sheet.hide()
        self.body.addWidget(self.tiles)
        self.body.addWidget(self.trend, 1)
        self.body.addWidget(self._sheet)
        self.body.addWidget(self._open)
        self._room = QWidget()  # takes the room of the trend, so that the rest stays at the top
        self._room.hide()
        self.body.addWidget(self._room, 1)
        self._open.clicked.connect(self.start)
        self.pad.entered.connect(self.entered)
        self.pad.not_taken.connect(self.not_taken)
        self.pad.left.connect(self._leave)
        self.scale.refused.connect(self.refuse)
        self._rate.clicked.connect(self.start_scale)

    def stay_open(self, stays: bool) -> None:
        """Keep the pad open all the time, where there is room for it."""
        self._stays = stays
        self._sheet.setVisible(stays)
        self._open.setVisible(not stays)
        self._arrange()

    def give_up_trend(self, short: bool) -> None:
        """Where the page is too low for it, the trend gives way."""
        self._short = short
        self._arrange()

    def display(self, seen: Seen) -> None:
        """Show the readings of this session."""
        self.set_title(f"Vitals for {seen.whose}")
        every = seen.protocol.vitals_every_min if seen.protocol else 0
        self.set_remark(f"every {every} min" if every else "")
        self.tiles.display(reading.tiles(seen))
        quarter = seen.now_us // 15_000_000
        of = (id(seen.session), seen.spans, quarter)
        if of != self._trend_of:
            self._trend_of = of
            self.trend.display(reading.trend(seen))
        self.scale.display(seen)
        taken = seen.session.history.standing(VitalsTaken)
        self.pad.remember(taken[-1].fact if taken else None, reader(seen))
        self._seen = seen

    def start(self) -> None:
        """Open the pad, the cursor in its first empty box."""
        self._sheet.show()
        self._open.hide()
        self._arrange()
        self.pad.start()

    def leave_out_scales(self) -> None:
        """Nothing is rated here."""
        self._scales = False
        self._arrange()

    def start_scale(self, scale: Scale | None = None) -> None:
        """Open the line for a rating, on this scale or the one chosen last."""
        self._scale_wanted = True
        self._sheet.show()
        self._open.hide()
        self._arrange()
        self.scale.start(scale)

    def rated(self) -> None:
        """The rating is on its way to the disk."""
        self.scale.taken()
        self._scale_wanted = False
        self._refusal.say("")
        self._leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def taken(self) -> None:
        """The reading is on its way to the disk."""
        self.pad.clear()
        self._refusal.say("")
        self._leave()

    def refuse(self, sentence: str) -> None:
        """Say why it was not recorded; what was typed stays."""
        self._sheet.show()
        self._refusal.say(sentence)

    def ask(self, sentence: str) -> None:
        """Ask about the reading before it is recorded; what was typed stays."""
        self._sheet.show()
        self._refusal.say("")
        self.pad.ask(sentence)

    def _arrange(self) -> None:
        tall = self.height() > theme.px(TALL)
        needed = tall if self._scale_wanted else self._stays or self.height() > theme.px(ROOMY)
        roomy = self._sheet.isHidden() or needed
        self.trend.setVisible(roomy and not self._short)
        self._room.setVisible(not roomy or self._short)
        self.scale.setVisible(self._scales and (tall or self._scale_wanted))
        self._rate.setVisible(self._scales and not tall)

    def _leave(self) -> None:
        if not self._stays:
            self._sheet.hide()
            self._open.show()
            self._arrange()
        self.left.emit()


def reader(seen: Seen) -> Reader:
    """Who reads the figures where nobody says otherwise: at home the companion, or the patient who is alone."""
    if seen.protocol is None or seen.protocol.setting != "home":
        return ""
    there = located(seen.session)
    return "companion" if there is not None and there.companion.strip() else "patient"
