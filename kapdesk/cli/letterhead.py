"""How the clinic stands on its papers, shown and set."""

from pathlib import Path
from typing import get_args

import click

from kapdesk.cli.common import JSON, actor, opened, print_json, signing_in
from kapdesk.clinical.letterhead import EXAMPLE
from kapdesk.errors import KnownError
from kapdesk.facts.letterhead import CountedFrom, CountedMinutesSet, CountedTo


@click.command("letterhead")
@signing_in
@click.option(
    "--line", "lines", multiple=True, metavar="TEXT", help="A line under the clinic's name; give each in turn."
)
@click.option("--none", "bare", is_flag=True, help="No lines from now on.")
@click.option("--licence", "numbers", multiple=True, nargs=2, metavar="NAME NUMBER", help='"" takes a number away.')
@click.option(
    "--billed",
    nargs=2,
    type=(click.Choice(get_args(CountedFrom)), click.Choice(get_args(CountedTo))),
    default=None,
    help="From when until when the minutes of a visit are billed.",
)
@JSON
def letterhead_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    lines: tuple[str, ...],
    bare: bool,
    numbers: tuple[tuple[str, str], ...],
    billed: tuple[CountedFrom, CountedTo] | None,
    as_json: bool,
) -> None:
    """What stands under the clinic's name on its notes, licence numbers, and which minutes are billed."""
    from kapdesk.clinic.letterhead import keep

    if bare and lines:
        raise KnownError("Give lines, or --none: not both. The papers stay as they were.")
    changes = bool(lines or bare or numbers or billed)
    with opened(folder, who, password_fd, "settings" if changes else None) as clinic:
        named = {each.name.casefold(): id_ for id_, each in clinic.state.staff.items()}
        unknown = next((name for name, _ in numbers if name.casefold() not in named), None)
        if unknown is not None:
            raise KnownError(f"Nobody here is called {unknown}. Nothing was changed; list them: kapdesk people")
        state = clinic.state
        kept = lines if lines or bare else state.letterhead
        licences = {named[name.casefold()]: " ".join(number.split()) for name, number in numbers}
        minutes = CountedMinutesSet(*billed) if billed else None
        recording = keep(clinic, kept, licences, minutes, actor(clinic)) if changes else None
        if recording is not None:
            recording.kept.result()
        told = {state.name_of(id_): number for id_, number in (state.licences | licences).items() if number}
        counted = minutes or state.counted
    since, until = (counted or EXAMPLE).since, (counted or EXAMPLE).until
    if as_json:
        minutes_told = {"since": since, "until": until, "example": counted is None}
        print_json({"lines": list(kept), "licences": told, "billed": minutes_told})
        return
    click.echo(state.name)
    for line in kept:
        click.echo(f"  {line}")
    for name, number in told.items():
        click.echo(f"{name}: licence no. {number}")
    mark = " (an example, until you say which)" if counted is None else ""
    click.echo(f"Minutes are billed from {since} to {until}{mark}")
