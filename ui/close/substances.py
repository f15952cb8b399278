"""What became of what was drawn: given, wasted, returned, witnessed; a line for each medication and lot."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kapdesk.clinical import care
from kapdesk.facts.care import SubstanceCounted
from kapdesk.session.counting import before_signing, count_of, given_by_lot
from kapdesk.session.needs import Need, settled
from ui import theme
from ui.line import empty
from ui.refusal import Refusal
from ui.session.check import SecondPerson
from ui.session.dose_form import micrograms
from ui.session.seen import Seen
from ui.widgets.buttons import Button
from ui.widgets.label import Label
from ui.widgets.needs import NeedsList
from ui.widgets.panel import Panel


class SubstancesPanel(Panel):
    """No panel where the protocol counts nothing. `counted` carries a `SubstanceCounted`."""

    counted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Substances", "dose", parent=parent)
        self._shown: tuple[Need, ...] | None = None
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(6))
        self.witness = SecondPerson("Witnessed", "Witness a count as second person")
        self.needs = NeedsList()
        self._refusal = Refusal()
        self.body.addLayout(self._lines)
        for part in (self._refusal, self.witness, self.needs):
            self.body.addWidget(part)

    def display(self, seen: Seen) -> None:
        """How far the counting has come."""
        needs = before_signing(seen.session, seen.protocol) if seen.protocol is not None else ()
        self.setVisible(bool(needs) and not seen.session.signed)
        self.needs.display(needs, settled(seen.session, "substances", needs), not seen.session.signed)
        if needs == self._shown:
            return
        self._shown = needs
        self._refusal.say("")
        empty(self._lines)
        for (medication, lot), given_ug in given_by_lot(seen.session).items():
            count = count_of(seen.session, medication, lot)
            if count is None or count.fact.given_ug != given_ug:
                self._lines.addWidget(self._line(medication, lot, given_ug))

    def show_witness(self, seen: Seen, people: tuple[tuple[str, str], ...]) -> None:
        """Offer the oldest count that nobody has witnessed."""
        needs = before_signing(seen.session, seen.protocol) if seen.protocol is not None else ()
        waiting = [
            count
            for need, (medication, lot) in zip(needs, given_by_lot(seen.session), strict=False)
            if not need.met and (count := count_of(seen.session, medication, lot)) is not None
        ]
        first = waiting[0] if waiting else None
        said = care.said(first.fact) if first else ""
        others = tuple(each for each in people if first is None or each[0] != first.by)
        self.witness.display(first.id if first else None, f"To be witnessed: {said} …", f"{seen.whose}: {said}", others)

    def refuse(self, sentence: str) -> None:
        """Why a count was not recorded; what was typed stays."""
        self._refusal.say(sentence)

    def _line(self, medication: str, lot: str, given_ug: int) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(6))
        of = f"{medication}, lot {lot}" if lot else medication
        row.addWidget(Label(f"{of}: {care.mg(given_ug)} mg given", wrap=True), 2)
        edits = []
        for word in ("Drawn", "Wasted", "Returned"):
            edit = QLineEdit()
            edit.setPlaceholderText(f"{word}, mg")
            edit.setAccessibleName(f"{word} of {of}, in mg")
            row.addWidget(edit, 1)
            edits.append(edit)
        button = Button("Count", name=f"Record the count of {of}")
        button.clicked.connect(lambda: self._say(medication, lot, given_ug, edits))
        row.addWidget(button)
        return line

    def _say(self, medication: str, lot: str, given_ug: int, edits: list[QLineEdit]) -> None:
        texts = [edit.text().strip() for edit in edits]
        amounts = [0 if text in ("", "0") else micrograms(text) for text in texts]
        drawn, wasted, returned = amounts
        if not texts[0] or drawn is None or wasted is None or returned is None:
            self.refuse("Type in milligrams what was drawn, and what was wasted or returned, for example 100.")
        else:
            self._refusal.say("")
            self.counted.emit(SubstanceCounted(medication, lot, drawn, given_ug, wasted, returned))
