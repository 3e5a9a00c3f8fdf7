"""Formalism watchdog: a small staff that takes reports and corrects departments that ask for too much."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class FormalismWatchdog(Measure):
    """Formalism investigated, and oversized meetings and unreasonable tasks corrected (rows 5 and 6 of the article).

    Offices report departments the more, the more these ask for above their plan or in place of what was cut. A report
    becomes a case that waits for one of the staff; its end corrects the department and deters the others of its area
    for a while. Beside the cases, those who ask for most meetings and tasks above their plan are corrected at once, the
    largest first. The number of cases is an outcome: it falls when departments behave, and is limited by the staff.
    """

    key: ClassVar[str] = "formalism_watchdog"
    row: ClassVar[int | None] = 6
    label: ClassVar[str] = "watchdog against formalism"

    staff: int = quantity(
        6, "persons", low=2, high=20, kind="A", meaning="investigators, each with one case at a time", least=1,
        most=10_000,
    )  # fmt: skip
    case_days: int = quantity(
        10, "working days", low=3, high=40, kind="A", meaning="time that a case takes an investigator", least=1,
        most=1000,
    )  # fmt: skip
    report_rate: float = quantity(
        1.0, "reports/100 offices/year", low=0.2, high=5, kind="A",
        meaning="reports about a department that asks for twice its plan", most=10_000,
    )  # fmt: skip
    correction: float = quantity(
        0.8, "1", low=0.3, high=1, kind="A", meaning="share of what a department asks above its plan that a case ends",
        most=1,
    )  # fmt: skip
    deterrence: float = quantity(
        0.1, "1", low=0, high=0.5, kind="A", meaning="how far a case deters the other departments of the area", most=1
    )
    corrections: int = quantity(
        10, "corrections", low=0, high=50, kind="D", source=("hy_meetings",),
        meaning="oversized meetings and unreasonable tasks that are corrected at once", most=10_000,
    )  # fmt: skip
    correction_days: int = quantity(
        140, "working days", low=20, high=250, kind="A", meaning="time over which those corrections are spread",
        least=1, most=10_000,
    )  # fmt: skip

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "整治形式主义专项督查",
            "staff": "调查人员数，每人一次办一件",
            "case_days": "一件案件所需的调查时间",
            "report_rate": "针对要求达计划两倍的部门的反映数",
            "correction": "一件案件消除的部门超计划要求的比例",
            "deterrence": "一件案件对本地区其他部门的威慑程度",
            "corrections": "立即纠正的超规模会议与不合理任务",
            "correction_days": "这些纠正分布的时间",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Turns no knob: it acts on departments, through reports from the offices where it is in force."""
        return ()
