"""Who should hold which secret of a ring, and sealing it to them."""

from collections.abc import Mapping

from msgspec.structs import replace

from kapdesk.access import sealing
from kapdesk.access.ring import RECOVERY, Holder, Ring, Secret
from kapdesk.access.sealing import Key


def handed_out(ring: Ring, known: Mapping[str, Key]) -> Ring:
    """The ring with what is known sealed to everyone who should hold it and does not."""
    secrets = dict(ring.secrets)
    for name in known:
        secret = secrets[name]
        new = {
            holder.id: sealing.seal(known[name], holder.pair.public, bound(ring, name, holder.id))
            for holder in ring.holders
            if not reads(secret, holder.id) and _should_read(secret, holder)
        }
        secrets[name] = replace(secret, seals={**secret.seals, **new})
    return replace(ring, secrets=secrets)


def with_new_pair(ring: Ring, known: Mapping[str, Key], holder: Holder, password: str) -> Ring:
    """The ring with another pair for a holder: what they held is sealed anew where known, else no longer theirs."""
    pair = sealing.new_pair(password, half(ring, holder.id))
    secrets = dict(ring.secrets)
    for name, secret in ring.secrets.items():
        if reads(secret, holder.id):
            seals = without(secret.seals, holder.id)
            if name in known:
                seals[holder.id] = sealing.seal(known[name], pair.public, bound(ring, name, holder.id))
            secrets[name] = replace(secret, seals=seals)
    return replace(with_holder(ring, replace(holder, pair=pair)), secrets=secrets)


def with_holder(ring: Ring, holder: Holder) -> Ring:
    """The ring with this holder in place of the one with the same id."""
    return replace(ring, holders=tuple(holder if each.id == holder.id else each for each in ring.holders))


def without(seals: dict[str, bytes], holder: str) -> dict[str, bytes]:
    """The seals but for one holder's."""
    return {id_: seal for id_, seal in seals.items() if id_ != holder}


def reads(secret: Secret, holder: str) -> bool:
    """Whether a secret is sealed to this holder."""
    return holder in secret.seals


def _should_read(secret: Secret, holder: Holder) -> bool:
    if secret.author is not None:
        return holder.id in {secret.author, RECOVERY}
    return not holder.left


def half(ring: Ring, holder: str) -> bytes:
    """What a holder's locked private half is bound to."""
    return ring.place("private half", holder)


def bound(ring: Ring, name: str, holder: str) -> bytes:
    """What a secret's seal to a holder is bound to."""
    return ring.place("secret", name, holder)
