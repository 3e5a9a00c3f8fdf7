"""Extras: libraries that not everybody installs, and how a user is told when one is missing.

===========  ========================================================  ================================================
extra        what for                                                  libraries
===========  ========================================================  ================================================
``analyse``  sensitivity (and its designs), frontier, discovery        SALib, moocore, ema_workbench
``explore``  the page in the browser                                   marimo, altair, uvicorn, pyzmq
``sweep``    experiments on a cluster, and results by SQL              distributed, dask-jobqueue, duckdb
===========  ========================================================  ================================================

Everything else belongs to the core: a run, a comparison, its report, and an experiment on one machine.
"""

from __future__ import annotations

from importlib.util import find_spec

from cadre_sim.errors import MissingExtraError

EXTRA_OF = {
    "SALib": "analyse",
    "ema_workbench": "analyse",
    "moocore": "analyse",
    "altair": "explore",
    "marimo": "explore",
    "uvicorn": "explore",
    "zmq": "explore",
    "dask_jobqueue": "sweep",
    "distributed": "sweep",
    "duckdb": "sweep",
}
"""The extra that brings each library, by the name under which the library is imported."""


def require(what: str, *libraries: str) -> None:
    """Make sure that libraries are there before they are imported; called before any work is done.

    Args:
        what: needs them, such as ``'explore'``.
        libraries: names under which they are imported, all of one extra.

    Raises:
        MissingExtraError: one is not installed.
    """
    for library in libraries:
        if find_spec(library) is None:
            raise MissingExtraError(what, library, EXTRA_OF[library])
