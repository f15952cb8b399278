"""Whatever was recorded, there is a paper: for texts and names without end, for visits with nothing in them."""

import re

import msgspec
import pytest

from kapdesk.facts.care import AdverseEventNoted, Overridden, ScaleRated
from kapdesk.facts.fact import Fact
from kapdesk.facts.session import (
    AddendumWritten,
    Corrected,
    DoseGiven,
    Ended,
    Locked,
    NoteTaken,
    PatientArrived,
    VisitOpened,
    VitalsNotTaken,
    VitalsTaken,
)
from kapdesk.note.layout import lay_out
from tests.fakes import happened
from tests.note.reading import pages, poppler, unspaced
from tests.note.sample import sample
from tests.note.test_content import DOSE, PATIENT, noted

WORDS = [f"w{n:04}" for n in range(3_000)]
LONG = " ".join(WORDS)
"""More than a page holds."""
NAME = ("Sample/Patient\n of the \\ many : names? " + "with another one " * 40)[:500]


@pytest.mark.parametrize(
    "fact",
    [
        Overridden("clearance", (LONG,), "short"),
        Overridden("clearance", ("weight",), LONG),
        ScaleRated("MOAA/S", 4, LONG),
        AdverseEventNoted("Nausea", "mild", LONG),
        VitalsNotTaken(LONG),
        DoseGiven("ketamine", 1000, "im", LONG),
    ],
    ids=lambda fact: type(fact).__name__,
)
def test_a_text_longer_than_a_page_in_any_table_is_printed_to_its_last_word(fact: Fact) -> None:
    found = re.findall(r"[wW]\d{4}", poppler(lay_out(noted((DOSE, 20), (fact, 40)))))
    assert list(dict.fromkeys(word.lower() for word in found)) == WORDS


def test_the_first_wording_of_what_was_corrected_and_an_addendum_may_be_longer_than_a_page() -> None:
    spoken = happened(NoteTaken(LONG), 30, counter=60)
    right = Corrected(target=spoken.id, truth=NoteTaken("short"), at_us=spoken.at_us, reason="wrong")
    signed = (right, 40), (Ended("completed"), 150), (Locked(), 160), (AddendumWritten(LONG.replace("w", "zz")), 1500)
    read = poppler(lay_out(noted((DOSE, 20), spoken, *signed)))
    assert re.findall(r"w\d{4}", read) == WORDS
    assert re.findall(r"zz\d{4}", read) == [word.replace("w", "zz") for word in WORDS]


def test_names_of_five_hundred_characters_are_whole_where_they_stand_and_short_in_the_running_head() -> None:
    note = sample("signed")
    note = msgspec.structs.replace(
        note,
        clinic=NAME,
        patient=msgspec.structs.replace(note.patient, name=NAME),
        signatures=tuple(msgspec.structs.replace(each, name=NAME) for each in note.signatures),
    )
    pdf = lay_out(note)
    assert unspaced(poppler(pdf)).count(unspaced(NAME)) == 1 + len(note.signatures)
    assert all("Sample/Patient of the \\ many : names?" in page for page in pages(pdf))


OPENED = ((VisitOpened("dosing", PATIENT, False, "Europe/Warsaw", "a4"), 0), (PatientArrived(), 2))


@pytest.mark.parametrize(
    ("said", "without"),
    [
        ((), ("Medication", "Vital signs", "Course of the session")),
        (((VitalsTaken(122, 78, 71, 98), 5),), ("Dark flags",)),
        (((DOSE, 20),), ("Vital signs",)),
        (((DOSE, 20), (VitalsTaken(122, 78), 30)), ("Protocol",)),
        (((Ended("no dose given", "pressure too high"), 30),), ("What was given",)),
    ],
    ids=["nothing", "no dose", "no readings", "no protocol", "ended before a dose"],
)
def test_a_visit_without_a_dose_without_readings_or_without_a_protocol_has_its_paper(
    said: tuple[tuple[Fact, float], ...], without: tuple[str, ...]
) -> None:
    note = noted(*said, begin=OPENED)
    read = poppler(lay_out(note))
    assert "Sample Patient A" in read
    assert "limits could not be read" in read or note.events
    tables = read[read.index("Signatures") :]
    assert not [words for words in without if words in tables]
    if any(isinstance(fact, Ended) for fact, _ in said):
        assert "pressure too high" in read
