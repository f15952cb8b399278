"""How every page is framed, and how what stands side by side is stacked where there is no room."""

from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ui import theme


def framed(page: QWidget) -> QVBoxLayout:
    """The layout of a whole page."""
    layout = QVBoxLayout(page)
    layout.setContentsMargins(theme.px(28), theme.px(20), theme.px(28), theme.px(20))
    layout.setSpacing(theme.px(12))
    return layout


def stack(box: QBoxLayout, below: bool) -> None:
    """Its parts one below the other, or beside each other."""
    box.setDirection(QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight)
