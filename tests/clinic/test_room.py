"""One live session at the desk: what is recorded there, what is on its way, and what changed."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from kapdesk.clinic.room import Room
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import StationEnrolled
from kapdesk.facts.fact import Struck
from kapdesk.facts.people import ITSELF, Actor
from kapdesk.facts.session import (
    AddendumWritten,
    Cleared,
    ComputerSlept,
    Corrected,
    DoseGiven,
    Ended,
    Locked,
    Marked,
    MusicPlanned,
    NoteTaken,
    PatientArrived,
    ProtocolChosen,
    VisitOpened,
    VitalsTaken,
    WallClockMoved,
)
from kapdesk.session.state import fold
from kapdesk.store import vault
from tests.desk import Desk
from tests.fakes import MINUTE_US, Station, minute

DOSE = DoseGiven("ketamine", 50_000, "im")


@pytest.fixture
def room(desk: Desk) -> Room:
    return desk.room()


def texts(room: Room) -> list[str]:
    return [h.fact.text for h in room.session.history.standing(NoteTaken)]


def test_an_opened_session_carries_its_plan_and_whose_it_is(room: Room) -> None:
    opened = room.session.opened
    assert opened is not None
    assert (opened.visit, opened.time_zone, opened.paper, opened.rehearsal) == ("dosing", "Europe/Warsaw", "a4", False)
    assert opened.patient == room.patient.id
    assert room.protocol is not None
    assert (room.protocol.name, room.plan_trouble) == ("Plain", "")
    assert room.session.stage == "preparing"
    assert room.pending == []
    assert (room.spans, room.due, room.phase()) == ((), (), None)


def test_given_a_dose_on_the_im_protocol_when_twelve_and_three_minutes_pass_then_vitals_are_due(
    desk: Desk, room: Room
) -> None:
    desk.dosed(room)
    assert room.session.stage == "running"
    assert [span.phase for span in room.spans] == ["settle", "onset", "ascent", "peak", "return", "recovery"]
    desk.pass_(12)
    (vitals,) = room.due
    assert vitals.late_ms(room.now_us()) == -3 * 60_000
    phase = room.phase()
    assert phase is not None
    assert phase.phase == "ascent"
    desk.pass_(4)
    assert room.due[0].late_ms(room.now_us()) == 60_000
    desk.kept(room.record(VitalsTaken(131, 84, 77, 97)))
    assert room.due[0].late_ms(room.now_us()) == -15 * 60_000
    assert room.session.since_first_dose_ms(room.now_us()) == 16 * 60_000


def test_a_booster_stretches_the_peak_and_a_corrected_first_dose_moves_everything(desk: Desk, room: Room) -> None:
    desk.dosed(room)
    ends = room.spans[-1].end_us
    desk.pass_(30)
    desk.kept(room.record(DOSE))
    assert room.spans[-1].end_us == ends + 15 * MINUTE_US
    first = room.session.history.standing(DoseGiven)[0]
    desk.kept(room.correct(first.id, DOSE, first.at_us - 2 * MINUTE_US, "entered late"))
    assert room.spans[-1].end_us == ends + 13 * MINUTE_US
    assert room.due[0].at_us == first.at_us + 13 * MINUTE_US
    assert room.session.first_dose_us == first.at_us - 2 * MINUTE_US


def test_who_did_it_and_when_stay_apart_from_who_typed_it_and_when(desk: Desk, room: Room) -> None:
    nurse, therapist = desk.person("Sample Nurse Two"), desk.person("Sample Therapist", "therapist")
    desk.pass_(10)
    actor = Actor(nurse.by, therapist.entered_by)
    desk.kept(room.record(NoteTaken("calm"), at_us=minute(4), actor=actor))
    (note,) = room.session.history.standing(NoteTaken)
    assert (note.at_us, note.entered_at_us, note.by, note.entered_by) == (
        minute(4),
        room.now_us(),
        nurse.by,
        therapist.by,
    )


def test_a_slip_struck_within_ten_seconds_is_an_undo_and_later_it_is_not(desk: Desk, room: Room) -> None:
    desk.pass_(10)
    slip = desk.kept(room.record(Marked(), at_us=minute(2)))  # ten seconds from its entering, whenever it was
    wrong = desk.kept(room.record(NoteTaken("wrong")))
    desk.computer.pass_(10)
    desk.kept(room.strike(slip.statement.id, ""))
    desk.computer.pass_(0.1)
    desk.kept(room.strike(wrong.statement.id, "not said"))
    struck = {h.id: h.undone for h in room.session.history if h.struck}
    assert struck == {slip.statement.id: True, wrong.statement.id: False}
    with pytest.raises(KnownError, match="struck out already"):
        room.strike(slip.statement.id, "again")


def test_listeners_are_told_of_what_is_on_its_way_and_of_what_is_kept(desk: Desk, room: Room) -> None:
    told: list[tuple[int, int]] = []
    listener = lambda: told.append((len(room.pending), len(texts(room))))  # noqa: E731
    room.listen(listener)
    desk.kept(room.record(NoteTaken("calm")))
    assert told == [(1, 0), (0, 1)]
    room.forget(listener)
    desk.kept(room.record(NoteTaken("ease")))
    assert len(told) == 2


def test_a_view_that_fails_undoes_nothing_and_stops_no_other(desk: Desk, room: Room) -> None:
    told = []

    def fails() -> None:
        raise ValueError("cannot draw")

    room.listen(fails)
    room.listen(lambda: told.append(1))
    recording = room.record(NoteTaken("calm"))
    desk.kept(recording)
    assert texts(room) == ["calm"]
    assert len(told) == 2


def test_a_refused_fact_leaves_no_trace(desk: Desk, room: Room) -> None:
    before = len(desk.clinic.log.read(room.stream))
    with pytest.raises(KnownError, match="Not cleared"):
        room.record(DOSE)
    with pytest.raises(KnownError, match="half a character"):
        room.record(NoteTaken("smile \ud83d"))
    desk.settle()
    assert room.pending == []
    assert len(desk.clinic.log.read(room.stream)) == before


class Disk:
    """The disk under a desk's record, which can be full and freed again."""

    def __init__(self, writer: vault.Connection) -> None:
        self._writer = writer

    def fill(self) -> None:
        (pages,) = self._writer.execute("PRAGMA page_count").fetchone()
        self._writer.execute(f"PRAGMA max_page_count={pages}")

    def free(self) -> None:
        self._writer.execute("PRAGMA max_page_count=1000000")


