"""What can be recorded of a patient outside their visits."""

from kapdesk.facts.fact import Correction, Erased, Fact, Struck


class PatientRegistered(Fact, frozen=True, tag="patient-registered"):
    """A patient is known to the clinic.

    `born_on` is a date (YYYY-MM-DD); `colour` helps to tell running sessions apart.
    """

    name: str
    born_on: str
    preferred_name: str = ""
    record_number: str = ""
    allergies: str = ""
    colour: str = ""


class KeptLonger(Fact, frozen=True, tag="kept-longer"):
    """Not to be erased before a date (YYYY-MM-DD), whatever the clinic's rule says: for a claim, a lawsuit."""

    until: str
    reason: str


class Corrected(Correction, frozen=True, tag="corrected"):
    """An earlier fact was wrong: this is how it is. The earlier one stays on the record."""

    truth: "PatientFact"


PatientFact = PatientRegistered | KeptLonger | Corrected | Struck | Erased
