"""What is there before the first dose, and what is not yet."""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kapdesk.facts.session import IntentionSet, VitalsNotTaken, VitalsTaken
from kapdesk.session.needs import Need, before_dose, settled
from ui import theme, words
from ui.line import empty
from ui.session.saying import readings, weight
from ui.session.seen import Seen
from ui.widgets.label import Label, Sign

MOST_NAMED = 5
"""So many things that are missing are named; before that much is done, the lists beside say it."""


class There(msgspec.Struct, frozen=True):
    """One thing, in words, and whether it is there."""

    words: str
    done: bool


class Checklist(QWidget):
    """A line for each thing; what is there has a tick."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("What is there")
        self._shown: tuple[There, ...] | None = None
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(theme.px(6))

    def display(self, shown: tuple[There, ...]) -> None:
        """Show these."""
        if shown == self._shown:
            return
        self._shown = shown
        empty(self._lines)
        for each in shown:
            line = QWidget()
            row = QHBoxLayout(line)
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(theme.px(10))
            sign = Sign("check", "teal") if each.done else Sign("minus", "faint")
            row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(Label(each.words, "body" if each.done else "muted", wrap=True), 1)
            self._lines.addWidget(line)


def there(seen: Seen) -> tuple[There, ...]:
    """What is on the record so far. Pure."""
    history, arrived_us = seen.session.history, seen.session.arrived_us
    here = [person.name for person in seen.session.present()]
    measured = seen.session.weight()
    taken = history.standing(VitalsTaken)
    left_out = history.standing(VitalsNotTaken)
    reading = "No reading yet"
    if taken:
        reading = words.join(readings(taken[-1].fact), words.ago((seen.now_us - taken[-1].at_us) // 1000))
    elif left_out:
        reading = f"Reading left out: {left_out[-1].fact.reason}"
    lines = [
        There(f"Arrived {seen.wall(arrived_us)}" if arrived_us is not None else "Not arrived yet", bool(arrived_us)),
        There(", ".join(here) if here else f"Nobody of the staff {seen.staffed} yet", bool(here)),
        There(f"Weight {weight(measured)}" if measured else "No weight yet", measured is not None),
        There(reading, bool(taken or left_out)),
    ]
    intentions = history.standing(IntentionSet)
    lines.append(There(f"“{intentions[-1].fact.text}”" if intentions else "No intention yet", bool(intentions)))
    if seen.protocol is not None:
        lines.append(_rest(seen, before_dose(seen.session, seen.patient.known, seen.protocol), bool(taken)))
    return tuple(lines)


def _rest(seen: Seen, needs: tuple[Need, ...], taken: bool) -> There:
    """What else the protocol asks for and is missing; what a line above says already is not said twice."""
    own = {"weight", "intention"} | (set() if taken else {"baseline"})
    lacking = [need.words for need in needs if not need.met and need.id not in own]
    more = len(lacking) - MOST_NAMED
    missing = "; ".join(lacking[:MOST_NAMED]) + (f"; and {more} more in the lists" if more > 0 else "")
    if all(need.met for need in needs):
        return There("All that the protocol asks for", True)
    if settled(seen.session, "clearance", needs):
        return There("What is missing was set aside, with a reason", True)
    return There(f"Missing: {missing}" if missing else "Nothing else is missing", not missing)
