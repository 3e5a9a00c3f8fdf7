"""What the fuzzer gives its files to, and what must hold of whatever comes back.

Every target takes the bytes of one bad (or still good) file, lays it out in an empty folder that is also the current
one, and calls what reads it. Whatever is refused is refused with a sentence, exit code 2 and nothing written. Whatever
``validate`` calls good runs, twice with the same bytes.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
import traceback
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from calling import Called, Hang, bounded, called, contents, faults
from hypothesis import strategies as st
from mutating import EDGES, Table, edited, tables, texts
from openpyxl import Workbook
from trees import Tree, parsed

import cadre_sim
from cadre_sim.errors import UserError
from cadre_sim.experiments.planning import load_experiment
from cadre_sim.scenario.loading import load, unmeasured
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.sweep.cluster_file import load_cluster
from cadre_sim.sweep.runner import Runner
from cadre_sim.sweep.store import opened
from conftest import TINY, TWO_COUNTIES
from sweeps import GRID, quick

SECONDS = 60.0
"""Most processor time that a small run may take [s]."""
_MOST_OFFICES = 60
_MOST_DAYS = 200
_MOST_RUNS = 2000
_RUNS_TRIED = 6
_DATA = Path(cadre_sim.__file__).parent / "data"
_PROJECT = Path(__file__).parents[2]

BESIDE = {"tiny.yaml": TINY, "two.yaml": TWO_COUNTIES}


class FaultError(AssertionError):
    """Something that a user would be hurt by: first line what, then how it came."""


class Target(NamedTuple):
    """A kind of file: its name, what it is made of, and what reads it."""

    file: str
    contents: Callable[[], st.SearchStrategy[bytes]]
    check: Callable[[], str]


def lay_out(content: bytes, target: Target, folder: Path = Path()) -> None:
    """Write the file and those beside it."""
    for name, text in BESIDE.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / target.file).write_bytes(content)


def _checked(code: int | None, *command: str) -> Called:
    """A command that leaves the folder as it was, unless it is to write ``new``."""
    before = contents()
    found = called(command, SECONDS)
    wrong = list(faults(found, code))
    if wrong:
        raise FaultError(f"`{' '.join(command)}` {wrong[0]}\n{found.out}{found.err}")
    if found.code != 0 and contents() != before:
        raise FaultError(f"`{' '.join(command)}` is refused and leaves something\n{found.err}")
    return found


@cache
def _whole(scenario: str) -> str:
    """A scenario with every parameter that there is, as YAML."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "x.yaml")
        path.write_text(scenario, encoding="utf-8")
        return json.dumps(load(path).to_dict(), ensure_ascii=False)


def _of_file(*names: str) -> list[Tree]:
    return [parsed((_PROJECT / name).read_text(encoding="utf-8")) for name in names]


# ---- scenarios ----


def scenarios() -> st.SearchStrategy[bytes]:
    """Small scenarios, changed; parts of large ones come in."""
    good = [parsed(TINY), parsed(TWO_COUNTIES), parsed(_whole(TINY)), *_of_file("scenarios/one-village.yaml")]
    donors = [parsed((_DATA / "template.yaml").read_text(encoding="utf-8"))]
    return texts(good, donors + _of_file("scenarios/hengyang.yaml", "scenarios/staggered-rollout.yaml"))


def check_scenario() -> str:
    """A scenario is refused as a whole, or it runs."""
    if _checked(None, "validate", "bad.yaml").code:
        # Not `run`, which does not look at the baseline.
        _checked(2, "compare", "bad.yaml", "-n", "1", "--workers", "1", "--out", "new")
        return "refused"
    return _run_twice("bad.yaml")


