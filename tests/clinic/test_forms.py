"""The clinic's own forms beside the shipped ones, and what may be said of a course."""

import pytest

from kapdesk.clinic.forms import at_hand
from kapdesk.errors import KnownError
from kapdesk.facts.fact import Fact
from kapdesk.facts.patient import FormAnswered, MaintenancePlanned, MilestoneReached, VisitPlanned
from kapdesk.facts.people import Actor
from tests.clinical.test_forms import GOOD
from tests.desk import Desk

WORDING = 'format = 1\nform = "gad-7"\nquestions = [{}]\n'


@pytest.fixture
def nurse(desk: Desk) -> Actor:
    return desk.person()


def own(desk: Desk, name: str, text: str) -> None:
    folder = desk.clinic.log.folder / "forms"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_the_clinics_own_form_stands_first_and_instead_of_a_shipped_one_of_its_id(desk: Desk) -> None:
    own(desk, "mine.toml", GOOD.replace("sample-2", "phq-9").replace('"Sample"', '"Our PHQ"'))
    found = [each.form for each in at_hand(desk.clinic.log.folder) if each.form is not None]
    assert found[0].name == "Our PHQ"
    assert [each.id for each in found].count("phq-9") == 1
    assert "gad-7" in [each.id for each in found]


def test_a_broken_form_is_named_and_hinders_no_other(desk: Desk) -> None:
    own(desk, "broken.toml", GOOD.replace("most = 3", "most = 0"))
    found = at_hand(desk.clinic.log.folder)
    assert [each.trouble for each in found if each.trouble] == [
        "broken.toml, field questions: number 1 goes from 0 to 0; it must go up, within 0 to 1000. Mend the file."
    ]
    assert len([each for each in found if each.form is not None]) == 5


def test_the_official_wording_comes_from_the_clinic_and_never_goes_into_the_record(desk: Desk) -> None:
    own(desk, "gad-7.wording.toml", WORDING.format(", ".join(f'"Official {n}?"' for n in range(7))))
    gad = next(each for each in at_hand(desk.clinic.log.folder) if each.form is not None and each.form.id == "gad-7")
    assert gad.wording is not None
    assert gad.wording.questions[0] == "Official 0?"
    assert "Official" not in gad.toml


def test_a_wording_that_does_not_fit_is_said_and_the_form_stays(desk: Desk) -> None:
    own(desk, "gad-7.wording.toml", WORDING.format('"Only one?"'))
    gad = next(each for each in at_hand(desk.clinic.log.folder) if each.form is not None and each.form.id == "gad-7")
    assert gad.wording is None
    assert gad.trouble == "gad-7.wording.toml, field questions: 1 stand here, GAD-7 has 7. Mend the file."


@pytest.mark.parametrize(
    ("fact", "sentence"),
    [
        (FormAnswered("sample-2", GOOD, (1, 4), "2026-03-02"), "Question 2 of Sample goes from 0 to 3"),
        (FormAnswered("sample-2", GOOD, (None, None), "2026-03-02"), "Nothing was answered"),
        (FormAnswered("sample-2", GOOD, (1,), "2026-03-02"), "has 2 questions"),
        (FormAnswered("phq-9", GOOD, (1, 1), "2026-03-02"), "belongs to another form"),
        (FormAnswered("sample-2", "format = 1", (1, 1), "2026-03-02"), "the answers are still here"),
        (FormAnswered("sample-2", GOOD, (1, 1), "2026-04-02"), "still to come"),
        (FormAnswered("sample-2", GOOD, (1, 1), "yesterday"), "That is no date"),
        (VisitPlanned("integration", "2026-02-01"), "That day has passed"),
        (VisitPlanned("integration", "soon"), "That is no date"),
        (MilestoneReached(" "), "What was reached is missing"),
        (MaintenancePlanned(-1), "1 to 104 weeks"),
        (MaintenancePlanned(500), "1 to 104 weeks"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(desk: Desk, nurse: Actor, fact: Fact, sentence: str) -> None:
    patient = desk.patient(nurse)
    with pytest.raises(KnownError, match=sentence):
        desk.clinic.patient_recorder(patient).record(fact, nurse)


@pytest.mark.parametrize(
    "fact",
    [
        FormAnswered("sample-2", GOOD, (1, None), "2026-02-20"),
        VisitPlanned("integration", "2026-03-09", "by video"),
        MilestoneReached("Slept through"),
        MaintenancePlanned(4),
        MaintenancePlanned(0),
    ],
)
def test_what_can_be_is_kept_word_for_word(desk: Desk, nurse: Actor, fact: Fact) -> None:
    patient = desk.patient(nurse)
    desk.kept(desk.clinic.patient_recorder(patient).record(fact, nurse))
    assert desk.clinic.patient(patient).newest(type(fact)) == fact
