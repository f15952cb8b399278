"""The observation summary of nasal esketamine: what the record says, and by name what it does not."""

from kapdesk import paths
from kapdesk.clinical import protocol as protocols
from kapdesk.facts.care import AdverseEventNoted, ChecklistAnswered, ScaleRated
from kapdesk.facts.fact import Struck
from kapdesk.facts.patient import Screened
from kapdesk.facts.session import DoseGiven, Ended, VitalsTaken
from kapdesk.note.content import note_of
from kapdesk.note.observed import BY_HAND, Field, due, fields_of, missing, sheet, wanted
from kapdesk.note.sheet import Facts
from kapdesk.note.sheet_page import set_sheet
from kapdesk.note.telling import Telling
from kapdesk.people import patient as patients
from kapdesk.record.history import Happening
from kapdesk.session.state import Session, fold
from tests.fakes import happened
from tests.note.reading import poppler
from tests.note.test_content import BEGIN, CLINIC, DOSE, REGISTERED, SOMEBODY

TOML = paths.shipped("resources", "protocols", "nasal-esketamine.toml").read_text(encoding="utf-8")
PLAN = protocols.parse(TOML)
ONE = DoseGiven("esketamine", 28_000, "nasal", "device 1 of 2", lot="E77")
TWO = DoseGiven("esketamine", 28_000, "nasal", "device 2 of 2", lot="E77")


def session_of(*more: Happening) -> Session:
    return fold([*(happened(fact, at, counter=n) for n, (fact, at) in enumerate(BEGIN)), *more])


def whole() -> tuple[Happening, ...]:
    return (
        happened(ONE, 20),
        happened(TWO, 25),
        happened(VitalsTaken(150, 92, 80, 97), 61),
        happened(ScaleRated("MOAA/S", 4), 60),
        happened(ScaleRated("CADSS-6", 0), 70),
        happened(VitalsTaken(124, 80, 72, 98), 138),
        happened(Ended("completed"), 141),
    )


def told(*more: Happening, screened: tuple[Screened, ...] = ()) -> dict[str, Field]:
    somebody = patients.fold(SOMEBODY.id, [happened(REGISTERED, 0), *(happened(each, 1) for each in screened)])
    return {each.name: each for each in fields_of(Telling(session_of(*more), CLINIC), PLAN, somebody)}


def test_a_whole_visit_says_doses_lot_minutes_pressures_and_ratings() -> None:
    said = {name: each.value for name, each in told(*whole()).items()}
    assert said["Dose"] == "56 mg (28 mg at 11:20; 28 mg at 11:25)"
    assert said["Lot"] == "E77"
    assert said["From first device to end of monitoring"] == "121 min"
    assert said["Monitored by"] == "Nurse One, medical staff"
    assert said["Blood pressure before"] == "122/78 mmHg at 11:05"
    assert said["Blood pressure at 40 min"] == "150/92 mmHg at 12:01"
    assert said["Blood pressure at the end"] == "124/80 mmHg at 13:18"
    assert said["Vital signs acceptable before"] == "yes, by the limits of the protocol"
    assert said["Sedation"].startswith("yes: MOAA/S 4 at 12:00")
    assert said["Dissociation"].startswith("no, in 1 rating")


def test_what_the_record_does_not_say_is_named_and_never_guessed() -> None:
    said = told(happened(ONE, 20), happened(DoseGiven("esketamine", 28_000, "nasal"), 25))
    assert set(missing(tuple(said.values()))) >= {
        "lot",
        "reading at 40 min",
        "reading at the end",
        "minutes to the end of monitoring",
        "sedation (not rated)",
        "dissociation (not rated)",
        "benzodiazepines",
        "whether acceptable at the end",
    }
    assert said["Lot"].said == "Lot: MISSING"


def test_a_reading_that_was_struck_is_missing_and_one_beyond_a_limit_is_not_acceptable() -> None:
    high = happened(VitalsTaken(171, 101), 61)
    said = told(
        happened(ONE, 20), high, happened(Struck(high.id, "cuff slipped"), 62), happened(VitalsTaken(170, 80), 130),
        happened(Ended("completed"), 141),
    )  # fmt: skip
    assert said["Blood pressure at 40 min"].value == ""
    assert said["Vital signs acceptable at the end"].value.startswith("no, by the limits of the protocol: Systolic")


def test_other_medicines_are_said_only_where_a_line_asked_after_them_alone_or_was_answered_no() -> None:
    several = "Benzodiazepine, stimulant or opioid"
    said = told(*whole(), screened=(Screened("medicines", several, "no"),))
    assert [said[f"{name} taken too"].value for name in ("Benzodiazepines", "Stimulants", "Opioids")] == ["no"] * 3
    assert said["Other hypnotics taken too"].value == ""
    said = told(*whole(), screened=(Screened("medicines", several, "yes", "lorazepam"),))
    assert said["Benzodiazepines taken too"].value == ""
    said = told(*whole(), screened=(Screened("benzo", "A benzodiazepine today", "yes", "lorazepam"),))
    assert said["Benzodiazepines taken too"].value == "yes (lorazepam)"
    said = told(*whole(), happened(ChecklistAnswered("benzo", "No benzodiazepine today", "yes"), 10))
    assert said["Benzodiazepines taken too"].value == ""


def test_only_a_real_visit_with_nasal_esketamine_needs_one_within_seven_days() -> None:
    assert wanted(session_of(*whole()))
    assert not wanted(session_of(happened(DOSE, 20)))
    assert not wanted(session_of(happened(DoseGiven("esketamine", 28_000, "iv"), 20)))
    one = happened(ONE, 20)
    assert not wanted(session_of(one, happened(Struck(one.id, "another patient"), 21)))
    telling = Telling(session_of(*whole()), CLINIC)
    assert (due(telling) - telling.day).days == 7


def test_the_paper_names_the_day_it_is_due_and_what_is_missing() -> None:
    session = session_of(*whole(), happened(AdverseEventNoted("vomited", "mild", "lay down"), 90))
    telling = Telling(session, CLINIC)
    made = sheet(note_of(session, SOMEBODY, CLINIC), fields_of(telling, PLAN, SOMEBODY), due(telling))
    text = " ".join(poppler(set_sheet(made)).split())
    assert "Esketamine observation summary" in text
    assert f"To be sent by {due(telling).isoformat()}. Missing: benzodiazepines" in text
    assert "The session note is not signed yet." in text
    assert "vomited, mild, at 12:30" in text
    assert "DRAFT" not in text
    assert text.count("▲ MISSING") == len(missing(fields_of(telling, PLAN, SOMEBODY)))
    for words in BY_HAND:
        assert words in text


def test_each_line_stands_under_one_heading() -> None:
    telling = Telling(session_of(*whole()), CLINIC)
    fields = fields_of(telling, PLAN, SOMEBODY)
    made = sheet(note_of(telling.session, SOMEBODY, CLINIC), fields, due(telling))
    facts = [
        fact.name for part in made.parts for block in part.blocks if isinstance(block, Facts) for fact in block.facts
    ]
    assert sorted(facts) == sorted(each.name for each in fields)


def test_when_sedation_was_over_is_said_where_a_rating_says_it() -> None:
    awake = happened(ScaleRated("MOAA/S", 5), 80)
    assert "MOAA/S 4 at 12:00; over at 12:20" in told(*whole(), awake)["Sedation"].value
    assert "MOAA/S 4 at 12:00; no rating after it says" in told(*whole())["Sedation"].value
