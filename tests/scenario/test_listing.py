"""The parameters of a scenario stand under the paths that a file or a --set gives them by."""

from __future__ import annotations

import re
from typing import Any

from cadre_sim.scenario.listing import parameters, parameters_in
from cadre_sim.scenario.scenario import Scenario


def test_every_parameter_of_a_scenario_is_a_declared_one_with_its_value(tiny_scenario: Scenario) -> None:
    declared = {p.path: p for p in parameters()}
    patterns = {re.compile(re.escape(path).replace(r"\*", r"[^.]+")): path for path in declared}
    content = tiny_scenario.to_dict()
    found = parameters_in(tiny_scenario)
    for path, (parameter, value, _) in found.items():
        inside: Any = content
        for part in path.split("."):
            inside = inside[part]
        assert inside == value, path
        (pattern,) = [p for regex, p in patterns.items() if regex.fullmatch(path)]
        assert parameter == declared[pattern]._replace(path=path)
    missing = {p for p in declared if not any(c in p for c in ("*", "reforms."))} - set(found)
    assert all(p.startswith("place.counties.") for p in missing), missing


def test_groups_and_reforms_stand_under_their_own_names(tiny_scenario: Scenario) -> None:
    reforms = {"a quota": {"measure": "inspection_quota", "from": "2025-01-15", "visits_per_month": 3}}
    found = parameters_in(Scenario.model_validate(tiny_scenario.to_dict() | {"reforms": reforms}))
    assert found['reforms["a quota"].visits_per_month'].value == 3
    assert found["departments.city_bureaus.meetings.per_year"].value == 40
    assert not any(path.startswith("reforms.meeting_limits") for path in found)


def test_whole_numbers_are_told_from_others(tiny_scenario: Scenario) -> None:
    found = parameters_in(tiny_scenario)
    assert found["demand.due_days"].whole
    assert not found["demand.hours"].whole
