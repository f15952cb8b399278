"""The clinic's music: its playlists, each piece heard once before a session."""
