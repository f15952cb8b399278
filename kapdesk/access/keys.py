"""What is done with a clinic's keys: opening them, and handing them to those who come and away from those who leave.

Each operation takes keys that are open and gives keys that are open, whose `ring` is then to be written (`file.write`);
nothing here touches the disk. Every person who is present holds the record's keys and the stations'; a private stream's
key is its author's, and theirs whom the author names; the recovery code holds everything.

The ring's tag is made with the record's key, so whoever holds no key cannot exchange a public half, a holder or a seal
unnoticed. Whoever holds the key can: those who work here are trusted with that, and those who have left know only keys
that open nothing of today's. An older key file put back opens what it opened then, with the passwords of then.
"""

from collections.abc import Mapping
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec.structs import replace

from kapdesk.access import recovery, sealing
from kapdesk.access.accounts import NewPassword
from kapdesk.access.handing import bound, half, handed_out, reads, with_holder, with_new_pair, without
from kapdesk.access.recovery import Code
from kapdesk.access.ring import (
    DATABASE,
    FORMAT,
    LONGEST_ID,
    LONGEST_NAME,
    PAST,
    PRIVATE,
    RECOVERY,
    Changed,
    Holder,
    Ring,
    Secret,
    Unlocked,
    fits,
    folded,
    is_name,
)
from kapdesk.access.sealing import Key
from kapdesk.errors import KnownError


class WrongPassword(KnownError):
    """Name and password do not belong together; which of the two is wrong is not said."""


class WrongCode(KnownError):
    """A recovery code, but not this clinic's present one."""


def new_ring(
    clinic: UUID,
    secrets: Mapping[str, bytes],
    person: str,
    name: str,
    password: NewPassword,
    authors: Mapping[str, str] | None = None,
) -> tuple[Unlocked, Code]:
    """The keys of a clinic and its first person, open to them, and the recovery code, which is said here only.

    `secrets` are 32 bytes each (but a seal's), "database" among them; `authors` says whose a private stream is where it
    is not this person's: such a one is sealed to the recovery code alone until its author is added under that code.
    """
    authors = authors or {}
    code = recovery.new()
    known = {secret: _fitting(secret, key) for secret, key in secrets.items()}
    sealed = {
        secret: Secret(authors.get(secret, person) if secret.startswith(PRIVATE) else None, {}) for secret in known
    }
    if DATABASE not in known or not all(map(is_name, known)):
        raise ValueError("a clinic has a database key, and its secrets have their names")
    empty = Ring(FORMAT, clinic, (), sealed)
    reserve = Holder(RECOVERY, "Recovery code", sealing.new_pair(code, half(empty, RECOVERY)))
    own = _newcomer(replace(empty, holders=(reserve,)), person, name, password)
    mine = {secret: key for secret, key in known.items() if sealed[secret].author in {None, person}}
    whole = handed_out(replace(empty, holders=(reserve, own)), known)
    return Unlocked(whole.tagged(known[DATABASE]), person, mine), code


def unlock(ring: Ring, who: str, password: str) -> Unlocked:
    """Open the keys of a person, by id or by name however it is typed.

    Takes one Argon2id whether the name is known or not. Raises WrongPassword; Changed when something other than KapDesk
    wrote the ring. One who has left opens the keys of their own private streams and nothing else (`Unlocked.left`).
    """
    holder = ring.person(who)
    tried = holder or _holder(ring, RECOVERY)
    private = sealing.unlocked(tried.pair, password, half(ring, tried.id))
    if holder is None or private is None:
        raise WrongPassword(
            "Name and password do not belong together. What is running goes on; look at capitals and the keyboard’s "
            "language, then try again."
        )
    return _opened(ring, holder, private)


def recover(ring: Ring, typed: str) -> Unlocked:
    """Open everything by the recovery code. Raises Mistyped when it is none, WrongCode when another's, Changed."""
    holder = _holder(ring, RECOVERY)
    private = sealing.unlocked(holder.pair, recovery.read(typed), half(ring, RECOVERY))
    if private is None:
        raise WrongCode(
            "This is a recovery code, but not the one of this clinic that holds now. Nothing was opened; look for the "
            "paper that was printed last."
        )
    return _opened(ring, holder, private)


def complete(unlocked: Unlocked) -> Unlocked:
    """Seal what these keys open to those who should hold it and do not yet; the same ring when nothing is missing.

    To be done at every sign-in: a new recovery code comes to private streams only when their authors do, and authors
    whose password was reset come to theirs when the recovery code does.
    """
    _present(unlocked)
    return _closed(unlocked, unlocked.ring)


