"""The clinic's keys at this desk: who has opened them, and how a change of them comes into the key file."""

import functools
import re
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import msgspec

from kapdesk.access import file, keys, sealing
from kapdesk.access.accounts import NewPassword
from kapdesk.access.recovery import Code
from kapdesk.access.ring import DATABASE, PAPERS, PAST, PRIVATE, RECOVERY, STATION, Ring, Unlocked
from kapdesk.errors import KnownError
from kapdesk.store.keys import Keys, new_station

BEFORE = "desk.key"
_PASSWORD_FIRST = "Sign in with your password first: your private notes open with nothing else. Nothing was written."


P = ParamSpec("P")
R = TypeVar("R")


def _alone(change: "Callable[Concatenate[Keyring, P], R]") -> "Callable[Concatenate[Keyring, P], R]":
    """One change of the keys at a time, whichever thread makes it: two at once would lose one of them."""

    @functools.wraps(change)
    def made(self: "Keyring", /, *args: P.args, **more: P.kwargs) -> R:
        with self._lock:
            return change(self, *args, **more)

    return made


class Keyring:
    """The keys of an open clinic folder, and the people at this desk who have opened them with their passwords.

    Every change is in the key file before it is used.
    """

    def __init__(self, folder: Path, opened: Unlocked) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self.first = opened.holder
        self._opened = {opened.holder: opened}
        self.own = _keys(opened)

    @property
    def people(self) -> frozenset[str]:
        """Who has signed in with a password at this desk."""
        return frozenset(self._opened)

    @property
    def names(self) -> tuple[str, ...]:
        """Who has a password here, as they are called; from memory."""
        return _names(self._opened[self.first].ring)

    def stations(self) -> dict[str, str]:
        """The stations this clinic folder holds the keys of, newest first, and the public halves (hex)."""
        secrets = self._opened[self.first].secrets
        ids = sorted(_stations(self._opened[self.first]), key=_number, reverse=True)
        return {id_: station(self.own, id_, secrets[f"{STATION}{id_}"].hex()).public_key() for id_ in ids}

    def sign_in(self, who: str, password: str) -> str:
        """One more person at this open desk; their id. Raises KnownError when name and password do not fit."""
        opened = keys.unlock(_ring(self.folder), who, password)
        _refuse_left(opened)
        with self._lock:
            now = _ring(self.folder)  # a password takes its time, and something may have been added meanwhile
            if now.holds(opened.secrets[DATABASE]):
                opened = msgspec.structs.replace(opened, ring=now)
            self._take(keys.complete(opened))
        return opened.holder

    @_alone
    def add_person(self, person: str, name: str, password: NewPassword) -> None:
        """Give someone new an account. Raises KnownError when the name is taken."""
        self._take(keys.add(self._someone(), person, name, password))

    @_alone
    def change_password(self, person: str, old: str, new: NewPassword) -> None:
        """Raises KnownError when the old one is another, or this person has not signed in here."""
        self._take(keys.change_password(self._of(person), old, new))

    def has_account(self, person: str) -> bool:
        """Whether someone has a password here."""
        return self._opened[self.first].ring.person(person) is not None

    @_alone
    def remove_person(self, person: str) -> None:
        """Someone leaves. The record gets another key for the others when it is next opened; nobody's password is
        needed. Raises KnownError for oneself, and for someone who has left already."""
        self._take(keys.remove(self._someone(), person, sealing.new_key()))

    @_alone
    def new_recovery(self) -> tuple[Code, tuple[str, ...]]:
        """A new recovery code, said here only, and the end of the one before; then the private streams it does not open
        yet: each comes to it when its author next signs in. Raises KnownError where an author has left: theirs would be
        lost with the old code."""
        opened, code, missing = keys.new_recovery(self._someone())
        authors = {opened.ring.secrets[name].author for name in missing}
        gone = [each.name for each in opened.ring.holders if each.left and each.id in authors]
        if gone:
            raise KnownError(
                f"Private notes of {', '.join(gone)}, who has left, open with the old code alone and would be lost "
                "with it. Nothing was changed; keep the old code."
            )
        self._take(opened)
        return code, missing

    @_alone
    def private_key(self, person: str, stream: str) -> str:
        """The key (hex) of a private stream of someone who has signed in; made at the first use."""
        name = f"{PRIVATE}{stream}"
        opened = self._of(person)
        if name not in opened.secrets:
            if name in opened.ring.secrets:
                raise KnownError("These notes belong to someone else. Nothing was written.")
            opened = self._take(keys.add_secret(opened, name, sealing.new_key()))
        return opened.secrets[name].hex()

    def private_of(self, person: str) -> frozenset[str]:
        """The private streams that someone who has signed in can read: their own, and those they were let into."""
        opened = self._of(person)
        return frozenset(name.removeprefix(PRIVATE) for name in opened.secrets if name.startswith(PRIVATE))

    @_alone
    def share(self, person: str, stream: str, reader: str) -> None:
        """Let one more person read someone's private stream. Raises KnownError where that cannot be."""
        name = f"{PRIVATE}{stream}"
        opened = self._take(keys.share(self._of(person), name, reader))
        if (theirs := self._opened.get(reader)) is not None:  # they have signed in here: it opens for them at once
            secrets = {**theirs.secrets, name: opened.secrets[name]}
            self._opened[reader] = msgspec.structs.replace(theirs, secrets=secrets)

    def readers(self, stream: str) -> frozenset[str]:
        """Whom a private stream is sealed to, by id; the recovery code is nobody."""
        secret = self._opened[self.first].ring.secrets.get(f"{PRIVATE}{stream}")
        return frozenset(secret.seals) - {RECOVERY} if secret is not None else frozenset()

    def shared(self, name: str) -> bytes | None:
        """A secret that everyone who works here holds, by its name in the ring; None where there is none."""
        return self._opened[self.first].secrets.get(name)

    @_alone
    def keep(self, name: str, secret: bytes) -> None:
        """One more secret for everyone who works here; nothing where there is one of that name."""
        opened = self._someone()
        if name not in opened.ring.secrets:
            self._take(keys.add_secret(opened, name, secret))

    @_alone
    def papers_key(self) -> bytes:
        """What signed papers are kept under (32 bytes); made at the first use, and the same ever after."""
        self.keep(PAPERS, sealing.new_key())
        key = self._opened[self.first].secrets.get(PAPERS)
        if key is None:
            raise KnownError("The key of the signed papers came meanwhile from elsewhere. Open KapDesk again.")
        return key

    def proves(self, who: str, password: str) -> str:
        """Whose password this is, by id; nobody is signed in by it. Raises KnownError where the two do not fit."""
        opened = keys.unlock(_ring(self.folder), who, password)
        _refuse_left(opened)
        return opened.holder

    @_alone
    def keep_station(self, own: Keys) -> None:
        """This computer goes on recording under another station."""
        self._take(keys.add_secret(self._someone(), f"{STATION}{own.station}", bytes.fromhex(own.station_key)))

    def _of(self, person: str) -> Unlocked:
        self._look_again()
        opened = self._opened.get(person)
        if opened is None:
            raise KnownError(_PASSWORD_FIRST)
        return opened

    def _someone(self) -> Unlocked:
        self._look_again()
        return self._opened[self.first]

    def _look_again(self) -> None:
        """A command may have changed the key file meanwhile: go on from what stands there now."""
        ring = _ring(self.folder)
        if not ring.holds(self._opened[self.first].secrets[DATABASE]):
            raise KnownError("The keys were changed elsewhere meanwhile. Nothing was changed here; open KapDesk again.")
        self._opened = {person: msgspec.structs.replace(each, ring=ring) for person, each in self._opened.items()}

    def _take(self, opened: Unlocked) -> Unlocked:
        """Put the ring in its file, then let everyone at this desk go on with it."""
        file.write(self.folder, opened.ring)
        self._opened[opened.holder] = opened
        shared = {name: key for name, key in opened.secrets.items() if not name.startswith(PRIVATE)}
        self._opened = {
            person: msgspec.structs.replace(each, ring=opened.ring, secrets={**each.secrets, **shared})
            for person, each in self._opened.items()
        }
        privates = {k: v for each in self._opened.values() for k, v in _privates(each).items()}
        self.own = msgspec.structs.replace(_keys(self._opened[self.first]), private_keys=privates)
        return self._opened[opened.holder]


