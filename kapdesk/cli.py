"""The commands: `kapdesk open | demo | note | check | backup | restore | people | audit | erase | doctor | music`."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

import click
import msgspec

from kapdesk import paths
from kapdesk.errors import KnownError
from kapdesk.facts.session import PHASES

if TYPE_CHECKING:
    from kapdesk.clinic.keyring import Keyring
    from kapdesk.clinic.open import Line, OpenClinic
    from kapdesk.facts.people import Act

DEMO_SPEED = 120.0

_CLINIC = click.option(
    "--clinic",
    "folder",
    type=click.Path(path_type=Path),
    default=None,
    help="The clinic's folder, if not the usual one.",
)
_AS = click.option("--as", "who", metavar="NAME", default=None, help="Who signs in; asked for if left out.")
_FD = click.option(
    "--password-fd",
    type=click.IntRange(0),
    default=None,
    help="Read the password from this file descriptor instead of asking for it.",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object on one line, for machines.")


def main() -> None:
    """Run a command. An expected failure is one plain sentence and exit code 1."""
    _leave_no_core()
    try:
        commands(standalone_mode=False)
    except KnownError as error:
        _say(str(error))
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)


def _leave_no_core() -> None:
    """A crash must not write keys and notes to the disk."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kapdesk")
def commands() -> None:
    """Runs a ketamine-assisted psychotherapy session and keeps its record."""


@commands.command("open")
@_CLINIC
@click.option("--demo", is_flag=True, help="The invented demo clinic, kept apart from the clinic's own.")
def open_(folder: Path | None, demo: bool) -> None:
    """Open the desk's window."""
    from ui.app import main as show

    sys.exit(show(folder or (paths.demo_clinic() if demo else paths.default_clinic()), demo))


