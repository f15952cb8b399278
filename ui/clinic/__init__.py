"""The clinic's own page: its staff, its rules, and how long records are kept."""
