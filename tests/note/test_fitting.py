"""What belongs on one page stands on one page, and no table is torn that need not be."""

import msgspec
import pytest
from reportlab.platypus import CondPageBreak, KeepTogether

from kapdesk.note import fonts
from kapdesk.note.fitting import height_of, one_page, together
from kapdesk.note.front import front
from kapdesk.note.layout import lay_out
from kapdesk.note.paper import Line, Note, Table
from kapdesk.note.styles import Case
from tests.note.reading import pages
from tests.note.sample import sample

WIDTH, HEIGHT = 493.0, 720.0


@pytest.fixture(autouse=True)
def body() -> None:
    fonts.set_body()


def longer(lines: int) -> Note:
    return msgspec.structs.replace(sample(), how_it_went=("It went on calmly and nothing else was seen.",) * lines)


def heights(note: Note) -> tuple[float, float]:
    """The first page as it would be, and as it is."""
    case = Case()
    return height_of(front(note, Case()), WIDTH), height_of(
        one_page(lambda each: front(note, each), case, WIDTH, HEIGHT), WIDTH
    )


def test_the_signatures_of_an_ordinary_note_stand_on_its_first_page() -> None:
    assert "Signature, date and time" in pages(lay_out(sample()))[0]


def test_a_first_page_that_runs_a_few_lines_over_is_set_closer_and_holds_its_signatures() -> None:
    over = next(note for note in map(longer, range(60)) if heights(note)[0] > HEIGHT + 20)
    natural, made = heights(over)
    assert made < HEIGHT < natural
    assert "Signature, date and time" in pages(lay_out(over))[0]


def test_one_that_is_much_longer_keeps_its_size() -> None:
    natural, made = heights(longer(60))
    assert made == natural > HEIGHT


def test_a_short_table_is_kept_whole_and_a_long_one_begins_where_some_of_it_has_room() -> None:
    case = Case()

    def table(lines: int) -> list[object]:
        from kapdesk.note.listing import matter

        rows = tuple(Line(clock="10:02", minute="0", by="NO", cells=("Dose checked",)) for _ in range(lines))
        return together(matter(Table(part="scales", heading="Scales", lines=rows), "Scales", case), WIDTH)

    (short,) = table(4)
    assert isinstance(short, KeepTogether)
    begin, *rest = table(60)
    assert isinstance(begin, CondPageBreak)
    assert len(rest) == 2


def test_a_heading_never_stands_alone_at_the_foot_of_a_page() -> None:
    for lines in range(4, 40, 12):
        for page in pages(lay_out(longer(lines))):
            last = [line for line in page.splitlines() if line.strip()][-2]
            assert last not in ("Medication", "Vital signs", "Observations", "Music heard", "Guided imagery", "Plan")
