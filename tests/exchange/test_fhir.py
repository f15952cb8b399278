"""A visit as a FHIR R4B document: what a receiver reads, what it must not, and that every reader takes it."""

import hashlib
import json
from base64 import b64decode
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapdesk.exchange import codes
from kapdesk.exchange.fhir.bundle import Paper, document, export
from kapdesk.facts.care import (
    AdverseEventNoted,
    InfusionPaused,
    InfusionRateSet,
    InfusionStarted,
    InfusionStopped,
    PsychotherapyBegan,
)
from kapdesk.facts.fact import Struck
from kapdesk.facts.patient import FormAnswered, PatientRegistered
from kapdesk.facts.session import (
    DoseGiven,
    Ended,
    Locked,
    NoteTaken,
    PersonCameIn,
    SummaryWritten,
    VisitOpened,
    VitalsTaken,
)
from kapdesk.record.history import Happening
from kapdesk.session.state import fold
from tests.exchange.bundles import (
    BUNDLE,
    INSTANT,
    STATUSES,
    VISIT,
    Json,
    astray,
    flaws,
    named,
    one,
    parsed,
    read,
    resources,
    section,
    told,
    walk,
)
from tests.exchange.played import PROTOCOLS, played
from tests.exchange.told import DOSE, KNOWN, NURSE, PATIENT, READING, RESCUE, amended, visit
from tests.fakes import happened
from tests.session.sample import visits


def test_an_r4b_reader_takes_the_document_and_finds_nothing_missing() -> None:
    whole = parsed(document(VISIT))
    assert whole.type == "document"
    assert flaws(BUNDLE) == astray(whole) == []
    assert BUNDLE["identifier"]["value"].startswith("urn:uuid:")
    assert INSTANT.fullmatch(BUNDLE["timestamp"])


@pytest.mark.parametrize("file", PROTOCOLS)
def test_the_demo_of_every_shipped_protocol_makes_a_valid_document(file: str) -> None:
    told = played(file)
    content = document(told)
    bundle = read(content)
    assert flaws(bundle) == astray(parsed(content)) == []
    assert len(resources("MedicationAdministration", bundle)) == len(told.session.history.standing(DoseGiven))
    assert one("Encounter", bundle)["class"]["code"] == ("VR" if file == "home-video.toml" else "AMB")


def test_the_patient_is_named_with_the_record_number_under_the_clinics_own_name_for_it() -> None:
    patient = one("Patient")
    assert [(name["use"], name["text"]) for name in patient["name"]] == [
        ("official", "Sample Patient A"),
        ("usual", "Ania"),
    ]
    assert patient["birthDate"] == "1984-03-09"
    (number,) = patient["identifier"]
    assert (number["value"], number["type"]["coding"][0]["code"]) == ("NL-7", "MR")
    assert number["system"] == f"urn:uuid:{VISIT.clinic_id}"
    assert one("AllergyIntolerance")["code"]["text"] == "penicillin (rash)"


def test_the_visit_has_its_times_with_the_offset_of_the_clinics_wall() -> None:
    encounter = one("Encounter")
    assert encounter["status"] == "finished"
    assert encounter["period"] == {"start": "2026-03-02T11:02:00+01:00", "end": "2026-03-02T13:28:00+01:00"}
    assert len(encounter["participant"]) == 2


def test_who_signed_and_who_countersigned_put_their_names_to_it_in_order_with_the_times() -> None:
    people = {entry["fullUrl"]: entry["resource"] for entry in BUNDLE["entry"]}
    attested = one("Composition")["attester"]
    assert [(people[each["party"]["reference"]]["name"][0]["text"], each["time"]) for each in attested] == [
        ("Therapist Two", "2026-03-02T13:40:00+01:00"),
        ("Doctor Three", "2026-03-02T13:50:00+01:00"),
    ]
    role = people[one("Composition")["author"][0]["reference"]]
    assert role["code"] == [{"text": "therapist"}]
    assert people[role["practitioner"]["reference"]]["qualification"][0]["code"]["text"] == "LMFT"


