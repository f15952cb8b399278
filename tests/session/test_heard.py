"""What was heard: no order of facts, no fault and no crossfade makes more of it than reached the ears."""

import itertools
import random
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from kapdesk.facts import music
from kapdesk.facts import session as said
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.home import MusicElsewhere
from kapdesk.record.history import Happening
from kapdesk.session.heard import Heard, heard
from kapdesk.session.state import fold
from tests.fakes import happened, minute

IDS = [UUID(int=n) for n in range(1, 20)]
FILES = st.sampled_from(["a.ogg", "b.ogg", "c.ogg"])
MS = st.integers(0, 1_800_000)
FACTS: st.SearchStrategy[Fact] = st.one_of(
    st.builds(said.TrackStarted, st.just("Tide"), FILES, st.just("peak"), MS),
    st.builds(
        said.TrackStopped, st.just("Tide"), FILES, MS, st.none() | MS, st.sampled_from(["faded", "ended", "lost"])
    ),
    st.builds(music.TrackRefused, st.just("Tide"), FILES),
    st.just(said.MusicSilenced()),
    st.just(said.MusicBroughtBack()),
    st.builds(said.MusicLost, st.sampled_from(["", "no sound server"])),
    st.builds(said.MusicRestored, st.just("Tide"), MS, MS),
    st.builds(music.OutputLost, st.just("Headphones")),
    st.builds(music.OutputBack, st.just("Headphones"), MS),
    st.builds(said.ImageryStarted, st.sampled_from(["Lake", "Shore"]), st.booleans()),
    st.builds(said.ImageryStopped, st.sampled_from(["Lake", "Shore"]), MS, st.just("left")),
    st.builds(music.ImageryPaused, st.sampled_from(["Lake", "Shore"]), MS),
    st.builds(music.ImageryResumed, st.sampled_from(["Lake", "Shore"]), MS),
    st.builds(MusicElsewhere, st.sampled_from(["", "their own list"])),
    st.builds(said.VolumeSet, st.integers(0, 100)),
    st.just(said.Ended("completed")),
    st.builds(Struck, st.sampled_from(IDS), st.just("a slip")),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Happening]:
    """What two stations may come to record of the music, sensible or not."""
    made = []
    for n in range(draw(st.integers(1, 18))):
        station = draw(st.sampled_from(["room-1", "nurse-1"]))
        id_ = IDS[n] if n < len(IDS) else uuid4()
        made.append(happened(draw(FACTS), draw(st.integers(0, 60)), counter=n, station=station, id_=id_))
    return made


def of(*facts: tuple[Fact, float]) -> Heard:
    """What was heard, of facts at their minutes."""
    return heard(fold([happened(fact, at, counter=n) for n, (fact, at) in enumerate(facts)]))


def start(file: str, position_ms: int = 0) -> said.TrackStarted:
    return said.TrackStarted(file.upper(), file, "peak", position_ms)


def stop(file: str, how: str = "faded", heard_ms: int | None = 60_000) -> said.TrackStopped:
    return said.TrackStopped(file.upper(), file, heard_ms, heard_ms, how)  # type: ignore[arg-type]


@given(histories())
def test_nothing_of_one_kind_overlaps_and_no_more_is_heard_than_the_session_is_long(told: list[Happening]) -> None:
    session = fold(told)
    found = heard(session, minute(70))
    for kind in (found.pieces, found.silences, found.faults, found.elsewhere, found.imagery):
        for one in kind:
            assert one.from_us <= one.until_us
        for earlier, later in itertools.pairwise(kind):
            assert earlier.until_us <= later.from_us
    for guided in found.imagery:
        edges = [guided.from_us, *itertools.chain(*guided.pauses), guided.until_us]
        assert edges == sorted(edges)
    first = min(each.at_us for each in told)
    long_ms = (minute(70) - first) // 1000
    assert found.heard_ms + found.lost_ms <= long_ms
    assert found.silent_ms <= long_ms
    assert found.elsewhere_ms <= long_ms


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_in_which_facts_arrive_does_not_matter(told: list[Happening], chance: random.Random) -> None:
    before = heard(fold(told))
    chance.shuffle(told)
    assert heard(fold(told)) == before


@given(histories(), st.integers(0, 60))
def test_at_no_instant_is_a_piece_heard_in_a_silence(told: list[Happening], at: int) -> None:
    moment = heard(fold(told)).at(minute(at))
    assert moment.piece is None or (moment.silence is None and moment.fault is None)


