"""Counts of a run between two dates: what the figures of an article are put beside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import numpy as np

from cadre_sim.errors import Problem, ScenarioError, UnknownNameError, hint
from cadre_sim.record.dictionary import COLUMNS
from cadre_sim.record.metrics import VILLAGE_KINDS
from cadre_sim.record.result import RunResult
from cadre_sim.scenario.nodes import Mark, problem_at
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.workday.outputs import DEPLOYED, OUTPUTS
from cadre_sim.world.columns import KINDS

Counter = Callable[[RunResult, int, int], float]
"""Counts over the working days from the first number up to but without the second."""


def count(result: RunResult, name: str, first_date: date, last_date: date) -> float:
    """What a run has of something between two dates, both included.

    Args:
        result: what the run left.
        name: one of :data:`COUNTS`.
        first_date: first date that counts.
        last_date: last date that counts.

    Raises:
        UnknownNameError: nothing is counted under that name.
    """
    if name not in COUNTS:
        raise UnknownNameError(name, COUNTS)
    first, last = np.datetime64(first_date, "D"), np.datetime64(last_date, "D")
    start, stop = np.searchsorted(result.dates, first), np.searchsorted(result.dates, last, side="right")
    return COUNTS[name](result, int(start), int(stop))


def check_outputs(scenario: Scenario) -> None:
    """See that a run leaves every output that the article of a scenario is put beside.

    Raises:
        ScenarioError: with every name that nothing is counted under, and where it stands.
    """
    problems: list[Problem] = []
    for place, figure in enumerate(scenario.article):
        if figure.role == "output" and figure.value not in COUNTS:
            way = ("article", place, "value")
            mark = scenario.marks.get(way, Mark("scenario", 0, 0))
            problems.append(problem_at(mark, way, f"unknown output {figure.value!r}{hint(figure.value, COUNTS)}"))
    if problems:
        raise ScenarioError(tuple(problems))


def _of_column(column: int, result: RunResult, start: int, stop: int) -> float:
    """The sum of a column of the daily table over villages and communities."""
    groups = result.daily[start:stop, :, column].sum(axis=0).reshape(-1, len(KINDS))
    return float(groups[:, VILLAGE_KINDS].sum())


def _of_events(kind: str, result: RunResult, start: int, stop: int) -> float:
    """How many events of a kind there were, whoever they concerned."""
    return float(sum(event.kind == kind and start <= event.day < stop for event in result.events))


def _people_sent(result: RunResult, start: int, stop: int) -> float:
    """The most people sent from above who were on the rolls of all offices on one day."""
    return float(result.daily[start:stop, :, DEPLOYED].sum(axis=1).max(initial=0.0))


COUNTS: dict[str, Counter] = {
    **{c.name: partial(_of_column, OUTPUTS.index(c.name)) for c in COLUMNS if c.aggregate == "sum"},
    "watchdog_cases": partial(_of_events, "case closed"),
    "watchdog_corrections": partial(_of_events, "correction"),
    "deployed_people": _people_sent,
}
"""What can be counted, by name: columns of the daily table that are sums, events, and people."""
