"""The rail at the left, where there is little room."""

from collections.abc import Callable

from PySide6.QtGui import QFontMetrics

from ui import theme
from ui.rail import SLIM, fitting


def test_a_name_on_the_rail_gives_up_whole_words_before_letters(light: Callable[..., None]) -> None:
    light("dusk")
    metrics = QFontMetrics(theme.font("small", "semibold"))
    for said in ("Zofia Sample", "Zofia S.", "Zofia"):
        assert fitting("Zofia Sample", metrics, metrics.horizontalAdvance(said)) == said
    assert fitting("Zofia Sample", metrics, metrics.horizontalAdvance("Zo…")).endswith("…")
    assert fitting("", metrics, 50) == ""


def test_its_words_are_whole_beside_a_video_call_too(light: Callable[..., None]) -> None:
    light("dusk")
    tiny = QFontMetrics(theme.font("tiny", "semibold"))
    assert max(map(tiny.horizontalAdvance, ("Home", "Records", "Light", "Keys"))) <= theme.px(SLIM - 12) - 2
