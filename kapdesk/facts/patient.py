"""What can be recorded of a patient outside their visits."""

from kapdesk.facts.fact import Correction, Erased, Fact, Struck, Whole
from kapdesk.facts.words import Route


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


class PatientDescribed(Fact, frozen=True, tag="patient-described"):
    """What the staff should know beside the registration, in words; the newest stands."""

    pronouns: str = ""
    interpreter: str = ""
    medicines: str = ""
    helps: str = ""
    avoid: str = ""
    culture: str = ""
    music: str = ""


class CoursePlanned(Fact, frozen=True, tag="course-planned"):
    """What the patient wants of the course, and how many dosing visits are planned; the newest stands."""

    goals: str
    dosing_visits: Whole


class OrderWritten(Fact, frozen=True, tag="order-written"):
    """A prescriber's order: one dose by one route, and boosters of up to so much each, until a date (YYYY-MM-DD).

    Micrograms; no booster where `booster_up_to_ug` is 0. Whoever `by` names ordered it; where someone else entered it,
    it was given by word.
    """

    medication: str
    route: Route
    dose_ug: Whole
    booster_up_to_ug: Whole
    valid_until: str
    remark: str = ""


class Corrected(Correction, frozen=True, tag="corrected"):
    """An earlier fact was wrong: this is how it is. The earlier one stays on the record."""

    truth: "PatientFact"


PatientFact = (
    PatientRegistered | PatientDescribed | CoursePlanned | KeptLonger | OrderWritten | Corrected | Struck | Erased
)