@pytest.fixture
def disk(open_desk: Callable[[], Desk], monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, Disk]:
    """A desk, and the disk under it."""
    connections: list[vault.Connection] = []
    connect = vault.connect

    def remember(*args: object, **kwargs: object) -> vault.Connection:
        connections.append(connect(*args, **kwargs))  # type: ignore[arg-type]
        return connections[-1]

    monkeypatch.setattr(vault, "connect", remember)
    desk = open_desk()
    return desk, Disk(connections[1])


def test_while_the_disk_refuses_the_session_goes_on_and_nothing_is_lost(disk: tuple[Desk, Disk]) -> None:
    desk, full = disk
    room = desk.room()
    full.fill()
    for _ in range(3):
        room.record(NoteTaken("x" * 20_000))
    desk.until(lambda: bool(desk.told))
    assert [told[:27] for told in desk.told if told] == ["Not saved: the disk is full"]

    room.record(PatientArrived())
    with pytest.raises(KnownError, match="noted already"):
        room.record(PatientArrived())
    room.record(Cleared())
    room.record(DOSE)
    room.record(Ended("completed"))
    room.record(Locked())
    with pytest.raises(KnownError, match="signed and locked"):
        room.record(NoteTaken("too late"))
    assert room.session.stage == "preparing"
    assert room.expected.stage == "locked"
    assert len(room.pending) == 8
    assert not desk.clinic.drained()

    full.free()
    desk.clinic.log.writer.retry()
    desk.settle()
    assert desk.told[-1] is None
    assert (room.pending, desk.clinic.drained()) == ([], True)
    assert room.session.stage == "locked"
    assert room.session == room.expected == desk.clinic.visit(room.id).session
    assert [type(h.fact) for h in room.session.history][-5:] == [PatientArrived, Cleared, DoseGiven, Ended, Locked]


