"""The page of a month: everything of it, nobody's name, and never across routes."""

from datetime import date
from uuid import UUID

from kapdesk.note.monthly import Adverse, Aside, Month, Seen, monthly_of
from kapdesk.note.sheet import Sheet, Table, text_of
from kapdesk.note.stock import Held
from kapdesk.note.substances import Balance

DAY = date(2026, 11, 3)


def visit(n: int, **more: object) -> Seen:
    return Seen(UUID(int=n), DAY, "dosing", UUID(int=n % 2), "completed", **more)  # type: ignore[arg-type]


def page(*visits: Seen, balances: tuple[Balance, ...] = (), stock: tuple[Held, ...] = ()) -> Sheet:
    return monthly_of(Month(date(2026, 11, 1), visits, balances, stock, "2026-12-01 08:12"), "Sample Clinic")


def tiles(sheet: Sheet) -> dict[str, str]:
    return {each.name: each.value for each in sheet.tiles}


def test_an_empty_month_says_so_in_each_of_its_parts() -> None:
    said = text_of(page())
    for words in (
        "No visit was opened in this month.",
        "None is on record.",
        "Nothing was set aside.",
        "Nothing was counted in this month.",
        "Every visit is signed, and its papers are filed.",
    ):
        assert words in said


def test_what_was_given_is_told_by_medication_and_route_and_never_across() -> None:
    sheet = page(
        visit(1, given=(("ketamine", "im", 60_000), ("ketamine", "oral", 100_000))),
        visit(2, given=(("ketamine", "im", 80_000),)),
        visit(3, given=(("ketamine", "im", 50_000),)),
    )
    table = sheet.parts[0].blocks[0]
    assert isinstance(table, Table)
    assert [line.cells for line in table.lines] == [
        ("Ketamine, IM", "3", "50", "60", "80"),
        ("Ketamine, oral", "1", "100", "100", "100"),
    ]
    assert (tiles(sheet)["Dosing sessions"], tiles(sheet)["Patients"]) == ("3", "2")


def test_adverse_events_late_readings_overrides_and_open_papers_stand_with_their_visit() -> None:
    sheet = page(
        visit(
            0xA1,
            readings=9,
            late_min=(7, 14),
            missed=1,
            left_out=2,
            adverse=(Adverse("fainted", "severe", "lay down"), Adverse("nausea", "mild", "", "over")),
            aside=(Aside("clearance", ("A first reading",), "known white-coat pressure", "Prescriber Three"),),
            open=("to be filed", "observation summary to be sent"),
        ),
        visit(0xB2, readings=8),
    )
    said = text_of(sheet)
    for words in (
        *(
            "fainted",
            "▲ severe",
            "lay down",
            "open",
            "14 min",
            "1 without a word",
            "2 with a reason",
            "A first reading",
        ),
        *("known white-coat pressure", "Prescriber Three", "to be filed; observation summary to be sent", "000000a1"),
    ):
        assert words in said
    assert "000000b2" not in said
    assert tiles(sheet) == {
        "Dosing sessions": "2",
        "Patients": "2",
        "Adverse events": "2",
        "Late readings": "2",
        "Overridden": "1",
        "Papers open": "1",
    }


def test_what_counts_as_late_is_said_and_that_it_is_an_example() -> None:
    assert "Late: 5 min or more after its time, by the protocol of the visit. An example, to be approved." in text_of(
        page()
    )


def test_what_lies_in_the_safe_stands_beside_what_visits_drew() -> None:
    lot = Held("ketamine", "K1", 900_000, 500_000, 0, 250_000, 1_140_000, off_ug=-10_000, counted=True)
    said = text_of(page(stock=(lot,)))
    for words in ("In the safe:", "ketamine, lot K1", "1140", "▲ −10 mg"):
        assert words in said
