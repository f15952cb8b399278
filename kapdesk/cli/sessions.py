"""The desk, the demo, and the sessions' notes."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kapdesk import paths
from kapdesk.cli.common import CLINIC, JSON, actor, bar, opened, print_json, say, signing_in, the_visit
from kapdesk.errors import Damaged, KnownError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kapdesk.clinic.finding import Hit

DEMO_SPEED = 240.0


@click.command("open")
@CLINIC
@click.option("--demo", is_flag=True, help="The invented demo clinic, kept apart from the clinic's own.")
def open_(folder: Path | None, demo: bool) -> None:
    """Open the desk's window."""
    from ui.app import main as show

    sys.exit(show(folder or (paths.demo_clinic() if demo else paths.default_clinic()), demo))


@click.command()
@click.option("--headless", is_flag=True, help="Without a window: play the scripted session to its note.")
@click.option("--speed", type=float, default=DEMO_SPEED, show_default=True, help="How much faster than life.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("kapdesk-demo"), help="Where the note goes.")
@click.option("--protocol", default="im-booster", show_default=True, help="Which shipped protocol it goes by.")
@JSON
def demo(headless: bool, speed: float, out: Path, protocol: str, as_json: bool) -> None:
    """The demo clinic in its window, or with --headless its whole session, played and printed."""
    if not headless:
        from ui.app import main as show

        sys.exit(show(paths.demo_clinic(), True))
    from kapdesk.clinic.playing import play

    shipped = f"{protocol.removesuffix('.toml')}.toml"
    known = sorted(path.name for path in paths.shipped("resources", "protocols").glob("*.toml"))
    if shipped not in known:
        names = ", ".join(name.removesuffix(".toml") for name in known)
        raise KnownError(f"No protocol {protocol} is shipped. Nothing was played; these are: {names}")
    with bar("Playing the demo session") as progress:
        played = play(out, speed, progress, shipped)
    if as_json:
        print_json(played)
        return
    if not played.engine:
        click.echo("There was no music: see kapdesk doctor.", err=True)
    heard = ", ".join(f"{track.title} {track.heard_ms / 1000:.0f} s" for track in played.tracks)
    click.echo(f"{played.facts} lines on record, all in order: {'yes' if played.chain_ok else 'NO'}")
    click.echo(f"Music: {played.engine or 'none'} to {played.sink or 'nowhere'}; heard: {heard or 'nothing'}")
    click.echo(f"The session note: {played.pdf}")


@click.command()
@signing_in
@click.argument("session", required=False)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="The PDF to write.")
@click.option("--find", default="", help="List only what these words find: names, numbers, days, words in notes.")
@JSON
def note(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    session: str | None,
    out: Path | None,
    find: str,
    as_json: bool,
) -> None:
    """Write a session's note as PDF. Without SESSION, list the sessions; the end of its id is enough."""
    from kapdesk.clinic.audit import take_out
    from kapdesk.clinic.close import made_anew, save, signed_paper
    from kapdesk.clinic.finding import every

    with opened(folder, who, password_fd, "read records") as clinic:
        if session is None:
            _list(every(clinic, find), as_json, "No session was found." if find.strip() else "No sessions yet.")
            return
        id_ = the_visit(clinic, session)
        take_out(clinic, id_, actor(clinic))
        path = (out or Path(f"session-note-{id_}.pdf")).resolve()
        made = None
        try:
            made = signed_paper(clinic, id_)
        except Damaged as error:
            say(str(error))
        if made is None:
            with bar("The session note") as progress:
                made = made_anew(clinic, id_, lambda part: progress(part, ""))
        save(made, path)
    if as_json:
        print_json({"pdf": str(path)})
    else:
        click.echo(f"The session note: {path}")


@click.command("summary")
@signing_in
@click.argument("session")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="The PDF to write.")
@click.option("--sent", default="", help="Write no PDF, but record that it was sent, and how: fax, portal, post.")
@click.option("--not-sent", default="", help="Write no PDF, but take back that it was sent, and why.")
@JSON
def summary_(
    folder: Path | None,
    who: str | None,
    password_fd: int | None,
    session: str,
    out: Path | None,
    sent: str,
    not_sent: str,
    as_json: bool,
) -> None:
    """Write the observation summary of a nasal esketamine session as PDF, or record that it was (or was not) sent."""
    from kapdesk.clinic import summary
    from kapdesk.clinic.close import save

    if sent and not_sent:
        raise KnownError("It was sent, or it was not: give only one of --sent and --not-sent. Nothing was recorded.")
    with opened(folder, who, password_fd, "read records") as clinic:
        id_ = the_visit(clinic, session)
        told = summary.fields(clinic, id_)
        path = (out or Path(f"observation-summary-{id_}.pdf")).resolve()
        if sent:
            summary.send(clinic, id_, sent, actor(clinic)).kept.result()
        elif not_sent:
            summary.take_back(clinic, id_, not_sent, actor(clinic)).kept.result()
        else:
            save(summary.make(clinic, id_, actor(clinic)), path, "summary")
    gaps = [each.missing for each in told if not each.value]
    if as_json:
        written = "" if sent or not_sent else str(path)
        print_json({"pdf": written, "sent": sent, "not_sent": not_sent, "missing": gaps})
        return
    recorded = f"On record as sent: {sent}" if sent else f"On record as not sent, and due again: {not_sent}"
    click.echo(recorded if sent or not_sent else f"The observation summary: {path}")
    if gaps:
        click.echo(f"Missing: {', '.join(gaps)}", err=True)


def _list(hits: "Iterable[Hit]", as_json: bool, none: str) -> None:
    """The sessions, newest first: no names, for a terminal is seen by others."""
    from kapdesk.clock import local, zone

    rows = []
    for hit in hits:
        arrived_us = hit.row.arrived_us
        arrived = local(arrived_us, zone(hit.row.zone)).isoformat(" ", "minutes") if arrived_us else "-"
        told = {"id": hit.row.id, "arrived": arrived, "stage": hit.row.stage, "rehearsal": hit.row.rehearsal}
        rows.append(told)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['arrived']}  {row['stage']}{'  rehearsal' if row['rehearsal'] else ''}")
    if not rows:
        click.echo(none)
