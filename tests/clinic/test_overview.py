"""The overview of a course on paper: every session, each measure by itself, and how it goes on."""

from uuid import UUID, uuid4

from kapdesk import paths
from kapdesk.clinic.course import Adverse, Given, Visited, course
from kapdesk.clinic.overview import overview_of, plot_of
from kapdesk.facts.fact import Fact
from kapdesk.facts.patient import (
    CoursePlanned,
    FormAnswered,
    MaintenancePlanned,
    MilestoneReached,
    PatientRegistered,
    Screened,
    VisitPlanned,
)
from kapdesk.note.sheet import Sheet, text_of
from kapdesk.people.patient import fold
from tests.fakes import happened

FORM = paths.shipped("resources", "forms", "gad-7.toml").read_text(encoding="utf-8")
IM, ORAL = Given("ketamine", "im", 60_000, 882), Given("ketamine", "oral", 100_000, None)
FIRST = Visited(uuid4(), "2026-03-02", 1, "dosing", "locked", 0, (IM,), (150, 92))
SECOND = Visited(
    uuid4(), "2026-03-09", 3, "dosing", "ended", 0, (IM, ORAL), (166, 98), adverse=(Adverse("nausea", "mild", ""),)
)
BETWEEN = Visited(uuid4(), "2026-03-05", 2, "integration", "ended")
KNOWN: tuple[Fact, ...] = (
    PatientRegistered("Sample Patient A", "1984-03-09", "Ania", "NL-7"),
    CoursePlanned("To sleep again.", 6),
    FormAnswered("gad-7", FORM, (3,) * 7, "2026-03-01"),
    FormAnswered("gad-7", FORM, (1,) * 7, "2026-03-09"),
    MilestoneReached("Walked to the market alone."),
    VisitPlanned("dosing", "2026-03-01"),
    VisitPlanned("integration", "2026-03-12", "with her sister"),
    MaintenancePlanned(6, "if the score stays low"),
    Screened("bladder", "Bladder trouble", "no", "asked twice"),
)


def overview(*visits: Visited, known: tuple[Fact, ...] = KNOWN) -> Sheet:
    patient = fold(UUID(int=7), [happened(fact, n, counter=n) for n, fact in enumerate(known)])
    return overview_of(course(patient, visits), "Sample Clinic", "2026-03-10")


def test_it_tells_the_whole_course() -> None:
    said = text_of(overview(FIRST, SECOND, BETWEEN))
    for words in (
        *("Sample Patient A", "1984-03-09", "NL-7", "To sleep again.", "2 of 6", "166/98", "150/92"),
        *("Ketamine IM 60 mg, 0.88 mg/kg", "Ketamine IM 60 mg, 0.88 mg/kg; Ketamine oral 100 mg", "Integration"),
        *("nausea, mild, open", "7 of 21", "Walked to the market alone.", "2026-03-12: with her sister"),
        *("2026-03-01 (that day has passed)", "every 6 weeks: if the score stays low", "no, asked twice"),
    ):
        assert words in said, words


def test_each_medication_and_route_has_a_lane_of_its_own_and_each_form_its_bands() -> None:
    patient = fold(UUID(int=7), [happened(fact, n, counter=n) for n, fact in enumerate(KNOWN)])
    plot = plot_of(course(patient, (FIRST, SECOND)))
    assert plot is not None
    assert [lane.name for lane in plot.lanes] == [
        "Ketamine IM, mg",
        "Ketamine oral, mg",
        "Highest BP, mmHg",
        "GAD-7, of 21",
    ]
    assert [dot.value for dot in plot.lanes[3].dots] == [21, 7]
    assert plot.lanes[3].levels
    assert [mark.words for mark in plot.marks] == ["1", "2"]
    assert "Ketamine IM, mg: 60 on 2026-03-02, 60 on 2026-03-09." in plot.words


def test_a_course_without_a_visit_says_that_nothing_is_planned() -> None:
    sheet = overview(known=KNOWN[:1])
    assert [each.heading for each in sheet.parts] == ["How it goes on"]
    assert "No visit and no maintenance is planned." in text_of(sheet)
