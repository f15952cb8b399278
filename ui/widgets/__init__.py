"""Small parts that pages share: plain values in by `display`, Qt signals out."""