def begin(
    folder: Path, person: str, name: str, password: NewPassword, own: Keys, more: Mapping[str, bytes]
) -> tuple[Keyring, Code]:
    """The keys of a new clinic and its first person, in their file; and the recovery code, which is said here only.

    `more` is what else everyone who works here holds.
    """
    kept = {DATABASE: bytes.fromhex(own.database_key), f"{STATION}{own.station}": bytes.fromhex(own.station_key)}
    secrets = {**kept, PAPERS: sealing.new_key(), **more}
    opened, code = keys.new_ring(own.clinic, secrets, person, name, password)
    file.write(folder, opened.ring)
    return Keyring(folder, opened), code


def sign_in(folder: Path, who: str, password: str) -> Keyring:
    """Open the keys of a clinic folder. Raises KnownError when there are none, or name and password do not fit."""
    opened = keys.unlock(_ring(folder), who, password)
    _refuse_left(opened)
    ring = Keyring(folder, opened)
    ring._take(keys.complete(opened))
    return ring


def recover(folder: Path, code: str, who: str, new: NewPassword) -> Keyring:
    """By the recovery code, give someone a new password and sign them in with it."""
    opened = keys.recover(_ring(folder), code)
    holder = opened.ring.person(who)
    if holder is None:
        raise KnownError("Nobody here has this name. Nothing was changed; choose the name that you sign in with.")
    after, _ = keys.reset_password(opened, holder.id, new)
    file.write(folder, after.ring)
    return sign_in(folder, holder.id, new)


