"""The clinic's layout of the note's first page."""

import msgspec

from kapdesk.clinical.template import PARTS
from kapdesk.facts.clinic import NotePart, NoteTemplateSet
from kapdesk.facts.entry import Stream
from kapdesk.facts.session import Ended, Locked, SummaryWritten, UpTo
from kapdesk.note.content import as_signed, note_of
from kapdesk.note.layout import lay_out
from kapdesk.people import clinic as clinics
from kapdesk.session.state import fold
from tests.fakes import happened
from tests.note.reading import poppler
from tests.note.test_content import BEGIN, CLINIC, DOSE, SOMEBODY

LAYOUT = (NotePart("plan", "What comes next"), NotePart("how it went", "Course"), NotePart("debrief", "Debrief", False))
LAID = clinics.evolve(CLINIC, happened(NoteTemplateSet(LAYOUT), 4))
SAID = [happened(fact, at, counter=n) for n, (fact, at) in enumerate((*BEGIN, (DOSE, 20)))]
SAID.append(happened(SummaryWritten("plan", "Integration in a week."), 130))
SAID.append(happened(SummaryWritten("how it went", "Calm."), 131))


def test_the_page_goes_by_the_clinics_order_and_headings() -> None:
    text = poppler(lay_out(note_of(fold(SAID), SOMEBODY, LAID)))
    words = ("What comes next", "Integration in a week.", "Course", "Calm.", "Signatures")
    places = [text.index(each) for each in words]
    assert places == sorted(places)
    assert text.index("Calm.") < text.index("What was given")
    assert "How it went" not in text


def test_what_is_left_out_is_named_on_the_last_page() -> None:
    left_out = note_of(fold(SAID), SOMEBODY, LAID).digest.left_out
    assert "By the clinic’s layout of the note its first page leaves out: Debrief" in left_out
    assert not any("layout" in each for each in note_of(fold(SAID), SOMEBODY, CLINIC).digest.left_out)


def test_the_parts_behind_the_first_page_go_by_the_clinics_layout_too() -> None:
    ours = (NotePart("medication", "Medicines"), NotePart("vital signs", "Readings"), NotePart("people", "Who", False))
    laid = clinics.evolve(CLINIC, happened(NoteTemplateSet(ours), 4))
    note = note_of(fold(SAID), SOMEBODY, laid)
    text = poppler(lay_out(note))
    places = [text.index(each) for each in ("Signatures", "Medicines", "Readings", "Course of the session")]
    assert places == sorted(places)
    assert "People and roles" not in text
    assert "By the clinic’s layout of the note the rest of it leaves out: Who" in note.digest.left_out


def test_without_a_layout_of_its_own_all_parts_stand_in_kapdesks_order() -> None:
    assert [each.part for each in note_of(fold(SAID), SOMEBODY, CLINIC).parts] == [part.part for part in PARTS]


def test_a_signed_note_keeps_the_layout_it_was_signed_with() -> None:
    before = clinics.fold([msgspec.structs.replace(h, seq=n) for n, h in enumerate(CLINIC.history)])
    covers = tuple(UpTo(Stream("clinic", "clinic"), h.order.station, h.seq or 0) for h in before.history)
    after = clinics.evolve(before, msgspec.structs.replace(happened(NoteTemplateSet(LAYOUT), 400), seq=99))
    signed = fold([*SAID, happened(Ended("completed"), 140), happened(Locked(covers), 150)])
    assert after.template == LAYOUT
    assert as_signed(signed, SOMEBODY, after)[1].template == ()
