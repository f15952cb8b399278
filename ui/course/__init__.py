"""A patient's course: visits, plans and questionnaires over time, and the pages on which these are answered."""
