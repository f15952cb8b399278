"""From the record to the note: what the paper says of a session, and that it says all of it."""

import re
from collections.abc import Sequence
from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk import paths
from kapdesk.clinical import protocol as protocols
from kapdesk.clock import Moment
from kapdesk.facts.clinic import ClinicFounded, Head, PersonAdded, StationEnrolled
from kapdesk.facts.fact import Fact, Struck, Unread
from kapdesk.facts.patient import PatientRegistered
from kapdesk.facts.session import (
    AddendumWritten,
    Cleared,
    ComputerRestarted,
    ComputerSlept,
    Corrected,
    DoseGiven,
    Ended,
    ImageryStarted,
    ImageryStopped,
    IntentionSet,
    Locked,
    Marked,
    MusicBroughtBack,
    MusicSilenced,
    NoteTaken,
    PatientArrived,
    PatientLeft,
    PersonCameIn,
    PersonLeft,
    ProtocolChosen,
    SummaryWritten,
    TrackSkipped,
    TrackStarted,
    TrackStopped,
    VisitOpened,
    VitalsTaken,
    WallClockMoved,
    WeightMeasured,
)
from kapdesk.note import wording
from kapdesk.note.content import note_of
from kapdesk.note.layout import lay_out
from kapdesk.note.paper import Note
from kapdesk.people import clinic as clinics
from kapdesk.people import patient as patients
from kapdesk.record.history import Happening
from kapdesk.session.state import fold
from tests.fakes import MINUTE_US, happened, minute
from tests.note.reading import poppler, unspaced

TOML = paths.shipped("resources", "protocols", "im-booster.toml").read_text(encoding="utf-8")
PATIENT = UUID(int=7)
NURSE, THERAPIST = "sample-person-1", "sample-person-2"
CLINIC = clinics.fold(
    [
        happened(ClinicFounded("Sample Clinic", "Europe/Warsaw", "a4"), 0),
        happened(PersonAdded(NURSE, "Nurse One", ("medical staff",), "RN"), 1),
        happened(PersonAdded(THERAPIST, "Therapist Two", ("therapist",), "LMFT"), 2),
        happened(StationEnrolled("room-1", "Room 1", "00"), 3),
    ]
)
REGISTERED = PatientRegistered("Sample Patient A", "1984-03-09", "Ania", "NL-7", "penicillin")
SOMEBODY = patients.fold(PATIENT, [happened(REGISTERED, 0)])
BEGIN: tuple[tuple[Fact, float], ...] = (
    (VisitOpened("dosing", PATIENT, False, "Europe/Warsaw", "a4", "chair 2"), 0),
    (ProtocolChosen(TOML, protocols.sha256(TOML)), 0),
    (PersonCameIn(NURSE, "Nurse One", ("medical staff",), "RN"), 1),
    (PersonCameIn(THERAPIST, "Therapist Two", ("therapist",), "LMFT"), 1),
    (PatientArrived(), 2),
    (WeightMeasured(68_400, "2026-03-02"), 3),
    (VitalsTaken(122, 78, 71, 98), 5),
    (Cleared(), 12),
)
CLINICS = (Head("room-1", 11, "ef" * 32),)
DOSE = DoseGiven("ketamine", 60_000, "im", "left deltoid", 50_000, 1_200, "K2291B", "2027-08")


def noted(
    *facts: tuple[Fact, float] | Happening,
    begin: Sequence[tuple[Fact, float]] = BEGIN,
    heads: Sequence[Head] = (),
    clinic: clinics.Clinic = CLINIC,
) -> Note:
    """The note of a session in which this happened, at minutes after 11:00 on the clinic's wall."""
    told = [
        each if isinstance(each, Happening) else happened(*each, counter=n) for n, each in enumerate((*begin, *facts))
    ]
    told.sort(key=lambda h: h.order)
    made = Moment(minute(300), 3600, "boot-1", 0)
    return note_of(fold(told), SOMEBODY, clinic, (heads, CLINICS), made, UUID("0199a1b2-0000-7000-8000-00004f2a9cd1"))


def corrected(target: UUID, at_us: int, reason: str, truth: Fact) -> Corrected:
    return Corrected(target=target, at_us=at_us, reason=reason, truth=truth)  # type: ignore[arg-type]


