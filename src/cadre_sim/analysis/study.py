"""The results of an experiment as what analyses read: its plan, its rows, and one response of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from cadre_sim.errors import InputError, hint
from cadre_sim.experiments.factors import Varied
from cadre_sim.experiments.plan import Plan
from cadre_sim.record.metrics import metric_catalogue
from cadre_sim.sweep.query import results
from cadre_sim.sweep.store_identity import stored_plan

VALUE = "value"
"""Column of a response."""
DEFAULT_METRIC = "service_hours"


class Response(NamedTuple):
    """What of an experiment is analysed.

    Attributes:
        metric: a metric that the experiment keeps.
        unit: its unit.
        arm: the arm that it is of.
        against: the arm that is subtracted, run by run, under the same random numbers; None for the metric as it is.
    """

    metric: str
    unit: str
    arm: str
    against: str | None

    def __str__(self) -> str:
        """In words: the effect of one arm against another, or a metric of an arm."""
        if self.against is None:
            return f"{self.metric} of {self.arm} [{self.unit}]"
        return f"{self.metric}, {self.arm} minus {self.against} [{self.unit}]"


@dataclass(frozen=True)
class Study:
    """The results of an experiment, finished or running.

    Attributes:
        path: their folder.
        plan: what is run.
        runs: one row a run that went well, as :func:`cadre_sim.results` has it.
    """

    path: Path
    plan: Plan
    runs: pd.DataFrame

    @property
    def complete(self) -> str:
        """How much of the experiment is there, in words."""
        return f"{len(self.runs):,} runs are there of at most {self.plan.total():,}"

    def response(self, metric: str | None = None, arm: str | None = None, against: str | None = None) -> Response:
        """What is analysed, with what was left out filled in.

        Args:
            metric: a metric; by default hours of service, or the first that the experiment keeps.
            arm: the arm; by default the only one that has reforms, or the only one.
            against: the arm to subtract, "none" for none; by default the only one without reforms, where there is
                another.

        Raises:
            InputError: the experiment has no such metric or arm, or several to choose among; or the metric is undefined
                in every run.
        """
        kept = self.plan.metrics
        metric = metric or (DEFAULT_METRIC if DEFAULT_METRIC in kept else kept[0])
        _known(metric, kept, "metric")
        arms = list(self.plan.arms)
        plain = [name for name in arms if not self.plan.arms[name].data.get("reforms")]
        reformed = [name for name in arms if name not in plain] or arms
        if arm is None and len(reformed) != 1:
            raise InputError(f"{self.path}: has several arms ({', '.join(reformed)}): say which (--arm)")
        arm = arm or reformed[0]
        if against is None and len(plain) == 1 and arm != plain[0]:
            against = plain[0]
        against = None if against == "none" else against
        for name in (arm, against) if against else (arm,):
            _known(name, arms, "arm")
        if len(self.runs) and self.runs[metric].isna().all():
            raise self.unfit(f"{metric} is undefined in every run (of nothing there is no mean): nothing to analyse")
        unit = next(d.unit for d in metric_catalogue() if d.name == metric)
        return Response(metric, unit, arm, against)

    def values(self, response: Response) -> pd.DataFrame:
        """A response, one row a run of its arm: a column a factor, replicate, and `value`.

        Runs whose partner in the other arm is missing, or whose value is not a number, are left out.
        """
        frame = self._of(response.arm, response.metric)
        if response.against is not None:
            other = self._of(response.against, response.metric)
            shared = [name for name in frame.columns if name in other.columns and name != VALUE]
            frame = frame.merge(other, on=shared, suffixes=("", "_against"))
            frame[VALUE] = frame[VALUE] - frame.pop(f"{VALUE}_against")
        return frame.dropna(subset=[VALUE]).reset_index(drop=True)

    def factors(self, response: Response) -> tuple[Varied, ...]:
        """The factors that a response can depend on."""
        arms = [arm for arm in (response.arm, response.against) if arm is not None]
        return tuple(factor for factor in self.plan.factors if any(factor.targets.get(arm) for arm in arms))

    def _of(self, arm: str, metric: str) -> pd.DataFrame:
        """A metric of an arm, with the factors that the arm depends on."""
        names = [factor.name for factor in self.plan.factors if factor.targets.get(arm)]
        columns = [*names, "replicate", metric]
        if not len(self.runs):
            return pd.DataFrame(columns=columns).rename(columns={metric: VALUE})
        return self.runs.loc[self.runs["arm"] == arm, columns].rename(columns={metric: VALUE})

    def missing(self, what: str) -> InputError:
        """That an analysis needs more runs than are there: of an unfinished experiment, or of what it plans."""
        if self.plan.has_only(len(self.runs)):
            return self.unfit(f"{what}; the experiment is finished, and its {len(self.runs):,} runs do not give that")
        return self.unfit(f"{what}; {self.complete} (`cadre-sim experiment run` does the others)")

    def unfit(self, what: str) -> InputError:
        """That an analysis is not one of such an experiment, however many runs are done."""
        return InputError(f"{self.path}: {what}")


def open_study(folder: str | Path) -> Study:
    """Read the results of an experiment, finished or running.

    Raises:
        InputError: no results of an experiment are in the folder, or they cannot be read.
    """
    return Study(Path(folder), stored_plan(Path(folder)), results(folder))


def by_point(frame: pd.DataFrame, names: Sequence[str]) -> dict[tuple[object, ...], float]:
    """The mean of a response at each point, by the values of the factors named."""
    if not len(frame):
        return {}
    means = frame.groupby(list(names), sort=False, dropna=False)[VALUE].mean()
    keys = means.index if len(names) > 1 else ((key,) for key in means.index)
    return dict(zip((tuple(key) for key in keys), means.to_numpy().tolist(), strict=True))


def _known(name: str, names: Sequence[str], what: str) -> None:
    if name not in names:
        raise InputError(f"the experiment has no {what} {name!r}{hint(name, list(names))}")
