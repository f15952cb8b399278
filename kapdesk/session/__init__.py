"""A session, its phases and what is due, as the facts so far add up to them. Pure."""