def test_a_draft_says_so_and_names_patient_clinic_and_session() -> None:
    note = noted((DOSE, 20))
    assert note.standing == "draft"
    assert note.clinic == "Sample Clinic"
    assert (note.patient.name, note.patient.preferred, note.patient.number) == ("Sample Patient A", "Ania", "NL-7")
    assert note.patient.weight == "68.4 kg on 2026-03-02"
    assert note.patient.allergies == "penicillin"
    assert (note.session, note.date) == ("4f2a9cd1", "2026-03-02")
    assert note.status == "The session is still running."


def test_a_rehearsal_says_that_nobody_was_treated() -> None:
    opened = VisitOpened("dosing", PATIENT, True, "Europe/Warsaw", "letter")
    note = noted(begin=((opened, 0),))
    assert note.standing == "rehearsal"
    assert note.paper == "Letter"
    assert note.status.startswith("Practice only: nobody was treated")


def test_a_signed_note_names_who_signed_and_when_with_the_offset() -> None:
    note = noted((DOSE, 20), (Ended("completed"), 150), (Locked(), 160))
    assert note.standing == "signed"
    assert note.status == "By Nurse One, 2026-03-02 13:40 +01:00."
    assert [(each.role, each.name, each.signed) for each in note.signatures] == [
        ("Therapist", "", ""),
        ("Prescriber or medical staff", "", ""),
    ], "the signatures themselves come into these fields"


def test_times_are_those_of_the_clinics_wall() -> None:
    note = noted((DOSE, 20), (Ended("completed"), 150), (PatientLeft("a friend"), 155))
    assert [(each.name, each.value) for each in note.times] == [
        ("Arrival", "11:02"),
        ("Cleared", "11:12"),
        ("First dose", "11:20"),
        ("End of observation", "13:30"),
        ("Left", "13:35, with a friend"),
        ("Duration", "153 min"),
    ]


def test_each_of_two_corrections_keeps_what_it_replaced() -> None:
    note_ = happened(NoteTaken("left hand"), 30, counter=40)
    note = noted(
        (DOSE, 20),
        note_,
        (corrected(note_.id, minute(30), "side", NoteTaken("right hand")), 31),
        (corrected(note_.id, minute(30), "both", NoteTaken("both hands")), 32),
    )
    (row,) = note.observations[-1].observations
    assert row.text == "both hands"
    assert [(each.was, each.reason) for each in row.amendments] == [("left hand", "side"), ("right hand", "both")]


def test_what_was_struck_stays_on_paper_and_what_was_undone_is_only_counted() -> None:
    struck, undone = happened(NoteTaken("not hers"), 30, counter=40), happened(NoteTaken("slip"), 31, counter=41)
    note = noted(
        (DOSE, 20), struck, undone, (Struck(struck.id, "wrong patient"), 33), (Struck(undone.id, "", undo=True), 31.1)
    )
    rows = [row for phase in note.observations for row in phase.observations]
    assert [(row.text, row.struck) for row in rows] == [("not hers", True)]
    assert rows[0].amendments[0].reason == "wrong patient"
    assert note.digest.undone == "1 line was undone within ten seconds, not printed."
    assert "slip" not in str(msgspec.to_builtins(note))


def test_observations_stand_under_their_phase_with_codes_and_quotations() -> None:
    note = noted(
        (NoteTaken("Nervous"), 10),
        (DOSE, 20),
        (NoteTaken("so wide here", patients_words=True), 22),
        (NoteTaken("Tears, at ease", "Tears"), 45),
        (NoteTaken("Awake"), 200),
    )
    assert [phase.phase for phase in note.observations] == ["settle", "onset", "peak", "recovery"]
    assert note.observations[0].span == "from 11:02 to 11:20"
    assert note.observations[-1].span == "from 12:35"
    assert note.observations[1].observations[0].patients_words
    assert note.observations[2].observations[0].code == "Tears"
    assert note.observations[0].observations[0].minute == "−10"


def test_a_mark_that_got_its_words_later_is_no_correction() -> None:
    mark = happened(Marked(), 40, counter=40)
    note = noted((DOSE, 20), mark, (corrected(mark.id, minute(40), "", NoteTaken("The turn came here")), 140))
    (row,) = note.observations[-1].observations
    assert (row.text, row.clock, row.entered, row.amendments) == ("The turn came here", "11:40", "13:20, NO", ())


