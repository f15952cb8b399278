"""How the clinic stands on its notes: letterhead, licence numbers, billable minutes; and a night past midnight."""

import msgspec

from kapdesk.facts.entry import Stream
from kapdesk.facts.letterhead import CountedMinutesSet, LetterheadSet, LicenceNumberSet
from kapdesk.facts.session import Ended, Locked, NoteTaken, PatientArrived, PatientLeft, UpTo
from kapdesk.note.content import as_signed
from kapdesk.note.layout import lay_out
from kapdesk.people import clinic as clinics
from kapdesk.session.state import fold
from tests.fakes import happened
from tests.note.reading import lines_of, poppler
from tests.note.test_content import BEGIN, CLINIC, DOSE, NURSE, SOMEBODY, noted

LINES = ("Sample Street 1, 00-001 Sampletown", "+48 555 0100", "Licence KT-2026-0042")
SAID = (LetterheadSet(LINES), LicenceNumberSet(NURSE, "RN-00417"), CountedMinutesSet("arrival", "leaving"))
OURS = clinics.fold([*CLINIC.history, *(happened(fact, 5 + n) for n, fact in enumerate(SAID))])
DONE = ((DOSE, 20), (Ended("completed"), 150), (PatientLeft("a friend"), 155))


def test_the_letterhead_stands_on_the_first_page_and_licences_with_the_signatures_and_the_people() -> None:
    note = noted(*DONE, clinic=OURS)
    read = " ".join(poppler(lay_out(note), "-l", "1").split())
    assert all(line in read for line in LINES)
    assert "Nurse One, RN, licence no. RN-00417" in read
    assert "Nurse One (NO) came in · medical staff · RN · RN-00417" in lines_of(note, "people")


def test_which_minutes_are_billed_is_the_clinics_choice_and_until_then_none_are() -> None:
    example, ours = ({each.name: each.value for each in noted(*DONE, clinic=c).times} for c in (CLINIC, OURS))
    assert example["Duration"] == "153 min"
    assert ours["Duration"] == "153 min, 153 min billable"
    (times,) = [table for table in noted(*DONE).tables if table.part == "times"]
    assert times.intro == ""


def test_minutes_that_are_not_over_are_not_counted() -> None:
    assert "Duration" not in {each.name for each in noted((DOSE, 20)).times}


def test_a_signed_note_keeps_the_letterhead_and_licences_it_was_signed_with() -> None:
    before = clinics.fold([msgspec.structs.replace(h, seq=n) for n, h in enumerate(OURS.history)])
    covers = tuple(UpTo(Stream("clinic", "clinic"), h.order.station, h.seq or 0) for h in before.history)
    moved = happened(LetterheadSet(("Another Street 2",)), 400)
    after = clinics.evolve(before, msgspec.structs.replace(moved, seq=99))
    told = [happened(fact, at, counter=n) for n, (fact, at) in enumerate((*BEGIN, *DONE, (Locked(covers), 160)))]
    staff = as_signed(fold(told), SOMEBODY, after)[1]
    assert after.letterhead == ("Another Street 2",)
    assert (staff.letterhead, staff.licences) == (LINES, {NURSE: "RN-00417"})
    assert staff.counted == CountedMinutesSet("arrival", "leaving")


def test_after_midnight_the_clock_says_so_in_a_few_letters() -> None:
    begin = (*(each for each in BEGIN if not isinstance(each[0], PatientArrived)), (PatientArrived(), 650))
    note = noted((DOSE, 700), (NoteTaken("asleep"), 790), begin=begin)
    assert [each.clock for group in note.observations for each in group.observations] == ["00:10 +1 d"]
    (times,) = [table for table in note.tables if table.part == "times"]
    assert "+1 d is the day after, 2026-03-03." in times.intro
