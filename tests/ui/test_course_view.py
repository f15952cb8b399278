"""What the course page draws and lists of a course of six sessions and of one that went on for years."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

from PySide6.QtWidgets import QAbstractButton, QApplication
from uuid_utils.compat import uuid7

from kapdesk import paths
from kapdesk.clinic.course import Adverse, Course, Given, Visited, course
from kapdesk.facts.music import MusicRated
from kapdesk.facts.patient import CoursePlanned, FormAnswered, PatientRegistered, Screened
from kapdesk.people.patient import fold
from tests.fakes import happened
from ui.course import plot
from ui.course.page import MOST_SHOWN, CoursePage, CourseShown
from ui.course.plot import CoursePlot
from ui.course.reading import flagged, playlist_rows, taken_rows, view_of, visit_rows, watch_rows
from ui.widgets.label import Label

PHQ = (paths.shipped("resources", "forms") / "phq-9.toml").read_text(encoding="utf-8")
FIRST = date(2026, 1, 19)
TODAY = "2026-03-02"


def of(count: int) -> Course:
    """So many weekly sessions, the first by mouth, the others by injection, each followed by a questionnaire."""
    said = [
        PatientRegistered("Sample Patient A", "1980-01-01"),
        CoursePlanned("sleep", 6),
        Screened("bladder", "Bladder symptoms", "yes", "at night"),
    ]
    visits = [Visited(uuid4(), (FIRST - timedelta(days=5)).isoformat(), 0, "preparation", "locked")]
    for n in range(count):
        on = (FIRST + timedelta(days=7 * n)).isoformat()
        said.append(FormAnswered("phq-9", PHQ, (*(max(0, 2 - n // 2),) * 8, 1 if n == 0 else 0, 1), on))
        route = Given("ketamine", "oral", 200_000, 2857) if n == 0 else Given("ketamine", "im", 55_000, 785)
        adverse = (Adverse("nausea", "mild", ""),) if n == 1 else ()
        rated = ({"CADSS-6": 12}, {"MOAA/S": 4})
        visits.append(Visited(uuid4(), on, n + 1, "dosing", "locked", 0, (route,), (148 + n, 92), *rated, adverse))  # type: ignore[arg-type]
    return course(fold(UUID(int=7), [happened(fact, n, counter=n) for n, fact in enumerate(said)]), visits)


def test_each_route_scale_and_form_has_a_lane_of_its_own() -> None:
    view = view_of(of(6))
    assert [lane.name for lane in view.lanes] == [
        "Ketamine oral",
        "Ketamine IM",
        "Highest pressure, mmHg",
        "Highest CADSS-6, of 24",
        "Lowest MOAA/S",
        "PHQ-9, of 27",
    ]
    assert [len(lane.dots) for lane in view.lanes] == [1, 5, 6, 6, 6, 6]
    assert view.lanes[1].dots[0].label == "55 mg"
    assert view.lanes[1].dots[0].below == "0.79 mg/kg"
    assert [level.at for level in view.lanes[-1].levels] == [5, 10, 15, 20]


def test_all_that_is_drawn_is_said_too() -> None:
    said = plot.said(view_of(of(6)))
    assert "Highest pressure, mmHg: 148/92, 149/92, 150/92, 151/92, 152/92, 153/92" in said
    assert "PHQ-9, of 27: 17, 16, 8, 8, 0, 0" in said


def test_the_lists_hold_what_is_drawn_with_the_place_in_the_course() -> None:
    rows = visit_rows(of(6), TODAY)
    assert [row.what for row in rows][-2:] == ["Dosing · session 1 of 6", "Preparation"]
    assert rows[-3].said == "IM 55 mg, 0.79 mg/kg · highest 149/92 · CADSS-6 12 · lowest MOAA/S 4 · nausea, mild, open"
    assert taken_rows(of(2), TODAY)[0].said == "16 of 27, moderately severe; −1 since the first, −1 since the last"
    assert watch_rows(of(6), TODAY, "Europe/Warsaw") == (
        "Bladder: yes on 2 March (at night)",
        "Memory, thinking: never asked",
        "Use: never asked",
        "26 January: nausea, mild, open",
    )


def test_a_flag_holds_until_the_same_form_says_otherwise() -> None:
    assert flagged(of(1)) is not None
    assert flagged(of(2)) is None


def test_no_mark_leaves_the_plot_and_later_days_stand_further_right(dusk: None) -> None:
    shown = CoursePlot()
    shown.resize(900, 600)
    view = view_of(of(6))
    shown.display(view)
    places = [shown.place(dot.day) for dot in view.lanes[2].dots]
    assert places == sorted(set(places))
    assert places[0] >= 0
    assert places[-1] <= shown.width()
    assert not shown.grab().isNull()


def test_a_single_visit_is_drawn_too(light: Callable[..., None]) -> None:
    for name in ("dusk", "dim", "day"):
        light(name)
        shown = CoursePlot()
        shown.display(view_of(of(1)))
        assert not shown.grab().isNull()


def test_a_course_of_years_lists_its_newest_lines_and_the_others_when_asked(dusk: None, qapp: QApplication) -> None:
    page = CoursePage()
    page.display(CourseShown(of(60), (), {}, TODAY))
    page.show()

    def lines() -> int:
        buttons = page.findChildren(QAbstractButton)
        return len([each for each in buttons if each.isVisible() and " of 27" in each.accessibleName()])

    assert lines() == MOST_SHOWN
    older = next(each for each in page.findChildren(QAbstractButton) if "older lines" in each.accessibleName())
    assert older.accessibleName() == "Show the 97 older lines"
    older.click()
    qapp.processEvents()
    assert lines() == 60
    assert not older.isVisible()


def test_how_the_music_was_has_lanes_of_its_own_and_is_never_summed() -> None:
    rated = [
        Visited(uuid4(), "2026-01-19", 1, "dosing", "locked", music=MusicRated("carried", "", 7, 8)),
        Visited(uuid4(), "2026-01-26", 2, "dosing", "locked", music=MusicRated("did-not", "the choir", 2)),
    ]
    lanes = {
        lane.name: [dot.value for dot in lane.dots] for lane in view_of(course(fold(UUID(int=7), []), rated)).lanes
    }
    assert lanes == {"Music: liking, of 10": [7, 2], "Music: resonance, of 10": [8]}


def rated(carried: str, playlist: str = "First Light") -> Visited:
    """A visit after which the music was asked about."""
    return Visited(uuid7(), "2026-01-19", 0, "dosing", "locked", playlist=playlist, music=MusicRated(carried))  # type: ignore[arg-type]


def test_of_each_playlist_it_is_said_how_often_it_carried() -> None:
    asked = [rated("carried"), rated("did-not"), rated("carried"), rated("partly", "Low Tide")]
    unasked = Visited(uuid4(), "2026-02-19", 0, "dosing", "locked", playlist="First Light")
    found = course(of(1).patient, [*asked, unasked])
    assert playlist_rows(found) == ("First Light: carried 2 of 3", "Low Tide: carried 0 of 1, 1 in part")


def test_the_course_page_shows_the_playlists_and_none_where_nobody_asked(qapp: QApplication) -> None:
    page = CoursePage()
    page.resize(1100, 900)
    page.show()
    page.display(CourseShown(course(of(2).patient, [rated("carried")]), (), {}, TODAY))
    assert page._music.isVisible()
    assert page._music.findChildren(Label)[-1].text() == "First Light: carried 1 of 1"
    page.display(CourseShown(of(2), (), {}, TODAY))
    assert not page._music.isVisible()