def test_a_document_is_preliminary_until_it_is_signed_then_final_and_amended_by_what_is_added() -> None:
    def status(happenings: Sequence[Happening]) -> str:
        return str(one("Composition", read(document(visit(happenings))))["status"])

    everything = amended()
    lock = next(n for n, each in enumerate(everything) if isinstance(each.fact, Locked))
    assert status(everything[:lock]) == "preliminary"
    assert status(everything[: lock + 1]) == status(everything[: lock + 2]) == "final"
    assert status(everything) == "amended"
    assert "Called the next day: well." in section("Added after signing")["text"]["div"]


def test_a_striking_after_the_signature_changes_nothing_and_says_of_what_it_speaks() -> None:
    late = told((Struck(READING, "read from the wrong arm"), 165))
    assert "read from the wrong arm (of: BP 172/101" in section("Added after signing", late)["text"]["div"]
    assert [each["status"] for each in named("Observation", "Blood pressure", late)] == [
        "final",
        "final",
        "entered-in-error",
    ]


def test_what_was_given_but_recorded_after_the_signature_is_a_dose_that_says_so() -> None:
    late = told((DoseGiven("ondansetron", 8_000, "oral"), 165))
    dose = resources("MedicationAdministration", late)[-1]
    assert (dose["status"], dose["dosage"]["dose"]["value"]) == ("completed", 8)
    assert dose["note"] == [{"text": "Recorded after the note was signed."}]


def test_a_rehearsal_is_marked_on_every_resource_as_no_real_treatment() -> None:
    practice = [happened(VisitOpened("dosing", PATIENT, True, "Europe/Warsaw", "a4"), 0), *amended()[1:]]
    bundle = read(document(visit(practice)))
    labels = [entry["resource"]["meta"]["security"][0]["code"] for entry in bundle["entry"]]
    assert set(labels) == {"HTEST"}
    assert one("Composition", bundle)["title"].startswith("PRACTICE ONLY, nobody was treated.")
    assert flaws(bundle) == []


def test_a_dose_has_its_amount_route_lot_and_order_and_who_checked_it() -> None:
    dose, rescue = resources("MedicationAdministration")
    assert (dose["id"], rescue["id"]) == (str(DOSE), str(RESCUE))
    assert (dose["status"], dose["effectiveDateTime"]) == ("completed", "2026-03-02T11:19:00+01:00")
    assert (dose["dosage"]["dose"]["value"], dose["dosage"]["dose"]["code"]) == (60, "mg")
    assert dose["dosage"]["route"]["coding"][0]["code"] == "IM"
    (medication,) = dose["contained"]
    assert medication["batch"] == {"lotNumber": "K2291B", "expirationDate": "2027-08"}
    assert medication["ingredient"][0]["strength"]["numerator"]["value"] == 50
    assert dose["request"]["reference"] == f"urn:uuid:{one('MedicationRequest')['id']}"
    assert [each.get("function", {}).get("text") for each in dose["performer"]] == [
        None,
        "Dose checked by a second person",
    ]
    assert "request" not in rescue
    assert rescue["contained"][0]["code"]["text"] == "ondansetron"


def test_what_was_corrected_says_what_it_was_and_what_was_struck_is_entered_in_error() -> None:
    dose = resources("MedicationAdministration")[0]
    assert dose["note"][0]["text"].startswith("Was: ketamine 60 mg IM, left deltoid")
    wrong = [each for each in named("Observation", "Blood pressure") if each["status"] == "entered-in-error"]
    assert [each["component"][0]["valueQuantity"]["value"] for each in wrong] == [72]
    assert "another patient’s cuff" in wrong[0]["note"][0]["text"]
    struck = told((Struck(DOSE, "never given"), 165))
    assert {each["status"] for each in resources("MedicationAdministration", struck)} == {"completed"}, "too late"


def test_a_dose_struck_before_the_signature_stays_as_entered_in_error() -> None:
    early = [each for each in amended() if not isinstance(each.fact, Locked)]
    bundle = read(document(visit([*early, happened(Struck(DOSE, "never given"), 2000, counter=99)])))
    assert [each["status"] for each in resources("MedicationAdministration", bundle)] == [
        "entered-in-error",
        "completed",
    ]
    parsed(document(visit(early)))


