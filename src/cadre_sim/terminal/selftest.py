"""The selftest on a terminal: a line a check."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from cadre_sim.selftest.check import Check

WIDTH = 80
"""Columns of a narrow terminal, a file or a pipe; on a wider terminal nothing is folded."""


def print_selftest(console: Console, checks: Sequence[Check], where: str, seconds: float) -> None:
    """Print what was checked, what should be, what is, and how many checks hold.

    Args:
        console: to print to.
        checks: in order.
        where: the machine and its versions.
        seconds: how long it took.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for name, width in (("check", 40), ("expected", 16), ("found", 17), ("ok", 3)):
        table.add_column(name, width=width if console.width <= WIDTH else None, overflow="fold")
    for check in checks:
        table.add_row(check.name, check.expected, check.found, "yes" if check.ok else "NO")
    console.print(table, highlight=False, markup=False)
    failed = sum(not check.ok for check in checks)
    says = f"all {len(checks)} checks hold" if not failed else f"{failed} of {len(checks)} checks FAIL"
    console.print(f"\n{where}: {says} ({seconds:.0f} s).", highlight=False, markup=False)