def test_both_times_and_both_persons_are_said_where_they_differ() -> None:
    late = msgspec.structs.replace(happened(NoteTaken("Drank"), 40, counter=40), entered_at_us=minute(55))
    other = msgspec.structs.replace(happened(NoteTaken("Stood"), 41, counter=41), entered_by=THERAPIST)
    seconds = msgspec.structs.replace(happened(NoteTaken("Sat"), 42, counter=42), entered_at_us=minute(42.5))
    rows = noted((DOSE, 20), late, other, seconds).observations[-1].observations
    assert [row.entered for row in rows] == ["11:55, NO", "by TT", ""]


def test_music_is_numbered_as_in_the_chart_with_silences_and_failures_between() -> None:
    note = noted(
        (TrackStarted("Tide", "a.ogg", "settle", 0), 5),
        (DOSE, 20),
        (TrackStarted("Field", "b.ogg", "onset", 0), 21),
        (TrackStopped("Tide", "a.ogg", 960_000, 950_000, "faded"), 21.1),
        (TrackSkipped("Torn", "c.ogg", "file missing"), 30),
        (MusicSilenced(), 31),
        (TrackStopped("Field", "b.ogg", 600_000, 600_000, "faded"), 31.1),
        (MusicBroughtBack(), 34),
        (TrackStarted("Field", "b.ogg", "onset", 600_000), 34),
    )
    assert [(t.number, t.clock, t.title, t.until, t.heard, t.ended) for t in note.tracks] == [
        (1, "11:05", "Tide", "11:21", "15:50", "faded out"),
        (2, "11:21", "Field", "11:31", "10:00", "faded out"),
        (0, "11:30", "Torn", "", "", "could not be played: file missing"),
        (0, "11:31", "Music taken out softly", "11:34", "", "silent for 3 min"),
        (3, "11:34", "Field", "", "", "still playing"),
    ]
    assert note.chart is not None
    assert [span.name for span in note.chart.tracks] == ["1", "2", "3"]


def test_imagery_and_what_happened_to_the_clock() -> None:
    note = noted(
        (ImageryStarted("Arriving", False), 6),
        (ImageryStopped("Arriving", 200_000, "left"), 10),
        (DOSE, 20),
        (ComputerSlept(130_000), 40),
        (WallClockMoved(-3_600_000), 50),
        (ComputerRestarted(48_000, 2_000, "time of day"), 60),
    )
    assert [(i.title, i.until, i.voice, i.ended) for i in note.imagery] == [
        ("Arriving", "11:10", "cues read aloud", "left after 3:20")
    ]
    assert [(t.clock, t.what, t.uncertainty) for t in note.time_notices] == [
        ("11:40", "The computer slept for 2 min 10 s.", "sure: the clock went on"),
        ("11:50", "The computer’s time of day was moved back by 1 h.", "sure: times go on from before the change"),
        ("12:00", "The computer restarted; 48 s passed, by its time of day.", "± 2 s"),
    ]


def test_a_late_entry_was_signed_when_it_was_entered_whatever_time_it_tells_of() -> None:
    late = happened(AddendumWritten("Drank water.", "late entry"), 200, counter=50)
    late = msgspec.structs.replace(late, at_us=minute(90))
    told = noted((DOSE, 20), (Ended("completed"), 150), (Locked(), 160), late)
    assert "Version 2: late entry by Nurse One, 2026-03-02 14:20 +01:00." in told.status
    assert "12:30" in told.late[0].clock


def test_what_comes_after_signing_stands_apart_and_changes_nothing_above() -> None:
    spoken = happened(NoteTaken("calm"), 30, counter=40)
    signed = ((DOSE, 20), spoken, (Ended("completed"), 150), (Locked(), 160))
    before = noted(*signed)
    after = noted(
        *signed,
        (AddendumWritten("Called the next day: well."), 1500),
        (AddendumWritten("Drank water.", "late entry"), 1500.5),
        (AddendumWritten("It was the right arm.", "correction", spoken.id), 1500.6),
        (corrected(spoken.id, minute(30), "word", NoteTaken("very calm")), 1501),
        (NoteTaken("forgotten"), 1502),
    )
    assert after.observations == before.observations
    assert [(each.kind, each.clock, each.text) for each in after.late] == [
        ("Addendum", "2026-03-03 12:00", "Called the next day: well."),
        ("Late entry", "2026-03-03 12:00", "Drank water."),
        ("Correction", "2026-03-03 12:00", "Of “calm” at 11:30: It was the right arm."),
        ("Correction", "2026-03-03 12:01", "Of “calm” at 11:30: very calm. Reason: word"),
        ("Late addition", "2026-03-03 12:02", "forgotten"),
    ]
    assert {each.entered.partition(" by ")[2] for each in after.late} == {"Nurse One, RN"}
    assert after.late[0].entered.startswith("2026-03-03 12:00 +01:00")


