"""Locks the screen and opens it again; what runs goes on meanwhile."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from kapdesk.access.accounts import Tries
from kapdesk.clinic.audit import loud
from kapdesk.clinic.demo import PASSWORD
from kapdesk.errors import KnownError
from kapdesk.facts.people import Actor, may
from kapdesk.facts.session import VitalsTaken
from ui.home.own import CHANGED
from ui.session import reading
from ui.session.times import instant, wall
from ui.trace import sentence_of
from ui.widgets.strip import Action, StripView
from ui.widgets.when import Moment

if TYPE_CHECKING:
    from ui.desk import Desk
    from ui.lock.page import LockPage
    from ui.lock.unlock import Known
    from ui.window import Window

_TOUCHES = {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel}
_HINT = f"Everyone here is invented. The password is: {PASSWORD}"


class Lock(QObject):
    """Ctrl+L, or nobody for a while: the page gives way to the locked one. `by` of the desk is whoever opens it."""

    def __init__(self, window: "Window", desk: "Desk", keep: Callable[[], None]) -> None:
        super().__init__(window)
        self._window, self._desk, self.presence, self._keep = window, desk, desk.presence, keep
        self._page: LockPage | None = None
        self._touched_ms = desk.clinic.clock.now().boottime_ms
        self._tries = Tries()
        self._loud: tuple[str, ...] = ()
        QShortcut(QKeySequence("Ctrl+L"), window).activated.connect(self.lock)
        desk.ticked.connect(self._tick)
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)
        desk.changed.connect(self._show_pin)
        if (line := window.home.own) is not None:
            line.pin_wanted.connect(self._choose_pin)
            line.password_wanted.connect(self._change_password)
        self._show_pin()
        desk.clinic.recorder.listen(lambda entry, fact: self._tell_loud())
        self._tell_loud()

    @property
    def page(self) -> "LockPage":
        """Made when it is first needed: nobody waits for it at the start."""
        if self._page is None:
            from ui.lock.page import LockPage

            self._page = LockPage()
            self._page.unlock.by_pin.connect(self._by_pin)
            self._page.unlock.by_password.connect(self._by_password)
            self._page.unlock.glass.connect(self._break)
        return self._page

    @property
    def locked(self) -> bool:
        """Whether the screen is locked."""
        return self._window.locked

    def lock(self, idle: bool = False) -> None:
        """Lock it now. What is half-typed is on the disk, and stays in its place."""
        if self.locked:
            return
        self._keep()
        self.presence.locked(idle)
        hint = _HINT if self._demo() else ""
        self.page.unlock.display(self._people(), hint, self._desk.typing)
        self._show()
        self._window.lock(self.page)
        self.page.unlock.take_focus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._touched_ms = self._desk.clinic.clock.now().boottime_ms
        return False

    def _tick(self) -> None:
        idle_ms = self._desk.clinic.clock.now().boottime_ms - self._touched_ms
        if self.locked:
            self._show()
        elif idle_ms >= self._desk.clinic.state.lock_after_min * 60_000:
            self.lock(idle=True)

    def _show(self) -> None:
        seen = [(seat, seat.seen()) for seat in self._desk.live]
        now = self._desk.music.now()
        owner = self._desk.music.owner
        from ui.lock.page import Running

        running = tuple(
            Running(
                seat.room.id,
                each.patient.called[:1].upper(),
                each.chair,
                reading.clock(each),
                tuple(reading.due_words(due, each.now_us) for due in each.due[1:]),
                f"Music: {now.title}" if owner is not None and owner.id == seat.room.id and not now.silenced else "",
            )
            for seat, each in seen
        )
        for card in self.page.display(self._wall(), running, self._with_pin()):
            card.entered.connect(self._vitals)

    def _wall(self) -> str:
        return wall(self._desk.clinic.clock.wall_us(), self._desk.clinic.state.time_zone)

    def _people(self) -> "tuple[Known, ...]":
        """Those with a PIN of today first, then all who have a password."""
        from ui.lock.unlock import Known

        pins = self._with_pin()
        named = {each.name.casefold() for each in pins}
        return (*pins, *(Known(name) for name in self._desk.clinic.ring.names if name.casefold() not in named))

    def _with_pin(self) -> "tuple[Known, ...]":
        from ui.lock.unlock import Known

        return tuple(Known(self._desk.clinic.state.name_of(person), person) for person in self.presence.with_pin())

    def _by_pin(self, person: str, pin: str) -> None:
        self.presence.by_pin(person, pin).add_done_callback(lambda done: self._over(done, by_pin=True))

    def _by_password(self, name: str, password: str) -> None:
        self.presence.by_password(name, password).add_done_callback(self._over)

    def _over(self, done: "Future[str]", by_pin: bool = False) -> None:
        """On the reading thread: who it is, or why not."""
        if (error := done.exception()) is None:
            person = done.result()
            self._desk.clinic.post(lambda: self._open(person, by_pin))
            return
        sentence, wrong = sentence_of(error), type(error).__name__ == "WrongPassword"
        self._desk.clinic.post(lambda: self._refuse(sentence, wrong))

    def _refuse(self, sentence: str, wrong: bool) -> None:
        self.page.unlock.refuse(sentence)
        if wrong:
            now_ms = time.monotonic_ns() // 1_000_000
            self._tries = self._tries.failed(now_ms)
            self.page.unlock.hold(-(-self._tries.wait_ms(now_ms) // 1_000))

    def _break(self, name: str, reason: str) -> None:
        try:
            person = self.presence.break_glass(name, reason)
        except KnownError as error:
            self.page.unlock.refuse(str(error))
            return
        self._open(person, by_pin=True)  # a name that anyone can type proves no more than a PIN
        self._tell_loud()

    def _open(self, person: str, by_pin: bool = False) -> None:
        self._tries = Tries()
        self._touched_ms = self._desk.clinic.clock.now().boottime_ms
        self._desk.identified(person, by_pin)
        self._window.unlock()

    def _vitals(self, id_: UUID, taken: VitalsTaken, moment: Moment, person: str, pin: str) -> None:
        self.presence.by_pin(person, pin, "take vitals").add_done_callback(
            lambda done: self._desk.clinic.post(lambda: self._record(id_, taken, moment, done))
        )

    def _record(self, id_: UUID, taken: VitalsTaken, moment: Moment, done: "Future[str]") -> None:
        card, seat = self.page.cards.get(id_), self._desk.seats.get(id_)
        if card is None or seat is None:
            return
        try:
            person = done.result()
            if said := seat.read_twice(taken, moment, Actor(person, person)):
                card.refuse(f"{said} Your PIN once more records yours too.")
                return
            at_us = instant(moment, seat.room.now_us(), seat.seen().zone)
            seat.room.record(taken, at_us, Actor(person, person))
        except KnownError as error:
            card.refuse(str(error))
            return
        card.taken()
        self._show()

    def _choose_pin(self, pin: str) -> None:
        self._tell_own(self.presence.choose_pin(self._desk.typing, pin), "")

    def _change_password(self, old: str, new: str) -> None:
        self._tell_own(self.presence.change_password(self._desk.typing, old, new), CHANGED)

    def _tell_own(self, done: "Future[None]", words: str) -> None:
        done.add_done_callback(lambda done: self._desk.clinic.post(lambda: self._taken(done, words)))

    def _taken(self, done: "Future[None]", words: str) -> None:
        line = self._window.home.own
        assert line is not None
        if (error := done.exception()) is not None:
            line.refuse(sentence_of(error))
            return
        line.taken(words)
        self._show_pin()

    def _show_pin(self) -> None:
        line, typing = self._window.home.own, self._desk.typing
        if line is not None:
            name = self._desk.clinic.state.name_of(typing) if self.presence.may_choose(typing) else ""
            known = self._desk.clinic.state.staff.get(typing)
            roles = known.roles if known is not None else ()
            runs = may(roles, "settings") or may(roles, "approve protocol")
            line.display(name, typing in self.presence.with_pin(), may(roles, "audit"), runs)

    def _tell_loud(self) -> None:
        """Emergency access, the recovery code, a repair: said for a day, until someone has understood."""
        told = tuple(loud(self._desk.clinic))
        if told != self._loud:
            self._loud = told
            said = f"In the last day: {'; '.join(told)}."
            view = StripView(said, "warn", actions=(Action("away", "Understood"),)) if told else None
            self._window.say("glass", view)

    def _demo(self) -> bool:
        return bool(self._desk.clinic.state.demo)