@commands.command()
@click.option("--headless", is_flag=True, help="Without a window: play the scripted session to its note.")
@click.option("--speed", type=float, default=DEMO_SPEED, show_default=True, help="How much faster than life.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("kapdesk-demo"), help="Where the note goes.")
@_JSON
def demo(headless: bool, speed: float, out: Path, as_json: bool) -> None:
    """The demo clinic in its window, or with --headless its whole session, played and printed."""
    if not headless:
        from ui.app import main as show

        sys.exit(show(paths.demo_clinic(), True))
    from kapdesk.clinic.demo import play

    with _bar("Playing the demo session") as progress:
        played = play(out, speed, progress)
    if as_json:
        _print_json(played)
        return
    if not played.engine:
        click.echo("There was no music: see kapdesk doctor.", err=True)
    heard = ", ".join(f"{track.title} {track.heard_ms / 1000:.0f} s" for track in played.tracks)
    click.echo(f"{played.facts} lines on record, all in order: {'yes' if played.chain_ok else 'NO'}")
    click.echo(f"Music: {played.engine or 'none'} to {played.sink or 'nowhere'}; heard: {heard or 'nothing'}")
    click.echo(f"The session note: {played.pdf}")


@commands.command()
@_CLINIC
@_AS
@_FD
@click.argument("session", required=False)
@click.option("--out", type=click.Path(path_type=Path), default=None, help="The PDF to write.")
@_JSON
def note(
    folder: Path | None, who: str | None, password_fd: int | None, session: str | None, out: Path | None, as_json: bool
) -> None:
    """Write a session's note as PDF. Without SESSION, list the sessions; the end of its id is enough."""
    from kapdesk.clinic.audit import take_out
    from kapdesk.clinic.close import make, save
    from kapdesk.facts.people import Actor

    with _opened(folder, who, password_fd, "read records") as clinic:
        visits = clinic.visits()
        if session is None:
            _list(visits, as_json)
            return
        found = [line for line in visits if str(line.id).endswith(session.lower())]
        if len(found) != 1:
            which = "No session" if not found else "More than one session"
            raise KnownError(f"{which} ends in {session}. Nothing was written; list them with: kapdesk note")
        take_out(clinic, found[0].id, Actor(clinic.ring.first, clinic.ring.first))
        path = (out or Path(f"session-note-{found[0].id}.pdf")).resolve()
        save(make(clinic, found[0].id), path)
    if as_json:
        _print_json({"pdf": str(path)})
    else:
        click.echo(f"The session note: {path}")


@commands.command()
@_CLINIC
@_AS
@_FD
@_JSON
def check(folder: Path | None, who: str | None, password_fd: int | None, as_json: bool) -> None:
    """Verify every line of the record: order, digest, content and signature. Exit code 1 when something is wrong."""
    with _opened(folder, who, password_fd) as clinic:
        checked = clinic.check()
    if as_json:
        _print_json(checked)
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


@commands.command("backup")
@_CLINIC
@_AS
@_FD
@_JSON
def backup_(folder: Path | None, who: str | None, password_fd: int | None, as_json: bool) -> None:
    """Make a backup of the record now, and verify it by opening it."""
    with _opened(folder, who, password_fd, "backup") as clinic:
        clinic.backups.soon().result()
        safety = clinic.backups.state()
    if safety.trouble:
        raise KnownError(safety.trouble)
    if as_json:
        _print_json(safety)
    else:
        made = datetime.fromtimestamp(safety.backup_us / 1e6).astimezone().isoformat(" ", "minutes")
        click.echo(f"The newest verified backup is of {made}, in {safety.place}")
        if not safety.apart:
            click.echo("It lies on the same disk as the record. Name a second place on another one in places.toml.")


@commands.command("restore")
@_CLINIC
@_AS
@_FD
@click.option("--drill", is_flag=True, help="Only try it, beside the record in use, and report.")
@_JSON
def restore_(folder: Path | None, who: str | None, password_fd: int | None, drill: bool, as_json: bool) -> None:
    """Put a damaged record back from its newest backup and its second copy. Exit code 1 when not every line holds."""
    from kapdesk.clinic.restore import restore
    from kapdesk.clock import Clock

    ring = _signed_in(folder, who, password_fd)
    with _bar("Trying the copies" if drill else "Putting the record back") as progress:
        report = restore(ring, Clock(), drill=drill, progress=progress)
    if as_json:
        _print_json(report)
    else:
        click.echo(report.words())
        for id_, why in report.refused:
            click.echo(f"Left out: line {id_} {why}")
        for fault in report.faults:
            click.echo(f"The second copy: {fault}")
    if not report.whole or report.refused:
        sys.exit(1)


@commands.command()
@_CLINIC
@_AS
@_FD
@click.option("--bundle", type=click.Path(path_type=Path), default=None, help="Also write it all into a file for help.")
@_JSON
def doctor(folder: Path | None, who: str | None, password_fd: int | None, bundle: Path | None, as_json: bool) -> None:
    """Look at this computer and the clinic's folder, and say what is in order and what is not."""
    from kapdesk.clinic.doctor import examine

    ring = _signed_in(folder, who, password_fd) if who is not None else None
    findings = examine(folder or paths.default_clinic(), ring)
    if bundle is not None:
        from kapdesk.clinic import support

        _say(f"{bundle} holds: {', '.join(support.bundle(bundle, findings))}. Nothing of the record is in it.")
    if as_json:
        _print_json(findings)
    else:
        sign = {"yes": "✓", "note": "·", "no": "✗"}
        for finding in findings:
            click.echo(f"{sign[finding.well]} {finding.what}: {finding.words}")
    if any(finding.well == "no" for finding in findings):
        sys.exit(1)


@commands.command("erase")
@_CLINIC
@_AS
@_FD
@click.argument("session")
@click.option("--reason", required=True, help="By which law or request; it stays on record.")
@click.option("--agreed-by", required=True, metavar="NAME", help="The second person, whose password is asked for.")
@click.option("--agreed-password-fd", type=click.IntRange(0), default=None, help="As --password-fd, of the second.")
@_JSON
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
    from kapdesk.facts.people import Actor

    with _opened(folder, who, password_fd, "erase") as clinic:
        try:
            id_ = UUID(session)
        except ValueError as error:
            raise KnownError("Give the whole id of the visit; kapdesk note lists them. Nothing was erased.") from error
        second = clinic.ring.sign_in(agreed_by, _typed(agreed_password_fd, f"Password of {agreed_by}"))
        clinic.require(second, "agree to erase")
        streams = of_patient(clinic, id_) if id_ in clinic.patients else of_visit(clinic, id_)
        left = erase(clinic, streams, reason, Actor(clinic.ring.first, clinic.ring.first), second)
    if as_json:
        _print_json(left)
        return
    click.echo("Erased, with its second copy and drafts. That it was, and what was signed, stays provable.")
    for each in left:
        click.echo(each.words())


@commands.command("audit")
@_CLINIC
@_AS
@_FD
@_JSON
def audit_(folder: Path | None, who: str | None, password_fd: int | None, as_json: bool) -> None:
    """Who came in, who read and took out what, who left; without any patient's name."""
    from kapdesk.clinic.audit import entries

    with _opened(folder, who, password_fd, "audit") as clinic:
        told = entries(clinic)
        founded = clinic.state.founded
    if as_json:
        _print_json(told)
        return
    zone = ZoneInfo(founded.time_zone) if founded else None
    for each in told:
        at = datetime.fromtimestamp(each.at_us / 1e6, zone).isoformat(" ", "minutes")
        click.echo(f"{at}  {each.by}: {each.what}")


@commands.command("people")
@_CLINIC
@_AS
@_FD
@click.option("--remove", metavar="NAME", default=None, help="This person works here no more.")
@click.option("--new-recovery-code", "renew", is_flag=True, help="Make a new recovery code; it is shown this once.")
@_JSON
def people_(
    folder: Path | None, who: str | None, password_fd: int | None, remove: str | None, renew: bool, as_json: bool
) -> None:
    """Who works here; or, with --remove, let someone go: their password opens nothing any more."""
    from kapdesk.clinic.staff import let_go, renew_recovery
    from kapdesk.facts.people import Actor

    if renew:
        with _opened(folder, who, password_fd, "settings") as clinic:
            code, missing = renew_recovery(clinic, Actor(clinic.ring.first, clinic.ring.first))
        if as_json:
            _print_json({"code": str(code), "private_streams_to_come": missing})
            return
        click.echo(f"The new recovery code, shown this once; write it down on paper:\n\n  {code}\n")
        click.echo(f"{len(missing)} private streams come to it when their authors next sign in. The old code is over.")
        return
    with _opened(folder, who, password_fd, "add people" if remove else None) as clinic:
        staff = dict(clinic.state.staff)
        if remove:
            gone = next((id_ for id_, each in staff.items() if each.name.casefold() == remove.casefold()), None)
            if gone is None:
                raise KnownError(f"Nobody here is called {remove}. Nothing was changed; list them: kapdesk people")
            let_go(clinic, gone, Actor(clinic.ring.first, clinic.ring.first)).kept.result()
            del staff[gone]
    if as_json:
        _print_json([{"name": each.name, "roles": each.roles} for each in staff.values()])
        return
    for each in staff.values():
        click.echo(f"{each.name}: {', '.join(each.roles)}")
    if remove:
        click.echo(
            f"{remove} works here no more. Their password opens nothing, and what they wrote for themselves is theirs."
        )
        click.echo("The record gets a new key when it is next opened; backups from before open with the old one.")


@commands.group()
def music() -> None:
    """The music: playlists at hand, and composing more."""


@music.command("list")
@_CLINIC
@_JSON
def list_(folder: Path | None, as_json: bool) -> None:
    """The playlists at hand, and which of their pieces are missing."""
    from kapdesk.clinic.music import playlists
    from kapdesk.music.playlist import read

    rows = []
    for path in playlists(folder or paths.default_clinic()):
        try:
            playlist = read(path)
        except KnownError as error:
            rows.append({"file": path.name, "title": "", "tracks": 0, "missing": [], "trouble": str(error)})
            continue
        missing = [track.file for track in playlist.tracks if not playlist.path_of(track).is_file()]
        row = {
            "file": path.name,
            "title": playlist.title,
            "tracks": len(playlist.tracks),
            "missing": missing,
            "trouble": "",
        }
        rows.append(row)
    if as_json:
        _print_json(rows)
        return
    for row in rows:
        missing_words = f", missing: {', '.join(row['missing'])}" if row["missing"] else ""  # type: ignore[arg-type]
        click.echo(row["trouble"] or f"{row['file']}: {row['title']}, {row['tracks']} pieces{missing_words}")


@music.command("compose")
@click.option("--phase", type=click.Choice(PHASES), required=True, help="The phase the music is for.")
@click.option("--minutes", type=float, default=8.0, show_default=True, help="How long it is.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes another piece.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="The Ogg file to write.")
@_JSON
def compose_(phase: str, minutes: float, seed: int, out: Path | None, as_json: bool) -> None:
    """Compose an original piece of music for a phase. The same phase, length and seed give the same music."""
    from kapdesk.music.compose import compose

    path = (out or Path(f"{phase}-{seed}.ogg")).resolve()
    with _bar(f"Composing {minutes:g} min for {phase}") as progress:
        measured = compose(phase, minutes, seed, path, lambda part: progress(part, ""))  # type: ignore[arg-type]
    if as_json:
        _print_json({"file": str(path), **msgspec.to_builtins(measured)})
    else:
        click.echo(f"{path}: {measured.length_ms / 60_000:.1f} min, {measured.lufs:.1f} LUFS")


def _signed_in(folder: Path | None, who: str | None, password_fd: int | None) -> "Keyring":
    """Ask for name and password at the terminal, or read the password from a file descriptor."""
    from kapdesk.clinic.keyring import names, sign_in

    folder = folder or paths.default_clinic()
    known = names(folder)
    if known is None:
        raise KnownError(f"{folder} holds no clinic yet. Set one up first: kapdesk open")
    if who is None and (password_fd is not None or not sys.stdin.isatty()):
        raise KnownError("Say with --as whose password this is. Nothing was opened.")
    who = who or click.prompt("Name", default=known[0] if len(known) == 1 else None, err=True)
    return sign_in(folder, str(who), _typed(password_fd, "Password"))


def _typed(fd: int | None, asked: str) -> str:
    """A password from a file descriptor, or asked for at the terminal."""
    if fd is not None:
        with open(fd, encoding="utf-8") as file:
            return file.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise KnownError("There is no terminal to ask for the password: give it with --as NAME --password-fd N.")
    return str(click.prompt(asked, hide_input=True, err=True))


@contextmanager
def _opened(
    folder: Path | None, who: str | None, password_fd: int | None, act: "Act | None" = None
) -> "Iterator[OpenClinic]":
    """The open clinic, where whoever signs in may do this."""
    from kapdesk.clinic.inbox import Inbox
    from kapdesk.clinic.open import OpenClinic

    inbox = Inbox()
    ring = _signed_in(folder, who, password_fd)
    clinic = OpenClinic(ring, inbox.post, trouble=lambda sentence: _say(sentence or ""))
    try:
        if act is not None:
            clinic.require(ring.first, act)
        yield clinic
    finally:
        inbox.run_until(clinic.drained, 10)
        clinic.close(give_up=True)


@contextmanager
def _bar(label: str) -> Iterator[Callable[[float, str], None]]:
    """A progress bar on stderr, so that stdout stays for the answer."""
    bar = click.progressbar(length=1000, label=label, file=sys.stderr, item_show_func=lambda words: words or "")
    with bar:

        def progress(part: float, words: str) -> None:
            bar.update(int(part * 1000) - bar.pos, words)

        yield progress
        bar.update(1000 - bar.pos)


def _list(visits: "list[Line]", as_json: bool) -> None:
    """The sessions, newest first: no names, for a terminal is seen by others."""
    rows = []
    for line in visits:
        arrived_us = line.session.arrived_us
        opened = line.session.opened
        zone = ZoneInfo(opened.time_zone) if opened is not None else None
        arrived = datetime.fromtimestamp(arrived_us / 1e6, zone).isoformat(" ", "minutes") if arrived_us else "-"
        rehearsal = opened is not None and opened.rehearsal
        rows.append({"id": str(line.id), "arrived": arrived, "stage": line.session.stage, "rehearsal": rehearsal})
    if as_json:
        _print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['arrived']}  {row['stage']}{'  rehearsal' if row['rehearsal'] else ''}")
    if not rows:
        click.echo("No sessions yet.")


def _print_json(answer: object) -> None:
    click.echo(msgspec.json.encode(answer).decode())


def _say(sentence: str) -> None:
    if sentence:
        click.echo(sentence, err=True)
