"""Many runs anywhere: the driver, its engines (processes, Dask, Slurm), the store of results and queries of it.

Which runs there are is decided in :mod:`cadre_sim.experiments`; what they mean in :mod:`cadre_sim.analysis`.
"""
