"""What a clinic may put on its papers, and which minutes it bills until it decides. Pure."""

from collections.abc import Sequence

from kapdesk.facts.letterhead import CountedMinutesSet

MOST_LINES, LONGEST_LINE, LONGEST_NUMBER = 6, 80, 40
EXAMPLE = CountedMinutesSet("first dose", "end of observation")
"""What the choice of minutes begins with: an example. Nothing is billed by it until the clinic decides."""
_STAYS = "the papers stay as they were"


def doubt(lines: Sequence[str]) -> str | None:
    """Why these cannot stand under the clinic's name, in one plain sentence, or None."""
    if len(lines) > MOST_LINES:
        return f"A letterhead has {MOST_LINES} lines at most. Take some out; {_STAYS}."
    for line in lines:
        if not line.strip():
            return f"A line of the letterhead is empty. Type it, or take it out; {_STAYS}."
        if len(line) > LONGEST_LINE:
            return f"“{line[:20]}…” is longer than {LONGEST_LINE} letters. Part it into two lines; {_STAYS}."
        if not line.isprintable():
            return f"Something in the letterhead cannot be printed. Type it anew; {_STAYS}."
    return None


def number_doubt(number: str) -> str | None:
    """Why this cannot be a licence number, in one plain sentence, or None."""
    if len(number) > LONGEST_NUMBER:
        return f"A licence number has {LONGEST_NUMBER} letters at most. Shorten it; it is as it was."
    if not number.isprintable():
        return "Something in the licence number cannot be printed. Type it anew; it is as it was."
    return None
