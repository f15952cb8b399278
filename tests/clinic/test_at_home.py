"""A session at home by video: no dose before it is known where they are and who is there; a contact lost and found."""

from datetime import timedelta

import pytest

from kapdesk import paths
from kapdesk.clinic import script
from kapdesk.clinic.demo import make_ready, prepare
from kapdesk.clinic.room import Room
from kapdesk.clinic.scenes import SECOND
from kapdesk.clinic.scenes_at_home import HERE, TAKEN
from kapdesk.clinical.dosing import SELF_TAKEN
from kapdesk.clinical.protocol import parse, read
from kapdesk.errors import KnownError
from kapdesk.facts.fact import Fact
from kapdesk.facts.home import (
    ContactFound,
    ContactLost,
    ContactSought,
    HomeDosesCounted,
    MusicElsewhere,
    PatientLocated,
)
from kapdesk.facts.people import Actor
from kapdesk.facts.session import Cleared, DoseGiven, Ended, NoteTaken, PatientLeft
from kapdesk.note.content import note_of
from kapdesk.note.handover import handover_of
from kapdesk.note.sheet import text_of
from kapdesk.session import at_home, needs
from tests.desk import Desk

FILE = "home-video.toml"
DOSE = DoseGiven("ketamine", 100_000, "sublingual", TAKEN)
THERE = HERE


