"""Each sentence that says why not, met at the desk; and what may be recorded all the same."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from kapdesk.clinic.judges import possible
from kapdesk.clinic.own_record import in_clinic
from kapdesk.clinic.roles import permitted
from kapdesk.clinical import protocol
from kapdesk.facts import clinic as clinic_facts
from kapdesk.facts import session as said
from kapdesk.facts.clinic import PersonAdded, StationEnrolled
from kapdesk.facts.fact import Erased, Fact, Struck
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.facts.session import (
    AddendumWritten,
    Cleared,
    Corrected,
    DoseGiven,
    Ended,
    Locked,
    Marked,
    MusicPlanned,
    NoteTaken,
    PatientArrived,
    PhaseEntered,
    PhaseExtended,
    ProtocolChosen,
    TrackStopped,
    VisitOpened,
    VitalsTaken,
    VolumeSet,
    WeightMeasured,
)
from kapdesk.people import clinic as clinic_fold
from kapdesk.people.clinic import Clinic
from kapdesk.record.history import Happening
from kapdesk.record.recorder import Intent
from kapdesk.session.state import Session, fold
from tests.fakes import happened, minute

TOML = (
    'format = 1\nname = "S"\nversion = "1"\nmedication = "ketamine"\nroute = "im"\nvitals_every_min = 15\n'
    '[[phases]]\nphase = "peak"\nminutes = 30\n'
)
CHOSEN = ProtocolChosen(TOML, protocol.sha256(TOML))
MUSIC = MusicPlanned("sample", ())
DOSE = DoseGiven("ketamine", 50_000, "im")
READING = VitalsTaken(120, 80)
HEARD = TrackStopped("Slow water", "slow-water.ogg", 9, 9, "ended")
NOW = 100


def opened(visit: said.Visit = "dosing") -> VisitOpened:
    return VisitOpened(visit, uuid4(), False, "Europe/Warsaw", "a4")


ENTRIES: dict[str, Happening] = {
    name: happened(fact, n, id_=UUID(int=n + 1))
    for n, (name, fact) in enumerate(
        {
            "opened": opened(),
            "plan": CHOSEN,
            "music": MUSIC,
            "arrived": PatientArrived(),
            "note": NoteTaken("calm"),
            "mark": Marked(),
            "reading": READING,
            "cleared": Cleared(),
            "dose": DOSE,
            "heard": HEARD,
            "ended": Ended("completed"),
            "locked": Locked(),
        }.items()
    )
}
NAMES = list(ENTRIES)


def at(last: str, without: str = "") -> Session:
    """The session just after `last`."""
    names = NAMES[: NAMES.index(last) + 1]
    return fold(ENTRIES[name] for name in names if name != without)


def judged(session: Session, fact: Fact, at_minute: float = NOW) -> str | None:
    return possible(session, Intent(fact, ITSELF, minute(at_minute), minute(NOW)))


def id_of(name: str) -> UUID:
    return ENTRIES[name].id


def corrected(name: str, truth: said.SessionFact, at_minute: float = 50) -> Corrected:
    return Corrected(id_of(name), truth, minute(at_minute), "slip")


ERASED = fold([*ENTRIES.values(), happened(Erased("on request", "p-2"), 30)])

REFUSED: dict[str, tuple[Session, Fact, str]] = {
    "opened twice": (at("opened"), opened(), "is open already"),
    "protocol after the dose": (at("dose"), CHOSEN, "The plan cannot be exchanged"),
    "music after the dose": (at("dose"), MUSIC, "The plan cannot be exchanged"),
    "protocol not its own digest": (at("opened"), ProtocolChosen(TOML, "0" * 64), "digest"),
    "protocol unreadable": (at("opened"), ProtocolChosen("x", protocol.sha256("x")), "not readable TOML"),
    "arrived twice": (at("arrived"), PatientArrived(), "noted already"),
    "cleared before arrival": (at("music"), Cleared(), "has not arrived"),
    "dose before cleared": (at("reading"), DOSE, "Not cleared"),
    "dose after the end": (at("ended"), DOSE, "has ended"),
    "no amount": (at("cleared"), DoseGiven("ketamine", 0, "im"), "more than 0 mg"),
    "less than none": (at("cleared"), DoseGiven("ketamine", -5, "im"), "more than 0 mg"),
    "no medication": (at("cleared"), DoseGiven(" ", 50_000, "im"), "medication is missing"),
    "arrival moved behind the dose": (
        at("dose"),
        corrected("arrived", PatientArrived(), 20),
        "before the patient",
    ),
    "a dose moved before the arrival": (at("dose"), corrected("dose", DOSE, 2), "before the patient"),
    "louder than loud": (at("cleared"), VolumeSet(101), "from 0 to 100"),
    "softer than silence": (at("cleared"), VolumeSet(-1), "from 0 to 100"),
    "a phase without end": (at("dose"), PhaseExtended("peak", 13 * 3_600_000), "more than twelve hours"),
    "anything once erased": (ERASED, NoteTaken("x"), "was erased"),
    "phase before the dose": (at("cleared"), PhaseEntered("peak"), "begin with the first dose"),
    "no value": (at("arrived"), VitalsTaken(), "No value was entered"),
    "impossible value": (at("arrived"), VitalsTaken(80, 120), "diastolic must be below systolic"),
    "ended twice": (at("ended"), Ended("completed"), "has ended already"),
    "no dose though given": (at("dose"), Ended("no dose given"), "A dose was given"),
    "completed without a dose": (at("cleared"), Ended("completed"), "No dose was given"),
    "locked while it goes on": (at("dose"), Locked(), "The session goes on"),
    "addendum before signing": (at("ended"), AddendumWritten("x"), "not signed yet"),
    "correcting nothing": (at("dose"), Corrected(uuid4(), DOSE, minute(5), "x"), "is not in this session"),
    "striking nothing": (at("dose"), Struck(uuid4(), "x"), "is not in this session"),
    "another patient": (at("dose"), corrected("opened", opened()), "Whose session this is"),
    "striking the opening": (at("dose"), Struck(id_of("opened"), "x"), "Whose session this is"),
    "another kind": (at("dose"), corrected("dose", NoteTaken("x")), "same kind of thing"),
    "a mark into a dose": (at("dose"), corrected("mark", DOSE), "same kind of thing"),
    "corrected into the impossible": (at("dose"), corrected("reading", VitalsTaken(500)), "is not possible"),
    "corrected into no value": (at("dose"), corrected("reading", VitalsTaken()), "No value was entered"),
    "corrected into no dose": (at("dose"), corrected("dose", DoseGiven("ketamine", 0, "im")), "more than 0 mg"),
    "corrected into nothing named": (at("dose"), corrected("dose", DoseGiven("", 5, "im")), "medication is missing"),
    "what was heard": (at("heard"), corrected("heard", HEARD), "measured and cannot be corrected"),
    "the plan by correction": (at("dose"), corrected("plan", CHOSEN), "The plan cannot be exchanged"),
    "the music by striking": (at("dose"), Struck(id_of("music"), "x"), "The plan cannot be exchanged"),
    "a broken plan by correction": (
        at("music"),
        corrected("plan", ProtocolChosen("x", protocol.sha256("x"))),
        "not readable TOML",
    ),
    "the clearance under a dose": (at("dose"), Struck(id_of("cleared"), "x"), "arrival and clearance stand"),
    "the only dose of a completed session": (at("ended"), Struck(id_of("dose"), "x"), "Correct the end first"),
    "the end against the dose": (at("ended"), corrected("ended", Ended("no dose given")), "A dose was given"),
    "a weight of nothing": (at("arrived"), WeightMeasured(-5, "2026-03-02"), "is not possible"),
    "a weight measured on no day": (at("arrived"), WeightMeasured(67_000, "yesterday"), "is not a date"),
    "a weight of the day after tomorrow": (at("arrived"), WeightMeasured(67_000, "2026-03-04"), "still to come"),
    "an end moved before its dose": (at("ended"), corrected("ended", Ended("completed"), 5), "A dose was given after"),
    "corrected into the future": (at("dose"), corrected("dose", DOSE, NOW + 2), "still to come"),
    "corrected to another day": (at("dose"), corrected("dose", DOSE, 8 - 24 * 60 - 1), "more than a day ago"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_with_its_reason(case: str) -> None:
    session, fact, words = REFUSED[case]
    sentence = judged(session, fact)
    assert sentence is not None
    assert words in sentence
    assert sentence[0].isupper() or sentence[0].isdigit() or sentence.startswith("protocol")
    assert sentence.endswith(".")


ALLOWED: dict[str, tuple[Session, Fact]] = {
    "the opening": (Session(), opened()),
    "a plan before the dose": (at("cleared"), CHOSEN),
    "music before the dose": (at("cleared"), MUSIC),
    "arrival": (at("music"), PatientArrived()),
    "cleared": (at("arrived"), Cleared()),
    "a dose": (at("cleared"), DOSE),
    "a second dose": (at("dose"), DOSE),
    "settle by hand": (at("arrived"), PhaseEntered("settle")),
    "a phase by hand": (at("dose"), PhaseEntered("return")),
    "a reading": (at("opened"), READING),
    "an odd reading that was asked about": (at("opened"), VitalsTaken(205, 100)),
    "an end": (at("dose"), Ended("left against advice", "ride came")),
    "an end without a dose": (at("cleared"), Ended("no dose given", "pressure")),
    "signing": (at("ended"), Locked()),
    "a note after the end": (at("ended"), NoteTaken("asked for water")),
    "an addendum": (at("locked"), AddendumWritten("x")),
    "a corrected time": (at("dose"), corrected("dose", DOSE, 7)),
    "words for a mark": (at("dose"), corrected("mark", NoteTaken("saw the sea"), 5)),
    "a struck dose": (at("dose"), Struck(id_of("dose"), "wrong patient")),
    "a struck end": (at("ended"), Struck(id_of("ended"), "too early")),
    "a struck piece": (at("heard"), Struck(id_of("heard"), "other desk")),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_what_can_be_is_recorded(case: str) -> None:
    assert judged(*ALLOWED[case]) is None


@pytest.mark.parametrize("visit", ["preparation", "integration", "follow-up"])
def test_a_visit_that_is_no_dosing_is_completed_without_a_dose(visit: said.Visit) -> None:
    assert judged(fold([happened(opened(visit), 0)]), Ended("completed")) is None


@pytest.mark.parametrize(("at_minute", "words"), [(NOW + 1.1, "still to come"), (NOW - 24 * 60 - 1, "more than a day")])
def test_a_time_still_to_come_or_long_gone_is_refused(at_minute: float, words: str) -> None:
    assert words in (judged(at("dose"), NoteTaken("x"), at_minute) or "")


@pytest.mark.parametrize("at_minute", [NOW, NOW + 0.9, NOW - 24 * 60 + 1])
def test_a_time_up_to_now_within_a_day_is_taken(at_minute: float) -> None:
    assert judged(at("dose"), NoteTaken("x"), at_minute) is None


def test_yesterdays_session_can_still_be_put_right_before_it_is_signed() -> None:
    dose = corrected("dose", DoseGiven("ketamine", 45_000, "im"), 8)
    for amendment in (dose, corrected("note", NoteTaken("calm, eyes open"), 4), Struck(id_of("mark"), "slip")):
        assert possible(at("ended"), Intent(amendment, ITSELF, minute(30 * 60), minute(30 * 60))) is None


EVERYTHING: list[Fact] = [
    *(fact for _, fact in ALLOWED.values() if not isinstance(fact, AddendumWritten)),
    *(fact for _, fact, _ in REFUSED.values() if not isinstance(fact, AddendumWritten)),
    Struck(id_of("locked"), "x"),
    Corrected(id_of("locked"), Locked(), minute(9), "x"),
    said.ComputerSlept(60_000),
    said.VolumeSet(5),
    said.PatientLeft("Sample Escort"),
]


@pytest.mark.parametrize("fact", EVERYTHING, ids=lambda fact: type(fact).__name__)
def test_after_signing_everything_but_addenda_is_refused(fact: Fact) -> None:
    assert "signed and locked" in (judged(at("locked"), fact) or "")


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("desk", None),
        ("nurse", None),
        ("clerk", "Sample Clerk (records) may read here, not write."),
        ("nobody", "Nobody is chosen under “By”."),
    ],
)
def test_who_may_write_in_a_session(by: str, words: str | None) -> None:
    people = {
        "nurse": PersonAdded("nurse", "Sample Nurse One", ("medical staff",)),
        "clerk": PersonAdded("clerk", "Sample Clerk", ("records",)),
    }
    judge: Callable[[object, Intent], str | None] = permitted(lambda: Clinic(people=people), "session")
    for actor in (Actor(by, by), Actor(by, "nurse"), Actor("nurse", by)):
        told = judge(None, Intent(Marked(), actor, 0, 0))
        assert (told is None) if words is None else (told is not None and told.startswith(words))


def test_a_dose_from_before_the_arrival_is_refused() -> None:
    assert "before the patient arrived" in (judged(at("cleared"), DOSE, at_minute=2) or "")
    assert judged(at("cleared"), DOSE, at_minute=3) is None


def test_of_the_clinics_own_record_only_people_are_corrected_and_nothing_is_erased() -> None:
    station, person = StationEnrolled("room-1", "Room 1", "00"), PersonAdded("p-1", "Sample Nurse", ("medical staff",))
    enrolled, added = happened(station, 0), happened(person, 1)
    clinic = clinic_fold.fold([enrolled, added])

    def asked(fact: Fact) -> str | None:
        return in_clinic(clinic, Intent(fact, ITSELF, minute(2), minute(2)))

    renamed = PersonAdded("p-1", "Sample Nurse One", ("medical staff",))
    assert asked(clinic_facts.Corrected(added.id, renamed, minute(1), "married")) is None
    assert asked(Struck(added.id, "entered twice")) is None
    assert asked(station) is None
    other_key = StationEnrolled("room-1", "Room 1", "11")
    for refused in (
        clinic_facts.Corrected(enrolled.id, other_key, minute(0), "x"),
        clinic_facts.Corrected(added.id, other_key, minute(0), "x"),
        Struck(enrolled.id, "x"),
        Struck(uuid4(), "x"),
    ):
        assert (asked(refused) or "").startswith("That stands as it is")
    assert asked(Erased("on request", "p-2")) == "The clinic's own record is never erased."
    said_anyway = [happened(clinic_facts.Corrected(enrolled.id, other_key, minute(0), "x"), 3), happened(other_key, 4)]
    assert clinic_fold.fold([enrolled, *said_anyway]).stations == {"room-1": station}


def test_nobody_erases_in_a_session_and_an_undo_is_for_seconds() -> None:
    """Erasing takes two people, and comes with its own way."""
    session = fold([happened(opened(), 0), happened(PatientArrived(), 1), note := happened(NoteTaken("slip"), 2)])

    def asked(fact: Fact, now: float) -> str | None:
        return possible(session, Intent(fact, ITSELF, minute(now), minute(now)))

    assert asked(Erased("asked for", "p-2"), 3) == "That cannot be recorded here. Nothing was changed."
    assert asked(Struck(note.id, "", undo=True), 2.1) is None
    assert (asked(Struck(note.id, "", undo=True), 60) or "").startswith("That was more than a few seconds ago.")
    assert asked(Struck(note.id, "wrong patient"), 60) is None
