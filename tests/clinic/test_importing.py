"""Patients from a table: what each line would come to, and that nothing comes in before someone says so."""

import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk.clinic.importing import Plan, look, take_in
from kapdesk.errors import KnownError
from kapdesk.facts.patient import PatientDescribed, PatientRegistered
from kapdesk.facts.people import Actor
from kapdesk.people.patient import NONE_KNOWN, Patient, alike, fold
from tests.desk import Desk
from tests.fakes import MORNING_US, Computer, happened

HEAD = "Name;Birth date;Record no.;Allergies;Preferred name;Pronouns;Medicines;Insurance"


def plan(*lines: str, known: tuple[Patient, ...] = (), head: str = HEAD, day_first: bool | None = None) -> Plan:
    return look("\n".join((head, *lines)).encode(), known, MORNING_US, day_first)


def somebody(name: str, born_on: str = "1980-01-01", number: str = "") -> Patient:
    from uuid import uuid4

    return fold(uuid4(), [happened(PatientRegistered(name, born_on, record_number=number), 0)])


def fates(made: Plan) -> list[str]:
    return [line.fate for line in made.lines]


def test_each_column_goes_where_it_belongs_and_unknown_ones_are_named() -> None:
    made = plan("Sample Patient A;02.01.1980;R-1;penicillin;Sam;they;sertraline;none of ours")
    (line,) = made.lines
    assert line.registered == PatientRegistered("Sample Patient A", "1980-01-02", "Sam", "R-1", "penicillin")
    assert line.described == PatientDescribed(pronouns="they", medicines="sertraline")
    assert made.unused == ("Insurance",)
    assert made.words() == "1 lines (UTF-8, semicolon): 1 can be taken in. Nothing is taken from: Insurance."


def test_first_and_last_name_make_a_name_and_no_allergies_is_said_as_on_screen() -> None:
    made = plan("Sample,Patient,1980-01-02,NKDA", head="first name,last name,DOB,allergies")
    assert made.lines[0].registered == PatientRegistered("Sample Patient", "1980-01-02", allergies=NONE_KNOWN)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Sample;31.02.1980", "birth date 31.02.1980 is no date"),
        ("Sample;", "birth date is missing"),
        (";1980-01-01", "name is missing"),
        ("Sample;2030-01-01", "birth date 2030-01-01 cannot be"),
        ("Sample;1.1.80", "birth date 1.1.80 has a year of two digits"),
        ("???;1980-01-01", "name holds no letter"),
        ("\u202eSample A\u202c;1980-01-01", "something in it cannot be printed"),
        ("Sam\x1b[31mple;1980-01-01", "something in it cannot be printed"),
        ('"Sample;1980-01-01\nOther;1981-01-01\n', "the name holds other cells; is a quotation mark missing?"),
        ("x" * 5_000 + ";1980-01-01", "a cell is longer than it can be; is a quotation mark missing?"),
        ("x" * 300 + ";1980-01-01", "a cell is longer than it can be; is a quotation mark missing?"),
    ],
)
def test_what_cannot_be_read_says_why(line: str, words: str) -> None:
    (read,) = plan(line).lines
    assert (read.fate, read.words) == ("unreadable", words)


def test_a_line_like_somebody_known_is_doubtful_and_one_that_is_here_is_not_taken_again() -> None:
    known = (somebody("Sample Patient A", number="R-17"), somebody("Other Person", "1970-05-05"))
    made = plan(
        "Patient A Sample;1980-01-01;R-17",
        "Sample A;1980-01-01;R-99",
        "Somebody New;1990-01-01;r-17",
        "Other Person;1970-05-05;",
        "Someone Else;1980-01-01;R-100",
        known=known,
    )
    assert [(line.fate, line.words) for line in made.lines] == [
        ("known", "here already, known as record R-17"),
        ("doubtful", "perhaps known as record R-17"),
        ("doubtful", "perhaps known as record R-17"),
        ("known", "here already, known without a record number"),
        ("new", "can be taken in"),
    ]


def test_two_lines_of_one_person_in_the_file_are_doubtful_or_the_same() -> None:
    made = plan("Sample A;1980-01-01;R-1", "Sample A;1980-01-01;R-2", "Sample A;1980-01-01;R-1")
    assert [(line.fate, line.words) for line in made.lines][1:] == [
        ("doubtful", "perhaps as line 2"),
        ("known", "here already, as line 2"),
    ]


def test_one_answer_tells_for_the_whole_file_whether_the_day_comes_first() -> None:
    lines = ("Sample A;03/04/1980", "Sample B;31/12/1980", "Sample C;05/06/1980")
    asked = plan(*lines)
    assert (fates(asked), asked.example) == (["asked", "new", "asked"], "03/04/1980")
    answered = plan(*lines, day_first=True)
    assert [line.registered.born_on for line in answered.lines if line.registered] == [
        "1980-04-03",
        "1980-12-31",
        "1980-06-05",
    ]


