"""What is asked or told in place on a session's page. Pure."""

from uuid import UUID

from kapdesk.clinical.vitals import flags, told
from kapdesk.clock import MINUTE_US, known_zone
from kapdesk.facts.care import (
    BREACH_ANSWERS,
    SEVERITIES,
    AdverseEventNoted,
    BreachAnswer,
    BreachAnswered,
    EmergencyStepTaken,
    LozengeOut,
    StateBegan,
)
from kapdesk.facts.session import ComputerRestarted, NoteTaken
from kapdesk.music.now import NowPlaying
from kapdesk.session import at_home, stop_signal
from kapdesk.session.due import breach_at
from kapdesk.session.needs import unsettled
from ui import words
from ui.session.page import Question
from ui.session.seen import Seen
from ui.widgets.strip import Action, StripView

VOMITING = "Vomiting"

ASKED_FOR_US = 2 * MINUTE_US
"""A note of something unwelcome is asked about for so long; later it is told in a line of its own."""


def questions(
    seen: Seen, plan_trouble: str, away_told: bool, silence: NowPlaying | None, no_events: frozenset[UUID] = frozenset()
) -> tuple[Question, ...]:
    """What is asked now: the one thing to say first, and beside it what must not wait until that is answered.

    A note of something unwelcome is asked about for two minutes only, and a stop signal wants its answer now.
    """
    first = question(seen, plan_trouble, away_told, silence, no_events)
    if first is None:
        return ()
    beside = (_event(seen, no_events), _stopped(seen))
    return (first, *(each for each in beside if each is not None and each.id != first.id))


