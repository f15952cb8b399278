"""What the protocol asks for is asked by the one way in: before a dose, at the order, before leaving; and set aside
only by someone whose role may, with a reason that stands on record."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from kapdesk import paths
from kapdesk.clinic import rules, script
from kapdesk.clinic.attached import place_of
from kapdesk.clinic.audit import entries
from kapdesk.clinic.carried import carried
from kapdesk.clinic.protocols import approve, at_hand
from kapdesk.clinic.room import Room
from kapdesk.clinic.substances import log_of
from kapdesk.errors import KnownError
from kapdesk.facts.care import (
    AdverseEventNoted,
    AdverseEventSettled,
    BreachAnswered,
    DoseChecked,
    EmergencyBegan,
    EmergencyOver,
    EmergencyStepTaken,
    LozengeOut,
    Overridden,
    ScaleNotRated,
    ScaleRated,
    SubstanceCounted,
    Witnessed,
)
from kapdesk.facts.fact import Fact
from kapdesk.facts.patient import CoursePlanned, OrderWritten
from kapdesk.facts.people import Actor
from kapdesk.facts.session import (
    Cleared,
    DoseGiven,
    Ended,
    IntentionSet,
    Locked,
    MusicPlanned,
    NoteTaken,
    PatientArrived,
    PatientLeft,
    PersonCameIn,
    SummaryWritten,
    VitalsTaken,
    WeightMeasured,
)
from kapdesk.record.recorder import Intent
from kapdesk.session import needs
from tests.desk import Desk
from tests.plain import PLAIN

TOML = paths.shipped("resources", "protocols", "im-booster.toml").read_text(encoding="utf-8")
DOSE = DoseGiven("ketamine", 50_000, "im")
ORDER = OrderWritten("ketamine", "im", 50_000, 25_000, "2099-01-01")
Open = Callable[[], Desk]


class Staffed:
    """A session under a shipped protocol, its patient here, therapist, nurse and prescriber in the room."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.nurse = desk.person("Sample Nurse")
        self.therapist = desk.person("Sample Therapist One", "therapist")
        self.prescriber = desk.person("Sample Prescriber", "prescriber")
        self.room: Room = desk.room(self.nurse, toml=TOML)
        self.says(PatientArrived())
        for actor, roles in ((self.nurse, ("medical staff",)), (self.therapist, ("therapist",))):
            self.says(PersonCameIn(actor.by, desk.clinic.state.name_of(actor.by), roles))  # type: ignore[arg-type]

    def says(self, fact: Fact, actor: Actor | None = None) -> Fact:
        self.desk.kept(self.room.record(fact, actor=actor or self.nurse))
        return fact

    def orders(self, order: OrderWritten = ORDER, actor: Actor | None = None) -> None:
        recorder = self.desk.clinic.patient_recorder(self.room.patient.id)
        self.desk.kept(recorder.record(order, actor or self.prescriber))

    def prepared(self) -> "Staffed":
        self.says(WeightMeasured(70_000, "2026-03-02"))
        self.says(VitalsTaken(120, 80, 70, 98))
        self.orders()
        self.knows()
        assert self.room.protocol is not None
        for answer in script.answers_of(self.room.protocol.before):
            self.says(answer)
        return self

    def knows(self) -> None:
        """Indication, clearance, screening, consent, crisis contacts and escort, as the protocol asks for them."""
        assert self.room.protocol is not None
        recorder = self.desk.clinic.patient_recorder(self.room.patient.id)
        for fact in script.known_of(self.room.protocol, "2026-03-02", "2026-09-01"):
            recorder.record(fact, self.prescriber)
        self.says(script.ESCORT)

    def dosed(self) -> "Staffed":
        self.prepared().says(Cleared())
        self.says(DOSE)
        return self


@pytest.fixture
def staffed(desk: Desk) -> Staffed:
    return Staffed(desk)


def test_not_cleared_names_what_is_missing_and_cleared_when_all_is_there(staffed: Staffed) -> None:
    with pytest.raises(
        KnownError, match="Not cleared: still needs Weight; A first reading; A prescriber’s order"
    ) as told:
        staffed.says(Cleared())
    for words in (
        "Indication",
        "Medical clearance",
        "Screening, 10 of 10",
        "Consent, 5 of 5",
        "Crisis contacts",
        "Escort",
    ):
        assert words in str(told.value)
    staffed.prepared().says(Cleared())
    assert staffed.room.session.cleared_us is not None


