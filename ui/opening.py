"""Opens the clinic folder on a thread of its own, after the window is on the screen."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from kapdesk.clock import Clock, Reading
from kapdesk.errors import KnownError
from ui.bridge import Bridge

if TYPE_CHECKING:
    from kapdesk.clinic.open import OpenClinic
    from kapdesk.store.drafts import Draft


class Founding(msgspec.Struct, frozen=True):
    """What a new clinic is set up with."""

    name: str
    time_zone: str
    paper: Literal["a4", "letter"]
    demo: bool = False


class Opening:
    """Brings an open clinic to the window's thread; all heavy libraries are loaded on the way, off that thread.

    Of `opened`, `empty` (no clinic there yet) and `failed` (a plain sentence) one is called, on the window's thread.
    """

    def __init__(
        self,
        folder: Path,
        source: Callable[[], Reading],
        bridge: Bridge,
        trouble: Callable[[str | None], None],
        opened: "Callable[[OpenClinic, dict[str, Draft]], None]",
        empty: Callable[[], None],
        failed: Callable[[str], None],
    ) -> None:
        self._folder, self._source, self._bridge, self._trouble = folder, source, bridge, trouble
        self._opened, self._empty, self._failed = opened, empty, failed

    def begin(self, founding: Founding | None = None) -> None:
        """Open the folder; with `founding`, set the clinic up in it before."""
        threading.Thread(target=self._work, args=(founding,), name="opening", daemon=True).start()

    def _work(self, founding: Founding | None) -> None:
        try:
            self._open(founding)
        except KnownError as error:
            sentence = str(error)
            self._bridge.post(lambda: self._failed(sentence))

    def _open(self, founding: Founding | None) -> None:
        from kapdesk.clinic.open import OpenClinic, found
        from kapdesk.store import keys

        if founding is not None:
            found(self._folder, founding.name, founding.time_zone, founding.paper, founding.demo)
        elif keys.read(self._folder) is None:
            self._bridge.post(self._empty)
            return
        clinic = OpenClinic(self._folder, self._bridge.post, Clock(self._source), self._trouble)
        if clinic.state.founded is None:
            clinic.close()
            self._bridge.post(self._empty)
            return
        drafts = clinic.drafts.all()
        import ui.day  # noqa: F401 -- loaded here, so that the window's thread need not wait for it

        self._bridge.post(lambda: self._opened(clinic, drafts))
