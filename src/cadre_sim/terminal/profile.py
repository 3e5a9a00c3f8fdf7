"""The cycle of a day on a terminal: every step and what it costs."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from cadre_sim.terminal.tables import table
from cadre_sim.workday.cycle import STEPS


def print_profile(console: Console, costs: dict[str, float], cadre_days: int) -> None:
    """Print the cycle of a day: every step in order, why it stands there, and what it cost."""
    total = sum(costs.values())
    shown = table("The cycle of a day", 15, ("ns/cadre-day", 12), ("share", 6))
    shown.add_column("why it stands here", ratio=1, overflow="fold")
    reasons = {s.name: s.why for s in STEPS}
    reasons["events"] = "SimPy: what comes from above on this day, as arrays"
    reasons["reforms"] = "the Policy of the day"
    reasons["record"] = "the day's sums by county, and its windows"
    for name in ("events", "reforms", *(s.name for s in STEPS), "record"):
        seconds = costs.get(name, 0.0)
        shown.add_row(name, f"{seconds / cadre_days * 1e9:.1f}", f"{seconds / total:.0%}", reasons[name])
    shown.add_row(Text("all", style="bold"), f"{total / cadre_days * 1e9:.1f}", "100%", f"{total:.2f} s in all")
    console.print(shown)
