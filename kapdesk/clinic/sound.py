"""What may be recorded of the music: a level below its ceiling, ratings within their scale, a name for each thing."""

from kapdesk.facts.fact import Fact
from kapdesk.facts.music import LevelFound, MusicChecked, MusicRated, OtherSound, OutputBack, OutputChosen, OutputLost
from kapdesk.facts.session import PlannedTrack
from kapdesk.session.state import Session

MOST_POINTS = 10
LONGEST = 500
HARDEST = 5
"""The highest intensity of a piece."""


def doubt(session: Session, fact: Fact) -> str | None:
    """Why this cannot be recorded of the music, in one plain sentence, or None."""
    match fact:
        case LevelFound() if not 0 <= fact.percent <= fact.ceiling_percent <= 100:
            return "The level lies between 0 and the session's ceiling, and that at 100 percent or below."
        case MusicRated() if session.ended_us is None:
            return "The music is asked about after the session. End it first; nothing was recorded."
        case MusicRated() if any(not 0 <= points <= MOST_POINTS for points in _points(fact)):
            return f"The music is rated from 0 to {MOST_POINTS}. Choose a point on the scale, or leave it out."
        case MusicRated() if len(fact.unwelcome) > LONGEST:
            return "That is too long for this line. Type it in a few words, the rest as a note."
        case MusicChecked() if not 0 <= fact.good <= fact.pieces:
            return "More pieces are ready than the playlist has. Check it again."
        case OutputChosen(output=name) | OutputLost(output=name) | OutputBack(output=name) if not name.strip():
            return "It is not known where the music would be heard. Choose an output."
        case OtherSound() if not fact.program.strip():
            return "It is not known which program that is. Nothing was recorded."
        case _:
            return None


def piece_doubt(track: PlannedTrack) -> str | None:
    """What cannot be so of a planned piece."""
    if not 0 <= track.intensity <= HARDEST:
        return f"The intensity of {track.title} goes from 1 to {HARDEST}. Mend the playlist."
    return None


def _points(fact: MusicRated) -> list[int]:
    return [points for points in (fact.liking, fact.resonance, fact.openness) if points is not None]
