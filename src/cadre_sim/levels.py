"""Levels of government that areas and departments belong to: a city, its counties, their townships."""

from __future__ import annotations

from typing import Literal, get_args

Level = Literal["city", "county", "township"]
LEVELS: tuple[Level, ...] = get_args(Level)
"""Names of levels from the top down; the number of a level is its place here."""
CITY_LEVEL, COUNTY_LEVEL, TOWNSHIP_LEVEL = range(len(LEVELS))
