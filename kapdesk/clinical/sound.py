"""What was recorded of the music beside what was heard, said in one line, on screen as on paper."""

from typing import assert_never

from kapdesk.facts.music import (
    Carried,
    ImageryPaused,
    ImageryResumed,
    LevelFound,
    MusicChecked,
    MusicFact,
    MusicRated,
    MusicTurned,
    OtherSound,
    OutputBack,
    OutputChosen,
    OutputKind,
    OutputLost,
    TrackRefused,
    Turn,
)

TURNS: dict[Turn, str] = {
    "soften": "Music softer from here on",
    "deepen": "Music deeper from here on",
    "stay": "Music stays with this piece",
    "go-on": "Music goes on",
    "bring-home": "Music on the way home",
}
CARRIED: dict[Carried, str] = {
    "carried": "The music carried",
    "partly": "The music carried in part",
    "did-not": "The music did not carry",
}
_ON: dict[OutputKind, str] = {"headphones": " (headphones)", "loudspeaker": " (loudspeaker)", "unknown": ""}


def said(fact: MusicFact) -> str:
    """A fact of the music in one line."""
    match fact:
        case MusicChecked():
            count = f"{fact.good} of {fact.pieces} pieces of {fact.playlist} are ready"
            return " ".join((f"{count}.", *fact.wrong)) if fact.wrong else count
        case LevelFound():
            where = f" on {fact.output}" if fact.output else ""
            return f"Sound check: {fact.percent} % is right{where}, no louder than {fact.ceiling_percent} %"
        case MusicTurned():
            return TURNS[fact.to]
        case TrackRefused():
            return f"{fact.title} was not right and went out"
        case OutputChosen():
            return f"Music to {fact.output}{_ON[fact.heard_on]}"
        case OutputLost():
            return f"{fact.output}: gone, and the music waits"
        case OutputBack():
            silent = f" after {round(fact.silent_ms / 1000)} s" if fact.silent_ms else ""
            return f"{fact.output}: back{silent}"
        case OtherSound():
            return f"{fact.program} can be heard where the music is"
        case ImageryPaused():
            return f"Guided imagery {fact.title} halted"
        case ImageryResumed():
            return f"Guided imagery {fact.title} goes on"
        case MusicRated():
            return _rated(fact)
        case _ as unknown:
            assert_never(unknown)


def last_time(fact: MusicRated) -> str:
    """What to remember of it before the next session: "Last time unwelcome: the choir. The music carried in part." """
    unwelcome = f"Last time unwelcome: {fact.unwelcome.strip().rstrip('.')}. " if fact.unwelcome.strip() else ""
    carried = CARRIED[fact.carried]
    return f"{unwelcome}{carried}." if unwelcome else f"Last time {carried[:1].lower()}{carried[1:]}."


def _rated(fact: MusicRated) -> str:
    figures = (("liking", fact.liking), ("resonance", fact.resonance), ("openness", fact.openness))
    given = ", ".join(f"{word} {points} of 10" for word, points in figures if points is not None)
    unwelcome = f"unwelcome: {fact.unwelcome}" if fact.unwelcome else ""
    return "; ".join(part for part in (CARRIED[fact.carried], given, unwelcome) if part)