def _run_twice(name: str) -> str:
    """What ``validate`` calls good runs; twice it gives the same bytes."""
    if not _is_small(load(name)):
        return "large"
    for folder in ("one", "two"):
        _checked(0, "run", name, "-n", "1", "--workers", "1", "-q", "--out", folder)
    for table in ("daily.parquet", "offices.parquet", "summary.csv", "events.csv"):
        if Path("one", table).read_bytes() != Path("two", table).read_bytes():
            raise FaultError(f"two runs of the same file leave another {table}")
    _checked(0, "compare", name, "-n", "2", "--workers", "1", "--out", "three")
    return "ran"


def _is_small(scenario: Scenario) -> bool:
    days = (scenario.period.end - scenario.period.start) / timedelta(days=1)
    if scenario.place.units is not None:
        return days <= _MOST_DAYS
    offices = sum((c.offices + c.townships) * c.number for c in scenario.place.counties)
    departments = sum(group.number for group in scenario.departments.values())
    cadres = scenario.staff.cadres_per_township
    return offices <= _MOST_OFFICES and days <= _MOST_DAYS and departments <= 300 and cadres <= 1000


# ---- experiments ----

_DRAWN = """\
scenario: two.yaml
arms: {all: {settings: {staff.absence: 0.1}}, none: {scenario: tiny.yaml, without_reforms: true}}
factors:
  oversight.rebound: {range: [0, 0.9]}
  adoption: {path: reforms.*.adoption, range: [0.3, 1], kind: uniform}
  bureaus: {path: departments.city_bureaus.number, range: [1, 3], kind: whole}
  start: {path: reforms.meeting_limits.from, values: [2025-01-01, 2025-02-03], crossed: true}
design: latin_hypercube
points: 3
replicates: 1
seed: 3
metrics: [service_hours, visits]
time_limit: 30
"""
_ON_OFF = """\
scenario: tiny.yaml
question: Which?
factors: {a: {path: reforms.meeting_limits}, b: {path: reforms.inspection_quota, values: [on, off]}}
design: factorial
metrics: [all]
"""


def experiments() -> st.SearchStrategy[bytes]:
    """Experiments on small scenarios, changed."""
    good = [parsed(GRID), parsed(_DRAWN), parsed(_ON_OFF)]
    names = ("attribution", "frontier", "sensitivity", "variance")
    return texts(good, _of_file("experiments/rebound.yaml", *(f"experiments/hengyang-{name}.yaml" for name in names)))


def check_experiment() -> str:
    """An experiment is refused as a whole, or its first runs go well."""
    try:
        with bounded(SECONDS):
            plan = load_experiment("bad.yaml")
            total = plan.total()
    except UserError:
        _checked(2, "experiment", "plan", "bad.yaml")
        _checked(2, "experiment", "run", "bad.yaml", "--out", "new", "--workers", "1")
        return "refused"
    except (Exception, Hang):
        raise FaultError(f"an experiment raises\n{traceback.format_exc()}") from None
    if total > _MOST_RUNS or not all(_is_small(Scenario.model_validate(arm.data)) for arm in plan.arms.values()):
        return "large"
    outcome_of = Runner(plan)
    keys = []
    with bounded(SECONDS):
        for run in islice(plan.runs(), _RUNS_TRIED):
            keys.append(run.key)
            if not _fits(plan, run):
                continue
            outcome = outcome_of(run)
            if outcome.error is not None:
                raise FaultError(f"a run of a good experiment fails\n{outcome.error.text}")
            if all(value != value for value in outcome.values):
                raise FaultError("a run of a good experiment measures nothing")
        if keys != [run.key for run in islice(load_experiment("bad.yaml").runs(), _RUNS_TRIED)]:
            raise FaultError("the same experiment has other runs the second time")
    return "ran"


def _fits(plan: Any, run: Any) -> bool:
    """Whether the values of a run go together and its scenario is small: what the store keeps as failed is no fault."""
    try:
        scenario = plan.scenario(run.arm, run.values)
    except ValueError:
        return False
    return _is_small(scenario) and not unmeasured(scenario)


# ---- clusters ----

