"""What the pages of a session are drawn from: one value, made anew at each change and each second."""

import msgspec

from kapdesk.clinical.protocol import Protocol
from kapdesk.clock import DAY_US
from kapdesk.facts.session import PersonCameIn
from kapdesk.people.clinic import Clinic
from kapdesk.people.patient import Patient
from kapdesk.record.history import Happening
from kapdesk.record.recorder import Recording
from kapdesk.session.due import Due
from kapdesk.session.needs import unchecked
from kapdesk.session.plan import PhaseSpan, phase_at
from kapdesk.session.state import Session
from ui import words
from ui.session import times


class Seen(msgspec.Struct, frozen=True):
    """A session as it stands, whose it is, and what time it is.

    `session` is what is on the disk; `pending` is on its way there. `now_us` is desk time, `wall_us` the time of day
    the computer shows, both UTC µs. `trouble` is the sentence while nothing can be saved.
    """

    patient: Patient
    session: Session
    clinic: Clinic
    now_us: int
    wall_us: int
    by: str = ""
    pending: tuple[Recording, ...] = ()
    protocol: Protocol | None = None
    spans: tuple[PhaseSpan, ...] = ()
    due: tuple[Due, ...] = ()
    trouble: str = ""

    @property
    def staffed(self) -> str:
        """Where the staff are: with a patient at home nobody of them is in the room."""
        return "at the desk" if self.protocol is not None and self.protocol.setting == "home" else "in the room"

    @property
    def zone(self) -> str:
        """The clinic's time zone on that day."""
        return self.session.time_zone

    @property
    def origin_us(self) -> int:
        """What times are counted from: the first dose; before it the arrival."""
        if self.session.first_dose_us is not None:
            return self.session.first_dose_us
        return self.session.arrived_us if self.session.arrived_us is not None else self.now_us

    @property
    def unchecked(self) -> tuple[Happening, ...]:
        """The doses that no second person has looked at, where the protocol wants one."""
        return unchecked(self.session) if self.protocol is not None and self.protocol.second_check else ()

    @property
    def chair(self) -> str:
        """Where the patient lies; empty where that was not said."""
        return self.session.opened.chair if self.session.opened else ""

    @property
    def whose(self) -> str:
        """The patient, as panels are headed: "Sample Patient A, chair 2"."""
        return f"{self.patient.called}, chair {self.chair}" if self.chair else self.patient.called

    def day_in(self, days: int) -> str:
        """The date where the clinic is, so many days from now (YYYY-MM-DD)."""
        return self.day_of(self.now_us + days * DAY_US)

    def day_of(self, at_us: int) -> str:
        """The date of an instant where the clinic is (YYYY-MM-DD)."""
        return times.day(at_us, self.zone)

    def since_ms(self, at_us: int) -> int:
        """A time as counted from the first dose or the arrival."""
        return (at_us - self.origin_us) // 1000

    def axis(self, at_us: int) -> str:
        """A time as rows show it: "0:45"."""
        return words.axis(self.since_ms(at_us))

    def wall(self, at_us: int) -> str:
        """A time as the clinic's clock showed it: "21:47"."""
        return times.wall(at_us, self.zone)

    def phase(self) -> PhaseSpan | None:
        """The phase now."""
        return phase_at(self.spans, self.now_us)

    def name_of(self, person: str) -> str:
        """How someone is called in this session."""
        known = next((here.name for here in self._came() if here.person == person), "")
        return known or self.clinic.name_of(person)

    def same_record(self, other: "Seen | None") -> bool:
        """Whether the record, and what is on its way into it, is the same; only the time may have gone on."""
        return (
            other is not None
            and self.session is other.session
            and self.trouble == other.trouble
            and [each.statement.id for each in self.pending] == [each.statement.id for each in other.pending]
            and self.clinic is other.clinic
            and self.patient is other.patient
        )

    def _came(self) -> list[PersonCameIn]:
        return [each.fact for each in self.session.history.standing(PersonCameIn)]
