"""When a run takes place: its dates and the calendar of working days."""

from __future__ import annotations

from datetime import date

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from cadre_sim.scenario.fields import Section


class Period(Section):
    """First and last date of a run, both included."""

    start: date = Field(date(2024, 1, 1), description="first date of the run")
    end: date = Field(date(2025, 12, 31), description="last date of the run, included")
    measure_from: date | None = Field(
        None,
        description="first date that summaries and effects are measured from; by default the first date of a reform, "
        "or the start where there is none",
    )
    measure_to: date | None = Field(
        None,
        description="last date that summaries and effects are measured on, included; by default the last date on which "
        "a reform is in force, or the end where one stays",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.end < self.start:
            raise PydanticCustomError(
                "at", "{text}", {"text": f"must not be before start {self.start} (got {self.end})", "path": ("end",)}
            )
        if (self.end - self.start).days > 36525:
            text = f"must be within 100 years of start {self.start} (got {self.end})"
            raise PydanticCustomError("at", "{text}", {"text": text, "path": ("end",)})
        if self.measure_from is not None and not self.start <= self.measure_from <= self.end:
            text = f"must lie between {self.start} and {self.end} (got {self.measure_from})"
            raise PydanticCustomError("at", "{text}", {"text": text, "path": ("measure_from",)})
        first = self.measure_from or self.start
        if self.measure_to is not None and not first <= self.measure_to <= self.end:
            text = f"must lie between {first} and {self.end} (got {self.measure_to})"
            raise PydanticCustomError("at", "{text}", {"text": text, "path": ("measure_to",)})
        return self


class Calendar(Section):
    """Which dates are working days."""

    country: str = Field(
        "CN",
        description="ISO 3166 code of the country whose holidays (and weekends worked in exchange) apply",
        pattern="^[A-Z]{2}$",
    )
    subdivision: str | None = Field(
        None, description="state or province whose holidays apply too, as the holidays package names it"
    )
