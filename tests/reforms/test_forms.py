"""Form consolidation: duplicates go, some other forms too, and what remains takes less time."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.activities import REPORTS, TASKS
from cadre_sim.events.orders import FORM_ORDER
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import OUTPUTS
from worlds import calm, lab

ALL = {"duplicates": 1.0, "forms": 1.0, "hours": 1.0}
LOAD = np.where(np.isin(np.arange(10), (4, 9)), 10.0, 1.0)


def scenario(**reform: Any) -> Scenario:
    """A county that asks for ten forms a month, of an hour and a half each, four in ten of them duplicates."""
    plans = {"forms": {"per_month": 10.0, "hours": 1.5, "duplicate_share": 0.4}, "tasks": {"per_month": 2.0}}
    reforms = {"form_consolidation": {"from": "2025-01-01"} | ALL | reform} if reform else {}
    return calm(departments={"bureau": {"level": "county", **plans}}, reforms=reforms)


def planned(duplicates: float, others: float) -> np.ndarray:
    """Forms of each office whose draw lies below the share for its sort."""
    orders = lab(scenario()).events.context.plan.orders
    kept = (orders.kind == FORM_ORDER) & (orders.keep < np.where(orders.duplicate, duplicates, others))
    return np.repeat([(kept & (orders.area == area)).sum() for area in (1, 2)], 5)


def asked(made: Scenario) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Forms, hours of reports and hours of tasks of each office in the year."""
    model = Simulation(made)
    model.run()
    books = model.columns.books
    return books.office_totals[:, OUTPUTS.index("forms")], books.asked[:, REPORTS], books.asked[:, TASKS]


@pytest.mark.parametrize(("duplicates", "others"), [(1.0, 1.0), (0.1, 1.0), (1.0, 0.6), (0.1, 0.6), (0.0, 0.0)])
def test_duplicates_and_other_forms_are_cut_each_to_its_share(duplicates: float, others: float) -> None:
    """A form goes or stays for all offices alike, by its own draw; it takes its hours wherever it goes."""
    forms, reports, _ = asked(scenario(duplicates=duplicates, forms=others))
    assert forms.tolist() == planned(duplicates, others).tolist()
    np.testing.assert_allclose(reports, 1.5 * LOAD * forms)


def test_four_in_ten_forms_remain_by_default() -> None:
    """As the measure says: a tenth of the duplicates and six tenths of the others."""
    every, left = planned(1.0, 1.0)[[0, 5]].sum(), planned(0.1, 0.6)[[0, 5]].sum()
    assert left / every == pytest.approx(0.4, abs=4 * np.sqrt(0.24 / every))


def test_what_remains_is_partly_filled_in() -> None:
    plain, reformed = asked(scenario()), asked(scenario(hours=0.9))
    assert reformed[0].tolist() == plain[0].tolist()
    np.testing.assert_allclose(reformed[1], 0.9 * plain[1])


def test_tasks_are_not_forms() -> None:
    """Even with no form left all tasks remain."""
    plain, reformed = asked(scenario()), asked(scenario(duplicates=0.0, forms=0.0))
    assert plain[2].min() > 0.0
    assert reformed[2].tolist() == plain[2].tolist()
