"""The battery is shown while the computer runs on it."""

from pathlib import Path

import pytest

from tests.ui.hand import Hand
from ui.battery import left_percent


def supply(folder: Path, name: str, **files: str) -> None:
    (folder / name).mkdir(parents=True)
    for file, text in files.items():
        (folder / name / file).write_text(text + "\n")


def test_a_computer_on_its_battery_tells_the_charge_of_the_emptiest(tmp_path: Path) -> None:
    supply(tmp_path, "AC", type="Mains", online="0")
    supply(tmp_path, "BAT0", type="Battery", status="Discharging", capacity="64")
    supply(tmp_path, "BAT1", type="Battery", status="Discharging", capacity="31")
    supply(tmp_path, "mouse", type="Battery", scope="Device", status="Discharging", capacity="5")
    assert left_percent(tmp_path) == 31


@pytest.mark.parametrize("status", ["Charging", "Full", "Not charging"])
def test_on_mains_there_is_nothing_to_tell(tmp_path: Path, status: str) -> None:
    supply(tmp_path, "BAT0", type="Battery", status=status, capacity="64")
    assert left_percent(tmp_path) is None
    assert left_percent(tmp_path / "none") is None


def test_the_rail_shows_it_and_turns_red_when_it_is_low(hand: Hand) -> None:
    rail = hand.window.furnish()
    assert rail._battery.isHidden()
    rail.show_battery(64)
    assert (rail._battery.text(), rail._battery.property("role")) == ("64 %", "accent")
    rail.show_battery(15)
    assert rail._battery.property("role") == "alarm"
    rail.show_battery(None)
    assert rail._battery.isHidden()
