"""What is said and done otherwise in the demo's session where the patient is at home, seen by video."""

from msgspec.structs import replace

from kapdesk.clinic.scenes import THERAPIST, About, Scene, Step
from kapdesk.clinical.dosing import SELF_TAKEN
from kapdesk.facts.care import AdverseEventNoted
from kapdesk.facts.home import ContactFound, ContactLost, ContactSought, PatientLocated
from kapdesk.facts.session import NoteTaken, VitalsTaken

HERE = PatientLocated("Sample Street 1, 2nd floor", "112", "555-0101", "a friend", "555-0100", companion_seen=True)
TAKEN = SELF_TAKEN
"""Where a dose was given that nobody of the staff could give."""
BY_VIDEO = {
    "Escort confirmed by phone: a friend, can be here within the hour.": "Companion on the picture: a friend.",
    "Frowns, legs draw up; therapist's hand offered and taken.": "Frowns, legs draw up; companion's hand taken.",
    "Held the hand for four minutes as agreed beforehand.": "Companion held the hand for four minutes, as agreed.",
    "Warm hands, colour in the face.": "Colour in the face; hands warm, says the companion.",
    "Prescriber looked in; agreed to go on and to watch.": "Prescriber called in; agreed to go on and to watch.",
    "Room light raised a little, on request.": "Companion raised the light a little, on request.",
    "Walked to the toilet with one person beside, steady on the way back.": "Walked to the toilet with the companion.",
    "Escort arrived, waits in the front room.": "Companion stays until tomorrow morning.",
    "Names for the first time where they are: “the room, the clinic, you two”.": "Knows where they are: “my room”.",
    "Mild nausea, ginger offered, no vomiting.": "Mild nausea, ginger tea from the companion, no vomiting.",
}
"""What is said otherwise of a session at home."""
LOST = (
    Step(71, THERAPIST, ContactLost(), "lost"),
    About(71.2, THERAPIST, "lost", lambda id_: ContactSought(id_, "phone", "no answer")),
    About(71.6, THERAPIST, "lost", lambda id_: ContactSought(id_, "companion", "answers, the network was gone")),
    About(72.4, THERAPIST, "lost", lambda id_: ContactFound(id_, "Calm, noticed nothing; picture is back.")),
)


def by_video(each: Scene) -> Scene:
    """The same step where the patient is at home: the companion reads the cuff, nobody is touched from the desk."""
    match each:
        case Step(fact=VitalsTaken() as taken):
            return replace(each, fact=replace(taken, read_by="companion"))
        case Step(fact=NoteTaken() as note):
            return replace(each, fact=replace(note, text=BY_VIDEO.get(note.text, note.text)))
        case Step(fact=AdverseEventNoted() as event):
            return replace(each, fact=replace(event, action="ginger tea from the companion"))
        case _:
            return each
