"""What is due hangs on what stands, not on how it came to stand: late entries, corrections, strikings, boosters,
rescues, a paused infusion, in whatever order they were entered."""

from uuid import UUID, uuid4

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.clinical.protocol import Rating, parse
from kapdesk.clinical.vitals import Limits
from kapdesk.facts import care
from kapdesk.facts.fact import Fact, Struck
from kapdesk.facts.session import (
    ComputerSlept,
    Corrected,
    DoseGiven,
    MusicSilenced,
    PatientArrived,
    PhaseEntered,
    PhaseExtended,
    ProtocolChosen,
    VisitOpened,
    VitalsNotTaken,
    VitalsTaken,
)
from kapdesk.record.history import Happening
from kapdesk.session.due import Due, due
from kapdesk.session.plan import phase_spans
from kapdesk.session.state import Session, evolve, fold
from tests.fakes import MINUTE_US, happened, minute
from tests.plain import PLAIN as TOML
from tests.session.sample import IDS

PLAN = msgspec.structs.replace(
    parse(TOML),
    vitals_at_min=(10, 20, 30, 60),
    recheck_min=5,
    sedation="MOAA/S",
    ratings=(Rating("MOAA/S", at_min=(10, 30, 60)), Rating("CADSS-6", after_phase="peak")),
    limits_after=Limits(systolic_above=160),
)
OPENED = VisitOpened("dosing", IDS[0], False, "Europe/Warsaw", "a4")
FIRST, OTHER = IDS[1], IDS[2]
RESCUE = DoseGiven("ondansetron", 4_000, "iv")
BOOSTER = DoseGiven("ketamine", 25_000, "im")
INFUSION_PAUSED = care.InfusionPaused(FIRST)
MADE_LATE_MIN = 400
"""All is entered after this minute: every one of them is a late entry."""

FACTS: st.SearchStrategy[Fact] = st.one_of(
    st.just(VitalsTaken(120, 80)),
    st.just(VitalsTaken(180, 100)),
    st.just(VitalsNotTaken("asleep")),
    st.just(BOOSTER),
    st.just(RESCUE),
    st.just(care.ScaleRated("MOAA/S", 4)),
    st.just(care.ScaleNotRated("CADSS-6", "asleep")),
    st.just(care.TimerSet("blanket", 600_000)),
    st.just(care.InfusionStarted(FIRST, 50_000, 50_000)),
    st.just(INFUSION_PAUSED),
    st.just(care.InfusionRateSet(FIRST, 40_000)),
    st.just(care.TimerOver(OTHER)),
    st.just(PhaseEntered("return")),
    st.just(PhaseExtended("peak", 300_000)),
    st.just(ComputerSlept(120_000)),
    st.just(MusicSilenced()),
)


class Said(msgspec.Struct, frozen=True):
    """Something that happened at a minute, first said otherwise (at another minute, as something else) or struck."""

    fact: Fact
    at: int
    first: tuple[Fact, int] | None = None
    struck: bool = False


TIMES = st.integers(11, 300)
SAID = st.builds(Said, FACTS, TIMES, st.none() | st.tuples(FACTS, TIMES), st.booleans())


def base(dose_at: int) -> list[Happening]:
    dose = happened(BOOSTER, dose_at, counter=3, id_=FIRST)
    return [
        happened(OPENED, 0, counter=0, id_=UUID(int=900)),
        happened(ProtocolChosen(TOML, ""), 0, counter=1, id_=UUID(int=901)),
        happened(PatientArrived(), 0, counter=2, id_=UUID(int=902)),
        dose,
    ]


def entered_late(fact: Fact, at: int, n: int, id_: UUID) -> Happening:
    late = happened(fact, MADE_LATE_MIN, counter=n, id_=id_)
    return msgspec.structs.replace(late, at_us=minute(at))


