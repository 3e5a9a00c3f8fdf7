"""Integrity: how violations arise, stay hidden, are found, and harm residents."""

from __future__ import annotations

from cadre_sim.scenario.fields import Section, quantity


class Integrity(Section):
    """Violations of cadres: their hazard, what oversight does to it, and what becomes of them."""

    violations: float = quantity(
        0.1, "violations/cadre/year", low=0.02, high=0.5, kind="A",
        meaning="violations that would arise if nobody ever looked", most=250,
    )  # fmt: skip
    deterrence: float = quantity(
        0.17, "1/(visits/week)", low=0.1, high=0.3, kind="I", source=("karplus_during", "karplus_revert"),
        meaning="how strongly felt visits lower the hazard of violations, as an exponent (calibrated: a month of daily "
        "visits lowers it by 0.385 at its end)", most=10,
    )  # fmt: skip
    detection: float = quantity(
        0.06, "1/violation/visit", low=0.01, high=0.3, kind="A",
        meaning="chance that a visit finds a hidden violation that is not kept out of sight", most=1,
    )  # fmt: skip
    show: float = quantity(
        0.4, "1", low=0.1, high=0.7, kind="A", source=("karplus_during",),
        meaning="show compliance: share of violations that are kept out of sight while inspectors are there", most=1,
    )  # fmt: skip
    surprise: float = quantity(
        0.0, "1", low=-0.025, high=0.013, kind="D", source=("ehlers_rct", "klerks"),
        meaning="by what share a visit without notice finds more than an announced one", least=-1, most=10,
    )  # fmt: skip
    rectification_hours: float = quantity(
        16.0, "h/violation", low=4, high=60, kind="A", meaning="hours to put right a violation that was found",
        most=5000,
    )  # fmt: skip
    lapse_days: float = quantity(
        500.0, "working days", low=125, high=1500, kind="A",
        meaning="mean time after which a violation that nobody finds comes to an end by itself", least=1, most=100_000,
    )  # fmt: skip
    uncovering: float = quantity(
        0.1, "1/violation/year", low=0.02, high=0.5, kind="A",
        meaning="true accusations a year for each hidden violation; such an accusation uncovers it", most=250,
    )  # fmt: skip
    harm: float = quantity(
        0.03, "1000 residents/violation", low=0, high=0.2, kind="A",
        meaning="by what share a hidden violation among 1000 residents raises the matters that they bring", most=10,
    )  # fmt: skip
    distrust: float = quantity(
        0.03, "1000 residents/violation", low=0, high=0.2, kind="A",
        meaning="by what share a hidden violation among 1000 residents lowers their satisfaction", most=10,
    )  # fmt: skip
