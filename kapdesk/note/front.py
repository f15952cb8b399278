"""Page 1: what a reader needs who reads nothing else, and the lines to sign."""

from collections.abc import Sequence

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from kapdesk.clinical.template import PARTS
from kapdesk.note import fonts
from kapdesk.note.field import SignatureField
from kapdesk.note.listing import columns
from kapdesk.note.paper import Named, Note, Present, Signature, Tile
from kapdesk.note.script import Ink
from kapdesk.note.setting import Prose
from kapdesk.note.styles import (
    BODY,
    BREACH,
    BREACH_PALE,
    CELL,
    CELL_RIGHT,
    CODE,
    COLUMN,
    FLAG_SHAPE,
    FLAGGED,
    HEAD,
    PALE,
    PLAIN,
    QUIET,
    QUIET_SEMI,
    SEMI,
    SMALL,
    SUBTITLE,
    TEAL,
    TILE,
    TITLE,
    Case,
)
from kapdesk.note.tables import Box, Grid, Row, Spacing
from kapdesk.note.tags import BESIDE, FACTS, ITEMS, ONE, TILES, marks_of

Part = tuple[str, Sequence[str]]
"""A heading and its lines."""

_WORD = {"draft": "DRAFT", "rehearsal": "REHEARSAL", "signed": "SIGNED AND LOCKED"}


def front(note: Note, case: Case) -> list[Flowable]:
    """Status, who and when, the figures, the parts of the clinic's layout, signatures: in this order."""
    story: list[Flowable] = [letterhead_of(note.letterhead, case)] if note.letterhead else []
    story.append(case.say(note.title, TITLE, Ink(fonts.SEMIBOLD, 0x17252B)))
    if note.subtitle:
        story.append(case.say(note.subtitle, SUBTITLE, QUIET))
    else:
        story.append(Spacer(0, 5))
    story += [_status(note, case), Spacer(0, 6), _identity(note, case), Spacer(0, 6)]
    if note.tiles:
        story += [tiles_of(note.tiles, case), Spacer(0, 2)]
    story += _parts(note, case)
    story += _signatures(note, case)
    return story


def letterhead_of(lines: Sequence[str], case: Case) -> Prose:
    """The lines under the clinic's name, one after the other."""
    return case.say("  ·  ".join(lines), SMALL._replace(after=6), QUIET)


def _parts(note: Note, case: Case) -> list[Flowable]:
    """The parts in the clinic's order; two that belong together stand beside each other where they follow so."""
    told: dict[str, Sequence[str]] = {
        "indication": (note.indication,),
        "intention": (note.intention,),
        "how it went": note.how_it_went,
        "debrief": note.debrief,
        "condition at leaving": note.leaving,
        "plan": note.plan,
    }
    parts = [(each.part, each.heading) for each in note.parts] or [(each.part, each.heading) for each in PARTS]
    story: list[Flowable] = []
    while parts:
        part, heading = parts.pop(0)
        if part == "given":
            story += _given(note, heading, case)
        elif part == "events":
            story += _events(note, heading, case)
        elif parts and (part, parts[0][0]) in _PAIRS:
            second, beside = parts.pop(0)
            story += _side_by_side((heading, told[part]), (beside, told[second]), case)
        else:
            story += _section(heading, told[part], case)
    return story


_PAIRS = {("indication", "intention"), ("condition at leaving", "plan")}


def _status(note: Note, case: Case) -> Grid:
    loud = note.standing != "signed"
    words = Ink(fonts.BOLD, BREACH if loud else TEAL)
    lines = [case.say([(_WORD[note.standing], words), (f"   {note.status}" if note.status else "", PLAIN)], BODY)]
    if note.moved:
        lines.append(case.say(note.moved, SMALL, PLAIN))
    row = Row((Box(tuple(lines)),), tint=BREACH_PALE if loud else PALE, rule=False)
    return Grid([1], None, [row], Spacing(side=7, above=3.6, below=4.2), ONE)


