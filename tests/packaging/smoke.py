"""A smoke of every command, with nothing but the package: run by the Python of an environment of its own.

``python smoke.py all`` expects every extra, ``python smoke.py core`` none: there, each command that needs one must say
which. It works in the current folder, and ends with 1 and what was printed where something is not as it should be.
"""

from __future__ import annotations

import contextlib
import io
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.request import urlopen

COUNTY = """\
title: A tiny county
period: {start: 2024-12-02, end: 2025-02-28}
place: {counties: [{name: Littleton, residents: 6000, offices: 6, communities: 2, townships: 1}]}
departments:
  city_bureaus: {level: city, number: 2, meetings: {per_year: 40}, forms: {per_month: 4}}
reforms: {meeting_limits: {from: 2025-01-01, adoption: 0.8}, form_consolidation: {from: 2025-01-15}}
"""
HALF = "extends: county.yaml\ntitle: Half of it\nreforms: {meeting_limits: {adoption: 0.4}}\n"
ARMS = "arms: {reform: county.yaml, before: {scenario: county.yaml, without_reforms: true}}\n"
DRAWN = "factors: {reforms.meeting_limits.adoption: , oversight.rebound: }\nreplicates: 2\n"
EXPERIMENTS = {
    "grid": ARMS + "factors: {oversight.rebound: {values: [0, 0.8]}}\n",
    "factorial": "scenario: county.yaml\ndesign: factorial\nreplicates: 2\n"
    "factors: {reforms.meeting_limits: , reforms.form_consolidation: }\n",
    "sobol": ARMS
    + DRAWN.replace("}", ", behaviour.pace: {values: [due_dates, at_once], crossed: true}}")
    + "design: sobol\npoints: 16\nmetrics: [service_hours, burden_hours, meetings_hours]\n",
    "morris": ARMS + DRAWN + "design: morris\npoints: 3\n",
    "saltelli": ARMS + DRAWN + "design: saltelli\npoints: 4\n",
}
SLURM = "jobs: 1\n"
OBJECTIVES = ("--objective", "service_hours:max", "--objective", "meetings_hours:max")
SQL = ("results", "results/grid", "--sql", "select arm, count(*) as n from runs group by arm order by arm")
CORE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("--help",), "selftest"),
    (("schema",), '"$defs"'),
    (("list", "metrics"), "service_hours"),
    (("list", "measures"), "meeting_limits"),
    (("list", "parameters"), "reforms.task_admission.tasks"),
    (("new", "mine.yaml"), "Written: mine.yaml"),
    (("validate", "mine.yaml", "county.yaml", "half.yaml"), ""),
    (("diff", "county.yaml", "half.yaml"), "meeting_limits"),
    (("run", "county.yaml", "--replicates", "2", "--out", "run"), "service"),
    (("report", "run"), "report.html"),
    (("compare", "county.yaml", "half.yaml", "--replicates", "2", "--out", "compare"), "pass-through"),
    (("report", "compare", "--language", "zh"), "report.zh.html"),
    (("calibrate", "county.yaml", "--trials", "2", "--out", "calibration"), ""),
    (("selftest",), ""),
    (("experiment", "plan", "grid.yaml"), "runs: 4"),
    (("experiment", "run", "grid.yaml"), "4 runs done, 0 failed"),
    (("results", "results/grid"), "service_hours"),
    (("experiment", "run", "factorial.yaml"), "8 runs done, 0 failed"),
    (("analyse", "attribute", "results/factorial"), "Shapley values"),
    (("report", "results/factorial"), "report.html"),
    (("experiment", "run", "sobol.yaml"), "0 failed"),
    (("analyse", "variance", "results/sobol"), "2 mechanisms"),
)
EXTRA: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("sweep", SQL, "arm,n\nbefore,2\nreform,2\n"),
    ("sweep", ("experiment", "run", "grid.yaml", "--out", "dask", "--scheduler", "SCHEDULER"), "4 runs done, 0 failed"),
    ("analyse", ("analyse", "frontier", "results/sobol", *OBJECTIVES), "not bettered"),
    ("analyse", ("analyse", "discover", "results/sobol", "--fails", "service_hours < 1"), "It fails at"),
    ("analyse", ("experiment", "run", "morris.yaml"), "0 failed"),
    ("analyse", ("experiment", "run", "saltelli.yaml"), "0 failed"),
)
NEEDS_ALL: tuple[tuple[tuple[str, ...], str], ...] = (
    (("analyse", "sensitivity", "results/morris"), "Morris screening"),
    (("analyse", "sensitivity", "results/saltelli"), "Sobol indices"),
    (("report", "results/sobol"), "report.html"),
    (("report", "results/morris", "--language", "zh"), "report.zh.html"),
    (("report", "run", "--sensitivity", "results/morris"), "report.html"),
)
REFUSED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("explore", ("explore", "county.yaml", "--no-browser", "--port", "0")),
    ("sweep", ("experiment", "run", "grid.yaml", "--out", "slurm", "--cluster", "slurm.yaml")),
)
WORKING_DAYS_2025 = 248
WORKED_SATURDAY = date(2026, 2, 28)


