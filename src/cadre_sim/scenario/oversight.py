"""How inspection works: teams, findings, rectification, triggers, and what stays in offices after a visit."""

from __future__ import annotations

from cadre_sim.scenario.fields import Section, quantity


class Teams(Section):
    """Inspection teams, the limited resource that campaigns share; each area has at least one."""

    city: float = quantity(
        1.6, "teams/100 offices", low=1, high=3, kind="A", meaning="teams of the city", least=0.001, most=1000
    )
    county: float = quantity(
        3.6, "teams/100 offices", low=2, high=8, kind="A", meaning="teams of each county", least=0.001, most=1000
    )
    township: float = quantity(
        8.0, "teams/100 offices", low=4, high=16, kind="A", meaning="teams of each township", least=0.001, most=1000
    )


class ExtraVisits(Section):
    """Visits outside any campaign: follow-ups, and inspections that complaints call."""

    escorts: int = quantity(2, "cadres", low=1, high=4, kind="A", meaning="cadres who receive and escort", most=50)
    reception_hours: float = quantity(
        4.0, "h/escort/visit", low=2, high=8, kind="I", source=("visit_length",), meaning="length of a visit", most=24
    )
    visits_per_day: int = quantity(
        3, "visits/team/day", low=1, high=6, kind="A", meaning="visits that a team makes a day", least=1, most=50
    )


class Oversight(Section):
    """Costs and consequences of being overseen."""

    teams: Teams = Teams()
    extra_visits: ExtraVisits = ExtraVisits()
    amplification: float = quantity(
        1.1, "1/level", low=1, high=1.4, kind="A",
        meaning="factor by which each level in between raises the hours asked for forms, tasks and evidence",
        least=0.1, most=10,
    )  # fmt: skip
    topic_economy: float = quantity(
        0.7, "1", low=0.5, high=1, kind="A",
        meaning="power of the number of topics by which preparation and reception of a visit grow; below 1, merged "
        "visits take less than their sum", most=1,
    )  # fmt: skip
    joint_window: int = quantity(
        60, "working days", low=20, high=125, kind="A",
        meaning="length of a round in which joint inspection merges the campaigns of a level", least=1, most=2500,
    )  # fmt: skip
    excess: float = quantity(
        0.1, "1", low=0, high=0.3, kind="A",
        meaning="mean share by which departments ask for more than their plan at the start of a run", most=1,
    )  # fmt: skip
    excess_creep: float = quantity(
        0.03, "1/year", low=0, high=0.15, kind="A", source=("rebound_prd",),
        meaning="by how much that share grows a year", most=10,
    )  # fmt: skip
    excess_most: float = quantity(
        1.0, "1", low=0.5, high=3, kind="A", meaning="share above the plan at which growth ends", least=0.01, most=10
    )
    rebound: float = quantity(
        0.15, "1", low=0, high=0.8, kind="A", source=("rebound_prd",),
        meaning="share of the hours cut in one channel that departments ask for through another in the end", most=2,
    )  # fmt: skip
    rebound_months: float = quantity(
        6.0, "months", low=2, high=24, kind="A", meaning="time in which departments find the other channel", least=1,
        most=1000,
    )  # fmt: skip
    deterrence_half_life: float = quantity(
        6.0, "months", low=2, high=24, kind="A",
        meaning="half-life of how far a case of the watchdog deters departments", least=0.1, most=1000,
    )  # fmt: skip
    ad_hoc_days: int = quantity(
        10, "working days", low=2, high=40, kind="A",
        meaning="days in which a task must be done that takes the place of what was cut", least=1, most=250,
    )  # fmt: skip
    finding_share: float = quantity(
        0.3,
        "1",
        low=0.1,
        high=0.6,
        kind="A",
        meaning="share of visits that find faults of form, which are no violations",
        most=1,
    )
    scouting_lead: int = quantity(
        2, "working days", low=1, high=4, kind="A", meaning="days by which a scouting visit precedes the visit", most=60
    )
    scouting_hours: float = quantity(
        0.5, "1", low=0.25, high=1, kind="A", meaning="hours of a scouting visit in terms of the visit", most=2
    )
    follow_up_every: int = quantity(
        5, "working days", low=1, high=20, kind="A",
        meaning="days from one round of follow-ups to the next; those of an area go out together", least=1, most=250,
    )  # fmt: skip
    follow_up_hours: float = quantity(
        0.5, "1", low=0.25, high=1, kind="A", meaning="hours of a follow-up visit in terms of a usual visit", most=2
    )
    rectification_hours: float = quantity(
        6.0, "h/finding", low=2, high=16, kind="A", meaning="hours to put right what was found", most=1000
    )
    rectification_days: int = quantity(
        15, "working days", low=5, high=30, kind="A", meaning="days in which it must be put right", most=250
    )
    readiness_hours: float = quantity(
        0.5, "h/cadre-week", low=0, high=1.5, kind="A", meaning="standing readiness for inspections", most=40
    )
    screen_minutes: float = quantity(
        1.15, "min/cadre/working day/chat group or app", low=0.6, high=2.5, kind="I",
        source=("app_time_village", "app_time_xinchang", "chat_groups_village"),
        meaning="time that each chat group or app takes", most=480,
    )  # fmt: skip
    screens: float = quantity(
        45.0, "chat groups and apps/cadre", low=40, high=60, kind="D", source=("chat_groups_village",),
        meaning="chat groups and apps on a cadre's telephone", most=1000,
    )  # fmt: skip
    trace_hours: float = quantity(
        3.7, "h/cadre-week", low=1, high=10, kind="A",
        source=("yongchuan_village_half", "village_sec_60", "yongchuan_clerk_third"),
        meaning="standing ledgers and trace-keeping outside evaluation seasons", most=40,
    )  # fmt: skip
    trace_days: int = quantity(
        5,
        "working days",
        low=1,
        high=20,
        kind="A",
        meaning="days in which ledgers must be brought up to date",
        most=250,
    )
    signs: float = quantity(
        55.0, "signs/office", low=40, high=90, kind="D", source=("signs_xi_before", "hy_signs_per"),
        meaning="plaques and wall-posted rules of an office", most=10_000,
    )  # fmt: skip
    sign_hours: float = quantity(
        0.6, "h/sign/year", low=0.1, high=2, kind="A", meaning="hours to put up, renew and clean a sign", most=100
    )
    complaint_threshold: float = quantity(
        4.0, "complaints", low=2, high=10, kind="A",
        meaning="recent complaints above which a village is inspected (a township: times township_factor)",
        most=10_000,
    )  # fmt: skip
    complaint_half_life: float = quantity(
        20.0, "working days", low=5, high=60, kind="A", meaning="half-life of complaints in memory", least=1,
        most=2500,
    )  # fmt: skip
    trigger_rest: int = quantity(
        20,
        "working days",
        low=5,
        high=60,
        kind="A",
        meaning="least days between inspections that complaints call",
        most=2500,
    )
    trigger_lead: int = quantity(
        2, "working days", low=1, high=10, kind="A", meaning="days from a complaint to the visit that it calls",
        least=1, most=250,
    )  # fmt: skip
    triggered_hours: float = quantity(
        8.0, "h/visit", low=4, high=24, kind="A", meaning="preparation that a triggered inspection asks of a village",
        most=1000,
    )  # fmt: skip
    felt_half_life: float = quantity(
        17.5, "working days", low=10, high=25, kind="I", source=("karplus_revert",),
        meaning="half-life of how strongly an office feels the visits that it had (3.5 weeks)", least=1, most=2500,
    )  # fmt: skip
