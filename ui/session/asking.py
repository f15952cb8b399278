"""What is asked or told in place on a session's page. Pure."""

from kapdesk.facts.session import ComputerRestarted
from kapdesk.music.now import NowPlaying
from ui import words
from ui.session.page import Question
from ui.session.seen import Seen, known_zone
from ui.widgets.strip import Action, StripView


def question(seen: Seen, plan_trouble: str, away_told: bool, silence: NowPlaying | None) -> Question | None:
    """The one thing to say now: what hinders the plan, the time without the computer, the silence. None for nothing.

    `silence` is what is heard, where it is for this session to ask about.
    """
    if plan_trouble:
        return Question("plan", StripView(plan_trouble, "warn"))
    if not known_zone(seen.zone):
        said = f"This computer does not know the time zone {seen.zone}: times of day are in UTC. Install tzdata."
        return Question("zone", StripView(said, "warn"))
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
