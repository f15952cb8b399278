"""The session note: what stands on it, and how it is set on paper."""
