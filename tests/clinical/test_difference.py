"""What differs between two protocols is said field by field, what is written is read again, and comments stay."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapdesk import paths
from kapdesk.clinical import lines
from kapdesk.clinical.difference import differences
from kapdesk.clinical.fields import without_row
from kapdesk.clinical.protocol import Item, PlannedPhase, Protocol, check, parse, read
from kapdesk.clinical.vitals import Limits
from kapdesk.clinical.writing import new_id, next_version, with_version, write
from kapdesk.errors import KnownError
from kapdesk.toml import loads

SHIPPED = sorted(paths.shipped("resources", "protocols").glob("*.toml"))
IM = read(next(path for path in SHIPPED if path.stem == "im-booster"))[0]


def but(**fields: object) -> Protocol:
    return msgspec.structs.replace(IM, **fields)


def test_every_field_of_a_protocol_has_its_row_in_the_editor() -> None:
    assert without_row() == []


def test_two_that_are_the_same_differ_in_nothing() -> None:
    assert differences(IM, IM) == ()


def test_a_limit_a_line_and_a_cap_are_said_by_their_names() -> None:
    after = but(
        limits_after=msgspec.structs.replace(IM.limits_after, systolic_above=170, spo2_below=None),
        before=(*IM.before[1:], Item("bladder", "Bladder asked")),
        most_mg=120,
        second_check=False,
        usual_doses_mg=(),
    )
    assert differences(IM, after) == (
        "Usual doses: 25, 50 mg → none",
        "Most in one dose: 100 mg → 120 mg",
        "Systolic above, after the dose: 160 → 170",
        "SpO₂ below, after the dose: 92 → none",
        "A second person checks each dose: yes → no",
        "Checklist: − Identity checked: name and birth date",
        "Checklist: + Bladder asked",
    )


def test_phases_needs_and_orders_are_said() -> None:
    leaving = msgspec.structs.replace(IM.leaving, items=IM.leaving.items[::-1])
    after = but(phases=(PlannedPhase("settle", 20), *IM.phases[2:]), needs=IM.needs[1:], leaving=leaving)
    assert differences(IM, after) == (
        "Phase onset: taken out (5 min)",
        "Phase settle: 15 → 20 min",
        "Looked for before a dose: − Weight",
        "List before leaving: in another order",
    )


def test_a_temperature_is_said_in_degrees() -> None:
    after = but(limits_after=msgspec.structs.replace(IM.limits_after, temperature_dc_above=385))
    assert differences(IM, after) == ("Temperature above, after the dose: none → 38.5 °C",)


@pytest.mark.parametrize("field", [name for name in Protocol.__struct_fields__ if name != "format"])
def test_no_field_changes_without_a_word(field: str) -> None:
    empty = msgspec.convert(
        {
            "format": 1,
            "name": "",
            "version": "",
            "medication": "",
            "route": "oral",
            "phases": [],
            "vitals_every_min": 1,
        },
        Protocol,
    )
    full = but(
        ratings=msgspec.convert([{"scale": "RASS", "at_min": [5]}], Protocol.__annotations__["ratings"]),
        playlist="quiet",
        setting="home",
        infuse_over_min=40,
        hold_min=10,
        device_mg=28,
        device_gap_min=5,
        screening_days=7,
    )
    after = msgspec.structs.replace(empty, **{field: getattr(full, field)})
    assert (after == empty) == (differences(empty, after) == ())
    assert after != empty


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_protocol_written_anew_plans_the_same_and_keeps_its_comments(path: Path) -> None:
    plan, toml = read(path)
    again = write(plan, toml)
    assert parse(again) == plan
    assert [line for line in again.split("\n") if line.startswith("#")] == [
        line for line in toml.split("\n") if line.startswith("#")
    ]
    assert write(plan, again) == again


@given(name=st.text(min_size=1), words=st.text(min_size=1), needed=st.booleans(), most=st.integers(0, 10**9))
def test_whatever_words_are_written_they_are_read_again(name: str, words: str, needed: bool, most: int) -> None:
    surrogates = [each for each in name + words if "\ud800" <= each <= "\udfff"]
    if surrogates or len(name) + len(words) > 500:
        return
    plan = but(name=name, before=(Item("a", words, needed),), most_mg=most)
    assert msgspec.convert(loads(write(plan)), Protocol) == plan


def test_a_comment_stays_with_its_field_and_outlives_it() -> None:
    toml = (
        '# Ours.\nformat = 1\n# As agreed.\nname = "Sample"\nversion = "1"\nmedication = "ketamine"\nroute = "im"\n'
        'vitals_every_min = 15\n# Why 100.\nmost_mg = 100\n\n# The course.\n[[phases]]\nphase = "peak"\nminutes = 30\n'
    )
    plan = parse(toml)
    assert "# As agreed.\nname =" in write(plan, toml)
    assert "# The course.\n[[phases]]" in write(plan, toml)
    assert write(plan, toml).startswith("# Ours.\n")
    assert "# Why 100." in write(msgspec.structs.replace(plan, most_mg=0), toml)


def test_a_version_is_raised_only_where_something_changed() -> None:
    assert with_version(IM, IM).version == IM.version
    assert with_version(but(most_mg=99), IM).version == next_version(IM.version)
    assert with_version(but(most_mg=99, version="9"), IM).version == "9"
    assert [next_version(each) for each in ("3", "2025.9", "v2 draft", "first")] == [
        "4",
        "2025.10",
        "v3 draft",
        "first 2",
    ]


def test_a_new_line_gets_an_id_that_no_other_has() -> None:
    assert new_id("Bladder asked, twice today", ()) == "bladder-asked-twice"
    assert new_id("Bladder asked", ("bladder-asked",)) == "bladder-asked-2"
    assert new_id("尿", ()) == "line"


def test_the_line_of_a_field_is_found_where_it_stands() -> None:
    for path in SHIPPED:
        toml = path.read_text(encoding="utf-8")
        at = lines.of(toml)
        text = toml.split("\n")
        assert text[at["phases[3].minutes"] - 1].startswith("minutes = ")
        assert text[at["leaving.items[1].words"] - 1].lstrip().startswith("{ id = ")
        assert text[at["limits_after.systolic_above"] - 1].startswith("systolic_above")


@given(st.text(alphabet="[]{}=,.\"'#\n ab1", max_size=120))
def test_no_text_whatever_stops_the_search_for_a_line(text: str) -> None:
    assert all(1 <= number <= text.count("\n") + 1 for number in lines.of(text).values())
    assert sum(map(len, lines.comments(text).values())) == sum(
        line.lstrip().startswith("#") for line in text.split("\n")
    )


@pytest.mark.parametrize(
    ("content", "path", "words"),
    [
        ({"most_mcg_per_kg": 5}, "most_mcg_per_kg", "perhaps most_ug_per_kg is meant"),
        ({"vitals_every_min": "15 min"}, "vitals_every_min", "a whole number is expected, and there is text"),
        ({"vitals_every_min": 2000}, "vitals_every_min", "is more than a day"),
        ({"limits_after": {"temperature_dc_above": 38}}, "limits_after.temperature_dc_above", "tenths of a degree"),
        ({"limits_after": {"systolic_above": 90, "systolic_below": 95}}, "limits_after", "cross"),
        ({"name": " "}, "name", "is empty"),
        ({"usual_doses_mg": [25, 120]}, "usual_doses_mg", "above most_mg"),
        ({"phases": []}, "phases", "one phase at least"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(content: dict[str, object], path: str, words: str) -> None:
    told = check({**msgspec.to_builtins(IM), **content})[1]
    assert [(fault.path, words in fault.words) for fault in told] == [(path, True)]


def test_what_was_recorded_under_older_rules_is_still_read_but_its_file_is_not_chosen(tmp_path: Path) -> None:
    toml = write(but(limits_after=Limits(temperature_dc_above=38)))
    assert parse(toml).limits_after.temperature_dc_above == 38
    (tmp_path / "mine.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(KnownError, match=r"mine\.toml, line \d+, field limits_after\.temperature_dc_above: 38 is no"):
        read(tmp_path / "mine.toml")
