"""Questionnaires: those that ship are whole, a total never lies, and what is left out never lowers it silently."""

import re
from itertools import groupby, pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapdesk import paths
from kapdesk.clinical import forms
from kapdesk.clinical.forms import Form, Question, Subscale, doubt, parse, parse_wording, score, told
from kapdesk.errors import KnownError

SHIPPED = sorted(paths.shipped("resources", "forms").glob("*.toml"))
GOOD = """
format = 1
id = "sample-2"
name = "Sample"
version = "1"
licence = "ours"
citation = "nobody"
least = 0
most = 3
better = "less"
questions = [{ words = "One" }, { words = "Two" }]
bands = [{ at_least = 2, words = "some" }, { at_least = 5, words = "much" }]
changes = [{ at_least = 2, words = "response" }]
flags = [{ item = 2, at_least = 1, words = "Two" }]
"""


def shipped(id_: str) -> Form:
    return parse((paths.shipped("resources", "forms") / f"{id_}.toml").read_text())


@st.composite
def answered(draw: st.DrawFn) -> tuple[Form, forms.Answers]:
    """A form of any shape, and answers to it with gaps."""
    count = draw(st.integers(1, 12))
    least, most = draw(st.sampled_from([(0, 3), (0, 4), (1, 5), (0, 100)]))
    counted = draw(st.lists(st.booleans(), min_size=count, max_size=count).filter(any))
    reverse = draw(st.lists(st.booleans(), min_size=count, max_size=count))
    questions = tuple(
        Question(f"Topic {n}", reverse=turned, counted=kept)
        for n, (kept, turned) in enumerate(zip(counted, reverse, strict=True))
    )
    fill = draw(st.integers(0, sum(counted) - 1))
    part = Subscale("part", tuple(draw(st.sets(st.integers(1, count), min_size=1))))
    form = Form(
        1, "any", "Any", "1", "ours", "nobody", least, most, questions, fill_missing_up_to=fill, subscales=(part,)
    )
    answer = st.none() | st.integers(least, most)
    return form, tuple(draw(st.lists(answer, min_size=count, max_size=count).filter(any_given)))


def any_given(answers: list[int | None]) -> bool:
    return any(each is not None for each in answers)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_form_is_whole_names_its_licence_and_source_and_says_that_it_is_an_example(path: Path) -> None:
    toml = path.read_text(encoding="utf-8")
    form = parse(toml, path.name)
    assert path.stem == form.id
    assert form.licence
    assert form.citation
    assert form.source
    assert toml.startswith("# An example.")
    assert "approved by the clinic's medical director" in toml


def stretches(form: Form) -> list[tuple[str, int]]:
    """What every total from the least to the most is called, and how many in a row are called so."""
    least, most = form.range_over(form.counted)
    called = [forms.band_of(form, total) for total in range(least, most + 1)]
    return [(name, len(list(each))) for name, each in groupby(called)]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_bands_of_a_shipped_form_cover_its_range_once_each_and_in_order(path: Path) -> None:
    form = parse(path.read_text(encoding="utf-8"), path.name)
    names = [name for name, _ in stretches(form)]
    assert names == ["", *(each.words for each in form.bands)]


@given(st.lists(st.integers(0, 27), min_size=1, max_size=6, unique=True).map(sorted))
def test_whatever_bands_a_form_is_read_with_every_total_lies_in_one_of_them_or_below_the_first(
    starts: list[int],
) -> None:
    bands = ", ".join(f'{{ at_least = {each}, words = "from {each}" }}' for each in starts)
    toml = re.sub(r"bands = .*", f"bands = [{bands}]", GOOD.replace("most = 3", "most = 14")).replace(
        '[{ at_least = 2, words = "response" }]', "[]"
    )
    found = stretches(parse(toml))
    below = [("", starts[0])] if starts[0] else []
    assert found == [*below, *((f"from {a}", b - a) for a, b in pairwise([*starts, 29]))]


def test_those_that_may_not_be_shipped_are_not() -> None:
    ids = {path.stem for path in SHIPPED}
    assert ids == {"phq-9", "gad-7", "pcl-5", "meq-30-score", "ebi-score"}


@pytest.mark.parametrize(
    ("total", "band"),
    [(0, ""), (4, ""), (5, "mild"), (9, "mild"), (10, "moderate"), (15, "moderately severe"), (20, "severe")],
)
def test_the_bands_of_the_phq_9_are_those_published(total: int, band: str) -> None:
    assert forms.band_of(shipped("phq-9"), total) == band


def test_the_phq_9_goes_to_27_and_how_hard_it_makes_life_is_not_in_it() -> None:
    found = score(shipped("phq-9"), (3,) * 10)
    assert (found.total, found.most, found.band) == (27, 27, "severe")
    assert score(shipped("phq-9"), (*(0,) * 9, 3)).total == 0


@pytest.mark.parametrize(("given_", "count"), [(0, 0), (1, 1), (3, 1), (None, 0)])
def test_any_thought_of_death_is_flagged_whatever_the_total(given_: int | None, count: int) -> None:
    found = score(shipped("phq-9"), (*(0,) * 8, given_, 0))
    assert len(found.flags) == count


def test_the_clusters_of_the_pcl_5_hold_each_question_once() -> None:
    form = shipped("pcl-5")
    assert sorted(n for part in form.subscales for n in part.items) == list(range(1, 21))
    found = score(form, tuple(n % 5 for n in range(20)))
    assert found.total == sum(part.points or 0 for part in found.parts) == 40
    assert forms.parts_told(found) == "B 10 of 20, C 1 of 8, D 15 of 28, E 14 of 24"


