"""What whoever runs the clinic decides of its papers' head: the letterhead, licence numbers, which minutes count."""

from kapdesk.clinic.open import OpenClinic
from kapdesk.facts.letterhead import CountedFrom, CountedMinutesSet, CountedTo, LetterheadSet, LicenceNumberSet
from kapdesk.facts.people import Actor
from kapdesk.record.recorder import Recording


def set_letterhead(clinic: OpenClinic, lines: tuple[str, ...], actor: Actor) -> Recording:
    """What stands under the clinic's name on notes from now on; signed ones keep theirs. Raises KnownError."""
    clinic.require(actor.entered_by, "settings")
    return clinic.recorder.record(LetterheadSet(lines), actor)


def set_licence(clinic: OpenClinic, person: str, number: str, actor: Actor) -> Recording:
    """Someone's licence number as it stands on papers from now on; "" for none. Raises KnownError."""
    clinic.require(actor.entered_by, "settings")
    return clinic.recorder.record(LicenceNumberSet(person, " ".join(number.split())), actor)


def count_minutes(clinic: OpenClinic, since: CountedFrom, until: CountedTo, actor: Actor) -> Recording:
    """Which minutes of a visit are billed from now on. Raises KnownError where the actor may not say."""
    clinic.require(actor.entered_by, "settings")
    return clinic.recorder.record(CountedMinutesSet(since, until), actor)
