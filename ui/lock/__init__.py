"""The locked screen: what runs goes on, and nothing of the record is seen."""
