"""The clinic's certificate: taken out for whoever verifies its papers, made anew, or the clinic's own taken in."""

from pathlib import Path

import click

from kapdesk.cli.common import JSON, actor, opened, print_json, signing_in, typed
from kapdesk.errors import KnownError


@click.command("certificate")
@signing_in
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Write the certificate to this file (PEM).")
@click.option("--new", "renew", is_flag=True, help="Make a new key and certificate; papers are signed under it.")
@click.option(
    "--own", type=click.Path(path_type=Path), default=None, help="Take in the clinic's own key and certificate (.p12)."
)
@click.option("--own-password-fd", type=click.IntRange(0), default=None, help="As --password-fd, of that file.")
@click.option(
    "--time-stamps", default=None, metavar="URL", help='Ask this authority to stamp the time of papers; "" asks none.'
)
@JSON
def certificate_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    out: Path | None,
    renew: bool,
    own: Path | None,
    own_password_fd: int | None,
    time_stamps: str | None,
    as_json: bool,
) -> None:
    """What the clinic's papers are signed under, and until when it holds."""
    from kapdesk.clinic import seal
    from kapdesk.clinic.close import save

    if renew and own is not None:
        raise KnownError("Make a new certificate, or take in the clinic's own: give only one. Nothing was changed.")
    changes = renew or own is not None or time_stamps is not None
    with opened(folder, who, password_fd, "settings" if changes else None) as clinic:
        now_us = clinic.clock.now().utc_us
        made = seal.make(clinic.state.name or "Clinic", now_us) if renew else None
        if own is not None:
            content = _content(own)
            made = seal.own(content, typed(own_password_fd, f"Password of {own.name}", "--own-password-fd"), now_us)
        if made is not None:
            seal.take(clinic, made, actor(clinic)).kept.result()
        if time_stamps is not None:
            seal.stamp_times(clinic, time_stamps, actor(clinic)).kept.result()
        pem = made.pem if made else clinic.state.seals[-1].pem if clinic.state.seals else ""
        url = clinic.state.time_stamps if time_stamps is None else time_stamps.strip()
    if not pem:
        raise KnownError("This clinic has no certificate yet. Make one: kapdesk certificate --new")
    if out is not None:
        save(pem.encode("ascii"), out.resolve(), "certificate")
    known = seal.read(pem)
    if as_json:
        print_json(
            {
                "whose": known.whose,
                "until": known.until.date().isoformat(),
                "sha256": known.sha256,
                "over": known.over(now_us),
                "time_stamps": url,
                "pem": str(out.resolve()) if out is not None else "",
            }
        )
        return
    click.echo(f"{known.whose}\nSHA-256 {known.sha256}")
    click.echo(f"It {'ended' if known.over(now_us) else 'holds until'} {known.until.date().isoformat()}.")
    if not known.compares:
        click.echo(f"{seal.UNKNOWN}. Make a new one: kapdesk certificate --new")
    click.echo(f"Time stamps: {url or 'none, no network is asked'}.")
    if out is not None:
        click.echo(f"Written to {out.resolve()}")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise KnownError(f"{path} cannot be read ({error.strerror}). Nothing was changed.") from error
