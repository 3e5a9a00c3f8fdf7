"""Compiled: what one day does to an office and its cadres, as plain loops over columns.

No file, no scenario and no Python object is touched in a step; see ``cycle.STEPS`` for the order.
"""
