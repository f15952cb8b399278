"""A sheet for a day without the computer: printed beforehand, entered afterwards."""

from pathlib import Path

import click

from kapdesk import paths
from kapdesk.cli.common import CLINIC, JSON, print_json
from kapdesk.errors import KnownError


@click.command()
@CLINIC
@click.option("--protocol", default="im-booster", show_default=True, help="A protocol at hand, by its file's name.")
@click.option("--paper", type=click.Choice(["a4", "letter"]), default="a4", show_default=True)
@click.argument("file", type=click.Path(path_type=Path))
@JSON
def downtime(folder: Path | None, protocol: str, paper: str, file: Path, as_json: bool) -> None:
    """Write a blank downtime sheet of a protocol as PDF. It holds nothing of the record, and opens no clinic."""
    from kapdesk.clinic.close import save
    from kapdesk.clinic.protocols import files
    from kapdesk.clinical import protocol as protocols
    from kapdesk.note.downtime import downtime_of
    from kapdesk.note.press import press_downtime

    at_hand = files(folder or paths.default_clinic())
    found = next((path for path in at_hand if path.stem == protocol.removesuffix(".toml")), None)
    if found is None:
        names = ", ".join(dict.fromkeys(path.stem for path in at_hand))
        raise KnownError(f"No protocol {protocol} is at hand. Nothing was written; these are: {names}")
    plan, _ = protocols.read(found)
    sheet = downtime_of(plan, paper="Letter" if paper == "letter" else "A4", approved=False)
    save(press_downtime(sheet), file, "downtime sheet")
    if as_json:
        print_json({"pdf": str(file)})
    else:
        click.echo(f"The downtime sheet: {file}")
