"""What the commands share: whose password opens the clinic, a bar for what takes long, how answers are told."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
import msgspec

from kapdesk import paths
from kapdesk.errors import KnownError

if TYPE_CHECKING:
    from uuid import UUID

    from kapdesk.clinic.keyring import Keyring
    from kapdesk.clinic.open import OpenClinic
    from kapdesk.facts.people import Act, Actor

Command = TypeVar("Command", bound=Callable[..., Any])

CLINIC = click.option(
    "--clinic",
    "folder",
    type=click.Path(path_type=Path),
    default=None,
    help="The clinic's folder, if not the usual one.",
)
AS = click.option("--as", "who", metavar="NAME", default=None, help="Who signs in; asked for if left out.")
FD = click.option(
    "--password-fd",
    type=click.IntRange(0),
    default=None,
    help="Read the password from this file descriptor instead of asking for it.",
)
JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on one line, for machines.")


def signing_in(command: Command) -> Command:
    """The options of a command that opens the clinic: its folder, who signs in, the password."""
    return CLINIC(AS(FD(command)))


def signed_in(folder: Path | None, who: str | None, password_fd: int | None) -> "Keyring":
    """Ask for name and password at the terminal, or read the password from a file descriptor."""
    from kapdesk.clinic.keyring import names, sign_in

    folder = folder or paths.default_clinic()
    known = names(folder)
    if known is None:
        raise KnownError(f"{folder} holds no clinic yet. Set one up first: kapdesk open")
    if who is None and (password_fd is not None or not sys.stdin.isatty()):
        raise KnownError("Say with --as whose password this is. Nothing was opened.")
    who = who or click.prompt("Name", default=known[0] if len(known) == 1 else None, err=True)
    return sign_in(folder, str(who), typed(password_fd, "Password"))


def typed(fd: int | None, asked: str, option: str = "--password-fd", *, twice: bool = False) -> str:
    """A password from a file descriptor, or asked for at the terminal; `twice` where it is a new one."""
    if fd is not None:
        with open(fd, encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise KnownError(f"There is no terminal to ask for “{asked}”: give it with {option} N.")
    again = f"{asked}, once more" if twice else False
    return str(click.prompt(asked, hide_input=True, err=True, confirmation_prompt=again))


@contextmanager
def opened(
    folder: Path | None, who: str | None, password_fd: int | None, act: "Act | None" = None
) -> "Iterator[OpenClinic]":
    """The open clinic, where whoever signs in may do this."""
    from kapdesk.clinic.inbox import Inbox
    from kapdesk.clinic.open import OpenClinic

    inbox = Inbox()
    ring = signed_in(folder, who, password_fd)
    clinic = OpenClinic(ring, inbox.post, trouble=lambda sentence: say(sentence or ""))
    try:
        if act is not None:
            clinic.require(ring.first, act)
        yield clinic
    finally:
        inbox.run_until(clinic.drained, 10)
        clinic.close(give_up=True)


def actor(clinic: "OpenClinic") -> "Actor":
    """Whoever signed in, typing for themselves."""
    from kapdesk.facts.people import Actor

    return Actor(clinic.ring.first, clinic.ring.first)


def the_visit(clinic: "OpenClinic", end: str) -> "UUID":
    """The one visit whose id ends so. Raises KnownError where there is none, or more than one."""
    from kapdesk.clinic.visits import ending

    return ending(clinic.log, end)


def the_patient(clinic: "OpenClinic", said: str) -> "UUID":
    """The one patient with this record number, or whose id ends so. Raises KnownError where it is not one."""
    found = {
        patient.id
        for patient in clinic.known()
        for each in patient.records
        if (said and str(each.id).endswith(said.lower())) or (each.registered and each.registered.record_number == said)
    }
    if len(found) != 1:
        which = "No patient has" if not found else "More than one patient has"
        raise KnownError(f"{which} the record number {said}, or an id that ends so. Nothing was written.")
    return found.pop()


@contextmanager
def bar(label: str) -> Iterator[Callable[[float, str], None]]:
    """A progress bar on stderr, so that stdout stays for the answer."""
    bar = click.progressbar(length=1000, label=label, file=sys.stderr, item_show_func=lambda words: words or "")
    with bar:

        def progress(part: float, words: str) -> None:
            bar.update(int(part * 1000) - bar.pos, words)

        yield progress
        bar.update(1000 - bar.pos)


def print_json(answer: object) -> None:
    """One JSON object on one line."""
    click.echo(msgspec.json.encode(answer).decode())


def say(sentence: str) -> None:
    """A sentence on stderr, so that stdout stays for the answer."""
    if sentence:
        click.echo(sentence, err=True)
