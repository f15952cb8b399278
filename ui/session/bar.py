"""Whose session it is, always in sight: name, birth date, weight, chair, allergies, who is writing, what lasts."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from kapdesk.clinical import asked
from kapdesk.facts.session import WeightMeasured
from kapdesk.people.patient import NONE_KNOWN
from kapdesk.session.at_home import located, lost
from kapdesk.session.before import refused
from kapdesk.session.handing import offered, on_watch
from ui import theme, words
from ui.refusal import keep_focus
from ui.session.identity import Identity
from ui.session.lasting import on_words, touch_words
from ui.session.saying import weight
from ui.session.seen import Seen
from ui.session.times import day
from ui.spot import Spot
from ui.widgets.buttons import Button
from ui.widgets.label import ElidedLabel, Label, Role
from ui.widgets.strip import Action, Strip, StripView

SHORT = 1_100
"""Below so many pixels at scale 1 a bar with buttons of its page's own says less."""

_LETTERS: tuple[tuple[Role, theme.Size], ...] = (("title", "title"), ("head", "body"))
"""A patient's name is shown in, the larger ones where they fit."""


class PatientBar(QFrame):
    """Who is writing is asked in place: `by_chosen`, or `people_asked` for someone who is not in the room yet.

    `layout_asked` wants the other layout, `close_asked` the page for closing.
    """

    by_chosen = Signal(str)
    people_asked = Signal()
    layout_asked = Signal()
    close_asked = Signal()
    emergency = Signal()
    contact_lost = Signal()
    place_asked = Signal()

    def __init__(self, layouts: bool = True, closes: str = "Close session", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "bar")
        self.setAccessibleName("Patient")
        self._name = ElidedLabel("", "title")
        self._name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._spot = Spot()
        self._said = Identity()
        self._rehearsal = Label("Rehearsal", "accent")
        self._allergy, self._refused = Label("", "alarm"), Label("", "accent")
        self._by = Button("", icon="edit")
        self.layout_ = Button("Medical", icon="vitals", key="F2")
        self._layouts, self._closes, self._short = layouts, closes, False
        self._close = Button(closes, icon="end")
        self._emergency = Button("Emergency", "danger", key="E")
        self._seen: Seen | None = None
        self._writers = Strip()
        self._own: list[tuple[Button, str, str]] = []
        self._on = ElidedLabel("", "accent")
        self._on.setAccessibleName("What lasts now")
        self._on.hide()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(16), theme.px(8), theme.px(12), theme.px(8))
        column.setSpacing(theme.px(8))
        self.row = row = QHBoxLayout()
        row.setSpacing(theme.px(12))
        column.addLayout(row)
        self._home = QWidget()
        home = QHBoxLayout(self._home)
        home.setContentsMargins(0, 0, 0, 0)
        home.setSpacing(theme.px(12))
        self._there = ElidedLabel("", "muted")
        self._there.setAccessibleName("Where the patient is")
        self._lost = Button("Contact lost", "danger", key="L")
        self._card = Button("Where they are", name="Where they are, large")
        self._beside = beside = QVBoxLayout()  # what is not to be overlooked stands here too, where room is short
        beside.setSpacing(0)
        beside.addWidget(self._there)
        home.addLayout(beside, 1)
        home.addWidget(self._card)
        home.addWidget(self._lost)
        self._heed = Label("", "alarm", wrap=True)
        self._heed.setAccessibleName("Not to be overlooked")
        self._heed.hide()
        column.addWidget(self._heed)
        column.addWidget(self._home)
        column.addWidget(self._on)
        column.addWidget(self._writers)
        row.addWidget(self._spot)
        row.addWidget(self._name)
        row.addWidget(self._said, 1)
        row.addWidget(self._rehearsal)
        heed = QVBoxLayout()
        heed.setSpacing(0)
        heed.addWidget(self._allergy)
        heed.addWidget(self._refused)
        row.addLayout(heed)
        row.addWidget(self._by)
        row.addWidget(self._emergency)
        row.addWidget(self.layout_)
        row.addWidget(self._close)
        # Only now, with a parent: a part without one would be shown as a window of its own.
        self.layout_.setVisible(layouts)
        self._emergency.setVisible(layouts)
        self._close.setVisible(bool(closes))
        self._by.clicked.connect(self.ask_writer)
        self._writers.acted.connect(self._chose)
        self.layout_.clicked.connect(self.layout_asked)
        self._close.clicked.connect(self.close_asked)
        self._emergency.clicked.connect(self.emergency)
        self._lost.clicked.connect(self.contact_lost)
        self._card.clicked.connect(self.place_asked)
        self._home.hide()

    def add(self, button: Button, name: str = "") -> None:
        """A page's own button behind the others; where room is short its sign alone stands there."""
        self._own.append((button, button.text(), name or button.text()))
        self.row.addWidget(button)

    def display(self, seen: Seen) -> None:
        """Show this patient."""
        self._seen = seen
        known = seen.patient.registered
        self._show_name(seen.patient.called)
        self._spot.display(known.colour if known else "", seen.patient.called)
        allergy = allergies(known.allergies if known else "")
        no = refusals(seen)
        self._said.display(*(("", "") if self._short else identity(seen)))
        # where room is short it has a line of its own, which wraps: an allergy is never cut
        self._heed.setText(words.join(allergy, no))
        self._heed.set_role("muted" if known and known.allergies == NONE_KNOWN and not no else "alarm")
        self._heed.setVisible(self._short)
        at_home = seen.protocol is not None and seen.protocol.setting == "home"
        gone = lost(seen.session) is not None
        self._place_heed(at_home and self._short and not (gone and self._layouts))
        self._refused.setText("" if self._short else no)
        self._refused.setVisible(bool(no) and not self._short)
        rehearsal = bool(seen.session.opened and seen.session.opened.rehearsal)
        self._rehearsal.setVisible(rehearsal and not self._short)  # in the short bar the allergy has the room
        self._allergy.setText("" if self._short else allergy)
        self._allergy.set_role("muted" if known and known.allergies == NONE_KNOWN else "alarm")
        self._emergency.setVisible(self._layouts and seen.session.live)
        emergency = "Handover sheet" if seen.session.in_emergency else "Emergency"
        self._emergency.set_words("" if self._short else emergency, emergency)
        self._emergency.set_icon("warning" if self._short else "")
        by = seen.name_of(seen.by) if seen.by else "choose"
        self._by.set_words(short(by) if self._short else f"By: {by}", f"By: {by}")
        self._by.set_icon("" if self._short else "edit")
        closes = self._closes if seen.session.live else "To the note"
        self._close.set_words("" if self._short else closes, closes)
        self._by.set_kind("quiet" if seen.by else "primary")
        # where room is short the strip below says all of it, larger
        self._home.setVisible(at_home and not (gone and self._short and self._layouts))
        if at_home:
            self._there.setText(whereabouts(seen))
            self._lost.setVisible(self._layouts and seen.session.live and not gone)
            self._card.setVisible(self._layouts)
            self._card.set_words("Where" if self._short else "Where they are", "Where they are, large")
        watch = on_watch(seen.session) if seen.session.live else ""
        waiting = offered(seen.session) if seen.session.live else None
        on = words.join(
            touch_words(seen),
            on_words(seen),
            f"Watch: {seen.name_of(watch)}" if watch else "",
            f"handed to {seen.name_of(waiting.fact.to)}, not taken over yet" if waiting else "",
        )
        self._on.setText(on)
        self._on.setVisible(bool(on))

    def _show_name(self, name: str) -> None:
        """In smaller letters before any of it is cut."""
        room, wide = theme.px(240 if self._short else 360), 0
        for role, size in _LETTERS:
            wide = round(QFontMetricsF(theme.font(size, "semibold")).horizontalAdvance(name)) + 4
            self._name.set_role(role)
            if wide <= room:
                break
        self._name.setFixedWidth(min(wide, room))
        self._name.setText(name)

    def _place_heed(self, beside: bool) -> None:
        """Over where they are, beside its buttons, or on a line of its own."""
        if beside != (self._beside.indexOf(self._heed) >= 0):
            if beside:
                self._beside.insertWidget(0, self._heed)
            else:
                self._column.insertWidget(1, self._heed)

    def ask_writer(self) -> None:
        """Ask in place who is writing; asked again, it goes away."""
        if self._seen is None or not self._writers.isHidden():
            self._writers.display(None)
            return
        here = self._seen.session.present()
        actions = [Action(person.person, person.name, person.person == self._seen.by) for person in here[:4]]
        actions.append(Action("", "Who is here"))
        said = "Who is writing?" if here else f"Nobody of the staff is {self._seen.staffed}."
        self._writers.display(StripView(said, icon="edit", actions=tuple(actions)))
        keep_focus(self._writers)

    def _chose(self, person: str) -> None:
        self._writers.display(None)
        if person:
            self.by_chosen.emit(person)
        else:
            self.people_asked.emit()

    def be_short(self, short: bool) -> None:
        """Where the page is narrow: the name, what must not be overlooked, and who is writing."""
        self._short = short
        self.layout_.setVisible(self._layouts and not short)
        for button, said, name in self._own:
            button.set_words("" if short else said, name)
        self.row.setSpacing(theme.px(8 if short else 12))
        above = theme.px(5 if short else 8)
        self._column.setContentsMargins(theme.px(16), above, theme.px(12), above)
        self._column.setSpacing(theme.px(6 if short else 8))
        if self._seen is not None:
            self.display(self._seen)

    def show_layout(self, medical: bool) -> None:
        """Name the layout the key goes to."""
        self.layout_.set_words("Therapist" if medical else "Medical")
        self.layout_.set_icon("note" if medical else "vitals")


