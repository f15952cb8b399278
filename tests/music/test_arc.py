"""Given a playlist over the phases and a session's record: which piece comes next, and which phase is short."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from kapdesk.facts.patient import MusicWishes, PieceAvoided
from kapdesk.facts.session import PlannedTrack
from kapdesk.facts.words import PHASES, Phase
from kapdesk.music import arc
from kapdesk.music.arc import CIRCLE, Avoid, Filled
from kapdesk.people import patient
from kapdesk.session.state import Session
from tests.fakes import happened

MIN_MS = 60_000


def piece(title: str, *phases: Phase, minutes: int = 6, intensity: int = 0, tags: tuple[str, ...] = ()) -> PlannedTrack:
    return PlannedTrack(title, f"{title}.flac", phases, f"digest of {title}", minutes * MIN_MS, intensity, tags)


def titles(tracks: arc.Tracks) -> str:
    return " ".join(track.title for track in tracks)


SETTLE = piece("settle", "settle", "onset", intensity=1)
RISE = piece("rise", "ascent", intensity=3)
HIGH = piece("high", "peak", intensity=5, tags=("vocals",))
WIDE = piece("wide", "peak", intensity=4, tags=("nature",))
SOFT = piece("soft", "peak", intensity=2)
HOME = piece("home", "return", intensity=2)
REST = piece("rest", "recovery", intensity=1)
LIST = (SETTLE, RISE, HIGH, WIDE, SOFT, HOME, REST)


def test_a_phase_has_its_pieces_in_order() -> None:
    assert titles(arc.of_phase(LIST, "peak")) == "high wide soft"


def test_a_phase_without_pieces_goes_on_with_the_nearest_earlier_phase_and_before_the_first_with_a_later_one() -> None:
    assert titles(arc.of_phase((SETTLE, RISE, HOME), "peak")) == "rise"
    assert titles(arc.of_phase((REST, HIGH), "settle")) == "high"


def test_unheard_pieces_of_the_phase_come_first_and_then_unheard_ones_near_by() -> None:
    assert titles(arc.next_pieces(LIST, "peak", ("high.flac",), HIGH)) == "wide soft rise high"


def test_the_way_up_is_never_filled_with_the_peak_nor_the_way_home() -> None:
    assert titles(arc.next_pieces(LIST, "settle", ("settle.flac",), SETTLE)) == "settle"
    assert "high" not in titles(arc.next_pieces(LIST, "return", ("home.flac",), HOME))


def test_a_piece_that_goes_round_is_played_on_rather_than_another_phases_music() -> None:
    round_ = piece("round", "peak", tags=(CIRCLE,))
    assert titles(arc.next_pieces((RISE, round_), "peak", ("round.flac",), round_)) == "round rise"


def test_when_all_was_heard_what_was_heard_longest_ago_comes_again() -> None:
    all_heard = ("rise.flac", "wide.flac", "soft.flac", "high.flac")
    assert titles(arc.next_pieces(LIST, "peak", all_heard, HIGH)) == "wide soft high"


@given(st.permutations(LIST), st.sampled_from(PHASES), st.sets(st.sampled_from([track.file for track in LIST])))
def test_no_piece_comes_twice_while_one_of_its_phase_is_unheard(
    tracks: list[PlannedTrack], phase: Phase, heard: set[str]
) -> None:
    best = arc.next_pieces(tuple(tracks), phase, tuple(sorted(heard)), None)[0]
    ring = arc.of_phase(tuple(tracks), phase)
    if any(track.file not in heard for track in ring):
        assert best.file not in heard


def test_softer_and_deeper_turn_one_step_of_intensity_to_what_is_unheard() -> None:
    assert arc.turn_to(LIST, "peak", (), HIGH, -1) == WIDE
    assert arc.turn_to(LIST, "peak", (), SOFT, +1) == RISE
    assert arc.turn_to(LIST, "peak", (), HIGH, +1) is None
    assert arc.turn_to(LIST, "peak", (), piece("unknown", "peak"), -1) is None


def test_turned_softer_the_next_pieces_are_the_softer_ones() -> None:
    assert titles(arc.next_pieces(LIST, "peak", (), HIGH, -1)).startswith("wide soft high")
    assert titles(arc.next_pieces(LIST, "peak", ("soft.flac",), SOFT, +1)).startswith("wide high")


def test_after_a_refusal_something_of_another_kind_comes() -> None:
    sung = piece("sung", "peak", intensity=5, tags=("vocals",))
    assert arc.another_kind((HIGH, sung, WIDE), "peak", (), HIGH) == WIDE
    assert arc.another_kind((HIGH,), "peak", (), HIGH) is None


def test_what_a_patient_avoids_is_known_by_content_by_name_and_by_kind() -> None:
    someone = patient.fold(
        UUID(int=1),
        [
            happened(PieceAvoided("high", "elsewhere.mp3", "digest of high"), 0),
            happened(PieceAvoided("rest", "rest.flac"), 1),
            happened(MusicWishes(("Nature",)), 2),
        ],
    )
    avoided = arc.avoid(Session(), someone)
    assert [track.title for track in LIST if avoided.has(track)] == ["high", "wide", "rest"]


def plan(*minutes: tuple[Phase, int]) -> list[tuple[Phase, int]]:
    return [(phase, lasting * MIN_MS) for phase, lasting in minutes]


def test_a_phase_that_is_short_says_by_how_much() -> None:
    (peak,) = arc.fill(LIST, plan(("peak", 30)), Avoid())
    assert peak == Filled("peak", 30 * MIN_MS, 18 * MIN_MS)
    assert peak.short_ms == 12 * MIN_MS


def test_a_phase_emptied_by_what_the_patient_avoids_says_so_before_the_session() -> None:
    (peak,) = arc.fill((HIGH, SETTLE), plan(("peak", 30)), Avoid(tags=frozenset({"vocals"})))
    assert peak.emptied
    assert peak.short_ms == 30 * MIN_MS


def test_a_piece_that_goes_round_is_never_short_and_a_piece_of_two_phases_is_shared_out() -> None:
    round_ = piece("round", "peak", tags=(CIRCLE,))
    assert arc.fill((round_,), plan(("peak", 90)), Avoid())[0].short_ms == 0
    settle, onset = arc.fill((SETTLE,), plan(("settle", 5), ("onset", 5)), Avoid())
    assert (settle.short_ms, onset.short_ms) == (0, 4 * MIN_MS)
