"""What is at hand at this desk while the clinic is open: its record, its music, who is here, the running sessions."""

import importlib
import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from kapdesk.clinic import imagery
from kapdesk.clinic.presence import Presence
from kapdesk.clinic.staff import open_account
from kapdesk.errors import KnownError
from kapdesk.facts.people import MAY_BY_PIN, UNKNOWN, Act, Actor, Role, may_record
from kapdesk.facts.session import PersonCameIn
from ui.session.half import Editors
from ui.session.imagery import ImageryChoice, choices
from ui.trace import sentence_of

if TYPE_CHECKING:
    from concurrent.futures import Future

    from kapdesk.access.accounts import NewPassword
    from kapdesk.clinic.room import Away, Room
    from kapdesk.music.desk import MusicDesk
    from ui.opening import Opened
    from ui.session.seat import Seat

logger = logging.getLogger(__name__)

MOST_SESSIONS = 4
_MUSIC_MS, _CLOCK_MS, _LOOK_MS, _INDEX_MS = 250, 1_000, 30_000, 2_000
"""The rest of the checks, and the index, begin when the start is over and nobody waits for anything."""

BEHIND = (
    "The page of {} may be behind: a part of it cannot be drawn. What was recorded is safe, and the clock goes on. "
    "Write on paper, close KapDesk and open it again: the session goes on."
)


