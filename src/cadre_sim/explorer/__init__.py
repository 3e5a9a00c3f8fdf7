"""The page on which one moves measures and sees what changes.

Cells of the page only wire; what they show is made here, and every number comes from :mod:`cadre_sim.comparison`.
"""
