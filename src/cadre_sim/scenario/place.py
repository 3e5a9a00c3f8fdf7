"""Where a run takes place: a city's counties, and how its offices are made where no units table is named."""

from __future__ import annotations

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from cadre_sim.scenario.fields import Kind, Section, quantity
from cadre_sim.scenario.units_file import UnitsFile

MOST_COUNTIES = 100_000
"""Counties that a place may have in all [counties]: each has its rows in the tables of a run."""


class County(Section):
    """One county, district or county-level city."""

    name: str = Field(min_length=1, max_length=60, description="name, as `where` and `rollout` use it")
    residents: int = Field(ge=0, le=100_000_000, description="residents [persons]")
    offices: int = Field(ge=0, le=100_000, description="village committees and urban communities [offices]")
    communities: int = Field(0, ge=0, le=100_000, description="how many of the offices are urban communities [offices]")
    townships: int = Field(1, ge=1, le=10_000, description="township governments [offices]")
    number: int = Field(
        1,
        ge=1,
        le=10_000,
        description="how many such counties there are, with a number each behind the name [counties]",
    )
    a_city: int = Field(
        0, ge=0, le=10_000, description="how many of them make a city of their own; 0: all are in the place's one city"
    )
    kind: Kind = Field("A", description="how well the figures are founded: D published, I inferred, A estimated")

    @model_validator(mode="after")
    def _communities_are_offices(self) -> County:
        if self.communities > self.offices:
            text = f"must be <= offices, {self.offices} (got {self.communities})"
            raise PydanticCustomError("at", "{text}", {"text": text, "path": ("communities",)})
        return self

    def names(self) -> tuple[str, ...]:
        """Names of the counties."""
        return (self.name,) if self.number == 1 else tuple(f"{self.name} {k + 1}" for k in range(self.number))

    def city_of(self, place: int, otherwise: str) -> str:
        """Name of the city of one of them."""
        return f"{self.name}, city {place // self.a_city + 1}" if self.a_city else otherwise


class Place(Section):
    """A city, or several: the counties, or a table of the offices."""

    name: str = Field("Example city", min_length=1, max_length=80, description="name of the city, or of the country")
    units: UnitsFile | None = Field(
        None,
        description="units table (CSV or XLSX) with columns county, township, name, kind, residents, cadres; where "
        "none is named, the offices are generated from `counties`",
    )
    counties: tuple[County, ...] = Field(
        (County(name="Example county", residents=23_400, offices=10, communities=0, townships=1, kind="A"),),
        description="counties of the city",
        min_length=1,
        max_length=5_000,
    )
    size_spread: float = quantity(
        0.45,
        "1",
        low=0.3,
        high=0.7,
        kind="A",
        meaning="standard deviation of the logarithm of residents between offices of a county",
        most=2.0,
    )

    @model_validator(mode="after")
    def _names_differ(self) -> Place:
        in_all = sum(county.number for county in self.counties)
        if in_all > MOST_COUNTIES:  # told before there is a name for each
            most = max(range(len(self.counties)), key=lambda i: self.counties[i].number)
            text = f"makes {in_all:,} counties of the place, those of other entries included; at most {MOST_COUNTIES:,}"
            raise PydanticCustomError("at", "{text}", {"text": text, "path": ("counties", most, "number")})
        seen: dict[str, int] = {}
        for i, county in enumerate(self.counties):
            for name in county.names():
                if name in seen:
                    text = f"the name {name!r} stands at counties[{seen[name]}] already"
                    raise PydanticCustomError("at", "{text}", {"text": text, "path": ("counties", i, "name")})
                seen[name] = i
        return self
