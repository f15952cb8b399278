"""The record and this computer: checked, backed up, put back, looked over."""

import sys
from datetime import datetime
from pathlib import Path

import click

from kapdesk import paths
from kapdesk.cli.common import JSON, bar, opened, print_json, say, signed_in, signing_in
from kapdesk.errors import KnownError


@click.command()
@signing_in
@JSON
def check(folder: Path | None, who: str | None, password_fd: int | None, as_json: bool) -> None:
    """Verify every line of the record: order, digest, content and signature. Exit code 1 when something is wrong."""
    with opened(folder, who, password_fd) as clinic:
        checked = clinic.check()
    if as_json:
        print_json(checked)
    else:
        for damage in checked.damage:
            place = f"{damage.stream.kind} {damage.stream.id}, line {damage.seq} of {damage.station}"
            click.echo(f"{place}: {damage.words}")
        for page in checked.pages:
            click.echo(f"The file: {page}")
        for fault in checked.second:
            click.echo(f"The second copy: {fault}")
        faults = len(checked.damage) + len(checked.pages)
        verdict = "all as they were signed" if checked.whole else f"{faults} faults; put it back: kapdesk restore"
        click.echo(f"{checked.entries} lines in {checked.chains} histories: {verdict}.")
    if not checked.whole:
        sys.exit(1)


@click.command("backup")
@signing_in
@JSON
def backup_(folder: Path | None, who: str | None, password_fd: int | None, as_json: bool) -> None:
    """Make a backup of the record now, and verify it by opening it."""
    with opened(folder, who, password_fd, "backup") as clinic:
        clinic.backups.soon().result()
        safety = clinic.backups.state()
    if safety.trouble:
        raise KnownError(safety.trouble)
    if as_json:
        print_json(safety)
    else:
        made = datetime.fromtimestamp(safety.backup_us / 1e6).astimezone().isoformat(" ", "minutes")
        click.echo(f"The newest verified backup is of {made}, in {safety.place}")
        if not safety.apart:
            click.echo("It lies on the same disk as the record. Name a second place on another one in places.toml.")


@click.command("restore")
@signing_in
@click.option("--drill", is_flag=True, help="Only try it, beside the record in use, and report.")
@JSON
def restore_(folder: Path | None, who: str | None, password_fd: int | None, drill: bool, as_json: bool) -> None:
    """Put a damaged record back from its newest backup and its second copy. Exit code 1 when not every line holds."""
    from kapdesk.clinic.restore import restore
    from kapdesk.clock import Clock

    ring = signed_in(folder, who, password_fd)
    with bar("Trying the copies" if drill else "Putting the record back") as progress:
        report = restore(ring, Clock(), drill=drill, progress=progress)
    if as_json:
        print_json(report)
    else:
        click.echo(report.words())
        for id_, why in report.refused:
            click.echo(f"Left out: line {id_} {why}")
        for fault in report.faults:
            click.echo(f"The second copy: {fault}")
    if not report.whole or report.refused:
        sys.exit(1)


@click.command()
@signing_in
@click.option("--bundle", type=click.Path(path_type=Path), default=None, help="Also write it all into a file for help.")
@JSON
def doctor(folder: Path | None, who: str | None, password_fd: int | None, bundle: Path | None, as_json: bool) -> None:
    """Look at this computer and the clinic's folder, and say what is in order and what is not."""
    from kapdesk.clinic.doctor import examine

    ring = signed_in(folder, who, password_fd) if who is not None else None
    findings = examine(folder or paths.default_clinic(), ring)
    if bundle is not None:
        from kapdesk.clinic import support

        say(f"{bundle} holds: {', '.join(support.bundle(bundle, findings))}. Nothing of the record is in it.")
    if as_json:
        print_json(findings)
    else:
        sign = {"yes": "✓", "note": "·", "no": "✗"}
        for finding in findings:
            click.echo(f"{sign[finding.well]} {finding.what}: {finding.words}")
    if any(finding.well == "no" for finding in findings):
        sys.exit(1)
