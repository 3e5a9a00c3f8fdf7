"""What figures and reports call activities, arms and measures."""

from __future__ import annotations

from cadre_sim.language import mark

ACTIVITY_NAMES = {
    "meetings": mark("meetings"),
    "paperwork": mark("paperwork"),
    "inspection": mark("inspections"),
    "switching": mark("switching"),
    "other": mark("other work"),
    "idle": mark("idle"),
    "service": mark("service to residents"),
}
ARM_NAMES = {"baseline": mark("without reform"), "reform": mark("with reform"), "run": mark("this run")}
LINE_NAMES = {**ARM_NAMES, "baseline": mark("without reform (dashed)")}
"""Names of arms where each is a line."""

MEASURES: dict[str, str] = {
    "amplification_ban": mark("no piling-on at each level"),
    "assessment_streamlining": mark("one comprehensive assessment a year"),
    "certificate_removal": mark("certificates abolished"),
    "fault_tolerance": mark("tolerance of honest mistakes"),
    "form_consolidation": mark("forms merged and shared"),
    "formalism_watchdog": mark("watchdog against formalism"),
    "inaction_accountability": mark("accountability for inaction"),
    "inspection_quota": mark("quota of inspections"),
    "joint_inspection": mark("joint inspections"),
    "meeting_limits": mark("limits to meetings"),
    "name_clearing": mark("names cleared of false accusations"),
    "no_disturbance_inspection": mark("no-disturbance inspections"),
    "screen_consolidation": mark("apps and chat groups merged"),
    "service_incentives": mark("incentives for service"),
    "sign_clearance": mark("signs cleared away"),
    "talent_deployment": mark("officials and specialists sent down"),
    "task_admission": mark("admission of delegated tasks"),
}
"""Names of the package's measures; one from elsewhere goes by its key."""
