"""The page of a running session: the same parts in two layouts, and in one column beside a video call."""

from collections.abc import Callable, Sequence
from functools import partial

import msgspec
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QVBoxLayout,
    QWidget,
)

from kapdesk.facts.care import Scale
from kapdesk.record.history import Happening
from ui import theme
from ui.refusal import keep_focus
from ui.session import reading
from ui.session.bar import PatientBar
from ui.session.columns import Columns, Layout
from ui.session.doses import DoseSheet, DosesPanel
from ui.session.handing import HandingSheet
from ui.session.music_strip import Heard, MusicStrip
from ui.session.notes import NotesPanel
from ui.session.now import NowPanel
from ui.session.place import PlaceCard
from ui.session.reason import ReasonLine
from ui.session.rescue import RescueSheet
from ui.session.seen import Seen
from ui.session.vitals import VitalsPanel
from ui.widgets.strip import Action, Strip, StripView
from ui.widgets.timeline import Timeline

NARROW = 1000
"""Below this width, at scale 1, there is one column."""
ROOMY = 1500
"""Below this width, at scale 1, the list in the medical layout has no room for whole names."""
SLIM, LEAST = 556, 560
"""Smaller than this, at scale 1, a session's page does not get; it gives up its timeline before."""
MOST_ASKED = 3
"""A breach, how bad something is, and a stop signal; more at a time is not asked."""
LOW_BESIDE = 700
"""Below this height, at scale 1, one thing is asked at a time."""
LOW = 840
"""Below this height, at scale 1, the one column has no room for the trend."""


class Question(msgspec.Struct, frozen=True):
    """Something asked in place; the answer comes with `id`."""

    id: str
    view: StripView


