"""The clinic's own music: lists read and written, every file heard once before a session, and made fit to be played."""
