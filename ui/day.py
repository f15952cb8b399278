"""The day at an open clinic: which page is shown, and what each page is given."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from kapdesk.clinic.audit import read_record
from kapdesk.clinic.demo import make_ready, prepare
from kapdesk.clinic.music import open_music
from kapdesk.errors import KnownError
from ui.battery import left_percent
from ui.clinic.deciding import Deciding
from ui.desk import Desk
from ui.home import going
from ui.home.left import left_running
from ui.home.owing import Owing
from ui.home.people import Person
from ui.home.sessions import Running
from ui.patient.leading import Leading
from ui.rail import Stop
from ui.records.auditing import Auditing
from ui.records.doing import Doing
from ui.records.exporting import Exporting
from ui.records.page import RecordsPage
from ui.records.searching import Searching
from ui.records.tray import TrayPanel
from ui.widgets.strip import Action, StripView
from ui.window import Window

if TYPE_CHECKING:
    from kapdesk.clinic.room import Room
    from ui.music.listening import Listening
    from ui.opening import Opened
    from ui.prepare.page import PreparePage
    from ui.prepare.preparing import Preparing
    from ui.session.seat import Seat
    from ui.sheets.showing import Showing

NO_LIBVLC = "Music needs libVLC: sudo apt install libvlc5 vlc-plugin-base. The session works without."
NO_OUTPUT = (
    "No sound output: the music runs, but nobody hears it. Check the headphones and the system’s sound settings."
)


class Day(QObject):
    """Leads through the pages of an open clinic. `running` tells whether any session goes on."""

    running = Signal(bool)

    def __init__(self, window: Window, opened: "Opened") -> None:
        super().__init__(window)
        self.window = window
        self.desk = Desk(opened, open_music(opened.clinic), self)
        self.records = RecordsPage()
        self.searching = Searching(self.desk, self.records)
        self.exporting = Exporting(self.desk, self.records)
        self._where: Seat | None = None
        self.leading = Leading(self.desk, window, self._show, self._open_record, lambda: self.sheets)
        self.audit, self.clinic = Auditing(self.desk, self.go_home), Deciding(self.desk, self.go_home)
        self._back_from_music: Callable[[], None] = self.go_home
        self._music_told = ""
        self._beats = 0
        self._connect()
        self.go_home()

    def go_home(self) -> None:
        """The first page."""
        self._where = None
        self.window.turn_to(self.window.home)
        self.owing.look()
        self.doing.look()
        self._show()

    def go_to(self, seat: "Seat", where: str = "") -> None:
        """A session, on the page where it stands or on another of its pages."""
        self._where = seat
        if self.desk.music.owner is None and seat.room.expected.live:
            self.desk.music.own(seat.room)
        page = seat.page_for(where or seat.where())
        seat.show()
        seat.hear()
        self.window.turn_to(page)
        self._show()

    def prepare_demo(self, wait: Callable[[Callable[[], bool]], None]) -> None:
        """The demo's invented patient, ready to begin."""
        room = prepare(self.desk.clinic, wait)
        make_ready(room)
        for person in room.session.present():
            self.desk.turn_person(person.person, True)
        self.go_to(self._seated(room))

    def finish_typing(self) -> None:
        """What is half-typed goes to the disk now, not a moment later."""
        self.desk.keep_typed()

    def end(self, give_up: bool) -> None:
        """The clinic is closed."""
        self.owing.stop()
        self.searching.stop()
        self.doing.stop()
        self.exporting.stop()
        if "listening" in self.__dict__:
            self.listening.stop()
        self.desk.stop()
        self.desk.music.close()
        self.desk.clinic.close(give_up)

    def _connect(self) -> None:
        home, desk = self.window.home, self.desk
        home.welcome()
        assert home.people is not None
        assert home.sessions is not None
        assert home.owed is not None
        assert home.tray is not None
        self.owing = Owing(desk, home.owed)
        home.owed.opened.connect(self._open_owed)
        tray = TrayPanel()
        self.records.tray.addWidget(tray)
        self.doing = Doing(desk, tray, home.tray, self._open_to_sign, self._open_owed, self._open_patient)
        self.doing.listen(self.searching.refresh)
        home.tray.opened.connect(self._open_records)
        home.people.turned.connect(desk.turn_person)
        home.people.added.connect(self._add_person)
        home.sessions.go_on.connect(self._go_on)
        home.sessions.begin.connect(lambda: self.preparing.begin(home.sessions.refuse))
        home.sessions.records.connect(self._open_records)
        home.sessions.music.connect(self._open_music)
        self.records.asked.connect(self._open_patient)
        desk.patient_asked.connect(self._open_patient)
        self.records.left.connect(self.go_home)
        refuse, back = self.records.refuse, self._open_records
        self.records.month_asked.connect(lambda: self.sheets.month(refuse, back))
        self.records.substances_asked.connect(lambda: self.sheets.substances(refuse, back))
        self.records.opened.connect(self._open_record)
        if home.own is not None:
            home.own.audit_asked.connect(lambda: self._open_own(self.audit))
            home.own.clinic_asked.connect(lambda: self._open_own(self.clinic))
        rail = self.window.furnish()
        rail.asked.connect(self._asked)
        rail.chosen.connect(lambda id_: self.go_to(desk.seats[id_]) if id_ in desk.seats else self.go_home())
        self.window.strip_acted.connect(self._acted)
        desk.changed.connect(self._show)
        desk.failed.connect(home.people.refuse)
        desk.ticked.connect(self._show)
        desk.ticked.connect(self._look_at_battery)
        self._look_at_battery()

    def _asked(self, what: str) -> None:
        if what == "home":
            self.go_home()
        elif what == "records":
            self._open_records()
        else:
            self._show()

    def _show(self) -> None:
        """The first page and the rail, as they stand now."""
        desk, clinic = self.desk, self.desk.clinic
        live, waiting = desk.live, self._waiting()
        page = self.window.page()
        name = "home" if page is self.window.home else "records" if page is self.records else ""
        stops = [going.stop(seat, seat is self._where and page in seat.pages.values()) for seat in live]
        stops += [Stop(line.id, "Running", "", line.words.split(" · ")[-1][:4], late=line.overdue) for line in waiting]
        self.window.show_rail(tuple(stops), name)
        self.running.emit(bool(live))
        people = tuple(
            Person(id_, each.name, each.roles, each.credentials, id_ in desk.here, id_ == desk.by)
            for id_, each in clinic.state.staff.items()
        )
        said = f"Writing: {clinic.state.name_of(desk.by)}" if desk.by else "Choose who is here."
        self.window.home.display(clinic.state.name, said, people, self._running())
        if self.window.home.safety is not None:
            self.window.home.safety.display(clinic.safety(), clinic.clock.now().utc_us)
        self.owing.show()
        self.doing.show()
        now = desk.music.now()
        trouble = "" if now.available else now.message
        if now.nowhere:
            trouble = NO_OUTPUT
        self._tell_music(trouble)

    def _look_at_battery(self) -> None:
        """Every half minute."""
        self._beats += 1
        if self._beats % 30 == 1:
            self.window.furnish().show_battery(left_percent())

    def _tell_music(self, trouble: str) -> None:
        if trouble and trouble != self._music_told:
            said = NO_LIBVLC if "libVLC" in trouble else trouble
            self.window.say("music", StripView(said, icon="music", actions=(Action("away", "Understood"),)))
        elif not trouble:
            self.window.say("music", None)
        self._music_told = trouble

    def _acted(self, strip: str, answer: str) -> None:
        if strip == "music":
            self.window.say("music", None)

    def _running(self) -> tuple[Running, ...]:
        return (*map(going.running, self.desk.live), *self._waiting())

    def _waiting(self) -> list[Running]:
        """The sessions that were left running and wait to be gone on with."""
        now_us = self.desk.clinic.clock.now().utc_us
        left = self.desk.left
        return [left_running(away.session, left[away.session], away.ask, now_us) for away in self.desk.away]

    def _add_person(self, name: str, roles: tuple[object, ...], credentials: str, password: object) -> None:
        people = self.window.home.people
        assert people is not None
        try:
            self.desk.add_person(name, roles, credentials, password)  # type: ignore[arg-type]
        except KnownError as error:
            people.refuse(str(error))

    def _go_on(self, id_: UUID, minutes: int) -> None:
        if id_ in self.desk.seats:
            self.go_to(self.desk.seats[id_])
            return
        away = next((each for each in self.desk.away if each.session == id_), None)
        if away is None:
            return
        sessions = self.window.home.sessions
        assert sessions is not None
        if away.ask and not self.desk.by:
            sessions.refuse("Choose first who is here: whoever says how long it was is on record.")
            return
        try:
            seat = self.desk.resume(away, minutes * 60_000 if minutes >= 0 else None)
        except KnownError as error:
            sessions.refuse(str(error))
            return
        self._listen(seat)
        self.go_to(seat)

    @cached_property
    def preparing(self) -> "Preparing":
        """The way to a session at work; made when the first is begun."""
        from ui.prepare.page import PreparePage
        from ui.prepare.preparing import Preparing

        page = PreparePage()
        page.left.connect(self.go_home)
        page.music_asked.connect(self._open_music)
        page.asked.connect(self._open_patient)
        return Preparing(self.desk, page, self._turn_to_prepare, self._opened)

    @property
    def prepare(self) -> "PreparePage":
        """Whom a session is for, and how it is planned."""
        return self.preparing.prepare

    def _turn_to_prepare(self) -> None:
        self.window.turn_to(self.prepare)
        self._show()

    def _opened(self, room: "Room") -> None:
        self.go_to(self._seated(room), "arrival")

    def _seated(self, room: object) -> "Seat":
        seat = self.desk.seat(room)  # type: ignore[arg-type]
        self._listen(seat)
        return seat

    def _listen(self, seat: "Seat") -> None:
        seat.turned.connect(lambda where: self._turned(seat, where))
        seat.finished.connect(lambda: self._finish(seat))

    def _turned(self, seat: "Seat", where: str) -> None:
        """To another page of a session, or to a paper of its visit."""
        if where not in ("sheet", "summary") or (page := seat.closing_page) is None:
            self.go_to(seat, where)
            return
        show = self.sheets.integration if where == "sheet" else self.sheets.observation
        show(seat.room.id, page.say, partial(self.go_to, seat, "close"))

    def _finish(self, seat: "Seat") -> None:
        for page in seat.pages.values():
            self.window.drop(page)
        self.desk.leave(seat)
        self.go_home()

    def _open_records(self) -> None:
        self._where = None
        self.doing.look()
        self.window.turn_to(self.records)
        self._show()
        self.searching.show()

    @cached_property
    def sheets(self) -> "Showing":
        """The papers beside the session note; made when one is first asked for."""
        from ui.sheets.showing import Showing

        return Showing(self.desk, self.window, self._show)

    @cached_property
    def listening(self) -> "Listening":
        """The music's page at work; made when it is first needed."""
        from ui.music.listening import Listening

        return Listening(self.desk, lambda: self._back_from_music())

    def _open_music(self) -> None:
        """The music; from it back to the plan of a session, where it was asked for there."""
        preparing = "preparing" in self.__dict__ and self.window.page() is self.prepare
        self._back_from_music = self._back_to_prepare if preparing else self.go_home
        self._open_own(self.listening)

    def _back_to_prepare(self) -> None:
        self.preparing.offer()
        self._turn_to_prepare()

    def _open_own(self, asked: "Auditing | Deciding | Listening") -> None:
        try:
            asked.show()
        except KnownError as error:
            self.desk.failed.emit(str(error))
            return
        self._where = None
        self.window.turn_to(asked.page)
        self._show()

    def _open_patient(self, patient: UUID) -> None:
        """A patient's own page; from it back to where it was asked for."""
        page, seat = self.window.page(), self._where
        back: Callable[[], None] = partial(self._back_to_plan, patient)
        if page is self.records:
            back = self._open_records
        elif seat is not None:
            back = partial(self.go_to, seat, "arrival")
        try:
            self.leading.open(patient, back)
        except KnownError as error:
            say = self.records.refuse if page is self.records else self.prepare.refuse
            (self.desk.failed.emit if seat is not None else say)(str(error))
            return
        self._where = None
        self._show()

    def _back_to_plan(self, patient: UUID) -> None:
        self.prepare.display(self.desk.clinic.known())
        self.window.turn_to(self.prepare)
        self.prepare.choose(self.desk.clinic.patient(patient).id)
        self._show()

    def _open_owed(self, id_: UUID) -> None:
        """A visit from the first page, where its observation summary stands."""
        self._open_record(id_)
        if self._where is not None and (page := self._where.closing_page) is not None:
            page.turn_to_observed()

    def _open_to_sign(self, id_: UUID) -> None:
        """A visit from the tray, where it is signed or countersigned."""
        self._open_record(id_)
        if self._where is not None and (page := self._where.closing_page) is not None:
            page.turn_to_sign()

    def _open_record(self, id_: UUID) -> None:
        """A visit from the list of records, or from a patient's page; where that may not be, the list says why."""
        if any(away.session == id_ for away in self.desk.away):
            self.go_home()
            return
        if id_ not in self.desk.seats:
            try:
                self.desk.require("read records")
                read_record(self.desk.clinic, id_, self.desk.actor)
            except KnownError as error:
                home = self.window.home
                here = home.sessions if self.window.page() is home else self.leading.shown()
                (here or self.records).refuse(str(error))
                return
            room = self.desk.clinic.room_of(id_)
            room.by = self.desk.actor
            self._seated(room)
        self.go_to(self.desk.seats[id_])
