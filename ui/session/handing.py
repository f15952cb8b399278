"""The watch over the patient handed on: the card read in place, taken over by the other's own PIN or password."""

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from kapdesk.facts.after import CareHandedOver, CareTakenOver, HandOverWithdrawn
from kapdesk.session import handing
from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.session.check import SecondPerson
from ui.session.seen import Seen
from ui.session.watch_card import card
from ui.widgets.buttons import Button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowRow
from ui.widgets.label import Label, Role
from ui.widgets.line_edit import line_edit
from ui.widgets.scrolling import Scrolling

if TYPE_CHECKING:
    from ui.session.seat import Seat


class HandingSheet(QFrame):
    """`handed` carries a `CareHandedOver`, `withdrawn` the one that its giver takes back.

    What was typed stays until it is handed over; the card is read meanwhile.
    """

    handed = Signal(object)
    withdrawn = Signal(object)
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
        self._back = Button("Take it back", icon="back", name="Take the hand-over back")
        self._waiting: UUID | None = None
        away = Button("Put away", name="Put the card away")
        self._refusal = Refusal()
        self.taking = SecondPerson("Take over", "Take over the watch", alone=False)
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
        column.addWidget(FlowRow(self._give, self._back, away))
        column.addWidget(self._refusal)
        self.hide()
        self._give.clicked.connect(self._say)
        self._word.returnPressed.connect(self._say)
        self._word.textEdited.connect(lambda: self._area.ensureWidgetVisible(self._word))
        self._back.clicked.connect(lambda: self.withdrawn.emit(self._waiting))
        away.clicked.connect(self.leave)

    def display(self, seen: Seen) -> None:
        """The card as it stands; while a hand-over waits, who takes it over, and whether who gave it is writing."""
        waiting = handing.offered(seen.session)
        self._waiting = waiting.id if waiting is not None else None
        self._asked.setVisible(waiting is None)
        self._give.setVisible(waiting is None)
        self._back.setVisible(waiting is not None and waiting.by == seen.by)
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

    def taken(self, word: str = "") -> None:
        """It is on its way to the disk; of a hand-over that was taken back, the word stands here again."""
        self._word.setText(word)
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
        sheet.withdrawn.connect(self._take_back)
        sheet.taking.looked.connect(self._take)

    def _hand(self, fact: CareHandedOver) -> None:
        if self._seat.record(fact, self._sheet.refuse):
            self._sheet.taken()

    def _take_back(self, handed: UUID) -> None:
        given = self._seat.room.expected.history.get(handed)
        word = given.fact.words if given is not None else ""
        if self._seat.record(HandOverWithdrawn(handed), self._sheet.refuse):
            self._sheet.taken(word)

    def _take(self, handed: UUID, who: str, secret: str) -> None:
        """Whoever takes over shows who they are; from then on they write."""
        seat = self._seat

        def taken() -> None:
            seat.write_as(who)
            self._sheet.leave()

        fact, sheet = CareTakenOver(handed), self._sheet.taking
        if sheet.by_password:
            seat.answering.by_password(fact, who, secret, sheet, taken)
        else:
            seat.answering.by_pin(fact, who, secret, "be chosen under By", sheet, taken)
