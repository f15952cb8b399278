"""Composing in a process of its own: `python -m kapdesk.music.compose.child PHASE MINUTES SEED OUT`.

Each line it says is the share done, 0 to 1; a last one that is no number is the sentence why nothing was made.
"""

import sys
from pathlib import Path

from kapdesk.errors import KnownError
from kapdesk.music.compose import compose


def say(line: str) -> None:
    """A line, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Compose one piece, and say how far it is."""
    phase, minutes, seed, out = sys.argv[1:]
    try:
        compose(phase, float(minutes), int(seed), Path(out), lambda share: say(f"{share:.3f}"))  # type: ignore[arg-type]
    except KnownError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
