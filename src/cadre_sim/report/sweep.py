"""What a sweep shows while it goes and when it ends."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from cadre_sim.experiments.driver import Estimate, SweepProgress, Swept
from cadre_sim.experiments.sweep import Plan
from cadre_sim.report.progress import LINE_EVERY

_UNITS = ((86400.0, "days"), (3600.0, "h"), (60.0, "min"), (0.0, "s"))


@contextmanager
def sweep_shown(quiet: bool) -> Iterator[SweepProgress | None]:
    """A callback that shows on stderr what is done, what failed, how fast it goes and how long it still takes."""
    if quiet:
        yield None
        return
    terminal = sys.stderr.isatty()
    show = _Shown(terminal)
    try:
        yield show
    finally:
        if terminal:
            print(file=sys.stderr)


class _Shown:
    def __init__(self, terminal: bool) -> None:
        self._terminal = terminal
        self._latest = time.monotonic()
        self._start: tuple[float, int] | None = None

    def __call__(self, done: int, failed: int, total: int) -> None:
        now = time.monotonic()
        if self._start is None:
            self._start = now, done + failed
        if not self._terminal and now - self._latest < LINE_EVERY:
            return
        self._latest = now
        passed, ended = now - self._start[0], done + failed - self._start[1]
        text = f"runs: {done:,} of {total:,} done, {failed:,} failed"
        if ended and passed > 0:
            left = max(total - done - failed, 0) * passed / ended
            text += f", {ended / passed:.3g} a second, {duration(left)} left"
        if self._terminal:
            print(f"\r\x1b[2K{text}", end="", file=sys.stderr, flush=True)
        else:
            print(text, file=sys.stderr, flush=True)


def duration(seconds: float) -> str:
    """A time as people say it: 42 s, 3.5 min, 2.1 h."""
    size, name = next((size, name) for size, name in _UNITS if seconds >= 1.5 * size)
    value = seconds / (size or 1.0)
    return f"{value:.1f} {name}" if value < 10 and name != "s" else f"{value:.0f} {name}"


def print_estimate(plan: Plan, found: Estimate) -> None:
    """Print what an experiment would take."""
    experiment = plan.experiment
    print(experiment.title)
    if experiment.question:
        print(experiment.question)
    arms, factors = ", ".join(plan.arms), ", ".join(factor.name for factor in plan.factors) or "none"
    print(f"arms: {arms}; factors: {factors}; design: {experiment.design}; replicates: {experiment.replicates}")
    print(f"runs: {found.total:,}, of which {found.missing:,} are missing")
    print(
        f"time: about {duration(found.seconds)} on {found.workers} worker{'s' if found.workers > 1 else ''} "
        f"({found.run_seconds:.2f} s for the run that was measured)"
    )
    print(f"disk: about {found.size / 1e6:,.1f} MB")


def print_swept(plan: Plan, found: Swept) -> None:
    """Print what a sweep came to, and say of what failed how it can be repeated."""
    for part in found.quarantined:
        print(f"{found.path / part}: could not be read and is put aside; its runs were done again", file=sys.stderr)
    print(f"{found.new:,} runs done, {found.failed:,} failed; results in {found.path}")
    for outcome in found.failures:
        assert outcome.error is not None
        run = outcome.run
        named = [f"{f.name}={v}" for f, v in zip(plan.factors, run.values, strict=True) if v is not None]
        last = outcome.error.text.strip().splitlines()[-1]
        where = ", ".join([f"arm {run.arm}", *named, f"replicate {run.replicate}"])
        print(f"  {outcome.error.status}: {where}: {last}")
    if found.failed:
        print(f"what failed, with settings and traceback: cadre-sim results {found.path} --sql 'from failed'")
        print(f"to repeat it: cadre-sim experiment rerun {plan.path} --out {found.path} --failed")
