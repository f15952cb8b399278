"""Read along its tree, a note says every text as it was written: every plane, both directions, every font or none."""

import unicodedata

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kapdesk.note import fonts, script
from kapdesk.note.layout import lay_out
from tests.note.logical import logical
from tests.note.sample import with_notes

ARABIC = "محمد عبد الله يشعر بالراحة ويتنفس ببطء. ضغط الدم 160/100 بعد 20 دقيقة."
HEBREW = "הוא מרגיש רגוע ונושם לאט (BP 120/80)."
MIXED = "Said “سلام” and smiled; then (שלום) twice, 3 min."
EVERY = (
    *(
        "Zażółć gęślą jaźń",
        "Nguyễn Thị Hồng Ánh",
        "她说很平静。像在水里。",
        "Ελένη, Наталья, Þórður, ½ µg ≥ ≤ → ± − × °",
    ),
    *(ARABIC, HEBREW, MIXED, "《שלום》", "हिन्दी में", "ภาษาไทย", "😀 \U0001fae0 \U00010348 𝒳 \U0002070e \U000e0041"),
    *("<b>&amp;</b> </para>", "a\tb", "one  two   three", "\u0633\u0644\u0627\u0645" * 40),
)


def written(text: str) -> str:
    """As it is to be read: NFC, a control or unassigned code by its number, without what has no shape by its nature."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    told = (f"[U+{ord(char):04X}]" if _coded(char) else char for char in plain)
    return spaced("".join(told))


def _coded(char: str) -> bool:
    return script._no_sign(char) and not script._unseen(char) and char not in "\n\t"


def spaced(text: str) -> str:
    """Where a line ends on paper is no matter of the text, nor is what has no shape: that is counted at its end."""
    return " ".join("".join(char for char in text if not script._unseen(char)).split())


def read(*texts: str) -> list[str]:
    return [spaced(each) for each in logical(lay_out(with_notes(*texts)))]


def assert_in_order(said: list[str], texts: tuple[str, ...]) -> None:
    at = 0
    for text in filter(None, map(written, texts)):
        assert text in said[at:], text
        at = said.index(text, at) + 1


def test_every_script_is_read_in_the_order_it_was_written() -> None:
    assert_in_order(read(*EVERY), EVERY)


def test_a_text_of_several_lines_and_pages_is_one_text_to_the_reader() -> None:
    long = "\n".join((ARABIC, MIXED, "then"))
    whole = f"{ARABIC} {MIXED} " * 60
    assert_in_order(read(long, whole, "after"), (long, whole, "after"))


def test_without_any_font_of_the_machine_every_text_is_spelled_out_and_still_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "fallback_for", lambda code: None)
    said = logical(lay_out(with_notes(*EVERY)))
    assert_in_order([spaced(each) for each in said], EVERY)
    assert any("[hebrew letter alef] stands for U+05D0" in each for each in said)
    assert any("So do the names of" in each and "U+5979" in each for each in said)


MADE = st.text(max_size=40) | st.text(alphabet="سلام אבג abc 12 (/.،\u0301\u064e", max_size=40)


@settings(max_examples=4, deadline=None, phases=(Phase.explicit, Phase.generate))  # each makes a paper
@given(st.lists(MADE, min_size=20, max_size=40))
def test_whatever_is_written_is_read(texts: list[str]) -> None:
    assert_in_order(read(*texts), tuple(texts))


def test_of_every_plane_a_few_signs_of_each_block_are_read() -> None:
    codes = [code for code in range(0x21, 0x110000, 0x1D3) if not 0xD800 <= code < 0xE000]
    texts = ["".join(map(chr, codes[n : n + 120])) for n in range(0, len(codes), 120)]
    assert_in_order(read(*texts), tuple(texts))


def test_what_has_no_shape_by_its_nature_is_counted_on_the_last_page() -> None:
    listed = " ".join(read("safe\u200bty", "\u202enet", "soft\u00adhyphen"))
    for words in ("U+200B zero width space, 1 times", "U+202E right-to-left override, 1 times", "U+00AD soft hyphen"):
        assert words in listed
