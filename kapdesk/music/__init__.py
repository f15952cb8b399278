"""What the patient hears: playlists, imagery, composed music, and the engine that makes the sound."""