def add(unlocked: Unlocked, person: str, name: str, password: NewPassword) -> Unlocked:
    """Give a new person a pair of their own and what everyone holds. Raises KnownError when the name is taken."""
    _present(unlocked)
    holder = _newcomer(unlocked.ring, person, name, password)
    return _closed(unlocked, replace(unlocked.ring, holders=(*unlocked.ring.holders, holder)))


def rename(unlocked: Unlocked, person: str, name: str) -> Unlocked:
    """Show a person under another name. Raises KnownError when it is taken."""
    _present(unlocked)
    holder = _person(unlocked.ring, person)
    others = replace(unlocked.ring, holders=tuple(each for each in unlocked.ring.holders if each.id != person))
    return _closed(unlocked, with_holder(unlocked.ring, replace(holder, name=_free(others, name))))


def change_password(unlocked: Unlocked, old: str, new: NewPassword) -> Unlocked:
    """Another password for whoever opened these keys, and another pair: the old password opens nothing sealed later.

    Copies of the key file made before still open with the old one and give the record's key of then; where it has
    become known, `rekey` as well. Raises WrongPassword.
    """
    _present(unlocked)
    holder = _person(unlocked.ring, unlocked.holder)
    if sealing.unlocked(holder.pair, old, half(unlocked.ring, holder.id)) is None:
        raise WrongPassword("The password so far is another one. Nothing was changed; it still holds.")
    return _closed(unlocked, with_new_pair(unlocked.ring, unlocked.secrets, holder, new))


def reset_password(unlocked: Unlocked, person: str, new: NewPassword) -> tuple[Unlocked, tuple[str, ...]]:
    """A new password and pair for someone who forgot theirs, and the private streams they cannot read for now.

    What only their old password opened, another person's keys cannot seal anew: it stays with the recovery code, and
    comes back when that is next used (`complete`). Opened by the recovery code, nothing is left out.
    """
    _present(unlocked)
    holder = _person(unlocked.ring, person)
    theirs = [
        name for name, secret in unlocked.ring.secrets.items() if reads(secret, person) or secret.author == person
    ]
    after = _closed(unlocked, with_new_pair(unlocked.ring, unlocked.secrets, holder, new))
    return after, tuple(name for name in theirs if not reads(after.ring.secrets[name], person))


def new_recovery(unlocked: Unlocked) -> tuple[Unlocked, Code, tuple[str, ...]]:
    """A new recovery code, the end of the one before, and the private streams the new one does not open yet.

    Made by a person it cannot take over private streams of others: it comes to each when its author next signs in
    (`complete`), and those whose author cannot are lost with the old code. So show these before the ring is written;
    made under the old code, there are none.
    """
    _present(unlocked)
    code = recovery.new()
    after = _closed(unlocked, with_new_pair(unlocked.ring, unlocked.secrets, _holder(unlocked.ring, RECOVERY), code))
    return after, code, tuple(name for name, secret in after.ring.secrets.items() if not reads(secret, RECOVERY))


def remove(unlocked: Unlocked, person: str, new_database_key: bytes) -> Unlocked:
    """Someone leaves: they keep their pair and their own private streams; the record gets another key for the others.

    Nobody's password is needed.
    Write the ring first and give the record its new key after: should the desk die in between, the record still opens
    with the newest "database:N".
    """
    _present(unlocked)
    holder = _person(unlocked.ring, person)
    if holder.left:
        raise KnownError(f"{holder.name} has left already. Nothing was changed.")
    if person == unlocked.holder:
        raise KnownError("Nobody can remove themselves. Nothing was changed; someone else signs in and does it.")
    kept = {
        name: secret if secret.author == person else replace(secret, seals=without(secret.seals, person))
        for name, secret in unlocked.ring.secrets.items()
    }
    ring = replace(with_holder(unlocked.ring, replace(holder, left=True)), secrets=kept)
    return rekey(replace(unlocked, ring=ring), new_database_key)


def rekey(unlocked: Unlocked, new_database_key: bytes) -> Unlocked:
    """Another key (32 bytes) for the record; the one before is kept as "database:N", for backups made with it."""
    _present(unlocked)
    known = unlocked.secrets
    if new_database_key in known.values():
        raise ValueError("a new key is one that was not used before")
    numbers = [int(name.removeprefix(PAST)) for name in unlocked.ring.secrets if name.startswith(PAST)]
    past = f"{PAST}{max(numbers, default=0) + 1}"
    opened = {**known, past: known[DATABASE], DATABASE: _sized(new_database_key)}
    everyones = {past: Secret(None, {}), DATABASE: Secret(None, {})}
    ring = replace(unlocked.ring, secrets={**unlocked.ring.secrets, **everyones})
    return _closed(replace(unlocked, secrets=opened), ring)


