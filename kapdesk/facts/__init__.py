"""What can be recorded, and nothing else."""
