"""Visits as tables: every reading and everything that happened, in figures a spreadsheet takes for figures."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapdesk.exchange.csv import table
from kapdesk.exchange.visit import Visit, decimal, plain
from kapdesk.exchange.visits_csv import EVENTS, VITALS, events_csv, vitals_csv
from kapdesk.facts.session import NoteTaken
from kapdesk.session.state import fold
from tests.exchange.told import SESSION, amended, visit
from tests.fakes import happened
from tests.session.sample import visits

VISIT = visit()


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


READINGS, HAPPENED = rows(vitals_csv([VISIT])), rows(events_csv([VISIT]))


def event(kind: str) -> dict[str, str]:
    (found,) = [row for row in HAPPENED if row["kind"] == kind]
    return found


def test_every_reading_is_a_row_with_its_units_in_the_head_and_bare_figures_below() -> None:
    first, high, struck = READINGS
    assert tuple(first) == VITALS
    assert (first["systolic_mmHg"], first["mean_calculated_mmHg"], first["temperature_celsius"]) == (
        "122",
        "93",
        "36.6",
    )
    assert (first["time"], first["minute_from_first_dose"]) == ("2026-03-02T11:05:00+01:00", "-14")
    assert (first["oxygen_L_per_min"], high["oxygen_L_per_min"], struck["oxygen_L_per_min"]) == ("0", "1.5", "")
    assert (first["arm"], first["position"], high["read_by"]) == ("left", "sitting", "device")
    assert high["beyond_limits"].startswith("Systolic 172 mmHg is above this clinic’s 160")
    assert {row["visit"] for row in READINGS} == {str(SESSION)}
    assert {row["record_number"] for row in READINGS} == {"NL-7"}


def test_what_was_struck_stays_and_says_so_with_its_reason() -> None:
    *stands, struck = READINGS
    assert [row["status"] for row in stands] == ["as entered", "as entered"]
    assert (struck["status"], struck["amended"]) == ("struck", "reason: another patient’s cuff")
    assert struck["systolic_mmHg"] == "72"


def test_a_corrected_dose_says_what_stood_there_before() -> None:
    dose = next(row for row in HAPPENED if row["medication"] == "ketamine")
    assert (dose["time"], dose["site"], dose["status"]) == ("2026-03-02T11:19:00+01:00", "", "corrected")
    assert dose["amended"].startswith("was: ketamine 60 mg IM, left deltoid")
    assert dose["amended"].endswith(" at 2026-03-02T11:20:00+01:00; reason: entered late")
    assert (dose["dose_mg"], dose["strength_mg_per_mL"], dose["volume_mL"]) == ("60", "50", "1.2")
    assert (dose["lot"], dose["expiry"], dose["minute_from_first_dose"]) == ("K2291B", "2027-08", "0")


def test_everything_that_happened_is_a_row_and_amendments_stand_beside_what_they_amend() -> None:
    assert tuple(HAPPENED[0]) == EVENTS
    kinds = {row["kind"] for row in HAPPENED}
    assert {"visit-opened", "note-taken", "adverse-event-noted", "locked", "countersigned", "addendum-written"} <= kinds
    assert not kinds & {"vitals-taken", "corrected", "struck"}
    assert event("addendum-written")["status"] == "added after signing"
    assert (event("scale-rated")["scale"], event("scale-rated")["value"]) == ("RASS", "-2")
    assert [row["time"] for row in HAPPENED] == sorted(row["time"] for row in HAPPENED)


def test_no_name_of_the_patient_stands_in_the_tables_but_the_record_number() -> None:
    written = (vitals_csv([VISIT]) + events_csv([VISIT])).decode()
    assert "Sample Patient" not in written
    assert "Ania" not in written


def test_a_note_that_begins_like_a_formula_is_not_one_and_a_figure_below_nothing_stays_a_figure() -> None:
    assert event("note-taken")["what"] == "'=SUM(A1) <b>& tears"
    assert event("note-taken")["patients_words"] == "yes"
    assert table(["n"], [["-5"], ["-1.5"], ["-5+cmd|' /C calc'!A0"], ["+1"], ["@x"]]).split("\r\n")[1:-1] == [
        *("-5", "-1.5", "'-5+cmd|' /C calc'!A0", "'+1", "'@x"),
    ]


def test_the_mark_of_utf_8_is_there_for_excel_and_left_out_on_request() -> None:
    assert vitals_csv([VISIT]).startswith(b"\xef\xbb\xbfvisit,")
    assert vitals_csv([VISIT], bom=False).startswith(b"visit,")
    assert vitals_csv([], bom=False) == (",".join(VITALS) + "\r\n").encode()


def test_visits_of_several_patients_stand_one_after_the_other() -> None:
    assert len(rows(vitals_csv([VISIT, VISIT]))) == 2 * len(READINGS)


@given(visits())
@settings(max_examples=60)
def test_whatever_stands_in_a_record_both_tables_can_be_written_and_read(happenings: list) -> None:  # type: ignore[type-arg]
    told = visit(happenings)
    undone = sum(each.undone for each in told.session.history)
    both = rows(vitals_csv([told])) + rows(events_csv([told]))
    amending = [each for each in told.session.history if type(each.fact).__name__ in ("Corrected", "Struck")]
    assert len(told.session.history) - len(amending) - undone <= len(both) <= len(told.session.history)


@given(st.text(st.characters(), max_size=20))
def test_any_text_of_any_plane_comes_through_a_table(text: str) -> None:
    said = [*amended(), happened(NoteTaken("x" + text), 2000, counter=99)]
    told = Visit(VISIT.id, fold(said), VISIT.patient, VISIT.clinic, VISIT.clinic_id, VISIT.made_us, VISIT.said)
    assert rows(events_csv([told]))[-1]["what"] == plain("x" + text)


@pytest.mark.parametrize(
    ("value", "places", "said"), [(1250, 3, "1.25"), (60_000, 3, "60"), (-5, 1, "-0.5"), (0, 3, "0")]
)
def test_a_figure_is_exact_without_idle_zeros(value: int, places: int, said: str) -> None:
    assert str(decimal(value, places)) == said
