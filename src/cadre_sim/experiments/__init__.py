"""What an experiment file may say, and the plan of runs that it becomes; needs no run."""
