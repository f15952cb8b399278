"""The patients and the clinic, as the facts so far add up to them. Pure."""
