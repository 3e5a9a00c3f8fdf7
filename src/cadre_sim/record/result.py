"""What one run leaves, as arrays and as tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cadre_sim.activities import ACTIVITIES
from cadre_sim.arrays import Floats
from cadre_sim.events.log import Event
from cadre_sim.levels import LEVELS
from cadre_sim.record.dictionary import MEANS
from cadre_sim.streams import Key
from cadre_sim.workday.outputs import CADRE_TOTALS, OUTPUTS
from cadre_sim.world.columns import KINDS, RANKS, Traits, World

if TYPE_CHECKING:
    import pandas as pd


class Window(NamedTuple):
    """Totals over a window of days: outputs and days to close by office, hours by cadre."""

    office_totals: Floats
    days_to_close: NDArray[np.int32]
    cadre_hours: Floats


class MindsByMonth(NamedTuple):
    """Cadres of villages and communities by month, mind and bin, on the last working day of each month.

    ``months`` are first days of months, datetime64[D]; ``cadres`` has the shape (months, minds, bins).
    """

    months: NDArray[np.datetime64]
    cadres: NDArray[np.int64]


@dataclass(frozen=True)
class RunResult:
    """What one run leaves.

    Attributes:
        key: seed and replicate.
        world: the places and people that it ran on.
        dates: its working days, datetime64[D], shape (days,).
        measured_day: number of the first working day that is measured.
        measured_end: number of the working day after the last that is measured.
        daily: sums by (day, county x kind of office, output).
        before: totals of the days before measuring; None where all days are measured.
        after: totals of the measured days.
        events: reforms that started and ended, reports, cases and corrections of a watchdog.
        excess: mean share by which departments ask for more than their plan, by day and level, shape (days, 3).
        traits: those of whoever is in each place on the last day.
        minds: motivation, caution and fatigue of each cadre on the last day, shape (cadres, 3).
        minds_by_month: how motivation and caution are spread at villages and communities, month by month.
        cadre_days: hours by (day, cadre, activity, then overtime, contracted and present), if they were recorded.
    """

    key: Key
    world: World
    dates: NDArray[np.datetime64]
    measured_day: int
    measured_end: int
    daily: Floats
    before: Window | None
    after: Window
    events: tuple[Event, ...]
    excess: Floats
    traits: Traits
    minds: Floats
    minds_by_month: MindsByMonth
    cadre_days: Floats | None = None

    def daily_frame(self) -> pd.DataFrame:
        """One row a date, county and kind of office; a column a metric (sums, and means over cadres of minds)."""
        import pandas as pd

        counties = self.world.counties
        days, groups, _ = self.daily.shape
        frame = pd.DataFrame(self.daily.reshape(days * groups, -1), columns=list(OUTPUTS))
        for name, over in MEANS.items():
            frame[name] = frame[name] / frame[over].where(frame[over] > 0)
        frame.insert(0, "replicate", self.key.replicate)
        frame.insert(1, "date", np.repeat(self.dates.astype("datetime64[s]"), groups))
        frame.insert(2, "county", np.tile(np.repeat(counties, len(KINDS)), days))
        frame.insert(3, "kind", np.tile(np.tile(KINDS, len(counties)), days))
        return frame[frame["office_days"] > 0].reset_index(drop=True)

    def offices_frame(self) -> pd.DataFrame:
        """One row an office and window (before, measured); sums over the window's days."""
        import pandas as pd

        frames = []
        for name, window in (("before", self.before), ("measured", self.after)):
            if window is not None:
                frame = pd.DataFrame(window.office_totals, columns=list(OUTPUTS))
                for mean, over in MEANS.items():
                    frame[mean] = frame[mean] / frame[over].where(frame[over] > 0)
                for place, (column, values) in enumerate(self._office_columns().items()):
                    frame.insert(place, column, values)
                frame.insert(0, "window", name)
                frame.insert(0, "replicate", self.key.replicate)
                frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def cadres_frame(self) -> pd.DataFrame:
        """One row a cadre: hours over the measured days, and the mind on the last day."""
        import pandas as pd

        cadres = self.world.cadres
        frame = pd.DataFrame(self.after.cadre_hours, columns=list(CADRE_TOTALS))
        frame[["motivation", "caution", "fatigue"]] = self.minds
        frame.insert(0, "replicate", self.key.replicate)
        frame.insert(1, "cadre", np.arange(cadres.office.size))
        frame.insert(2, "office", cadres.office)
        frame.insert(3, "rank", np.array(RANKS)[cadres.rank])
        frame.insert(4, "skill", self.traits.skill)
        return frame

    def events_frame(self) -> pd.DataFrame:
        """One row an event beside visits: reforms that start and end, reports, cases and corrections of a watchdog."""
        import pandas as pd

        return pd.DataFrame(
            {
                "replicate": np.full(len(self.events), self.key.replicate),
                "date": self.dates[[e.day for e in self.events]].astype("datetime64[D]").astype(str),
                "event": [e.kind for e in self.events],
                "name": [e.name for e in self.events],
                "area": [str(self.world.area_names[e.area]) for e in self.events],
            }
        )

    def departments_frame(self) -> pd.DataFrame:
        """One row a date and level: mean share by which its departments ask for more than their plan."""
        import pandas as pd

        days = self.excess.shape[0]
        return pd.DataFrame(
            {
                "replicate": np.full(days * len(LEVELS), self.key.replicate),
                "date": np.repeat(self.dates[:days].astype("datetime64[D]").astype(str), len(LEVELS)),
                "level": np.tile(LEVELS, days),
                "excess": self.excess.ravel(),
            }
        )

    def cadre_days_frame(self, day: int) -> pd.DataFrame:
        """One row a cadre, on one working day; needs a run that recorded cadres."""
        import pandas as pd

        if self.cadre_days is None:
            raise ValueError("the run did not record cadres; ask for it with record_cadres=True")
        columns = [*ACTIVITIES, "overtime", "contracted", "present"]
        frame = pd.DataFrame(self.cadre_days[day], columns=columns)
        frame.insert(0, "replicate", self.key.replicate)
        frame.insert(1, "date", self.dates[day].astype("datetime64[s]"))
        frame.insert(2, "cadre", np.arange(len(frame)))
        return frame

    def days_to_close(self, kinds: tuple[int, ...], *, before: bool = False) -> NDArray[np.int64]:
        """Matters closed by calendar days that it took, at offices of some kinds, in a window."""
        window = self.before if before else self.after
        if window is None:
            return np.zeros(0, np.int64)
        chosen = np.isin(self.world.offices.kind, kinds)
        counts: NDArray[np.int64] = window.days_to_close[chosen].sum(axis=0, dtype=np.int64)
        return counts

    def _office_columns(self) -> dict[str, NDArray[np.generic]]:
        world = self.world
        return {
            "office": np.arange(world.offices.kind.size),
            "name": world.office_names,
            "county": world.area_names[world.offices.county],
            "township": world.area_names[world.offices.township],
            "kind": np.array(KINDS)[world.offices.kind],
            "residents": world.offices.residents,
            "staff": np.diff(world.offices.first),
        }
