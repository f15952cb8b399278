"""What music can be heard on, and what else can be heard there: read from what the sound server says of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from kapdesk.facts.music import OutputKind

_HEADPHONES = ("headphone", "headset", "hands-free", "handset", "earbud", "earphone")
_LOUDSPEAKERS = ("speaker", "internal", "hifi", "tv", "computer", "portable", "car", "hdmi", "lineout")
_CALLS = ("hsp", "hfp", "headset", "handsfree", "hands-free", "head_unit", "head-unit")
_BATTERIES = ("bluetooth.battery", "api.bluez5.battery", "bluez5.battery")
_PROFILES = ("bluetooth.protocol", "api.bluez5.profile")


class Output(msgspec.Struct, frozen=True):
    """`name` is the sound server's, `title` what people read. `usual`: where the system plays if nobody chooses.

    `calls`: Bluetooth in its profile for telephone calls, where music sounds like a telephone. `battery_percent`: None
    where the system does not tell.
    """

    name: str
    title: str
    kind: OutputKind = "unknown"
    bluetooth: bool = False
    calls: bool = False
    battery_percent: int | None = None
    usual: bool = False


class Program(msgspec.Struct, frozen=True):
    """Another program that has something open on an output; `sounds`: it is not halted."""

    name: str
    output: str
    sounds: bool = True


def output(name: str, title: str, port: str, properties: Mapping[str, str], usual: bool = False) -> Output:
    """An output, from its sink's name, description, active port and properties with its card's.

    The port says most: the same jack is headphones or a loudspeaker. Then the form, then the words of its title.
    """
    form = properties.get("device.form_factor", "")
    bluetooth = is_bluetooth(properties)
    profile = next((properties[key] for key in _PROFILES if key in properties), "") if bluetooth else ""
    calls = any(word in profile.casefold() for word in _CALLS)
    return Output(name, title or name, kind_of(port, form, title), bluetooth, calls, _battery(properties), usual)


def is_bluetooth(properties: Mapping[str, str]) -> bool:
    """Whether an output's properties are those of a Bluetooth device."""
    return properties.get("device.bus") == "bluetooth" or properties.get("device.api", "").startswith("bluez")


def bluetooth_address(properties: Mapping[str, str]) -> str:
    """Which Bluetooth device an output is of, whatever its profile; empty for all others."""
    if not is_bluetooth(properties):
        return ""
    return properties.get("api.bluez5.address") or properties.get("device.string", "")


def kind_of(*said: str) -> OutputKind:
    """Headphones or a loudspeaker, by the first of these that tells."""
    for words in said:
        text = words.casefold().replace(" ", "")
        if any(word in text for word in _HEADPHONES):
            return "headphones"
        if any(word in text for word in _LOUDSPEAKERS):
            return "loudspeaker"
    return "unknown"


def _battery(properties: Mapping[str, str]) -> int | None:
    for key in _BATTERIES:
        said = properties.get(key, "").removesuffix("%").strip()
        if said.isascii() and said.isdecimal() and int(said) <= 100:
            return int(said)
    return None


def read(pulse: Any, own: frozenset[int]) -> tuple[tuple[Output, ...], tuple[Program, ...]]:
    """Every output of a sound server (pulsectl's connection to it), and what other programs have open on them.

    `own` are our own processes.
    """
    cards = {card.index: card.proplist for card in pulse.card_list()}
    usual = str(pulse.server_info().default_sink_name)
    names: dict[int, str] = {}
    outputs = []
    for sink in pulse.sink_list():
        names[sink.index] = sink.name
        port = f"{sink.port_active.name} {sink.port_active.description}" if sink.port_active else ""
        properties = {**cards.get(sink.card, {}), **sink.proplist}
        outputs.append(output(sink.name, sink.description, port, properties, sink.name == usual))
    programs = {
        Program(name, names[stream.sink], not (stream.corked or stream.mute))
        for stream in pulse.sink_input_list()
        if stream.sink in names and (name := _program(stream.proplist, own))
    }
    return told_apart(outputs), tuple(sorted(programs, key=lambda each: (each.output, each.name, each.sounds)))


def told_apart(outputs: Sequence[Output]) -> tuple[Output, ...]:
    """Two of one title are numbered, in the order of their names: "USB Audio", "USB Audio (2)"."""
    alike: dict[str, list[str]] = {}
    for each in sorted(outputs, key=lambda each: each.name):
        alike.setdefault(each.title, []).append(each.name)
    numbers = {name: n for names in alike.values() for n, name in enumerate(names, 1)}
    return tuple(
        each if numbers[each.name] == 1 else msgspec.structs.replace(each, title=f"{each.title} ({numbers[each.name]})")
        for each in outputs
    )


def _program(properties: Mapping[str, str], own: frozenset[int]) -> str:
    """The name of a program; empty for ourselves and for what the sound server itself passes on."""
    pid = properties.get("application.process.id", "")
    if properties.get("media.role") == "filter" or (pid.isdecimal() and int(pid) in own):
        return ""
    return properties.get("application.name") or properties.get("media.name", "")
