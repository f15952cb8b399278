"""What is asked in place on a session's page, and what its answers come to: facts, each at the time it was pressed."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, cast
from uuid import UUID

import msgspec

from kapdesk.clinical import care
from kapdesk.clinical.codes import INTERVENTION, INTERVENTIONS
from kapdesk.clinical.dosing import microlitres
from kapdesk.errors import KnownError
from kapdesk.facts.care import (
    AdverseEventNoted,
    BreachAnswer,
    BreachAnswered,
    DoseChecked,
    EmergencyBegan,
    EmergencyOver,
    EmergencyStepTaken,
    InfusionPaused,
    InfusionRateSet,
    InfusionStarted,
    InfusionStopped,
    LozengeOut,
    Overridden,
    Scale,
    ScaleNotRated,
    Severity,
    TimerSet,
    TouchAgreed,
)
from kapdesk.facts.fact import Fact
from kapdesk.facts.home import Carrier, ContactFound, ContactLost, ContactSought, MusicElsewhere
from kapdesk.facts.people import Act, Actor
from kapdesk.facts.session import DoseGiven, NoteTaken
from kapdesk.session import at_home
from kapdesk.session.infusion import running
from kapdesk.session.ordered import beyond_order, order_for, order_overridden
from kapdesk.session.stop_signal import ANSWERED
from ui.saving import ask_where
from ui.session.asking import VOMITING, questions
from ui.session.check import SecondPerson
from ui.session.dose_form import micrograms
from ui.session.page import SessionPage
from ui.session.seen import Seen
from ui.trace import sentence_of
from ui.widgets.when import Moment

if TYPE_CHECKING:
    from ui.session.seat import Seat

_TIMERS = {"Lozenge out, 12 min": "12 lozenge out", "Silence over, 10 min": "10 silence over"}
"""Offered; examples, to be approved by the clinic. Any other can be typed."""

AT_ONCE_US = 120_000_000
"""A dose that a second person looks at later than this was countersigned, and the note says so."""


class Answering:
    """The questions of one seat. `music_touched`: someone has used the music, so its silence is not asked about."""

    def __init__(self, seat: "Seat", resumed: bool) -> None:
        self._seat = seat
        self.music_touched = self._told_away = not resumed
        self._no_events: frozenset[UUID] = frozenset()

    def ask(self, seen: Seen) -> None:
        """Show the one thing to say now."""
        seat = self._seat
        if (closing := seat.closing_page) is not None:
            closing.substances.show_witness(seen, self.people())
        page = seat.pages.get("session")
        if not isinstance(page, SessionPage):
            return
        music = seat.desk.music
        now, owner = music.now(), music.owner
        ours = owner is not None and owner.id == seat.room.id
        silent = now if ours and now.silenced and now.available and not self.music_touched else None
        if page.music.put_away or at_home.heard_now(seen.session):
            silent = None  # what they hear does not come from this desk
        page.ask(questions(seen, seat.room.plan_trouble, self._told_away, silent, self._no_events))
        page.doses.show_check(seen, self.people())
        page.handing.taking.ask_pin_of(seat.desk.presence.with_pin())

    def answer(self, question: str, answer: str) -> None:
        """An answer was pressed."""
        seat = self._seat
        match question:
            case "away":
                self._told_away = True
            case "breach":
                self._breach(*answer.split(":"))
            case "event":
                self._event(*answer.split(":"))
            case "lost":
                self._seek(answer)
            case "stop" if answer == "words":
                seat.page.reason.open("What was done about the stop signal", self._stop_answered)
            case "stop":
                seat.record(NoteTaken(ANSWERED, INTERVENTION), seat.page.say)
            case "emergency" if answer == "over":
                seat.page.reason.open("How it came out", lambda text: self._kept(EmergencyOver(text)))
            case "emergency":
                seat.record(EmergencyStepTaken(answer), seat.page.say)
            case "silence":
                self.music_touched = True
                if answer == "in":
                    seat.desk.music.bring_back()
            case _:
                pass
        seat.show()

    def _stop_answered(self, text: str) -> bool:
        return self._kept(NoteTaken(f"{ANSWERED}: {text}" if text else ANSWERED, INTERVENTION))

    def lose_contact(self) -> None:
        """In a session at home: the contact broke off. On record at once; who was called is asked for in place."""
        seat = self._seat
        if seat.room.protocol is not None and seat.room.protocol.setting == "home":
            seat.record(ContactLost(), seat.page.say)
            seat.show()

    def _seek(self, by: str) -> None:
        """Someone was called, or the patient is there again and it is asked how they are."""
        seat = self._seat
        lost = at_home.lost(seat.room.expected)
        if lost is None:
            return
        id_ = lost.began.id
        if by == "found":
            seat.page.reason.open("In contact again: how they are", lambda text: self._kept(ContactFound(id_, text)))
        else:
            seat.record(ContactSought(id_, cast("Carrier", by)), seat.page.say)

    def call_emergency(self) -> None:
        """On record at once; its steps are asked for in place. Called again, the sheet for the ambulance is made."""
        seat = self._seat
        if seat.room.expected.in_emergency:
            from kapdesk.clinic.close import handover_pdf

            made = handover_pdf(seat.desk.clinic, seat.room.id, seat.desk.actor)
            made.add_done_callback(lambda done: seat.desk.clinic.post(lambda: self._hand_over(done)))
        else:
            seat.record(EmergencyBegan(), seat.page.say)

    def _hand_over(self, made: "Future[bytes]") -> None:
        page = self._seat.page
        if (error := made.exception()) is not None:
            page.say(sentence_of(error))
            return
        ask_where(page, "Save the handover sheet", "handover", "pdf", lambda path: self.save(made.result(), path))

    def save(self, sheet: bytes, path: Path) -> None:
        """Write the sheet to a file."""
        from kapdesk.clinic.close import save

        try:
            save(sheet, path, "handover sheet")
        except KnownError as error:
            self._seat.page.say(str(error))
            return
        self._seat.page.say(f"Saved: {path}")

    def ask_elsewhere(self) -> None:
        """What the patient hears that KapDesk does not play; one press says that it is over."""
        seat = self._seat
        heard = at_home.heard_now(seat.room.expected)
        over = {"Nothing any more": ""} if heard else {}
        asked = "Music played elsewhere: what they hear from now on"
        seat.page.reason.open(asked, lambda text: self._kept(MusicElsewhere(text)), over)

    def ask_touch(self) -> None:
        """Which touch is wanted from now on."""
        asked = "Which touch is agreed from now on; empty: none"
        self._seat.page.reason.open(asked, lambda text: self._kept(TouchAgreed(text)))

    def ask_timer(self) -> None:
        """A silent reminder: how many minutes, and what for."""

        def timer(text: str) -> bool:
            minutes, _, words = text.partition(" ")
            if not minutes.isdecimal():
                self._seat.page.reason.refuse("Type the minutes, then what for: 12 spit out the lozenge.")
                return False
            return self._kept(TimerSet(words.strip().capitalize(), int(minutes[:4]) * 60_000))

        self._seat.page.reason.open("Minutes, then what for: 12 spit out the lozenge", timer, _TIMERS)

    def ask_intervention(self, id_: UUID) -> None:
        """Which one it was. It stands on the record already, at the time of the press; this gives it its words."""
        seat = self._seat
        if not seat.page.reason.isHidden():
            return  # something else is being asked there

        def fill(text: str) -> bool:
            one = seat.room.expected.history.get(id_)
            if not text or one is None or one.struck:
                return True
            truth = NoteTaken(text, INTERVENTION)
            return seat.correct(str(id_), truth, one.at_us, "filled in", seat.page.reason.refuse)

        seat.page.reason.open("Which intervention; or type it", fill, {each: each for each in INTERVENTIONS})

    def begin_infusion(self, id_: UUID, dose: DoseGiven, moment: Moment) -> None:
        """A dose that runs in over time, by the protocol, at an even rate from when it was given."""
        plan = self._seat.room.protocol
        if plan is not None and plan.infuse_over_min and dose.route == "iv":
            rate = dose.dose_ug * 60 // plan.infuse_over_min
            self._seat.record(InfusionStarted(id_, dose.dose_ug, rate), self._seat.page.say, moment)

    def turn_infusion(self) -> None:
        """Pause it, or go on at the rate before."""
        seat = self._seat
        infusion = running(seat.room.session, seat.room.now_us())
        if infusion is None:
            return
        if infusion.rate_at(seat.room.now_us()):
            seat.record(InfusionPaused(infusion.dose.id), seat.page.say)
        else:
            before = next(rate for _, rate in reversed(infusion.rates) if rate)
            seat.record(InfusionRateSet(infusion.dose.id, before), seat.page.say)

    def ask_rate(self) -> None:
        """Another rate, in mg/h."""
        seat = self._seat
        infusion = running(seat.room.session, seat.room.now_us())

        def rate(text: str) -> bool:
            found = micrograms(text)
            if infusion is None or found is None:
                seat.page.reason.refuse("Type the rate in mg/h, for example 60.")
                return False
            return self._kept(InfusionRateSet(infusion.dose.id, found))

        seat.page.reason.open("Rate from now on, in mg/h", rate)

    def ask_stop(self) -> None:
        """The end of it: what the pump says was delivered, or worked out. The dose is corrected to that."""
        seat = self._seat
        infusion = running(seat.room.session, seat.room.now_us())

        def stop(text: str) -> bool:
            if infusion is None:
                return True
            worked_out = infusion.delivered_ug(seat.room.now_us())
            typed = micrograms(text) if text else worked_out
            if typed is None:
                seat.page.reason.refuse("Type what the pump says in mg, for example 22, or leave it empty.")
                return False
            if not self._kept(InfusionStopped(infusion.dose.id, typed, bool(text))):
                return False
            given: DoseGiven = infusion.dose.fact
            strength = given.strength_ug_per_ml
            volume = microlitres(typed, strength) if strength and typed else None
            how = "as the pump says" if text else "worked out from the rates"
            if typed:
                truth = msgspec.structs.replace(given, dose_ug=typed, volume_ul=volume)
                reason = f"Infusion stopped: {care.mg(typed)} of {care.mg(given.dose_ug)} mg delivered, {how}"
                seat.correct(str(infusion.dose.id), truth, infusion.dose.at_us, reason, seat.page.say)
            return True

        seat.page.reason.open("Delivered, in mg, as the pump says; empty: worked out from the rates", stop)

    def offer_override(self, dose: DoseGiven, again: Callable[[], None]) -> None:
        """Where only the order stands against a dose: ask for the reason to set it aside, then try it again."""
        seat, plan = self._seat, self._seat.room.protocol
        session = seat.room.expected
        if plan is None or "order" not in plan.needs or session.cleared_us is None:
            return
        order = order_for(session, seat.room.patient.known, plan)
        sentence = beyond_order(session, dose, order.fact if order else None)
        if sentence is None or order_overridden(session):
            return

        def override(reason: str) -> bool:
            try:
                seat.desk.require("override")
            except KnownError as error:
                seat.page.reason.refuse(str(error))
                return False
            if not self._kept(Overridden("order", (sentence,), reason)):
                return False
            again()
            return True

        seat.page.reason.open("Why this is given without an order that covers it", override)

    def ask_why_not_rated(self, scale: Scale) -> None:
        """A rating that is left out has its reason."""

        def left_out(text: str) -> bool:
            if not self._kept(ScaleNotRated(scale, text)):
                return False
            self._seat.page.vitals.rated()
            return True

        self._seat.page.reason.open(f"Why {scale} is not rated now", left_out)

    def rescue(self, dose: DoseGiven, reason: str, moment: Moment) -> None:
        """Another medication than the session's, and why it was given: the dose, and an observation at its time."""
        seat = self._seat
        sheet = seat.page.rescue
        if seat.record(dose, sheet.refuse, moment) is None:
            return
        said = f"Rescue: {dose.medication} {care.mg(dose.dose_ug)} mg {care.ROUTES[dose.route]}, for {reason}"
        seat.record(NoteTaken(said, "Intervention"), seat.page.say, moment)
        sheet.taken()

    def people(self) -> tuple[tuple[str, str], ...]:
        """Who can show who they are by a PIN of today: ids and names."""
        state = self._seat.desk.clinic.state
        return tuple((id_, state.name_of(id_)) for id_ in self._seat.desk.presence.with_pin())

    def check_dose(self, dose: UUID, person: str, pin: str) -> None:
        """A second person looked at a dose."""
        room = self._seat.room
        given = room.session.history.get(dose)
        later = given is not None and room.now_us() - given.at_us > AT_ONCE_US
        self.by_pin(DoseChecked(dose, later), person, pin, "check dose", self._seat.page.doses.check)

    def by_pin(
        self,
        fact: Fact,
        person: str,
        pin: str,
        act: Act,
        sheet: SecondPerson,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """Record what a second person says, when their PIN is right; `then` comes after it."""
        self._proved(self._seat.desk.presence.by_pin(person, pin, act), fact, sheet, then)

    def by_password(
        self, fact: Fact, person: str, password: str, sheet: SecondPerson, then: Callable[[], None] = lambda: None
    ) -> None:
        """As `by_pin`, for someone who has no PIN of today. They have signed in with it, and can choose one."""
        desk = self._seat.desk
        done = desk.presence.by_password(desk.clinic.state.name_of(person), password)
        self._proved(done, fact, sheet, then)

    def _proved(self, done: "Future[str]", fact: Fact, sheet: SecondPerson, then: Callable[[], None]) -> None:
        clinic = self._seat.desk.clinic
        done.add_done_callback(lambda told: clinic.post(lambda: self._said(told, fact, sheet, then)))

    def _said(self, told: "Future[str]", fact: Fact, sheet: SecondPerson, then: Callable[[], None]) -> None:
        try:
            person = told.result()
            self._seat.room.record(fact, actor=Actor(person, person))
        except KnownError as error:
            sheet.refuse(str(error))
            return
        sheet.put_away()
        then()

    def _breach(self, answer: str, reading: str) -> None:
        fact, seat = BreachAnswered(UUID(reading), cast(BreachAnswer, answer)), self._seat
        if fact.answer == "continued":
            seat.page.reason.open(
                "Why it goes on", lambda text: self._kept(BreachAnswered(fact.reading, fact.answer, text))
            )
        else:
            seat.record(fact, seat.page.say)
        infusion = running(seat.room.session, seat.room.now_us())
        if fact.answer == "rescue given":
            seat.page.start_rescue()
        if fact.answer == "infusion paused" and infusion is not None and infusion.rate_at(seat.room.now_us()):
            seat.record(InfusionPaused(infusion.dose.id), seat.page.say)

    def _event(self, severity: str, note: str) -> None:
        one = self._seat.room.session.history.get(UUID(note))
        if not severity or one is None:
            self._no_events |= {UUID(note)}
        else:
            what = VOMITING if isinstance(one.fact, LozengeOut) else one.fact.code
            event = AdverseEventNoted(what, cast(Severity, severity))
            self._seat.record(event, self._seat.page.say, at_us=one.at_us)

    def _kept(self, fact: Fact) -> bool:
        """Whether words typed in the line were taken."""
        return self._seat.record(fact, self._seat.page.reason.refuse) is not None
