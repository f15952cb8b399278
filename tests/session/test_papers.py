"""The versions of a signed note, whoever signed, countersigned or added to it first, and on whichever station."""

from itertools import permutations
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Fact
from kapdesk.facts.papers import Countersigned, PaperKept
from kapdesk.facts.seal import SealMade
from kapdesk.facts.session import AddendumWritten, Ended, Locked, UpTo, VisitOpened
from kapdesk.record.history import Happening
from kapdesk.session.papers import Owed, additions, may_countersign, owed, upto, versions
from kapdesk.session.state import Session, fold
from tests.fakes import happened

FOUNDED = happened(SealMade("", ""), -5, seq=2)
OPENED = happened(VisitOpened("dosing", UUID(int=9), False, "Europe/Warsaw", "a4"), 0)
ENDED = happened(Ended("completed"), 1)
LOCKED = happened(Locked(), 2, id_=UUID(int=1))
A, B, C, D = ("a" * 64, "b" * 64, "c" * 64, "d" * 64)


def said(*facts: tuple[Fact, float], station: str = "room-1") -> Session:
    """A signed visit, and what was said in it after the signing."""
    return fold([OPENED, ENDED, LOCKED, *(happened(fact, at, station=station) for fact, at in facts)])


def test_before_it_is_signed_there_are_no_versions_and_nothing_is_owed() -> None:
    session = fold([OPENED, ENDED])
    assert (versions(session), owed(session, FOUNDED)) == ((), ())


def test_what_is_signed_is_owed_as_a_paper_and_once_it_is_kept_no_more() -> None:
    assert owed(said(), FOUNDED) == (Owed(1, "signed"),)
    assert owed(said((PaperKept(1, A), 3)), FOUNDED) == ()


def test_a_countersignature_is_owed_as_one_more_revision_of_the_same_paper() -> None:
    kept = (PaperKept(1, A), 3), (Countersigned(A, "I agree."), 4)
    assert owed(said(*kept), FOUNDED) == (Owed(1, "countersigned", A),)
    session = said(*kept, (PaperKept(1, B, A), 5))
    assert owed(session, FOUNDED) == ()
    (version,) = versions(session)
    assert (version.sha256, version.signatures, version.made, version.of_last) == (B, 2, True, True)


def test_who_countersigns_before_the_paper_is_made_loses_nothing() -> None:
    session = said((Countersigned("", "I agree."), 3))
    assert owed(session, FOUNDED) == (Owed(1, "signed"), Owed(1, "countersigned", ""))
    session = said((Countersigned("", "I agree."), 3), (PaperKept(1, A), 4))
    assert owed(session, FOUNDED) == (Owed(1, "countersigned", A),)


def test_each_addition_gives_a_version_that_replaces_the_one_before() -> None:
    session = said((PaperKept(1, A), 3), (AddendumWritten("x"), 4), (AddendumWritten("y", "late entry"), 5))
    assert owed(session, FOUNDED) == (Owed(2, "signed", A), Owed(3, "signed", A))
    session = said((PaperKept(1, A), 3), (AddendumWritten("x"), 4), (AddendumWritten("y"), 5), (PaperKept(2, B, A), 6))
    assert owed(session, FOUNDED) == (Owed(3, "signed", B),)
    assert [each.of_last for each in versions(session)] == [False, False, True]


def test_a_countersignature_belongs_to_the_version_that_was_read() -> None:
    session = said(
        (PaperKept(1, A), 3), (AddendumWritten("x"), 4), (PaperKept(2, B, A), 5), (Countersigned(B, "I agree."), 6)
    )
    first, second = versions(session)
    assert (first.countersigned, second.signatures) == (None, 2)
    assert owed(session, FOUNDED) == (Owed(2, "countersigned", B),)


def test_of_two_papers_of_one_version_the_countersigned_one_counts_else_the_signing_stations() -> None:
    two = happened(PaperKept(1, A), 3, station="room-2"), happened(PaperKept(1, B), 4, station="room-1")
    session = fold([OPENED, ENDED, LOCKED, *two])
    assert [version.sha256 for version in versions(session)] == [B]
    counter = happened(Countersigned(A, "I agree."), 5, station="room-2")
    session = fold([OPENED, ENDED, LOCKED, *two, counter])
    assert [version.sha256 for version in versions(session)] == [A]
    assert owed(session, FOUNDED) == (Owed(1, "countersigned", A),)