def as_entered(said: list[Said], shift: int) -> list[Happening]:
    """Everything late, then its corrections and strikings."""
    found, ids = [], [UUID(int=1000 + n) for n in range(len(said))]
    for n, (each, id_) in enumerate(zip(said, ids, strict=True)):
        fact, at = each.first or (each.fact, each.at)
        found.append(entered_late(fact, at, n, id_))
    for n, (each, id_) in enumerate(zip(said, ids, strict=True)):
        if each.first is not None:
            truth = Corrected(id_, each.fact, minute(each.at), "seen on paper")  # type: ignore[arg-type]
            found.append(happened(truth, MADE_LATE_MIN + 1, counter=n, id_=UUID(int=2000 + n)))
        if each.struck:
            found.append(happened(Struck(id_, "a slip"), MADE_LATE_MIN + 2, counter=n, id_=UUID(int=3000 + n)))
    if shift:
        moved = Corrected(FIRST, BOOSTER, minute(10 + shift), "given then")
        found.append(happened(moved, MADE_LATE_MIN + 3, id_=UUID(int=4000)))
    return found


def as_it_was(said: list[Said]) -> list[Happening]:
    """Only what stands, said rightly at once."""
    return [happened(e.fact, e.at, counter=n + 10, id_=UUID(int=1000 + n)) for n, e in enumerate(said) if not e.struck]


def told(session: Session) -> list[Due]:
    return list(due(session, PLAN))


@given(st.lists(SAID, max_size=14), st.integers(-8, 100), st.randoms(use_true_random=False))
def test_what_is_due_is_the_same_however_it_came_to_stand(said: list[Said], shift: int, chance: object) -> None:
    entries = [*base(10), *as_entered(said, shift)]
    live = Session()
    mixed = list(entries)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    for each in mixed:
        live = evolve(live, each)
    # Readings of the very same instant are told apart by the order they were entered in, which the two have alike.
    straight = fold([*base(10 + shift), *as_it_was(said)])
    assert told(live) == told(fold(entries)) == told(straight)
    assert live.first_dose_us == straight.first_dose_us
    assert phase_spans(live, PLAN) == phase_spans(straight, PLAN)


@given(st.lists(SAID, max_size=14), st.integers(-8, 100))
def test_while_a_session_runs_the_next_reading_is_due_after_the_last_answer_and_never_later_than_planned(
    said: list[Said], shift: int
) -> None:
    session = fold([*base(10), *as_entered(said, shift)])
    dose_us = session.first_dose_us
    assert dose_us is not None
    (reading,) = [each for each in told(session) if each.what == "Vitals"]
    answers = [h.at_us for kind in (VitalsTaken, VitalsNotTaken) for h in session.history.standing(kind)]
    last_us = max((at_us for at_us in answers if at_us > dose_us), default=dose_us)
    planned = [dose_us + n * MINUTE_US for n in PLAN.vitals_at_min]
    assert last_us < reading.at_us
    assert reading.at_us <= min(
        [at_us for at_us in planned if at_us - 5 * MINUTE_US > last_us],
        default=max(last_us, planned[-1]) + PLAN.vitals_every_min * MINUTE_US,
    )
    newest = max(session.history.standing(VitalsTaken), key=lambda h: (h.at_us, h.order), default=None)
    if newest is not None and newest.at_us >= max(answers) and newest.at_us > dose_us:
        high = (newest.fact.systolic_mmhg or 0) > 160
        assert any(each.what == "Recheck" for each in told(session)) == high


@given(st.lists(SAID, max_size=14), st.integers(1, 300), st.sampled_from([RESCUE, INFUSION_PAUSED, MusicSilenced()]))
def test_a_rescue_a_pause_or_the_music_moves_nothing_that_is_due_before_the_dose_or_after_it(
    said: list[Said], at: int, fact: Fact
) -> None:
    entries = [*base(10), *as_entered(said, 0)]
    late = msgspec.structs.replace(happened(fact, 420, id_=uuid4()), at_us=minute(at))
    assert told(fold([*entries, late])) == told(fold(entries))


@given(st.lists(SAID, max_size=14), st.integers(11, 300))
def test_a_booster_moves_no_reading_and_no_sedation_rating(said: list[Said], at: int) -> None:
    entries = [*base(10), *as_entered(said, 0)]
    late = msgspec.structs.replace(happened(BOOSTER, 420, id_=uuid4()), at_us=minute(at))
    kept = [each for each in told(fold([*entries, late])) if each.scale != "CADSS-6"]
    assert kept == [each for each in told(fold(entries)) if each.scale != "CADSS-6"]