class Called:
    """A session at home, its therapist at the desk; the patient is on the picture."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.person("Sample Nurse")
        self.room: Room = prepare(desk.clinic, desk.until, protocol_file=FILE, rehearsal=True)
        therapist = self.room.session.present()[0].person
        self.by = Actor(therapist, therapist)

    def says(self, fact: Fact) -> None:
        self.desk.kept(self.room.record(fact, actor=self.by))

    def refused(self, fact: Fact) -> str:
        before = len(self.room.session.history)
        with pytest.raises(KnownError) as told:
            self.says(fact)
        assert len(self.room.session.history) == before
        return str(told.value)

    def dosed(self) -> "Called":
        make_ready(self.room)
        self.says(Cleared())
        self.says(DOSE)
        return self

    def lost(self) -> at_home.Lost:
        found = at_home.lost(self.room.session)
        assert found is not None
        return found

    def lacks(self) -> set[str]:
        plan = self.room.protocol
        assert plan is not None
        asked = needs.before_dose(self.room.session, self.room.patient.known, plan)
        return {need.id for need in asked if not need.met}


@pytest.fixture
def called(desk: Desk) -> Called:
    return Called(desk)


def test_no_dose_before_it_is_known_where_they_are_and_who_is_seen_with_them(called: Called) -> None:
    assert {"location", "companion"} <= called.lacks()
    assert "Where they are now, emergency number, call-back" in called.refused(Cleared())
    called.says(PatientLocated("Sample Street 1", "112", "555-0101", ""))
    assert "location" not in called.lacks()
    called.says(PatientLocated("Sample Street 1", "112", "555-0101", "a friend"))
    assert "under which number they are reached" in called.refused(Cleared())
    called.says(PatientLocated("Sample Street 1", "112", "555-0101", "a friend", "555-0100"))
    assert "to be seen on the picture" in called.refused(Cleared())
    called.says(THERE)
    assert {"location", "companion"} & called.lacks() == set()


def test_where_they_were_in_another_visit_counts_for_nothing(called: Called, desk: Desk) -> None:
    called.says(THERE)
    called.says(Ended("no dose given"))
    again = prepare(desk.clinic, desk.until, protocol_file=FILE, rehearsal=True)
    assert at_home.located(again.session) is None


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (PatientLocated("", "112", "555-0101", "a friend"), "where they are is missing"),
        (PatientLocated("Sample Street 1", " ", "555-0101", "a friend"), "the emergency number there is missing"),
        (PatientLocated("Sample Street 1", "112", "", "a friend"), "the number to call back is missing"),
        (PatientLocated("Sample Street 1", "112", "555-0101", "", companion_seen=True), "Who was seen is missing"),
        (PatientLocated("S" * 501, "112", "555-0101", ""), "too long to be read at a glance"),
        (HomeDosesCounted("", 4, 1, 3), "Of which medication is missing"),
        (HomeDosesCounted("ketamine 100 mg", 4, 2, 3), "4 sent are not 2 taken and 3 left"),
        (HomeDosesCounted("ketamine 100 mg", 1, 2, -1), "below 0"),
        (MusicElsewhere(""), "No music elsewhere is on record"),
        (MusicElsewhere("m" * 501), "too long for this line"),
    ],
)
def test_what_help_could_not_be_sent_by_or_does_not_add_up_is_refused(called: Called, fact: Fact, words: str) -> None:
    assert words in called.refused(fact)


def test_a_contact_is_lost_once_sought_and_found_with_a_word(called: Called) -> None:
    called.dosed().says(ContactLost())
    lost = called.lost()
    assert "on record already" in called.refused(ContactLost())
    called.says(ContactSought(lost.began.id, "phone"))
    assert "How they are is missing" in called.refused(ContactFound(lost.began.id, " "))
    assert "not lost in this session" in called.refused(ContactSought(called.room.id, "companion"))
    called.says(ContactFound(lost.began.id, "calm"))
    assert at_home.lost(called.room.session) is None
    assert "reached again already" in called.refused(ContactSought(lost.began.id, "companion"))
    called.says(ContactLost())
    assert called.lost().began.id != lost.began.id


def test_while_contact_is_lost_nothing_ends_as_completed(called: Called) -> None:
    called.dosed().says(ContactLost())
    assert "Contact is lost" in called.refused(Ended("completed"))
    assert "still needs" in called.refused(PatientLeft("a friend"))
    called.says(Ended("transferred"))
    assert called.room.session.ended is not None


def test_a_finding_is_not_struck_from_under_a_completed_session(called: Called) -> None:
    called.dosed().says(ContactLost())
    called.says(ContactFound(called.lost().began.id, "calm"))
    found = at_home.losses(called.room.session)[0].found
    called.says(Ended("completed"))
    assert found is not None
    with pytest.raises(KnownError, match="the patient had been reached"):
        called.room.strike(found.id, "a slip of the hand")


def test_a_contact_is_not_found_before_it_was_lost(called: Called) -> None:
    called.dosed()
    called.desk.computer.pass_(600)
    called.says(ContactLost())
    called.says(ContactFound(called.lost().began.id, "calm"))
    found = at_home.losses(called.room.session)[0].found
    assert found is not None
    called.room.by = called.by
    with pytest.raises(KnownError, match="over before it began"):
        called.room.correct(found.id, found.fact, found.at_us - 300_000_000, "typed wrong")
    with pytest.raises(KnownError, match="How they are is missing"):
        called.room.correct(found.id, ContactFound(found.fact.lost, ""), found.at_us, "typed wrong")
    with pytest.raises(KnownError, match="Which contact it was stays the same"):
        called.room.correct(found.id, ContactFound(called.room.id, "calm"), found.at_us, "typed wrong")


def test_the_note_tells_every_step_of_it_and_the_ambulance_gets_the_address(called: Called) -> None:
    called.dosed().says(ContactLost())
    lost = called.lost()
    called.desk.computer.pass_(timedelta(minutes=1).total_seconds())
    called.says(ContactSought(lost.began.id, "phone", "no answer"))
    note = note_of(called.room.session, called.room.patient, called.desk.clinic.state)
    (event,) = [each for each in note.events if each.what == "Contact lost"]
    assert event.done.startswith("phone tried at ")
    assert event.done.endswith(" (no answer)")
    assert event.outcome == "Nobody has said that they were reached again"
    called.says(ContactFound(lost.began.id, "calm"))
    note = note_of(called.room.session, called.room.patient, called.desk.clinic.state)
    assert [each.outcome.endswith(": calm") for each in note.events if each.what == "Contact lost"] == [True]
    sheet = handover_of(note)
    for words in (THERE.place, THERE.call_back, THERE.emergency_number, THERE.companion_phone):
        assert words in text_of(sheet)


def test_music_elsewhere_lasts_until_the_next_is_said(called: Called) -> None:
    called.says(MusicElsewhere("their own list"))
    assert at_home.heard_now(called.room.session) == "their own list"
    called.says(MusicElsewhere("rain"))
    called.says(MusicElsewhere(""))
    assert at_home.heard_now(called.room.session) is None
    note = note_of(called.room.session, called.room.patient, called.desk.clinic.state)
    assert [(each.title, each.ended) for each in note.tracks] == [
        ("Played elsewhere: their own list", "as said"),
        ("Played elsewhere: rain", "as said"),
    ]
    assert all(each.until for each in note.tracks)
    assert [(each.began.fact.what, each.over is None) for each in at_home.music(called.room.session)] == [
        ("their own list", False),
        ("rain", False),
    ]


def test_a_protocol_at_home_that_does_not_ask_where_they_are_is_refused() -> None:
    plan, toml = read(paths.shipped("resources", "protocols", FILE))
    assert (plan.setting, plan.leaving.observed_min) == ("home", 120)
    assert "10 Oct 2023" in plan.source
    with pytest.raises(KnownError, match="needs location and companion"):
        parse(toml.replace(', "location", "companion"]', "]"))


def test_who_took_the_dose_stands_whole_in_the_note(called: Called) -> None:
    note = note_of(called.dosed().room.session, called.room.patient, called.desk.clinic.state)
    assert [dose.site for dose in note.doses] == [SELF_TAKEN]


def test_the_script_at_home_tells_of_no_second_injection() -> None:
    plan, _ = read(paths.shipped("resources", "protocols", FILE))
    told = [each.fact.text for each in script.steps_of(plan) if isinstance(getattr(each, "fact", None), NoteTaken)]
    assert told
    assert SECOND not in told
