"""The list of what was recorded."""
