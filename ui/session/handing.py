"""The card for whoever takes over the watch: what they must know, read in place, and taken over by their own PIN."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from kapdesk.facts.after import CareHandedOver, CareTakenOver
from kapdesk.facts.care import Overridden, StopSignalGiven
from kapdesk.facts.session import DoseGiven, Marked, VitalsTaken
from kapdesk.session import handing, needs
from kapdesk.session.infusion import running
from ui import theme, words
from ui.line import empty
from ui.refusal import Refusal
from ui.session.bar import allergies
from ui.session.check import SecondPerson
from ui.session.lasting import on_words
from ui.session.reading import due_words
from ui.session.saying import dose, readings
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label, Role
from ui.widgets.line_edit import line_edit
from ui.widgets.scrolling import Scrolling

if TYPE_CHECKING:
    from ui.session.seat import Seat

MOST_DUE = 3


def card(seen: Seen) -> tuple[tuple[str, str], ...]:
    """What whoever takes over must know, in lines: what it is about ("" where the words say it), and how it stands."""
    session, now_us = seen.session, seen.now_us
    since = f"{words.axis(seen.since_ms(now_us))} since {'first dose' if session.first_dose_us else 'arrival'}"
    span = seen.phase()
    known = seen.patient.registered
    touch = session.touch()
    open_ = [f"{h.fact.what}, {h.fact.severity}, since {seen.axis(h.at_us)}" for h in needs.unsettled(session)]
    open_ += [f"{dose(h.fact)} not checked by a second person" for h in seen.unchecked]
    marks = len(session.history.standing(Marked))
    open_ += [f"{marks} mark{'s' if marks > 1 else ''} to fill in"] if marks else []
    open_ += [f"{h.fact.what} overridden: {h.fact.reason}" for h in session.history.standing(Overridden)]
    order = needs.order_for(session, seen.patient.known, seen.protocol) if seen.protocol is not None else None
    booster_ug = order.fact.booster_up_to_ug if order else 0
    escort = needs.escort(session)
    lines = [
        ("Now", words.join(since, span.phase.capitalize() if span else "")),
        ("", allergies(known.allergies if known else "")),
        ("Open", "; ".join(open_)),
        ("Given", _given(seen)),
        ("Last reading", _reading(seen)),
        ("On", on_words(seen)),
        ("Due", words.join(*(due_words(each, now_us) for each in seen.due[:MOST_DUE]))),
        ("Touch", "" if touch is None else touch or "none"),
        ("Stop signal", "; ".join(f"given at {seen.wall(h.at_us)}" for h in session.history.standing(StopSignalGiven))),
        ("Booster", f"up to {words.amount(booster_ug)}" if booster_ug else ""),
        ("Escort", f"{escort.name}, {escort.phone}" if escort else ""),
    ]
    return tuple((about, said) for about, said in lines if said)


def _given(seen: Seen) -> str:
    given = seen.session.history.standing(DoseGiven)
    if not given:
        return "nothing yet"
    said = [f"{dose(h.fact)} at {seen.wall(h.at_us)}" for h in given]
    said += _sums([h.fact for h in given])
    infusion = running(seen.session, seen.now_us)
    if infusion is not None:
        rate = infusion.rate_at(seen.now_us)
        said.append(f"the infusion {f'runs at {words.amount(rate)}/h' if rate else 'is paused'}")
    return "; ".join(said)


def _sums(given: list[DoseGiven]) -> list[str]:
    """What doses of one medication by one route come to; said only where there are several."""
    alike: dict[tuple[str, str], list[DoseGiven]] = {}
    for each in given:
        alike.setdefault((each.medication.strip().casefold(), each.route), []).append(each)
    return [
        f"together {each[0].medication} {words.amount(sum(one.dose_ug for one in each))} {words.route(each[0].route)}"
        for each in alike.values()
        if len(each) > 1
    ]


def _reading(seen: Seen) -> str:
    taken = seen.session.history.standing(VitalsTaken)
    if not taken:
        return "none yet"
    newest = taken[-1]
    said = f"{readings(newest.fact)}, {words.ago((seen.now_us - newest.at_us) // 1000)}"
    pressures = [h for h in taken if h.fact.systolic_mmhg is not None]
    if len(pressures) < 2:
        return said
    first, top = pressures[0], max(pressures, key=lambda h: int(h.fact.systolic_mmhg))
    told = words.pressure(first.fact.systolic_mmhg, first.fact.diastolic_mmhg)
    most = words.pressure(top.fact.systolic_mmhg, top.fact.diastolic_mmhg)
    return f"{said}. First {told}, highest {most} at {seen.axis(top.at_us)}"


class HandingSheet(QFrame):
    """`handed` carries a `CareHandedOver`. What was typed stays until it is handed over; the card is read meanwhile."""

    handed = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "strip")
        self.setAccessibleName("Hand over the watch")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(4))
        self._shown: tuple[tuple[str, str], ...] = ()
        self._to = Choice(name="Who takes over")
        self._word = line_edit("A word about what matters")
        self._give = Button("Hand over", "primary", name="Hand over the watch")
        away = Button("Put away", name="Put the card away")
        self._refusal = Refusal()
        self.taking = SecondPerson("Take over", "Take over the watch")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        column.setSpacing(theme.px(6))
        column.addWidget(Label("For whoever takes over", "head"))
        self._asked = QWidget()
        asked = QVBoxLayout(self._asked)
        asked.setContentsMargins(0, 0, 0, 0)
        asked.setSpacing(theme.px(6))
        asked.addWidget(self._to)
        asked.addWidget(self._word)
        inside = QWidget()
        inside.setProperty("part", "strip")
        card_ = QVBoxLayout(inside)
        card_.addLayout(self._lines)
        card_.addStretch(1)
        card_.addWidget(self._asked)
        card_.addWidget(self.taking)
        self._area = Scrolling(inside)
        self._area.setMinimumHeight(theme.px(104))  # a field and the button below it
        self._area.verticalScrollBar().rangeChanged.connect(self._keep_in_sight)
        column.addWidget(self._area, 1)
        column.addWidget(FlowRow(self._give, away))
        column.addWidget(self._refusal)
        self.hide()
        self._give.clicked.connect(self._say)
        self._word.returnPressed.connect(self._say)
        self._word.textEdited.connect(lambda: self._area.ensureWidgetVisible(self._word))
        away.clicked.connect(self.leave)

    def display(self, seen: Seen) -> None:
        """The card as it stands; while a hand-over waits, who takes it over by their PIN."""
        waiting = handing.offered(seen.session)
        self._asked.setVisible(waiting is None)
        self._give.setVisible(waiting is None)
        name = seen.name_of(waiting.fact.to) if waiting else ""
        people = ((waiting.fact.to, name),) if waiting else ()
        said = f"The watch over {seen.patient.called} goes to {name}. {waiting.fact.words}" if waiting else ""
        self.taking.display(waiting.id if waiting else None, f"{name}: take over …", said, people)
        if self.isHidden():
            return
        here = [(each.person, each.name) for each in seen.session.present() if each.person != seen.by]
        if [self._to.itemData(n) for n in range(self._to.count())] != [id_ for id_, _ in here]:
            self._to.clear()
            for id_, who in here:
                self._to.addItem(who, id_)
        lines = card(seen)
        if lines != self._shown:
            self._shown = lines
            empty(self._lines)
            for about, text in lines:
                role: Role = "alarm" if text.startswith("Allergy") else "body"
                self._lines.addWidget(Label(f"{about}: {text}" if about else text, role, wrap=True))

    def start(self, seen: Seen | None) -> None:
        """Open the card."""
        self.show()
        if seen is not None:
            self.display(seen)
        self._word.setFocus()

    def leave(self) -> None:
        """Put it away; what was typed is there again when it is opened."""
        self.taking.put_away()
        self.hide()
        self.left.emit()

    def taken(self) -> None:
        """The hand-over is on its way to the disk."""
        self._word.clear()
        self._refusal.say("")

    def refuse(self, sentence: str) -> None:
        """Why it was not recorded; what was typed stays."""
        self._refusal.say(sentence)

    def _keep_in_sight(self) -> None:
        """Where the card is taller than its place, what the other is asked stands in sight as it opens."""
        focus: QWidget | None = self.window().focusWidget()
        if focus is not None and self.taking.isAncestorOf(focus):
            bar = self._area.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _say(self) -> None:
        if self._to.currentData() is None:
            self.refuse("Nobody else of the staff is in the room. Say first, on the arrival page, who came.")
        else:
            self.handed.emit(CareHandedOver(self._to.currentData(), self._word.text().strip()))


class Handing:
    """The watch over one seat's patient, handed on."""

    def __init__(self, seat: "Seat", sheet: HandingSheet) -> None:
        self._seat, self._sheet = seat, sheet
        sheet.handed.connect(self._hand)
        sheet.taking.looked.connect(self._take)

    def _hand(self, fact: CareHandedOver) -> None:
        if self._seat.record(fact, self._sheet.refuse):
            self._sheet.taken()

    def _take(self, handed: object, who: str, pin: str) -> None:
        """Whoever takes over shows who they are; from then on they write."""
        seat = self._seat

        def taken() -> None:
            seat.write_as(who)
            self._sheet.leave()

        fact = CareTakenOver(handed)  # type: ignore[arg-type]
        seat.answering.by_pin(fact, who, pin, "be chosen under By", self._sheet.taking, taken)
