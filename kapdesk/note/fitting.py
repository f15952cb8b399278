"""Fits parts to pages: a first page that is nearly too long is set a little closer, short parts stay in one piece."""

from collections.abc import Callable, Sequence

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether

from kapdesk.note.styles import CLOSER, Case

_MOST = 1.24
"""A page longer than this (in its own height) is not made to fit: it would be too small to read well."""
_SHORT = 230.0
"""A part lower than this (points) is not broken over two pages."""


def one_page(part: Callable[[Case], list[Flowable]], case: Case, width: float, height: float) -> list[Flowable]:
    """The part on one page of this width and height in points, set closer where that is enough to have it there."""
    tried = Case()
    made = part(tried)
    if height < height_of(made, width) <= height * _MOST:
        for closer in CLOSER:
            other = Case()
            other.close = closer
            set_ = part(other)
            if height_of(set_, width) <= height:
                tried, made = other, set_
                break
    case.findings.take(tried.findings)
    return made


def together(part: Sequence[Flowable], width: float) -> list[Flowable]:
    """A part that is not broken where it is short; a longer one begins where some of it has room."""
    inside = [each for each in part if not isinstance(each, CondPageBreak)]
    if len(inside) < 2:
        return list(part)
    tall = height_of(inside, width)
    return [KeepTogether(inside)] if tall <= _SHORT else [CondPageBreak(140), *inside]


def height_of(part: Sequence[Flowable], width: float) -> float:
    """How much of a page it takes, in points, with the space between."""
    total = after = 0.0
    for each in _laid(part):
        before = 0.0 if not total else max(0.0, each.getSpaceBefore() - after)
        _, high = each.wrap(width, 10_000)
        after = each.getSpaceAfter()
        total += before + high + after
    return total


def _laid(part: Sequence[Flowable]) -> list[Flowable]:
    made: list[Flowable] = []
    for each in part:
        if isinstance(each, KeepTogether):
            made += _laid(each._content)
        elif not isinstance(each, CondPageBreak):
            made.append(each)
    return made
