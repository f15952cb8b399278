"""One session as it is told on paper: its clock, its initials, and what was amended. Pure."""

from datetime import UTC, timedelta
from typing import Any, NamedTuple

from kapdesk.clock import MINUTE_US, known_zone, local
from kapdesk.facts.fact import Correction, Struck
from kapdesk.facts.people import DESK, Role
from kapdesk.facts.session import Marked, NoteTaken, PersonCameIn, PersonLeft, SessionFact
from kapdesk.note import wording
from kapdesk.note.paper import Amendment
from kapdesk.people.clinic import Clinic
from kapdesk.record.history import Happening
from kapdesk.session.infusion import gone_in_ug
from kapdesk.session.state import Session

_NOTED_LATER_US = MINUTE_US  # typing takes its time; from a minute on both times are printed


class Person(NamedTuple):
    """Someone who stands in the tables by initials; `came` tells whether they were in the room."""

    id: str
    name: str
    roles: tuple[Role, ...]
    credentials: str
    came: bool
    licence: str = ""


class Telling:
    """What every row of the note needs to know of its session."""

    def __init__(self, session: Session, clinic: Clinic, now_us: int | None = None) -> None:
        """`now_us`: when the paper is made, for what goes on."""
        self.session, self.clinic, self.now_us = session, clinic, now_us
        self.zone_name = (session if session.opened else clinic).time_zone
        known = known_zone(self.zone_name)
        self.zone, self.zone_known = known or UTC, known is not None
        begin = session.first_dose_us if session.first_dose_us is not None else session.arrived_us
        self.zero_us = begin if begin is not None else min((h.at_us for h in session.history), default=0)
        self.day = local(self.zero_us, self.zone).date()
        self.day_after = self.day + timedelta(days=1)
        self._last_us = max((h.at_us for h in session.history if not h.late), default=self.zero_us)
        self.over_midnight = local(self._last_us, self.zone).date() >= self.day_after
        self.people = self._everyone()
        self._initials = wording.initials((person.id, person.name) for person in self.people)
        self._amended: dict[Any, list[Happening]] = {}
        for each in session.history:
            if wording.is_amendment(each.fact) and not (each.struck or each.late or each.dangling):
                self._amended.setdefault(each.fact.target, []).append(each)
        weight = session.weight()
        self.weight_g = weight.weight_g if weight else None

    def printed(self, *kinds: type) -> list[Happening]:
        """What happened of these kinds by the time it happened, the struck ones too; not what was undone at once."""
        found = [h for h in self.session.history if isinstance(h.fact, kinds) and not h.late and not h.undone]
        return sorted(found, key=lambda h: (h.at_us, h.order))

    def clock(self, at_us: int) -> str:
        """Wall clock; on the day after, "00:14 +1 d", and on any other day with its date before it."""
        then = local(at_us, self.zone)
        if then.date() == self.day:
            return f"{then:%H:%M}"
        return f"{then:%H:%M} +1 d" if then.date() == self.day_after else self.dated(at_us)

    def dated(self, at_us: int) -> str:
        """Date and wall clock: "2026-11-20 09:14"."""
        return f"{local(at_us, self.zone):%Y-%m-%d %H:%M}"

    def stamp(self, at_us: int) -> str:
        """Date, time and offset: "2026-11-19 14:10 +01:00"."""
        then = local(at_us, self.zone)
        offset = f"{then:%z}"
        return f"{then:%Y-%m-%d %H:%M} {offset[:3]}:{offset[3:]}"

    @property
    def offset(self) -> str:
        """How far the clock of the visit is from UTC: "UTC+01:00"; two where it was put on or back meanwhile."""
        found = dict.fromkeys(self.stamp(at_us).split()[-1] for at_us in (self.zero_us, self._last_us))
        return ", then ".join(f"UTC{each}" for each in found)

    def written(self, each: Happening) -> str:
        """When something was written down and by whom, in full: "2026-11-20 09:14 +01:00 by Nurse One, RN"."""
        who = next((person for person in self.people if person.id == each.entered_by), None)
        name = f"{who.name}, {who.credentials}" if who is not None and who.credentials else self.name(each.entered_by)
        return f"{self.stamp(each.entered_at_us)} by {name}"

    def given_ug(self, dose: Happening) -> int:
        """How much of a dose the patient has got (µg), of an infusion what has run in; a struck one as it was said."""
        return int(dose.fact.dose_ug) if dose.struck else gone_in_ug(self.session, dose, self.now_us)

    def minute(self, at_us: int) -> str:
        """Whole minutes from the first dose, "−15", counted down from it; empty without a dose."""
        if self.session.first_dose_us is None:
            return ""
        return str((at_us - self.session.first_dose_us) // MINUTE_US).replace("-", "−")

    def unwanted(self, each: Happening) -> bool:
        """Whether the code of a note or state stood for something unwelcome when it was recorded."""
        return self.clinic.unwanted_at(each.fact.code, each.entered_at_us)

    def name(self, person: str) -> str:
        """How someone is called: as in the room, else as the clinic knows them."""
        return next((each.name for each in self.people if each.id == person), self.clinic.name_of(person))

    def said(self, fact: SessionFact) -> str:
        """A fact in one line, with the name of whoever it speaks of."""
        return f"{self.name(fact.person)} left" if isinstance(fact, PersonLeft) else wording.said(fact)

    def licence(self, person: str) -> str:
        """Their licence number, as the clinic knows it; empty where nobody said."""
        return next((each.licence for each in self.people if each.id == person), "")

    def initials(self, person: str) -> str:
        """Who, by their initials; the program by its name."""
        return "KapDesk" if person == DESK else self._initials.get(person, "?")

    def row(self, each: Happening) -> dict[str, Any]:
        """What all rows share: when, who, when it was typed if that was later, and how it was amended."""
        amendments = self._amendments(each)
        entered = self._entered(each)
        if isinstance(each.first, Marked) and (filling := self._filling(each)):
            entered = f"{self.clock(filling.at_us)}, {self.initials(filling.entered_by)}"
        return {
            "clock": self.clock(each.at_us),
            "minute": self.minute(each.at_us),
            "by": self.initials(each.by),
            "entered": entered,
            "struck": each.struck,
            "late": each.late,
            "amendments": tuple(amendments),
        }

    def _entered(self, each: Happening) -> str:
        later = abs(each.entered_at_us - (each.first_at_us or each.at_us)) >= _NOTED_LATER_US
        typed = self.initials(each.entered_by)
        if later:
            return f"{self.clock(each.entered_at_us)}, {typed}"
        return f"by {typed}" if each.by != each.entered_by else ""

    def _amendments(self, each: Happening) -> list[Amendment]:
        made: list[Amendment] = []
        fact, at_us = (each.first, each.first_at_us) if each.first is not None else (each.fact, each.at_us)
        for amendment in self._amended.get(each.id, ()):
            told = {
                "reason": amendment.fact.reason,
                "by": self.initials(amendment.by),
                "clock": self.clock(amendment.at_us),
            }
            if isinstance(amendment.fact, Correction):
                truth, moved = amendment.fact.truth, at_us != amendment.fact.at_us
                if isinstance(fact, Marked) and isinstance(truth, NoteTaken) and not moved:
                    fact = truth  # a mark that got its words later was not wrong
                    continue
                bare = isinstance(fact, NoteTaken) and fact.code and not fact.text and not moved
                if bare and isinstance(truth, NoteTaken) and truth.code == fact.code:
                    fact = truth  # nor was a code
                    continue
                was = wording.before(fact, truth)
                if at_us != amendment.fact.at_us:
                    was = f"{was} at {self.clock(at_us)}"
                made.append(Amendment(what="corrected", was=was, **told))
                fact, at_us = amendment.fact.truth, amendment.fact.at_us
            elif isinstance(amendment.fact, Struck) and not amendment.fact.undo:
                made.append(Amendment(what="struck", **told))
        return made

    def _filling(self, each: Happening) -> Happening | None:
        """What gave a mark its words."""
        corrections = (h for h in self._amended.get(each.id, ()) if isinstance(h.fact, Correction))
        return next((h for h in corrections if isinstance(h.fact.truth, NoteTaken)), None)

    def left_us(self, person: str) -> int | None:
        """When someone of the staff left the room and did not come back."""
        moves = [h for h in self.session.history.standing(PersonCameIn) if h.fact.person == person]
        moves += [h for h in self.session.history.standing(PersonLeft) if h.fact.person == person]
        last = max(moves, key=lambda h: (h.at_us, h.order), default=None)
        return last.at_us if last is not None and isinstance(last.fact, PersonLeft) else None

    def _everyone(self) -> list[Person]:
        """Who was in the room, in the order they came, then everyone else who did or typed something."""
        everyone: dict[str, Person] = {}
        for each in self.session.history.standing(PersonCameIn):
            fact = each.fact
            licence = self.clinic.licences.get(fact.person, "")
            everyone[fact.person] = Person(fact.person, fact.name, fact.roles, fact.credentials, True, licence)
        for each in self.session.history:
            for id_ in (each.by, each.entered_by):
                if id_ != DESK and id_ not in everyone:
                    known = self.clinic.people.get(id_)
                    roles, credentials = (known.roles, known.credentials) if known else ((), "")
                    licence = self.clinic.licences.get(id_, "")
                    everyone[id_] = Person(id_, self.clinic.name_of(id_), roles, credentials, False, licence)
        return list(everyone.values())
