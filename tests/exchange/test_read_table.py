"""Tables from other programs, as they come: encodings, separators, quotes, dates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.errors import KnownError
from kapdesk.exchange.csv import read_table, table
from kapdesk.exchange.dates import read_day

ROWS = "name;birth date\r\nŁucja Wójcik;1980-01-02\r\n"


@pytest.mark.parametrize(("codec", "encoding"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16")])
def test_a_table_is_read_in_the_encoding_it_was_saved_in(codec: str, encoding: str) -> None:
    sheet = read_table(ROWS.encode(codec))
    assert (sheet.encoding, sheet.separator, sheet.head) == (encoding, "semicolon", ("name", "birth date"))
    assert [line.cells for line in sheet.lines] == [("Łucja Wójcik", "1980-01-02")]


def test_what_is_no_utf_8_is_windows_1252() -> None:
    sheet = read_table("name,born\nJosé Müller,1980-01-02\n".encode("cp1252"))
    assert (sheet.encoding, sheet.lines[0].cells) == ("Windows-1252", ("José Müller", "1980-01-02"))


@pytest.mark.parametrize(("separator", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
def test_the_separator_is_seen_from_the_head(separator: str, name: str) -> None:
    text = (
        separator.join(("name", "birth date"))
        + "\n"
        + separator.join(("A, B; C".replace(separator, " "), "1980-01-02"))
    )
    sheet = read_table(text.encode())
    assert sheet.separator == name
    assert sheet.lines[0].cells[1] == "1980-01-02"


def test_lines_keep_their_number_over_quoted_line_ends_and_empty_lines() -> None:
    sheet = read_table(b'name,born\n"Two\nlines",1980-01-02\n\nSample,1981-01-01\n')
    assert [(line.number, line.cells[0]) for line in sheet.lines] == [(2, "Two lines"), (5, "Sample")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"%PDF\x00\x01", "no text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "no text file"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(KnownError, match=sentence):
        read_table(content)


def test_a_row_too_long_to_be_one_is_kept_with_its_trouble_and_the_next_is_read() -> None:
    sheet = read_table(b"name,born\n" + b"x" * 200_000 + b",1980-01-01\nSample,1981-01-01\n")
    assert [bool(line.trouble) for line in sheet.lines] == [True, False]


@given(st.binary(max_size=300))
def test_whatever_lies_in_a_file_it_is_a_table_or_a_sentence(content: bytes) -> None:
    try:
        sheet = read_table(content)
    except KnownError:
        return
    assert all(line.number >= 1 for line in sheet.lines)


@given(st.lists(st.tuples(st.just("x"), st.text('ab=+-@,;"', max_size=5)), max_size=5))
def test_what_kapdesk_writes_it_reads_back(rows: list[tuple[str, str]]) -> None:
    written = table(("one", "other"), rows)
    assert [line.cells for line in read_table(written.encode()).lines] == rows


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1980-01-31", "1980-01-31"),
        ("1980/1/31", "1980-01-31"),
        ("31.01.1980", "1980-01-31"),
        ("3.4.1980", "1980-04-03"),
        ("31/01/1980", "1980-01-31"),
        ("01/31/1980", "1980-01-31"),
        ("04/04/1980", "1980-04-04"),
        ("31 - 1 - 1980", "1980-01-31"),
        ("29.02.2000", "2000-02-29"),
    ],
)
def test_dates_that_can_mean_one_day_only_are_read(text: str, iso: str) -> None:
    assert read_day(text).iso == iso


def test_a_date_that_can_mean_two_days_is_asked_about() -> None:
    assert read_day("03/04/1980").ambiguous
    assert read_day("03/04/1980", day_first=True).iso == "1980-04-03"
    assert read_day("03/04/1980", day_first=False).iso == "1980-03-04"


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("31.02.1980", "31.02.1980 is no date"),
        ("1981-02-29", "1981-02-29 is no date"),
        ("31/31/1980", "31/31/1980 is no date"),
        ("0/0/1980", "0/0/1980 is no date"),
        ("1.2.80", "1.2.80 has a year of two digits"),
        ("soon", "soon is no date"),
        ("", "is missing"),
    ],
)
def test_what_is_no_date_says_so(text: str, trouble: str) -> None:
    assert read_day(text).trouble == trouble


@given(st.text(max_size=12), st.sampled_from([None, True, False]))
def test_any_text_is_a_date_a_question_or_trouble(text: str, day_first: bool | None) -> None:
    day = read_day(text, day_first)
    assert bool(day.iso) + day.ambiguous + bool(day.trouble) == 1
