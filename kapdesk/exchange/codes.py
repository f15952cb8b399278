"""Every code that leaves the house, in one table: its display, and the two places where each was read.

What could not be read in two places is not here, and goes out as text; docs/codes.md names those and lists these.
LOINC: this material contains content from LOINC (http://loinc.org), copyright Regenstrief Institute and the LOINC
Committee, available at no cost under the licence at http://loinc.org/license.
"""

from typing import NamedTuple

from kapdesk.facts.care import Scale, Severity
from kapdesk.facts.words import Route

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
_HL7 = "http://terminology.hl7.org/CodeSystem"
_R4B = "github.com/GinoCanessa/fhir-cross-version-source, docs/R4B/ValueSets"
"""Lists made by machine from the package hl7.fhir.r4b.core 4.3.0."""
_PAGE = "hl7.org/fhir/R4B/valueset-observation-vitalsignresult.html"
_ROE = "github.com/michael-roe/llm-chat, loinc.py"
_ABDM = "github.com/gauravvaishnav17/abdm-fhir-ig-fsh, input/fsh/valuesets/VitalSigns.fsh"
_NLP = "github.com/BD2KOnFHIR/NLP2FHIR, NLP2FHIR-WEB/src/main/resources/META-INF/resources/js/nlp2fhir.js"
_SYNTHEA = "github.com/synthetichealth/synthea, src/main/resources/templates/ccda"
_OXIMETRY = "hl7.org/fhir/us/core/Observation-satO2-fiO2.html"
_ROUTES = "github.com/GinoCanessa/fhir-cross-version-source, docs/R3/ValueSets/V3CodeSystemRouteOfAdministration.md"
_DSTU1 = "hl7.org/fhir/DSTU1/v3/RouteOfAdministration/index.html"
_VACCINES = "hl7.org/fhir/R4/valueset-immunization-route.canonical.xml"
_INFUSED = "fhir.org/guides/onc/us-quality-core (0.5.0), MedicationStatement/example"
_EHDSI = "github.com/hl7-eu/unicom-ig, input/fsh/coding-system/ucum/EhdsiUcumUnit.fsh"
_NLM = "nlm.nih.gov/oet/ed/healthdatastandards/02-570.html"


class Code(NamedTuple):
    """A code of a system, how it is called there ("" where that was not read twice), and the two places it was read."""

    system: str
    code: str
    display: str
    sources: tuple[str, str]


def _loinc(code: str, display: str, *sources: str) -> Code:
    one, other = sources
    return Code(LOINC, code, display, (one, other))


def _hl7(system: str, code: str, display: str, *sources: str) -> Code:
    one, other = sources
    return Code(f"{_HL7}/{system}", code, display, (one, other))


def _unit(code: str, display: str, *sources: str) -> Code:
    one, other = sources
    return Code(UCUM, code, display, (one, other))


PROGRESS_NOTE = _loinc(
    "11506-3",
    "Progress note",
    "hl7.org/fhir/us/ccda/ValueSet-2.16.840.1.113883.11.20.8.1.html",
    "build.fhir.org/ig/HL7/US-Core/clinical-notes.html",
)
ALLERGIES = _loinc("48765-2", "Allergies and adverse reactions Document", _NLP, f"{_SYNTHEA}/allergies_no_current.ftl")
GIVEN = _loinc(
    "29549-3",
    "Medication administered Narrative",
    _NLP,
    "hl7.org/cda/us/ccda/2024Jan/StructureDefinition-MedicationsAdministeredSection-definitions.html",
)
VITAL_SIGNS = _loinc("8716-3", "Vital signs", _NLP, f"{_SYNTHEA}/vital_signs_no_current.ftl")
PLAN = _loinc("18776-5", "Plan of treatment (narrative)", _NLP, f"{_SYNTHEA}/care_goals.ftl")

