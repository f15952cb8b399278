"""Arbitrary visits: whatever may come to stand in a record, sensible or not."""

import itertools
from uuid import UUID

from hypothesis import strategies as st

from kapdesk.facts import session as said
from kapdesk.facts.entry import Stream
from kapdesk.facts.fact import Erased, Fact, Struck, Unread
from kapdesk.facts.words import PHASES
from kapdesk.record.history import Happening
from tests.fakes import happened, minute
from tests.plain import PLAIN

IDS = [UUID(int=n) for n in range(1, 25)]
WORDS = st.sampled_from(["", "calm", "tears"])
PIECE = {"title": st.just("Slow water"), "file": st.just("slow-water.ogg")}
PHASE = st.sampled_from(PHASES)
MS = st.integers(-600_000, 3_600_000)
TARGETS = st.sampled_from(IDS)

STATIONS = ["room-1", "nurse-1"]

PLAIN: st.SearchStrategy[Fact] = st.one_of(
    st.builds(said.VisitOpened, st.just("dosing"), TARGETS, st.booleans(), st.just("Europe/Warsaw"), st.just("a4")),
    st.builds(said.ProtocolChosen, WORDS, WORDS),
    st.builds(said.ProtocolChosen, st.just(PLAIN), WORDS),
    st.builds(said.DoseGiven, st.just("ondansetron"), st.integers(1, 100_000), st.just("iv")),
    st.builds(said.MusicPlanned, WORDS, st.just(())),
    st.just(said.PatientArrived()),
    st.builds(said.PersonCameIn, st.sampled_from(["p-1", "p-2"]), WORDS, st.just(())),
    st.builds(said.PersonLeft, st.sampled_from(["p-1", "p-2"])),
    st.builds(said.WeightMeasured, st.integers(1, 200_000), WORDS),
    st.builds(said.IntentionSet, WORDS),
    st.just(said.Cleared()),
    st.builds(said.DoseGiven, st.just("ketamine"), st.integers(1, 100_000), st.just("im")),
    st.builds(said.PhaseEntered, PHASE),
    st.builds(said.PhaseExtended, PHASE, MS),
    st.builds(said.VitalsTaken, st.integers(60, 220)),
    st.builds(said.VitalsNotTaken, WORDS),
    st.builds(said.NoteTaken, WORDS),
    st.just(said.Marked()),
    st.builds(said.TrackStarted, **PIECE, phase=PHASE, position_ms=MS),
    st.builds(said.TrackStopped, **PIECE, position_ms=MS, heard_ms=MS, how=st.just("faded")),
    st.builds(said.TrackSkipped, **PIECE, reason=WORDS),
    st.builds(said.MusicLost, WORDS),
    st.builds(said.MusicRestored, WORDS, MS, MS),
    st.just(said.MusicSilenced()),
    st.just(said.MusicBroughtBack()),
    st.builds(said.VolumeSet, st.integers(0, 100)),
    st.builds(said.ImageryStarted, WORDS, st.booleans()),
    st.builds(said.ImageryStopped, WORDS, MS, st.just("left")),
    st.builds(said.SummaryWritten, st.just("plan"), WORDS),
    st.builds(said.PatientLeft, WORDS),
    st.builds(said.ComputerSlept, MS),
    st.builds(said.WallClockMoved, MS),
    st.builds(said.ComputerRestarted, MS, MS, st.just("asked"), MS),
    st.builds(said.Ended, st.just("completed")),
    st.builds(
        said.Locked,
        st.lists(
            st.builds(
                said.UpTo,
                st.builds(Stream, st.sampled_from(["session", "patient"]), st.just("s-1")),
                st.sampled_from(STATIONS),
                st.integers(0, 12),
            ),
            max_size=3,
        ).map(tuple),
    ),
    st.builds(said.AddendumWritten, WORDS),
    st.builds(Erased, WORDS, st.just("p-2")),
)
UNREAD = st.builds(Unread, st.sampled_from(["note-taken", "locked"]), st.just("unknown"))
STRIKINGS = st.builds(Struck, TARGETS, WORDS, st.booleans())
FACTS: st.SearchStrategy[Fact] = st.recursive(
    PLAIN | STRIKINGS,
    lambda inner: st.builds(said.Corrected, TARGETS, inner, st.integers(minute(-5), minute(200)), WORDS),
    max_leaves=3,
)


@st.composite
def visits(draw: st.DrawFn, least: int = 0) -> list[Happening]:
    """What two stations recorded, in its one order; targets are often, not always, in it and before."""
    facts: list[Fact | Unread] = draw(st.lists(FACTS | UNREAD, min_size=least, max_size=len(IDS)))
    ids = draw(st.permutations(IDS))
    stations = draw(st.lists(st.sampled_from(STATIONS), min_size=len(facts), max_size=len(facts)))
    when = sorted(draw(st.lists(st.integers(0, 180), min_size=len(facts), max_size=len(facts))))
    chains = {station: itertools.count() for station in STATIONS}
    return [
        happened(fact, at, counter=n, station=station, id_=id_, seq=next(chains[station]))
        for n, (fact, at, station, id_) in enumerate(zip(facts, when, stations, ids, strict=False))
    ]
