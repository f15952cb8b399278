"""The note as a whole: every page says whose it is, every row is there, nothing breaks on length."""

import re
from pathlib import Path

import msgspec
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapdesk.note.layout import lay_out
from kapdesk.note.paper import Event, Note, Patient, Tile
from tests.note.reading import fonts, pages, poppler, unspaced
from tests.note.sample import sample, with_notes


def test_every_page_says_whose_it_is_which_page_of_how_many_and_that_it_is_confidential() -> None:
    read = pages(lay_out(sample()))
    assert len(read) > 3
    for number, page in enumerate(read, 1):
        assert f"Page {number} of {len(read)}" in page
        assert "Sample Patient A" in page
        assert "Born 1984-03-09 · No. NL-004512" in " ".join(page.split())
        assert "Session S-0318" in page
        assert "Northlight Clinic for Psychotherapy" in page
        assert "Confidential health record" in page


@pytest.mark.parametrize(("standing", "word"), [("draft", "DRAFT"), ("rehearsal", "REHEARSAL")])
def test_a_draft_and_a_rehearsal_say_so_on_every_page_in_words_that_are_not_cut_up(standing: str, word: str) -> None:
    for page in pages(lay_out(sample(standing))):
        assert page.split().count(word) in (1, 2)  # the running head, and on page 1 the status


def test_a_signed_note_is_neither() -> None:
    read = poppler(lay_out(sample("signed")))
    assert "SIGNED AND LOCKED" in read
    assert "DRAFT" not in read
    assert "REHEARSAL" not in read


def test_the_first_page_holds_what_a_reader_needs_in_the_order_they_need_it() -> None:
    first = " ".join(pages(lay_out(sample()))[0].split())
    wanted = (
        "Not signed", "68.4 kg on 2026-11-19", "penicillin (rash)", "80 mg · 1.17 mg/kg", "▲ H 164/98", "▼ L 90 %",
        "Indication", "What was given", "How it went", "Events and what was done", "Condition at leaving",
        "Signatures", "Therapist Two, LMFT", "Signature, date and time",
    )  # fmt: skip
    at = 0
    for words in wanted:
        at = first.find(words, at)
        assert at >= 0, words


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for name, part in value.items() if name not in _NOT_WORDS for text in strings(part)]
    if isinstance(value, list | tuple):
        return [text for part in value for text in strings(part)]
    return []


_NOT_WORDS = ("standing", "paper", "language", "chart", "flag", "zero", "phase")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_every_word_of_every_row_is_on_the_paper(paper: str) -> None:
    note = sample("signed", paper)
    read = unspaced(poppler(lay_out(note)))
    for text in strings(msgspec.to_builtins(note)):
        for line in text.splitlines() if text not in ("corrected", "struck") else ():
            assert unspaced(line) in read, line


def test_all_sixty_observations_stand_under_their_phases() -> None:
    read = poppler(lay_out(sample()))
    assert [read.count(f"{phase} ") > 0 for phase in ("Settle", "Onset", "Ascent", "Peak", "Return", "Recovery")] == [
        True
    ] * 6
    assert read.count("Eyes closed, mask on.") == 6


def test_a_corrected_row_shows_what_it_was_and_a_struck_one_stays_readable() -> None:
    read = " ".join(poppler(lay_out(sample())).split())
    assert "Corrected; before: 25 mg at 10:20. Reason: drawn 25, given 20 (NO, 10:24)" in read
    assert "Struck. Reason: written for another patient (TT, 10:41)" in read
    assert "Entered 11:31, NO" in read


@pytest.mark.parametrize("standing", ["draft", "rehearsal", "signed"])
def test_only_embedded_fonts_and_never_helvetica(standing: str, tmp_path: Path) -> None:
    listed = fonts(lay_out(with_notes("Arabic سلام, 平静, 😀, plain", standing=standing)), str(tmp_path))
    rows = listed.splitlines()[2:]
    for family in ("SourceSansPro-Regular", "DejaVuSans", "WenQuanYiMicroHei"):
        assert family in listed
    assert "Helvetica" not in listed
    assert all(re.search(r"yes yes yes\s+\d+\s+\d+$", row) for row in rows), listed


