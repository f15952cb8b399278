"""The scales that are rated in a session: their ranges, and what their ends mean in our own words."""

from typing import NamedTuple

from kapdesk.facts.care import Scale


class Range(NamedTuple):
    """The least and the greatest value, and what each end means."""

    least: int
    most: int
    least_means: str
    most_means: str


RANGES: dict[Scale, Range] = {
    "MOAA/S": Range(0, 5, "no answer even to pain", "answers readily to the name"),
    "RASS": Range(-5, 4, "cannot be roused", "combative"),
    "CADSS-6": Range(0, 24, "not at all", "extremely"),
    "CADSS": Range(0, 92, "not at all", "extremely"),
    "nausea": Range(0, 10, "none", "worst"),
    "pain": Range(0, 10, "none", "worst"),
}
"""MOAA/S 0 to 5: BMC Anesthesiology 2022, s12871-022-01788-1, table 2. RASS −5 to +4, 0 alert and calm:
rdrr.io/cran/cliot. CADSS-6: six items of the CADSS, Rodrigues and others, J Affect Disord 2021;282:160-164, whose
authors call it not validated. Nausea and pain: numeric rating, 0 to 10. From general knowledge, not checked against
the articles: MOAA/S, Chernik and others, J Clin Psychopharmacol 1990;10:244-251; RASS, Sessler and others, Am J Respir
Crit Care Med 2002;166:1338-1344; CADSS, 23 items of 0 to 4, Bremner and others, J Trauma Stress 1998;11:125-136."""


def doubt(scale: Scale, value: int) -> str | None:
    """Why a value cannot be on its scale."""
    least, most, *_ = RANGES[scale]
    return None if least <= value <= most else f"{scale} goes from {least} to {most}. Type what was seen."