def test_an_override_of_the_clearance_takes_a_reason_and_stands_on_record(staffed: Staffed) -> None:
    assert staffed.room.protocol is not None
    missing = needs.missing(needs.before_dose(staffed.room.session, [], staffed.room.protocol))
    with pytest.raises(KnownError, match="The reason is missing"):
        staffed.says(Overridden("clearance", missing, " "))
    staffed.says(Overridden("clearance", missing, "known patient, seen this morning"))
    staffed.says(Cleared())
    (said,) = staffed.room.session.history.standing(Overridden)
    assert (said.by, said.fact.reason) == (staffed.nurse.by, "known patient, seen this morning")


def test_records_staff_and_administrators_override_nothing(staffed: Staffed) -> None:
    admin = staffed.desk.person("Sample Administrator Two", "administrator")
    with pytest.raises(KnownError, match=r"may read here, not write|may not override"):
        staffed.says(Overridden("clearance", (), "because I say so"), admin)


def test_the_rule_itself_lets_no_administrator_override_whatever_stands_before_it(staffed: Staffed) -> None:
    admin = staffed.desk.person("Sample Administrator Two", "administrator")
    judge = rules.by_the_protocol(lambda: staffed.room, lambda: staffed.desk.clinic.state)
    for actor, allowed in ((admin, False), (staffed.nurse, True)):
        now = staffed.room.now_us()
        said = judge(staffed.room.session, Intent(Overridden("clearance", (), "because I say so"), actor, now, now))
        assert (said is None) == allowed
        assert allowed or "may not override this" in str(said)


def test_no_dose_beyond_the_order_but_by_override(staffed: Staffed) -> None:
    staffed.prepared().says(Cleared())
    with pytest.raises(KnownError, match=r"60 mg is more than ordered.*Nothing was recorded"):
        staffed.says(DoseGiven("ketamine", 60_000, "im"))
    staffed.says(Overridden("order", ("60 mg",), "prescriber by phone, 60 mg"), staffed.therapist)
    staffed.says(DoseGiven("ketamine", 60_000, "im"))
    with pytest.raises(KnownError, match="30 mg is more than ordered"):
        staffed.says(DoseGiven("ketamine", 30_000, "im"))
    staffed.says(DoseGiven("ketamine", 25_000, "im"))


