"""Where the music is heard, as answers of a strip: the headphones are gone, or another output is wanted."""

from kapdesk.facts.music import OtherSound, OutputBack, OutputChosen, OutputLost
from kapdesk.music.now import NowPlaying
from kapdesk.music.watch.outputs import Output, kind_of
from kapdesk.session.state import Session
from ui.widgets.strip import MOST_ACTIONS, Action, StripView


def gone(now: NowPlaying) -> StripView | None:
    """Nothing sounds, and only a person lets it sound elsewhere."""
    if not now.lost:
        return None
    there = tuple(each for each in now.outputs if each.name != now.output or each.kind == "loudspeaker")
    others = _offered(there, leave=0)  # the computer's own is there by the same name, once headphones are pulled out
    speakers = [each for each in others if each.kind == "loudspeaker"]
    one = speakers[0].name if len(speakers) == 1 else ""
    actions = tuple(Action(each.name, "Use speaker" if each.name == one else f"Use {each.title}") for each in others)
    return StripView(now.message, "warn", "headphones", actions)


BACK_FOR_US = 15_000_000
"""How long it is said that the headphones are back."""


def back(session: Session, now: NowPlaying, now_us: int) -> str:
    """That it is heard again, for a moment; on what, where a person chose another output meanwhile."""
    last = max(
        (h for kind in (OutputLost, OutputBack, OutputChosen) for h in session.history.standing(kind)),
        key=lambda h: (h.at_us, h.order),
        default=None,
    )
    if last is None or not isinstance(last.fact, OutputBack) or now_us - last.at_us > BACK_FOR_US:
        return ""
    lost, title = session.history.standing(OutputLost), last.fact.output
    if not lost or lost[-1].fact.output != title:
        return "" if now.silenced else f"The music came in softly on {title}."
    kind = next((each.kind for each in now.outputs if each.title == title), "unknown")
    said = {"headphones": "Headphones are back", "loudspeaker": "Loudspeaker is back", "unknown": f"{title} is back"}
    return f"{said[kind]}." if now.silenced else f"{said[kind]}; the music came in softly."


def others(session: Session, now: NowPlaying, heeded: frozenset[str]) -> tuple[str, ...]:
    """Programs that have sounded in this session where the patient hears, are still there, and nobody has heeded."""
    told = {h.fact.program for h in session.history.standing(OtherSound)}
    return tuple(program for program in now.programs if program in told and program not in heeded)


def told(now: NowPlaying, programs: tuple[str, ...], back: str) -> StripView | None:
    """What else sounds where the patient hears, until someone has read it; or that it is heard again."""
    if now.lost:
        return None
    if programs:
        here = next((each.title for each in now.outputs if each.name == now.output), now.sink)
        said = f"{' and '.join(programs)} can be heard on {here}: close it or mute it."
        return StripView(said, "warn", "headphones", (Action("heeded", "Understood"),))
    return StripView(back, icon="headphones") if back else None


def described(output: Output) -> str:
    """An output for one who chooses: "WH-1000 (headphones), battery 34 %"."""
    kind = "" if output.kind == "unknown" or kind_of(output.title) == output.kind else f" ({output.kind})"
    return f"{output.title}{kind}{_state(output)}"


def _state(output: Output) -> str:
    battery = "" if output.battery_percent is None else f", battery {output.battery_percent} %"
    return f"{', as on a telephone' if output.calls else ''}{battery}"


def before(now: NowPlaying) -> StripView | None:
    """Before a session: where it would be heard, and what else can be heard there."""
    if now.lost or not now.outputs:
        return gone(now)
    here = next((each for each in now.outputs if each.name == now.output), None)
    title = f"{here.title}{_state(here)}" if here is not None else now.sink
    loud = ", a loudspeaker" if here is not None and here.kind == "loudspeaker" else ""
    too = f" {' and '.join(now.programs)} can be heard there too: close it." if now.programs else ""
    others = _offered(tuple(each for each in now.outputs if each.name != now.output), leave=0)
    actions = tuple(Action(each.name, f"Use {each.title}") for each in others)
    return StripView(f"Heard on {title}{loud}.{too}", "warn" if too else "quiet", "headphones", actions)


def choice(now: NowPlaying) -> StripView:
    """All that the music can be heard on."""
    others = tuple(each for each in now.outputs if each.name != now.output)
    actions = (*(Action(each.name, described(each)) for each in _offered(others, leave=1)), Action("", "Leave it"))
    here = next((f"{each.title}{_state(each)}" for each in now.outputs if each.name == now.output), now.sink)
    none = "" if others else " There is nothing else to hear it on."
    return StripView(f"The music is heard on {here}.{none}", icon="headphones", actions=actions)


def _offered(outputs: tuple[Output, ...], leave: int) -> tuple[Output, ...]:
    """Headphones first; no more than there is room for."""
    order = ("headphones", "loudspeaker", "unknown")
    return tuple(sorted(outputs, key=lambda each: order.index(each.kind)))[: MOST_ACTIONS - leave]
