"""Brings the clinic's staff, rules and records to its page, and does what is asked for there."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING
from uuid import UUID

from kapdesk.clinic import erase, keeping, protocols, staff
from kapdesk.clock import local
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import Code, CodeWords, NotePart
from kapdesk.facts.people import may
from ui import words
from ui.clinic.keeping import NOBODY, Held
from ui.clinic.protocols import Earlier, Plan
from ui.home.people import Person
from ui.trace import sentence_of

if TYPE_CHECKING:
    from kapdesk.clinic.keeping import Record
    from kapdesk.clinic.open import OpenClinic
    from kapdesk.clinic.protocols import AtHand, Version
    from kapdesk.facts.entry import Stream
    from ui.clinic.page import ClinicPage
    from ui.desk import Desk

ERASED = "Erased, with its second copy and drafts. That there was a record stays provable."


class Deciding:
    """What the clinic's page shows and does; `left` goes back from it."""

    def __init__(self, desk: "Desk", left: Callable[[], None]) -> None:
        self._desk, self._left = desk, left
        self._page: ClinicPage | None = None

    @property
    def page(self) -> "ClinicPage":
        """Made when it is first needed."""
        if self._page is None:
            from ui.clinic.page import ClinicPage

            page = self._page = ClinicPage()
            page.left.connect(self._left)
            page.staff.chosen.connect(self._ask)
            page.staff.gone.connect(self._let_go)
            page.staff.code_wanted.connect(self._renew)
            page.rules.lock_chosen.connect(self._lock_after)
            page.rules.years_chosen.connect(self._keep_for)
            page.codes.kept.connect(self._keep_codes)
            page.template.kept.connect(self._keep_template)
            page.protocols.approved.connect(self._approve)
            page.keeping.longer.connect(self._longer)
            page.keeping.erase.connect(self._erase)
            from ui.clinic.heading import Heading
            from ui.clinic.putting import Putting
            from ui.clinic.sealing import Sealing
            from ui.clinic.taking import Taking
            from ui.clinic.taking_back import TakingBack
            from ui.clinic.writing import Writing

            self.taking_back = TakingBack(self._desk, page.undoing, self._list)
            self.heading = Heading(self._desk, page.letterhead)
            self.taking = Taking(self._desk, page.importing, self._taken)
            self.putting = Putting(self._desk, page.filing)
            self.sealing = Sealing(self._desk, page.certificate)
            self.writing = Writing(self._desk, page, self._show)
        return self._page

    def show(self) -> None:
        """Read it anew. Raises KnownError where whoever types may neither run the clinic nor approve its protocols."""
        try:
            self._desk.require("approve protocol")
        except KnownError:
            self._desk.require("settings")
        self._show()

    def _show(self) -> None:
        clinic = self._desk.clinic
        people = tuple(Person(id_, each.name, each.roles, each.credentials) for id_, each in clinic.state.staff.items())
        self.page.staff.display(people)
        self.page.rules.display(clinic.state.lock_after_min, clinic.state.kept_years)
        self.page.codes.display(clinic.state.codes, clinic.state.code_words)
        self.page.template.display(clinic.state.template)
        self.heading.show()
        self.page.protocols.display(tuple(self._plan(each) for each in protocols.at_hand(clinic)))
        self.putting.show()
        self.sealing.show()
        self.taking_back.show()
        self._list()

    def _list(self) -> None:
        """How long each record is kept, read anew."""
        clinic = self._desk.clinic
        clinic.later(lambda: keeping.records(clinic)).add_done_callback(self._read)

    def _taken(self) -> None:
        self.taking_back.show()
        self._list()

    def _plan(self, each: "AtHand") -> Plan:
        if each.plan is None:
            return Plan(each.path.name, "", "", "", each.trouble)
        clinic = self._desk.clinic
        said = words.join(f"version {each.plan.version}", words.route(each.plan.route), each.plan.source)
        approved = f"approved by {each.approved_by}" if each.approved_by else ""
        earlier = tuple(_earlier(version, clinic) for version in protocols.versions(clinic, each))
        example = not protocols.is_own(clinic, each.path)
        return Plan(each.plan.name, each.toml, said, approved, path=each.path, earlier=earlier, example=example)

    def _read(self, done: "Future[list[Record]]") -> None:
        clinic = self._desk.clinic
        if (error := done.exception()) is not None:
            sentence = sentence_of(error)
            clinic.post(lambda: self.page.keeping.refuse(sentence))
            return
        held = tuple(_held(record) for record in done.result())
        clinic.post(lambda: self.page.keeping.display(held, self._agreeing()))

    def _agreeing(self) -> tuple[str, ...]:
        clinic, here = self._desk.clinic, self._desk.actor
        others = {id_: each for id_, each in clinic.state.staff.items() if id_ not in (here.by, here.entered_by)}
        may_agree = [id_ for id_, each in others.items() if may(each.roles, "agree to erase")]
        return tuple(others[id_].name for id_ in may_agree if clinic.ring.has_account(id_))

    def _ask(self, person: str) -> None:
        clinic = self._desk.clinic
        self.page.staff.ask(person, clinic.state.name_of(person), staff.leaving(clinic, person))

    def _let_go(self, person: str) -> None:
        clinic = self._desk.clinic
        try:
            self._desk.require("add people")
            recording = staff.let_go(clinic, person, self._desk.actor)
        except KnownError as error:
            self.page.staff.refuse(str(error))
            return
        self._desk.turn_person(person, False)
        self._desk.when_kept(recording.kept, lambda: self._gone(clinic.state.name_of(person)))

    def _gone(self, name: str) -> None:
        self._show()
        self.page.staff.tell(f"{name} works here no more.")

    def _renew(self) -> None:
        clinic = self._desk.clinic
        try:
            self._desk.require("settings")
            code, missing = staff.renew_recovery(clinic, self._desk.actor)
        except KnownError as error:
            self.page.staff.refuse(str(error))
            return
        self.page.code.display(str(code), clinic.state.name)
        self.page.code.show()
        if missing:
            said = "private notes come" if len(missing) > 1 else "patient’s private notes come"
            self.page.staff.tell(f"{len(missing)} {said} to the new code when their author next signs in.")

    def _lock_after(self, minutes: int) -> None:
        self._rule(lambda: staff.lock_after(self._desk.clinic, minutes, self._desk.actor))

    def _keep_template(self, parts: tuple[NotePart, ...]) -> None:
        clinic = self._desk.clinic
        try:
            self._desk.require("settings")
            recording = staff.set_template(clinic, parts, self._desk.actor)
        except KnownError as error:
            self.page.template.refuse(str(error))
            return
        said = "The clinic’s notes are laid out so from now on."
        self._desk.when_kept(recording.kept, lambda: self.page.template.tell(said))

    def _keep_codes(self, codes: tuple[Code, ...], said: tuple[CodeWords, ...]) -> None:
        clinic = self._desk.clinic
        try:
            self._desk.require("settings")
            recording = staff.set_codes(clinic, codes, said, self._desk.actor)
        except KnownError as error:
            self.page.codes.refuse(str(error))
            return
        self._desk.when_kept(recording.kept, lambda: self.page.codes.tell("These are the clinic’s codes from now on."))

    def _keep_for(self, years: int) -> None:
        self._rule(lambda: staff.keep_for(self._desk.clinic, years, self._desk.actor))

    def _rule(self, record: Callable[[], object]) -> None:
        try:
            self._desk.require("settings")
            recording = record()
        except KnownError as error:
            self.page.rules.refuse(str(error))
            return
        self._desk.when_kept(recording.kept, self._show)  # type: ignore[attr-defined]

    def _approve(self, toml: str) -> None:
        try:
            self._desk.require("approve protocol")
            recording = protocols.approve(self._desk.clinic, toml, self._desk.actor)
        except KnownError as error:
            self.page.protocols.refuse(str(error))
            return
        self._desk.when_kept(recording.kept, self._show)

    def _longer(self, patient: UUID, until: str, reason: str) -> None:
        try:
            recording = keeping.keep_longer(self._desk.clinic, patient, until, reason, self._desk.actor)
        except KnownError as error:
            self.page.keeping.refuse(str(error))
            return
        self._desk.when_kept(recording.kept, self._show)

    def _erase(self, patient: UUID, reason: str, name: str, password: str) -> None:
        """First who agrees proves who they are; then it is said in each stream, done, and told."""
        clinic = self._desk.clinic
        if not name:
            self.page.keeping.refuse(f"{NOBODY}. Nothing was erased.")
            return
        self.page.keeping.busy(True)
        self._desk.presence.by_password(name, password).add_done_callback(
            lambda done: clinic.post(lambda: self._agreed(done, patient, reason))
        )

    def _agreed(self, done: "Future[str]", patient: UUID, reason: str) -> None:
        clinic, actor = self._desk.clinic, self._desk.actor
        try:
            self._desk.require("erase")
            agreed_by = done.result()
            streams = erase.of_patient(clinic, patient)
            said = erase.begin(clinic, streams, reason, actor, agreed_by)
        except KnownError as error:
            self.page.keeping.refuse(str(error))
            return

        def finish() -> None:
            for each in said:
                each.kept.result()
            erase.finish(clinic)

        clinic.later(finish).add_done_callback(
            lambda over: clinic.post(lambda: self._erased(over, streams, reason, agreed_by))
        )

    def _erased(self, over: "Future[None]", streams: "tuple[Stream, ...]", reason: str, agreed_by: str) -> None:
        if (error := over.exception()) is not None:
            self.page.keeping.refuse(sentence_of(error))
            return
        left = erase.end(self._desk.clinic, streams, reason, self._desk.actor, agreed_by)
        self._show()
        self.page.keeping.tell(" ".join([ERASED, *(f"{each.words()}." for each in left)]))


def _earlier(version: "Version", clinic: "OpenClinic") -> Earlier:
    written = f"written by {version.written_by}, {_date(clinic, version.written_us)}" if version.written_by else ""
    approved = f"approved by {version.approved_by}, {_date(clinic, version.approved_us)}" if version.approved_by else ""
    said = words.join(f"Version {version.version}", written, approved)
    return Earlier(said, version.toml, bool(version.approved_by))


def _date(clinic: "OpenClinic", at_us: int) -> str:
    """The day where the clinic is."""
    return local(at_us, clinic.state.zone).date().isoformat()


def _held(record: "Record") -> Held:
    visits = f"{record.visits} visit{'s' if record.visits != 1 else ''}"
    said = words.join(visits, f"last {record.last.isoformat()}", record.longer)
    until = f"kept until {record.until.isoformat()}"
    return Held(record.patient.id, record.patient.name, said, until, record.over)