def test_what_was_given_up_is_told_and_no_longer_expected(disk: tuple[Desk, Disk]) -> None:
    desk, full = disk
    room = desk.room()
    full.fill()
    lost = room.record(NoteTaken("x" * 50_000))
    lost_too = room.record(NoteTaken("y" * 50_000))
    desk.until(lambda: bool(desk.told))
    shown: list[int] = []
    room.listen(lambda: shown.append(len(room.pending)))
    desk.close()
    desk.until(lambda: len(shown) == 2)
    assert room.pending == []
    assert room.expected == room.session
    assert texts(room) == []
    for recording in (lost, lost_too):
        with pytest.raises(KnownError, match="Not saved: the disk is full"):
            recording.kept.result()


def test_after_signing_only_addenda_are_taken(desk: Desk, room: Room) -> None:
    desk.dosed(room)
    desk.kept(room.record(Ended("completed")))
    desk.kept(room.record(Locked()))
    signed = room.session
    for fact in (NoteTaken("x"), DOSE, Struck(uuid4(), "x"), ComputerSlept(5), Locked()):
        with pytest.raises(KnownError, match="signed and locked"):
            room.record(fact)
    desk.kept(room.record(AddendumWritten("The escort phoned.")))
    last = room.session.history.last()
    assert last is not None
    assert last.late
    assert (room.session.stage, room.session.locked_us) == ("locked", signed.locked_us)


def test_a_suspend_and_a_moved_clock_go_on_record_while_the_session_lasts(desk: Desk, room: Room) -> None:
    desk.dosed(room)
    desk.pass_(5)
    desk.computer.sleep(600)
    desk.computer.move_clock(-3_600)
    desk.pass_(1)
    desk.settle()
    facts = [h.fact for h in room.session.history if h.by == ITSELF.by]
    assert facts == [ComputerSlept(600_000), WallClockMoved(-3_600_000)]
    assert room.session.since_first_dose_ms(room.now_us()) == 16 * 60_000
    desk.kept(room.record(Ended("completed")))
    count = len(room.session.history)
    desk.computer.sleep(600)
    desk.pass_(0)
    assert len(room.session.history) == count


def test_several_live_sessions_each_keep_their_own_time(desk: Desk) -> None:
    nurse = desk.person()
    first = desk.dosed(desk.room(nurse, desk.patient(nurse, "Sample Patient A")))
    desk.pass_(20)
    second = desk.dosed(desk.room(nurse, desk.patient(nurse, "Sample Patient B")))
    desk.computer.sleep(120)
    desk.pass_(3)
    assert first.session.since_first_dose_ms(first.now_us()) == (20 + 11 + 5) * 60_000
    assert second.session.since_first_dose_ms(second.now_us()) == 5 * 60_000
    assert [len(r.session.history.standing(ComputerSlept)) for r in (first, second)] == [1, 1]
    assert {len(r.session.history.standing(DoseGiven)) for r in (first, second)} == {1}


def test_what_another_station_recorded_is_seen_in_the_live_session(desk: Desk, room: Room) -> None:
    desk.dosed(room)
    other = Station(desk.clinic.log.keys.clinic)
    enrolled = desk.clinic.recorder.record(StationEnrolled(other.name, "Nurse's desk", other.public_key), ITSELF)
    desk.kept(enrolled)
    arrived = room.session.arrived_us
    assert arrived is not None
    early = DoseGiven("ketamine", 40_000, "im")
    coming = other.says(room.stream, (5, early), (6, NoteTaken("from the other room")), (600, NoteTaken("ahead")))
    told: list[int] = []
    room.listen(lambda: told.append(1))
    on_its_way = room.record(NoteTaken("from here"))
    adoption = desk.clinic.adopt(coming)
    desk.until(adoption.done)
    desk.settle()
    assert adoption.result().refused == ()
    assert told
    assert room.session.first_dose_us == minute(5)
    assert room.spans[1].start_us == minute(5)
    assert on_its_way.kept.done()
    assert set(texts(room)) == {"from here", "from the other room", "ahead"}

    desk.kept(room.record(NoteTaken("after")))
    assert room.session == desk.clinic.visit(room.id).session
    assert [h.fact.text for h in room.session.history if isinstance(h.fact, NoteTaken)][-1] == "after"
    assert room.session == fold(room.session.history)


