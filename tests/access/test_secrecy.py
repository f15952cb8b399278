"""No key, password or code in what is printed, logged or traced."""

import logging
import traceback
from collections.abc import Callable

import msgspec
import pytest

from kapdesk.access import keys, sealing
from kapdesk.access.accounts import Password, chosen
from kapdesk.access.keys import WrongPassword
from kapdesk.access.ring import Changed, Unlocked
from kapdesk.errors import KnownError
from tests.access.sample import NEW_DATABASE_KEY, NEXT, NOOR, NOOR_SAYS, TARIQ, TARIQ_SAYS, Clinic

pytestmark = pytest.mark.usefixtures("cheap")


def leaked(text: str, sample: Clinic) -> list[str]:
    """The secrets that a text gives away, in any common spelling."""
    everything = {**keys.recover(sample.ring, sample.code).secrets, "new": NEW_DATABASE_KEY}
    spellings = {
        name: [
            bytes(key).hex(),
            repr(bytes(key)),
            repr(bytes(key))[2:-1],
            msgspec.json.encode(bytes(key)).decode()[1:-1],
        ]
        for name, key in everything.items()
    }
    spellings |= {"password": [str(NOOR_SAYS), str(TARIQ_SAYS), str(NEXT)], "code": [str(sample.code)]}
    return [name for name, forms in spellings.items() if any(form in text for form in forms)]


def test_this_test_would_see_a_secret(sample: Clinic) -> None:
    key = sample.noor.secrets["database"]
    for text in (key.hex(), f"{bytes(key)!r}", f"<{sample.code + ''}>", f"{str(NOOR_SAYS)!s}"):
        assert leaked(text, sample) != []


def test_nothing_that_carries_a_secret_shows_it(sample: Clinic) -> None:
    held: list[object] = [sample, sample.noor, sample.noor.secrets, dict(sample.noor.secrets), (sample.code, NOOR_SAYS)]
    held += [keys.recover(sample.ring, sample.code), keys.new_recovery(sample.noor), sample.ring, sealing.new_key()]
    for each in held:
        assert leaked(f"{each!r} {each!s} {each} {[each]} {{{each!r}}}", sample) == []
    key = sample.noor.secrets["database"]
    assert (repr(key), str(key), f"{key}", "%s" % key) == ("<a key>",) * 4  # noqa: UP031 what a log call does


def test_a_log_of_keys_shows_none(sample: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("%s %r %s", sample.noor, sample.noor.secrets, [sample.noor.secrets["database"]])
    assert leaked(caplog.text, sample) == []


def changed(unlocked: Unlocked) -> Unlocked:
    """Keys whose ring was signed with another key than the record's."""
    return msgspec.structs.replace(unlocked, ring=unlocked.ring.tagged(NEW_DATABASE_KEY))


FAILURES: dict[str, tuple[type[Exception], Callable[[Clinic], object]]] = {
    "a wrong password": (WrongPassword, lambda sample: keys.unlock(sample.ring, NOOR, TARIQ_SAYS)),
    "a changed ring": (Changed, lambda sample: keys.unlock(changed(sample.noor).ring, NOOR, NOOR_SAYS)),
    "another old password": (WrongPassword, lambda sample: keys.change_password(sample.noor, NEXT, NEXT)),
    "a code with a slip": (KnownError, lambda sample: keys.recover(sample.ring, type(sample.code)(sample.code + "7"))),
    "a name that is taken": (KnownError, lambda sample: keys.add(sample.noor, "new", "Tariq Sample", NEXT)),
    "a secret that is there": (ValueError, lambda sample: keys.add_secret(sample.noor, "database", NEW_DATABASE_KEY)),
    "the same key again": (ValueError, lambda sample: keys.rekey(sample.noor, sample.noor.secrets["database"])),
    "a key too short": (ValueError, lambda sample: keys.rekey(sample.noor, NEW_DATABASE_KEY[:31])),
    "someone unknown": (KnownError, lambda sample: keys.reset_password(sample.noor, "nobody", NEXT)),
    "a bug": (TypeError, lambda sample: keys.reset_password(sample.noor, TARIQ, None)),  # type: ignore[arg-type]
    "a weak password": (KnownError, lambda _: chosen(Password("noor sample 1"), "Noor Sample")),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_trace_even_with_every_local_value_shows_no_secret(sample: Clinic, failure: str) -> None:
    kind, act = FAILURES[failure]
    with pytest.raises(kind) as caught:
        act(sample)
    plain = "".join(traceback.format_exception(caught.value))
    full = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "kapdesk/access" in plain
    assert leaked(plain + full, sample) == []