class SessionPage(QWidget):
    """Shows a `Seen` and a `Heard`; what is done in it goes out as the signals of its parts and `answered`."""

    answered = Signal(str, str)
    keys = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAccessibleName("Session")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(theme.px(SLIM), theme.px(LEAST))
        self.bar = PatientBar()
        self.timeline = Timeline()
        self.now = NowPanel()
        self.doses = DosesPanel()
        self.dose = DoseSheet()
        self.rescue = RescueSheet()
        self.handing = HandingSheet()
        self.notes = NotesPanel()
        self.vitals = VitalsPanel()
        self.music = MusicStrip()
        self.layout_: Layout = "therapist"
        self._narrow: bool | None = None
        self._seen: Seen | None = None
        self._running = (True, True)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fit)
        self.columns = Columns(self.now, self.doses, self.notes, self.vitals, self._soon.start)
        self._asked: tuple[str, ...] = ()
        self._questions = tuple(Strip() for _ in range(MOST_ASKED))
        self._sentence = Strip()
        self.reason = ReasonLine()
        self.place = PlaceCard()
        self._lay_out()
        self._arrange(narrow=False)
        keep_focus(self)
        self.bar.layout_asked.connect(self.turn_layout)
        self.bar.place_asked.connect(self.turn_place)
        self.place.left.connect(self._soon.start)
        self.place.turned.connect(self._soon.start)
        for n, strip in enumerate(self._questions):
            strip.acted.connect(partial(self._answer, n))
        self._sentence.acted.connect(lambda _: self.say(""))
        self._listen_to_keys()
        self.notes.body.insertWidget(1, self.dose)
        self.notes.body.insertWidget(2, self.rescue)
        self.notes.body.insertWidget(3, self.handing, 1)
        for strip in self._questions[1:]:
            self.notes.body.insertWidget(self.notes.body.indexOf(self.notes.list), strip)
        self.notes.handing_asked.connect(self.start_handing)
        self.doses.asked.connect(self.start_dose)
        self.doses.rescue_asked.connect(self.start_rescue)
        self.reason.opened.connect(self._fit)
        self.now.vitals_asked.connect(self.start_vitals)
        self.now.device_asked.connect(self.start_dose)
        self.now.turned.connect(self._soon.start)
        self.now.rating_asked.connect(self.start_scale)
        editors = (
            self.reason,
            self.place,
            self.notes,
            self.vitals,
            self.dose,
            self.rescue,
            self.handing,
            self.notes.amend,
        )
        for editor in editors:
            editor.left.connect(self.rest)

    def display(self, seen: Seen) -> None:
        """Show this session as it stands now."""
        self._seen = seen
        for part in (self.now, self.bar, self.doses, self.notes, self.vitals, self.handing, self.place):
            part.display(seen)
        self.dose.know(seen)
        self.timeline.display(reading.timeline(seen))
        running = (self.doses.holding.isHidden(), self.doses.infusion.isHidden())
        if running != self._running:
            self._running = running
            self._soon.start()

    def hear(self, heard: Heard) -> None:
        """Show what is heard."""
        self.music.display(heard)

    def ask(self, questions: Sequence[Question]) -> None:
        """Ask this in place, the first across the page, those beside it over the notes; or ask no more."""
        self._asked = tuple(each.id for each in questions[:MOST_ASKED])
        for n, strip in enumerate(self._questions):
            strip.display(questions[n].view if n < len(questions) else None)
            keep_focus(strip)
        self._show_codes()
        self._fit()

    def _answer(self, n: int, answer: str) -> None:
        if n < len(self._asked):
            self.answered.emit(self._asked[n], answer)

    def say(self, sentence: str) -> None:
        """One plain sentence in place, until it is put away."""
        view = StripView(sentence, "warn", actions=(Action("", "Understood"),)) if sentence else None
        self._sentence.display(view)
        keep_focus(self._sentence)
        self._fit()

    def amend(self, one: Happening, seen: Seen, strike: bool, half: str = "") -> None:
        """Open a line for correction, in place of the codes."""
        self._make_room(self.notes.amend)
        self.notes.amend.open(one, seen, strike, half)

    def rest(self) -> None:
        """No editor has the focus: the page hears the keys."""
        self._show_codes()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def turn_layout(self) -> None:
        """The other layout."""
        self.set_layout("medical" if self.layout_ == "therapist" else "therapist")

    def set_layout(self, layout: Layout) -> None:
        """The therapist's layout, or the medical one."""
        self.layout_ = layout
        self.bar.show_layout(layout == "medical")
        self._arrange(bool(self._narrow))

    def turn_place(self) -> None:
        """Where the patient is, large; pressed again, it goes away."""
        if self.place.isHidden():
            self.place.start()
            self._soon.start()
        else:
            self.place.leave()

    def start_note(self) -> None:
        self._turn_to(0)
        self.notes.start()

    def start_vitals(self) -> None:
        self._turn_to(1)
        self.vitals.start()

    def start_scale(self, scale: Scale) -> None:
        self._turn_to(1)
        self.vitals.start_scale(scale)
        self._soon.start()

    def start_dose(self) -> None:
        self._make_room(self.dose)
        self.dose.start(self._seen)
        self._show_codes()

    def start_rescue(self) -> None:
        self._make_room(self.rescue)
        self.rescue.start(self._seen)
        self._show_codes()

    def start_handing(self) -> None:
        self._make_room(self.handing)
        self.handing.start(self._seen)
        self._show_codes()

    def event(self, event: QEvent) -> bool:
        """Space presses the button that was reached by Tab; everywhere else it is the music's.

        A part that has told late how high it is (it was shown or hidden) is fitted in once more.
        """
        if event.type() == QEvent.Type.LayoutRequest:
            self._soon.start()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            focus: QWidget | None = self.focusWidget()
            if event.key() == Qt.Key.Key_Space and isinstance(focus, QAbstractButton | QComboBox):
                event.accept()
                return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.px(NARROW)
        if narrow != self._narrow:
            self._arrange(narrow)
        if narrow:
            self.vitals.give_up_trend(self.height() < theme.px(LOW))
        self._fit()
        self._soon.start()  # once more when what was shown or hidden has told how high it is

    def _listen_to_keys(self) -> None:
        """Keys act while no editor has the focus: an editor takes letters before they get here."""
        acts: dict[str, Callable[[], object]] = {
            "N": self.start_note,
            "/": self.start_note,
            "V": self.start_vitals,
            "D": self.start_dose,
            "R": self.start_rescue,
            "E": lambda: self.keys.emit("emergency"),
            "F12": lambda: self.keys.emit("emergency"),
            "L": lambda: self.keys.emit("lost"),
            "M": lambda: self.keys.emit("mark"),
            "P": self.notes.work_asked.emit,
            "Space": lambda: self.keys.emit("music"),
            "Ctrl+Z": lambda: self.keys.emit("undo"),
            "F2": self.turn_layout,
        }
        for n in range(1, 9):
            acts[str(n)] = partial(self.notes.codes.press, str(n))
        for key, act in acts.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(act)

    def _show_codes(self) -> None:
        """The codes give way to a sheet, to much that is asked, and to the medical layout; their keys act all the same.

        What has no key (a stop signal, psychotherapy, handing over) gives way to a sheet alone.
        """
        free = self.dose.isHidden() and self.rescue.isHidden() and self.notes.amend.isHidden()
        free = free and self.handing.isHidden()
        self.notes.more.setVisible(bool(self._narrow) or free)
        if self._narrow:
            needed = self._whole.minimumSize().height()
            if self.notes.codes.isHidden():
                needed += self.notes.codes.minimumSizeHint().height() + theme.px(8)
            needed += self.columns.tabs_missing()  # without them vitals and doses are out of reach of a finger
            free = free and needed <= self.height()
        free = free and (len(self._asked) < MOST_ASKED or self.height() >= theme.px(LOW))
        shown = free and (self.layout_ == "therapist" or bool(self._narrow))
        self.notes.codes.setVisible(shown)
        self.notes.list.setVisible(self.handing.isHidden())

    def _fit(self) -> None:
        """On a low screen the timeline, and in one column the codes, the line of what is due and the tabs, give way.

        They give way to what is asked or said in place.
        """
        needed = self._middle.minimumSize().height() + self.bar.sizeHint().height() + self.music.sizeHint().height()
        if self.timeline.isHidden():
            needed += self.timeline.sizeHint().height() + self._middle.spacing()
        self.timeline.setVisible(not self._narrow and needed <= self.height())
        self._show_beside()
        self._show_due()
        if self._narrow:
            self._show_codes()
            roomy = self._whole.minimumSize().height() + self.columns.tabs_missing() <= self.height()
            self.columns.show_tabs(roomy)
            self._give_up_music()

    def _show_beside(self) -> None:
        """What is asked beside the first question stands over the list of notes, where that leaves the list room."""
        for n, strip in enumerate(self._questions[1:], start=1):
            tall = theme.px(LOW if self._narrow and n > 1 else LOW_BESIDE)
            strip.setVisible(n < len(self._asked) and self.height() >= tall)

    def _show_due(self) -> None:
        """The line of what is due: in one column where it fits, if need be without the codes; the clock says it too."""
        line, codes = self.now.due, self.notes.codes
        if not self._narrow:
            line.setVisible(line.wanted)
            return
        needed = self._whole.minimumSize().height() + self.columns.tabs_missing()
        if not codes.isHidden():
            needed -= codes.minimumSizeHint().height() + theme.px(8)
        if line.isHidden():
            needed += line.sizeHint().height() + theme.px(10)
        line.setVisible(line.wanted and needed <= self.height())

    def _give_up_music(self) -> None:
        """At home, where nothing is played from here, its line gives way at last to a lost contact or the card."""
        needed = self._whole.minimumSize().height()
        if self.music.isHidden():
            needed += self.music.sizeHint().height()
        pressing = self._asked[:1] == ("lost",) or not self.place.isHidden()
        self.music.setVisible(not (pressing and self.music.put_away) or needed <= self.height())

    def _make_room(self, sheet: QWidget) -> None:
        """One sheet takes the place of the codes, and of the sheet that was open."""
        self._turn_to(0)
        for other in (self.dose, self.rescue, self.handing, self.notes.amend, self.notes.codes):
            if other is not sheet:
                other.hide()

    def _turn_to(self, n: int) -> None:
        if self._narrow:
            self.columns.turn_to(n)

    def _lay_out(self) -> None:
        self._middle = QVBoxLayout()
        self._middle.setContentsMargins(theme.px(14), theme.px(8), theme.px(14), theme.px(10))
        self._middle.setSpacing(theme.px(10))
        self._middle.addWidget(self.timeline)
        for strip in (self._questions[0], self.place, self.reason, self._sentence):
            self._middle.addWidget(strip)
        self._middle.addWidget(self.columns.wide, 1)
        self._middle.addWidget(self.columns.slim, 1)
        self._whole = page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(0)
        page.addWidget(self.bar)
        page.addLayout(self._middle, 1)
        page.addWidget(self.music)

    def _arrange(self, narrow: bool) -> None:
        """Put the parts where this width and layout want them; each keeps what it shows and what was typed."""
        medical = self.layout_ == "medical"
        focus: QWidget | None = self.focusWidget()
        self.columns.arrange(narrow, self.layout_)
        self._narrow = narrow
        self.now.lie(narrow)
        self.bar.be_short(narrow)
        self.music.be_short(narrow)
        if not narrow:
            self.vitals.give_up_trend(False)
            self.music.show()
        self.vitals.stay_open(medical and not narrow)
        self.now.show_due(medical and not narrow)
        self.notes.be_short(medical and not narrow and self.width() < theme.px(ROOMY))
        self._show_codes()
        if focus is not None and focus.isVisible():
            focus.setFocus(Qt.FocusReason.OtherFocusReason)
