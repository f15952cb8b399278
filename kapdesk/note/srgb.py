"""What the colours of a paper mean: sRGB as an ICC profile (version 4.2), built from the figures of IEC 61966-2-1."""

import struct
from functools import cache

_WHITE = (0.9642, 1.0, 0.8249)
"""D50, on which profiles rest."""
_PRIMARIES = {
    b"rXYZ": (0.43606567, 0.22248840, 0.01391602),
    b"gXYZ": (0.38514709, 0.71687317, 0.09707642),
    b"bXYZ": (0.14306641, 0.06060791, 0.71409607),
}
"""Red, green and blue, brought from D65 to D50 by Bradford's way, as `chad` says."""
_BRADFORD = (
    1.04788208, 0.02291870, -0.05021667, 0.02958679, 0.99047852, -0.01707458, -0.00924683, 0.01507568, 0.75167847,
)  # fmt: skip
_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
"""((x + 0.055) / 1.055) ^ 2.4 from 0.04045 on, x / 12.92 below."""


@cache
def profile() -> bytes:
    """The profile, some 600 bytes."""
    curve = b"para" + struct.pack(">IHH", 0, 3, 0) + _fixed(*_CURVE)
    tags = {
        b"desc": _said("sRGB IEC61966-2.1"),
        b"cprt": _said("No copyright, use freely"),
        b"wtpt": _xyz(*_WHITE),
        b"chad": b"sf32" + bytes(4) + _fixed(*_BRADFORD),
        **{name: _xyz(*colour) for name, colour in _PRIMARIES.items()},
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    body, table, at = b"", b"", 128 + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    for name, content in tags.items():
        if content not in places:
            places[content] = at + len(body)
            body += content + bytes(-len(content) % 4)
        table += name + struct.pack(">II", places[content], len(content))
    size = at + len(body)
    header = struct.pack(
        ">I4sI4s4s4s12s4s4sI4s4sQI12s4s16s28s",
        size, b"", 0x04200000, b"mntr", b"RGB ", b"XYZ ", struct.pack(">6H", 2026, 11, 26, 0, 0, 0), b"acsp", b"",
        0, b"", b"", 0, 0, _fixed(*_WHITE), b"", b"", b"",
    )  # fmt: skip
    return header + struct.pack(">I", len(tags)) + table + body


def _fixed(*numbers: float) -> bytes:
    return struct.pack(f">{len(numbers)}i", *(round(number * 65536) for number in numbers))


def _xyz(*numbers: float) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(*numbers)


def _said(words: str) -> bytes:
    text = words.encode("utf-16-be")
    return b"mluc" + struct.pack(">IIIHHII", 0, 1, 12, 0x656E, 0x5553, len(text), 28) + text