def _identity(note: Note, case: Case) -> Grid:
    """Patient, times and people beside each other, a fact a line."""
    who = note.patient
    date = Named(name="Date", value=", ".join(filter(None, (note.date, note.offset))))
    patient = [
        Named(name="Name", value=who.name),
        Named(name="Called", value=", ".join(part for part in (who.preferred, who.pronouns) if part)),
        Named(name="Born", value=who.born),
        Named(name="Record no.", value=who.number),
        Named(name="Weight", value=who.weight),
        Named(name="Allergies", value=who.allergies),
        Named(name="Medicines", value=who.medicines),
        Named(name="Interpreter", value=who.interpreter),
    ]
    people = [Row((Box((_person(person, case),)),), rule=False) for person in note.people]
    columns = (
        ("Patient", Grid([31, 69], None, [_fact(each, case) for each in patient if each.value], _CLOSE, FACTS)),
        ("Times", Grid([37, 63], None, [_fact(each, case) for each in (date, *note.times)], _CLOSE, FACTS)),
        ("Present, with their initials", Grid([1], None, people, _CLOSE, ITEMS)),
    )
    boxes = tuple(Box((case.say(heading, COLUMN, QUIET_SEMI), facts)) for heading, facts in columns)
    return Grid([29, 43, 28], None, [Row(boxes, rule=False)], Spacing(side=0, above=0, below=1), BESIDE)


_CLOSE = Spacing(side=0, above=0.2, below=0.4)


def _fact(fact: Named, case: Case) -> Row:
    ink = SEMI if fact.name == "Allergies" else PLAIN
    name, value = case.say(fact.name, CELL, QUIET), case.say(fact.value, CELL._replace(inset=8), ink)
    return Row((Box((name,)), Box((value,))), rule=False)


def _person(person: Present, case: Case) -> Prose:
    name = f"{person.name}, {person.credential}" if person.credential else person.name
    return case.say([(f"{person.initials}  ", SEMI), (name, PLAIN), (f"  {person.role}", QUIET)], CELL)


def tiles_of(tiles: Sequence[Tile], case: Case) -> Grid:
    """The few figures at the head of a page, beside each other; many of them a little smaller, so that none is cut."""
    wanted = [max(each.natural_width for each in _tile(tile, Case())) for tile in tiles]
    room = _TILES - _ASIDE * len(tiles)
    scale = max(_LEAST, min(1.0, room / max(1.0, sum(wanted))))
    boxes = [Box(_tile(tile, case, scale)) for tile in tiles]
    # Each as wide as its words ask for, and the room that is left shared out evenly.
    spare = max(0.0, room - scale * sum(wanted)) / len(tiles)
    widths = [scale * wide + _ASIDE + spare for wide in wanted]
    row = Row(tuple(boxes), tint=PALE, rule=False)
    return Grid(widths, None, [row], Spacing(side=7, above=4, below=4.4, between=1), TILES)


_TILES, _ASIDE, _LEAST = 490.0, 16.0, 0.78
"""How wide all tiles are and what stands beside the words of each (points), and how small they may become."""


def _tile(tile: Tile, case: Case, scale: float = 1.0) -> tuple[Prose, ...]:
    name, value, more = (
        each._replace(size=each.size * scale, leading=each.leading * scale) for each in (HEAD, TILE, SMALL)
    )
    return (
        case.say(tile.name, name, QUIET_SEMI),
        case.say(FLAG_SHAPE[tile.flag] + tile.value, value, FLAGGED if tile.flag else SEMI),
        case.say(tile.more or " ", more, QUIET),
    )


def _section(heading: str, lines: Sequence[str], case: Case) -> list[Flowable]:
    """A heading and its lines; nothing where there is nothing to say."""
    said = case.lines(lines, BODY)
    return [CondPageBreak(44), case.heading(heading), *said] if said else []


def _given(note: Note, heading: str, case: Case) -> list[Flowable]:
    if not note.doses and not note.sums:
        return []
    rows = []
    for each in note.sums:
        boxes = (case.say([(each.medication, SEMI), (f", {each.route}", PLAIN)]), case.say(each.total, CELL, SEMI))
        of = (each.medication.casefold(), each.route)
        given = [d for d in note.doses if (d.medication.casefold(), d.route) == of and not d.struck]
        when = "; ".join(" ".join(filter(None, (d.dose, f"at {d.clock}", d.ran))) for d in given)
        rows.append(Row((*(Box((prose,)) for prose in boxes), Box((case.say(when, CELL, QUIET),)))))
    return [CondPageBreak(60), case.heading(heading), Grid([34, 30, 36], None, rows)]


