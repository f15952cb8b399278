"""Doses: what was given, summed by route, and the sheet the next one is typed into."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from kapdesk.clinical.dosing import Doubt, again, doubts
from kapdesk.facts.session import DoseGiven
from kapdesk.session.devices import next_device
from kapdesk.session.holding import held
from kapdesk.session.infusion import running
from ui import theme, words
from ui.line import LineButton, Part, empty
from ui.refusal import Refusal
from ui.session.check import SecondPerson
from ui.session.dose_form import DoseForm
from ui.session.holding import HoldingLine
from ui.session.infusing import InfusionLine
from ui.session.reading import dose_label, given_label
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.panel import Panel
from ui.widgets.scrolling import Scrolling
from ui.widgets.when import When


class DosesPanel(Panel):
    """The doses so far; pressing one opens it for correction.

    `asked` wants the sheet for another, `rescue_asked` the one for a rescue medication.
    """

    asked = Signal()
    rescue_asked = Signal()
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Doses", "dose", parent=parent)
        self._seen: Seen | None = None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(2))
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._open = Button("Dose", icon="plus", key="D", name="Give a dose")
        given = QWidget()
        given.setProperty("part", "sheet")
        inner = QVBoxLayout(given)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(self._lines)
        inner.addStretch(1)
        scroll = Scrolling()
        scroll.setMinimumHeight(theme.px(24))
        scroll.setAccessibleName("Doses given")
        scroll.setWidget(given)
        self.check = SecondPerson("Checked", "Check a dose as second person")
        self._rescue = Button("Rescue", key="R", name="Give a rescue medication")
        self.head.addWidget(self._rescue)
        self.head.addWidget(self._open)
        self.body.addWidget(scroll, 1)
        self.infusion = InfusionLine()
        self.infusion.hide()
        self.body.addWidget(self.infusion)
        self.holding = HoldingLine()
        self.body.addWidget(self.holding)
        self.body.addWidget(self.check)
        self._open.clicked.connect(self.asked)
        self._rescue.clicked.connect(self.rescue_asked)

    def hasHeightForWidth(self) -> bool:
        """No: Qt would hold such a part to its full height, and take what is missing from the clock above."""
        return False

    def display(self, seen: Seen) -> None:
        """Show the doses of this session."""
        if not seen.same_record(self._seen):
            self._fill(seen)
        holds = held(seen.session, seen.protocol)
        self.holding.display(next((each for each in holds if each.out is None), None), seen)
        self.infusion.display(running(seen.session, seen.now_us), seen)
        dosing = seen.session.opened is None or seen.session.opened.visit == "dosing"
        self._open.setVisible(dosing)
        self._rescue.setVisible(dosing)
        self._seen = seen

    def show_check(self, seen: Seen, people: tuple[tuple[str, str], ...]) -> None:
        """Offer to look at the oldest dose that nobody has; `people` are ids and names of those with a PIN."""
        waiting = seen.unchecked
        if not waiting:
            self.check.display(None, "", "", ())
            return
        dose, more = waiting[0], f" (and {len(waiting) - 1} more)" if len(waiting) > 1 else ""
        fact = dose.fact
        said = [fact.medication, dose_label(fact), fact.site, f"lot {fact.lot}" if fact.lot else ""]
        self.check.display(
            dose.id,
            f"Not checked yet: {given_label(seen.session, fact)}{more} …",
            f"{seen.whose}: {', '.join(part for part in said if part)}",
            tuple(each for each in people if each[0] != dose.by),
        )

    def _fill(self, seen: Seen) -> None:
        empty(self._lines)
        doses = seen.session.history.standing(DoseGiven)
        on_the_way = [each for each in seen.pending if isinstance(each.fact, DoseGiven)]
        own = seen.session.doses()
        if len(own) > 1:
            total = words.by_route((each.fact.route, each.fact.dose_ug) for each in own)
            self._lines.addWidget(Label(f"In all {total}", "muted", wrap=True))
        out = {each.dose.id: each for each in held(seen.session, seen.protocol) if each.out is not None}
        for each in reversed(doses):  # the newest first: where room is short it is what must be seen
            said = given_label(seen.session, each.fact) + (f", {each.fact.site}" if each.fact.site else "")
            if each.id in out:
                said = words.join(said, out[each.id].words(seen.now_us))
            self._lines.addWidget(self._line(seen.axis(each.at_us), said, str(each.id)))
        there = {each.id for each in doses}
        for waiting in on_the_way:
            if waiting.statement.id not in there and isinstance(waiting.fact, DoseGiven):
                said = words.join(given_label(seen.session, waiting.fact), "not saved" if seen.trouble else "saving")
                self._lines.addWidget(Label(f"{seen.axis(waiting.statement.at_us)}  {said}", "accent"))
        if not doses and not on_the_way:
            self._lines.addWidget(Label("None yet. The first starts the clock.", "muted", wrap=True))

    def _line(self, at: str, said: str, id_: str) -> QWidget:
        parts = (Part(at, "head", 48), Part(said, whole=True))
        button = LineButton(parts, kind="bare", name=f"Dose at {at}, {said}: open to correct")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.opened.emit(id_))
        return button


class DoseSheet(QFrame):
    """Where a dose is typed, in place. `given` carries (DoseGiven, when). What was typed stays until `taken`."""

    given = Signal(object, object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("part", "strip")
        self.setAccessibleName("Dose")
        self.form = DoseForm()
        self.when = When()
        self._seen: Seen | None = None
        self._asked: DoseGiven | None = None
        self._refusal = Refusal()
        self.record = Button("Record", "primary", name="Record this dose")
        leave = Button("Put away", name="Put the dose away, keep what was typed")
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(10))
        column.setSpacing(theme.px(8))
        column.addWidget(self.form)
        column.addWidget(self._refusal)
        column.addWidget(FlowRow(self.when, self.record, leave, spacing=theme.px(8)))
        self.hide()
        leave.clicked.connect(self.leave)
        self.record.clicked.connect(self._give)
        self.when.done.connect(self._give)
        self.form.done.connect(self._give)
        self.form.left.connect(self.leave)

    def start(self, seen: Seen | None) -> None:
        """Open, with what the protocol has; or go back to what was typed."""
        self._seen, self._asked = seen, None
        protocol = seen.protocol if seen else None
        measured = seen.session.weight() if seen else None
        self.form.weigh(measured.weight_g if measured else None)
        if self.isHidden() and not self.form.mg.text():
            self.form.offer(protocol, next_device(seen.session, protocol) if seen and protocol else None)
        self.show()
        self.form.mg.setFocus()

    def know(self, seen: Seen) -> None:
        """What has been recorded meanwhile, by others too; what is typed stays."""
        if not self.isHidden():
            self._seen = seen

    def leave(self) -> None:
        """Put it away; what was typed is there again when it is opened."""
        self.hide()
        self.left.emit()

    def taken(self) -> None:
        """The dose is on its way to the disk."""
        self.form.mg.clear()
        self.form.site.clear()
        self.when.reset()
        self._refusal.say("")
        self.leave()

    def refuse(self, sentence: str) -> None:
        """Say why it was not recorded; what was typed stays."""
        self._refusal.say(sentence)

    def _give(self) -> None:
        dose = self.form.dose()
        moment = self.when.moment()
        if isinstance(dose, str):
            self.refuse(dose)
        elif moment is None:
            self.refuse("Type the time of day, for example 21:40.")
            self.when.point_out()
        elif self._sure(dose):
            self.given.emit(dose, moment)

    def _doubts(self, dose: DoseGiven) -> list[Doubt]:
        if self._seen is None:
            return doubts(dose, None)
        session, weight = self._seen.session, self._seen.session.weight()
        given = sum(h.fact.dose_ug for h in session.doses() if h.fact.route == dose.route)
        today = self._seen.day_in(0)
        found = doubts(dose, self._seen.protocol, weight.weight_g if weight else None, given, today)
        twice = again(dose, [(each.fact, self._seen.now_us - each.entered_at_us) for each in session.doses()])
        return [*found, twice] if twice is not None else found

    def _sure(self, dose: DoseGiven) -> bool:
        """Refuse what is not possible, and ask once about what is odd."""
        found = self._doubts(dose)
        impossible = [each.words for each in found if not each.possible]
        if impossible:
            self.refuse(impossible[0])
            return False
        if not found or self._asked == dose:
            return True
        self._asked = dose
        self.refuse(" ".join(each.words for each in found) + " Enter again records it.")
        return False
