"""The sheet for the ambulance: one page, the largest first, nothing told in confidence."""

from uuid import UUID

import msgspec

from kapdesk.facts.after import DebriefWritten, PracticeAgreed
from kapdesk.facts.care import AdverseEventNoted, EmergencyBegan, EmergencyStepTaken, EscortNamed, ScaleRated
from kapdesk.facts.session import IntentionSet, NoteTaken, SummaryWritten, VitalsTaken
from kapdesk.note.handover import LAST, handover_of
from kapdesk.note.paper import Note, PaperSize
from kapdesk.note.sheet import Sheet, Table, Words, text_of
from kapdesk.note.sheet_page import set_sheet
from tests.note.reading import pages, unspaced
from tests.note.test_content import DOSE, noted


def fallen() -> Note:
    """A visit in which somebody fainted after a second dose."""
    readings = [(VitalsTaken(130 + n, 80 + n, 80 + n, 97), 30 + 3 * n) for n in range(7)]
    made = noted(
        (IntentionSet("zz to meet the grief"), 4),
        (EscortNamed("A sister", "555-0123"), 10),
        (DOSE, 20),
        *readings,
        (NoteTaken("zz the heron again", "Ease", True), 40),
        (VitalsTaken(84, 48, 41, 86), 60),
        (ScaleRated("MOAA/S", 2), 60),
        (AdverseEventNoted("fainted on sitting up", "severe", "laid flat"), 60),
        (EmergencyBegan(), 61),
        (EmergencyStepTaken("Airway, oxygen"), 62),
        (DebriefWritten("images", "zz a house"), 63),
        (PracticeAgreed("zz the window"), 64),
        (SummaryWritten("how it went", "zz summary"), 65),
    )
    return msgspec.structs.replace(made, letterhead=("Phone 555-0111",))


def test_it_says_who_what_when_and_whom_to_call_and_nothing_told_in_confidence() -> None:
    said = text_of(handover_of(fallen()))
    for words in (
        *(
            "Sample Patient A  (called Ania)",
            "Allergies: penicillin",
            "1984-03-09, aged 41",
            "68.4 kg",
            "Ketamine 60 mg",
        ),
        *("IM, left deltoid, 0.88 mg/kg", "11:20", "▼ L 86", "fainted on sitting up", "laid flat", "Airway, oxygen"),
        *("MOAA/S 2", "Before the dose: BP 122/78", "555-0123", "555-0111", "Nurse One, RN, medical staff"),
    ):
        assert words in said, words
    assert "zz" not in said


def test_an_emergency_stands_first_and_what_happened_long_before_at_the_end() -> None:
    many = [(AdverseEventNoted(f"event {n}", "mild"), 70 + n) for n in range(9)]
    sheet = handover_of(noted((DOSE, 20), (EmergencyBegan(), 60), *many))
    (first,) = [each for each in sheet.parts if each.heading.startswith("What happened, and")]
    (before,) = [each for each in sheet.parts if each.heading == "What happened before that"]
    assert sheet.parts[-1] == before
    assert sheet.parts.index(first) < [each.heading for each in sheet.parts].index("Given")
    rows = text_of(first).split("What happened, what was done, how it came out")[1]
    assert rows.index("Emergency") < rows.index("event 8") < rows.index("event 7")
    assert "event 0" in text_of(before)


def test_the_newest_readings_come_first_and_how_many_there_are_is_said() -> None:
    (part,) = [each for each in handover_of(fallen()).parts if each.heading == "Last readings"]
    table = part.blocks[0]
    assert isinstance(table, Table)
    assert [line.cells[0] for line in table.lines] == ["12:00", "11:48", "11:45", "11:42", "11:39"]
    assert len(table.lines) == LAST
    assert table.lines[0].strong
    assert not table.lines[1].strong
    assert "9 readings in all." in text_of(part)


def test_what_is_read_first_is_largest() -> None:
    sheet = handover_of(fallen())
    sizes = [block.how for block in sheet.parts[0].blocks if isinstance(block, Words)]
    assert sizes == ["largest", "larger"]
    assert sheet.black


def test_without_doses_readings_or_events_each_part_says_so() -> None:
    said = text_of(handover_of(noted(begin=())))
    for words in ("No medication is on record.", "No reading is on record.", "Allergies: "):
        assert words in said


def on_paper(sheet: Sheet, paper: PaperSize) -> list[str]:
    return pages(set_sheet(msgspec.structs.replace(sheet, paper=paper)))


def test_it_is_one_page_on_either_paper_with_every_word() -> None:
    sheet = handover_of(fallen())
    for paper in ("A4", "Letter"):
        (page,) = on_paper(sheet, paper)
        for words in text_of(sheet).splitlines():
            assert unspaced(words) in unspaced(page), words


def test_a_long_one_goes_on_and_loses_nothing() -> None:
    many = [(AdverseEventNoted(f"event {n:02}", "mild", "watched, and watched again"), 60 + n / 10) for n in range(40)]
    whole = "".join(on_paper(handover_of(noted((DOSE, 20), *many)), "A4"))
    assert all(f"event {n:02}" in whole for n in range(40))
    assert UUID(int=7).hex not in whole
