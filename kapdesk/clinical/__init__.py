"""The rules of the treatment room: pure functions over plain values."""
