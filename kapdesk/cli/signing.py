"""Signing from a terminal: the password of this very command is the one that is typed anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, get_args
from uuid import UUID

import click

from kapdesk.cli.common import JSON, opened, print_json, say, signing_in, the_visit
from kapdesk.errors import KnownError
from kapdesk.facts.session import AddedAs

if TYPE_CHECKING:
    from kapdesk.clinic.open import OpenClinic


@contextmanager
def _visit(
    folder: Path | None, who: str | None, password_fd: int | None, session: str
) -> "Iterator[tuple[OpenClinic, UUID]]":
    """The open clinic and the visit whose id ends so."""
    with opened(folder, who, password_fd, "sign") as clinic:
        yield clinic, the_visit(clinic, session)


def _told(clinic: "OpenClinic", session: UUID, as_json: bool) -> None:
    """Make the paper now, and say how the versions stand; where it waits, why."""
    from kapdesk.clinic import signing
    from kapdesk.clinic.papers import newest

    waits = ""
    try:
        clinic.papers.make_all(session)
    except KnownError as error:
        waits = str(error)
    now = clinic.session(session)
    told = signing.standing(now)
    if as_json:
        print_json({"session": str(session), "sha256": newest(now), "standing": told, "waits": waits})
        return
    for line in told:
        click.echo(line)
    if newest(now):
        click.echo(f"SHA-256 of the signed paper: {newest(now)}")
    say(waits)


@click.command("sign")
@signing_in
@click.argument("session")
@JSON
def sign(folder: Path | None, who: str | None, password_fd: int | None, session: str, as_json: bool) -> None:
    """Sign and lock a session that is over: "I conducted this session, and this note is complete." """
    from kapdesk.clinic import signing

    with _visit(folder, who, password_fd, session) as (clinic, id_):
        signing.sign(clinic, clinic.room_of(id_), clinic.ring.first).kept.result()
        _told(clinic, id_, as_json)


@click.command("countersign")
@signing_in
@click.argument("session")
@JSON
def countersign(folder: Path | None, who: str | None, password_fd: int | None, session: str, as_json: bool) -> None:
    """Countersign a session's newest version: "I have read this note and agree with it." """
    from kapdesk.clinic import signing
    from kapdesk.clinic.papers import newest
    from kapdesk.note.signed import AGREED

    with _visit(folder, who, password_fd, session) as (clinic, id_):
        read = newest(clinic.session(id_))
        signing.countersign(clinic, id_, clinic.ring.first, read, AGREED).kept.result()
        _told(clinic, id_, as_json)


@click.command("addendum")
@signing_in
@click.argument("session")
@click.option("--text", required=True, help="What is to be added to the signed note.")
@click.option("--kind", type=click.Choice(get_args(AddedAs)), default="addendum", show_default=True, help="As what.")
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d %H:%M"]),
    default=None,
    help="When what a late entry tells happened, where the visit was.",
)
@JSON
def addendum(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    session: str,
    text: str,
    kind: AddedAs,
    at: datetime | None,
    as_json: bool,
) -> None:
    """Add to a signed session: its next version, signed by whoever signs in; the one before stays as it is."""
    from kapdesk.clinic import signing

    if (at is not None) != (kind == "late entry"):
        raise KnownError("A late entry, and only it, says when it happened: --at, day and time. Nothing was added.")
    with _visit(folder, who, password_fd, session) as (clinic, id_):
        room = clinic.room_of(id_)
        at_us = round(at.replace(tzinfo=room.session.zone).timestamp()) * 1_000_000 if at is not None else None
        signing.add(clinic, room, clinic.ring.first, text, kind, at_us=at_us).kept.result()
        _told(clinic, id_, as_json)
