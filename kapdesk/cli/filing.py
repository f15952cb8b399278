"""Signed notes on their way out: where they are filed, and whole visits in an encrypted archive."""

import sys
from pathlib import Path

import click

from kapdesk.cli.common import JSON, actor, opened, print_json, signing_in


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
        click.echo(f"Signed notes go to {chosen.folder}: {chosen.scheme}" if chosen.folder else "Nothing is filed.")
        for name in filed:
            click.echo(f"Filed: {name}")
        click.echo(f"{waiting} to file{f' · {trouble}' if trouble else ''}")
    if now and waiting:
        sys.exit(1)
