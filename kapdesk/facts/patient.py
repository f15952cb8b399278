"""What can be recorded of a patient outside their visits."""

from uuid import UUID

from kapdesk.facts.fact import Correction, Erased, Fact, Struck, Whole
from kapdesk.facts.words import Route, Visit


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


class MusicWishes(Fact, frozen=True, tag="music-wishes"):
    """Kinds of music not to be played to this patient, by tags of pieces ("vocals", "sacred"); the newest stands."""

    avoid: tuple[str, ...]


class PieceAvoided(Fact, frozen=True, tag="piece-avoided"):
    """A piece not to be played to this patient again; struck out, it may be. `digest` is its file's SHA-256."""

    title: str
    file: str
    digest: str = ""


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


class IndicationStated(Fact, frozen=True, tag="indication-stated"):
    """What the treatment is for, and what was tried before; the newest stands."""

    indication: str
    tried: str


class MedicallyCleared(Fact, frozen=True, tag="medically-cleared"):
    """Whoever `by` names found no reason against it, on a date (YYYY-MM-DD), from which tests, until when."""

    on: str
    tests: str
    valid_until: str


class Screened(Fact, frozen=True, tag="screened"):
    """An item of the screening was answered; the newest answer of an item stands. `words` as they stood there."""

    item: str
    words: str
    answer: str
    remark: str = ""


class ConsentGiven(Fact, frozen=True, tag="consent-given"):
    """An item of the consent was agreed to, or not; the newest of an item stands. `words` as they stood there."""

    item: str
    words: str
    agreed: bool
    remark: str = ""


class CrisisContactsSet(Fact, frozen=True, tag="crisis-contacts-set"):
    """Whom to call for this patient, in words, names with their numbers; the newest stands."""

    text: str


class VisitPlanned(Fact, frozen=True, tag="visit-planned"):
    """The next visit of a kind, on a date (YYYY-MM-DD); the newest of a kind stands."""

    visit: Visit
    on: str
    words: str = ""


class MilestoneReached(Fact, frozen=True, tag="milestone-reached"):
    """Something that matters in the course was reached."""

    text: str


class MaintenancePlanned(Fact, frozen=True, tag="maintenance-planned"):
    """After the course: a visit every so many weeks; 0 for none any more. The newest stands."""

    every_weeks: Whole
    words: str = ""


class FormAnswered(Fact, frozen=True, tag="form-answered"):
    """A questionnaire was answered: the points of each item in its order, None where one was left out.

    `scoring` is the form as it was then, word for word (TOML, without the official wording of its questions).
    """

    form: str
    scoring: str
    answers: tuple[Whole | None, ...]
    on: str


class MergedInto(Fact, frozen=True, tag="merged-into"):
    """This record is of someone who stands in another one already; that goes on, this one is read with it."""

    patient: UUID
    reason: str


class TookIn(Fact, frozen=True, tag="took-in"):
    """Another record is of the same patient: its visits belong here."""

    patient: UUID
    reason: str


class VisitGone(Fact, frozen=True, tag="visit-gone"):
    """A visit that stood here was not this patient's; it was moved, by two people."""

    session: UUID
    agreed_by: str
    reason: str


class VisitCame(Fact, frozen=True, tag="visit-came"):
    """A visit of this patient had been opened under another; it was moved here, by two people."""

    session: UUID
    agreed_by: str
    reason: str


class RegistrationWithdrawn(Fact, frozen=True, tag="registration-withdrawn"):
    """This record was begun by mistake and nobody came: it stands in no list any more. Struck out, it does again."""

    reason: str


class Corrected(Correction, frozen=True, tag="corrected"):
    """An earlier fact was wrong: this is how it is. The earlier one stays on the record."""

    truth: "PatientFact"


PatientFact = (
    PatientRegistered
    | PatientDescribed
    | MusicWishes
    | PieceAvoided
    | CoursePlanned
    | KeptLonger
    | OrderWritten
    | IndicationStated
    | MedicallyCleared
    | Screened
    | ConsentGiven
    | CrisisContactsSet
    | VisitPlanned
    | MilestoneReached
    | MaintenancePlanned
    | FormAnswered
    | MergedInto
    | TookIn
    | VisitGone
    | VisitCame
    | RegistrationWithdrawn
    | Corrected
    | Struck
    | Erased
)
