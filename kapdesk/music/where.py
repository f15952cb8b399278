"""Where the patient hears the music: what a person chose, whether it is there, and what else can be heard there."""

import logging
import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from kapdesk.facts.fact import Fact
from kapdesk.facts.music import OtherSound, OutputBack, OutputChosen, OutputLost
from kapdesk.music.engine import wire
from kapdesk.music.engine.port import Engine
from kapdesk.music.watch.outputs import Output

logger = logging.getLogger(__name__)

FILE = "output.toml"

LOW_BATTERY_PERCENT = 20

NOWHERE = "auto_null"
"""What PulseAudio and PipeWire offer where there is nothing to hear with."""

UNANSWERED = "This computer's sound does not answer."

Tell = Callable[[Fact], None]


class Where:
    """What the desk knows of outputs. `tell` puts on record what happens to the one the patient hears.

    A choice is this computer's: it is kept in `folder` and not in the desktop's memory of streams.
    """

    def __init__(self, tell: Tell, folder: Path | None = None) -> None:
        self.outputs: tuple[Output, ...] = ()
        self.lost = False
        """What the patient hears the music on is gone, and the music waits."""
        self._tell = tell
        self._folder = folder
        self.name = ""
        """The sound server's name of what the patient hears the music on."""
        self._known: dict[str, Output] = {}
        self._programs: tuple[str, ...] = ()
        self._told: set[str] = set()
        self._moved = ""
        self._answers = True

    @property
    def output(self) -> Output | None:
        """What the patient hears the music on, as it is or was last seen; None where nobody can tell."""
        return self._known.get(self.name)

    @property
    def title(self) -> str:
        """Its name for people."""
        return self.output.title if self.output else self.name

    @property
    def programs(self) -> tuple[str, ...]:
        """Other programs that have something open there, and can sound at any time."""
        return self._programs

    @property
    def gone(self) -> str:
        """That it is gone, in a plain sentence; empty while it is there."""
        if not self.lost:
            return ""
        return f"{self._named} gone. Music is waiting." if self._answers else f"{UNANSWERED} Music is waiting."

    @property
    def warning(self) -> str:
        """What else is amiss with it, in a plain sentence, the worst first; empty if nothing is."""
        if self._programs:
            return f"{' and '.join(self._programs)} can be heard here too."
        output = self.output
        if output is not None and output.calls:
            return f"{self._named} as on a telephone: a program uses their microphone."
        if output is not None and output.battery_percent is not None and output.battery_percent <= LOW_BATTERY_PERCENT:
            return f"{self._named}: battery {output.battery_percent} %."
        return self._moved

    @property
    def _named(self) -> str:
        kind = self.output.kind if self.output else "unknown"
        return {"headphones": "Headphones", "loudspeaker": "Loudspeaker", "unknown": self.title or "Output"}[kind]

    def agree(self, engine: Engine) -> None:
        """The engine is up: it plays where a person chose last on this computer."""
        chosen = self._remembered()
        if chosen is None:
            return
        self._known.setdefault(chosen.name, chosen)
        self.name = chosen.name
        engine.use_output(chosen.name)

    def choose(self, name: str, engine: Engine) -> None:
        """A person chose: the music goes there softly, or comes in there if it was waiting."""
        self.name, self._moved = name, ""
        self._known |= {output.name: output for output in self.outputs}
        self._told.clear()
        engine.use_output(name)
        output = self.output or Output(name, name)
        self._remember(output)
        self._tell(OutputChosen(output.title, output.kind))

    def hear(self, event: wire.Event) -> bool:
        """An event of the engine's. Whether that changed anything to be seen."""
        match event:
            case wire.Hello(sink=sink, hushed=hushed):
                self.name, self.lost = sink, hushed
            case wire.Status(output=output) if output not in ("", self.name):
                self.name = output
            case wire.Outputs():
                self._look(event)
            case wire.OutputLost(output=output, answers=answers):
                self.name, self.lost, self._answers, self._moved = output, True, answers, ""
                if not answers:
                    self.outputs = ()  # told anew when it does
                self._tell(OutputLost(self.title))
            case wire.OutputBack(silent_ms=silent_ms):
                self.lost = False
                self._tell(OutputBack(self.title, silent_ms))
            case wire.OutputMoved(to=to):
                there = self._known[to].title if to in self._known else to
                self._moved = f"Moved to {there} by the computer, and brought back."
                logger.warning("%s", self._moved)
            case _:
                return False
        return True

    def _look(self, seen: wire.Outputs) -> None:
        self.outputs = tuple(each for each in seen.outputs if each.name != NOWHERE)
        gone = self.name if self.lost else ""  # pulled out of a computer, they are its loudspeaker by now
        self._known |= {output.name: output for output in seen.outputs if output.name != gone}
        here = [program for program in seen.programs if program.output == self.name]
        self._programs = tuple(dict.fromkeys(program.name for program in here))
        for program in here:
            if program.sounds and program.name not in self._told:
                self._tell(OtherSound(program.name))
        self._told = {program.name for program in here if program.sounds}

    def _remembered(self) -> Output | None:
        if self._folder is None:
            return None
        from kapdesk.toml import loads  # late: the window comes first

        try:
            return msgspec.convert(loads((self._folder / FILE).read_text(encoding="utf-8")), Output)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            logger.warning("%s is not read: %s", self._folder / FILE, error)
            return None

    def _remember(self, output: Output) -> None:
        if self._folder is None:
            return
        fields = {"name": output.name, "title": output.title, "kind": output.kind}
        lines = (f"{name} = {msgspec.json.encode(value).decode()}\n" for name, value in fields.items())
        new = self._folder / f"{FILE}.new"
        try:
            new.write_text("".join(lines), encoding="utf-8")
            os.replace(new, self._folder / FILE)
        except OSError as error:
            logger.warning("the choice of an output is not kept: %s", error)
