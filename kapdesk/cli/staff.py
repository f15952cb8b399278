"""What whoever runs the clinic does: who works here, who did what, and erasing."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import click

from kapdesk.cli.common import JSON, actor, opened, print_json, signing_in, typed
from kapdesk.errors import KnownError


@click.command("erase")
@signing_in
@click.argument("session")
@click.option("--reason", required=True, help="By which law or request; it stays on record.")
@click.option("--agreed-by", required=True, metavar="NAME", help="The second person, whose password is asked for.")
@click.option("--agreed-password-fd", type=click.IntRange(0), default=None, help="As --password-fd, of the second.")
@JSON
def erase_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    session: str,
    reason: str,
    agreed_by: str,
    agreed_password_fd: int | None,
    as_json: bool,
) -> None:
    """Delete a visit, or all that is kept of a patient (its whole id), with a second person agreeing. For good."""
    from kapdesk.clinic.erase import erase, of_patient, of_visit

    with opened(folder, who, password_fd, "erase") as clinic:
        try:
            id_ = UUID(session)
        except ValueError as error:
            raise KnownError("Give the whole id of the visit; kapdesk note lists them. Nothing was erased.") from error
        second = clinic.ring.sign_in(
            agreed_by, typed(agreed_password_fd, f"Password of {agreed_by}", "--agreed-password-fd")
        )
        clinic.require(second, "agree to erase")
        streams = of_patient(clinic, id_) if id_ in clinic.patients else of_visit(clinic, id_)
        left = erase(clinic, streams, reason, actor(clinic), second)
    if as_json:
        print_json(left)
        return
    click.echo("Erased, with its second copy and drafts. That it was, and what was signed, stays provable.")
    for each in left:
        click.echo(each.words())


@click.command("audit")
@signing_in
@JSON
def audit_(folder: Path | None, who: str | None, password_fd: int | None, as_json: bool) -> None:
    """Who came in, who read and took out what, who left; without any patient's name."""
    from kapdesk.clinic.audit import entries
    from kapdesk.clock import local

    with opened(folder, who, password_fd, "audit") as clinic:
        told = entries(clinic)
        zone = clinic.state.zone
    if as_json:
        print_json(told)
        return
    for each in told:
        at = local(each.at_us, zone).isoformat(" ", "minutes")
        click.echo(f"{at}  {each.by}: {each.what}")


@click.command("substances")
@signing_in
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The first day.")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The last day.")
@JSON
def substances_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    since: datetime | None,
    until: datetime | None,
    as_json: bool,
) -> None:
    """What was drawn, given, wasted and returned, by lot and day; without any patient's name."""
    from kapdesk.clinic.substances import log_of
    from kapdesk.clinical.care import mg

    with opened(folder, who, password_fd, "export") as clinic:
        counts = log_of(clinic, since.date() if since else None, until.date() if until else None)
    if as_json:
        print_json(counts)
        return
    for each in counts:
        amounts = (each.drawn_ug, each.given_ug, each.wasted_ug, each.returned_ug)
        drawn, given, wasted, returned = (f"{mg(amount)} mg" for amount in amounts)
        said = f"{drawn} drawn, {given} given, {wasted} wasted, {returned} returned"
        witness = f"witnessed by {each.witnessed_by}" if each.witnessed_by else "NOT WITNESSED"
        lot = f" lot {each.lot}" if each.lot else ""
        click.echo(f"{each.day}  {each.medication}{lot}  {said}  {each.by}, {witness}")
    if not counts:
        click.echo("Nothing was counted in that time.")


@click.command("people")
@signing_in
@click.option("--remove", metavar="NAME", default=None, help="This person works here no more.")
@click.option("--new-recovery-code", "renew", is_flag=True, help="Make a new recovery code; it is shown this once.")
@JSON
def people_(
    folder: Path | None, who: str | None, password_fd: int | None, remove: str | None, renew: bool, as_json: bool
) -> None:
    """Who works here; or, with --remove, let someone go: their password opens nothing any more."""
    from kapdesk.clinic.staff import let_go, renew_recovery

    if renew:
        with opened(folder, who, password_fd, "settings") as clinic:
            code, missing = renew_recovery(clinic, actor(clinic))
        if as_json:
            print_json({"code": str(code), "private_streams_to_come": missing})
            return
        click.echo(f"The new recovery code, shown this once; write it down on paper:\n\n  {code}\n")
        click.echo(f"{len(missing)} private streams come to it when their authors next sign in. The old code is over.")
        return
    with opened(folder, who, password_fd, "add people" if remove else None) as clinic:
        staff = dict(clinic.state.staff)
        if remove:
            gone = next((id_ for id_, each in staff.items() if each.name.casefold() == remove.casefold()), None)
            if gone is None:
                raise KnownError(f"Nobody here is called {remove}. Nothing was changed; list them: kapdesk people")
            let_go(clinic, gone, actor(clinic)).kept.result()
            del staff[gone]
    if as_json:
        print_json([{"name": each.name, "roles": each.roles} for each in staff.values()])
        return
    for each in staff.values():
        click.echo(f"{each.name}: {', '.join(each.roles)}")
    if remove:
        click.echo(
            f"{remove} works here no more. Their password opens nothing, and what they wrote for themselves is theirs."
        )
        click.echo("The record gets a new key when it is next opened; backups from before open with the old one.")