def test_a_pressure_is_a_panel_with_its_mean_worked_out_from_it() -> None:
    panel = named("Observation", "Blood pressure")[0]
    assert [(part["code"]["coding"][0]["code"], part["valueQuantity"]["value"]) for part in panel["component"]] == [
        ("8480-6", 122),
        ("8462-4", 78),
    ]
    assert panel["bodySite"]["text"] == "left arm"
    mean = named("Observation", "Mean blood pressure")[0]
    assert (mean["valueQuantity"]["value"], mean["valueQuantity"]["code"]) == (93, "mm[Hg]")
    assert mean["derivedFrom"] == [{"reference": f"urn:uuid:{panel['id']}"}]
    assert mean["method"]["text"].startswith("Calculated")


def test_half_a_pressure_says_that_the_other_half_was_not_measured() -> None:
    early = [each for each in amended() if not isinstance(each.fact, Locked)]
    bundle = read(document(visit([*early, happened(VitalsTaken(systolic_mmhg=131), 2000, counter=99)])))
    half = named("Observation", "Blood pressure", bundle)[-1]["component"][1]
    assert half["dataAbsentReason"]["coding"][0]["code"] == "not-performed"
    assert "valueQuantity" not in half


def test_a_reading_beyond_a_limit_says_on_which_side_and_of_which_limit() -> None:
    saturation = [each for each in named("Observation", "Oxygen saturation") if each["valueQuantity"]["value"] == 89]
    (low,) = saturation
    assert low["interpretation"][0]["coding"][0]["code"] == "L"
    assert low["referenceRange"][0]["low"]["value"] == 92
    assert "Alert limit" in low["referenceRange"][0]["text"]
    assert [each["code"] for each in low["code"]["coding"]] == ["59408-5", "2708-6"]
    assert low["component"][0]["valueQuantity"]["value"] == Decimal("1.5")
    assert {"text": "oxygen 1.5 L/min, read by the device"} in low["note"]


def test_amounts_are_exact_decimals_and_nothing_is_a_float() -> None:
    content = document(VISIT)
    (temperature,) = named("Observation", "Body temperature")
    assert temperature["valueQuantity"]["value"] == Decimal("36.6")
    assert named("Observation", "Body weight")[0]["valueQuantity"]["value"] == Decimal("68.4")
    again = read(msgspec.json.Encoder(decimal_format="number").encode(read(content)))
    assert again == read(content)
    assert not [value for value in walk(read(content)) if isinstance(value, float)]
    whole = json.loads(parsed(content).model_dump_json(), parse_float=Decimal)
    figures = [value for value in walk(whole) if isinstance(value, Decimal)]
    assert sorted(figures) == sorted(value for value in walk(BUNDLE) if isinstance(value, Decimal))


def test_what_was_due_and_left_out_is_cancelled_with_the_reason() -> None:
    (missed,) = named("Observation", "Vital signs, a reading that was due")
    assert (missed["status"], missed["dataAbsentReason"]["text"]) == ("cancelled", "asleep")
    (unrated,) = named("Observation", "MOAA/S")
    assert unrated["status"] == "cancelled"
    (rated,) = named("Observation", "RASS")
    assert (rated["valueQuantity"]["value"], rated["note"][0]["text"]) == (-2, "sleepy")
    assert "coding" not in rated["code"], "no code for it was read twice"


def test_the_newest_questionnaire_has_its_total_its_code_and_its_band() -> None:
    (asked,) = named("Observation", "PHQ-9")
    assert (asked["valueQuantity"]["value"], asked["code"]["coding"][0]["code"]) == (12, "44261-6")
    assert asked["effectiveDateTime"] == "2026-03-02"
    assert asked["note"][0]["text"].startswith("12 of 27, moderate")


def test_an_adverse_event_has_its_severity_and_its_outcome_and_one_struck_is_in_words_only() -> None:
    event = one("AdverseEvent")
    assert (event["event"]["text"], event["severity"]["coding"][0]["code"]) == ("Nausea", "mild")
    assert "gone" in event["text"]["div"]
    early = [each for each in amended() if not isinstance(each.fact, Locked)]
    again = happened(AdverseEventNoted("Fall", "severe"), 100, counter=98)
    bundle = read(document(visit([*early, again, happened(Struck(again.id, "it was a chair"), 2000, counter=99)])))
    assert [each["event"]["text"] for each in resources("AdverseEvent", bundle)] == ["Nausea"]
    assert "it was a chair" in section("Adverse events", bundle)["text"]["div"]


