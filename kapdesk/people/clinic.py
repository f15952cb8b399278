"""What the clinic is: its name, its people, its stations."""

from collections.abc import Iterable
from datetime import tzinfo

import msgspec

from kapdesk.clinical.codes import DEFAULTS
from kapdesk.clock import zone
from kapdesk.facts.clinic import (
    ClinicFounded,
    Code,
    CodesSet,
    CodeWords,
    CodeWordsSet,
    HeadsKept,
    LockAfterSet,
    NotePart,
    NoteTemplateSet,
    PersonAdded,
    ProtocolApproved,
    RecordRestored,
    RetentionSet,
    StaffLeft,
    StationEnrolled,
)
from kapdesk.facts.fact import Correction, Struck
from kapdesk.facts.filing import FilingSet, TrayDaysSet
from kapdesk.facts.letterhead import CountedMinutesSet, LetterheadSet, LicenceNumberSet
from kapdesk.facts.people import DESK
from kapdesk.facts.seal import SealMade, TimeStampsSet
from kapdesk.record.history import Happening, History

LOCK_AFTER_MIN, KEPT_YEARS = 10, 10
"""What holds until the clinic decides. Examples: the clinic approves its own, by the law of its country."""

TRAY_DAYS = TrayDaysSet(sign=1, countersign=3, file=3)
"""So soon after a visit its note is signed, countersigned and filed. Examples: the clinic decides."""


class Clinic(msgspec.Struct, frozen=True):
    """The clinic as its facts add up to it. People and stations by id, in the order they came.

    `seals` are the certificates its papers were signed with, the newest last; `time_stamps` who stamps their time;
    `counted` the minutes it bills, None until it has said.
    """

    history: History = History()
    founded: ClinicFounded | None = None
    people: dict[str, PersonAdded] = {}
    stations: dict[str, StationEnrolled] = {}
    heads: tuple[HeadsKept, ...] = ()
    left: frozenset[str] = frozenset()
    lock_after_min: int = LOCK_AFTER_MIN
    kept_years: int = KEPT_YEARS
    approved: frozenset[str] = frozenset()
    code_sets: tuple[tuple[int, tuple[Code, ...]], ...] = ()
    template: tuple[NotePart, ...] = ()
    word_sets: tuple[tuple[int, tuple[CodeWords, ...]], ...] = ()
    seals: tuple[SealMade, ...] = ()
    time_stamps: str = ""
    filing: FilingSet | None = None
    tray_days: TrayDaysSet = TRAY_DAYS
    letterhead: tuple[str, ...] = ()
    licences: dict[str, str] = {}
    counted: CountedMinutesSet | None = None

    @property
    def name(self) -> str:
        """Its name; "" before it was founded."""
        return self.founded.name if self.founded is not None else ""

    @property
    def demo(self) -> bool:
        """Whether everything in it is invented."""
        return self.founded is not None and self.founded.demo

    @property
    def time_zone(self) -> str:
        """The name of the zone it is in; "UTC" before it was founded."""
        return self.founded.time_zone if self.founded is not None else "UTC"

    @property
    def zone(self) -> tzinfo:
        """The zone it is in."""
        return zone(self.time_zone)

    @property
    def codes(self) -> tuple[Code, ...]:
        """The codes of now, in the order of their keys."""
        return self.code_sets[-1][1] if self.code_sets else DEFAULTS

    @property
    def code_words(self) -> tuple[CodeWords, ...]:
        """What is said of the lasting codes now."""
        return self.word_sets[-1][1] if self.word_sets else ()

    def codes_at(self, at_us: int) -> tuple[Code, ...]:
        """The codes that held at an instant (UTC µs): what a session recorded then is read by them for ever."""
        return next((codes for from_us, codes in reversed(self.code_sets) if from_us <= at_us), DEFAULTS)

    def lasting_words_at(self, word: str, at_us: int) -> CodeWords:
        """What was said where a code began and was over, by what held at an instant (UTC µs)."""
        held = next((words for from_us, words in reversed(self.word_sets) if from_us <= at_us), ())
        return next((each for each in held if each.word == word), CodeWords(word))

    def unwanted_at(self, word: str, at_us: int) -> bool:
        """Whether a word stood for something unwelcome at an instant (UTC µs)."""
        return any(code.word == word and code.unwanted for code in self.codes_at(at_us))

    @property
    def staff(self) -> dict[str, PersonAdded]:
        """Those who work here."""
        return {id_: person for id_, person in self.people.items() if id_ not in self.left}

    def lines_of(self, station: str) -> tuple[str, ...]:
        """A station and those whose place it took on its computer, newest first."""
        line = [station]
        for each in reversed(self.history.standing(RecordRestored)):
            if each.fact.station == line[-1]:
                line.append(each.fact.before)
        return tuple(line)

    def name_of(self, person: str) -> str:
        """How someone is called on screen and paper; the program itself is KapDesk."""
        if person == DESK:
            return "KapDesk"
        known = self.people.get(person)
        return known.name if known else "Unknown"


