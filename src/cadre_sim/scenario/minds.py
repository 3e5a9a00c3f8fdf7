"""What goes on in cadres: motivation, caution and fatigue, accusations, quits and what novices learn."""

from __future__ import annotations

from cadre_sim.scenario.fields import Section, quantity


class Minds(Section):
    """Motivation, caution and fatigue: where they start and how they move (all on a scale of 0 to 1)."""

    motivation: float = quantity(
        0.6, "1", low=0.4, high=0.7, kind="A", meaning="mean disposition to motivation", most=1
    )
    caution: float = quantity(0.35, "1", low=0.2, high=0.6, kind="A", meaning="mean disposition to caution", most=1)
    spread: float = quantity(
        0.5, "1", low=0.2, high=1, kind="A", meaning="standard deviation between cadres, on the logit scale", most=3
    )
    caution_days: float = quantity(
        30.0, "working days", low=10, high=90, kind="A", meaning="time in which caution moves to its target", least=1,
        most=2500,
    )  # fmt: skip
    caution_visits: float = quantity(
        0.08, "1/(visits/week)", low=0, high=0.2, kind="A", meaning="how far felt visits raise caution", most=5
    )
    caution_evaluations: float = quantity(
        0.25,
        "1",
        low=0,
        high=0.6,
        kind="A",
        meaning="how far the weight of evaluations in season raises caution",
        most=5,
    )
    fatigue_gain: float = quantity(
        0.02, "1/h", low=0.005, high=0.05, kind="A", meaning="fatigue from an hour of overtime", most=1
    )
    fatigue_recovery: float = quantity(
        0.1,
        "1/working day",
        low=0.03,
        high=0.3,
        kind="A",
        meaning="share of fatigue that a day's rest takes away",
        most=1,
    )
    motivation_solved: float = quantity(
        0.01, "1/matter", low=0, high=0.03, kind="A", meaning="how far a matter solved raises motivation", most=1
    )
    motivation_peers: float = quantity(
        0.02,
        "1/working day",
        low=0,
        high=0.05,
        kind="A",
        meaning="how fast motivation moves to that of colleagues",
        most=1,
    )
    motivation_burden: float = quantity(
        0.01, "1/working day", low=0, high=0.05, kind="A", meaning="how fast a day of mere burden lowers motivation",
        most=1,
    )  # fmt: skip
    motivation_fatigue: float = quantity(
        0.01, "1/working day", low=0, high=0.05, kind="A", meaning="how fast full fatigue lowers motivation", most=1
    )
    motivation_trait: float = quantity(
        0.06, "1/working day", low=0.01, high=0.1, kind="A",
        meaning="how fast motivation returns to a cadre's own disposition", most=1,
    )  # fmt: skip
    proactive_from: float = quantity(
        0.6, "1", low=0.5, high=0.75, kind="A", meaning="motivation from which a cadre counts as proactive", most=1
    )
    caution_penalties: float = quantity(
        0.3, "cadres/violation", low=0, high=1, kind="A",
        meaning="how far a violation found at an office raises the caution of its cadres, divided among them", most=20,
    )  # fmt: skip
    penalty_half_life: float = quantity(
        60.0, "working days", low=20, high=250, kind="A", meaning="half-life of penalties in memory", least=1, most=2500
    )
    caution_accused: float = quantity(
        0.3, "1", low=0, high=0.6, kind="A", meaning="how far an accusation that is not cleared raises caution", most=1
    )
    false_accusations: float = quantity(
        0.03, "accusations/cadre/year", low=0.005, high=0.1, kind="A", meaning="accusations without ground", most=250
    )
    accusation_days: float = quantity(
        250.0, "working days", low=60, high=750, kind="A",
        meaning="mean time until a false accusation that nobody clears is forgotten", least=1, most=100_000,
    )  # fmt: skip
    motivation_accused: float = quantity(
        0.03, "1/working day", low=0, high=0.1, kind="A",
        meaning="how fast an accusation that is not cleared lowers motivation", most=1,
    )  # fmt: skip
    motivation_cleared: float = quantity(
        0.3, "1", low=0, high=1, kind="A", meaning="how far the clearing of a name raises motivation, once", most=1
    )
    motivation_mentors: float = quantity(
        0.03, "1/working day", low=0, high=0.1, kind="A",
        meaning="how fast motivation rises where all colleagues are mentors (people sent from above)", most=1,
    )  # fmt: skip
    burnout_from: float = quantity(
        0.28, "1", low=0.2, high=0.7, kind="I", source=("burnout_west",),
        meaning="mean of fatigue and lack of motivation from which a cadre counts as burnt out (calibrated: 0.55 do)",
        most=1,
    )  # fmt: skip
    quits: float = quantity(
        0.0102, "quits/cadre/year", low=0.002, high=0.05, kind="I", source=("village_turnover",),
        meaning="quits of cadres who are neither tired nor short of motivation (calibrated: 0.033 in all)", most=250,
    )  # fmt: skip
    quits_fatigue: float = quantity(
        2.0, "1", low=0, high=4, kind="A", meaning="how strongly fatigue raises the hazard of quitting, as an exponent",
        most=20,
    )  # fmt: skip
    quits_motivation: float = quantity(
        2.0, "1", low=0, high=4, kind="A",
        meaning="how strongly lack of motivation raises the hazard of quitting, as an exponent", most=20,
    )  # fmt: skip
    vacancy_days: int = quantity(
        60, "working days", low=20, high=180, kind="A", meaning="time until a cadre who quit is replaced by a novice",
        least=1, most=2500,
    )  # fmt: skip
    novice_skill: float = quantity(
        0.6, "1", low=0.3, high=0.9, kind="A", meaning="skill of a novice in terms of what practice will make of it",
        most=1,
    )  # fmt: skip
    learning_days: float = quantity(
        250.0, "working days", low=60, high=500, kind="A", meaning="time in which a novice learns by practice", least=1,
        most=100_000,
    )  # fmt: skip
    learning_mentors: float = quantity(
        3.0, "1", low=0, high=10, kind="A",
        meaning="by how much novices learn faster where all colleagues are mentors", most=100,
    )  # fmt: skip
