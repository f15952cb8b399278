"""The room's eight words for what is seen, in the order of their keys, and which of them are events."""

CODES = ("Tears", "Ease", "Movement", "Breath", "Eyes", "Nausea", "Distress", "Intervention")

EVENTS = ("Nausea", "Distress")
"""Stand among the events on the note's first page; an intervention is what was done about them."""