def test_an_order_comes_from_a_prescriber_though_another_may_type_it(staffed: Staffed) -> None:
    with pytest.raises(KnownError, match="may not order a medication"):
        staffed.orders(actor=staffed.nurse)
    staffed.orders(actor=Actor(staffed.prescriber.by, staffed.nurse.by))
    (order,) = staffed.room.patient.orders
    assert (order.by, order.entered_by) == (staffed.prescriber.by, staffed.nurse.by)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (OrderWritten("ketamine", "im", 0, 0, "2099-01-01"), "more than 0 mg"),
        (OrderWritten("ketamine", "im", 50_000, -1, "2099-01-01"), "booster is not possible"),
        (OrderWritten("ketamine", "im", 50_000, 0, "soon"), "no date"),
        (OrderWritten("ketamine", "im", 50_000, 0, "2001-01-01"), "has passed"),
    ],
)
def test_an_order_that_cannot_be_is_refused(staffed: Staffed, order: OrderWritten, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        staffed.orders(order)


def test_nobody_leaves_before_what_is_asked_but_by_override_or_against_advice(staffed: Staffed) -> None:
    staffed.dosed()
    with pytest.raises(KnownError, match="Not yet: still needs Observed 90 min"):
        staffed.says(PatientLeft("a friend"))
    staffed.says(Ended("left against advice", "wanted to go home"))
    staffed.says(PatientLeft("a friend"))


def test_a_second_person_checks_a_dose_and_only_once(staffed: Staffed) -> None:
    staffed.dosed()
    (dose,) = staffed.room.session.history.standing(DoseGiven)
    with pytest.raises(KnownError, match="by a second person"):
        staffed.says(DoseChecked(dose.id))
    staffed.says(DoseChecked(dose.id), staffed.therapist)
    with pytest.raises(KnownError, match="checked already"):
        staffed.says(DoseChecked(dose.id), staffed.prescriber)


def test_a_breach_that_goes_on_takes_a_reason(staffed: Staffed) -> None:
    staffed.dosed()
    staffed.says(VitalsTaken(180, 100))
    reading = staffed.room.session.history.standing(VitalsTaken)[-1].id
    with pytest.raises(KnownError, match="The reason is missing"):
        staffed.says(BreachAnswered(reading, "continued"))
    staffed.says(BreachAnswered(reading, "continued", "cuff too small, repeated"))
    with pytest.raises(KnownError, match="not in this session"):
        staffed.says(BreachAnswered(staffed.room.id, "stopped"))


def test_an_adverse_event_is_settled_once_it_was_noted(staffed: Staffed) -> None:
    with pytest.raises(KnownError, match="not in this session"):
        staffed.says(AdverseEventSettled(staffed.room.id, "gone"))
    staffed.says(AdverseEventNoted("Nausea", "mild"))
    (event,) = needs.unsettled(staffed.room.session)
    staffed.says(AdverseEventSettled(event.id, "gone"))
    assert needs.unsettled(staffed.room.session) == ()


def test_an_emergency_has_its_steps_and_its_end(staffed: Staffed) -> None:
    with pytest.raises(KnownError, match="No emergency is running"):
        staffed.says(EmergencyStepTaken("help called"))
    staffed.says(EmergencyBegan())
    with pytest.raises(KnownError, match="on record already"):
        staffed.says(EmergencyBegan())
    staffed.says(EmergencyStepTaken("help called"))
    staffed.says(EmergencyOver("awake, breathing well"))
    assert not staffed.room.session.in_emergency


@pytest.mark.parametrize(("scale", "value"), [("MOAA/S", 6), ("RASS", -6), ("CADSS-6", 25), ("nausea", 11)])
def test_a_value_off_its_scale_is_refused(staffed: Staffed, scale: str, value: int) -> None:
    with pytest.raises(KnownError, match="goes from"):
        staffed.says(ScaleRated(scale, value))  # type: ignore[arg-type]


def test_an_unapproved_protocol_runs_as_a_rehearsal_only(desk: Desk) -> None:
    nurse, prescriber = desk.person("Sample Nurse"), desk.person("Sample Prescriber", "prescriber")
    patient = desk.patient(nurse)
    with pytest.raises(KnownError, match="Ask your prescriber to approve it before a patient"):
        desk.clinic.open_session(patient, TOML, MusicPlanned("x", ()), nurse)
    room = desk.clinic.open_session(patient, TOML, MusicPlanned("x", ()), nurse, rehearsal=True)
    desk.settle()
    assert room.session.opened is not None
    assert room.session.opened.rehearsal
    with pytest.raises(KnownError, match="may not approve a protocol"):
        approve(desk.clinic, TOML, nurse)
    desk.kept(approve(desk.clinic, TOML, prescriber))
    assert {each.plan.name for each in at_hand(desk.clinic) if each.plan and each.approved_by} == {
        "Intramuscular with booster"
    }
    other = TOML.replace("observed_min = 90", "observed_min = 10")
    with pytest.raises(KnownError, match="not approved yet"):
        desk.clinic.open_session(desk.patient(nurse, "Sample Patient B"), other, MusicPlanned("x", ()), nurse)


def test_a_visit_knows_its_place_in_the_course(desk: Desk) -> None:
    nurse = desk.person()
    patient = desk.patient(nurse)
    recorder = desk.clinic.patient_recorder(patient)
    with pytest.raises(KnownError, match="1 to 100 dosing visits"):
        recorder.record(CoursePlanned("to sleep again", 0), nurse)
    desk.kept(recorder.record(CoursePlanned("to sleep again", 6), nurse))
    first = desk.dosed(desk.room(nurse, patient))
    desk.kept(first.record(Ended("completed")))
    desk.pass_(60 * 24 * 7)
    second = desk.dosed(desk.room(nurse, patient))
    places = [place_of(desk.clinic, desk.clinic.visit(room.id)) for room in (first, second)]
    assert places == ["session 1 of 6", "session 2 of 6"]


def test_what_was_drawn_balances_and_is_witnessed_before_the_visit_is_signed(staffed: Staffed) -> None:
    staffed.dosed()
    staffed.says(Ended("left against advice", "wanted to go home"))
    with pytest.raises(KnownError, match="Not signed: still needs ketamine, no lot, 50 mg given: to be counted"):
        staffed.says(Locked())
    for drawn, given, wasted, words in (
        (60_000, 50_000, 5_000, "60 mg drawn do not balance: 5 mg are missing"),
        (50_000, 50_000, 5_000, "5 mg are too many"),
        (60_000, 40_000, 20_000, "The doses of this lot add up to 50 mg"),
        (60_000, 50_000, -1, "below 0"),
    ):
        with pytest.raises(KnownError, match=words):
            staffed.says(SubstanceCounted("ketamine", "", drawn, given, wasted, 0))
    staffed.says(SubstanceCounted("ketamine", "", 60_000, 50_000, 5_000, 5_000))
    (count,) = staffed.room.session.history.standing(SubstanceCounted)
    with pytest.raises(KnownError, match="to be witnessed"):
        staffed.says(Locked())
    with pytest.raises(KnownError, match="by a second person"):
        staffed.says(Witnessed(count.id))
    staffed.says(Witnessed(count.id), staffed.therapist)
    staffed.says(Locked())


def test_the_substances_log_tells_each_count_by_lot_and_day(staffed: Staffed) -> None:
    staffed.dosed()
    staffed.says(SubstanceCounted("ketamine", "", 60_000, 50_000, 10_000, 0))
    (count,) = log_of(staffed.desk.clinic)
    assert (count.drawn_ug, count.wasted_ug, count.by, count.witnessed_by) == (60_000, 10_000, "Sample Nurse", "")
    (stood,) = staffed.room.session.history.standing(SubstanceCounted)
    staffed.says(Witnessed(stood.id), staffed.therapist)
    assert log_of(staffed.desk.clinic, count.day, count.day)[0].witnessed_by == "Sample Therapist One"
    assert log_of(staffed.desk.clinic, count.day + timedelta(days=1)) == []


def test_the_audit_tells_every_override_without_its_reason(staffed: Staffed) -> None:
    staffed.says(Overridden("clearance", ("Weight",), "because of something clinical"))
    (told,) = [each for each in entries(staffed.desk.clinic) if "OVERRODE" in each.what]
    assert (told.by, told.what) == ("Sample Nurse", f"OVERRODE clearance in visit {staffed.room.id.hex[-8:]}")


def test_what_they_brought_from_the_visit_before_is_at_hand(desk: Desk) -> None:
    nurse = desk.person()
    patient = desk.patient(nurse)
    first = desk.dosed(desk.room(nurse, patient))
    assert carried(desk.clinic, patient, first.id) is None
    for fact in (
        IntentionSet("To sleep again."),
        NoteTaken("It is so wide here.", "", True),
        NoteTaken("Breath slows."),
        SummaryWritten("plan", "A walk on Sunday."),
        Ended("completed"),
    ):
        desk.kept(first.record(fact))
    desk.pass_(60 * 24 * 7)
    last = carried(desk.clinic, patient, desk.room(nurse, patient).id)
    assert last is not None
    assert (last.intention, last.plan) == ("To sleep again.", "A walk on Sunday.")
    assert last.quotes == ("It is so wide here.",)
    other = desk.room(nurse, desk.patient(nurse, "Sample Patient B"))
    assert carried(desk.clinic, other.patient.id, other.id) is None


def test_a_rescue_needs_neither_clearance_nor_order_and_leaves_the_order_to_the_dose(staffed: Staffed) -> None:
    staffed.says(DoseGiven("ondansetron", 4_000, "oral"))
    assert staffed.room.session.first_dose_us is None
    with pytest.raises(KnownError, match="Not cleared"):
        staffed.says(DoseGiven("Ketamine HCl", 50_000, "im"))
    staffed.prepared().says(Cleared())
    with pytest.raises(KnownError, match="The order is for ketamine 50 mg IM"):
        staffed.says(DoseGiven("Ketalar", 50_000, "im"))
    staffed.says(DOSE)
    assert staffed.room.session.first_dose_us is not None
    with pytest.raises(KnownError, match="more than ordered"):
        staffed.says(DOSE)


def test_a_rating_left_out_has_its_reason_and_only_a_lozenge_that_is_held_comes_out(staffed: Staffed) -> None:
    with pytest.raises(KnownError, match="reason is missing"):
        staffed.says(ScaleNotRated("CADSS-6", " "))
    staffed.says(ScaleNotRated("CADSS-6", "asleep"))
    staffed.dosed()
    dose = staffed.room.session.history.standing(DoseGiven)[0]
    with pytest.raises(KnownError, match="no dose held in the mouth"):
        staffed.says(LozengeOut(dose.id, "spat", 720_000))


def test_a_protocol_with_a_fault_is_read_for_old_visits_and_not_approved_any_more(staffed: Staffed) -> None:
    clinic = staffed.desk.clinic
    doctor = staffed.desk.person("Sample Prescriber Two", "prescriber")
    toml = PLAIN.replace("usual_doses_mg = [", "usual_doses_mg = [0, ")
    with pytest.raises(KnownError, match=r"Not approved: .*usual_doses_mg.*each dose must be above 0"):
        approve(clinic, toml, doctor)


def test_a_protocol_for_home_is_never_the_first_one_offered(staffed: Staffed) -> None:
    settings = [each.plan.setting for each in at_hand(staffed.desk.clinic) if each.plan is not None]
    assert settings.count("home") == 1
    assert settings[-1] == "home"
