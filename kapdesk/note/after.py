"""What was told, scored and agreed when the effect had passed, as it stands in the note. Pure."""

from typing import get_args

from kapdesk.clinical import leaving
from kapdesk.clock import local
from kapdesk.facts.after import Debriefed, DebriefWritten, LeavingScored, PracticeAgreed, PracticeReviewed
from kapdesk.facts.patient import VisitPlanned
from kapdesk.note.telling import Telling
from kapdesk.people.patient import Patient
from kapdesk.session.state import Session

PARTS: tuple[Debriefed, ...] = get_args(Debriefed)


def debrief(session: Session) -> tuple[str, ...]:
    """The newest words of each part, in its order; what was emptied again is left out."""
    newest = {h.fact.part: h.fact.text for h in session.history.standing(DebriefWritten)}
    return tuple(f"{part.capitalize()}: {newest[part]}" for part in PARTS if newest.get(part))


def scores(telling: Telling) -> list[str]:
    """The newest score of each discharge scale, and when it was given."""
    newest = {h.fact.scale: h for h in telling.session.history.standing(LeavingScored)}
    return [f"{leaving.told(h.fact)}, at {telling.clock(h.at_us)}." for h in newest.values()]


def agreed(telling: Telling, patient: Patient) -> tuple[str, ...]:
    """How it went with what was agreed last time, what they want to practise, and the visit planned on that day."""
    history = telling.session.history
    said = [f"Agreed last time; how it went: {h.fact.text}" for h in history.standing(PracticeReviewed)]
    said += [f"Until next time: {h.fact.text}" for h in history.standing(PracticeAgreed)]
    planned = [h for h in patient.history.standing(VisitPlanned) if local(h.at_us, telling.zone).date() == telling.day]
    if planned:
        fact = planned[-1].fact
        said.append(f"Next visit: {fact.visit} on {fact.on}" + (f", {fact.words}" if fact.words else ""))
    return tuple(said)
