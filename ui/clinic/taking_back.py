"""Looks at an import beside the window, and takes it back a few patients at a time, so that nothing waits for it."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TYPE_CHECKING
from uuid import UUID

from kapdesk.clinic import taking_back
from kapdesk.clinic.taking_back import Import, Line, Round, Undoing
from kapdesk.errors import KnownError
from ui import words
from ui.clinic.undoing import Taken
from ui.prepare.shown import in_words
from ui.session.times import day, wall
from ui.trace import sentence_of

if TYPE_CHECKING:
    from ui.clinic.undoing import UndoPanel
    from ui.desk import Desk

MOST_NAMED = 12


class TakingBack:
    """The panel at work. `changed` is called when patients are in the lists no more, or again."""

    def __init__(self, desk: "Desk", panel: "UndoPanel", changed: Callable[[], None]) -> None:
        self._desk, self._panel, self._changed = desk, panel, changed
        self._undoing: Undoing | None = None
        panel.asked.connect(self._ask)
        panel.undone.connect(self._undo)
        panel.returned.connect(self._return)

    def show(self) -> None:
        """The imports as they stand now."""
        clinic = self._desk.clinic
        found = taking_back.imports(clinic.state)
        taken = (Taken(each.id, self._said(each), taking_back.taken_back(clinic, each)) for each in found)
        self._panel.display(tuple(taken))

    def _said(self, one: Import) -> str:
        clinic = self._desk.clinic
        zone = clinic.state.time_zone
        on = in_words(day(one.at_us, zone), day(clinic.clock.now().utc_us, zone))
        count = len(one.patients)
        patients = f"{count} patient{'' if count == 1 else 's'}"
        return words.join(
            f"{on}, {wall(one.at_us, zone)}",
            patients,
            f"by {clinic.state.name_of(one.by)}",
        )

    def _ask(self, id_: UUID) -> None:
        clinic, of = self._desk.clinic, self._of(id_)
        try:
            self._desk.require("read patient")
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        self._panel.busy(True)
        clinic.later(lambda: taking_back.look_back(clinic, of)).add_done_callback(
            lambda done: clinic.post(lambda: self._looked(done))
        )

    def _looked(self, done: "Future[Undoing]") -> None:
        self._panel.busy(False)
        if (error := done.exception()) is not None:
            self._panel.refuse(sentence_of(error))
            return
        self._undoing = done.result()
        self._panel.ask(self._undoing)

    def _undo(self, reason: str) -> None:
        undoing = self._undoing
        if undoing is None:
            return
        rounds = taking_back.take_back(self._desk.clinic, undoing, reason, self._desk.actor)
        of = len(undoing.with_fate("back"))
        self._begin(rounds, of, lambda left: _told(undoing, left))

    def _return(self, id_: UUID, reason: str) -> None:
        of = self._of(id_)
        count = taking_back.taken_back(self._desk.clinic, of)
        said = f"{count} patient{' stands' if count == 1 else 's stand'} in the lists again."
        self._begin(taking_back.put_back(self._desk.clinic, of, reason, self._desk.actor), count, lambda left: said)

    def _begin(self, rounds: Iterator[Round], of: int, told: Callable[[tuple[Line, ...]], str]) -> None:
        try:
            self._desk.require("read patient")
        except KnownError as error:
            self._panel.refuse(str(error))
            return
        self._panel.busy(True)
        self._go_on(rounds, 0, of, (), told)

    def _go_on(
        self,
        rounds: Iterator[Round],
        done: int,
        of: int,
        left: tuple[Line, ...],
        told: Callable[[tuple[Line, ...]], str],
    ) -> None:
        """One round; the next when its last entry is on the disk."""
        try:
            each = next(rounds, None)
        except KnownError as error:
            self._panel.busy(False)
            self._panel.refuse(str(error) if not done else f"{error} {done} of {of} had been done.")
            self.show()
            return
        if each is None:
            self._undoing = None
            self._panel.busy(False)
            self._panel.put_away()
            self._panel.tell(told(left))
            self.show()
            self._changed()
            return
        self._panel.tell(f"{each.done} of {of} patients …")
        left = (*left, *each.left)
        if each.last is None:
            self._go_on(rounds, each.done, of, left, told)
        else:
            self._desk.when_kept(each.last.kept, lambda: self._go_on(rounds, each.done, of, left, told))

    def _of(self, id_: UUID) -> Import:
        return next(each for each in taking_back.imports(self._desk.clinic.state) if each.id == id_)


def _told(undoing: Undoing, left: tuple[Line, ...]) -> str:
    """What was undone, and who was left and why; of many the first."""
    stayed = sorted((*undoing.with_fate("stays"), *left), key=lambda line: line.place)
    named = [f"{line.name} stays: {line.words}." for line in stayed[:MOST_NAMED]]
    more = [f"{len(stayed) - MOST_NAMED} more stay."] if len(stayed) > MOST_NAMED else []
    return "\n".join((taking_back.told(undoing, left), *named, *more))