_CLUSTER = """\
jobs: 2
cores: 4
memory: 8 GB
walltime: "02:00:00"
partition: short
account: me
interface: ib0
local_directory: /tmp
log_directory: logs
python: /usr/bin/python3
prologue: [module load python]
directives: [--constraint=ib]
"""


def clusters() -> st.SearchStrategy[bytes]:
    """Files of a cluster, changed."""
    return texts([parsed(_CLUSTER)], [parsed(GRID)])


def check_cluster() -> str:
    """A cluster's file is refused in a sentence, or each of its texts is one line of a job script."""
    try:
        with bounded(SECONDS):
            jobs = load_cluster("bad.yaml")
    except UserError as error:
        if not str(error).strip():
            raise FaultError("a cluster's file is refused without a word") from None
        return "refused"
    except (Exception, Hang):
        raise FaultError(f"a cluster's file raises\n{traceback.format_exc()}") from None
    lines = [text for value in jobs for text in (value[1] if isinstance(value[1], tuple) else [value[1]])]
    if any(isinstance(text, str) and len(text.splitlines()) > 1 for text in lines):
        raise FaultError("a text of a job script has several lines")
    return "ran"


# ---- units tables ----

_TABLE: Table = (
    ("county", "township", "name", "kind", "residents", "cadres"),
    ("东山县", "城关镇", "镇政府", "township", "6166", "12"),
    ("东山县", "城关镇", "石桥村", "village", "1626", "5"),
    ("东山县", "城关镇", "河东社区", "community", "4540", "9"),
    ("清溪县", "新桥乡", "新桥村", "村", "2,085", "6"),
    ("清溪县", "新桥乡", "乡政府", "township", "", "7"),
)


@cache
def _workbook() -> bytes:
    book = Workbook()
    for row in _TABLE:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def units() -> st.SearchStrategy[bytes]:
    """Units tables, changed; some are workbooks with bytes changed."""
    return st.one_of(tables(_TABLE), tables(_TABLE), tables(_TABLE), edited(st.just(_workbook()), least=1))


def check_units() -> str:
    """A table is refused as a whole, or the place runs."""
    Path("place.yaml").write_text("period: {start: 2025-03-03, end: 2025-03-12}\nplace: {units: units.csv}\n")
    if _checked(None, "validate", "place.yaml").code:
        _checked(2, "run", "place.yaml", "--out", "new")
        return "refused"
    return _run_twice("place.yaml")


# ---- rules ----

_RULE = """\
from cadre_sim.rules import Seen, Weights, allocation_rule


@allocation_rule
def {name}(seen{more}):
    burden = {first}
    return {answer}
"""


_WEIGHTS = (
    "1",
    "0",
    "-1",
    "seen.caution",
    "seen.motivation * 1e300 * 1e300",
    "float('nan')",
    "'a'",
    "None",
    "[1, 2]",
    "1j",
    "1 / 0",
    "seen.nothing",
    "seen",
    "{}",
    "b'x'",
    "10 ** 400",
    "seen.caution > 0.5",
    "[seen.caution]",
    "lambda: 1",
    "True",
)


def rules() -> st.SearchStrategy[bytes]:
    """Files of a rule, with other names, arguments and answers, and with letters changed."""
    value = st.sampled_from(_WEIGHTS)
    answer = st.one_of(
        st.builds("Weights({}, {}, {})".format, st.just("burden"), value, value),
        st.builds("(burden, {}, {})".format, value, value),
        value,
    )
    source = st.builds(
        lambda name, more, first, answer: _RULE.format(name=name, more=more, first=first, answer=answer).encode(),
        st.sampled_from(["mine", "mine", "mine", "weighted", "proportional", "Mine"]),
        st.sampled_from(["", "", "", ", other", ", *all", ", other=1"]),
        value,
        answer,
    )
    return edited(source)


def check_rules() -> str:
    """A rule is refused in a sentence, or it runs."""
    command = ("--rules", "rules.py", "run", "tiny.yaml", "-q", "--workers", "1", "--set", "behaviour.rule=mine")
    found = _checked(None, *command, "--out", "new")
    return "refused" if found.code else "ran"