def test_the_same_note_gives_the_same_bytes() -> None:
    note = sample()
    once = lay_out(note)
    lay_out(with_notes("something else in between"))
    assert lay_out(note) == once


def test_letter_and_a4_have_their_sizes() -> None:
    assert b"/MediaBox [ 0 0 612 792 ]" in lay_out(sample(paper="Letter"))
    assert b"/MediaBox [ 0 0 595.2756 841.8898 ]" in lay_out(sample(paper="A4"))


def test_a_note_of_100_kb_is_printed_to_its_last_word() -> None:
    words = [f"w{n:05}" for n in range(14_500)]
    pdf = lay_out(with_notes("before", " ".join(words), "after"))
    assert re.findall(r"w\d{5}", poppler(pdf)) == words
    assert len(pages(pdf)) > 15


def test_a_word_of_five_thousand_letters_in_every_field_of_the_first_page() -> None:
    long = "Ж" * 5000
    note = sample()
    note = msgspec.structs.replace(
        note,
        patient=Patient(name=long, preferred=long, allergies=long),
        clinic=long,
        status=long,
        indication=long,
        plan=(long,),
        subtitle=long,
        tiles=(msgspec.structs.replace(note.tiles[0], value=long), *note.tiles[1:]),
        events=(msgspec.structs.replace(note.events[0], done=long),),
        people=(msgspec.structs.replace(note.people[0], name=long),),
        signatures=(msgspec.structs.replace(note.signatures[0], name=long),),
    )
    assert poppler(lay_out(note)).count("Ж") >= 10 * 5000


def test_five_thousand_observations() -> None:
    note = with_notes(*(f"seen number {n:04}" for n in range(5000)))
    assert re.findall(r"seen number (\d{4})", poppler(lay_out(note))) == [f"{n:04}" for n in range(5000)]


def test_a_name_with_slashes_and_line_ends_stays_on_one_line_of_the_running_head() -> None:
    note = msgspec.structs.replace(sample(), patient=Patient(name="Sample/Patient\nB"))
    assert all("Sample/Patient B" in page for page in pages(lay_out(note)))


@pytest.mark.parametrize("name", ["محمد عبد الله بن عبد الرحمن", "שרה לוי"])
def test_a_name_read_from_the_right_stands_whole_in_the_running_head(name: str) -> None:
    note = msgspec.structs.replace(sample(), patient=Patient(name=name))
    document = pypdfium2.PdfDocument(lay_out(note))
    for page in document:
        text = page.get_textpage()
        head = [
            text.get_charbox(n) for n in range(text.count_chars()) if text.get_text_range(n, 1) in name.replace(" ", "")
        ]
        assert len(head) >= len(name.replace(" ", ""))
        assert min(left for left, *_ in head) > 40, "nothing of it lies beyond the edge of the paper"


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=400), st.text(alphabet="\u0633\u0644\u0627 \n\t<&a1(\u05d0\u0301\u200d", max_size=300))
def test_no_text_breaks_the_page(one: str, other: str) -> None:
    note = msgspec.structs.replace(
        with_notes(one, other),
        patient=Patient(name=one, preferred=other, allergies=one),
        clinic=other,
        session=one,
        status=other,
        plan=(one, other),
        tiles=(Tile(name=one, value=other, more=one),),
        events=(Event(clock="10:02", what=one, detail=other, done=other, outcome=one),),
    )
    assert lay_out(note).startswith(b"%PDF-")


def test_a_note_with_nothing_in_it_is_a_page() -> None:
    note = Note(standing="draft", clinic="C", patient=Patient(name="Sample Patient A"), session="", date="2026-11-19")
    read = pages(lay_out(note))
    assert len(read) == 1
    assert "Events" not in read[0]  # nothing was looked at, so nothing is said


def test_where_nothing_happened_the_note_says_no_more_than_what_was_looked_at() -> None:
    note = Note(
        standing="draft",
        clinic="C",
        patient=Patient(name="Sample Patient A"),
        session="",
        date="2026-11-19",
        no_events="On record are no reading beyond a limit.",
    )
    assert "On record are no reading beyond a limit." in pages(lay_out(note))[0]
