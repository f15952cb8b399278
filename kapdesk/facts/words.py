"""The words that facts of several kinds share."""

from typing import Literal, get_args

Visit = Literal["preparation", "dosing", "integration", "follow-up"]
Route = Literal["iv", "im", "sublingual", "oral", "nasal"]
Phase = Literal["settle", "onset", "ascent", "peak", "return", "recovery"]

PHASES: tuple[Phase, ...] = get_args(Phase)