def test_a_plan_that_cannot_be_read_does_not_stop_the_session(desk: Desk) -> None:
    """As of a newer KapDesk at another station."""
    nurse = desk.person()
    patient = desk.patient(nurse)
    other = Station(desk.clinic.log.keys.clinic)
    desk.kept(desk.clinic.recorder.record(StationEnrolled(other.name, "Other", other.public_key), ITSELF))
    room = desk.room(nurse, patient)
    coming = other.says(room.stream, (500, ProtocolChosen("format = 9", "00" * 32)))
    desk.until(desk.clinic.adopt(coming).done)
    desk.settle()
    assert room.protocol is None
    assert room.plan_trouble.startswith("The session's protocol, line 1, field format: this is of format 9")
    assert (room.spans, room.due) == ((), ())
    desk.kept(room.record(NoteTaken("it goes on")))
    assert texts(room) == ["it goes on"]


def test_a_plan_that_cannot_be_read_is_refused_before_anything_is_recorded(desk: Desk) -> None:
    nurse = desk.person()
    patient = desk.patient(nurse)
    with pytest.raises(KnownError, match="not readable TOML"):
        desk.clinic.open_session(patient, "no toml", MusicPlanned("sample", ()), nurse)
    assert desk.clinic.rooms == {}
    assert desk.clinic.visits() == []


def test_a_patient_has_one_running_session(desk: Desk, open_desk: Callable[[], Desk]) -> None:
    room = desk.room()
    toml = room.session.protocol.toml  # type: ignore[union-attr]
    with pytest.raises(KnownError, match="has a session running already"):
        desk.clinic.open_session(room.patient.id, toml, MusicPlanned("sample", ()), room.by)
    again = open_desk()
    again.clinic.unfinished.look()
    with pytest.raises(KnownError, match="has a session running already"):
        again.clinic.open_session(room.patient.id, toml, MusicPlanned("sample", ()), room.by)


def test_a_slip_taken_back_before_it_is_on_the_disk_is_an_undo(desk: Desk) -> None:
    room = desk.room()
    slip = room.record(NoteTaken("slip"))
    taken_back = room.strike(slip.statement.id, "Undone")
    assert isinstance(taken_back.fact, Struck)
    assert taken_back.fact.undo


def test_someone_who_may_not_write_opens_no_session(desk: Desk) -> None:
    nurse, clerk = desk.person(), desk.person("Sample Clerk", "records")
    room = desk.room(nurse)
    toml = room.session.protocol.toml  # type: ignore[union-attr]
    other = desk.patient(nurse, "Sample Patient B", "1990-01-01")
    with pytest.raises(KnownError, match="may read here, not write"):
        desk.clinic.open_session(other, toml, MusicPlanned("sample", ()), clerk)
    assert list(desk.clinic.rooms) == [room.id]
    room.by = clerk
    with pytest.raises(KnownError, match="may read here, not write"):
        room.record(NoteTaken("x"))
    with pytest.raises(KnownError, match="Nobody is chosen"):
        room.record(NoteTaken("x"), actor=Actor("", ""))


def test_whose_session_it_is_cannot_be_changed(room: Room) -> None:
    opening = next(iter(room.session.history))
    assert isinstance(opening.fact, VisitOpened)
    with pytest.raises(KnownError, match="Whose session this is"):
        room.record(Corrected(opening.id, opening.fact, opening.at_us, "x"))
