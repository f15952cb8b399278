"""Patients from a table that another program wrote."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kapdesk.cli.common import JSON, actor, bar, opened, print_json, signing_in
from kapdesk.errors import KnownError

if TYPE_CHECKING:
    from kapdesk.clinic.taking_back import Import


@click.group()
def patients() -> None:
    """The clinic's patients."""


@patients.command("import")
@signing_in
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--day-first/--month-first", "day_first", default=None, help="What 03/04/1980 means in this file.")
@click.option("--doubtful", is_flag=True, help="Take in the lines that may be someone known already, too.")
@click.option("--undo", is_flag=True, help="Take the newest import back as a whole, or the newest of FILE.")
@click.option("--put-back", is_flag=True, help="An import was undone by mistake: its patients stand again.")
@click.option("--reason", default="wrong import", show_default=True, help="Why; it stays on the record.")
@click.option("--yes", is_flag=True, help="Do it without asking; else a dry run is shown first.")
@JSON
def import_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    file: Path | None,
    day_first: bool | None,
    doubtful: bool,
    undo: bool,
    put_back: bool,
    reason: str,
    yes: bool,
    as_json: bool,
) -> None:
    """Take in patients from a table (CSV): first what each line would come to, then, when you say so, the lines.

    With --undo an import is taken back as a whole: patients of it with a visit, or of whom somebody has written since,
    stay and are named.
    """
    if undo or put_back:
        _undo(folder, who, password_fd, _content(file) if file else None, put_back, reason, yes, as_json)
        return
    from kapdesk.clinic.importing import look, take_in

    if file is None:
        raise KnownError("Name the table to take in, or say --undo. Nothing was taken in.")
    content = _content(file)
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
                for each in take_in(clinic, wanted, actor(clinic), plan.digest):
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


def _undo(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    content: bytes | None,
    again: bool,
    reason: str,
    yes: bool,
    as_json: bool,
) -> None:
    """An import undone, or put back: first what would become of each of its patients, then, when you say so, that."""
    from kapdesk.clinic import taking_back

    with opened(folder, who, password_fd, "read patient") as clinic:
        of = _chosen(taking_back.imports(clinic.state), content)
        undoing = taking_back.look_back(clinic, of)
        wanted = taking_back.taken_back(clinic, of) if again else len(undoing.with_fate("back"))
        if not as_json:
            for line in undoing.lines:
                number = f", record {line.number}" if line.number else ""
                click.echo(f"patient {line.place}{number}: {line.words}")
            click.echo(f"{wanted} would stand again." if again else undoing.words())
        asked = not yes and not as_json and wanted > 0 and sys.stdin.isatty()
        verb = "Put back" if again else "Take back"
        go = yes or (asked and click.confirm(f"{verb} {wanted} patients?", err=True))
        left: list[taking_back.Line] = []
        if go and wanted:
            rounds = (
                taking_back.put_back(clinic, of, reason, actor(clinic))
                if again
                else taking_back.take_back(clinic, undoing, reason, actor(clinic))
            )
            with bar(verb) as progress:
                for each in rounds:
                    if each.last is not None:
                        each.last.kept.result()
                    left.extend(each.left)
                    progress(each.done / wanted, "")
    done = wanted - len(left) if go else 0
    if as_json:
        lines = [{"patient": line.place, "fate": line.fate, "why": line.words} for line in undoing.lines]
        print_json({"put_back" if again else "taken_back": done, "lines": lines, "left": [each.place for each in left]})
        return
    for line in left:
        click.echo(f"patient {line.place}: {line.words}; left as it is.")
    if not go:
        click.echo("Nothing was changed.")
    else:
        click.echo(f"{done} patients stand again." if again else taking_back.told(undoing, left))


def _chosen(imports: "list[Import]", content: bytes | None) -> "Import":
    """The newest import, or the newest of this file."""
    from hashlib import sha256

    digest = sha256(content).hexdigest() if content is not None else None
    found = next((each for each in imports if digest in (None, each.digest)), None)
    if found is None:
        what = "No table was" if digest is None else "That table was never"
        raise KnownError(f"{what} taken in here with a mark by which it could be undone. Nothing was changed.")
    return found


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise KnownError(f"{file} cannot be read ({error.strerror}). Nothing was changed.") from error
