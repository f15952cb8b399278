"""Ending, the summary, the note and its signing."""