class Desk(QObject):
    """The open clinic with its sessions. `changed` when a page may look different, `ticked` each second, `failed`
    with a sentence for whoever is at the desk, `patient_asked` where a patient's own page is wanted, `lock_asked` where
    the screen is to be locked.

    `by` is who does it; `typing` who is at the keyboard, as their password or PIN said last; `here` who of the staff
    is here, in the order they came.
    """

    changed = Signal()
    ticked = Signal()
    failed = Signal(str)
    patient_asked = Signal(object)
    lock_asked = Signal()
    fell_behind = Signal(str)

    def __init__(self, opened: "Opened", music: "MusicDesk", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.clinic, self.music = opened.clinic, music
        self.seats: dict[UUID, Seat] = {}
        self.here: list[str] = [opened.person]
        self.by = opened.person
        self.typing = opened.person
        self.by_pin = False
        self.presence = Presence(opened.clinic, opened.person, opened.how)
        self.trouble = self._behind = ""
        self._editors: dict[str, Editors] = {}
        self.away: list[Away] = list(opened.away)
        self.left = opened.sessions
        self._imagery: tuple[ImageryChoice, ...] | None = None
        self._listener = self._heard
        music.listen(self._listener)
        self._clock = QTimer(self, interval=_CLOCK_MS)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        QTimer.singleShot(_LOOK_MS, self, self.clinic.watch.begin)
        QTimer.singleShot(_INDEX_MS, self, self._get_ready)
        QTimer.singleShot(_LOOK_MS, self, self.clinic.papers.begin)
        self._beat = QTimer(self, interval=_MUSIC_MS)
        self._beat.timeout.connect(self._follow_music)
        self._beat.start()

    @property
    def actor(self) -> Actor:
        """Who is at the desk; nobody, whom no judge lets record anything, where nobody is chosen yet."""
        return Actor(self.by, self.typing or self.by)

    def require(self, act: Act) -> None:
        """Raises KnownError where whoever types may not do this, or has only a PIN to show for it."""
        if self.by_pin and act not in MAY_BY_PIN:
            raise KnownError(
                "A PIN (or emergency access) is not enough for this. Press Ctrl+L and come in with your password."
            )
        self.clinic.require(self.actor.entered_by, act)

    def identified(self, person: str, by_pin: bool = False) -> None:
        """A password or PIN said who is at the desk now: they type, and where they may, it is they who do it.

        After emergency access by someone unknown, "", nobody is chosen, and nothing recorded until someone is.
        """
        self.typing, self.by_pin = person or UNKNOWN, by_pin
        known = self.clinic.state.people.get(person)
        does = known is None or may_record(known.roles, "session")
        if does:
            self.by = person
            if person and person not in self.here:
                self.here.append(person)
        for seat in self.seats.values():
            seat.room.by = Actor(person if does else seat.room.by.by, self.typing)
            seat.show()
        self.changed.emit()

    @property
    def live(self) -> "list[Seat]":
        """The sessions that go on."""
        return [seat for seat in self.seats.values() if seat.room.session.live]

    def told(self, sentence: str | None) -> None:
        """The disk refuses, or does so no more."""
        self.trouble = sentence or ""
        for seat in self.seats.values():
            seat.show()
        self.changed.emit()

    def add_person(
        self, name: str, roles: tuple[Role, ...], credentials: str, password: "NewPassword | None" = None
    ) -> None:
        """Someone new of the staff, who is here; with a password they can sign in. Raises KnownError."""
        if not roles:
            raise KnownError("Choose at least one role: it says what this person may do.")
        if password is not None:
            self.require("add people")
        id_, recording = self.clinic.add_person(name, roles, credentials)
        if password is not None:
            open_account(self.clinic, id_, name, password, self.actor).add_done_callback(self._account)
        self.here.append(id_)
        self.by = self.by or id_
        if self.typing == UNKNOWN:
            self.identified(id_, by_pin=True)  # who they say they are is all there is
        self.when_kept(recording.kept, self.changed.emit)

    def _account(self, done: "Future[None]") -> None:
        """On the reading thread: an account could not be opened."""
        if (error := done.exception()) is not None:
            sentence = sentence_of(error)
            self.clinic.post(lambda: self.failed.emit(sentence))

    def turn_person(self, person: str, here: bool) -> None:
        """Someone of the staff is here, or is not. Who comes first is at the desk."""
        if here and person not in self.here:
            self.here.append(person)
            self.by = self.by or person
        elif not here and person in self.here:
            self.here.remove(person)
            if self.by == person:
                self.by = self.here[0] if self.here else ""
        self.changed.emit()

    def seat(self, room: "Room", resumed: bool = False) -> "Seat":
        """A session at this desk."""
        from ui.session.seat import Seat

        known = self.seats.get(room.id)
        if known is not None:
            return known
        drafts = self.clinic.drafts.all().values()
        mine = sorted((each for each in drafts if str(room.id) in each.key), key=lambda each: each.first_key_us)
        seat = Seat(self, room, mine, resumed)
        seat.changed.connect(self.changed)
        self.seats[room.id] = seat
        if self.music.owner is None and room.expected.live:
            self.music.own(room)
        self.changed.emit()
        return seat

    def editors_of(self, what: str) -> Editors:
        """What is half-typed of something that is no session: a patient by their id, a protocol by its file."""
        known = self._editors.get(what)
        if known is None:
            drafts, clock = self.clinic.drafts, self.clinic.clock
            known = Editors(what, drafts, lambda: clock.now().utc_us, drafts.all().values(), self)
            self._editors[what] = known
        return known

    def keep_typed(self) -> None:
        """What is half-typed goes to the disk now, not a moment later."""
        for seat in self.seats.values():
            seat.half.keep()
        for editors in (*(seat.editors for seat in self.seats.values()), *self._editors.values()):
            editors.keep()

    def come_in(self, room: "Room") -> None:
        """Those who are here are in the room of a session that was just opened."""
        for person in self.here:
            known = self.clinic.state.people[person]
            room.record(PersonCameIn(person, known.name, known.roles, known.credentials))

    def resume(self, away: "Away", asked_away_ms: int | None = None) -> "Seat":
        """Go on with a session that was running. Raises KnownError when someone must say first how long it was away."""
        actor = self.actor
        room = self.clinic.unfinished.resume(away, asked_away_ms, actor)
        self.away.remove(away)
        present = room.session.present()
        for person in present:
            if person.person in self.clinic.state.people and person.person not in self.here:
                self.here.append(person.person)
        if not actor.by and present:
            last = [each.by for each in room.session.history if each.by in self.here]
            self.by = last[-1] if last else present[0].person
            room.by = self.actor
        return self.seat(room, resumed=True)

    def leave(self, seat: "Seat") -> None:
        """A session that is over is put away from the rail."""
        self.seats.pop(seat.room.id, None)
        self.free_music(seat)
        seat.put_away()
        self.clinic.leave(seat.room)
        self.changed.emit()

    def free_music(self, seat: "Seat") -> None:
        """A session that is over lets go of the music, softly; another may take it."""
        if self.music.owner is not None and self.music.owner.id == seat.room.id:
            self.music.end()
            self.music.own(None)

    @property
    def imagery(self) -> tuple[ImageryChoice, ...]:
        """The guided imagery at hand; read when a session first wants it, not on the way to the first page."""
        if self._imagery is None:
            self.read_imagery()
        return self._imagery or ()

    def read_imagery(self) -> None:
        """The guided imagery at hand, as it lies on the disk."""
        pieces, wrong = imagery.pieces(self.clinic.log.folder)
        for sentence in wrong:
            logger.warning("%s", sentence)
        self._imagery = choices(pieces, self.music.library)

    def when_kept(self, kept: object, call: Callable[[], None]) -> None:
        """Run a call on the window's thread when something is on the disk."""
        kept.add_done_callback(  # type: ignore[attr-defined]
            lambda done: None if done.cancelled() or done.exception() else self.clinic.post(call)
        )

    def stop(self) -> None:
        """Nothing ticks any more; the clinic is about to be closed."""
        self._clock.stop()
        self._beat.stop()
        for seat in self.seats.values():
            seat.stop()
        for editors in self._editors.values():
            editors.stop()
        self.music.forget(self._listener)

    def _get_ready(self) -> None:
        """What takes long the first time in a record of many is done before anyone waits for it."""
        if self._clock.isActive():
            self.clinic.index.begin()
            self.clinic.later(lambda: self.clinic.whose.of(()))
            for each in ("ui.prepare.preparing", "ui.session.seat"):
                self.clinic.later(partial(importlib.import_module, each))

    def _tick(self) -> None:
        """Each session is drawn by itself, so that a fault in one page stops no other's clock."""
        self.clinic.tick()
        self._tell_behind()
        for seat in self.seats.values():
            QTimer.singleShot(0, seat, seat.show)
        self.ticked.emit()

    def _tell_behind(self) -> None:
        """A page that could not be drawn whole, a beat ago, may not show what is on record."""
        behind = next((seat.room.patient.called for seat in self.seats.values() if seat.behind), "")
        if behind != self._behind:
            self._behind = behind
            self.fell_behind.emit(BEHIND.format(behind) if behind else "")

    def _follow_music(self) -> None:
        self.music.tick()
        self._heard()

    def _heard(self) -> None:
        for seat in self.seats.values():
            seat.hear()
