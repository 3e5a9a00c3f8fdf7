"""A file becomes a checked, fully resolved Scenario; every parameter has unit, range, kind and source.

Nothing here knows of runs.
"""
