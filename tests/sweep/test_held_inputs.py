"""Inputs of a sweep are fixed when its plan is made: they travel with it, lie in its store, and are checked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from clusters import Cluster

import cadre_sim
import cadre_sim.rules
from cadre_sim.errors import InputError, OutputError
from cadre_sim.experiments import planning
from cadre_sim.experiments.plan import ArmData, Plan
from cadre_sim.inputs import HeldFile
from cadre_sim.rules import RuleSource, load_rules
from cadre_sim.sweep.driver import sweep
from cadre_sim.sweep.plan_file import read_plan
from cadre_sim.sweep.runner import Runner
from cadre_sim.sweep.store import opened
from conftest import Call
from sweeps import GRID, part_bytes, planned, quick
from tabled import TABLE, write_table, write_tabled

OUT, FRESH = Path("out"), Path("fresh")
RULE = """\
from cadre_sim.rules import Seen, Weights, allocation_rule

@allocation_rule
def mine(seen: Seen) -> Weights:
    return Weights({burden}, 5, 1)
"""
OF_RULE = GRID.replace("  reform:\n", "  reform: {settings: {behaviour.rule: mine}}\n")


def done_here(plan: Plan, out: Path) -> None:
    """All runs of a plan, done within this process."""
    give = Runner(plan)
    with opened(out, plan) as store:
        store.add([give(run) for run in plan.runs()])
        store.compact()


@pytest.fixture
def own_rules(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a file of rules may be written; what is loaded in a test is forgotten after it."""
    monkeypatch.setattr(cadre_sim.rules, "_registry", dict(cadre_sim.rules._registry))
    monkeypatch.setattr(cadre_sim.rules, "_sources", dict(cadre_sim.rules._sources))
    return Path("own.py")


@pytest.fixture
def expected(tiny: Path) -> Plan:
    """A plan on a units table, whose results stand in ``fresh``; the table is gone."""
    write_tabled()
    plan = planned(GRID)
    done_here(plan, FRESH)
    TABLE.unlink()
    return plan


@pytest.mark.process
def test_files_that_are_changed_when_the_plan_is_made_change_no_row(tiny: Path, own_rules: Path) -> None:
    """A table and rules, changed before the workers start, put back, and run again: same keys, same values."""
    write_tabled()
    own_rules.write_text(RULE.format(burden=9), encoding="utf-8")
    load_rules(own_rules)
    plan = planned(OF_RULE)
    done_here(plan, FRESH)
    write_table(residents=40_000)
    own_rules.write_text("raise SystemExit('never imported')", encoding="utf-8")
    assert sweep(plan, OUT, workers=1).new == 12
    write_table()
    assert sweep(planned(OF_RULE), OUT, workers=1).new == 0
    assert part_bytes(OUT) == part_bytes(FRESH)
    kept = [path.read_text(encoding="utf-8") for path in (OUT / "inputs").iterdir()]
    assert sorted(kept) == sorted([TABLE.read_text(encoding="utf-8"), RULE.format(burden=9)])


@pytest.mark.process
def test_dask_workers_need_no_file_of_the_driver(expected: Plan, tmp_path: Path) -> None:
    with Cluster(tmp_path, workers=1) as cluster:
        assert sweep(expected, OUT, cluster=cluster.address).new == 12
    assert part_bytes(OUT) == part_bytes(FRESH)


@pytest.mark.process
def test_results_are_read_and_repeated_without_the_files(expected: Plan, call: Call) -> None:
    """Nothing but the folder is left of the experiment."""
    for path in Path().glob("*.yaml"):
        path.unlink()
    assert call("results", "fresh").out.count("\n") == 13
    done = call("experiment", "verify", "fresh", "--repeat", "2", "--workers", "1")
    assert (done.code, done.err) == (0, "")
    assert "2 runs were done again\nnothing is wrong" in done.out
    again = read_plan("fresh")
    assert again.inputs() == expected.inputs()
    assert list(again.runs()) == list(expected.runs())


@pytest.mark.parametrize("harm", ["gone", "changed", "a folder"])
def test_an_input_that_the_store_has_no_more_is_noticed_and_mended(tiny: Path, call: Call, harm: str) -> None:
    write_tabled()
    plan = planned(GRID)
    with opened(OUT, plan) as store:
        store.add([quick(plan)(run) for run in plan.runs()])
    (kept,) = (OUT / "inputs").iterdir()
    content = kept.read_bytes()
    kept.unlink()
    if harm == "changed":
        kept.write_bytes(content.replace(b"1200", b"1201"))
    elif harm == "a folder":
        kept.mkdir()
    for command in (("results", "out"), ("report", "out"), ("analyse", "variance", "out")):
        done = call(*command)
        assert done.code == 2
        assert done.err.startswith(f"cadre-sim: {kept}: ")
        assert done.err.count("\n") == 1
    assert call("experiment", "verify", "out").code == 1
    if harm == "a folder":
        with pytest.raises(OutputError, match="Is a directory"):
            sweep(planned(GRID), OUT, workers=1, making=quick)
    else:
        assert sweep(planned(GRID), OUT, workers=1, making=quick).mended == (str(TABLE.resolve()),)
        assert kept.read_bytes() == content


