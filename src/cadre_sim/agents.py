"""Mesa agents: light views on a row of the columns, for looking in and reaching in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from cadre_sim.activities import ACTIVITIES, GROUPS
from cadre_sim.events.departments import departments_of
from cadre_sim.levels import LEVELS
from cadre_sim.scenario.departments import DepartmentGroup
from cadre_sim.world.columns import KINDS, RANKS

if TYPE_CHECKING:
    from cadre_sim.model import CadreModel


class Office(mesa.Agent):
    """A village committee, an urban community or a township government."""

    def __init__(self, model: CadreModel, row: int) -> None:
        """View the office in a row of the columns."""
        super().__init__(model)
        self.row = row
        self.cadres: list[Cadre] = []

    @property
    def name(self) -> str:
        """Name of the office."""
        return str(self.model.world.office_names[self.row])

    @property
    def kind(self) -> str:
        """village, community or township."""
        return KINDS[self.model.world.offices.kind[self.row]]

    @property
    def county(self) -> str:
        """Name of its county."""
        world = self.model.world
        return str(world.area_names[world.offices.county[self.row]])

    @property
    def residents(self) -> int:
        """Residents whom it serves [persons]."""
        return int(self.model.world.offices.residents[self.row])

    @property
    def open_items(self) -> int:
        """Matters and work from above that it owes."""
        return int(self.model.columns.queues.length[self.row].sum())

    @property
    def felt_visits(self) -> float:
        """Visits a week as the office feels them."""
        return float(self.model.columns.office.felt[self.row])

    @property
    def today(self) -> dict[str, float]:
        """The office's numbers of the last day, by name of output."""
        from cadre_sim.workday.outputs import OUTPUTS

        return dict(zip(OUTPUTS, self.model.columns.day.out[self.row].tolist(), strict=True))


class _State:
    """A cadre's state, kept in the columns; values outside 0 to 1 are refused."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        if agent is None:
            return self
        return float(getattr(agent.model.columns.cadre, self.name)[agent.row])

    def __set__(self, agent: Any, value: float) -> None:
        if not 0.0 <= value <= 1.0:
            raise ValueError(f"{self.name} must be between 0 and 1 (got {value})")
        getattr(agent.model.columns.cadre, self.name)[agent.row] = value


class Cadre(mesa.Agent):
    """One person on an office's staff."""

    motivation = _State()
    caution = _State()
    fatigue = _State()

    def __init__(self, model: CadreModel, row: int, office: Office) -> None:
        """View the cadre in a row of the columns."""
        super().__init__(model)
        self.row = row
        self.office = office

    @property
    def rank(self) -> str:
        """village, township, deployed or specialist."""
        return RANKS[self.model.world.cadres.rank[self.row]]

    @property
    def skill(self) -> float:
        """Work done an hour, mean 1."""
        return float(self.model.columns.cadre.skill[self.row])

    @property
    def present(self) -> bool:
        """Whether the cadre was at work on the last day."""
        return bool(self.model.columns.day.present[self.row])

    @property
    def overtime(self) -> float:
        """Overtime of the last day [h]."""
        return float(self.model.columns.day.overtime[self.row])

    @property
    def hours(self) -> dict[str, float]:
        """Hours of the last day by activity [h]."""
        return dict(zip(ACTIVITIES, self.model.columns.day.hours[self.row].tolist(), strict=True))

    def hours_of(self, group: str) -> float:
        """Hours of the last day of a group of activities, such as "service" [h]."""
        return sum(self.hours[name] for name in GROUPS[group])


class _Asked:
    """A department's state, kept by the events; negative values are refused."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        if agent is None:
            return self
        return float(getattr(agent.model.events.actors, self.name)[agent.row])

    def __set__(self, agent: Any, value: float) -> None:
        if not value >= 0.0:
            raise ValueError(f"{self.name} must not be negative (got {value})")
        getattr(agent.model.events.actors, self.name)[agent.row] = value


class Department(mesa.Agent):
    """A body at city, county or township level that issues inspections, meetings, forms and tasks.

    ``excess``: share by which it asks for more than its plan. ``diverting``: how far it has found other channels for
    what is cut. ``deterred``: how far a case of the watchdog still deters it. It acts once a month.
    """

    excess = _Asked("excess")
    diverting = _Asked("diverting")
    deterred = _Asked("deterred")

    def __init__(self, model: CadreModel, row: int, group: str, plan: DepartmentGroup, area: int, number: int) -> None:
        """View a department of an area."""
        super().__init__(model)
        self.row = row
        self.group = group
        self.plan = plan
        self.area = area
        self.number = number

    @property
    def level(self) -> str:
        """city, county or township."""
        return LEVELS[int(self.model.world.area_level[self.area])]

    def step(self) -> None:
        """Review what it asks for, as it does once a month: excess creeps up, other channels are found."""
        self.model.events.review(np.array([self.row]))

    @property
    def area_name(self) -> str:
        """Name of the area that it acts on."""
        return str(self.model.world.area_names[self.area])


def make_views(model: CadreModel) -> None:
    """Make all agents of a model: departments, then offices, each with its cadres."""
    for group in departments_of(model.scenario, model.world):
        for place, (area, number) in enumerate(zip(group.area, group.number, strict=True)):
            Department(model, group.first + place, group.group, group.plan, int(area), int(number))
    first = model.world.offices.first
    for row in range(model.world.offices.kind.size):
        office = Office(model, row)
        office.cadres = [Cadre(model, i, office) for i in range(first[row], first[row + 1])]