def test_a_corrected_arrival_is_listed_with_its_original() -> None:
    arrived = happened(PatientArrived(), 2, counter=40)
    begin = tuple(each for each in BEGIN if not isinstance(each[0], PatientArrived))
    note = noted(arrived, (DOSE, 20), (corrected(arrived.id, minute(0), "door log", PatientArrived()), 8), begin=begin)
    (times,) = [table for table in note.tables if table.part == "times"]
    assert [(c.clock, c.cells, c.amendments[0].was) for c in times.lines if c.amendments] == [
        ("11:00", ("Patient arrived",), "Patient arrived at 11:02")
    ]


def test_page_one_holds_what_was_written_and_says_what_was_not() -> None:
    note = noted(
        (IntentionSet("To rest"), 4),
        (DOSE, 20),
        (SummaryWritten("how it went", "first try"), 150),
        (SummaryWritten("how it went", "Calm.\n\nTwo waves."), 151),
        (SummaryWritten("indication", "Depression"), 152),
        (SummaryWritten("condition at leaving", "Alert."), 153),
    )
    assert note.intention == "To rest"
    assert note.how_it_went == ("Calm.", "Two waves.")
    assert note.indication == "Depression"
    assert note.leaving == ("Alert.", "Last reading, 11:05: BP 122/78, pulse 71, SpO₂ 98 %.")
    assert note.plan == ("Not written.",)


def test_an_earlier_wording_and_who_left_when_stay_on_the_paper() -> None:
    note = noted(
        (IntentionSet("To rest"), 4),
        (DOSE, 20),
        (SummaryWritten("how it went", "first try"), 150),
        (SummaryWritten("how it went", "Calm."), 151),
        (IntentionSet("To rest, and to look at it"), 30),
        (PersonLeft(THERAPIST), 140),
    )
    assert [(c.clock, c.what) for c in note.changed] == [
        ("11:04", "Earlier wording. Intention: To rest"),
        ("13:30", "Earlier wording. How it went: first try"),
    ]
    assert [person.role for person in note.people] == ["medical staff", "therapist until 13:20"]


def test_a_draft_kept_twice_is_no_earlier_wording_and_one_that_someone_rewrote_is() -> None:
    kept = [(DOSE, 20), *((SummaryWritten("how it went", f"Draft {n}.", True), 150 + n) for n in (1, 2))]
    assert noted(*kept).changed == ()
    rewritten = noted(*kept, (SummaryWritten("how it went", "Calm."), 160))
    assert [each.what for each in rewritten.changed] == ["Earlier wording. How it went, as drafted: Draft 2."]


def test_a_mark_moved_before_it_got_its_words_keeps_its_first_time() -> None:
    mark = happened(Marked(), 40, counter=40)
    moved = happened(corrected(mark.id, minute(38), "earlier", Marked()), 41, counter=41)
    note = noted((DOSE, 20), mark, moved, (corrected(mark.id, minute(38), "", NoteTaken("The turn")), 140))
    (row,) = note.observations[-1].observations
    assert (row.text, row.clock, row.entered) == ("The turn", "11:38", "13:20, NO")
    assert [amendment.was for amendment in row.amendments] == ["Mark at 11:40"]


def test_a_zone_this_computer_does_not_know_is_said() -> None:
    begin = ((VisitOpened("dosing", PATIENT, False, "Nowhere/Land", "a4", ""), 0), *BEGIN[1:])
    note = noted((DOSE, 20), begin=begin)
    assert note.digest.left_out == ("All times are in UTC: the time zone Nowhere/Land is not known on this computer",)


