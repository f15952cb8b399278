"""Psychotherapy notes: what someone writes for themselves, on a page that shows nothing else."""