def test_a_rehearsal_and_what_was_signed_before_the_certificate_have_no_signed_paper() -> None:
    practice = happened(VisitOpened("dosing", UUID(int=9), True, "Europe/Warsaw", "a4"), 0)
    assert owed(fold([practice, ENDED, LOCKED]), FOUNDED) == ()
    later = happened(SealMade("", ""), 2.5, seq=2)
    assert owed(said(), later) == ()
    knew = happened(Locked((UpTo(Stream("clinic", "c"), "room-1", 2),)), 2)
    assert owed(fold([OPENED, ENDED, knew]), later) == (Owed(1, "signed"),), "a clock that was wrong decides nothing"
    assert owed(said(), None) == ()
    assert owed(said((AddendumWritten("x"), 4)), later) == (Owed(2, "signed", ""),)


def test_a_version_tells_nothing_of_what_came_after_it() -> None:
    session = said((PaperKept(1, A), 3), (AddendumWritten("x"), 4), (PaperKept(2, B, A), 5), (AddendumWritten("y"), 6))
    assert [each.fact.text for each in additions(upto(session, 1))] == []
    assert [each.fact.text for each in additions(upto(session, 2))] == ["x"]
    assert upto(session, 3) == session
    assert versions(upto(session, 2))[-1].number == 2


def test_beside_a_therapist_signs_someone_for_the_medication_and_the_other_way_round() -> None:
    assert may_countersign(("therapist",), ("prescriber",))
    assert may_countersign(("therapist",), ("medical staff",))
    assert not may_countersign(("therapist",), ("therapist",))
    assert may_countersign(("prescriber",), ("therapist",))
    assert not may_countersign(("therapist",), ("records", "administrator"))


def heard(session: Session) -> object:
    return [(v.number, v.author.id, v.sha256, v.signatures, v.of_last) for v in versions(session)], owed(
        session, FOUNDED
    )


STATIONS = st.sampled_from(["room-1", "room-2"])
FACTS = st.one_of(
    st.builds(AddendumWritten, st.sampled_from(["x", "y"]), st.sampled_from(["addendum", "late entry", "correction"])),
    st.builds(Countersigned, st.sampled_from(["", A, B, C, D]), st.just("I agree.")),
    st.builds(PaperKept, st.integers(1, 3), st.sampled_from([A, B, C, D]), st.sampled_from(["", A, B, C, D])),
    st.just(Locked()),
)


@given(st.lists(st.tuples(FACTS, st.integers(2, 30), STATIONS), max_size=6), st.randoms())
def test_whatever_two_stations_said_after_a_signing_every_order_of_arrival_tells_the_same(
    facts: list[tuple[Fact, int, str]], random: object
) -> None:
    come: list[Happening] = [OPENED, ENDED, LOCKED]
    come += [happened(fact, at, counter=n, station=station) for n, (fact, at, station) in enumerate(facts)]
    told = heard(fold(come))
    random.shuffle(come)  # type: ignore[attr-defined]
    assert heard(fold(come)) == told


@given(st.lists(st.tuples(FACTS, st.integers(3, 30), STATIONS), max_size=6))
def test_what_is_owed_can_always_be_made_to_the_end(facts: list[tuple[Fact, int, str]]) -> None:
    """Each paper that is made is owed no more, and nothing is owed twice: the making comes to rest."""
    come: list[Happening] = [OPENED, ENDED, LOCKED]
    come += [happened(fact, at, counter=n, station=station) for n, (fact, at, station) in enumerate(facts)]
    for n in range(20):
        session = fold(come)
        waits = owed(session, FOUNDED)
        if not waits:
            break
        first = waits[0]
        come.append(happened(PaperKept(first.version, f"{n:064x}", first.replaces), 40 + n))
    assert owed(fold(come), FOUNDED) == ()
    assert all(version.made for version in versions(fold(come)))


def test_all_orders_of_two_stations_papers_tell_the_same() -> None:
    facts = [
        happened(PaperKept(1, A), 3, station="room-1"),
        happened(PaperKept(1, B), 3, station="room-2"),
        happened(Countersigned(B, "I agree."), 4, station="room-2"),
        happened(AddendumWritten("x"), 5, station="room-1"),
        happened(PaperKept(1, C, B), 6, station="room-2"),
    ]
    told = {str(heard(fold([OPENED, ENDED, LOCKED, *each]))) for each in permutations(facts)}
    assert len(told) == 1