def return_(unlocked: Unlocked, person: str) -> Unlocked:
    """Someone who had left is back, under the password they had."""
    _present(unlocked)
    holder = _person(unlocked.ring, person)
    if not holder.left:
        raise KnownError(f"{holder.name} has not left. Nothing was changed.")
    return _closed(unlocked, with_holder(unlocked.ring, replace(holder, left=False)))


def add_secret(unlocked: Unlocked, name: str, key: bytes) -> Unlocked:
    """Keep one more secret: a station's, a seal's or the papers' for everyone, a private stream's for whoever opened
    these."""
    _present(unlocked)
    if name in unlocked.ring.secrets or not is_name(name) or (name.startswith(PRIVATE) and unlocked.holder == RECOVERY):
        raise ValueError(f"no secret can be added as {name}")
    secret = Secret(unlocked.holder if name.startswith(PRIVATE) else None, {})
    ring = replace(unlocked.ring, secrets={**unlocked.ring.secrets, name: secret})
    return _closed(replace(unlocked, secrets={**unlocked.secrets, name: _fitting(name, key)}), ring)


def share(unlocked: Unlocked, name: str, person: str) -> Unlocked:
    """Let one more person read a private stream. Raises KnownError when it is not one's own, or the person has left."""
    _present(unlocked)
    secret, reader = unlocked.ring.secrets.get(name), _person(unlocked.ring, person)
    if secret is None or secret.author != unlocked.holder:
        raise KnownError("Only who writes private notes can let someone else read them. Nothing was changed.")
    if reader.left:
        raise KnownError(f"{reader.name} has left. Nothing was changed; choose someone who works here.")
    seal = sealing.seal(unlocked.secrets[name], reader.pair.public, bound(unlocked.ring, name, person))
    shared = replace(secret, seals={**secret.seals, person: seal})
    return _closed(unlocked, replace(unlocked.ring, secrets={**unlocked.ring.secrets, name: shared}))


def _opened(ring: Ring, holder: Holder, private: X25519PrivateKey) -> Unlocked:
    mine = [name for name, secret in ring.secrets.items() if reads(secret, holder.id)]
    if private.public_key().public_bytes_raw() != holder.pair.public or (DATABASE in mine) == holder.left:
        raise Changed
    opened: dict[str, Key] = {}
    for name in sorted(mine, key=lambda name: name != DATABASE):  # the record's key first, for it proves the rest
        key = sealing.unseal(ring.secrets[name].seals[holder.id], private, bound(ring, name, holder.id))
        if key is None or (name == DATABASE and not ring.holds(key)):
            raise Changed
        opened[name] = key
    return Unlocked(ring, holder.id, opened)


def _closed(unlocked: Unlocked, ring: Ring) -> Unlocked:
    whole = handed_out(ring, unlocked.secrets)
    return replace(unlocked, ring=whole.tagged(unlocked.secrets[DATABASE]))


def _newcomer(ring: Ring, person: str, name: str, password: NewPassword) -> Holder:
    if ring.holder(person) is not None or not 0 < len(person) <= LONGEST_ID:
        raise ValueError(f"{person!r} cannot be a new holder's id")
    return Holder(person, _free(ring, name, person), sealing.new_pair(password, half(ring, person)))


def _free(ring: Ring, name: str, person: str = "") -> str:
    """The name as it will be shown, when nobody else can be meant by it."""
    shown = " ".join(name.split())
    if not shown or len(shown) > LONGEST_NAME or not shown.isprintable():
        raise KnownError(f"A name has 1 to {LONGEST_NAME} characters that can be printed. Nothing was changed.")
    for holder in ring.holders:
        taken = {folded(holder.name), folded(holder.id)}
        if folded(shown) in taken or folded(person) in taken:
            raise KnownError(
                f"There is someone called {holder.name} already. Nothing was changed; add an initial or a second name."
            )
    return shown


def _present(unlocked: Unlocked) -> None:
    if unlocked.left:
        raise KnownError("You have left this clinic, so its keys cannot be changed by you. Your own notes can be read.")


def _holder(ring: Ring, id_: str) -> Holder:
    holder = ring.holder(id_)
    if holder is None:
        raise KnownError("This person has no keys here. Nothing was changed; add them first.")
    return holder


def _person(ring: Ring, id_: str) -> Holder:
    if id_ == RECOVERY:
        raise ValueError("the recovery code is nobody's")
    return _holder(ring, id_)


def _sized(key: bytes) -> Key:
    return _fitting(DATABASE, key)


def _fitting(name: str, key: bytes) -> Key:
    if not fits(name, len(key)):
        raise ValueError("a key has 32 bytes")
    return Key(key)
