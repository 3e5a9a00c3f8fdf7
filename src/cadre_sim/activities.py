"""What a cadre's hours go to, and the four groups that activities belong to."""

from __future__ import annotations

ACTIVITIES = (
    "preparation", "reception", "rectification", "readiness",
    "meetings",
    "reports", "evidence", "certificates", "signs", "tasks", "screens",
    "urgent", "ordinary", "outreach", "training",
    "other", "switching", "idle",
)  # fmt: skip
"""Names of activities; the number of an activity is its place here."""

(
    PREPARATION, RECEPTION, RECTIFICATION, READINESS,
    MEETINGS,
    REPORTS, EVIDENCE, CERTIFICATES, SIGNS, TASKS, SCREENS,
    URGENT, ORDINARY, OUTREACH, TRAINING,
    OTHER, SWITCHING, IDLE,
) = range(len(ACTIVITIES))  # fmt: skip

GROUPS: dict[str, tuple[str, ...]] = {
    "inspection": ("preparation", "reception", "rectification", "readiness"),
    "meetings": ("meetings",),
    "paperwork": ("reports", "evidence", "certificates", "signs", "tasks", "screens"),
    "service": ("urgent", "ordinary", "outreach", "training"),
    "other": ("other",),
    "switching": ("switching",),
    "idle": ("idle",),
}
"""Groups of activities in the order in which tables show them; the first three are burden."""

BURDEN_GROUPS = ("inspection", "meetings", "paperwork")
COUNT = len(ACTIVITIES)
