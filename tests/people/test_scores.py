"""What a patient answered, scored as the form was then, and how it has changed."""

from uuid import uuid4

from kapdesk import paths
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.patient import FormAnswered
from kapdesk.people import scores
from kapdesk.people.patient import Patient, fold
from tests.fakes import happened

GAD = (paths.shipped("resources", "forms") / "gad-7.toml").read_text(encoding="utf-8")
PCL = (paths.shipped("resources", "forms") / "pcl-5.toml").read_text(encoding="utf-8")


def gad(points: int, on: str, toml: str = GAD) -> FormAnswered:
    """All seven answered with so many points in all."""
    return FormAnswered("gad-7", toml, tuple(points // 7 + (n < points % 7) for n in range(7)), on)


def somebody(*said: Fact) -> Patient:
    return fold(uuid4(), [happened(fact, n, counter=n) for n, fact in enumerate(said)])


def test_each_form_by_the_day_it_was_answered_with_its_change_since_the_first_and_the_last() -> None:
    found = scores.scores(somebody(gad(9, "2026-03-16"), gad(14, "2026-03-02"), gad(11, "2026-03-09")))
    assert [scores.told(each) for each in found["gad-7"]] == [
        "14 of 21, moderate",
        "11 of 21, moderate; −3 since the first, −3 since the last",
        "9 of 21, mild; −5 since the first, −2 since the last",
    ]


def test_a_change_that_has_a_name_is_called_by_it() -> None:
    first, then = (
        FormAnswered("pcl-5", PCL, (given,) * 20, on) for given, on in ((3, "2026-03-02"), (2, "2026-04-02"))
    )
    assert "−20 since the first (reliable)" in scores.told(scores.scores(somebody(first, then))["pcl-5"][-1])


def test_without_a_total_nothing_is_held_against_it_and_it_against_nothing() -> None:
    gap = FormAnswered("gad-7", GAD, (3, 3, 3, None, 3, 3, 3), "2026-03-09")
    found = scores.scores(somebody(gad(14, "2026-03-02"), gap, gad(9, "2026-03-16")))["gad-7"]
    assert scores.told(found[1]) == "no total, 1 left out"
    assert (found[2].since_first, found[2].since_last) == (-5, -5)


def test_another_range_under_the_same_name_is_not_compared() -> None:
    wide = GAD.replace("most = 3", "most = 4").replace('"almost daily"]', '"almost daily", "always"]')
    found = scores.scores(somebody(gad(14, "2026-03-02"), gad(9, "2026-03-09", wide)))["gad-7"]
    assert found[1].score is not None
    assert found[1].score.most == 28
    assert found[1].since_first is None


def test_what_cannot_be_read_any_more_is_kept_and_said() -> None:
    (odd,) = scores.scores(somebody(FormAnswered("old", 'name = "Old"', (1, 2), "2026-03-02")))["old"]
    assert (odd.name, odd.score) == ("old", None)
    assert "not readable" in scores.told(odd)


def test_one_that_was_struck_is_not_there() -> None:
    first = happened(gad(14, "2026-03-02"), 0)
    patient = fold(uuid4(), [first, happened(Struck(first.id, "someone else's"), 1)])
    assert scores.scores(patient) == {}
