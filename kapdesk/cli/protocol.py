"""The protocols: checking a file, which are at hand, and what differs between two."""

from pathlib import Path

import click
import msgspec

from kapdesk import paths
from kapdesk.cli.common import CLINIC, JSON, print_json
from kapdesk.errors import KnownError


@click.group()
def protocol() -> None:
    """The protocols: check a file, list those at hand, say what differs between two."""


@protocol.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@JSON
def check_(file: Path, as_json: bool) -> None:
    """Read a protocol file and say what it plans, or the file, line or field that is wrong. Opens no clinic."""
    from kapdesk.clinical import protocol as protocols

    plan, toml = protocols.read(file)
    if as_json:
        print_json({"file": str(file), "sha256": protocols.sha256(toml), **msgspec.to_builtins(plan)})
        return
    click.echo(f"{plan.name}, version {plan.version}: {plan.medication}, {plan.route}")
    click.echo(f"Phases: {', '.join(f'{each.phase} {each.minutes}' for each in plan.phases)} min")
    at = f"at {', '.join(map(str, plan.vitals_at_min))}, then " if plan.vitals_at_min else ""
    again = f"; outside a limit again after {plan.recheck_min} min" if plan.recheck_min else ""
    click.echo(f"Vitals: {at}every {plan.vitals_every_min} min{again}")
    needs = [*plan.staff, *plan.needs, *(item.id for item in plan.before if item.needed)]
    click.echo(f"Before a dose: {', '.join(needs) or 'nothing is asked'}")
    leaving = [item.id for item in plan.leaving.items if item.needed]
    watched = f"observed {plan.leaving.observed_min} min from {plan.leaving.since}"
    click.echo(f"Leaving: {watched}; {', '.join(leaving) or 'nothing is asked'}")
    if plan.source:
        click.echo(plan.source)


@protocol.command("list")
@CLINIC
@JSON
def list_(folder: Path | None, as_json: bool) -> None:
    """The protocols at hand, the clinic's own first. Who approved them is on the clinic's page."""
    from kapdesk.clinic.protocols import files
    from kapdesk.clinical import protocol as protocols

    rows = []
    for path in files(folder or paths.default_clinic()):
        try:
            rows.append({"file": str(path), "name": protocols.read(path)[0].name, "trouble": ""})
        except KnownError as error:
            rows.append({"file": str(path), "name": "", "trouble": str(error)})
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(row["trouble"] or f"{row['name']}: {row['file']}")


@protocol.command("diff")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@JSON
def diff_(before: Path, after: Path, as_json: bool) -> None:
    """Say what differs between two protocol files, field by field. Opens no clinic."""
    from kapdesk.clinical import protocol as protocols
    from kapdesk.clinical.difference import differences

    said = differences(protocols.read(before)[0], protocols.read(after)[0])
    if as_json:
        print_json({"before": str(before), "after": str(after), "differences": list(said)})
        return
    for line in said:
        click.echo(line)
    if not said:
        click.echo("They plan the same.")
