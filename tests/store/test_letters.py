"""Words are found however they were typed, in every script, and stand where they are said to stand."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from kapdesk.store.letters import EDGE, place, plain, sought, spelled


def found(term: str, text: str) -> bool:
    """Whether the database's own full-text search finds a term in a text."""
    with dbapi2.connect(":memory:") as connection:
        connection.execute("CREATE VIRTUAL TABLE words USING fts5(texts, tokenize='unicode61 remove_diacritics 2')")
        connection.execute("INSERT INTO words VALUES (?)", (spelled(text),))
        asked = sought(term)
        return bool(asked and connection.execute("SELECT 1 FROM words WHERE words MATCH ?", (asked,)).fetchone())


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("ŁUKASZ", "Lukasz"),
        ("lukasz", "Łukasz Świątek"),
        ("swia", "Łukasz Świątek"),
        ("strasse", "Straße"),
        ("Ælf", "ælfred"),
        ("ａｎａ", "Ana"),
        ("muell", "Sample Müller"),
        ("mull", "Sample Müller"),
        ("AASTROEM", "Åstrøm"),
        ("obrien", "Sample O’Brien"),
        ("o'brien", "Sample O’Brien"),
        ("r-12", "R-1207"),
        ("eyes clo", "her eyes, closed"),
        ("呼吸", "她的呼吸很慢"),
        ("吸", "她的呼吸很慢"),
        ("かぞく", "今日は家族、かぞくのこと"),
        ("숨", "깊은 숨을 쉬었다"),
        ("كتاب", "قرأ الكِتَابَ"),
        ("أم", "وامه"),
        ("שלום", "ושלום"),
        ("สวัส", "ขอสวัสดีครับ"),
        ("тёпл", "Тепло в груди"),
        ("İstanbul", "istanbul"),
        ('5" x', '5" x 3"'),
    ],
)
def test_a_word_is_found_by_its_beginning_and_by_any_part_where_a_script_does_not_part_words(
    term: str, text: str
) -> None:
    assert found(term, text)
    assert place(term, text) is not None


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("lide", "glide"),
        ("blue", "blu"),
        ("sample mueller", "Sample Anna Müller"),
        ("呼吸", "呼 吸"),
        ("eyes closed", "closed eyes"),
        ("—", "a — b"),
        ("", "a"),
        ("كتاب", "كت اب"),
    ],
)
def test_what_does_not_stand_there_is_not_found(term: str, text: str) -> None:
    assert not found(term, text)


def test_the_place_is_that_of_the_letters_as_they_were_typed() -> None:
    text = "Zażółć: gęślą jaźń"
    where = place("gesla", text)
    assert where is not None
    assert text[slice(*where)] == "gęślą"
    assert place("nothing", text) is None


@given(st.text(max_size=60), st.text(max_size=200))
def test_any_text_may_be_looked_for_in_any_text(term: str, text: str) -> None:
    term, text = (each.encode("utf-8", "replace").decode() for each in (term, text))
    assert EDGE not in plain(text)
    where = place(term, text)
    assert where is None or 0 <= where[0] < where[1] <= len(text)
    try:
        found(term, text)
    except (sqlite3.Error, dbapi2.Error) as error:
        pytest.fail(f"{sought(term)!r} cannot be asked: {error}")
