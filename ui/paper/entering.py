"""The grid at work: rows are judged as they are typed, kept half-typed, and entered all at once."""

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QTimer

from kapdesk.clinic.from_paper import THERE, PaperLine, enter, judged
from kapdesk.errors import KnownError
from kapdesk.facts.people import Actor
from ui.paper.page import PaperPage
from ui.paper.reading import Typed, fact_of, to_check, when_us
from ui.paper.row import PaperRow
from ui.session.times import day

if TYPE_CHECKING:
    from ui.session.seat import Seat

DRAFT = "paper"
CHECK_MS = 120
"""After a key the rows are judged so soon: a row waits for no Enter, and no key waits for the judges."""


class Grid(msgspec.Struct, frozen=True):
    """What is kept of a half-typed grid: its rows that are not on the record, and the reason."""

    rows: tuple[Typed, ...] = ()
    why: str = ""


class Entering(QObject):
    """The page of a seat on which paper is entered, at work."""

    def __init__(self, seat: "Seat") -> None:
        super().__init__(seat)
        self._seat = seat
        self.page = page = PaperPage()
        state = seat.desk.clinic.state
        page.know(tuple((id_, each.name) for id_, each in state.staff.items()))
        self._asked: frozenset[Typed] = frozenset()
        self._stopped = False
        self._soon = QTimer(self, singleShot=True, interval=CHECK_MS)
        self._soon.timeout.connect(self.check)
        page.changed.connect(self._changed)
        page.enter_asked.connect(self._enter)
        page.left.connect(lambda: seat.turned.emit(""))
        seat.connect_bar(page.bar)
        self._bring_back(seat.editors.found(DRAFT))
        self.check()

    def check(self) -> None:
        """Judge every row that is not entered, and say at each what is to be said."""
        self._soon.stop()
        rows, lines = self._lines()
        plan, weight = self._seat.room.protocol, self._seat.room.expected.weight()
        for row, line, sentence in zip(rows, lines, judged(self._seat.room, lines), strict=True):
            if sentence == THERE:
                row.show_state("refused", f"{THERE} Take this row out.")
            elif sentence:
                row.show_state("refused", sentence)
            else:
                asked = to_check(line.fact, plan, weight.weight_g if weight is not None else None)
                row.show_state("check" if asked else "fits", asked)
        self._count()

    def stop(self) -> None:
        """Nothing goes on by itself any more."""
        self._soon.stop()
        self._stopped = True

    def _lines(self) -> tuple[list[PaperRow], list[PaperLine]]:
        """The rows that can be read, with their lines; at the others it is said why not."""
        room, clinic = self._seat.room, self._seat.desk.clinic.state
        rows, lines = [], []
        for row in self.page.rows:
            typed = row.typed()
            if row.entered or typed.empty:
                if not row.entered:
                    row.show_state("", "")
                continue
            try:
                at_us = when_us(typed, self._seat.seen().zone)
                fact = fact_of(typed, room.protocol, clinic.codes)
            except KnownError as error:
                row.show_state("refused", str(error))
                continue
            rows.append(row)
            lines.append(PaperLine(fact, at_us, Actor(typed.by, self._seat.desk.actor.entered_by)))
        return rows, lines

    def _enter(self, why: str) -> None:
        self.check()
        rows, lines = self._lines()
        self.page.say("")
        to_ask = frozenset(row.typed() for row in rows if row.state == "check")
        if to_ask - self._asked and why:
            self._asked = to_ask
            self.page.say("Some rows are to be checked: see there. “Enter all” again enters them as they are.")
            return
        try:
            done = enter(self._seat.room, lines, why, self._seat.room.by)
        except KnownError as error:
            self.page.say(str(error))
            return
        kept = None
        for row, each in zip(rows, done, strict=True):
            if each.recording is not None:
                kept = each.recording.kept
                row.show_state("entered", "Entered")
            else:
                row.show_state("refused", each.sentence)
        self._count()
        if any(not row.entered and not row.typed().empty for row in self.page.rows):
            self.page.say("What is marked was not entered; it is still here. Mend it, then enter all again.")
        if kept is not None:
            self._seat.desk.when_kept(kept, self._keep)

    def _changed(self) -> None:
        self._keep()
        self._soon.start()

    def _keep(self) -> None:
        """What is not on the record stays on the disk as a draft."""
        if self._stopped:
            return
        rows = tuple(row.typed() for row in self.page.rows if not row.entered and not row.typed().empty)
        text = msgspec.json.encode(Grid(rows, self.page.why.text())).decode() if rows else ""
        self._seat.editors.type(DRAFT, text)
        if not rows:
            self._seat.editors.drop(DRAFT, "")

    def _bring_back(self, draft: str) -> None:
        try:
            grid = msgspec.json.decode(draft, type=Grid) if draft else Grid()
        except msgspec.DecodeError:
            grid = Grid()
        for typed in grid.rows:
            self.page.add(typed)
        self.page.why.setText(grid.why)
        if not grid.rows:
            room, zone = self._seat.room, self._seat.seen().zone
            arrived_us = room.session.arrived_us
            on = day(room.now_us() if arrived_us is None else arrived_us, zone)
            self.page.add(Typed(on, kind="Arrived" if arrived_us is None else "Note", by=room.by.by))

    def _count(self) -> None:
        entered = sum(row.entered for row in self.page.rows)
        waiting = sum(not row.entered and not row.typed().empty for row in self.page.rows)
        self.page.tell(f"{waiting} to enter, {entered} entered")
