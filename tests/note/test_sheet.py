"""Any paper that is no session note, set on a page: all its words are there, on either size, and long ones go on."""

from datetime import date

import msgspec
import pytest

from kapdesk.note.layout import lay_out
from kapdesk.note.paper import Named, PaperSize, Tile
from kapdesk.note.press import press_sheet
from kapdesk.note.sheet import (
    Column,
    Dot,
    Facts,
    Lane,
    Level,
    Line,
    Part,
    Plot,
    Points,
    Sheet,
    Table,
    ToWrite,
    Words,
    text_of,
)
from kapdesk.note.sheet_page import set_sheet
from tests.note.reading import fonts, pages, poppler, unspaced
from tests.note.sample import sample

DAY = date(2026, 3, 2).toordinal()
LANE = Lane(
    name="Ketamine IM, mg",
    dots=tuple(Dot(day=DAY + 7 * n, value=40 + n, words=f"{40 + n}") for n in range(5)),
    least=0,
    most=50,
    levels=(Level(value=45, name="moderate"),),
    joined=True,
)
SHEET = Sheet(
    title="A sheet of its own",
    subtitle="With a subtitle",
    status="A status <b>with</b> & signs",
    clinic="Sample Clinic",
    whose="Sample Patient A",
    born="1980-01-01",
    number="NL-7",
    date="2026-03-02",
    tiles=(Tile(name="A tile", value="12", more="of 20"),),
    parts=(
        Part(heading="Words", blocks=(Words(text="Plain words."), Words(text="“Own words.”", how="quoted"))),
        Part(heading="Points", blocks=(Points(items=("first", "second")), Points(items=("uno",), numbered=True))),
        Part(
            heading="Table",
            blocks=(
                Table(
                    columns=(Column(name="Name", share=3), Column(name="mg", share=1, figures=True)),
                    lines=(Line(cells=("ketamine", "60")), Line(cells=("all", "120"), strong=True)),
                ),
            ),
        ),
        Part(heading="Plot", blocks=(Plot(lanes=(LANE,), words="Told.", marks=(Dot(day=DAY, value=1, words="1"),)),)),
        Part(heading="Here", blocks=(Facts(facts=(Named(name="Bladder", value="no"),)),), beside=True),
        Part(heading="There", blocks=(Points(items=("a milestone",)), Words(text="and words")), beside=True),
        Part(heading="To write", blocks=(ToWrite(names=("Name, signature",)),)),
    ),
)


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_every_word_is_on_the_paper(paper: PaperSize, large: bool) -> None:
    sheet = msgspec.structs.replace(SHEET, paper=paper, large=large)
    text = unspaced(poppler(set_sheet(sheet)))
    for words in text_of(sheet).splitlines():
        if words != "Told.":  # what a chart tells to whoever cannot see it is not printed
            assert unspaced(words) in text, words
    assert "Confidentialhealthrecord" in text


def test_it_goes_through_the_press_and_the_same_sheet_gives_the_same_bytes() -> None:
    assert press_sheet(SHEET) == set_sheet(SHEET)


def test_a_long_sheet_goes_on_with_its_head_on_every_page_and_loses_nothing() -> None:
    words = tuple(
        f"W{n:03} and it went on, and on, and on until the line was full and another began" for n in range(90)
    )
    rows = tuple(Line(cells=(f"R{n:03}", str(n))) for n in range(90))
    long = Part(heading="Long", blocks=(Points(items=words), *(Words(text=each, how="quoted") for each in words)))
    table = Part(heading="Rows", blocks=(msgspec.structs.replace(SHEET.parts[2].blocks[0], lines=rows),))
    made = pages(set_sheet(msgspec.structs.replace(SHEET, parts=(long, table))))
    assert len(made) > 4
    assert all("Sample Patient A" in page for page in made)
    assert f"Page {len(made)} of {len(made)}" in made[-1]
    whole = "".join(made)
    assert all(whole.count(f"W{n:03}") == 2 for n in range(90))
    assert all(f"R{n:03}" in whole for n in range(90))


def test_a_single_word_of_a_thousand_letters_is_not_cut_off() -> None:
    parts = (Part(heading="Long", blocks=(Words(text="x" * 1000), Points(items=("y" * 1000,)))),)
    text = poppler(set_sheet(msgspec.structs.replace(SHEET, parts=parts, large=True)))
    assert (text.count("x"), text.count("y")) >= (1000, 1000)


def test_one_day_alone_can_be_drawn() -> None:
    lane = msgspec.structs.replace(LANE, dots=LANE.dots[:1])
    plot = Part(heading="Plot", blocks=(Plot(lanes=(lane,), words=""),))
    assert "2026-03-02" in poppler(set_sheet(msgspec.structs.replace(SHEET, parts=(plot,))))


def test_a_rehearsal_says_so_on_each_page(tmp_path: object) -> None:
    pdf = set_sheet(msgspec.structs.replace(SHEET, rehearsal=True))
    assert "REHEARSAL" in poppler(pdf)
    assert "REHEARSAL" not in poppler(set_sheet(SHEET))
    assert all(" yes " in line for line in fonts(pdf, str(tmp_path)).splitlines()[2:])


def test_the_note_itself_is_set_as_before() -> None:
    assert "Confidential health record" in poppler(lay_out(sample()))