def test_a_table_without_name_or_birth_date_is_refused() -> None:
    with pytest.raises(KnownError, match="no column for the name and the birth date"):
        plan("Sample;R-1", head="name;record number")


def test_twenty_thousand_lines_are_held_against_each_other_in_seconds() -> None:
    lines = [f"Sample {n} Person {n};{1940 + n % 60}-{n % 12 + 1:02d}-{n % 28 + 1:02d};R-{n}" for n in range(20_000)]
    made = plan(*lines)
    assert len(made.lines) == 20_000
    assert len({line.number for line in made.lines}) == 20_000


@pytest.fixture
def desk(folder: Path, computer: Computer) -> Iterator[Desk]:
    desk = Desk(folder, computer)
    yield desk
    desk.close()


def test_nothing_comes_in_by_looking_and_all_of_it_by_taking_in_and_nobody_twice(desk: Desk) -> None:
    nurse = desk.person()
    content = "\n".join((HEAD, *(f"Sample {n};1980-01-01;R-{n};;;they;" for n in range(120)))).encode()
    made = look(content, desk.clinic.known(), MORNING_US)
    assert desk.clinic.known() == []
    rounds = list(take_in(desk.clinic, made.of("new", "doubtful"), nurse))
    assert [each.lines for each in rounds] == [50, 100, 120]
    rounds[-1].last.kept.result()
    desk.settle()
    assert len(desk.clinic.known()) == 120
    assert {each.described.pronouns for each in desk.clinic.known()} == {"they"}
    assert {line.fate for line in look(content, desk.clinic.known(), MORNING_US).lines} == {"known"}


def test_who_may_not_record_patients_takes_nobody_in(desk: Desk) -> None:
    clerk = desk.person("Sample Clerk", "records")
    made = plan("Sample A;1980-01-01")
    with pytest.raises(KnownError, match="may read here, not write"):
        list(take_in(desk.clinic, made.of("new"), clerk))
    with pytest.raises(KnownError, match="Nobody is chosen"):
        list(take_in(desk.clinic, made.of("new"), Actor("", "")))
    desk.settle()
    assert desk.clinic.known() == []


@pytest.mark.parametrize("name", ["Sample A/B", "مريم العيّنة", "שרה ‎לדוגמה", "Sample 🙂 C", "O’Sample-Łucja", "示例"])
def test_names_of_every_kind_come_in_as_they_are(name: str) -> None:
    (line,) = plan(f"{name};1980-01-01").lines
    assert (line.fate, line.registered and line.registered.name) == ("new", name)


def test_a_name_over_two_lines_of_the_file_is_one_name() -> None:
    (line,) = plan('"Sample\nPatient A";1980-01-01').lines
    assert line.registered == PatientRegistered("Sample Patient A", "1980-01-01")


def test_two_columns_of_one_name_are_refused_and_not_chosen_from() -> None:
    with pytest.raises(KnownError, match="Two columns are called “NAME”"):
        plan("Sample;1980-01-01;Other", head="name;birth date;NAME")


def test_a_head_of_thousands_of_columns_is_told_of_in_brief() -> None:
    made = plan("Sample;1980-01-01", head="name;birth date;" + ";".join(f"column {n}" for n in range(5_000)))
    assert made.words().endswith("column 11, and 4988 more.")


def test_a_mark_of_utf_8_before_another_encoding_hides_no_column() -> None:
    made = look(b"\xef\xbb\xbfname,birth date\nJos\xe9,1980-01-01\n", (), MORNING_US)
    assert [line.registered and line.registered.name for line in made.lines] == ["José"]


@pytest.mark.parametrize("born", ["1980-01-01", None])
def test_a_hundred_thousand_lines_are_looked_at_within_seconds_even_of_one_birth_date(born: str | None) -> None:
    lines = [f"Sample {n};{born or f'{1900 + n % 100}-01-{1 + n % 28:02}'}" for n in range(100_000)]
    begun = time.process_time()
    made = plan(*lines, head="name;birth date")
    assert time.process_time() - begun < 30  # compared each with each it would be an hour
    assert len(made.of("new", "doubtful")) == 100_000


NAMES = st.text("Sample Żab-c", min_size=1, max_size=8)
REGISTERED = st.builds(
    PatientRegistered,
    NAMES,
    st.sampled_from(["1980-01-01", "1980-01-02"]),
    preferred_name=st.sampled_from(["", "Sam", "Żab"]),
    record_number=st.sampled_from(["", "R-1", "r-2"]),
)


@given(st.lists(REGISTERED, max_size=6), REGISTERED)
def test_a_line_is_new_only_where_it_is_like_nobody(known: list[PatientRegistered], new: PatientRegistered) -> None:
    patients = [Patient(UUID(int=n), registered=each) for n, each in enumerate(known, 1)]
    cells = (new.name, new.born_on, new.record_number, new.preferred_name)
    made = plan(";".join(cells), known=tuple(patients), head="name;birth date;record number;preferred name")
    for line in made.lines:
        if line.registered is not None:
            assert (line.fate == "new") == (not alike(line.registered, patients))