def call(*arguments: str) -> tuple[int, str, str]:
    """Run the command line within this process: how it ended, and what it printed."""
    from cadre_sim.cli.app import main

    out, err, before = io.StringIO(), io.StringIO(), sys.argv
    sys.argv = ["cadre-sim", *arguments]
    code: object = 0
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            main()
    except SystemExit as ended:
        code = ended.code or 0
    finally:
        sys.argv = before
    return int(str(code)), out.getvalue(), err.getvalue()


def expect(arguments: tuple[str, ...], words: str) -> None:
    """A command goes well, prints certain words, and no library warns."""
    code, out, err = call(*arguments)
    if code or (words not in " ".join(out.split()) and words not in out) or "Warning" in err:
        raise SystemExit(f"{' '.join(arguments)}: ended with {code}, wanted {words!r}\n{out}\n{err}")


def expect_missing(extra: str, arguments: tuple[str, ...]) -> None:
    """A command says which extra it needs, and leaves nothing."""
    before = sorted(Path().rglob("*"))
    code, out, err = call(*arguments)
    told = f"which the extra [{extra}] brings: pip install 'cadre_sim[{extra}]'"
    if code != 2 or told not in err or out or sorted(Path().rglob("*")) != before:
        raise SystemExit(f"{' '.join(arguments)}: ended with {code}, wanted {told!r}\n{out}\n{err}")


def expect_page() -> None:
    """The page is served, and ends when it is interrupted."""
    command = [sys.executable, "-m", "cadre_sim.cli", "explore", "--no-browser", "--port", "0", "--workers", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+/", line):
            with urlopen(found[0]) as answer:
                page = answer.read().decode()
            process.send_signal(signal.SIGINT)
            if "<marimo-" not in page or process.wait(60):
                raise SystemExit(f"explore: ended with {process.returncode}, served\n{page}")
            return
    raise SystemExit("explore:\n" + "".join(lines))


@contextlib.contextmanager
def scheduler() -> Iterator[str]:
    """The address of a Dask scheduler with a worker, both within this process."""
    from distributed import LocalCluster

    options = {"protocol": "tcp", "dashboard_address": None, "processes": False}
    with LocalCluster(n_workers=1, threads_per_worker=1, **options) as cluster:
        yield cluster.scheduler_address


def expect_same_bytes() -> None:
    """What the cluster did is what this machine did."""
    here, there = (sorted(p.name for p in Path(folder, "runs").iterdir()) for folder in ("results/grid", "dask"))
    if here != there:
        raise SystemExit(f"a cluster gives other results: {here} and {there}")


def expect_data() -> None:
    """The package brings its scenarios, experiments and schema, and the working days of China."""
    from importlib.resources import files

    from cadre_sim.scenario.period import Calendar, Period
    from cadre_sim.world.calendar import WorkCalendar

    dates = WorkCalendar(Period(start=date(2025, 1, 1), end=date(2026, 12, 31)), Calendar()).dates.astype(object)
    found = sum(day.year == 2025 for day in dates)
    if found != WORKING_DAYS_2025 or WORKED_SATURDAY not in dates:
        raise SystemExit(f"China has {found} working days in 2025, wanted {WORKING_DAYS_2025}, and {WORKED_SATURDAY}")
    manifest = json.loads(Path("run/manifest.json").read_text(encoding="utf-8"))
    if "not installed" in manifest["versions"].values():
        raise SystemExit(f"the manifest knows not all libraries: {manifest['versions']}")
    data = files("cadre_sim.data")
    if not data.joinpath("reference.yaml").is_file():
        raise SystemExit("the package lacks its data")


def main(extras: str) -> None:
    """Run every command."""
    written = {"county": COUNTY, "half": HALF, "slurm": SLURM, **EXPERIMENTS}
    for name, text in written.items():
        Path(f"{name}.yaml").write_text(text, encoding="utf-8")
    for arguments, words in CORE:
        expect(arguments, words)
    expect_data()
    if extras == "core":
        for extra, arguments, _ in EXTRA:
            expect_missing(extra, tuple("tcp://127.0.0.1:1" if a == "SCHEDULER" else a for a in arguments))
        for extra, arguments in REFUSED:
            expect_missing(extra, arguments)
        return
    for _, arguments, words in EXTRA:
        if "SCHEDULER" in arguments:
            with scheduler() as address:
                expect(tuple(address if a == "SCHEDULER" else a for a in arguments), words)
            expect_same_bytes()
        else:
            expect(arguments, words)
    for arguments, words in NEEDS_ALL:
        expect(arguments, words)
    expect_page()


if __name__ == "__main__":
    main(sys.argv[1])
    print("smoke: all well")
