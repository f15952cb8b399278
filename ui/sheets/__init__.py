"""The papers beside the session note: looked at, and saved."""
