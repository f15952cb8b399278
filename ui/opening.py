"""Opens the clinic folder on a thread of its own, after the window is on the screen."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import msgspec

from kapdesk.errors import Damaged
from ui.bridge import Bridge
from ui.trace import sentence_of

if TYPE_CHECKING:
    from kapdesk.clock import Reading


class Founding(msgspec.Struct, frozen=True):
    """What a new clinic is set up with."""

    name: str
    time_zone: str
    paper: Literal["a4", "letter"]
    demo: bool = False


class Opened(msgspec.Struct, frozen=True):
    """An open clinic, the sessions that were left running in it, and what to say of a repair ("" for none)."""

    clinic: Any
    away: tuple[Any, ...]
    sessions: dict[UUID, Any]
    repaired: str = ""


class Opening:
    """Brings an open clinic to the window's thread; all heavy libraries are loaded on the way, off that thread.

    Of `opened`, `empty` (no clinic there yet) and `failed` (a plain sentence, and whether putting the record back from
    its copies may help) one is called, on the window's thread.
    """

    def __init__(
        self,
        folder: Path,
        source: "Callable[[], Reading] | None",
        bridge: Bridge,
        trouble: Callable[[str | None], None],
        opened: Callable[[Opened], None],
        empty: Callable[[], None],
        failed: Callable[[str, bool], None],
    ) -> None:
        self._folder, self._source, self._bridge, self._trouble = folder, source, bridge, trouble
        self._opened, self._empty, self._failed = opened, empty, failed

    def begin(self, founding: Founding | None = None, repair: bool = False) -> None:
        """Open the folder; with `founding` set the clinic up in it before, with `repair` put its record back."""
        worker = ThreadPoolExecutor(1, "opening")
        worker.submit(self._open, founding, repair).add_done_callback(self._over)
        worker.shutdown(wait=False)

    def _over(self, done: "Future[None]") -> None:
        """Whatever hindered it is said: a known error in its own sentence, a bug in a plain one."""
        if (error := done.exception()) is not None:
            sentence, damaged = sentence_of(error), isinstance(error, Damaged)
            self._bridge.post(lambda: self._failed(sentence, damaged))

    def _open(self, founding: Founding | None, repair: bool) -> None:
        from kapdesk.clinic.founding import found
        from kapdesk.clinic.open import OpenClinic
        from kapdesk.clock import Clock
        from kapdesk.store import keys

        if founding is not None:
            found(self._folder, founding.name, founding.time_zone, founding.paper, founding.demo)
        elif keys.read(self._folder) is None:
            self._bridge.post(self._empty)
            return
        clock = Clock(self._source) if self._source is not None else Clock()
        repaired = self._put_back(clock) if repair else ""
        clinic = OpenClinic(self._folder, self._bridge.post, clock, self._trouble)
        if clinic.state.founded is None:
            clinic.close()
            self._bridge.post(self._empty)
            return
        away = tuple(clinic.unfinished())
        sessions = {each.session: clinic.visit(each.session).session for each in away}
        opened = Opened(clinic, away, sessions, repaired)
        import ui.day  # noqa: F401 -- loaded here, so that the window's thread need not wait for it

        self._bridge.post(lambda: self._opened(opened))

    def _put_back(self, clock: Any) -> str:
        from kapdesk.clinic.restore import restore
        from kapdesk.store import keys

        own = keys.read(self._folder)
        return "" if own is None else restore(self._folder, own, clock).words()