@pytest.mark.process
def test_an_input_that_is_changed_while_the_sweep_runs_is_told_and_written_anew(tiny: Path) -> None:
    write_tabled()
    plan = planned(GRID)

    def harm(*_: object) -> None:
        for kept in (OUT / "inputs").iterdir():
            kept.write_bytes(b"something else")

    found = sweep(plan, OUT, workers=1, making=quick, progress=harm)
    assert found.mended == (str(TABLE.resolve()),)
    assert read_plan(OUT).inputs() == plan.inputs()


@pytest.mark.process
def test_a_worker_that_gets_other_content_than_was_planned_ends_the_sweep(tiny: Path) -> None:
    """In one sentence, and no run is blamed."""
    write_tabled()
    plan = planned(GRID)
    (file,) = plan.inputs()
    data = {**plan.arms["reform"].data, "place": {"units": HeldFile("x.csv", b"other", file.digest)}}
    wrong = replace(plan, arms={**plan.arms, "reform": ArmData(data, plan.arms["reform"].digest)})
    with pytest.raises(InputError, match=r"x\.csv: is not what was read"):
        sweep(wrong, OUT, workers=1, making=quick)


def test_a_folder_of_results_imports_no_code(tiny: Path, call: Call, own_rules: Path) -> None:
    """Who wants its rules says so; others than those of the plan are refused. Its table is read without a word."""
    write_tabled()
    own_rules.write_text(RULE.format(burden=9), encoding="utf-8")
    load_rules(own_rules)
    plan = planned(OF_RULE)
    with opened(OUT, plan) as store:
        store.add([quick(plan)(run) for run in plan.runs()])
        store.compact()
    kept = next(path for path in (OUT / "inputs").iterdir() if b"allocation_rule" in path.read_bytes())
    for registry in (cadre_sim.rules._registry, cadre_sim.rules._sources):
        del registry["mine"]  # type: ignore[attr-defined]
    for command in (("report", "out"), ("experiment", "verify", "out", "--repeat", "1")):
        done = call(*command)
        assert done.code == 2
        assert "the allocation rule 'mine', with which this was planned, is not here" in done.err
        assert f"--rules loads it from inputs/{kept.name}" in done.err
    TABLE.unlink()
    assert call("--rules", str(kept), "report", "out", "-q").code == 0
    assert Path("out/report.html").stat().st_size > 10_000
    own_rules.write_text(RULE.format(burden=1), encoding="utf-8")
    kept_rule = cadre_sim.rules._registry.pop("mine")
    assert kept_rule
    assert "is another one here" in call("--rules", str(own_rules), "report", "out").err


def test_a_rule_of_a_program_that_a_worker_has_otherwise_is_refused(tiny: Path) -> None:
    wanted = {"proportionally": RuleSource("0" * 16, None)}
    with pytest.raises(InputError, match="the allocation rule 'proportionally', with which this was planned, is not"):
        cadre_sim.rules.use_rules(wanted)


@pytest.mark.parametrize("name", ["a\0b.py", "x" * 5000, "."])
def test_a_name_that_no_file_of_rules_can_have_is_told(tiny: Path, name: str) -> None:
    with pytest.raises(InputError, match="rules cannot be read"):
        load_rules(name)


def test_a_file_of_rules_that_fails_half_way_leaves_those_that_were_there(tiny: Path, own_rules: Path) -> None:
    own_rules.write_text(RULE.format(burden=9), encoding="utf-8")
    load_rules(own_rules)
    before = cadre_sim.rules.source_digest("mine")
    own_rules.write_text(RULE.format(burden=1) + "raise ValueError('half way')", encoding="utf-8")
    with pytest.raises(InputError, match=r"own\.py: rules cannot be read: ValueError: half way"):
        load_rules(own_rules)
    assert cadre_sim.rules.source_digest("mine") == before


def test_a_table_that_changes_while_the_plan_is_made_is_told(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two arms of one plan must not be of two tables of one name."""
    write_tabled()
    given = planning.scenario_of

    def change_after(*arguments: object) -> object:
        found = given(*arguments)  # type: ignore[arg-type]
        write_table(residents=7)
        return found

    monkeypatch.setattr(planning, "scenario_of", change_after)
    with pytest.raises(InputError, match=r"units\.csv: was changed while the experiment was read; try again"):
        planned(GRID)


def test_a_table_as_a_factor_is_read_with_the_plan(tiny: Path) -> None:
    """Two tables are two points; afterwards the files may go."""
    write_tabled()
    Path("other.csv").write_bytes(TABLE.read_bytes().replace(b"1200", b"3000"))
    plan = planned("scenario: tiny.yaml\nfactors:\n  place.units: {values: [units.csv, other.csv]}\n")
    keys = [run.key for run in plan.runs()]
    for path in (TABLE, Path("other.csv")):
        path.unlink()
    scenarios = [plan.scenario(run.arm, run.values) for run in plan.runs()]
    assert scenarios[0].digest != scenarios[1].digest
    with opened(OUT, plan):
        pass
    assert [run.key for run in read_plan(OUT).runs()] == keys