def test_heads_are_printed_in_full_under_the_names_of_their_stations() -> None:
    note = noted((DOSE, 20), heads=(Head("room-1", 41, "ab" * 32), Head("gone", 3, "cd" * 32)))
    assert [(h.of, h.station, h.count, h.digest) for h in note.digest.heads] == [
        ("Station", "Room 1", 42, "ab" * 32),
        ("Station", "gone", 4, "cd" * 32),
        ("Clinic’s record, station", "Room 1", 12, "ef" * 32),
    ]
    assert [f"{each.value} {each.name}" for each in note.digest.counts[:4]] == [
        "9 lines", "0 observations", "1 reading", "1 dose",
    ]  # fmt: skip
    assert protocols.sha256(TOML) in note.digest.protocol
    assert note.digest.made == "2026-03-02 16:00 +01:00, by KapDesk"


def test_everyone_in_the_tables_is_in_the_key_even_from_outside_the_room() -> None:
    outside = msgspec.structs.replace(happened(NoteTaken("by phone"), 30, counter=40), by="who", entered_by="who")
    note = noted((DOSE, 20), outside)
    key = {person.initials: person for person in note.people}
    assert key["NO"].role == "medical staff"
    assert key["UN"].role == "not in the room"
    assert {row.by for phase in note.observations for row in phase.observations} <= set(key)


def test_no_two_people_share_their_initials() -> None:
    people = [("a", "Nurse One"), ("b", "Nora Olsen"), ("c", "Cher"), ("d", "Нина О."), ("e", "  "), ("f", "N O")]
    given_initials = wording.initials(people)
    assert given_initials["a"] == "NO"
    assert given_initials["b"] == "NO2"
    assert len(set(given_initials.values())) == len(people)


def test_what_cannot_be_read_is_counted_and_a_torn_protocol_leaves_phases_out() -> None:
    note = noted((Unread("dose-taken", "unknown"), 30), begin=(*BEGIN[:1], (ProtocolChosen("not = [toml", "00"), 0)))
    assert note.digest.left_out == (
        "1 line that cannot be read here (erased, closed to this reader, or of a newer KapDesk)",
    )
    assert "cannot be read" in note.digest.protocol


def test_an_empty_record_is_a_note_all_the_same() -> None:
    note = note_of(fold([]), patients.fold(uuid4(), []), clinics.fold([]))
    assert note.standing == "draft"
    assert lay_out(note).startswith(b"%PDF-")


def test_the_programs_own_words_stay_out_of_the_paper() -> None:
    struck = happened(NoteTaken("x"), 30, counter=40)
    note = noted(
        *((DOSE, 20), struck, (Struck(struck.id, "slip", undo=True), 31), (Unread("x", "sealed"), 32)),
        *((Ended("completed"), 150), (Locked(), 160), (AddendumWritten("Well."), 1500), (NoteTaken("late"), 1501)),
        heads=(Head("room-1", 41, "ab" * 32),),
    )
    read = poppler(lay_out(note))
    assert "Added after signing" in read
    assert not re.findall(r"\b(?:fact|chain|fold|entry|entries|engine|deck|desk|seal|sealed)s?\b", read, re.IGNORECASE)


def test_every_word_that_was_typed_is_on_the_paper() -> None:
    words = ["Zażółć <b>", "她说很平静", "</para> & done", "Nguyễn Thị", "escort: a friend", "door ☐ open"]
    facts = [(NoteTaken(word), 21 + n) for n, word in enumerate(words)]
    read = unspaced(poppler(lay_out(noted((DOSE, 20), *facts, (SummaryWritten("plan", "Rest <i>well</i>"), 90)))))
    for word in (*words, "Rest <i>well</i>"):
        assert unspaced(word) in read


@pytest.mark.parametrize(
    ("dose_ug", "weight_g", "words"),
    [(60_000, 68_400, "0.88 mg/kg"), (25_000, 100_000, "0.25 mg/kg"), (35_100, 70_000, "0.5 mg/kg"), (1, None, "")],
)
def test_milligrams_per_kilogram_to_the_hundredth(dose_ug: int, weight_g: int | None, words: str) -> None:
    assert wording.per_kg(dose_ug, weight_g) == words


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_decimals_say_exactly_the_integer(value: int, places: int) -> None:
    said = wording.decimal(value, places).replace("−", "-")
    whole, _, part = said.partition(".")
    assert int(f"{whole}{part.ljust(places, '0')}") == value


def test_minutes_count_down_to_the_dose() -> None:
    note = noted((NoteTaken("just before"), 19.5), (DOSE, 20), (NoteTaken("just after"), 20.5))
    rows = [row for phase in note.observations for row in phase.observations]
    assert [row.minute for row in rows] == ["−1", "0"]
    assert MINUTE_US == 60_000_000
