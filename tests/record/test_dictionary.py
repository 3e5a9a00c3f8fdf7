"""The data dictionary describes every column that a run leaves."""

from __future__ import annotations

from cadre_sim.activities import ACTIVITIES
from cadre_sim.comparison.replicate import RunSet
from cadre_sim.record.dictionary import COLUMNS, MEANS
from cadre_sim.workday.outputs import OUTPUTS

NAMES = [c.name for c in COLUMNS]


def test_every_output_is_in_the_dictionary_in_its_place() -> None:
    """The number of an output is its place: a column described out of order would describe another."""
    assert tuple(NAMES) == OUTPUTS
    assert tuple(NAMES[: len(ACTIVITIES)]) == ACTIVITIES
    assert len(set(NAMES)) == len(NAMES)


def test_every_column_has_a_unit_and_a_meaning() -> None:
    for column in COLUMNS:
        assert column.unit.strip(), column.name
        assert column.meaning.strip(), column.name
        assert column.aggregate in ("sum", "mean")


def test_every_activity_is_in_hours() -> None:
    assert {c.unit for c in COLUMNS if c.name in ACTIVITIES} == {"h"}


def test_means_are_taken_over_columns_that_are_sums() -> None:
    assert set(MEANS) == {"motivation", "caution", "fatigue"}
    sums = {c.name for c in COLUMNS if c.aggregate == "sum"}
    assert set(MEANS.values()) <= sums


def test_every_column_of_the_daily_and_office_tables_is_documented(tiny_runs: RunSet) -> None:
    daily = list(tiny_runs.daily().columns)
    assert daily == ["replicate", "date", "county", "kind", *NAMES]
    offices = list(tiny_runs.offices().columns)
    keys = ["replicate", "window", "office", "name", "county", "township", "kind", "residents", "staff"]
    assert offices == [*keys, *NAMES]


def test_every_number_of_the_cadre_table_is_documented(tiny_runs: RunSet) -> None:
    keys = {"replicate", "cadre", "office", "rank", "skill"}
    assert set(tiny_runs.cadres().columns) - keys <= set(NAMES)
