"""How the session ended, and with whom the patient left."""

from typing import get_args

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.facts.care import AdverseEventSettled
from kapdesk.facts.session import How, PatientLeft
from kapdesk.session.leaving import before_leaving, earliest_leave_us
from kapdesk.session.needs import escort, settled, unsettled
from ui import theme, words
from ui.line import empty
from ui.refusal import Refusal
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label
from ui.widgets.needs import NeedsList
from ui.widgets.panel import Panel
from ui.widgets.when import When

HOWS: tuple[How, ...] = get_args(How)


class EndingPanel(Panel):
    """`ended` carries (how, reason, when), `went` (escort, when), `settled` how an adverse event came out."""

    ended = Signal(str, str, object)
    went = Signal(str, object)
    settled = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("The end", "end", parent=parent)
        self._how: How | None = None
        self._buttons: dict[How, Button] = {}
        self._said = Label("", "body", wrap=True)
        self._earliest = Label("", "accent", wrap=True)
        self._choices = FlowRow(spacing=theme.px(8))
        for how in HOWS:
            button = Button(how.capitalize(), name=f"End: {how}")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, how=how: self._choose(how))
            self._buttons[how] = button
            self._choices.add(button)
        self._reason = QLineEdit()
        self._reason.setPlaceholderText("Reason, or where to")
        self._reason.setAccessibleName("Reason of this ending")
        self._when = When()
        self._end = Button("End the session", "primary", "end")
        self._escort = QLineEdit()
        self._escort.setPlaceholderText("Left with")
        self._escort.setAccessibleName("Who takes the patient home")
        self._gone = Button("Patient has left", icon="leave")
        self._alone = Button("Left alone", name="Patient has left alone")
        self._refusal = Refusal()
        self.needs = NeedsList()
        self._events = QVBoxLayout()
        self._events.setSpacing(theme.px(4))
        self._shown_events: tuple[str, ...] | None = None
        self._leaving = QWidget()
        self.body.addWidget(self._said)
        self.body.addWidget(self._choices)
        self.body.addWidget(self._reason)
        self.body.addWidget(self._when)
        self.body.addWidget(self._end)
        row = QHBoxLayout(self._leaving)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self._escort, 1)
        row.addWidget(self._gone)
        row.addWidget(self._alone)
        self.body.addLayout(self._events)
        self.body.addWidget(self._earliest)
        self.body.addWidget(self.needs)
        self.body.addWidget(self._leaving)
        self.body.addWidget(self._refusal)
        self._reason.hide()
        self._end.clicked.connect(self._say_end)
        self._gone.clicked.connect(self._say_gone)
        self._alone.clicked.connect(lambda: self._go(""))
        self._escort.returnPressed.connect(self._say_gone)

    def display(self, seen: Seen) -> None:
        """Show how far the end has come."""
        session = seen.session
        over = session.ended is not None
        left = session.history.standing(PatientLeft)
        self._choices.setVisible(not over)
        self._reason.setVisible(not over and self._how in ("left against advice", "transferred"))
        self._when.setVisible(not left and not session.signed)
        self._end.setVisible(not over)
        self._leaving.setVisible(not left and not session.signed)
        named = escort(session)
        self._escort.setPlaceholderText(f"Left with; named was {named.name}, {named.phone}" if named else "Left with")
        self._show_leaving(seen, bool(left) or session.signed)
        self._show_events(seen)
        dosed = session.first_dose_us is not None
        dosing = session.opened is None or session.opened.visit == "dosing"
        self._buttons["no dose given"].setVisible(dosing and not dosed)
        self._buttons["completed"].setVisible(dosed or not dosing)
        lines = []
        if session.ended is not None and session.ended_us is not None:
            lines.append(words.join(f"Ended {seen.wall(session.ended_us)}", session.ended.how, session.ended.reason))
        lines += [f"Patient left {seen.wall(h.at_us)} {_with(h.fact.escort)}" for h in left]
        self._said.setText("\n".join(lines) or "The session goes on until it is ended here.")

    def _show_events(self, seen: Seen) -> None:
        """The adverse events of which nobody has said yet how they came out."""
        events = () if seen.session.signed else unsettled(seen.session)
        ids = tuple(str(each.id) for each in events)
        if ids == self._shown_events:
            return
        self._shown_events = ids
        empty(self._events)
        for each in events:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(theme.px(8))
            said = f"{each.fact.what}, {each.fact.severity}, since {seen.axis(each.at_us)}: settled?"
            row.addWidget(Label(said, "accent", wrap=True), 1)
            for outcome in ("settled", "goes on"):
                button = Button(outcome.capitalize(), name=f"{each.fact.what}: {outcome}")
                event = AdverseEventSettled(each.id, outcome)
                button.clicked.connect(lambda _, event=event: self.settled.emit(event))
                row.addWidget(button)
            self._events.addWidget(line)

    def _show_leaving(self, seen: Seen, over: bool) -> None:
        """What is still needed before the patient leaves, and when that is at the earliest."""
        session, plan = seen.session, seen.protocol
        needs = before_leaving(session, plan, seen.now_us) if plan is not None else ()
        self.needs.setVisible(bool(needs) and not over)
        earliest_us = earliest_leave_us(session, plan) if plan is not None else None
        lacking = [need.words for need in needs if not need.met]
        earliest = f"Earliest leave {seen.wall(earliest_us)}" if earliest_us is not None else ""
        still = f"still needs {len(lacking)} of {len(needs)}" if lacking else "nothing is missing" if needs else ""
        self._earliest.setText("" if over else words.join(earliest, still))
        self._earliest.setVisible(bool(needs) and not over)
        self.needs.display(needs, settled(session, "leaving", needs), not over)

    def refuse(self, sentence: str) -> None:
        """Say why that was not recorded."""
        self._refusal.say(sentence)

    def taken(self) -> None:
        """It is on its way to the disk."""
        self._refusal.say("")
        self._when.reset()

    def _choose(self, how: How) -> None:
        self._how = how
        for each, button in self._buttons.items():
            button.setChecked(each == how)
        self._reason.setVisible(how in ("left against advice", "transferred"))

    def _say_end(self) -> None:
        moment = self._when.moment()
        if self._how is None:
            self.refuse("Choose how it ended.")
        elif moment is None:
            self._ask_time()
        else:
            self.ended.emit(self._how, self._reason.text().strip(), moment)

    def _say_gone(self) -> None:
        escort = self._escort.text().strip()
        if escort:
            self._go(escort)
        else:
            self.refuse("With whom? Type the name, or press “Left alone”.")
            self._escort.setFocus()

    def _go(self, escort: str) -> None:
        moment = self._when.moment()
        if moment is None:
            self._ask_time()
        else:
            self.went.emit(escort, moment)

    def _ask_time(self) -> None:
        self.refuse("Type the time of day, for example 21:40.")
        self._when.point_out()


def _with(escort: str) -> str:
    return f"with {escort}" if escort else "alone"
