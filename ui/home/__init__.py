"""The first page: setting up, who is here, running sessions."""
