"""What work will take, reckoned before anything is built: memory, time, disk; and whether it fits here.

No room below builds a world or starts a process before it has asked here. What is reckoned is compared with what is
measured by ``python benchmarks/run.py Reckoning``. Nothing of a run's content belongs here.
"""
