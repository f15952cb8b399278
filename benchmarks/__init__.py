"""Measurements against a limit or a peer, one form for all: `python -m benchmarks.NAME [--json] [--deep]`."""
