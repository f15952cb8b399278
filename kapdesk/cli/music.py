"""The music: playlists at hand, checking and adding the clinic's own, and composing more."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from kapdesk import paths
from kapdesk.cli.common import CLINIC, JSON, bar, print_json, say
from kapdesk.errors import KnownError
from kapdesk.facts.words import PHASES

if TYPE_CHECKING:
    from kapdesk.music.library.check import Checked

PATHS = click.argument(
    "paths_", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="PLAYLIST|FOLDER|FILE…"
)


@click.group()
def music() -> None:
    """The music: playlists at hand, checking and adding the clinic's own, and composing more."""


@music.command("list")
@CLINIC
@JSON
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
        print_json(rows)
        return
    for row in rows:
        missing_words = f", missing: {', '.join(row['missing'])}" if row["missing"] else ""  # type: ignore[arg-type]
        click.echo(row["trouble"] or f"{row['file']}: {row['title']}, {row['tracks']} pieces{missing_words}")


@music.command("check")
@PATHS
@CLINIC
@JSON
def check_(paths_: tuple[Path, ...], folder: Path | None, as_json: bool) -> None:
    """Hear every piece whole, once, and say of each whether it can be played: green, or why not.

    Nothing is changed; what was measured is kept, and a working copy made of what needs one. Ends with 1 where a piece
    cannot be played.
    """
    from kapdesk.clinic.music import at_hand
    from kapdesk.music.library.check import check, overall
    from kapdesk.music.library.gather import gather
    from kapdesk.music.library.worker import Worker

    gathered, worker = gather(paths_), Worker()
    try:
        with bar("Checking the pieces") as progress:
            library = at_hand(folder or paths.default_clinic())
            found = check(library, gathered.pieces, worker, lambda told: progress(told.share, told.hearing))
    finally:
        worker.close()
    say(library.trouble)
    state = "bad" if gathered.refused else overall(each.verdict.state for each in found)
    if as_json:
        refused = [{"said": said, "why": why} for said, why in gathered.refused]
        print_json({"state": state, "pieces": [_row(each) for each in found], "refused": refused})
    else:
        for each in found:
            click.echo(_line(each))
        for said, why in gathered.refused:
            click.echo(f"no     {'':>7}  {'':>11}  {said}: {why}")
        click.echo("Everything can be played." if state in {"good", "look"} else "Not everything can be played.")
    if state not in {"good", "look"}:
        sys.exit(1)


@music.command("add")
@PATHS
@click.option("--title", default="", help="What the playlist is called; otherwise as the folder or list.")
@CLINIC
@JSON
def add_(paths_: tuple[Path, ...], title: str, folder: Path | None, as_json: bool) -> None:
    """Make a playlist of the clinic's own out of files, folders and lists (M3U, M3U8, PLS, XSPF).

    Each piece is heard first; what cannot be played is left out, with the reason. Phases are suggested by the order.
    """
    from kapdesk.clinic.playlists import add
    from kapdesk.music.library.worker import Worker

    worker = Worker()
    try:
        with bar("Checking the pieces") as progress:
            added, gathered = add(folder or paths.default_clinic(), title, paths_, worker, progress)
    finally:
        worker.close()
    left_out = [*added.left_out, *gathered.refused]
    if as_json:
        print_json({"file": str(added.path), "pieces": added.pieces,
                    "left_out": [{"said": said, "why": why} for said, why in left_out]})  # fmt: skip
        return
    for said, why in left_out:
        click.echo(f"Left out: {said}: {why}")
    click.echo(f"{added.path}: {added.pieces} pieces. The phases are a suggestion: look at them before a session.")


def _row(each: "Checked") -> dict[str, object]:
    measured = msgspec.to_builtins(each.measured) if each.measured is not None else None
    return {"title": each.title, "file": str(each.path or each.piece.said), "state": each.verdict.state,
            "said": each.verdict.said, "gain_db": each.verdict.gain_db, "copy": each.verdict.by_copy,
            "measured": measured}  # fmt: skip


def _line(each: "Checked") -> str:
    length, loud = "", ""
    if each.measured is not None and not each.measured.trouble:
        minutes, seconds = divmod(round(each.measured.length_ms / 1000), 60)
        length = f"{minutes}:{seconds:02}"
        loud = f"{each.measured.lufs:.1f} LUFS" if each.measured.lufs is not None else "silence"
    word = {"good": "yes", "look": "look", "bad": "no", "unheard": "?"}[each.verdict.state]
    return f"{word:<5}  {length:>7}  {loud:>11}  {each.title}{': ' if each.verdict.said else ''}{each.verdict.said}"


@music.command("compose")
@click.option("--phase", type=click.Choice(PHASES), required=True, help="The phase the music is for.")
@click.option("--minutes", type=float, default=8.0, show_default=True, help="How long it is.")
@click.option("--seed", type=int, default=1, show_default=True, help="Another number makes another piece.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="The Ogg file to write.")
@JSON
def compose_(phase: str, minutes: float, seed: int, out: Path | None, as_json: bool) -> None:
    """Compose an original piece of music for a phase. The same phase, length and seed give the same music."""
    from kapdesk.music.compose import compose

    path = (out or Path(f"{phase}-{seed}.ogg")).resolve()
    with bar(f"Composing {minutes:g} min for {phase}") as progress:
        measured = compose(phase, minutes, seed, path, lambda part: progress(part, ""))  # type: ignore[arg-type]
    if as_json:
        print_json({"file": str(path), **msgspec.to_builtins(measured)})
    else:
        click.echo(f"{path}: {measured.length_ms / 60_000:.1f} min, {measured.lufs:.1f} LUFS")
