"""Doses in the room, through the window: rescue medication, held in the mouth, device by device, odd figures."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from kapdesk.clinic.protocols import FOLDER
from kapdesk.facts.care import AdverseEventNoted, LozengeOut, ScaleNotRated, ScaleRated
from kapdesk.facts.session import DoseGiven, NoteTaken, WeightMeasured
from kapdesk.note.matters import tables_of
from kapdesk.note.telling import Telling
from tests.plain import PLAIN, approve
from tests.ui.hand import Hand

KEY = Qt.Key


def said(hand: Hand) -> str:
    return "\n".join(label.text() for label in hand.window.findChildren(QLabel) if label.isVisible())


def rescue(hand: Hand, name: str = "ondansetron", mg: str = "4", why: str = "nausea") -> None:
    hand.key(KEY.Key_R)
    hand.press(f"Rescue: {name}")
    hand.write("Rescue dose in milligrams", mg)
    hand.write("Why it was given", why)
    hand.key(KEY.Key_Return)
    hand.settle()


def test_a_rescue_before_the_dose_is_on_record_and_the_clock_stands(hand: Hand) -> None:
    hand.begin(dosed=False)
    rescue(hand)
    assert hand.facts(DoseGiven) == [DoseGiven("ondansetron", 4_000, "iv")]
    assert hand.facts(NoteTaken) == [NoteTaken("Rescue: ondansetron 4 mg IV, for nausea", "Intervention")]
    assert hand.room.session.first_dose_us is None
    assert hand.page.rescue.isHidden()
    assert "ondansetron IV 4 mg" in "\n".join(hand.buttons())
    hand.pass_(5)
    hand.dose("50")
    assert hand.room.session.since_first_dose_ms(hand.room.now_us()) == 0


def test_the_newest_dose_stands_first_so_that_a_rescue_is_seen_where_room_is_short(hand: Hand) -> None:
    hand.begin()
    hand.pass_(10)
    rescue(hand)
    rows = [name for name in hand.buttons() if name.startswith("Dose at ")]
    assert ["ondansetron" in rows[0], "50 mg" in rows[1]] == [True, True]


def test_a_rescue_says_what_is_missing_and_keeps_what_was_typed(hand: Hand) -> None:
    hand.begin()
    hand.key(KEY.Key_R, KEY.Key_Return)
    assert "Type which medication was given." in said(hand)
    hand.write("Rescue medication", "Ketalar")
    hand.key(KEY.Key_Return)
    assert "Ketalar is this session’s medication. Record it under “Dose”." in said(hand)
    hand.press("Rescue: clonidine")
    hand.key(KEY.Key_Return)
    assert "Type the dose in milligrams" in said(hand)
    hand.write("Rescue dose in milligrams", "0.1")
    hand.key(KEY.Key_Return)
    assert "Type why it was given" in said(hand)
    hand.key(KEY.Key_Escape, KEY.Key_R)
    hand.write("Why it was given", "170/100")
    hand.key(KEY.Key_Return)
    hand.settle()
    assert hand.facts(DoseGiven)[-1] == DoseGiven("clonidine", 100, "iv")


def test_another_medication_in_the_dose_sheet_is_asked_about_once(hand: Hand) -> None:
    hand.begin(dosed=False)
    hand.key(KEY.Key_D)
    hand.page.dose.form.medication.setText("psilocybin")
    hand.write("Dose in milligrams", "25")
    hand.key(KEY.Key_Return)
    assert "“psilocybin” is not this protocol’s ketamine: it does not start the clock." in said(hand)
    assert hand.facts(DoseGiven) == []
    hand.key(KEY.Key_Return)
    hand.settle()
    assert hand.room.session.stage == "cleared"


def test_a_lot_that_expired_is_asked_about_in_place(hand: Hand) -> None:
    hand.begin(dosed=False)
    hand.key(KEY.Key_D)
    hand.press("Strength, lot and expiry")
    hand.write("Lot", "L-9")
    hand.write("Expiry, for example 2027-04", "2026-02")
    hand.write("Dose in milligrams", "50")
    hand.key(KEY.Key_Return)
    assert "Lot L-9 expired on 2026-02." in said(hand)
    assert hand.facts(DoseGiven) == []
    hand.key(KEY.Key_Return)
    hand.settle()
    assert hand.facts(DoseGiven)[0].expiry == "2026-02"


def test_milligrams_per_kilogram_and_millilitres_are_shown_while_a_dose_is_typed(hand: Hand) -> None:
    hand.begin(dosed=False)
    hand.room.record(WeightMeasured(66_000, "2026-03-02"))
    hand.settle()
    hand.key(KEY.Key_D)
    hand.press("Strength, lot and expiry")
    hand.write("Strength in mg/mL", "50")
    hand.write("Dose in milligrams", "33")
    assert "= 0.5 mg/kg" in said(hand)
    assert "= 0.66 mL" in said(hand)


@pytest.mark.parametrize(("typed", "asked"), [("154", "Is it kg, not lb? 154 lb are 69.9 kg."), ("72", "")])
def test_a_weight_far_from_that_of_the_visit_before_is_asked_about(hand: Hand, typed: str, asked: str) -> None:
    hand.open_session()
    hand.room.record(WeightMeasured(70_000, "2026-02-01"))
    hand.settle()
    hand.write("Weight in kilograms", typed)
    hand.press("Record weight")
    hand.settle()
    if asked:
        assert asked in said(hand)
        assert len(hand.facts(WeightMeasured)) == 1
        hand.press("Record weight")
        hand.settle()
    assert hand.facts(WeightMeasured)[-1] == WeightMeasured(int(typed) * 1000, "2026-03-02")


def lozenge(hand: Hand) -> None:
    """A session under a protocol with a lozenge to be held for 12 min and CADSS-6 after the peak; dosed."""
    toml = PLAIN.replace('route = "im"', 'route = "sublingual"\nhold_min = 12')
    toml = toml.replace("source =", 'ratings = [{ scale = "CADSS-6", after_phase = "onset" }]\nsource =')
    desk = hand.day.desk
    (desk.clinic.log.folder / FOLDER / "plain.toml").write_text(toml, encoding="utf-8")
    approve(desk.clinic, toml)
    hand.settle()
    hand.begin(dosed=False)
    hand.dose("100")


def test_a_lozenge_counts_and_says_what_became_of_it(hand: Hand) -> None:
    lozenge(hand)
    hand.pass_(4)
    assert "In the mouth · 4 of 12 min" in said(hand)
    hand.pass_(4)
    hand.press("Lozenge spat")
    hand.settle()
    (dose,) = hand.room.session.doses()
    assert hand.facts(LozengeOut) == [LozengeOut(dose.id, "spat", 720_000)]
    assert "8 of 12 min, spat" in "\n".join(hand.buttons())
    assert "Lozenge spat" not in hand.buttons()
    tables = tables_of(Telling(hand.room.session, hand.day.desk.clinic.state), hand.room.protocol)
    assert ("Lozenge: 8 of 12 min, spat",) in [line.cells for table in tables for line in table.lines]


def test_a_vomited_lozenge_offers_the_adverse_event_in_place(hand: Hand) -> None:
    lozenge(hand)
    hand.pass_(5)
    hand.press("Lozenge vomited")
    hand.settle()
    assert "Vomiting: how bad?" in said(hand)
    hand.press("Moderate")
    hand.settle()
    assert hand.facts(AdverseEventNoted) == [AdverseEventNoted("Vomiting", "moderate")]
    assert "how bad?" not in said(hand)


def test_a_rating_that_is_due_opens_its_scale_in_place_and_is_answered_or_left_out(hand: Hand) -> None:
    lozenge(hand)
    hand.key(KEY.Key_F2)
    hand.pass_(7)
    due = next(name for name in hand.buttons() if name.startswith("Due: CADSS-6"))
    hand.press(due)
    hand.write("Value on the scale", "9")
    hand.key(KEY.Key_Return)
    hand.settle()
    assert hand.facts(ScaleRated) == [ScaleRated("CADSS-6", 9)]
    assert not any(name.startswith("Due: CADSS-6") for name in hand.buttons())


def test_a_rating_is_left_out_with_a_reason(hand: Hand) -> None:
    lozenge(hand)
    hand.key(KEY.Key_F2)
    hand.pass_(7)
    hand.press(next(name for name in hand.buttons() if name.startswith("Due: CADSS-6")))
    hand.press("Not rated, reason")
    hand.write("Why CADSS-6 is not rated now", "asleep")
    hand.key(KEY.Key_Return)
    hand.settle()
    assert hand.facts(ScaleNotRated) == [ScaleNotRated("CADSS-6", "asleep")]
    assert not any(name.startswith("Due: CADSS-6") for name in hand.buttons())


def test_a_nasal_dose_is_offered_device_by_device(hand: Hand) -> None:
    toml = PLAIN.replace('route = "im"', 'route = "nasal"\ndevice_mg = 28\ndevice_gap_min = 5')
    toml = toml.replace('"ketamine"', '"esketamine"').replace("[25, 50]", "[56, 84]")
    desk = hand.day.desk
    (desk.clinic.log.folder / FOLDER / "plain.toml").write_text(toml, encoding="utf-8")
    approve(desk.clinic, toml)
    hand.settle()
    hand.begin(dosed=False)
    hand.key(KEY.Key_D)
    hand.press("Dose 2 × 28 mg")
    hand.key(KEY.Key_Return)
    hand.settle()
    assert hand.facts(DoseGiven) == [DoseGiven("esketamine", 28_000, "nasal", "device 1 of 2")]
    hand.key(KEY.Key_F2)
    hand.pass_(3)
    hand.press(next(name for name in hand.buttons() if name.startswith("Due: Device 2 of 2")))
    assert hand.page.dose.form.site.text() == "device 2 of 2"
    hand.pass_(2)
    hand.key(KEY.Key_Return)
    hand.settle()
    assert [each.site for each in hand.facts(DoseGiven)] == ["device 1 of 2", "device 2 of 2"]
    assert not any(name.startswith("Due: Device") for name in hand.buttons())
    assert "In all nasal 56 mg" in said(hand)


def test_what_is_late_stays_in_sight_beside_a_lozenge_on_a_low_screen(hand: Hand) -> None:
    lozenge(hand)
    hand.pass_(7)
    for _ in range(5):
        QApplication.processEvents()
    clock = hand.page.now.clock
    assert clock.height() >= clock.minimumHeight() > clock.minimumSizeHint().height()
    assert hand.page.now.height() >= hand.page.now.minimumSizeHint().height()
    hand.key(KEY.Key_F2)
    hand.press(next(name for name in hand.buttons() if name.startswith("Due: CADSS-6")))
    for _ in range(5):
        QApplication.processEvents()
    assert hand.page.now.height() >= hand.page.now.minimumSizeHint().height()
