"""The patient's own page: who they are, whether they are known twice, and what belongs to them before a dose."""
