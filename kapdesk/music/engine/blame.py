"""Which piece makes the engine die or hang each time: it is taken off, so that the others can be heard."""

QUICK_DEATH_S = 2.0
QUICK_HANG_S = 10.0
MOST = 3
"""A piece that sounded at so many deaths running, each within `QUICK_DEATH_S` of the engine's hello, is taken off; or
at so many hangs, each within `QUICK_HANG_S`."""


class Blame:
    """Counts quick deaths of engines, with what sounded at each."""

    def __init__(self) -> None:
        self._deaths: list[frozenset[str]] = []

    def died(self, lived_s: float, hung: bool, sounding: frozenset[str]) -> frozenset[str]:
        """An engine has died after `lived_s`, or was ended because it hung. The pieces to be taken off."""
        if lived_s >= (QUICK_HANG_S if hung else QUICK_DEATH_S):
            self._deaths.clear()
            return frozenset()
        self._deaths = [*self._deaths, sounding][-MOST:]
        return frozenset.intersection(*self._deaths) if len(self._deaths) == MOST else frozenset()
