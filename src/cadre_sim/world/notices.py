"""What the owner of a scenario should be told that is no mistake: of its units table, and of its calendar."""

from __future__ import annotations

from cadre_sim.scenario.holiday_tables import notice_of
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.scenario.units_table import read_units_table


def notices(*scenarios: Scenario) -> tuple[str, ...]:
    """What should be told of scenarios before they are run, a sentence each, each once.

    A run says none of it itself: whoever starts many runs would be told many times.
    """
    found: dict[str, None] = {}
    for scenario in scenarios:
        if scenario.place.units is not None:
            found |= dict.fromkeys(read_units_table(scenario.place.units).notices)
        of_years = notice_of(scenario.period, scenario.calendar)
        if of_years:
            found[of_years] = None
    return tuple(found)
