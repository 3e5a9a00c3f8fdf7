"""Writes ``data/reference.csv``: the days of the selftest's small world as the reference model has them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import cadre_sim
from cadre_sim.activities import ACTIVITIES
from cadre_sim.selftest.world import SEED, small_world
from cadre_sim.workday.outputs import COUNTS

TABLE = Path(cadre_sim.__file__).parent / "data" / "reference.csv"


def reference_table() -> pd.DataFrame:
    """A row a working day: hours of each activity and all other outputs, summed over offices."""
    from reference.model import ReferenceModel

    model = ReferenceModel(small_world(), seed=SEED)
    model.run()
    names = [*ACTIVITIES, *COUNTS]
    days = [[sum(float(office[name]) for office in day) for name in names] for day in model.counts]
    dates = [str(date) for date in model.calendar.dates]
    return pd.DataFrame(days, columns=names, index=pd.Index(dates, name="date"))


if __name__ == "__main__":
    reference_table().to_csv(TABLE, float_format="%.13g", lineterminator="\n")
    print(f"wrote {TABLE}")
