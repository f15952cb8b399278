"""What is known of a piece once it was heard whole, and of a file that holds it."""

import msgspec

SHORT_MS = 1_000
"""A piece that ends so much sooner than it says has lost its end."""


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """One piece by its content, whatever its name: found by `digest`, the SHA-256 of the file.

    `length_ms` is what could be decoded, `told_ms` what the file states (0 for nothing), `end_ms` where its last sound
    lies. `lufs` is the integrated loudness (EBU R 128), None for silence; `range_lu` after EBU Tech 3342; `peak_dbtp`
    the true peak. All of the stereo sound that headphones get. `faults` counts the places that could not be decoded,
    `unfinished` says that an Ogg file's own mark of the end is missing. `trouble` is why nothing can be heard, or
    empty.
    """

    digest: str
    size: int
    length_ms: int = 0
    told_ms: int = 0
    end_ms: int = 0
    lufs: float | None = None
    range_lu: float = 0.0
    peak_dbtp: float = -120.0
    channels: int = 0
    rate: int = 0
    coding: str = ""
    seeks_badly: bool = False
    faults: int = 0
    unfinished: bool = False
    title: str = ""
    artist: str = ""
    trouble: str = ""

    @property
    def ends_early(self) -> bool:
        """It ends sooner than it says."""
        return self.unfinished or self.told_ms - self.end_ms > SHORT_MS

    @property
    def damaged(self) -> bool:
        """Parts in its middle cannot be heard."""
        return self.faults > 0 and not self.trouble
