"""Columns of the numbers that a day leaves of an office, and that a window of days leaves of a cadre."""

from __future__ import annotations

from cadre_sim.activities import ACTIVITIES, COUNT

COUNTS = (
    "overtime", "contracted", "present", "cadres",
    "visits", "topics", "meeting_seats", "forms", "certificates_asked", "gold_plating", "missed",
    "received", "received_urgent", "closed", "closed_urgent", "on_time", "perfunctory", "perfunctory_hours",
    "open", "overdue", "days_to_close", "waited", "satisfied", "complaints",
    "violations", "found", "hidden",
    "motivation", "caution", "fatigue", "proactive", "burnt_out",
    "accusations", "cleared", "accused", "quits", "hired", "deployed", "office_days",
)  # fmt: skip

OUTPUTS = (*ACTIVITIES, *COUNTS)
"""Names of the columns: hours of each activity, then counts and sums; the number of a column is its place here."""

(
    OVERTIME, CONTRACTED, PRESENT, CADRES,
    VISITS, TOPICS, MEETING_SEATS, FORMS, CERTIFICATES_ASKED, GOLD_PLATING, MISSED,
    RECEIVED, RECEIVED_URGENT, CLOSED, CLOSED_URGENT, ON_TIME, PERFUNCTORY, PERFUNCTORY_HOURS,
    OPEN, OVERDUE, DAYS_TO_CLOSE, WAITED, SATISFIED, COMPLAINTS,
    VIOLATIONS, FOUND, HIDDEN,
    MOTIVATION, CAUTION, FATIGUE, PROACTIVE, BURNT_OUT,
    ACCUSATIONS, CLEARED, ACCUSED, QUITS, HIRED, DEPLOYED, OFFICE_DAYS,
) = range(COUNT, COUNT + len(COUNTS))  # fmt: skip

CADRE_TOTALS = (*ACTIVITIES, "overtime", "present")
"""Names of the totals of a cadre over a window: hours of each activity, hours of overtime, days present."""
TOTAL_OVERTIME, TOTAL_PRESENT = range(COUNT, len(CADRE_TOTALS))

DAY_BINS = 121
"""Bins of the distribution of days to close: 0, 1, ... 119 calendar days, and 120 or more."""
