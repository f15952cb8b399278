"""The papers that are no session note: for the patient, of a course, of a month, and of the substances."""

from pathlib import Path

import click

from kapdesk.cli.common import JSON, actor, opened, print_json, signing_in, the_visit

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
