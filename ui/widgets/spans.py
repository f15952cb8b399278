"""A phase of the session as the timeline and the trend draw it."""

import msgspec

from ui import theme


class Span(msgspec.Struct, frozen=True):
    """A phase from `start_ms` to `end_ms`; its tone is that of its name unless another is given."""

    name: str
    start_ms: int
    end_ms: int
    tone: str = ""

    def colour(self) -> str:
        """The tone it is drawn in."""
        return self.tone or theme.phase_tone(self.name)