def evolve(clinic: Clinic, new: Happening) -> Clinic:
    """The clinic after one more happening, whenever in its one order that comes. Total.

    Of most that comes nothing but the history is read here, and that grows without being gone through again. A
    session's heads, of which there are most, are gone through once.
    """
    history = clinic.history.add(new)
    if clinic.history.precedes(new) or isinstance(new.fact, _READ):
        return _read(history)
    if isinstance(new.fact, HeadsKept):
        return msgspec.structs.replace(clinic, history=history, heads=_heads(history))
    return msgspec.structs.replace(clinic, history=history)


_READ = (
    *(ClinicFounded, PersonAdded, StaffLeft, StationEnrolled, ProtocolApproved),
    *(LockAfterSet, RetentionSet, CodesSet, CodeWordsSet, NoteTemplateSet, SealMade, TimeStampsSet),
    *(FilingSet, TrayDaysSet, LetterheadSet, LicenceNumberSet, CountedMinutesSet, Correction, Struck),
)
"""What changes more than the history: what `_read` reads (but for `HeadsKept`), and what amends any of it."""


def fold(happenings: Iterable[Happening]) -> Clinic:
    """All that was recorded of the clinic, from however many stations."""
    return _read(History(happenings))


def _read(history: History) -> Clinic:
    founded = history.standing(ClinicFounded)
    return Clinic(
        history,
        founded[0].fact if founded else None,
        {h.fact.person: h.fact for h in history.standing(PersonAdded)},
        _stations(history),
        _heads(history),
        frozenset(h.fact.person for h in history.standing(StaffLeft)),
        next((h.fact.minutes for h in reversed(history.standing(LockAfterSet))), LOCK_AFTER_MIN),
        next((h.fact.years for h in reversed(history.standing(RetentionSet))), KEPT_YEARS),
        frozenset(h.fact.sha256 for h in history.standing(ProtocolApproved)),
        tuple((h.at_us, h.fact.codes) for h in history.standing(CodesSet)),
        next((h.fact.parts for h in reversed(history.standing(NoteTemplateSet))), ()),
        tuple((h.at_us, h.fact.words) for h in history.standing(CodeWordsSet)),
        tuple(h.fact for h in sorted(history.standing(SealMade), key=lambda h: h.order)),
        next((h.fact.url for h in reversed(history.standing(TimeStampsSet))), ""),
        next((h.fact for h in reversed(history.standing(FilingSet))), None),
        next((h.fact for h in reversed(history.standing(TrayDaysSet))), TRAY_DAYS),
        next((h.fact.lines for h in reversed(history.standing(LetterheadSet))), ()),
        {h.fact.person: h.fact.number for h in history.standing(LicenceNumberSet)},
        next((h.fact for h in reversed(history.standing(CountedMinutesSet))), None),
    )


def _heads(history: History) -> tuple[HeadsKept, ...]:
    return tuple(h.fact for h in history.standing(HeadsKept))


def _stations(history: History) -> dict[str, StationEnrolled]:
    """By the first word on each: what it has signed verifies for ever, whatever is said of it later."""
    stations: dict[str, StationEnrolled] = {}
    for each in history.said():
        if isinstance(each.fact, StationEnrolled):
            stations.setdefault(each.fact.station, each.fact)
    return stations
