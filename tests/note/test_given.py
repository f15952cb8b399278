"""What was given and measured, as the note says it."""

from kapdesk.facts.care import InfusionPaused, InfusionRateSet, InfusionStarted, InfusionStopped
from kapdesk.facts.fact import Struck
from kapdesk.facts.session import DoseGiven, Ended, VitalsNotTaken, VitalsTaken
from kapdesk.note.layout import lay_out
from tests.fakes import happened, minute
from tests.note.reading import poppler
from tests.note.test_content import BEGIN, DOSE, corrected, noted


def test_doses_are_summed_by_route_and_never_across() -> None:
    note = noted(
        (DOSE, 20),
        (DoseGiven("ketamine", 20_000, "im"), 40),
        (DoseGiven("ketamine", 100_000, "sublingual"), 60),
        (DoseGiven("ondansetron", 4_000, "oral"), 90),
    )
    assert [(each.medication, each.route, each.total) for each in note.sums] == [
        ("Ketamine", "IM", "80 mg · 1.17 mg/kg · 2 doses"),
        ("Ketamine", "sublingual", "100 mg · 1.46 mg/kg · 1 dose"),
        ("Ondansetron", "oral", "4 mg · 0.06 mg/kg · 1 dose"),
    ]
    first = note.doses[0]
    assert (first.clock, first.minute, first.dose, first.per_kg) == ("11:20", "0", "60 mg", "0.88 mg/kg")
    assert (first.strength, first.volume, first.route, first.site) == ("50 mg/mL", "1.2 mL", "IM", "left deltoid")
    assert (first.lot, first.expiry, first.by, first.entered_by) == ("K2291B", "2027-08", "NO", "NO")
    assert note.tiles[0].value == "80 mg · 1.17 mg/kg"


def test_a_struck_dose_is_shown_and_not_summed() -> None:
    dose = happened(DOSE, 20, counter=40)
    note = noted(dose, (Struck(dose.id, "not given"), 21))
    assert note.doses[0].struck
    assert not note.sums
    assert note.tiles[0].value == "none given"


def test_vitals_flags_baseline_and_readings_not_taken() -> None:
    note = noted(
        (DOSE, 20),
        (VitalsTaken(165, 96, 90, 91), 35),
        (VitalsNotTaken("Asleep"), 50),
        (VitalsTaken(150, 90, 88, 97, 14, 366), 65),
    )
    names = [column.name for column in note.vitals.columns]
    assert names == ["Systolic", "Diastolic", "MAP", "Pulse", "SpO₂", "RR", "Temperature"]
    high = note.vitals.readings[1]
    assert [(f.value, f.flag) for f in high.figures] == [
        ("165", "high"), ("96", ""), ("119", ""), ("90", ""), ("91", "low"), ("", ""), ("", ""),
    ]  # fmt: skip
    assert note.vitals.readings[2].figures[6].value == "36.6"
    assert [(each.clock, each.reason) for each in note.vitals.not_taken] == [("11:50", "Asleep")]
    assert note.vitals.baseline == "BP 122/78, pulse 71, SpO₂ 98 %, at 11:05"
    assert "systolic 90–160" in note.vitals.limits
    tiles = {tile.name: (tile.value, tile.flag) for tile in note.tiles}
    assert tiles["Highest BP"] == ("165/96", "high")
    assert tiles["Lowest SpO₂"] == ("91 %", "low")


def test_how_all_readings_were_taken_is_said_once_and_otherwise_beside_each() -> None:
    alike = [(VitalsTaken(122, 78, arm="left"), at) for at in (30, 40)]
    begin = tuple(each for each in BEGIN if not isinstance(each[0], VitalsTaken))
    once = noted((DOSE, 20), *alike, begin=begin).vitals
    assert (once.how, [each.how for each in once.readings]) == ("left arm", ["", ""])
    apart = noted((DOSE, 20), *alike, (VitalsTaken(122, 78, arm="right"), 50), begin=begin).vitals
    assert (apart.how, [each.how for each in apart.readings]) == ("", ["left arm", "left arm", "right arm"])