def infused(*facts: tuple[Any, float]) -> Json:
    begin = [each for each in amended() if each.at_us <= amended()[8].at_us]
    dose = happened(DoseGiven("ketamine", 40_000, "iv", "left forearm"), 20, counter=50, id_=DOSE)
    more = [happened(fact, at, counter=60 + n) for n, (fact, at) in enumerate(facts)]
    bundle = read(document(visit([*begin, dose, *more], made=45)))
    assert flaws(bundle) == []
    return one("MedicationAdministration", bundle)


def test_an_infusion_has_its_period_and_its_rate_and_how_much_ran_in() -> None:
    started = (InfusionStarted(DOSE, 40_000, 60_000), 20)
    running = infused(started)
    assert (running["status"], running["effectivePeriod"]) == ("in-progress", {"start": "2026-03-02T11:20:00+01:00"})
    assert (running["dosage"]["dose"]["value"], running["dosage"]["rateRatio"]["numerator"]["value"]) == (25, 60)
    assert running["dosage"]["route"]["coding"][0]["code"] == "IV"
    paused = infused(started, (InfusionPaused(DOSE), 30))
    assert (paused["status"], paused["dosage"]["dose"]["value"]) == ("on-hold", 10)
    assert "rateRatio" not in paused["dosage"], "it did not run at one rate"
    assert "paused at 2026-03-02T11:30:00+01:00" in paused["note"][0]["text"]
    done = infused(started, (InfusionRateSet(DOSE, 120_000), 30))
    assert (done["status"], done["effectivePeriod"]["end"]) == ("completed", "2026-03-02T11:45:00+01:00")
    stopped = infused(started, (InfusionStopped(DOSE, 21_500, True), 41))
    assert (stopped["status"], stopped["dosage"]["dose"]["value"]) == ("stopped", Decimal("21.5"))


def test_psychotherapy_has_its_times_and_its_kind_and_nothing_of_what_was_said() -> None:
    (work,) = resources("Procedure")
    assert work["code"]["text"] == "Psychotherapy, parts work"
    assert work["performedPeriod"]["start"] == "2026-03-02T12:30:00+01:00"
    live = [each for each in amended() if not isinstance(each.fact, Locked | Ended)]
    assert one("Procedure", read(document(visit(live))))["status"] == "in-progress"
    again = [*live, happened(PsychotherapyBegan("EMDR"), 2000, counter=99)]
    assert len(resources("Procedure", read(document(visit(again))))) == 2


def test_every_note_stands_in_the_words_of_the_document_escaped() -> None:
    div = section("What happened, as it was recorded")["text"]["div"]
    assert "=SUM(A1) &lt;b&gt;&amp; tears" in div
    assert section("How it went")["text"]["div"].count("<p>") == 2
    assert section("Plan", told((SummaryWritten("plan", "Rest"), 140)))
    assert "Private notes of psychotherapy are never exported." in section("Not in this document")["text"]["div"]


def test_only_those_of_the_staff_who_are_named_in_it_stand_in_it() -> None:
    names = {each["name"][0]["text"] for each in resources("Practitioner")}
    assert names == {"Nurse One", "Therapist Two", "Doctor Three"}
    assert resources("Practitioner", read(document(visit(amended()[:1], KNOWN[:1])))) == []


def test_the_same_record_at_the_same_time_is_the_same_document_and_later_the_same_resources() -> None:
    again = msgspec.structs.replace(VISIT, session=fold(reversed(list(VISIT.session.history.said()))))
    assert document(VISIT) == document(again)
    later = read(document(msgspec.structs.replace(VISIT, made_us=VISIT.made_us + 1)))
    assert later["identifier"] != BUNDLE["identifier"]
    ids = [entry["fullUrl"] for entry in BUNDLE["entry"]]
    assert [entry["fullUrl"] for entry in later["entry"]] == ids


