"""Opens the clinic folder on a thread of its own, once the window is on the screen: its keys, then its record."""

import gc
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol
from uuid import UUID

import msgspec

from kapdesk.errors import Damaged
from ui.bridge import Bridge
from ui.trace import sentence_of

if TYPE_CHECKING:
    from kapdesk.clinic.founding import First
    from kapdesk.clinic.keyring import Keyring
    from kapdesk.clock import Reading


class Founding(msgspec.Struct, frozen=True):
    """What a new clinic is set up with."""

    name: str
    time_zone: str
    paper: Literal["a4", "letter"]


class Opened(msgspec.Struct, frozen=True):
    """An open clinic, who opened it, the sessions left running in it, and what to say of a repair ("" for none)."""

    clinic: Any
    person: str
    away: tuple[Any, ...]
    sessions: dict[UUID, Any]
    repaired: str = ""
    how: Literal["password", "recovery code"] = "password"


class Told(Protocol):
    """What the window hears, on its own thread, of the way into the clinic: of these one is called after each step."""

    def empty(self) -> None:
        """There is no clinic in the folder yet."""

    def closed(self, names: tuple[str, ...], waiting: str, hint: str) -> None:
        """There is one, and these people can sign in; a session may wait for them."""

    def founded(self, code: str, clinic: str) -> None:
        """It was set up; the recovery code is told here only. `open` goes on."""

    def opened(self, opened: Opened) -> None:
        """It is open."""

    def failed(self, sentence: str, damaged: bool, wrong: bool) -> None:
        """The step was not possible: the record is damaged, so that `repair` may help, or the password was wrong."""


class Opening:
    """Brings an open clinic to the window's thread; all heavy libraries are loaded on the way, off that thread."""

    def __init__(
        self,
        folder: Path,
        source: "Callable[[], Reading] | None",
        bridge: Bridge,
        trouble: Callable[[str | None], None],
        told: Told,
        demo: bool = False,
    ) -> None:
        self._folder, self._source, self._bridge, self._trouble = folder, source, bridge, trouble
        self._told, self._demo = told, demo
        self._ring: Keyring | None = None
        self._how: Literal["password", "recovery code"] = "password"
        self._worker = ThreadPoolExecutor(1, "opening")

    def look(self) -> None:
        """See what is in the folder."""
        self._do(self._look)

    def found(self, founding: Founding, first: "First") -> None:
        """Set a clinic up."""
        self._do(lambda: self._found(founding, first))

    def sign_in(self, name: str, password: str) -> None:
        """Open it with someone's password."""
        self._do(lambda: self._sign_in(name, password))

    def recover(self, code: str, name: str, password: str) -> None:
        """Open it with the recovery code, which gives someone a new password."""
        self._do(lambda: self._recover(code, name, password))

    def open(self, repair: bool = False) -> None:
        """With the keys that are open; with `repair` put the record back from its copies before."""
        self._do(lambda: self._open(repair))

    def _do(self, step: Callable[[], None]) -> None:
        self._worker.submit(step).add_done_callback(self._over)

    def _over(self, done: "Future[None]") -> None:
        """Whatever hindered it is said: a known error in its own sentence, a bug in a plain one."""
        if (error := done.exception()) is not None:
            sentence, damaged = sentence_of(error), isinstance(error, Damaged)
            wrong = type(error).__name__ in ("WrongPassword", "WrongCode")  # their module is loaded late
            self._bridge.post(lambda: self._told.failed(sentence, damaged, wrong))

    def _look(self) -> None:
        from kapdesk.clinic.founding import holds_clinic
        from kapdesk.clinic.keyring import names

        known = names(self._folder) if holds_clinic(self._folder) else None
        hint = ""
        if self._demo:
            from kapdesk.clinic.demo import PASSWORD, lay_out

            if known is None:
                lay_out(self._folder, self._time_zone())
                known = names(self._folder)
            hint = f"Everyone here is invented. The password is: {PASSWORD}"
        if known is None:
            self._bridge.post(self._told.empty)
            return
        from kapdesk.clinic import running

        waiting = running.words(running.read(self._folder))
        self._bridge.post(lambda: self._told.closed(known or (), waiting, hint))
        threading.Thread(target=_load, name="loading").start()

    @staticmethod
    def _time_zone() -> str:
        from PySide6.QtCore import QTimeZone

        return bytes(QTimeZone.systemTimeZoneId().data()).decode() or "UTC"

    def _found(self, founding: Founding, first: "First") -> None:
        from kapdesk.clinic.founding import found

        self._ring, code = found(self._folder, founding.name, founding.time_zone, founding.paper, first)
        self._bridge.post(lambda: self._told.founded(str(code), founding.name))

    def _sign_in(self, name: str, password: str) -> None:
        from kapdesk.clinic.keyring import sign_in

        self._ring = sign_in(self._folder, name, password)
        self._open(repair=False)

    def _recover(self, code: str, name: str, password: str) -> None:
        from kapdesk.access.accounts import chosen
        from kapdesk.clinic.keyring import recover

        self._ring = recover(self._folder, code, name, chosen(password, name))
        self._how = "recovery code"
        self._open(repair=False)

    def _open(self, repair: bool) -> None:
        from kapdesk.clinic.open import OpenClinic
        from kapdesk.clinic.restore import restore
        from kapdesk.clock import Clock

        ring = self._ring
        if ring is None:
            self._look()
            return
        clock = Clock(self._source) if self._source is not None else Clock()
        repaired = restore(ring, clock).words() if repair else ""
        clinic = OpenClinic(ring, self._bridge.post, clock, self._trouble)
        away = tuple(clinic.unfinished.look())
        sessions = {each.session: clinic.visit(each.session).session for each in away}
        opened = Opened(clinic, ring.first, away, sessions, repaired, self._how)
        _load()
        gc.freeze()  # what is at hand now stays: going through it again and again would hold the window
        self._bridge.post(lambda: self._told.opened(opened))


def _load() -> None:
    """What an open clinic needs and is shown with, loaded while someone types or a password is derived, so that the
    window's thread does not wait for it."""
    import kapdesk.clinic.open  # noqa: F401
    import ui.day  # noqa: F401
