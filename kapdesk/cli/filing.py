"""Signed notes on their way out: where they are filed, and whole visits in an encrypted archive."""

import sys
from datetime import datetime
from pathlib import Path

import click

from kapdesk.cli.common import JSON, actor, bar, opened, print_json, say, signing_in, the_visit, typed
from kapdesk.errors import KnownError


@click.command("file")
@signing_in
@click.option("--folder", "into", default=None, help="Signed notes go there from now on; empty: nowhere.")
@click.option(
    "--scheme", default=None, help="What they are called, for example: {date} {number} {name} note v{version}"
)
@click.option("--now", is_flag=True, help="File what waits, now. Exit code 1 when something still waits.")
@JSON
def file_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    into: str | None,
    scheme: str | None,
    now: bool,
    as_json: bool,
) -> None:
    """Where signed notes are filed and what waits for it; with --folder or --scheme, file them so from now on."""
    from kapdesk.clinic import filing, naming
    from kapdesk.facts.filing import FilingSet

    change = into is not None or scheme is not None
    with opened(folder, who, password_fd, "settings" if change else "file") as clinic:
        if change:
            before = clinic.state.filing
            where = str(Path(into).expanduser().absolute()) if into else "" if into is not None else None
            where = (before.folder if before else "") if where is None else where
            named = scheme or (before.scheme if before and before.scheme else naming.EXAMPLE)
            filing.prepared(clinic, where, named)
            filing.choose(clinic, where, named, actor(clinic)).kept.result()
            chosen = FilingSet(where, named)
        else:
            chosen = clinic.state.filing or FilingSet("", "")
        filed, standing = clinic.filing.now() if now else ((), None)
        waiting = standing.waiting if standing else len(clinic.filing.papers.to_file())
    trouble = standing.trouble if standing else ""
    if as_json:
        answer = {"folder": chosen.folder, "scheme": chosen.scheme, "filed": filed, "waiting": waiting}
        print_json({**answer, "trouble": trouble})
    else:
        nowhere = "Nothing is filed yet: no folder is chosen. Choose one: kapdesk file --folder FOLDER"
        click.echo(f"Signed notes go to {chosen.folder}: {chosen.scheme}" if chosen.folder else nowhere)
        for name in filed:
            click.echo(f"Filed: {name}")
        click.echo(f"{waiting} to file{f' · {trouble}' if trouble else ''}")
    if now and waiting:
        sys.exit(1)


@click.command("export")
@signing_in
@click.argument("sessions", nargs=-1)
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Visits from this day on.")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Visits up to this day.")
@click.option("--for", "to", required=True, help="To whom it goes, in words; it stays on record.")
@click.option("--key", default="", metavar="age1…", help="The recipient's age key.")
@click.option(
    "--passphrase-fd",
    type=click.IntRange(0),
    default=None,
    help="Read the passphrase that opens it from this descriptor; without a key it is asked for.",
)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="The archive to write.")
@JSON
def export_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    sessions: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    to: str,
    key: str,
    passphrase_fd: int | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Export visits (by the ends of their ids, or of a period) as papers, FHIR and tables in one encrypted archive."""
    from kapdesk.clinic import export
    from kapdesk.exchange.sealing import Sealing

    if bool(sessions) == bool(since or until):
        raise KnownError("Name the sessions, or the days with --from and --to: one of the two. Nothing was exported.")
    with opened(folder, who, password_fd, "export") as clinic:
        first, last = since.date() if since else None, until.date() if until else None
        ids = tuple(dict.fromkeys(the_visit(clinic, end) for end in sessions))
        ids = ids or export.in_period(clinic, first, last)
        if not ids:
            raise KnownError("No visit of those days is over. Nothing was exported; choose other days.")
        passphrase = "" if key else typed(passphrase_fd, "Passphrase of the archive", "--passphrase-fd", twice=True)
        lock = export.lock_of(key, passphrase, clinic.state.name_of(actor(clinic).by))
        days = (first.isoformat() if first else "", last.isoformat() if last else "")
        wanted = export.Wanted(ids, to, lock, *days)
        export.ask(clinic, wanted, actor(clinic))
        path = (out or Path(export.default_name(clinic) + export.SUFFIX)).resolve()
        sealing, by = Sealing(lock), clinic.state.name_of(actor(clinic).by)
        with bar("Exporting") as progress:
            told = lambda n, of: progress(n / max(of, 1), f"{n} of {of}")  # noqa: E731
            written = export.write(clinic, wanted, by, path, sealing, told)
        export.record(clinic, wanted, written, actor(clinic)).kept.result()
        export.name(written)
    for problem in written.problems:
        say(problem)
    if as_json:
        answer = {"archive": str(path), "visits": len(ids), "sha256": written.sha256, "problems": written.problems}
        print_json(answer)
    else:
        click.echo(f"{len(ids)} visit{'s' if len(ids) != 1 else ''} exported to {path}")
        click.echo(f"SHA-256: {written.sha256}")
        with_key = "-i KEY-FILE " if key else ""
        click.echo(f"Whoever receives it opens it with age (age-encryption.org): age -d {with_key}-o export.zip FILE")
        if not key:
            click.echo("Tell them the passphrase another way than the archive; without it nobody can open it.")
    if written.problems:
        sys.exit(1)
