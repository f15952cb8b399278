"""What can be recorded of a session at the patient's home, by video."""

from typing import Literal
from uuid import UUID

from kapdesk.facts.fact import Fact, Whole

Carrier = Literal["phone", "companion", "address", "emergency number"]


class PatientLocated(Fact, frozen=True, tag="patient-located"):
    """Where the patient is now, and how help gets there; the newest stands.

    `companion_seen`: the companion was on the picture, not only named.
    """

    place: str
    emergency_number: str
    call_back: str
    companion: str
    companion_phone: str = ""
    companion_seen: bool = False


class HomeDosesCounted(Fact, frozen=True, tag="home-doses-counted"):
    """Pieces (lozenges, tablets) of a medication at the patient's: sent, taken so far, left."""

    medication: str
    sent: Whole
    taken: Whole
    left: Whole


class ContactLost(Fact, frozen=True, tag="contact-lost"):
    """Picture or sound broke off and the patient does not answer."""


class ContactSought(Fact, frozen=True, tag="contact-sought"):
    """One way to reach them was tried, at the time it was pressed."""

    lost: UUID
    by: Carrier
    words: str = ""


class ContactFound(Fact, frozen=True, tag="contact-found"):
    """The patient was reached again, and how they were."""

    lost: UUID
    words: str


class MusicElsewhere(Fact, frozen=True, tag="music-elsewhere"):
    """Music that KapDesk does not play: what the patient hears from now on; empty: nothing."""

    what: str


HomeFact = PatientLocated | HomeDosesCounted | ContactLost | ContactSought | ContactFound | MusicElsewhere