def test_a_question_left_out_leaves_no_total_where_the_form_has_no_rule_for_it() -> None:
    found = score(shipped("gad-7"), (3, 3, 3, 3, 3, 3, None))
    assert (found.total, found.band, found.missing) == (None, "", 1)
    assert told(found) == "no total, 1 left out"


def test_by_the_forms_own_rule_what_is_left_out_counts_as_the_mean_and_is_said() -> None:
    form = msgspec.structs.replace(shipped("gad-7"), fill_missing_up_to=2)
    found = score(form, (3, 3, 3, 3, 3, None, None))
    assert told(found) == "21 of 21, severe, 2 left out, filled by the form’s rule"
    assert score(form, (3, 3, 3, 3, None, None, None)).total is None


def test_a_change_is_called_by_the_forms_words_only_when_it_is_for_the_better() -> None:
    pcl = shipped("pcl-5")
    assert [forms.change_of(pcl, by) for by in (-9, -10, -15, 16)] == ["", "meaningful", "reliable", ""]


@settings(deadline=None)
@given(answered())
def test_a_total_lies_within_its_range_and_so_does_each_part(case: tuple[Form, forms.Answers]) -> None:
    form, answers = case
    assert doubt(form, answers) is None
    found = score(form, answers)
    if found.total is not None:
        assert found.least <= found.total <= found.most
    for part in found.parts:
        assert part.points is None or 0 <= part.points <= part.most


@settings(deadline=None)
@given(answered())
def test_what_is_left_out_never_lowers_a_total_silently(case: tuple[Form, forms.Answers]) -> None:
    form, answers = case
    found = score(form, answers)
    there = [
        form.least + form.most - given_ if form.questions[n - 1].reverse else given_
        for n in form.counted
        if (given_ := answers[n - 1]) is not None
    ]
    if found.missing > form.fill_missing_up_to or not there:
        assert found.total is None
    else:
        assert found.total is not None
        assert found.total >= sum(there)
        assert found.filled == (found.missing > 0)
    if found.missing:
        assert f"{found.missing} left out" in told(found)


@settings(deadline=None)
@given(answered(), st.randoms(use_true_random=False))
def test_the_order_of_the_questions_changes_nothing(case: tuple[Form, forms.Answers], chance: object) -> None:
    form, answers = case
    order = list(range(len(answers)))
    chance.shuffle(order)  # type: ignore[attr-defined]
    place = {old + 1: new + 1 for new, old in enumerate(order)}
    parts = tuple(Subscale(each.name, tuple(place[n] for n in each.items)) for each in form.subscales)
    other = msgspec.structs.replace(form, questions=tuple(form.questions[n] for n in order), subscales=parts)
    assert score(other, tuple(answers[n] for n in order)) == score(form, answers)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('id = "sample-2"', 'id = "Sample 2"', "id"),
        ('licence = "ours"', 'licence = " "', "licence"),
        ("most = 3", "most = 0", "questions"),
        ('{ words = "One" }', '{ words = "" }', "questions"),
        ("at_least = 5", "at_least = 2", "bands"),
        ("at_least = 5", "at_least = 50", "bands"),
        ("item = 2", "item = 7", "flags"),
        ('better = "less"', "", "changes"),
        ('better = "less"', 'better = "less"\nfill_missing_up_to = 2', "fill_missing_up_to"),
        ('better = "less"', 'better = "less"\nanswers = ["no", "yes"]', "answers"),
        ('better = "less"', 'better = "less"\nsubscales = [{ name = "x", items = [3] }]', "subscales"),
        ('better = "less"', 'better = "up"', "better"),
        ('better = "less"', 'bettr = "less"', "bettr"),
        ("most = 3", 'most = "three"', "most"),
    ],
)
def test_a_fault_is_said_in_one_sentence_with_file_and_field(old: str, new: str, field: str) -> None:
    with pytest.raises(KnownError) as caught:
        parse(GOOD.replace(old, new), "own.toml")
    assert str(caught.value).startswith("own.toml")
    assert field in str(caught.value)
    assert str(caught.value).endswith("Mend the file.")


@pytest.mark.parametrize("toml", ["", "questions = [", "format = 2", GOOD.replace("format = 1", "format = 9")])
def test_what_is_no_form_is_refused_by_the_name_of_its_file(toml: str) -> None:
    with pytest.raises(KnownError, match=r"own\.toml"):
        parse(toml, "own.toml")
    assert forms.recorded(toml) is None


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ((1,), "has 2 questions"),
        ((None, None), "Nothing was answered"),
        ((1, 4), "Question 2 of Sample goes from 0 to 3"),
    ],
)
def test_answers_that_cannot_be_are_said(answers: forms.Answers, sentence: str) -> None:
    assert sentence in (doubt(parse(GOOD), answers) or "")


def test_the_clinics_wording_must_fit_the_form() -> None:
    form, good = parse(GOOD), 'format = 1\nform = "sample-2"\nquestions = ["First?", "Second?"]'
    assert parse_wording(good, form).questions == ("First?", "Second?")
    with pytest.raises(KnownError, match=r"w\.toml, field questions: 1 stand here, Sample has 2"):
        parse_wording('format = 1\nform = "sample-2"\nquestions = ["First?"]', form, "w.toml")
    with pytest.raises(KnownError, match="field answers"):
        parse_wording(f'{good}\nanswers = ["no"]', form, "w.toml")
