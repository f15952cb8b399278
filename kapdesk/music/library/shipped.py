"""Measures the pieces that come with KapDesk, so that no clinic has to: `python -m kapdesk.music.library.shipped`."""

import msgspec

from kapdesk import paths
from kapdesk.music.library.measure import measure
from kapdesk.music.library.shelf import ANY_TIME, SHIPPED, Line, Place


def main() -> None:
    """Write what was measured beside the shipped playlists. To be run when one of their pieces was made anew."""
    folder = paths.shipped("playlists")
    lines = []
    for path in sorted((folder / "audio").iterdir()):
        measured = measure(path)
        place = Place(path.relative_to(folder).as_posix(), measured.size, ANY_TIME, measured.digest)
        lines.append(msgspec.json.encode(Line(place, measured)) + b"\n")
    (folder / SHIPPED).write_bytes(b"".join(lines))


if __name__ == "__main__":
    main()
