"""Sets what was heard: the music piece by piece, and the guided imagery."""

from collections.abc import Sequence

from reportlab.platypus import CondPageBreak, Flowable, Spacer

from kapdesk.note.listing import TIGHT, columns, sentences
from kapdesk.note.paper import Imagery, Track
from kapdesk.note.styles import (
    CELL_RIGHT,
    PLAIN,
    QUIET,
    SEMI,
    SMALL,
    Case,
)
from kapdesk.note.tables import Box, Grid, Row


def music_part(tracks: Sequence[Track], totals: str, heading: str, case: Case) -> list[Flowable]:
    """The pieces by their numbers in the chart, with what was done to the music between them."""
    if not tracks:
        return sentences((totals,) if totals else (), heading, case)
    head = columns(case, "No.", "From", "To", "Min", "Heard", "Track", "How it ended", right=(0, 3, 4))
    rows = []
    for track in tracks:
        title = [(track.title, PLAIN), (f"  {track.phase}" if track.phase else "", QUIET)]
        rows.append(Row((
            Box((case.say(str(track.number or "–"), CELL_RIGHT, SEMI),)), Box((case.clock(track),)),
            Box((case.say(track.until),)), Box((case.say(track.minute, CELL_RIGHT),)),
            Box((case.say(track.heard, CELL_RIGHT),)), Box((case.say(title), *case.amendments(track))),
            Box((case.say(track.ended),)),
        )))  # fmt: skip
    told = [case.say(totals, SMALL, QUIET), Spacer(0, 2)] if totals else []
    return [CondPageBreak(90), case.heading(heading), *told, Grid([6, 8, 8, 7, 8, 38, 25], head, rows, TIGHT)]


def imagery_part(pieces: Sequence[Imagery], heading: str, case: Case) -> list[Flowable]:
    """The guided pieces, and how each was given."""
    if not pieces:
        return []
    head = columns(case, "From", "To", "Min", "Guided imagery", "Voice", "How it ended", right=(2,))
    rows = [
        Row((
            Box((case.clock(each),)), Box((case.say(each.until),)), Box((case.say(each.minute, CELL_RIGHT),)),
            Box((case.say(each.title), *case.amendments(each))), Box((case.say(each.voice),)),
            Box((case.say(each.ended),)),
        ))
        for each in pieces
    ]  # fmt: skip
    return [CondPageBreak(60), case.heading(heading), Grid([8, 8, 7, 36, 19, 22], head, rows, TIGHT)]
