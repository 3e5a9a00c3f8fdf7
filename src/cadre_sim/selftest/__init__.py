"""Checks that the program holds on this machine: queue theory, sums, same bytes, a second program."""
