"""What comes over the socket, however it is cut up and whatever stands between: every good line is heard."""

from datetime import timedelta

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kapdesk.music.engine import wire
from kapdesk.music.engine.lines import MOST_UNREAD, Lines

GOOD = [wire.Numbered(n, wire.SetVolume(n)) for n in range(4)]
decode = msgspec.json.Decoder(wire.Numbered).decode
NOISE = st.binary(max_size=80).map(lambda noise: noise.replace(b"\n", b""))


def heard(content: bytes, cut: int) -> tuple[list[wire.Numbered], list[bytes]]:
    odd: list[bytes] = []
    lines = Lines(decode, odd.append)
    said = [each for at in range(0, len(content), cut) for each in lines.take(content[at : at + cut])]
    return said, odd


@settings(deadline=timedelta(seconds=1))
@given(noise=st.lists(NOISE, min_size=len(GOOD), max_size=len(GOOD)), cut=st.integers(1, 200))
@example(noise=[b'{"n": 1, "x": ' + b"[" * 100_000, b"\xff\xfe", b'{"n": "one"}', b"null"], cut=65_536)
def test_a_line_that_is_none_hides_no_other(noise: list[bytes], cut: int) -> None:
    content = b"".join(line + b"\n" + wire.line(good) for line, good in zip(noise, GOOD, strict=True))
    said, odd = heard(content, cut)
    assert [each for each in said if each in GOOD] == GOOD
    assert len(said) + len(odd) == 2 * len(GOOD)


@settings(deadline=timedelta(seconds=1), max_examples=10)
@given(longer=st.integers(1, 3 * MOST_UNREAD))
def test_a_line_without_end_is_passed_over_and_takes_no_memory(longer: int) -> None:
    content = b"x" * (MOST_UNREAD + longer) + b"\n" + wire.line(GOOD[0])
    said, odd = heard(content, 65_536)
    assert said == [GOOD[0]]
    assert len(odd) == 1
    assert len(odd[0]) <= 200


def test_half_a_line_of_one_desk_is_not_the_beginning_of_the_nexts() -> None:
    lines = Lines(decode, lambda odd: None)
    whole = wire.line(GOOD[1])
    assert lines.take(whole[:-3]) == []
    lines.clear()
    assert lines.take(whole) == [GOOD[1]]
