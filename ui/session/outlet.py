"""Where the music is heard, as answers of a strip: the headphones are gone, or another output is wanted."""

from kapdesk.music.now import NowPlaying
from kapdesk.music.watch.outputs import Output
from ui.widgets.strip import MOST_ACTIONS, Action, StripView


def gone(now: NowPlaying) -> StripView | None:
    """Nothing sounds, and only a person lets it sound elsewhere."""
    if not now.lost:
        return None
    others = _offered(tuple(each for each in now.outputs if each.name != now.output), leave=0)
    speakers = [each for each in others if each.kind == "loudspeaker"]
    one = speakers[0].name if len(speakers) == 1 else ""
    actions = tuple(Action(each.name, "Use speaker" if each.name == one else f"Use {each.title}") for each in others)
    return StripView(now.message, "warn", "headphones", actions)


def before(now: NowPlaying) -> StripView | None:
    """Before a session: where it would be heard, and what else can be heard there."""
    if now.lost or not now.outputs:
        return gone(now)
    here = next((each for each in now.outputs if each.name == now.output), None)
    title = here.title if here is not None else now.sink
    loud = ", a loudspeaker" if here is not None and here.kind == "loudspeaker" else ""
    too = f" {' and '.join(now.programs)} can be heard there too: close it." if now.programs else ""
    others = _offered(tuple(each for each in now.outputs if each.name != now.output), leave=0)
    actions = tuple(Action(each.name, f"Use {each.title}") for each in others)
    return StripView(f"Heard on {title}{loud}.{too}", "warn" if too else "quiet", "headphones", actions)


def choice(now: NowPlaying) -> StripView:
    """All that the music can be heard on."""
    others = tuple(each for each in now.outputs if each.name != now.output)
    actions = (*(Action(each.name, each.title) for each in _offered(others, leave=1)), Action("", "Leave it"))
    here = next((each.title for each in now.outputs if each.name == now.output), now.sink)
    none = "" if others else " There is nothing else to hear it on."
    return StripView(f"The music is heard on {here}.{none}", icon="headphones", actions=actions)


def _offered(outputs: tuple[Output, ...], leave: int) -> tuple[Output, ...]:
    """Headphones first; no more than there is room for."""
    order = ("headphones", "loudspeaker", "unknown")
    return tuple(sorted(outputs, key=lambda each: order.index(each.kind)))[: MOST_ACTIONS - leave]
