"""Visits in the forms other programs read."""

from pathlib import Path

import click

from kapdesk.cli.common import JSON, actor, opened, print_json, signing_in, the_visit


@click.command("fhir")
@signing_in
@click.argument("session")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="The file to write.")
@click.option(
    "--paper",
    "beside",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    help="A PDF of this visit that goes beside it and is to be referred to; may be repeated.",
)
@JSON
def fhir_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    session: str,
    out: Path | None,
    beside: tuple[Path, ...],
    as_json: bool,
) -> None:
    """Write a session as a FHIR R4B document; with --paper as a collection that refers to those files."""
    from kapdesk.clinic import exchange
    from kapdesk.clinic.audit import take_out
    from kapdesk.clinic.close import save
    from kapdesk.exchange.fhir.bundle import Paper

    with opened(folder, who, password_fd, "read records") as clinic:
        id_ = the_visit(clinic, session)
        take_out(clinic, id_, actor(clinic))
        path = (out or Path(f"session-{id_}.fhir.json")).resolve()
        papers = [Paper(each.read_bytes(), each.name) for each in beside]
        save(exchange.collection(clinic, id_, papers) if papers else exchange.document(clinic, id_), path, "document")
    if as_json:
        print_json({"fhir": str(path)})
    else:
        click.echo(f"The session in FHIR R4B: {path}")


@click.command("csv")
@signing_in
@click.argument("sessions", nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="The folder to write into.")
@click.option("--bom/--no-bom", default=True, help="With the mark by which Excel knows UTF-8, or without.")
@JSON
def csv_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    sessions: tuple[str, ...],
    out: Path,
    bom: bool,
    as_json: bool,
) -> None:
    """Write the readings of one or more sessions, and what else happened in them, as vitals.csv and events.csv."""
    from kapdesk.clinic import exchange
    from kapdesk.clinic.audit import take_out
    from kapdesk.clinic.close import save

    with opened(folder, who, password_fd, "read records") as clinic:
        ids = [the_visit(clinic, end) for end in dict.fromkeys(sessions)]
        for id_ in ids:
            take_out(clinic, id_, actor(clinic))
        vitals, events = (out / name for name in ("vitals.csv", "events.csv"))
        save(exchange.vitals_csv(clinic, ids, bom), vitals.resolve(), "table")
        save(exchange.events_csv(clinic, ids, bom), events.resolve(), "table")
    if as_json:
        print_json({"vitals": str(vitals.resolve()), "events": str(events.resolve())})
    else:
        click.echo(f"The readings: {vitals.resolve()}")
        click.echo(f"What else happened: {events.resolve()}")
