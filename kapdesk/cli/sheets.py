"""The papers that are no session note: for the patient, of a course, of a month, and of the substances."""

from datetime import datetime
from pathlib import Path

import click

from kapdesk.cli.common import JSON, actor, opened, print_json, signing_in, the_patient, the_visit

_OUT = click.option("--out", type=click.Path(path_type=Path), default=None, help="The PDF to write.")


@click.group()
def sheet() -> None:
    """Papers beside the session note, each as a PDF."""


@sheet.command("integration")
@signing_in
@click.argument("session")
@_OUT
@click.option("--quote", "quotes", type=int, multiple=True, help="Quote only these, by their numbers; may be repeated.")
@click.option("--list", "listed", is_flag=True, help="Write nothing; list with its number what may be quoted.")
@JSON
def integration_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    session: str,
    out: Path | None,
    quotes: tuple[int, ...],
    listed: bool,
    as_json: bool,
) -> None:
    """Write the sheet that the patient takes home: their intention, their own words, music, practices, the next date.

    What was marked as the patient's own words is quoted, unless --quote says which. Nothing clinical stands on it.
    """
    from kapdesk.clinic import sheets
    from kapdesk.errors import KnownError

    with opened(folder, who, password_fd, "read records") as clinic:
        id_ = the_visit(clinic, session)
        offered = sheets.offered(clinic, id_)
        if listed:
            if as_json:
                print_json(offered)
                return
            for n, each in enumerate(offered, 1):
                click.echo(f"{n}{' *' if each.own else '  '} “{each.text}” ({each.when})")
            return
        if any(not 1 <= n <= len(offered) for n in quotes):
            raise KnownError(f"There are {len(offered)} to choose from; list them with --list. Nothing was written.")
        chosen = {offered[n - 1].id for n in quotes} if quotes else None
        made = sheets.integration(clinic, id_, chosen)
        sheets.take_out(clinic, "integration sheet", str(id_), actor(clinic))
        _write(made, out or Path(f"integration-sheet-{id_}.pdf"), "The sheet for the patient", as_json)


@sheet.command("course")
@signing_in
@click.argument("patient")
@_OUT
@JSON
def course_(
    folder: Path | None, who: str | None, password_fd: int | None, patient: str, out: Path | None, as_json: bool
) -> None:
    """Write the overview of a course. PATIENT is the record number, or the end of the patient's id."""
    from kapdesk.clinic import sheets

    with opened(folder, who, password_fd, "read records") as clinic:
        id_ = the_patient(clinic, patient)
        made = sheets.course(clinic, id_)
        sheets.take_out(clinic, "course overview", str(id_), actor(clinic))
        _write(made, out or Path(f"course-overview-{id_}.pdf"), "The course overview", as_json)


@sheet.command("month")
@signing_in
@click.argument("month", metavar="YEAR-MONTH")
@_OUT
@JSON
def month_(
    folder: Path | None, who: str | None, password_fd: int | None, month: str, out: Path | None, as_json: bool
) -> None:
    """Write the page of a month: sessions, adverse events, late readings, overrides, substances, what is open."""
    from kapdesk.clinic import sheets
    from kapdesk.clinic.month import month_of

    first = month_of(month)
    with opened(folder, who, password_fd, "export") as clinic:
        made = sheets.month(clinic, first)
        sheets.take_out(clinic, "monthly page", first.isoformat()[:7], actor(clinic))
        _write(made, out or Path(f"month-{first.isoformat()[:7]}.pdf"), "The page of the month", as_json)


@sheet.command("substances")
@signing_in
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day.")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day.")
@_OUT
@JSON
def substances_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    since: datetime,
    until: datetime,
    out: Path | None,
    as_json: bool,
) -> None:
    """Write the substances log of some days: every count with its witness, and what balances by lot."""
    from kapdesk.clinic import sheets

    with opened(folder, who, password_fd, "export") as clinic:
        made = sheets.substances(clinic, since.date(), until.date())
        days = f"{since.date()} to {until.date()}"
        sheets.take_out(clinic, "substances log", days, actor(clinic))
        _write(made, out or Path(f"substances-{since.date()}-{until.date()}.pdf"), "The substances log", as_json)


def _write(made: object, path: Path, what: str, as_json: bool) -> None:
    """Make the PDF, write it, and say where it is."""
    from kapdesk.clinic.close import save
    from kapdesk.note.press import press_sheet
    from kapdesk.note.sheet import Sheet

    assert isinstance(made, Sheet)
    path = path.resolve()
    save(press_sheet(made), path, "sheet")
    if as_json:
        print_json({"pdf": str(path)})
    else:
        click.echo(f"{what}: {path}")
