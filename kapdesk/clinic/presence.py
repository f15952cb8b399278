"""Who is at the open desk: signed in by password, told by their PIN, or come in by emergency access; all on record."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, datetime
from typing import Literal

from kapdesk.access.accounts import Tries, chosen
from kapdesk.access.keys import WrongPassword
from kapdesk.access.pins import NoPin, Pins, WrongPin
from kapdesk.clinic.judges import SHORTEST_REASON
from kapdesk.clinic.open import OpenClinic
from kapdesk.errors import KnownError
from kapdesk.facts.clinic import GlassBroken, ScreenLocked, SignedIn, SignInFailed
from kapdesk.facts.people import ITSELF, Act, Actor, may_by_pin

How = Literal["password", "PIN", "recovery code"]

PROVING = 3
"""So many wrong passwords for a signature are free; each further one is waited for."""


class Presence:
    """The people of today at this desk. A PIN stands for a password of the same day and opens nothing by itself.

    What takes its time (a password or PIN is stretched for a fifth of a second on purpose) is done off the core's
    thread; all else is called on it. `first` opened the clinic.
    """

    def __init__(self, clinic: OpenClinic, first: str, how: How = "password") -> None:
        self._clinic, self._pins = clinic, Pins()
        self._tries = Tries()
        self._proving = ThreadPoolExecutor(1, "proving")
        """A password for a signature waits behind no paper that is being made."""
        self._pins.signed_in(first, self._today())
        self._came(first, how)

    def with_pin(self) -> list[str]:
        """Who can be asked for a PIN now, in the order the clinic came to know them."""
        today = self._today()
        return [person for person in self._clinic.state.staff if self._pins.has_pin(person, today)]

    def may_choose(self, person: str) -> bool:
        """Whether someone has signed in by password here today."""
        return person in self._clinic.ring.people

    def choose_pin(self, person: str, pin: str) -> "Future[None]":
        """Take a PIN for today. Fails with KnownError when it is easily guessed, or they have not signed in today."""
        today = self._today()
        return self._clinic.later(lambda: self._pins.choose(person, pin, today))

    def change_password(self, person: str, old: str, new: str) -> "Future[None]":
        """Another password for someone who has signed in here; what only they read goes with it.

        Fails with KnownError when the old one is another, or the new one is easily guessed.
        """
        known = self._clinic.state.people.get(person)

        def change() -> None:
            names = (known.name if known else "", self._clinic.state.name)
            self._clinic.ring.change_password(person, old, chosen(new, *names))

        return self._clinic.later(change)

    def by_pin(self, person: str, pin: str, act: Act = "unlock screen") -> "Future[str]":
        """Who of the staff this is, by their PIN. Fails with KnownError: another PIN, none, or not enough for this."""
        known, today = self._clinic.state.people.get(person), self._today()

        def verify() -> str:
            self._pins.verify(person, pin, today)
            if known is None or not may_by_pin(known.roles, act):
                raise NoPin("A PIN is not enough for this. What is running goes on; sign in by password.")
            return person

        done = self._clinic.later(verify)
        done.add_done_callback(
            lambda told: self._clinic.post(lambda: self._told(told, known.name if known else "?", "PIN", act))
        )
        return done

    def by_password(self, name: str, password: str) -> "Future[str]":
        """Who of the staff this is, by name and password; their private notes open too."""
        today = self._today()

        def sign_in() -> str:
            person = self._clinic.ring.sign_in(name, password)
            self._pins.signed_in(person, today)
            return person

        done = self._clinic.later(sign_in)
        done.add_done_callback(
            lambda told: self._clinic.post(lambda: self._told(told, name, "password", "unlock screen"))
        )
        return done

    def prove(self, who: str, password: str) -> "Future[str]":
        """Who of the staff this is, by the password they typed once more for a signature; nobody comes in by it.

        Fails with KnownError where name and password do not belong together; after three wrong ones the next is waited
        for. Raises KnownError while that is so.
        """
        now_ms = self._clinic.clock.now().boottime_ms
        if wait_ms := self._tries.wait_ms(now_ms, PROVING):
            raise KnownError(
                f"{self._tries.wrong} wrong passwords. Wait {-(-wait_ms // 1000)} s, then type it again; what runs "
                "goes on, and nothing was signed."
            )
        done = self._proving.submit(self._clinic.ring.proves, who, password)
        done.add_done_callback(lambda told: self._clinic.post(lambda: self._proved(told, who)))
        return done

    def _proved(self, told: "Future[str]", who: str) -> None:
        if not told.cancelled() and isinstance(told.exception(), WrongPassword):
            self._tries = self._tries.failed(self._clinic.clock.now().boottime_ms)
            name = self._clinic.state.name_of(who) if who in self._clinic.state.people else who
            self.failed(name, "password")
        elif not told.cancelled() and told.exception() is None:
            self._tries = Tries()

    def locked(self, idle: bool) -> None:
        """The screen was locked."""
        self._record(ScreenLocked(idle), ITSELF)

    def break_glass(self, name: str, reason: str) -> str:
        """Emergency access; who of the staff the name is, or "". Raises KnownError without a name and a reason."""
        name, reason = name.strip(), reason.strip()
        if len(name) < SHORTEST_REASON or len(reason) < SHORTEST_REASON:
            raise KnownError("Type your name and the reason. Both stay on record; then the screen opens.")
        people = self._clinic.state.staff.items()
        person = next((id_ for id_, known in people if known.name.casefold() == name.casefold()), "")
        self._record(GlassBroken(person, name, reason), ITSELF)
        return person

    def failed(self, name: str, how: How, times: int = 1) -> None:
        """Someone did not prove to be who they said."""
        self._record(SignInFailed(name, how, times), ITSELF)

    def _told(self, told: "Future[str]", name: str, how: How, act: Act = "unlock screen") -> None:
        if told.cancelled():
            return
        if isinstance(told.exception(), WrongPin | WrongPassword):
            self.failed(name, how)
        elif told.exception() is None and act == "unlock screen":
            self._came(told.result(), how)

    def _came(self, person: str, how: How) -> None:
        self._record(SignedIn(person, how), Actor(person, person))

    def _record(self, fact: SignedIn | SignInFailed | ScreenLocked | GlassBroken, actor: Actor) -> None:
        self._clinic.recorder.record(fact, actor)

    def _today(self) -> date:
        return datetime.fromtimestamp(self._clinic.clock.now().utc_us / 1e6).astimezone().date()
