"""Records of the same person, read as one, whatever two stations may have said of them."""

from collections.abc import Mapping
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.patient import (
    CoursePlanned,
    KeptLonger,
    MergedInto,
    OrderWritten,
    PatientDescribed,
    PatientRegistered,
    TookIn,
)
from kapdesk.people.merging import heads, together, whole
from kapdesk.people.patient import NONE_KNOWN, Patient, alike, fold
from tests.fakes import happened

A, B, C = (UUID(int=n) for n in (1, 2, 3))
IDS = [UUID(int=n) for n in range(1, 7)]


def record(id_: UUID, *facts: Fact, allergies: str = "", at: int = 0) -> Patient:
    said: tuple[Fact, ...] = (PatientRegistered("Sample Patient", "1980-01-01", allergies=allergies), *facts)
    return fold(id_, [happened(fact, at + n, counter=n) for n, fact in enumerate(said)])


def known(*records: Patient) -> dict[UUID, Patient]:
    return {each.id: each for each in records}


INTO_B, TOOK_A = MergedInto(B, "registered twice"), TookIn(A, "registered twice")


def test_two_that_say_so_of_each_other_are_read_as_one_and_the_one_merged_into_goes_on() -> None:
    records = known(record(A, INTO_B), record(B, TOOK_A))
    assert heads(records) == {A: B, B: B}
    assert together(records, A) == together(records, B)
    assert [each.id for each in together(records, A).records] == [B, A]
    assert [each.id for each in whole(records)] == [B]


def test_what_only_one_side_says_joins_nobody() -> None:
    for records in (known(record(A, INTO_B), record(B)), known(record(A), record(B, TOOK_A)), known(record(A, INTO_B))):
        assert heads(records) == {}
        assert together(records, A).also == ()


def test_a_merge_that_was_struck_on_both_sides_leaves_two_patients() -> None:
    def struck(id_: UUID, fact: Fact) -> Patient:
        first = happened(fact, 1, counter=1)
        return fold(
            id_, [happened(PatientRegistered("S", "1980-01-01"), 0), first, happened(Struck(first.id, "no"), 2)]
        )

    records = known(struck(A, INTO_B), struck(B, TOOK_A))
    assert heads(records) == {}
    assert [each.id for each in whole(records)] == [A, B]


def test_allergies_of_both_are_shown_and_none_known_hides_none_of_them() -> None:
    for of_a, of_b, shown in (
        ("latex", "penicillin", "penicillin; latex"),
        ("latex", NONE_KNOWN, "latex"),
        ("latex", "", "latex"),
        ("", NONE_KNOWN, NONE_KNOWN),
        ("latex", "latex", "latex"),
        ("", "", ""),
    ):
        records = known(record(A, INTO_B, allergies=of_a), record(B, TOOK_A, allergies=of_b))
        registered = together(records, A).registered
        assert registered is not None
        assert registered.allergies == shown


def test_orders_course_what_is_known_and_how_long_it_is_kept_come_from_both() -> None:
    order = OrderWritten("ketamine", "im", 1, 0, "2099-01-01")
    earlier = OrderWritten("ketamine", "iv", 2, 0, "2099-01-01")
    newest, older = (
        PatientDescribed(helps="music", medicines="sertraline"),
        PatientDescribed(helps="silence", avoid="x"),
    )
    one = record(A, INTO_B, CoursePlanned("rest", 6), newest, order, at=60)
    other = record(B, TOOK_A, CoursePlanned("sleep", 3), older, earlier, KeptLonger("2099", "x"))
    read = together(known(one, other), A)
    assert [each.fact for each in read.orders] == [earlier, order]
    assert read.course == CoursePlanned("rest", 6)
    assert read.described == PatientDescribed(helps="music", medicines="sertraline", avoid="x")
    assert read.kept_longer == (KeptLonger("2099", "x"),)


def test_whoever_bears_a_name_of_any_of_the_records_may_be_that_patient() -> None:
    one = fold(A, [happened(PatientRegistered("Maiden Name", "1980-01-01"), 0), happened(INTO_B, 1)])
    patients = whole(known(one, record(B, TOOK_A)))
    assert alike(PatientRegistered("Maiden", "1980-01-01"), patients) == patients


def test_three_in_a_row_go_on_as_the_last_and_a_circle_as_the_first_by_id() -> None:
    row = known(record(A, INTO_B), record(B, TOOK_A, MergedInto(C, "again")), record(C, TookIn(B, "again")))
    assert heads(row) == {A: C, B: C, C: C}
    circle = known(record(A, INTO_B, TookIn(B, "x")), record(B, TOOK_A, MergedInto(A, "x")))
    assert heads(circle) == {A: A, B: A}


@st.composite
def anything(draw: st.DrawFn) -> Mapping[UUID, Patient]:
    """What may come to stand in six records: merged into each other in every way, by one word or by both."""
    said: dict[UUID, list[Fact]] = {id_: [] for id_ in IDS}
    ids = st.sampled_from(IDS)
    for one, other, both in draw(st.lists(st.tuples(ids, ids, st.sampled_from(["into", "took", "both"])), max_size=12)):
        if both != "took":
            said[one].append(MergedInto(other, "x"))
        if both != "into":
            said[other].append(TookIn(one, "x"))
    return {id_: record(id_, *facts, allergies=f"allergy {id_.int}") for id_, facts in said.items()}


@given(anything())
def test_whatever_the_facts_say_each_record_is_read_once_and_no_allergy_is_lost(
    records: Mapping[UUID, Patient],
) -> None:
    found = heads(records)
    assert all(found[on] == on for on in found.values())  # who goes on goes by themselves: no circle
    patients = whole(records)
    assert sorted(each.id for patient in patients for each in patient.records) == IDS
    for patient in patients:
        assert patient.registered is not None
        for each in patient.records:
            assert f"allergy {each.id.int}" in patient.registered.allergies.split("; ")
            assert together(records, each.id) == patient


@given(anything(), st.permutations(IDS))
def test_the_order_in_which_records_are_read_makes_no_difference(
    records: Mapping[UUID, Patient], order: list[UUID]
) -> None:
    assert heads({id_: records[id_] for id_ in order}) == heads(records)
