"""Patients from a table that another program wrote."""

import sys
from pathlib import Path

import click

from kapdesk.cli.common import JSON, actor, bar, opened, print_json, signing_in
from kapdesk.errors import KnownError


@click.group()
def patients() -> None:
    """The clinic's patients."""


@patients.command("import")
@signing_in
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--day-first/--month-first", "day_first", default=None, help="What 03/04/1980 means in this file.")
@click.option("--doubtful", is_flag=True, help="Take in the lines that may be someone known already, too.")
@click.option("--yes", is_flag=True, help="Take them in without asking; else a dry run is shown first.")
@JSON
def import_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    file: Path,
    day_first: bool | None,
    doubtful: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Take in patients from a table (CSV): first what each line would come to, then, when you say so, the lines."""
    from kapdesk.clinic.importing import look, take_in

    try:
        content = file.read_bytes()
    except OSError as error:
        raise KnownError(f"{file} cannot be read ({error.strerror}). Nothing was taken in.") from error
    with opened(folder, who, password_fd, "read patient") as clinic:
        plan = look(content, clinic.known(), clinic.clock.now().utc_us, day_first)
        if not as_json:
            for line in plan.lines:
                click.echo(f"line {line.number}: {line.words}")
            click.echo(plan.words())
        if plan.example and day_first is None:
            click.echo(f"Is the day first in {plan.example}? Say --day-first or --month-first.", err=True)
        wanted = plan.of("new", "doubtful") if doubtful else plan.of("new")
        asked = not yes and not as_json and bool(wanted) and sys.stdin.isatty()
        go = yes or (asked and click.confirm(f"Take in {len(wanted)} patients?", err=True))
        taken = 0
        if go and wanted:
            with bar("Taking in") as progress:
                for each in take_in(clinic, wanted, actor(clinic)):
                    each.last.kept.result()
                    taken = each.lines
                    progress(taken / len(wanted), "")
    if as_json:
        lines = [{"line": line.number, "fate": line.fate, "why": line.words} for line in plan.lines]
        print_json({"taken_in": taken, "ask_date": plan.example, "unused": plan.unused, "lines": lines})
    elif go:
        click.echo(f"{taken} patients taken in.")
    else:
        click.echo("Nothing was taken in.")
