"""What the file of an experiment may say: arms, factors, design, and how often and how long each run may go."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cadre_sim.scenario.fields import Section
from cadre_sim.units import MOST_SEED

Design = Literal["arms", "grid", "factorial", "permutations", "latin_hypercube", "sobol", "morris", "saltelli"]
Scale = Literal["uniform", "log", "whole"]
Value = bool | int | float | str

DEFAULT_METRICS = (
    "service_hours", "burden_hours", "total_hours", "inspection_hours", "meetings_hours", "paperwork_hours",
    "overtime_hours", "visits", "forms", "days_to_close", "on_time_share", "perfunctory_share", "complaints",
    "motivation", "caution", "burnt_out_share", "quits", "satisfaction_share", "hidden_violations", "service_gap",
)  # fmt: skip
"""What is kept of a run where an experiment does not say: what cadres do and residents see, of villages."""


def _as_arm(value: object) -> object:
    """An arm that is only the name of a file."""
    return {"scenario": value} if isinstance(value, str) else value


def _as_several(value: object) -> object:
    """Paths of which there is only one."""
    return (value,) if isinstance(value, str) else value


def _without_nulls(value: object) -> object:
    return {k: {} if v is None else v for k, v in value.items()} if isinstance(value, Mapping) else value


def _single(value: object) -> object:
    """A value of a factor: anything that a scenario may have in one place; a date is kept as text."""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, bool | int | float | str):
        raise ValueError("must be a number, text, a date, or true or false")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"must be a finite number (got {value})")
    return value


class ArmSpec(Section):
    """One arm: a scenario file, with settings laid over it."""

    scenario: str | None = Field(None, description="scenario file, relative to this one; by default the experiment's")
    settings: dict[str, Any] = Field(
        default_factory=dict, description="values by the path of what they are laid over", max_length=200
    )
    without_reforms: bool = Field(
        False, description="whether its reforms are taken out, so that it is the baseline of an arm that keeps them"
    )


class Factor(Section):
    """Something that is varied."""

    path: Annotated[tuple[str, ...] | None, BeforeValidator(_as_several)] = Field(
        None,
        description="parameter, or reforms.<name> for a reform on or off; * stands for any name; several paths vary "
        "together; by default the key",
        min_length=1,
    )
    values: tuple[Annotated[Any, BeforeValidator(_single)], ...] | None = Field(
        None, description="values it takes", max_length=100_000
    )
    range: tuple[float, float] | None = Field(
        None, description="lowest and highest value; by default the plausible range of the parameter"
    )
    levels: int | None = Field(None, description="values that a grid takes from the range", ge=2, le=100_000)
    kind: Scale | None = Field(None, description="how values lie in the range; by default uniform, or whole numbers")
    relative: bool = Field(
        False, description="whether values multiply what the scenario has at each place, rather than replace it"
    )
    crossed: bool = Field(
        False,
        description="whether a sampled design has each of its points with every value, rather than with one that is "
        "drawn; so for structural alternatives",
    )


class Experiment(Section):
    """What an experiment file says."""

    title: str = Field("Untitled", max_length=200, description="name in reports")
    question: str = Field("", max_length=500, description="the question that it answers, in one sentence")
    scenario: str | None = Field(None, description="scenario file of arms that name none, relative to this one")
    arms: Annotated[dict[str, Annotated[ArmSpec, BeforeValidator(_as_arm)]], BeforeValidator(_without_nulls)] = Field(
        default_factory=dict, description="arms by name; by default one, the scenario", max_length=1000
    )
    factors: Annotated[dict[str, Factor], BeforeValidator(_without_nulls)] = Field(
        default_factory=dict,
        description="what is varied, by name; by default, in a sampled design, every parameter of kind I or A",
        max_length=500,
    )
    design: Design = Field("grid", description="how points are chosen among what the factors allow")
    points: int | None = Field(
        None,
        description="points of a sampled design; trajectories for morris, points of the base sequence for saltelli, "
        "orders of the measures for permutations",
        ge=1,
        le=100_000_000,
    )
    replicates: int = Field(1, description="runs of each arm at each point", ge=1, le=1_000_000)
    seed: int = Field(1, description="root seed of all runs and of the design", ge=0, le=MOST_SEED)
    metrics: tuple[str, ...] = Field(DEFAULT_METRICS, description="metrics kept of each run", min_length=1)
    time_limit: float = Field(600.0, description="longest that one run may take [s]", gt=0, le=1e6)
