"""What residents bring to an office: matters and certificates."""

from __future__ import annotations

from pydantic import Field

from cadre_sim.scenario.fields import Section, quantity


class Category(Section):
    """A category of matters: how many, how long, who can deal with it, and what it waits for."""

    share: float = quantity(1.0, "1", low=0.05, high=1, kind="A", meaning="share of matters, relative to others",
                            most=1000)  # fmt: skip
    hours: float = quantity(
        1.0, "1", low=0.5, high=2, kind="A", meaning="hours of work in terms of the mean matter", least=0.01, most=100
    )
    waits: float = quantity(
        0.1, "1", low=0, high=0.5, kind="A",
        meaning="share that waits for another department before the office can go on", most=1,
    )  # fmt: skip
    wait_days: float = quantity(
        5.0, "working days", low=2, high=20, kind="A", meaning="mean length of such a wait, which no cadre works",
        most=100,
    )  # fmt: skip
    local: float = quantity(
        1.0, "1", low=0.5, high=1, kind="A", meaning="skill of local cadres in it, in terms of the usual", least=0.05,
        most=10,
    )  # fmt: skip
    specialist: float = quantity(
        1.0, "1", low=1, high=2, kind="A", meaning="skill of technical specialists in it, in terms of the usual",
        least=0.05, most=10,
    )  # fmt: skip


CATEGORIES = {
    "livelihood": Category(share=0.35, hours=0.9, waits=0.1, wait_days=5),
    "infrastructure": Category(share=0.2, hours=1.1, waits=0.25, wait_days=6, local=0.85, specialist=1.3),
    "dispute": Category(share=0.2, hours=1.2, waits=0.05, wait_days=5),
    "agriculture": Category(share=0.15, hours=1.0, waits=0.1, wait_days=5, local=0.8, specialist=1.5),
    "other": Category(share=0.1, hours=0.8, waits=0.05, wait_days=5),
}
"""Categories of matters where a scenario names none; the numbers are assumptions."""


class Demand(Section):
    """Rates, hours and due dates of residents' matters, and requests for certificates."""

    categories: dict[str, Category] = Field(
        default_factory=lambda: dict(CATEGORIES), description="categories of matters by name", min_length=1,
        max_length=12,
    )  # fmt: skip
    matters: float = quantity(
        255.0,
        "matters/1000 residents/year",
        low=111,
        high=400,
        kind="D",
        source=("jiangyong_grid", "agent_matters", "mediation_per_committee"),
        meaning="matters that residents bring to a village or community",
        most=20_000,
    )
    matters_township: float = quantity(
        130.0,
        "matters/1000 residents/year",
        low=35,
        high=206,
        kind="I",
        source=("hd_forwarded", "hd_township_orders", "beijing_calls"),
        meaning="matters that residents bring to their township government",
        most=20_000,
    )
    office_spread: float = quantity(
        0.3,
        "1",
        low=0.1,
        high=0.6,
        kind="A",
        meaning="standard deviation of the logarithm of demand per resident between offices; the mean stays",
        most=2.0,
    )
    urgent_share: float = quantity(0.05, "1", low=0.01, high=0.2, kind="A", meaning="share of urgent matters", most=1.0)
    hours: float = quantity(
        3.4,
        "h/matter",
        low=0.5,
        high=6,
        kind="A",
        source=("hours_per_case",),
        meaning="mean hours of work of a usual matter (calibrated: 13 hours of service a cadre-week)",
        most=200,
    )
    hours_spread: float = quantity(
        0.8, "1", low=0.4, high=1.2, kind="A", meaning="standard deviation of the logarithm of those hours", most=3.0
    )
    heavy_share: float = quantity(
        0.05, "1", low=0, high=0.1, kind="A", meaning="share of matters that are heavy cases", most=1.0
    )
    heavy_hours: float = quantity(
        20.0, "h/matter", low=10, high=40, kind="A", meaning="mean hours of work of a heavy case", most=1000
    )
    due_days: int = quantity(
        7,
        "working days",
        low=5,
        high=20,
        kind="A",
        meaning="working days in which a matter should be closed (calibrated: 6.8 calendar days to close)",
        source=("huaibei_days",),
        most=500,
        least=1,
    )
    due_days_urgent: int = quantity(
        2, "working days", low=1, high=5, kind="A", meaning="working days in which an urgent matter should be closed",
        most=500, least=1,
    )  # fmt: skip
    season_swing: float = quantity(
        0.15, "1", low=0, high=0.4, kind="A", meaning="how far demand swings above and below its mean over the year",
        most=1.0,
    )  # fmt: skip
    season_peak: int = quantity(
        1, "month", low=1, high=12, kind="A", meaning="month in which demand is highest", least=1, most=12
    )
    monday_factor: float = quantity(
        1.2, "1", low=1, high=1.6, kind="A", meaning="demand of a Monday in terms of another working day", most=5.0
    )
    prevention: float = quantity(
        0.015,
        "1/(h/1000 residents/week)",
        low=0,
        high=0.1,
        kind="A",
        meaning="by what share an hour of outreach a week per 1000 residents lowers the arrival of matters",
        most=1.0,
    )
    prevention_half_life: float = quantity(
        40.0,
        "working days",
        low=10,
        high=120,
        kind="A",
        meaning="half-life of the effect of outreach on later demand",
        least=1,
        most=2500,
    )
    neglect: float = quantity(
        0.3,
        "1",
        low=0,
        high=1,
        kind="A",
        meaning="by what share demand would rise if all matters open at an office were past their date",
        most=10.0,
    )
    certificates: float = quantity(
        178.0,
        "certificates/1000 residents/year",
        low=89,
        high=378,
        kind="I",
        source=("cert_items_anqing",),
        meaning="certificates and stamps that residents ask a village or community for",
        most=20_000,
    )
    certificate_kinds: int = quantity(
        109, "kinds", low=60, high=150, kind="D", source=("cert_items_anqing",),
        meaning="kinds of certificates in the catalogue", least=1, most=1000,
    )  # fmt: skip
    certificate_skew: float = quantity(
        0.8, "1", low=0, high=1.5, kind="A", meaning="Zipf exponent of how often each kind is asked for", most=3.0
    )
    certificate_hours: float = quantity(
        0.2, "h/certificate", low=0.1, high=0.5, kind="A", meaning="hours of work of a certificate", most=40
    )
    certificate_days: int = quantity(
        2, "working days", low=1, high=5, kind="A", meaning="working days in which a certificate should be issued",
        most=500, least=1,
    )  # fmt: skip
    satisfied: float = quantity(
        0.89, "1", low=0.8, high=0.98, kind="A", source=("hd_closed",),
        meaning="share of residents who are satisfied with a matter closed by its date (calibrated: 0.84 in all)",
        most=1,
    )  # fmt: skip
    satisfied_late: float = quantity(
        0.5, "1", low=0.2, high=0.9, kind="A", meaning="satisfaction with a matter closed late in terms of one on time",
        most=1,
    )  # fmt: skip
    knowhow_days: float = quantity(
        500.0, "working days", low=125, high=1500, kind="A",
        meaning="time in which an office takes on the skill of specialists, if all its cadres were specialists",
        least=1, most=100_000,
    )  # fmt: skip
    knowhow_half_life: float = quantity(
        1000.0, "working days", low=250, high=5000, kind="A",
        meaning="half-life of the skill that specialists left behind", least=1, most=100_000,
    )  # fmt: skip
