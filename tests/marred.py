"""Bytes as a bad disk, a torn cable or a strange hand leaves them: flipped, cut out, doubled, written over."""

from collections.abc import Callable

from hypothesis import strategies as st

Mar = Callable[[bytes], bytes]

ODD = st.binary(max_size=12) | st.sampled_from(
    [b"null", b"{}", b"[]", b'""', b"true", b"-1", b"1.5", b"1e400", b"9" * 5_000, b'"\\ud800"', b"[" * 5_000, b"\n"]
)
PLACE = st.integers(0, 1 << 20)
LENGTH = st.integers(1, 80)


def flipped(at: int, bit: int) -> Mar:
    def mar(whole: bytes) -> bytes:
        place = at % len(whole)
        return whole[:place] + bytes([whole[place] ^ 1 << bit]) + whole[place + 1 :]

    return mar


def cut_out(at: int, length: int) -> Mar:
    return written_over(at, length, b"")


def cut_off(at: int) -> Mar:
    return lambda whole: whole[: at % len(whole)]


def doubled(at: int, length: int) -> Mar:
    return lambda whole: whole[: (at % len(whole)) + length] + whole[at % len(whole) :]


def written_over(at: int, length: int, put: bytes) -> Mar:
    return lambda whole: whole[: at % len(whole)] + put + whole[(at % len(whole)) + length :]


MARS = st.one_of(
    st.builds(flipped, PLACE, st.integers(0, 7)),
    st.builds(cut_out, PLACE, LENGTH),
    st.builds(cut_off, PLACE),
    st.builds(doubled, PLACE, LENGTH),
    st.builds(written_over, PLACE, LENGTH, ODD),
)


def marred(whole: bytes) -> st.SearchStrategy[bytes]:
    """These bytes after one to three such things."""

    def done(mars: list[Mar]) -> bytes:
        left = whole
        for mar in mars:
            left = mar(left) if left else left
        return left

    return st.lists(MARS, min_size=1, max_size=3).map(done)
