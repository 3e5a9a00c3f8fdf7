"""What queue theory says of the queue that an office is."""

from __future__ import annotations

import numpy as np

from cadre_sim.arrays import Floats


def lindley(arriving: Floats, capacity: float) -> Floats:
    """Hours left at the end of each day, shape of ``arriving`` (Lindley 1952); capacity in hours a day."""
    left = np.empty_like(arriving)
    backlog = np.zeros(arriving.shape[1:])
    for day, hours in enumerate(arriving):
        backlog = np.maximum(0.0, backlog + hours - capacity)
        left[day] = backlog
    return left


def mean_queue(rate: float, a_day: float, days: int) -> Floats:
    """Mean matters left at the end of days 1 to ``days`` from an empty start, shape (days,).

    Matters are all of one size, come as a Poisson number of mean ``rate`` a day, and ``a_day`` of them can be done a
    day. Spitzer's identity for the maximum of a random walk (Spitzer 1956, "A combinatorial lemma and its application
    to probability theory"; Asmussen 2003, "Applied Probability and Queues", chapter VIII) gives the mean after t days
    as the sum over n = 1 .. t of E max(0, N_n - n a_day) / n, with N_n Poisson of mean n rate. It holds at any
    load and, where rate < a_day, ends at the mean queue of M/D/c for a whole a_day = c and a service of one day
    (Pollaczek 1930, Crommelin 1932).
    """
    from scipy.stats import poisson as poisson_law

    n = np.arange(1, days + 1)
    least = np.floor(n * a_day)
    # E max(0, N - k) = m P(N >= k) - k P(N > k) for a whole k, and likewise with floor(k) for any.
    above = n * rate * poisson_law.sf(least - 1, n * rate) - n * a_day * poisson_law.sf(least, n * rate)
    return np.cumsum(above / n)