def names(folder: Path) -> tuple[str, ...] | None:
    """Who can sign in, as they are called; None where there is no key file. Raises KnownError when it is damaged."""
    ring = file.read(folder)
    if ring is None and (folder / BEFORE).exists():
        raise KnownError(
            f"{folder} was set up by a KapDesk from before its first release, with open keys in {BEFORE}, and is not "
            "opened any more. Nothing was changed; move that folder away, then set the clinic up anew."
        )
    return None if ring is None else _names(ring)


def _names(ring: Ring) -> tuple[str, ...]:
    return tuple(each.name for each in ring.holders if ring.person(each.id) and not each.left)


def _ring(folder: Path) -> Ring:
    ring = file.read(folder)
    if ring is None:
        raise KnownError(
            f"{folder} holds no clinic yet, or its key file {file.FILE} is gone. Nothing was changed. A sealed copy "
            "lies beside the newest backup (its name ends in .keys): copy it here under that name."
        )
    return ring


def _refuse_left(opened: Unlocked) -> None:
    if opened.left:
        raise KnownError("You have left this clinic, so its record does not open for you. Nothing was changed.")


def _keys(opened: Unlocked) -> Keys:
    """What the record needs of them. A computer's newest station is the one it records under."""
    past = sorted((name for name in opened.secrets if name.startswith(PAST)), key=lambda name: -int(name[len(PAST) :]))
    newest = max(_stations(opened), key=_number)
    return Keys(
        opened.ring.clinic,
        newest,
        opened.secrets[DATABASE].hex(),
        opened.secrets[f"{STATION}{newest}"].hex(),
        _privates(opened),
        tuple(opened.secrets[name].hex() for name in past),
    )


def _stations(opened: Unlocked) -> list[str]:
    return [name.removeprefix(STATION) for name in opened.secrets if name.startswith(STATION)]


def _privates(opened: Unlocked) -> dict[str, str]:
    return {name.removeprefix(PRIVATE): key.hex() for name, key in opened.secrets.items() if name.startswith(PRIVATE)}


def _number(station: str) -> int:
    counted = re.fullmatch(r"station-(\d+)-[0-9a-f]+", station)
    return int(counted[1]) if counted else 0


def station(own: Keys, id_: str, key: str) -> Keys:
    """The same keys for another of this folder's stations."""
    return msgspec.structs.replace(own, station=id_, station_key=key)


def next_station(own: Keys) -> Keys:
    """The same keys with a new station, which comes after all before it."""
    return new_station(own, _number(own.station) + 1)