def _weight(measured: WeightMeasured, seen: Seen) -> str:
    """The weight; with its date where that was another day."""
    said = weight(measured)
    return said.split(" on ")[0] if measured.measured_on == day(seen.now_us, seen.zone) else said


def allergies(text: str) -> str:
    """What is said of allergies: nothing typed is not the same as none known."""
    if text == NONE_KNOWN:
        return "No known allergies"
    return f"Allergy: {text}" if text else "Allergies not recorded"


def whereabouts(seen: Seen) -> str:
    """Where help is sent, and the numbers, or that it is not known yet."""
    there = located(seen.session)
    if there is None:
        return "At home: where, is not on record yet."
    gone = lost(seen.session)
    since = f"Contact lost {words.lasting((seen.now_us - gone.began.at_us) // 1000)}. " if gone else ""
    return f"{since}Emergency {there.emergency_number}, call back {there.call_back}. At {there.place}"


def refusals(seen: Seen) -> str:
    """What the patient does not agree to, where that may be: "No touch, no recording"."""
    items = [each for each in asked.consent(seen.protocol) if not each.needed]
    said = ", ".join(
        f"no {each.partition(',')[0].partition(' by ')[0].lower()}" for each in refused(seen.patient.known, items)
    )
    return said[:1].upper() + said[1:]


def short(name: str) -> str:
    """A name where room is short: "Sample T."."""
    first, *others = name.split() or [name]
    return " ".join((first[:10], *(f"{word[0]}." for word in others[-1:])))


def identity(seen: Seen) -> tuple[str, str]:
    """The patient beside the name: full name where another is preferred, birth date; chair, weight, number."""
    known = seen.patient.registered
    measured = seen.session.weight()
    who = words.join(
        seen.patient.name if seen.patient.called != seen.patient.name else "",
        f"born {known.born_on}" if known and known.born_on else "",
    )
    more = words.join(
        f"chair {seen.chair}" if seen.chair else "",
        _weight(measured, seen) if measured else "",
        known.record_number if known else "",
    )
    return who, more
