"""A protocol's fields in words, in the order in which they are edited, written and compared: a new field is one row."""

from typing import Literal, get_args

import msgspec

from kapdesk.clinical.protocol import Leaving, Need, Protocol, Sedation, Setting
from kapdesk.clinical.vitals import Limits
from kapdesk.facts.after import LeavingScore
from kapdesk.facts.people import Role
from kapdesk.facts.words import Route

Kind = Literal["words", "number", "numbers", "one of", "some of", "yes or no", "phases", "items", "limits", "ratings"]


class Row(msgspec.Struct, frozen=True):
    """One field: its path in the TOML, what it is called, how it is edited, its unit, and what may be chosen.

    `asked` says more where the name alone would leave a doubt.
    """

    path: str
    name: str
    kind: Kind
    unit: str = ""
    choices: tuple[str, ...] = ()
    asked: str = ""


NEEDS: dict[str, str] = {
    "weight": "Weight",
    "baseline": "First reading",
    "order": "Order of a prescriber",
    "intention": "Intention",
    "indication": "Indication",
    "clearance": "Clearance",
    "screening": "Screening",
    "consent": "Consent",
    "crisis": "Crisis contacts",
    "escort": "Escort",
    "location": "Where they are now",
    "companion": "Companion seen on the picture",
}
"""What KapDesk itself looks for before a dose, in words."""

ROWS: tuple[Row, ...] = (
    Row("name", "Name", "words"),
    Row("version", "Version", "words", asked="Raised by itself when something changed and it did not."),
    Row("medication", "Medication", "words"),
    Row("route", "Route", "one of", choices=get_args(Route)),
    Row(
        "setting", "Where the patient is", "one of", choices=get_args(Setting), asked="At home they are seen by video."
    ),
    Row("usual_doses_mg", "Usual doses", "numbers", "mg"),
    Row("most_mg", "Most in one dose", "number", "mg", asked="0: no cap. Above it is asked."),
    Row("most_ug_per_kg", "Most in one dose by weight", "number", "µg/kg", asked="0: no cap."),
    Row("most_total_mg", "Most in one session", "number", "mg", asked="0: no cap."),
    Row("infuse_over_min", "A dose runs in over", "number", "min", asked="0: at once."),
    Row("booster_adds_min", "A later dose lengthens the peak by", "number", "min"),
    Row("hold_min", "A dose is held in the mouth for", "number", "min"),
    Row("device_mg", "One device holds", "number", "mg"),
    Row("device_gap_min", "From one device to the next", "number", "min"),
    Row("phases", "Phases", "phases", "min"),
    Row("vitals_at_min", "Vitals at", "numbers", "min", asked="Minutes from the first dose."),
    Row("vitals_every_min", "Vitals then every", "number", "min"),
    Row("recheck_min", "Outside a limit again after", "number", "min"),
    Row("ratings", "Ratings", "ratings", "min"),
    Row("sedation", "Sedation scale", "one of", choices=("", *get_args(Sedation))),
    Row("limits_before", "Before the dose", "limits"),
    Row("limits_after", "After the dose", "limits"),
    Row("needs", "Looked for before a dose", "some of", choices=get_args(Need)),
    Row("staff", "Who must be in the room", "some of", choices=get_args(Role)),
    Row("second_check", "A second person checks each dose", "yes or no"),
    Row("count_substances", "What was drawn is counted and witnessed", "yes or no"),
    Row("before", "Checklist", "items"),
    Row("screening", "Screening", "items", asked="None of its own: KapDesk’s examples are asked."),
    Row("screening_days", "Screening is asked again after", "number", "days", asked="0: in each visit."),
    Row("consent", "Consent", "items", asked="None of its own: KapDesk’s examples are asked."),
    Row("safety", "What to do at suicidal thoughts", "words"),
    Row("leaving.observed_min", "Observed from the last dose for", "number", "min"),
    Row(
        "leaving.from_any_medicine",
        "Observed anew from any medicine",
        "yes or no",
        asked="A rescue medicine as well. No: from the session’s own medication only.",
    ),
    Row("leaving.pressure_within_percent", "Leaving: pressure near the first reading, within", "number", "%"),
    Row("leaving.reading_within_min", "Leaving: last reading no older than", "number", "min"),
    Row("leaving.score", "Discharge scale", "one of", choices=("", *get_args(LeavingScore))),
    Row("leaving.score_least", "Discharge scale: points at least", "number", "of 10"),
    Row("leaving.items", "List before leaving", "items"),
    Row("playlist", "Playlist to start with", "words", asked="The name of its file. None: the first at hand."),
    Row("source", "Sources", "words"),
)

PARTS: dict[str, str] = {
    "name": "What it is",
    "usual_doses_mg": "Doses",
    "phases": "The course",
    "vitals_at_min": "Vitals",
    "limits_before": "Limits",
    "needs": "Before a dose",
    "leaving.observed_min": "Leaving",
    "playlist": "Beside",
}
"""The heading over the rows from this one on."""

LIMIT_NAMES: dict[str, str] = {
    "systolic_above": "Systolic above",
    "systolic_below": "Systolic below",
    "diastolic_above": "Diastolic above",
    "diastolic_below": "Diastolic below",
    "pulse_above": "Pulse above",
    "pulse_below": "Pulse below",
    "spo2_below": "SpO₂ below",
    "breaths_above": "RR above",
    "breaths_below": "RR below",
    "temperature_dc_above": "Temperature above",
}
"""Each limit in words; temperature is in tenths of a degree Celsius."""

NO_ROW = ("format",)
"""What nobody edits."""


def without_row() -> list[str]:
    """Fields of a protocol, of its leaving rule or its limits that stand in no row: none, or the editor hides one."""
    paths = {row.path for row in ROWS}
    fields = [name for name in Protocol.__struct_fields__ if name not in (*NO_ROW, "leaving")]
    fields += [f"leaving.{name}" for name in Leaving.__struct_fields__]
    missing = [path for path in fields if path not in paths]
    return missing + [name for name in Limits.__struct_fields__ if name not in LIMIT_NAMES]


def at(protocol: object, path: str) -> object:
    """What stands in a field."""
    for name in path.split("."):
        protocol = getattr(protocol, name)
    return protocol