PRESSURE = _loinc("85354-9", "Blood pressure panel with all children optional", _PAGE, _ABDM)
SYSTOLIC = _loinc("8480-6", "Systolic blood pressure", _PAGE, _ROE)
DIASTOLIC = _loinc("8462-4", "Diastolic blood pressure", _PAGE, _ROE)
MEAN = _loinc(
    "8478-0",
    "",
    "build.fhir.org/ig/HL7/cardx-ig/dataRequirements.html",
    "github.com/GinoCanessa/fhir-cross-version-source, docs/R4/ValueSets/VitalSigns.md",
)
PULSE = _loinc("8867-4", "Heart rate", _ABDM, _ROE)
BREATHS = _loinc("9279-1", "Respiratory rate", _ABDM, _ROE)
SATURATION = _loinc("2708-6", "Oxygen saturation in Arterial blood", _ABDM, _OXIMETRY)
OXIMETRY = _loinc("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry", _OXIMETRY, _ROE)
TEMPERATURE = _loinc(
    "8310-5", "Body temperature", "build.fhir.org/valueset-observation-vitalsignresult.json.html", _ROE
)
WEIGHT = _loinc(
    "29463-7",
    "Body weight",
    _ROE,
    "github.com/nmdp-ig/cibmtr-reporting-ig, build/input/fsh/terminology/vitalsigns/vitalsigns_valueset.fsh",
)
PAIN = _loinc(
    "72514-3",
    "Pain severity - 0-10 verbal numeric rating [Score] - Reported",
    "healthassure.in/codes/loinc-72514-3-pain-severity-0-10-verbal-numeric-rating-score-reported",
    "github.com/hl7-eu/eps, _attic/examples-new/e7d7cc67-1291-4b6e-9705-bff752fff703.fsh",
)
PHQ_9 = _loinc(
    "44261-6",
    "Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]",
    "cdn.loinc.org/44261-6",
    "autoicdapi.com/loinc/44261-6",
)
GAD_7 = _loinc(
    "70274-6",
    "Generalized anxiety disorder 7 item (GAD-7) total score [Reported.PHQ]",
    "loinc.org/69729-2",
    "healthassure.in/codes/loinc-70274-6-generalized-anxiety-disorder-7-item-gad-7-total-score-reportedphq",
)

SIGNS = _hl7("observation-category", "vital-signs", "Vital Signs", f"{_R4B}/ObservationCategoryCodes.md", _OXIMETRY)
SURVEY = _hl7(
    "observation-category",
    "survey",
    "Survey",
    f"{_R4B}/ObservationCategoryCodes.md",
    "github.com/HL7/fhir-health-care-surveys-reporting-ig, "
    "input/fsh/instances/observation-screening-assessment-example.fsh",
)
NOT_PERFORMED = _hl7(
    "data-absent-reason",
    "not-performed",
    "Not Performed",
    f"{_R4B}/DataAbsentReason.md",
    "build.fhir.org/ig/hl7-eu/pcsp/branches/master/ValueSet-vs-npunk-eu-pcsp.html",
)
HIGH = _hl7(
    "v3-ObservationInterpretation",
    "H",
    "High",
    f"{_R4B}/ObservationInterpretationCodes.md",
    "build.fhir.org/ig/HL7/genomics-reporting/ValueSet-high-low-codes-vs.json.html",
)
LOW = _hl7(
    "v3-ObservationInterpretation",
    "L",
    "Low",
    f"{_R4B}/ObservationInterpretationCodes.md",
    "build.fhir.org/ig/HL7/genomics-reporting/ValueSet-high-low-codes-vs.json.html",
)
AMBULATORY = _hl7(
    "v3-ActCode",
    "AMB",
    "ambulatory",
    f"{_R4B}/ActEncounterCode.md",
    "github.com/Outburn-IL/lab-referral-cycle, input/fsh/valuesets/EncounterClass.fsh",
)
VIRTUAL = _hl7(
    "v3-ActCode",
    "VR",
    "virtual",
    f"{_R4B}/ActEncounterCode.md",
    "github.com/IntelliSOFT-Consulting/Nigeria-Immunization-FHIR-IG, input/fsh/valuesets/encounterValueset.fsh",
)
PRACTICE = _hl7(
    "v3-ActReason",
    "HTEST",
    "test health data",
    f"{_R4B}/ActReason.md",
    "build.fhir.org/ig/IHE/ITI.RESTfulATNA/Encounter-ex-encounter.html",
)
RESTRICTED = _hl7(
    "v3-Confidentiality",
    "R",
    "restricted",
    "github.com/GinoCanessa/fhir-cross-version-source, docs/R3/ValueSets/V3CodeSystemConfidentiality.md",
    "github.com/carmoao/XpanDH-PS, input/fsh/terminologies/eHDSIConfidentiality.fsh",
)
RECORD_NUMBER = _hl7(
    "v2-0203",
    "MR",
    "Medical record number",
    f"{_R4B}/IdentifierTypeCodes.md",
    "github.com/gauravvaishnav17/abdm-fhir-ig-fsh, input/fsh/instances/Patient-example-01.fsh",
)
ACTIVE_CONDITION = _hl7(
    "condition-clinical",
    "active",
    "Active",
    f"{_R4B}/ConditionClinicalStatusCodes.md",
    "github.com/vadi2/ILCorePublisherValidation, input/fsh/fhir-base-profiles.fsh",
)
ACTIVE_ALLERGY = _hl7(
    "allergyintolerance-clinical",
    "active",
    "Active",
    f"{_R4B}/AllergyIntoleranceClinicalStatusCodes.md",
    "github.com/hl7-be/ehealth-be-core, input/fsh/instances/allergyintolerance1.fsh",
)


