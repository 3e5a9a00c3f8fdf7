"""The HTML report, and nothing else."""
