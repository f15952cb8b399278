"""The music: playlists at hand, and composing more."""

from pathlib import Path

import click
import msgspec

from kapdesk import paths
from kapdesk.cli.common import CLINIC, JSON, bar, print_json
from kapdesk.errors import KnownError
from kapdesk.facts.words import PHASES


@click.group()
def music() -> None:
    """The music: playlists at hand, and composing more."""


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
