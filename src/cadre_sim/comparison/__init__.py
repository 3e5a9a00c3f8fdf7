"""Replicates of a scenario, paired arms, their effects, the ledger of hours and the article beside the model.

What is printed or drawn of them does not belong here; neither do experiments with many points (:mod:`cadre_sim.sweep`).
"""