def test_an_export_points_at_its_papers_by_name_size_and_digest_and_the_document_does_not() -> None:
    assert resources("DocumentReference") == []
    content = export(VISIT, [Paper(b"%PDF-1", "note.pdf"), Paper(b"%PDF-0", "old.pdf", superseded=True)])
    bundle = read(content)
    assert flaws(bundle) == astray(parsed(content)) == []
    paper, old = resources("DocumentReference", bundle)
    attachment = paper["content"][0]["attachment"]
    assert (attachment["url"], attachment["size"]) == ("note.pdf", 6)
    assert b64decode(attachment["hash"]) == hashlib.sha1(b"%PDF-1", usedforsecurity=False).digest()
    assert hashlib.sha256(b"%PDF-1").hexdigest() in paper["description"]
    assert (paper["status"], paper["docStatus"], old["status"]) == ("current", "amended", "superseded")


def test_a_visit_of_which_nothing_can_be_read_is_still_a_document() -> None:
    content = document(visit([], []))
    parsed(content)
    assert flaws(read(content)) == []


def test_the_checks_made_here_see_a_wrong_status_a_wrong_unit_and_a_reference_astray() -> None:
    wrong = read(document(VISIT))
    named("Observation", "Heart rate", wrong)[0]["status"] = "finall"
    named("Observation", "Heart rate", wrong)[0]["valueQuantity"]["code"] = "bpm"
    one("AdverseEvent", wrong)["subject"]["reference"] = f"urn:uuid:{one('Organization', wrong)['id']}"
    one("Procedure", wrong)["subject"]["reference"] = "urn:uuid:of-nobody"
    assert flaws(wrong) == [
        "Observation finall",
        "http://unitsofmeasure.org bpm /min",
        "nothing is urn:uuid:of-nobody",
    ]
    one("Procedure", wrong)["subject"]["reference"] = f"urn:uuid:{PATIENT}"
    assert astray(parsed(json.dumps(wrong, default=float).encode())) == ["AdverseEvent.subject is a Organization"]


def test_every_code_in_the_table_was_read_with_two_publishers_and_stands_there_once() -> None:
    def publisher(source: str) -> str:
        return "/".join(source.split("/")[: 2 if source.startswith("github.com/") else 1])

    for code in codes.TABLE:
        one, other = map(publisher, code.sources)
        assert one != other, f"{code.code}: both readings are of one publisher"
    keys = [(code.system, code.code) for code in codes.TABLE]
    assert len(keys) == len(set(keys))


def test_the_page_of_codes_lists_every_code_with_its_sources_and_every_status() -> None:
    page = (Path(__file__).parents[2] / "docs" / "codes.md").read_text(encoding="utf-8")
    for code in codes.TABLE:
        lines = [each for each in page.splitlines() if f"| `{code.code}` | {code.display or '('}" in each]
        assert any(all(source in line for source in code.sources) for line in lines), code
    for kind, allowed in STATUSES.items():
        assert f"| {kind} | {', '.join(sorted(allowed))} |" in page


ODD = st.text(st.characters(), max_size=12)


@given(ODD, ODD, ODD, ODD)
@settings(max_examples=25, deadline=None)
def test_any_name_and_any_text_of_any_plane_makes_a_valid_document(name: str, site: str, note: str, lot: str) -> None:
    happenings = [
        happened(VisitOpened("dosing", PATIENT, False, "Europe/Warsaw", "a4", note), 0),
        happened(PersonCameIn(NURSE, name, ("medical staff",), lot), 1, counter=1),
        happened(DoseGiven(name, 1, "im", site, None, None, lot, note), 2, counter=2, id_=DOSE),
        happened(NoteTaken(note, site, True), 3, counter=3),
        happened(AdverseEventNoted(note, "mild", lot), 4, counter=4),
        happened(PsychotherapyBegan(site), 5, counter=5),
        happened(SummaryWritten("plan", note), 6, counter=6),
        happened(Ended("left against advice", note), 7, counter=7),
    ]
    known = [
        (PatientRegistered(name, lot, note, site, note), -9.0),
        (FormAnswered(name, note, (1,), lot), -8.0),
    ]
    content = document(visit(happenings, known))
    assert flaws(read(content)) == []
    parsed(content)


@given(visits())
@settings(max_examples=25, deadline=None)
def test_whatever_stands_in_a_record_it_makes_a_valid_document(happenings: list[Happening]) -> None:
    content = document(visit(happenings))
    assert flaws(read(content)) == []
    parsed(content)
