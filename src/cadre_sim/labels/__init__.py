"""What everything is called: each name stands here once, in English; catalogues translate it into other languages.

A table of a report, the terminal or the explorer says which metrics it shows, in which order and how deep; names,
units, decimals and which way is better it takes from here. Measures bring their names themselves (``Measure.label``).
Nothing here imports more than the standard library does, so that ``--help`` may.
"""
