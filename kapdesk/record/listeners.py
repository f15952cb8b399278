"""Telling everyone who listens; one that fails is logged and stops neither the others nor the record."""

import logging
from collections.abc import Callable
from typing import Generic, ParamSpec

P = ParamSpec("P")

logger = logging.getLogger(__name__)


class Listeners(Generic[P]):
    """Those who want to be told, in the order they came."""

    def __init__(self) -> None:
        self._each: list[Callable[P, None]] = []

    def __len__(self) -> int:
        """How many want to be told."""
        return len(self._each)

    def add(self, listener: Callable[P, None]) -> None:
        """Be told from now on."""
        self._each.append(listener)

    def remove(self, listener: Callable[P, None]) -> None:
        """Be told no more."""
        self._each.remove(listener)

    def tell(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Tell everyone."""
        for listener in list(self._each):
            try:
                listener(*args, **kwargs)
            except Exception:  # a view that cannot draw must not undo what was recorded
                logger.exception("A listener failed")
