"""Whether the computer runs on its battery, and how much is left."""

from pathlib import Path

SUPPLIES = Path("/sys/class/power_supply")


def left_percent(supplies: Path = SUPPLIES) -> int | None:
    """Charge of the emptiest battery in percent, while the computer runs on it; None on mains or without a battery.

    Linux tells it in files (Documentation/ABI/testing/sysfs-class-power). A mouse's battery is not the computer's.
    """
    found = []
    for supply in sorted(supplies.glob("*")):
        if _read(supply / "type") != "Battery" or _read(supply / "scope") == "Device":
            continue
        capacity = _read(supply / "capacity")
        if _read(supply / "status") == "Discharging" and capacity.isdecimal():
            found.append(int(capacity))
    return min(found, default=None)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
