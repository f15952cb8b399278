"""Corrections and strikings in any order and depth, and histories that share what they have in common."""

import inspect
import sys
from uuid import UUID, uuid4

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.facts.fact import Correction, Struck
from kapdesk.facts.session import Corrected, DoseGiven, Marked, NoteTaken
from kapdesk.record.history import Happening, History
from tests.fakes import happened, minute

IDS = [UUID(int=n) for n in range(1, 13)]


def standing_as_defined(happenings: list[Happening]) -> list[Happening]:
    """What each happening stands as, by the plainest reading: from the newest back, each as its later ones say."""
    where = {h.id: n for n, h in enumerate(happenings)}
    now: list[Happening] = list(happenings)
    for n in reversed(range(len(happenings))):
        said = happenings[n]
        fact, at_us, why, struck, undone = said.fact, said.at_us, "", False, False
        for amendment in now[n + 1 :]:
            if amendment.struck or getattr(amendment.fact, "target", None) != said.id:
                continue
            if isinstance(amendment.fact, Correction):
                fact, at_us, why = amendment.fact.truth, amendment.fact.at_us, amendment.fact.reason
            elif isinstance(amendment.fact, Struck):
                at_once = abs(amendment.entered_at_us - said.entered_at_us) <= 15_000_000
                struck, undone, why = True, amendment.fact.undo and at_once, amendment.fact.reason
        changed = (fact, at_us) != (said.fact, said.at_us)
        now[n] = msgspec.structs.replace(
            said,
            fact=fact,
            at_us=at_us,
            why=why,
            struck=struck,
            undone=undone,
            first=said.fact if changed else None,
            first_at_us=said.at_us if changed else 0,
        )
    for n, said in enumerate(happenings):
        target = getattr(said.fact, "target", None)
        if target is not None and where.get(target, n) >= n:
            now[n] = msgspec.structs.replace(now[n], dangling=True)
    return now


targets = st.sampled_from(IDS)
plain = st.one_of(
    st.builds(NoteTaken, st.sampled_from(["calm", "tears"])),
    st.just(Marked()),
    st.builds(DoseGiven, st.just("ketamine"), st.integers(1, 3), st.just("im")),
)
strikings = st.builds(Struck, targets, st.sampled_from(["slip", ""]), st.booleans())
facts = st.recursive(
    plain | strikings,
    lambda inner: st.builds(Corrected, targets, inner, st.integers(minute(0), minute(9)), st.sampled_from(["a", "b"])),
    max_leaves=3,
)


@st.composite
def histories(draw: st.DrawFn) -> list[Happening]:
    said = draw(st.lists(facts, max_size=len(IDS)))
    ids = draw(st.permutations(IDS))
    return [happened(fact, n, id_=id_) for n, (fact, id_) in enumerate(zip(said, ids, strict=False))]


@given(histories())
def test_amendments_of_amendments_stand_as_the_plainest_reading_has_them(said: list[Happening]) -> None:
    assert list(History(said)) == standing_as_defined(said)


@given(histories())
def test_one_by_one_or_all_at_once_is_the_same_and_every_earlier_history_stays(said: list[Happening]) -> None:
    grown = [History()]
    for each in said:
        grown.append(grown[-1].add(each))
    assert [list(history) for history in grown] == [standing_as_defined(said[:n]) for n in range(len(said) + 1)]
    assert [len(history) for history in grown] == list(range(len(said) + 1))


@given(histories(), st.integers(0, 12), facts)
def test_a_branch_leaves_the_trunk_as_it_was(said: list[Happening], at: int, fact: object) -> None:
    trunk = [History()]
    for each in said:
        trunk.append(trunk[-1].add(each))
    at = min(at, len(said))
    other = happened(fact, at, id_=UUID(int=99))  # type: ignore[arg-type]
    branch = trunk[at].add(other)
    assert list(branch) == standing_as_defined([*said[:at], other])
    assert list(trunk[-1]) == standing_as_defined(said)
    assert trunk[at].get(other.id) is None
    assert branch.get(other.id) is not None


def test_a_history_met_again_under_way_does_not_grow_by_what_came_later() -> None:
    first = History([happened(NoteTaken("one"), 1)])
    reading = iter(first)
    first.add(happened(NoteTaken("two"), 2))
    assert [h.fact.text for h in reading] == ["one"]


def test_the_same_happening_twice_is_one() -> None:
    note = happened(NoteTaken("one"), 1)
    assert len(History([note, note]).add(note)) == 1


def test_a_corrected_correction_and_a_struck_striking_are_followed() -> None:
    dose = happened(DoseGiven("ketamine", 50_000, "im"), 10)
    wrong = happened(Corrected(dose.id, DoseGiven("ketamine", 5_000, "im"), minute(7), "label"), 11)
    right = happened(
        Corrected(
            wrong.id, Corrected(dose.id, DoseGiven("ketamine", 55_000, "im"), minute(8), "label"), minute(11), "x"
        ),
        12,
    )
    struck = happened(Struck(dose.id, "wrong patient"), 13)
    back = happened(Struck(struck.id, "right patient after all"), 14)

    history = History([dose, wrong, right, struck])
    assert history.get(dose.id).struck  # type: ignore[union-attr]
    standing = history.add(back).get(dose.id)
    assert standing is not None
    assert (standing.struck, standing.fact.dose_ug, standing.at_us) == (False, 55_000, minute(8))
    assert (standing.first, standing.first_at_us) == (dose.fact, dose.at_us)


def test_a_correction_that_says_the_same_changes_nothing() -> None:
    note = happened(NoteTaken("calm"), 1)
    same = happened(Corrected(note.id, NoteTaken("calm"), note.at_us, "checked"), 2)
    standing = History([note, same]).get(note.id)
    assert standing is not None
    assert standing.first is None


def test_what_happened_earlier_stands_earlier_whenever_it_was_entered() -> None:
    second, first = happened(NoteTaken("second"), 5), happened(NoteTaken("first"), 6)
    correction = happened(Corrected(first.id, NoteTaken("first"), minute(2), "time"), 7)
    standing = History([second, first, correction]).standing(NoteTaken)
    assert [h.fact.text for h in standing] == ["first", "second"]


def test_strikings_of_strikings_without_end_are_followed_to_the_last() -> None:
    """Not by one call inside another: the interpreter's own depth is far less than the chain's here."""
    chain = [happened(NoteTaken("calm"), 0)]
    for n in range(1, 301):
        chain.append(happened(Struck(chain[-1].id, "no"), n))
    usual = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 100)
    try:
        even, odd = History(chain), History(chain[:-1])
    finally:
        sys.setrecursionlimit(usual)
    assert not next(iter(even)).struck
    assert next(iter(odd)).struck


def test_the_last_of_many_amendments_of_one_thing_stands() -> None:
    note = happened(NoteTaken("calm"), 0)
    many = [happened(Corrected(note.id, NoteTaken(str(n)), minute(0), "slip"), n) for n in range(1, 301)]
    assert next(iter(History([note, *many]))).fact.text == "300"
    assert next(iter(History([note, *many, happened(Struck(many[-1].id, "no"), 301)]))).fact.text == "299"


def test_a_dangling_amendment_changes_nothing() -> None:
    note = happened(NoteTaken("calm"), 1)
    early = happened(Struck(note.id, "too early"), 0)
    history = History([early, note, happened(Struck(uuid4(), "of nothing"), 2)])
    assert [h.dangling for h in history] == [True, False, True]
    assert not any(h.struck for h in history)