def test_what_crossfades_is_counted_once() -> None:
    found = of((start("a"), 0), (start("b"), 10), (stop("a"), 10.1), (stop("b", "ended"), 20))
    assert [(one.from_us, one.until_us) for one in found.pieces] == [
        (minute(0), minute(10)),
        (minute(10), minute(20)),
    ]
    assert found.heard_ms == 20 * 60_000
    assert [one.how for one in found.pieces] == ["faded", "ended"]


def test_a_struck_start_takes_its_piece_and_a_corrected_time_moves_it() -> None:
    first = happened(start("a"), 0, counter=0)
    other = happened(start("b"), 30, counter=1)
    ends = [happened(stop("a"), 10, counter=2), happened(stop("b"), 40, counter=3)]
    strike = happened(Struck(other.id, "never heard"), 50, counter=4)
    later = happened(said.Corrected(first.id, start("a"), minute(4), "began later"), 51, counter=5)
    found = heard(fold([first, other, *ends, strike, later]))
    assert [(one.from_us, one.until_us) for one in found.pieces] == [(minute(4), minute(10))]


def test_headphones_that_went_are_a_fault_until_the_piece_sounds_again() -> None:
    found = of(
        (start("a"), 0),
        (music.OutputLost("Headphones"), 5),
        (stop("a", "lost"), 5.01),
        (music.OutputBack("Headphones", 60_000), 6),
        (start("a", 300_000), 6.1),
        (stop("a", "ended"), 10),
    )
    assert [(one.reason, one.from_us, one.until_us) for one in found.faults] == [
        ("Headphones: gone", minute(5), minute(6.1))
    ]
    assert found.pieces[0].how == "lost"
    assert found.at(minute(5.5)).piece is None
    assert found.at(minute(7)).piece == found.pieces[1]


def test_headphones_that_go_in_a_silence_by_choice_make_no_fault() -> None:
    found = of(
        (start("a"), 0), (said.MusicSilenced(), 5), (stop("a"), 5.05), (music.OutputLost("Headphones"), 6),
        (said.MusicBroughtBack(), 8), (start("a", 300_000), 8), (stop("a"), 9),
    )  # fmt: skip
    assert not found.faults
    assert [(one.from_us, one.until_us) for one in found.silences] == [(minute(5), minute(8))]


def test_a_gap_that_is_only_known_by_the_sound_coming_back_is_not_counted_as_heard() -> None:
    found = of((start("a"), 0), (said.MusicRestored("A", 30_000, 299_000), 5), (stop("a"), 10))
    assert found.lost_ms == 30_000
    assert found.heard_ms == 10 * 60_000 - 30_000
    assert found.bars(found.pieces[0]) == [(minute(0), minute(4.5)), (minute(5), minute(10))]


def test_a_piece_nobody_was_there_to_hear_counts_no_longer_than_it_is() -> None:
    plan = said.MusicPlanned("Arc", (said.PlannedTrack("A", "a", ("peak",), length_ms=240_000),))
    found = of((plan, 0), (start("a"), 0), (stop("a", "lost", None), 30))
    assert found.heard_ms == 240_000


def test_a_refused_piece_says_so() -> None:
    found = of((start("a"), 0), (music.TrackRefused("A", "a"), 2), (start("b"), 2.01), (stop("a"), 2.05))
    assert [one.how for one in found.pieces] == ["refused", "no end"]


def test_imagery_keeps_its_pauses() -> None:
    found = of(
        (said.ImageryStarted("Lake", True), 1), (music.ImageryPaused("Lake", 60_000), 2),
        (music.ImageryResumed("Lake", 60_000), 4), (said.ImageryStopped("Lake", 120_000, "ended"), 5),
    )  # fmt: skip
    assert found.imagery[0].pauses == ((minute(2), minute(4)),)
    assert found.imagery[0].halted_ms == 120_000
    assert found.at(minute(3)).imagery == found.imagery[0]


def test_volume_stands_beside_its_ceiling() -> None:
    found = of((music.LevelFound(40, 50), 0), (said.VolumeSet(45), 3))
    level = found.at(minute(4)).level
    assert level is not None
    assert (level.percent, level.ceiling_percent) == (45, 50)
