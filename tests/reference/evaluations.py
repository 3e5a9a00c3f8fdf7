"""Evaluations: evidence and pressure through a season, a visit at its end (section 4, Evaluations)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cadre_sim.levels import LEVELS
from reference.handed import Order
from reference.inbox import Visit, Waits
from reference.office import Office
from reference.plan import PlannedEvaluation, PlannedOrder

if TYPE_CHECKING:
    from reference.above import FromAbove


class Evaluations:
    """Evaluations in season."""

    def __init__(self, above: FromAbove) -> None:
        self.above = above
        self.in_season: list[tuple[PlannedEvaluation, list[Office]]] = []

    def season(self, evaluation: PlannedEvaluation) -> Waits:
        """The process of an evaluation: it waits for the first day of its season, and for the day after its last."""
        env = self.above.env
        yield env.timeout(evaluation.first)
        chosen = [o for o in evaluation.department.offices if self.takes_place(evaluation, o)]
        season = (evaluation, chosen)
        self.in_season.append(season)
        self.ask_for_evidence(evaluation)
        if evaluation.ends:
            self.plan_visits(evaluation, chosen)
        yield env.timeout(evaluation.end - evaluation.first)
        self.in_season.remove(season)

    def takes_place(self, evaluation: PlannedEvaluation, office: Office) -> bool:
        """Whether an office is evaluated, by the Policy of the first day of the season."""
        policy, level = self.above.policies.of(office.row, evaluation.first), LEVELS[evaluation.department.area.level]
        if evaluation.plan.comprehensive:
            share = policy["comprehensive_share"]
        else:
            share = 1.0 if level == "township" else policy[f"evaluation_share_{level}"]
        return evaluation.keep < share

    def ask_for_evidence(self, evaluation: PlannedEvaluation) -> None:
        """Ask the area for evidence; each office decides by its policy of today whether it is evaluated."""
        department, plan = evaluation.department, evaluation.plan
        order = Order(
            "evidence",
            department.area.level,
            plan.evidence_hours * evaluation.part,
            lead=evaluation.end - evaluation.first,
            keep=evaluation.keep,
            comprehensive=plan.comprehensive,
        )
        self.above.evidence[department.area.number].append(PlannedOrder(department, order))

    def plan_visits(self, evaluation: PlannedEvaluation, chosen: list[Office]) -> None:
        """Start and book the visits of the last days of a season."""
        plan, first, end = evaluation.plan, evaluation.first, evaluation.end
        visiting = min(plan.visiting_days, end - first)
        for q, office in enumerate(evaluation.department.offices):
            if office in chosen:
                day = end - visiting + q % visiting
                escorts = plan.escorts * self.above.policies.of(office.row, first)["reception_scale"] * office.load
                visit = Visit(office, evaluation.department.number, escorts, plan.reception_hours)
                self.above.inbox.book(office, day)
                self.above.env.process(self.above.inbox.visit(visit, day))

    def pressure(self, office: Office) -> float:
        """The weights of the evaluations of an office that are in season."""
        return sum((e.plan.weight for e, chosen in self.in_season if office in chosen), 0.0)
