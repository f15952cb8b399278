"""States and psychotherapy at the one way in: begun once, ended once, never backwards; the clinic's own codes."""

import pytest

from kapdesk.clinic import staff
from kapdesk.clinic.audit import entries
from kapdesk.clinical.codes import DEFAULTS
from kapdesk.errors import KnownError
from kapdesk.facts.care import PsychotherapyBegan, PsychotherapyOver, StateBegan, StateOver
from kapdesk.facts.clinic import Code, CodeWords
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import Corrected, Ended, PatientArrived
from kapdesk.record.recorder import Recording
from kapdesk.session import lasting
from tests.desk import Desk
from tests.fakes import MINUTE_US


class Here:
    """A session that goes on, and who says what happens in it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.nurse = desk.person("Sample Nurse")
        self.room = desk.room(self.nurse)
        self.says(PatientArrived())

    def says(self, fact: Fact, ago_min: float = 0) -> Recording:
        at_us = self.room.now_us() - round(ago_min * MINUTE_US)
        recording = self.room.record(fact, at_us, actor=self.nurse)
        self.desk.kept(recording)
        return recording


@pytest.fixture
def here(desk: Desk) -> Here:
    return Here(desk)


def test_a_state_begins_once_and_ends_once(here: Here) -> None:
    began = here.says(StateBegan("Eyes", "closed")).statement.id
    with pytest.raises(KnownError, match="“Eyes” is on already"):
        here.says(StateBegan("Eyes"))
    here.says(StateOver(began))
    with pytest.raises(KnownError, match="That is over already"):
        here.says(StateOver(began))
    here.says(StateBegan("Eyes"))
    assert len(lasting.states(here.room.session)) == 2


def test_an_end_of_nothing_and_one_before_its_beginning_are_refused(here: Here) -> None:
    wrong = here.says(PsychotherapyBegan("supportive")).statement.id
    with pytest.raises(KnownError, match="not in this session"):
        here.says(StateOver(wrong))
    began = here.says(StateBegan("Eyes")).statement.id
    with pytest.raises(KnownError, match="That is before it began"):
        here.says(StateOver(began), ago_min=3)


def test_a_correction_turns_nothing_round(here: Here) -> None:
    began = here.says(StateBegan("Eyes"), ago_min=5).statement.id
    over = here.says(StateOver(began), ago_min=2)
    with pytest.raises(KnownError, match="over before it began"):
        here.says(Corrected(began, StateBegan("Eyes"), here.room.now_us(), "later"))
    with pytest.raises(KnownError, match="What is over stays the same"):
        here.says(Corrected(over.statement.id, StateOver(over.statement.id), here.room.now_us(), "another"))
    here.says(Corrected(began, StateBegan("Eyes", "half open"), here.room.now_us() - 4 * MINUTE_US, "later"))
    assert lasting.states(here.room.session)[0].words == "half open"


def test_psychotherapy_has_a_modality_and_one_at_a_time(here: Here) -> None:
    with pytest.raises(KnownError, match="The modality is missing"):
        here.says(PsychotherapyBegan(" "))
    began = here.says(PsychotherapyBegan("parts work")).statement.id
    with pytest.raises(KnownError, match=r"Psychotherapy \(parts work\) is on record already"):
        here.says(PsychotherapyBegan("EMDR"))
    here.says(PsychotherapyOver(began))
    here.says(PsychotherapyBegan("EMDR"))


def test_after_the_end_nothing_begins_but_what_was_forgotten(here: Here) -> None:
    here.says(Ended("no dose given"), ago_min=1)
    with pytest.raises(KnownError, match="The session has ended"):
        here.says(StateBegan("Eyes"))
    here.says(StateBegan("Eyes", "closed"), ago_min=4)


def test_the_clinics_codes_are_for_whoever_may_set_and_what_was_noted_keeps_its_meaning(desk: Desk) -> None:
    clinic, nurse = desk.clinic, desk.person("Sample Nurse")
    runs = desk.person("Sample Clinic Lead", "administrator")
    with pytest.raises(KnownError):
        staff.set_codes(clinic, (Code("Voice"),), (), nurse)
    with pytest.raises(KnownError, match="stands there twice"):
        staff.set_codes(clinic, (Code("Voice"), Code("voice")), (), runs)
    assert clinic.state.codes == DEFAULTS
    before_us = clinic.clock.now().utc_us
    desk.computer.pass_(60)
    desk.kept(staff.set_codes(clinic, (Code("Voice", lasts=True), Code("Shaking", unwanted=True)), (), runs))
    assert [code.word for code in clinic.state.codes] == ["Voice", "Shaking"]
    assert entries(clinic)[-1].what == "codes: Voice (lasts), Shaking (unwanted)"
    now_us = clinic.clock.now().utc_us
    assert clinic.state.unwanted_at("Nausea", before_us)
    assert not clinic.state.unwanted_at("Nausea", now_us)
    assert clinic.state.unwanted_at("Shaking", now_us)


def test_what_a_code_says_is_kept_with_the_codes_or_neither_is(desk: Desk) -> None:
    clinic, runs = desk.clinic, desk.person("Sample Clinic Lead", "administrator")
    codes = (Code("Voice", lasts=True),)
    before_us = clinic.clock.now().utc_us
    with pytest.raises(KnownError, match="longer than 40"):
        staff.set_codes(clinic, codes, (CodeWords("Voice", "x" * 41),), runs)
    desk.settle()
    assert (clinic.state.codes, clinic.state.code_words) == (DEFAULTS, ())
    desk.computer.pass_(60)
    said = (CodeWords("Voice", "Voice begins", "silent again"),)
    desk.kept(staff.set_codes(clinic, codes, said, runs))
    assert (clinic.state.codes, clinic.state.code_words) == (codes, said)
    assert "“Voice begins”, “silent again” for Voice" in entries(clinic)[-1].what
    assert clinic.state.lasting_words_at("Voice", before_us) == CodeWords("Voice")
    assert clinic.state.lasting_words_at("Voice", clinic.clock.now().utc_us) == said[0]