def test_an_infusion_says_over_how_long_it_ran_in_its_pauses_with_it() -> None:
    dose = happened(DoseGiven("ketamine", 40_000, "iv"), 20, counter=50)
    started = happened(InfusionStarted(dose.id, 40_000, 60_000), 20, counter=51)
    paused = happened(InfusionPaused(dose.id), 30, counter=52)
    again = happened(InfusionRateSet(dose.id, 60_000), 40, counter=53)
    done = (Ended("completed"), 150)
    assert [each.over for each in noted(dose, started, done).doses] == ["40 min"]
    note = noted(dose, started, paused, again, done)
    assert [each.over for each in note.doses] == ["50 min"]
    assert note.chart is not None
    drawn = [(each.name, each.from_ms // 60_000, each.to_ms // 60_000, each.open) for each in note.chart.lasted]
    assert drawn == [("Ketamine infusion", 0, 10, False), ("Ketamine infusion", 20, 50, False)], "a pause is a gap"
    assert [each.over for each in noted(dose, started).doses] == [""], "it may still run"
    assert "40 mg at 11:20 over 40 min" in " ".join(poppler(lay_out(noted(dose, started, done))).split())


def test_what_is_no_liquid_has_no_columns_for_strength_and_volume() -> None:
    lozenge = DoseGiven("ketamine", 100_000, "sublingual", "under the tongue")
    assert "Volume" in poppler(lay_out(noted((DOSE, 20))))
    assert "Volume" not in poppler(lay_out(noted((lozenge, 20))))


def test_a_corrected_first_dose_moves_minutes_phases_and_flags_and_keeps_its_original() -> None:
    given_dose = happened(DOSE, 20, counter=40)
    reading = (VitalsTaken(150, 85), 18)
    before = noted(given_dose, reading)
    after = noted(given_dose, reading, (corrected(given_dose.id, minute(15), "entered late", DOSE), 30))
    assert (before.vitals.readings[1].minute, after.vitals.readings[1].minute) == ("−2", "3")
    assert before.vitals.readings[1].figures[0].flag == "high"  # before a dose the limit is 140
    assert after.vitals.readings[1].figures[0].flag == ""
    assert before.chart is not None
    assert after.chart is not None
    assert [(p.name, p.to_ms) for p in after.chart.phases][:2] == [("settle", 0), ("onset", 5 * 60_000)]
    assert after.chart.zero_clock_s == before.chart.zero_clock_s - 300
    (dose,) = after.doses
    assert dose.clock == "11:15"
    (amendment,) = dose.amendments
    assert (amendment.what, amendment.reason, amendment.by, amendment.clock) == (
        "corrected",
        "entered late",
        "NO",
        "11:30",
    )
    assert amendment.was == "ketamine 60 mg IM, left deltoid at 11:20"


def test_of_an_infusion_that_was_not_over_the_note_says_what_ran_in_and_no_more() -> None:
    dose = happened(DoseGiven("ketamine", 40_000, "iv"), 20, counter=50)
    started = happened(InfusionStarted(dose.id, 40_000, 60_000), 20, counter=51)
    paused = happened(InfusionPaused(dose.id), 30, counter=52)
    note = noted(dose, started, paused, (Ended("completed"), 150))
    (row,) = note.doses
    assert (row.dose, row.ran, row.per_kg, row.volume) == ("10 mg", "of 40 mg, not run to its end", "0.15 mg/kg", "")
    assert note.tiles[0].value == "10 mg · 0.15 mg/kg"
    assert [each.total for each in note.sums] == ["10 mg · 0.15 mg/kg · 1 dose"]
    assert note.chart is not None
    assert note.chart.doses[0].name == "Ketamine 10 mg IV"
    stopped = happened(InfusionStopped(dose.id, 9_500, from_pump=True), 40, counter=53)
    assert noted(dose, started, paused, stopped, (Ended("completed"), 150)).doses[0].dose == "9.5 mg", "the pump knows"
