"""What an output is, told from what a sound server says of it."""

import pytest

from kapdesk.facts.music import OutputKind
from kapdesk.music.watch.outputs import Output, kind_of, output, told_apart

BLUETOOTH = {"device.bus": "bluetooth", "device.form_factor": "headset", "device.api": "bluez"}


@pytest.mark.parametrize(
    ("port", "form", "title", "kind"),
    [
        ("analog-output-headphones Headphones", "internal", "Built-in Audio Analog Stereo", "headphones"),
        ("analog-output-speaker Speakers", "internal", "Built-in Audio Analog Stereo", "loudspeaker"),
        ("analog-output Analog Output", "", "USB Audio", "unknown"),
        ("", "headset", "WH-1000", "headphones"),
        ("", "hands-free", "WH-1000", "headphones"),
        ("", "", "USB Headset Analog Stereo", "headphones"),
        ("hdmi-output-0 HDMI / DisplayPort", "", "Built-in Audio Digital Stereo", "loudspeaker"),
        ("", "speaker", "Headphone Amplifier", "loudspeaker"),
        ("", "", "", "unknown"),
    ],
)
def test_the_port_says_most_then_the_form_then_the_name(port: str, form: str, title: str, kind: OutputKind) -> None:
    assert kind_of(port, form, title) == kind
    assert output("sink", title, port, {"device.form_factor": form}).kind == kind


@pytest.mark.parametrize(
    ("properties", "calls"),
    [
        ({"bluetooth.protocol": "a2dp_sink"}, False),
        ({"bluetooth.protocol": "headset_head_unit"}, True),
        ({"bluetooth.protocol": "handsfree_head_unit"}, True),
        ({"api.bluez5.profile": "a2dp-sink"}, False),
        ({"api.bluez5.profile": "headset-head-unit"}, True),
        ({}, False),
    ],
)
def test_bluetooth_headphones_in_their_telephone_profile_are_known(properties: dict[str, str], calls: bool) -> None:
    found = output("bluez", "WH-1000", "headset-output", {**BLUETOOTH, **properties})
    assert (found.bluetooth, found.kind, found.calls) == (True, "headphones", calls)


@pytest.mark.parametrize(
    ("said", "percent"), [("85%", 85), ("7", 7), ("100%", 100), ("", None), ("full", None), ("300", None), ("²%", None)]
)
def test_the_battery_is_what_the_system_tells_or_nothing(said: str, percent: int | None) -> None:
    assert output("bluez", "WH-1000", "", {**BLUETOOTH, "bluetooth.battery": said}).battery_percent == percent


def test_an_output_without_a_title_goes_by_its_name() -> None:
    assert output("room", "", "", {}) == Output("room", "room")


def test_two_of_one_title_can_be_told_apart() -> None:
    usb, same, other = Output("usb.b", "USB Audio"), Output("usb.a", "USB Audio"), Output("jack", "Headphones")
    assert [each.title for each in told_apart((usb, same, other))] == ["USB Audio (2)", "USB Audio", "Headphones"]
    assert told_apart((usb, other)) == (usb, other)