def question(
    seen: Seen, plan_trouble: str, away_told: bool, silence: NowPlaying | None, no_events: frozenset[UUID] = frozenset()
) -> Question | None:
    """The one thing to say now: what hinders the plan, the time without the computer, the silence. None for nothing.

    `silence` is what is heard, where it is for this session to ask about; `no_events` are notes of which someone said
    that they are no adverse event.
    """
    if (lost := _lost(seen)) is not None:
        return lost
    if plan_trouble:
        return Question("plan", StripView(plan_trouble, "warn"))
    if not known_zone(seen.zone):
        said = f"This computer does not know the time zone {seen.zone}: times of day are in UTC. Install tzdata."
        return Question("zone", StripView(said, "warn"))
    if (asked := _emergency(seen) or _breach(seen) or _event(seen, no_events) or _stopped(seen)) is not None:
        return asked
    restarts = seen.session.history.standing(ComputerRestarted)
    if restarts and not away_told:
        last = restarts[-1]
        away, back = words.lasting(last.fact.away_ms), seen.wall(last.at_us)
        said = f"The computer was restarted; nothing was recorded for {away}, until {back}. The clock went on."
        return Question("away", StripView(said, icon="timer", actions=(Action("ok", "Understood"),)))
    if silence is not None and silence.silent_since_us is not None:
        silent = words.lasting((seen.now_us - silence.silent_since_us) // 1000)
        actions = (Action("in", "Bring in softly", True), Action("stay", "Stay silent"))
        return Question("silence", StripView(f"Music has been silent {silent}.", icon="silence", actions=actions))
    return None


def _lost(seen: Seen) -> Question | None:
    """While nobody reaches the patient at home: where help is sent, and each way tried, timed when it is pressed."""
    lost = at_home.lost(seen.session)
    if lost is None:
        return None
    there = at_home.located(seen.session)
    said = f"Contact lost {words.lasting((seen.now_us - lost.began.at_us) // 1000)}."
    actions = [Action("phone", "Patient called")]
    if there is None:
        said = f"{said} Where they are is not on record."
    else:
        said = f"{said} Patient {there.call_back}."
        if there.companion:
            said = f"{said} {there.companion} {there.companion_phone or '(no number)'}."
            actions.append(Action("companion", "Companion called"))
        said = f"{said} Emergency number {there.emergency_number}. At {there.place}."
        actions.append(Action("address", "Someone sent there"))
    actions += [Action("emergency number", "Emergency called"), Action("found", "In contact again …", primary=True)]
    if lost.tried:
        last = lost.tried[-1]
        said = f"{said} Last tried: {last.fact.by}, {seen.wall(last.at_us)}."
    return Question("lost", StripView(said, "breach", actions=tuple(actions), large=True))


def _emergency(seen: Seen) -> Question | None:
    """While an emergency runs: its steps, each timed when it is pressed."""
    if not seen.session.in_emergency:
        return None
    steps = [h.fact.step for h in seen.session.history.standing(EmergencyStepTaken)]
    said = f"Emergency. {', '.join(steps[-3:])}" if steps else "Emergency. Each press is kept with its time."
    actions = [Action(step, label) for step, label in _STEPS]
    return Question("emergency", StripView(said, "breach", actions=(*actions, Action("over", "Over …"))))


_STEPS = (
    ("medication and music stopped", "Stopped"),
    ("help called", "Help called"),
    ("airway held open, oxygen", "Airway, oxygen"),
    ("rescue medication given", "Rescue given"),
)


def _event(seen: Seen, no_events: frozenset[UUID]) -> Question | None:
    """How bad it is, right after a note of something unwelcome, or when that begins to last."""
    noted = [h for kind in (NoteTaken, StateBegan) for h in seen.session.history.standing(kind)]
    vomited = [h for h in seen.session.history.standing(LozengeOut) if h.fact.how == "vomited"]
    notes = [h for h in noted if seen.clinic.unwanted_at(h.fact.code, h.entered_at_us)] + vomited
    notes.sort(key=lambda h: (h.at_us, h.order))
    if not notes or notes[-1].id in no_events or seen.now_us - notes[-1].entered_at_us > ASKED_FOR_US:
        return None
    newest = notes[-1]
    what = VOMITING if isinstance(newest.fact, LozengeOut) else newest.fact.code
    told = [h for h in seen.session.history.standing(AdverseEventNoted) if h.fact.what == what]
    if unsettled(seen.session, what) or any(h.entered_at_us >= newest.entered_at_us for h in told):
        return None
    actions = [Action(f"{each}:{newest.id}", each.capitalize()) for each in SEVERITIES]
    none = Action(f":{newest.id}", "Not an event")
    return Question("event", StripView(f"{what}: how bad?", "warn", actions=(*actions, none)))


def _stopped(seen: Seen) -> Question | None:
    """A stop signal that nobody has answered yet."""
    given = stop_signal.unanswered(seen.session)
    if given is None:
        return None
    actions = (Action("answered", "Answered", primary=True), Action("words", "What was done …"))
    return Question("stop", StripView(f"Stop signal at {seen.wall(given.at_us)}.", "breach", actions=actions))


def _breach(seen: Seen) -> Question | None:
    """A reading outside the limits that nobody has answered yet; each answer is a fact."""
    plan = seen.protocol
    breach = breach_at(seen.session, plan) if plan is not None else None
    answered = {h.fact.reading for h in seen.session.history.standing(BreachAnswered)}
    if plan is None or breach is None or breach.id in answered:
        return None
    beyond = flags(breach.fact, plan.limits_at(breach.at_us, seen.session.first_dose_us))
    due_us = breach.at_us + plan.recheck_min * MINUTE_US
    again = f" Recheck {words.remaining((due_us - seen.now_us) // 1000)}." if plan.recheck_min else ""
    answers = [each for each in BREACH_ANSWERS if each != "infusion paused" or plan.route == "iv"]
    actions = tuple(Action(f"{each}:{breach.id}", _LABELS[each]) for each in answers)
    return Question("breach", StripView(f"{told(beyond)}.{again}", "breach", actions=actions))


_LABELS: dict[BreachAnswer, str] = {
    "infusion paused": "Infusion paused",
    "stopped": "Stopped",
    "prescriber told": "Prescriber told",
    "rescue given": "Rescue given",
    "continued": "Continue …",
}
