"""A clinic's desk: opening it, running a session in it, and the few things done across rooms."""
