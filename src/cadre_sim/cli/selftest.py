"""``cadre-sim selftest``: the checks that a reviewer would ask for, on the user's own machine."""

from __future__ import annotations

import time

from cadre_sim.cli.list import AsJson
from cadre_sim.cli.shared import Quiet, new_console, say_if_compiling
from cadre_sim.terminal.encoding import print_json


def selftest(quiet: Quiet = False, as_json: AsJson = False) -> None:
    """Check the model on this machine: queue theory, sums, reforms, bytes, random numbers and the reference model.

    Prints what each check expects and what it found. Ends with 1 if a check fails.

    Example: cadre-sim selftest --json
    """
    from cadre_sim.record.manifest import machine
    from cadre_sim.selftest.run import SUBJECTS
    from cadre_sim.selftest.run import selftest as check
    from cadre_sim.terminal.progress import shown
    from cadre_sim.terminal.selftest import print_selftest

    start = time.monotonic()
    say_if_compiling(quiet)
    with shown("checks", len(SUBJECTS), quiet) as progress:
        checks = check(progress)
    ok = all(c.ok for c in checks)
    if as_json:
        print_json({"ok": ok, **machine(), "checks": [c._asdict() for c in checks]})
    elif not quiet:
        versions = machine()["versions"]
        where = ", ".join(f"{name} {versions[name]}" for name in ("python", "numpy", "numba"))
        print_selftest(new_console(), checks, f"{machine()['platform']['system']}, {where}", time.monotonic() - start)
    if not ok:
        raise SystemExit(1)
