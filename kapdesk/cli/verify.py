"""Whether a note is what was signed and what its own record gives: for anyone who has the file."""

from pathlib import Path

import click

from kapdesk.cli.common import JSON, print_json

_SIGN = {"holds": "ok", "altered": "ALTERED", "not compared": "-"}


@click.command("verify")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--certificate",
    type=click.Path(path_type=Path),
    default=None,
    help="The clinic's certificate (PEM), from the clinic.",
)
@JSON
def verify_(file: Path, certificate: Path | None, as_json: bool) -> None:
    """Say whether a note was altered: its signatures, the record it carries, every word on its pages.

    Needs no clinic and no password. Ends with 1 where something was altered, and where a certificate is named and
    nobody signed the note under it.
    """
    from kapdesk.clinic.verified import verify_file

    verdict = verify_file(file, certificate)
    if as_json:
        print_json(
            {"whole": verdict.whole, "signed": verdict.signed, "sha256": verdict.sha256, "found": verdict.findings}
        )
    else:
        for each in verdict.findings:
            click.echo(f"{_SIGN[each.how]:8} {each.said}")
        click.echo(f"{verdict.in_short} SHA-256 {verdict.sha256}")
    if not (verdict.whole if certificate is None else verdict.signed):
        raise SystemExit(1)
