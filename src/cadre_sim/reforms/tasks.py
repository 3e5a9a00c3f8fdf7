"""Task admission: departments need leave before they delegate a task."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class TaskAdmission(Measure):
    """Tasks that departments delegate to offices are admitted or refused (row 5 of the article).

    Each planned task has a draw of its own that decides; ad-hoc tasks, which departments send in place of what other
    measures cut, lose the same share of their hours. What is refused comes back in part as messages in chat groups.
    """

    key: ClassVar[str] = "task_admission"
    row: ClassVar[int | None] = 5
    label: ClassVar[str] = "admission of delegated tasks"

    tasks: float = quantity(0.6, "1", low=0.3, high=0.9, kind="A", meaning="tasks that remain, as a share", most=1)

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "任务下派准入",
            "tasks": "任务保留的比例",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Fewer delegated tasks."""
        return (Effect("task_share", "scale", self.tasks),)