def _events(note: Note, said: str, case: Case) -> list[Flowable]:
    heading = case.heading(said)
    if not note.events:
        if not note.no_events:
            return []
        return [CondPageBreak(44), heading, case.say(note.no_events, BODY)]
    head = columns(case, "Time", "Min", "Event", "What was done", "Outcome", right=(1,))
    rows = []
    for event in note.events:
        spans = [(event.what, SEMI)] if event.what else []
        spans += [(f"{': ' if spans else ''}{part}", ink) for part, ink in ((event.detail, PLAIN),) if part]
        what = [case.say(spans, CELL)] if spans else []
        told = [Box((*what, *case.amendments(event))), Box((case.say(event.done),)), Box((case.say(event.outcome),))]
        while len(told) > 1 and not (event.outcome if len(told) == 3 else event.done):
            told.pop()  # what there is to say may run on over empty columns
        told[-1] = told[-1]._replace(across=4 - len(told))
        rows.append(Row((Box((case.clock(event),)), Box((case.say(event.minute, CELL_RIGHT),)), *told)))
    return [CondPageBreak(80), heading, Grid([7, 5, 34, 32, 22], head, rows, Spacing(side=3, above=1.5, below=1.9))]


def _side_by_side(first: Part, second: Part, case: Case) -> list[Flowable]:
    """Two sections beside each other where both are short, else one after the other."""
    parts = (first, second)
    if not all(any(lines) and sum(map(len, lines)) < 900 for _, lines in parts):
        return [flowable for heading, lines in parts for flowable in _section(heading, lines, case)]
    short = BODY._replace(inset=14)
    boxes = tuple(Box((case.heading(heading), *case.lines(lines, short))) for heading, lines in parts)
    close = Spacing(side=0, above=0, below=0, between=1.5)
    return [Spacer(0, 7), Grid([1, 1], None, [Row(boxes, rule=False)], close, BESIDE)]


def _signatures(note: Note, case: Case) -> list[Flowable]:
    """A field each, two beside each other: role, name, and a line for hand and date, or when it was signed."""
    if not note.signatures:
        return []
    boxes = [_signature(each, n if note.standing == "signed" else 0, case) for n, each in enumerate(note.signatures, 1)]
    boxes += [Box()] * (len(boxes) % 2)
    rows = [Row(tuple(boxes[n : n + 2]), rule=False) for n in range(0, len(boxes), 2)]
    fields = Grid([1, 1], None, rows, Spacing(side=0, above=1, below=3, between=1), BESIDE)
    return [KeepTogether([case.heading("Signatures"), fields])]


def _signature(each: Signature, field: int, case: Case) -> Box:
    """`field` counts the fields of the file to sign in; 0 where the paper has none, being no more than a draft."""
    licence = f"licence no. {each.licence}" if each.licence else ""
    name = ", ".join(part for part in (each.name, each.credential, licence) if part)
    lines = [case.say([(each.role, SEMI), (f"   {name}" if name else "", PLAIN)], CELL._replace(inset=12))]
    if each.meaning:
        lines.append(case.say(each.meaning, SMALL, QUIET))
    if each.signed:
        lines.append(case.say([("Signed ", Ink(fonts.BOLD, TEAL)), (each.signed, PLAIN)], CELL))
    if field:
        lines.append(SignatureField(f"signature-{field}", f"Signature of {each.role.lower()}{name and f', {name}'}"))
    elif not each.signed:
        lines += [case.say(" ", CELL._replace(leading=19)), SignHere()]
        lines.append(case.say("Signature, date and time", CODE, QUIET))
    return Box(tuple(lines))


class SignHere(Prose):
    """A line to sign on."""

    def __init__(self) -> None:
        super().__init__([("", PLAIN)], SMALL._replace(leading=1.5), Case().findings)

    drawOn = Flowable.drawOn

    def draw(self) -> None:
        """Put the line on the page; called by reportlab."""
        marks = marks_of(self.canv)
        marks.artifact(self.canv, "Layout")
        self.canv.setStrokeColorRGB(0.32, 0.38, 0.41)
        self.canv.setLineWidth(0.6)
        self.canv.line(0, 0.5, self.width * 0.94, 0.5)
        marks.end(self.canv)
