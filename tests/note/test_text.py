"""No character of a note is lost or read as anything but itself."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapdesk.note import arabic, fonts, outlines
from kapdesk.note.layout import lay_out
from kapdesk.note.script import Findings, Ink, paragraphs
from tests.note.reading import pdfium, poppler, unspaced
from tests.note.sample import with_notes

WRITTEN = (
    "<b>bold</b> & <i>odd</b></i> <font name=Nope>x</font>",
    "</para><para>",
    '<img src="/etc/passwd"/> <a href="file:///etc/passwd">here</a> <onDraw name="x"/>',
    "BP <160/100>; a&b; &amp; &lt; &#65;",
    "Zażółć gęślą jaźń",
    "Nguyễn Thị Hồng Ánh thở đều, mắt nhắm",
    "她说很平静,像在水里。呼吸缓慢,没有不适。",
    "Ελένη, Наталья, Þórður, ½ µg ≥ ≤ → ± − × °",
    "one  two   three",
    "co-operative well-being 24-hour (2/10) “quoted” ’s … • ▲ ▼ ✓ ☐",
    "Привет 😀 🙂 and 𝒳",
)


@pytest.mark.parametrize("text", WRITTEN, ids=lambda text: text[:24])
def test_what_was_written_is_read_back(text: str) -> None:
    pdf = lay_out(with_notes(text))
    wanted = unspaced(unicodedata.normalize("NFC", text))
    assert wanted in unspaced(poppler(pdf))


def test_a_word_of_five_thousand_letters_is_broken_and_complete() -> None:
    assert poppler(lay_out(with_notes("Ж" * 5000))).count("Ж") == 5000


@pytest.mark.parametrize("text", WRITTEN[:10], ids=lambda text: text[:24])
def test_a_second_reader_reads_the_same(text: str) -> None:
    wanted = unspaced(unicodedata.normalize("NFC", text))
    assert wanted in unspaced(pdfium(lay_out(with_notes(text))).replace("\ufffe", "-"))


@pytest.mark.parametrize(
    "text",
    [
        "محمد عبد الله يشعر بالراحة ويتنفس ببطء. ضغط الدم 160/100 بعد 20 دقيقة.",
        "הוא מרגיש רגוע ונושם לאט (BP 120/80).",
        "Said سلام and smiled.",
    ],
)
def test_every_word_from_right_to_left_is_read_back_in_the_order_it_was_written(text: str) -> None:
    words = [word.strip(".()،") for word in text.split()]
    read = poppler(lay_out(with_notes(text)))
    at = 0
    for word in words:
        at = read.find(word, at)
        assert at >= 0, word


def test_lam_alef_is_one_sign_on_paper_and_two_letters_in_the_text() -> None:
    assert [form.shown for form in arabic.joined("لا")] == ["\ufefb"]
    assert [form.source for form in arabic.joined("سلام")] == ["س", "لا", "م"]
    assert "سلام" in poppler(lay_out(with_notes("سلام")))


def test_arabic_letters_join_their_neighbours() -> None:
    shown = "".join(form.shown for form in arabic.joined("بب ب"))
    assert shown == "\ufe91\ufe90 \ufe8f"
    assert "".join(form.shown for form in arabic.joined("ب\u200cب")) == "\ufe8f\u200c\ufe8f"


def test_control_characters_are_shown_by_their_code_and_listed() -> None:
    read = poppler(lay_out(with_notes("a\x00b\x1bc\x7fd\u2028e\ud800f\ue000g")))
    assert "a[U+0000]b[U+001B]c[U+007F]d[U+2028]e[U+D800]f[U+E000]g" in unspaced(read)
    assert "shown by their code: U+0000, U+001B, U+007F, U+2028, U+D800, U+E000" in " ".join(read.split())


def test_a_sign_no_font_has_is_spelled_out_and_listed_and_stays_itself_in_the_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "fallback_for", lambda code: None)
    read = poppler(lay_out(with_notes("she is \U0001fae0 now")))
    assert "she is \U0001fae0 now" in " ".join(read.split())
    assert "[melting face] stands for U+1FAE0" in " ".join(read.split())


def test_of_very_many_signs_without_a_font_the_list_gives_codes_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "fallback_for", lambda code: None)
    findings = Findings()
    fonts.set_body()
    paragraphs([("".join(map(chr, range(0x5000, 0x5400))), Ink())], findings)
    *listed, rest = findings.lines()
    assert len(listed) == 20
    assert listed[0] == "[cjk unified ideograph-5000] stands for U+5000"
    assert rest.startswith("So do the names of U+5014, U+5015")
    assert rest.count("U+") == 0x400 - 20


def test_characters_without_a_shape_are_listed() -> None:
    read = " ".join(poppler(lay_out(with_notes("safe\u200bty net\u202e"))).split())
    assert "U+200B zero width space, 1 times, has no shape of its own" in read
    assert "U+202E right-to-left override, 1 times" in read


@pytest.mark.parametrize("name", ["DejaVuSans", "NotoSansThai-Regular", "wqy-microhei"])
def test_what_a_font_covers_is_read_from_its_table_as_the_printing_library_reads_it(name: str) -> None:
    path = next(path for path in outlines.files() if path.stem == name)
    face = fonts._look_into(path)
    assert face is not None
    assert face.load()
    drawn = {code for code in fonts.glyphs_of(face.name) if code}
    assert all(face.covers(code) for code in drawn if code not in (0x0D, 0xA0, 0xAD, 0xFFFF))
    assert not face.covers(0x1FAE0)


@pytest.mark.parametrize("content", [b"", b"not a font", b"\0\1\0\0\0\2" + b"\xff" * 60, b"ttcf" + b"\0" * 40])
def test_a_torn_font_file_is_passed_over(content: bytes, tmp_path: Path) -> None:
    torn = tmp_path / "Torn.ttf"
    torn.write_bytes(content)
    assert fonts._look_into(torn) is None
    assert fonts._look_into(tmp_path / "missing.ttf") is None


def test_the_doctor_is_told_which_scripts_cannot_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert fonts.missing_scripts() == ()
    monkeypatch.setattr(fonts, "fallback_for", lambda code: None)
    assert "Arabic" in fonts.missing_scripts()


def test_letters_in_parts_are_put_together_and_line_ends_kept() -> None:
    fonts.set_body()
    made = paragraphs([("Z\u0307o\r\nand\rmore\n", Ink())], Findings())
    assert ["".join(cell.shown for cell in p.cells) for p in made] == ["Żo", "and", "more", ""]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_at_all_becomes_cells_that_stand_for_all_of_it(text: str) -> None:
    fonts.set_body()
    findings = Findings()
    made = paragraphs([(text, Ink())], findings)
    told = "\n".join("".join(cell.source for cell in p.cells) for p in made)
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    listed = "\n".join(findings.lines())
    for char in plain:
        assert char in told or char == "\t" or f"U+{ord(char):04X}" in told or f"U+{ord(char):04X}" in listed
    for paragraph in made:
        for cell in paragraph.cells:
            assert all(ord(char) in fonts.glyphs_of(cell.face) for char in cell.shown)


def test_a_figure_is_not_parted_from_its_unit() -> None:
    for filler in range(60, 120):
        read = poppler(lay_out(with_notes("m" * 3 + " i" * filler + " 12 mg 7 min 95 % 3 minims")))
        assert all(words in read for words in ("12 mg", "7 min", "95 %")), filler