# ---- settings ----


def settings() -> st.SearchStrategy[bytes]:
    """Lines PATH=VALUE, some right, most not."""
    paths = [
        "staff.absence", "place.counties.0.residents", "place.counties[0].offices", "place.counties.Littleton.number",
        "departments.*.meetings.per_year", "departments.city_bureaus.number", "reforms.meeting_limits.from",
        "reforms.meeting_limits", "reforms", "period.end", "period", "behaviour.rule", "title", "place.units",
        "reforms.*.adoption", "demand", "article", "calendar.country", "x.y.z", "staff", "baseline",
        'departments["a.b"].level',
    ]  # fmt: skip
    line = st.builds("{}={}".format, st.sampled_from(paths), st.sampled_from(EDGES))
    return edited(st.lists(line, min_size=1, max_size=3).map(lambda lines: "\n".join(lines).encode("utf-8", "replace")))


def check_settings() -> str:
    """Settings are refused in a sentence, or the scenario with them runs."""
    lines = Path("settings").read_bytes().decode("utf-8", "surrogateescape").replace("\0", "").split("\n")
    options = [word for line in lines for word in ("--set", line)]
    try:
        with bounded(SECONDS):
            small = _is_small(load("tiny.yaml", lines))
    except UserError:
        _checked(2, "run", "tiny.yaml", "--out", "new", *options)
        return "refused"
    except (Exception, Hang):
        raise FaultError(f"a setting raises\n{traceback.format_exc()}") from None
    if not small:
        return "large"
    _checked(None, "run", "tiny.yaml", "--workers", "1", "--out", "new", *options)
    return "ran"


# ---- results ----


@cache
def _results() -> Mapping[str, bytes]:
    """The files of a sweep, by their names."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for name, text in BESIDE.items():
                Path(name).write_text(text, encoding="utf-8")
            Path("grid.yaml").write_text(GRID, encoding="utf-8")
            plan = load_experiment("grid.yaml")
            outcome_of = quick(plan)
            with opened(Path("out"), plan) as store:
                store.add([outcome_of(run) for run in plan.runs()])
                store.compact()
            return {str(p.relative_to("out")): p.read_bytes() for p in sorted(Path("out").rglob("*")) if p.is_file()}
        finally:
            os.chdir(here)


def results() -> st.SearchStrategy[bytes]:
    """The name of a file of a sweep, a line end, and what it holds in place of what it should."""
    found = _results()
    json_files = [name for name in found if name.endswith(".json")]
    broken = st.sampled_from(sorted(found)).flatmap(
        lambda name: st.one_of(
            edited(st.just(found[name]), least=1),
            st.sampled_from([b"", b"{}", b"[]", b"null", b"NaN", b'"x"', b"PAR1PAR1"]),
            st.sampled_from(sorted(found)).map(lambda other: found[other]),
            *([texts([parsed(found[name].decode())])] if name in json_files else []),
        ).map(lambda content: name.encode() + b"\n" + content)
    )
    return broken


def check_results() -> str:
    """A damaged sweep is read, or refused in a sentence; nothing in it changes."""
    name, _, content = Path("damaged").read_bytes().partition(b"\n")
    for file, good in _results().items():
        path = Path("old", file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if file == name.decode() else good)
    codes = set()
    for command in (("results",), ("analyse", "variance"), ("analyse", "sensitivity")):
        codes.add(_checked(None, *command, "old").code)
    return "refused" if codes == {2} else "ran"


TARGETS: dict[str, Target] = {
    "scenario": Target("bad.yaml", scenarios, check_scenario),
    "experiment": Target("bad.yaml", experiments, check_experiment),
    "cluster": Target("bad.yaml", clusters, check_cluster),
    "units": Target("units.csv", units, check_units),
    "rules": Target("rules.py", rules, check_rules),
    "settings": Target("settings", settings, check_settings),
    "results": Target("damaged", results, check_results),
}