def _severity(code: Severity, display: str) -> Code:
    page = "hl7.org/fhir/R4B/valueset-adverse-event-severity.html"
    return _hl7("adverse-event-severity", code, display, f"{_R4B}/AdverseEventSeverity.md", page)


SEVERITIES: dict[Severity, Code] = {
    "mild": _severity("mild", "Mild"),
    "moderate": _severity("moderate", "Moderate"),
    "severe": _severity("severe", "Severe"),
}
ROUTES: dict[Route, Code] = {
    "im": _hl7("v3-RouteOfAdministration", "IM", "Injection, intramuscular", _ROUTES, _VACCINES),
    "sublingual": _hl7("v3-RouteOfAdministration", "SL", "Dissolve, sublingual", _ROUTES, _DSTU1),
    "oral": _hl7("v3-RouteOfAdministration", "PO", "Swallow, oral", _ROUTES, _DSTU1),
}
"""A spray into the nose has several codes there and none for a spray, so it goes out as text; an intravenous dose has
one only where it is known to have run in."""
INFUSION = _hl7("v3-RouteOfAdministration", "IV", "Infusion, intravenous", _ROUTES, _INFUSED)
SCALES: dict[Scale, Code] = {"pain": PAIN}
FORMS = {"phq-9": PHQ_9, "gad-7": GAD_7}

MMHG = _unit("mm[Hg]", "mmHg", f"{_R4B}/VitalSignsUnits.md", _ROE)
PER_MIN = _unit("/min", "/min", f"{_R4B}/VitalSignsUnits.md", _ROE)
PERCENT = _unit("%", "%", f"{_R4B}/VitalSignsUnits.md", _ROE)
CELSIUS = _unit("Cel", "°C", f"{_R4B}/VitalSignsUnits.md", _ROE)
KG = _unit("kg", "kg", f"{_R4B}/VitalSignsUnits.md", _ROE)
L_PER_MIN = _unit("L/min", "L/min", _OXIMETRY, _EHDSI)
SCORE = _unit("{score}", "score", "cdn.loinc.org/44261-6", "loinc.org/69729-2")
HOUR = _unit("h", "h", _EHDSI, f"{_NLM} (in 24.h)")
MG = _unit("mg", "mg", "aurora.regenstrief.org/~ucum/ucum-cs.units (prefix m, unit g)", f"{_EHDSI} (in g/mg)")
ML = _unit("mL", "mL", "aurora.regenstrief.org/~ucum/ucum-cs.units (prefix m)", f"{_EHDSI} (L; in g/mL)")

TABLE: tuple[Code, ...] = (
    *(PROGRESS_NOTE, ALLERGIES, GIVEN, VITAL_SIGNS, PLAN),
    *(PRESSURE, SYSTOLIC, DIASTOLIC, MEAN, PULSE, BREATHS, SATURATION, OXIMETRY, TEMPERATURE, WEIGHT),
    *(PAIN, PHQ_9, GAD_7),
    *(SIGNS, SURVEY, NOT_PERFORMED, HIGH, LOW, AMBULATORY, VIRTUAL, PRACTICE, RESTRICTED, RECORD_NUMBER),
    *(ACTIVE_CONDITION, ACTIVE_ALLERGY, *SEVERITIES.values(), *ROUTES.values(), INFUSION),
    *(MMHG, PER_MIN, PERCENT, CELSIUS, KG, L_PER_MIN, SCORE, HOUR, MG, ML),
)
