"""What the runs of an experiment say: attribution, sensitivity, frontier, variance, discovery."""
