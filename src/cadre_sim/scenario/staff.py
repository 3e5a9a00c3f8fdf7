"""Who works in the offices, and how their time is fixed before any pressure."""

from __future__ import annotations

from cadre_sim.scenario.fields import Section, quantity


class Staff(Section):
    """Numbers of cadres, contracted time, and the hours that no department asks for."""

    cadres_per_office: float = quantity(
        6.0,
        "cadres",
        low=5,
        high=8,
        kind="D",
        source=("village_cadres_2022", "village_cadres_2006"),
        meaning="mean cadres of a village or community, where the offices are generated",
        least=1,
        most=200,
    )
    cadres_per_township: float = quantity(
        75.0,
        "cadres",
        low=50,
        high=101,
        kind="D",
        source=("township_staff",),
        meaning="mean cadres of a township government, where the offices are generated",
        least=1,
        most=2000,
    )
    size_elasticity: float = quantity(
        0.5,
        "1",
        low=0.2,
        high=0.8,
        kind="A",
        meaning="by what power of its residents an office's staff grows: 0 all alike, 1 in proportion",
        most=1.0,
    )
    contracted_hours: float = quantity(
        8.0, "h/working day", low=7, high=8, kind="A", meaning="contracted day (of the statutory 40-hour week)", most=24
    )
    longest_day: float = quantity(
        13.0,
        "h/working day",
        low=10,
        high=15,
        kind="A",
        source=("xinhua_township_day", "yangyan_day"),
        meaning="longest day that anybody works; meetings and receptions beyond it are missed",
        most=24,
    )
    absence: float = quantity(
        0.05, "1", low=0.02, high=0.1, kind="A", meaning="share of working days on leave or ill", most=0.9
    )
    other_hours: float = quantity(
        2.6,
        "h/cadre-week",
        low=1,
        high=6,
        kind="A",
        meaning="study and policy work of a cadre of a village or community",
        most=40,
    )
    other_hours_township: float = quantity(
        11.0,
        "h/cadre-week",
        low=5,
        high=20,
        kind="A",
        meaning="study, policy and administrative work of a cadre of a township government",
        most=40,
    )
    training_hours: float = quantity(
        0.7, "h/cadre-week", low=0, high=2, kind="A", meaning="training in serving residents", most=40
    )
    skill_spread: float = quantity(
        0.15,
        "1",
        low=0.0,
        high=0.4,
        kind="A",
        meaning="standard deviation of the logarithm of skill between cadres; mean skill is 1",
        most=1.0,
    )
    township_factor: float = quantity(
        10.0,
        "1",
        low=4,
        high=20,
        kind="A",
        source=("township_staff", "west_province_forms"),
        meaning="hours that a request from above costs a township government for each hour that it costs a village",
        most=100,
    )
