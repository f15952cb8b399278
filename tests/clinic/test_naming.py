"""Names of filed papers: by the clinic's scheme, and such as every file system takes."""

import unicodedata
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kapdesk.clinic import naming
from kapdesk.clinic.naming import EXAMPLE, LONGEST, PARTS, SAMPLE, Named, another, doubt, name_of
from kapdesk.errors import KnownError

TEXT = st.text(st.characters(), max_size=300)
PLAIN = st.text(st.characters(blacklist_characters="{}"), max_size=40)
SCHEMES = st.lists(st.one_of(PLAIN, st.sampled_from([f"{{{each}}}" for each in PARTS])), min_size=1, max_size=9).map(
    "".join
)
ODD = Named("2026-11-26", "../../etc/passwd\n\x00A\u202e<b>", "S/0318", "", "follow-up", "2", "countersigned", "ff")


def test_a_name_says_what_the_scheme_asks_for() -> None:
    assert name_of(EXAMPLE, SAMPLE) == "2026-11-26 S-0318 Sample Patient A note v1 signed.pdf"
    assert name_of("{name}_{born}", SAMPLE) == "Sample Patient A_1980-01-31.pdf"
    no_number = Named("2026-11-26", "Sample Patient A")
    assert name_of("{date} {number} {name}.pdf", no_number) == "2026-11-26 Sample Patient A.pdf"


@pytest.mark.parametrize(
    ("scheme", "sentence"),
    [
        ("  ", "The names are missing"),
        ("{name} {date", "A bracket is left open"),
        ("{name.__class__}", "{name.__class__} is not known"),
        ("{patient}", "These are: {date}"),
        ("{name}/{date}", "No file can have /"),
        ("{date} note", "Every patient’s notes would be called the same"),
        ("{name}\u202e", "cannot be seen"),
    ],
)
def test_a_scheme_that_makes_no_names_is_refused_in_one_sentence(scheme: str, sentence: str) -> None:
    assert sentence in (doubt(scheme) or "")
    with pytest.raises(KnownError):
        name_of(scheme, SAMPLE)


@given(SCHEMES, st.builds(Named, *[TEXT] * len(PARTS)))
@example("{name}", Named("", "CON"))
@example("{name}", Named("", "nul.txt"))
@example("{date} {name}", ODD)
@example("{name}", Named("", ". . /"))
@example("{name} v{version}", Named("", "ẞ" * 400, version="2"))
def test_whatever_is_in_the_record_the_name_is_one_name_that_every_file_system_takes(
    scheme: str, values: Named
) -> None:
    if doubt(scheme):
        return
    name = name_of(scheme, values)
    for made in (name, another(name, 999)):
        assert made.endswith(".pdf")
        assert len(made.encode()) <= LONGEST
        assert Path(made).name == made
        assert (Path("/srv/notes") / made).parent == Path("/srv/notes")
        assert not set(made) & set('<>:"/\\|?*')
        assert not any(unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in made)
        assert made == made.strip(" .")
        assert not made.startswith(".")
        assert not PureWindowsPath(made).is_reserved()
        assert unicodedata.is_normalized("NFC", made)


def test_of_a_name_that_is_too_long_the_patients_own_is_cut_and_the_version_stays_whole() -> None:
    name = name_of(EXAMPLE, Named("2026-11-26", "Ω" * 200, "S-1", version="3"))
    assert name.startswith("2026-11-26 S-1 ΩΩΩ")
    assert name.endswith("note v3 signed.pdf")


def test_equal_names_are_told_apart_by_a_number() -> None:
    assert another("a.pdf", 1) == "a.pdf"
    assert another("a.pdf", 2) == "a (2).pdf"
    assert naming.SUFFIX not in another("a.pdf", 2).removesuffix(".pdf")
