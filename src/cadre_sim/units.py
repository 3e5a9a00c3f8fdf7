"""Constants of time and measure, and the largest seed: each stands here once."""

from __future__ import annotations

WEEK = 5.0
"""Working days a week: hours of a week are those of five days present."""
MONTHS = 12.0
"""Months a year."""
WORKING_DAYS_A_YEAR = 250.0
"""Working days by which rates of a year are turned into rates of a day; the calendar of a year has 247 to 251."""
A_HUNDRED = 100.0
"""Offices per hundred: teams and reports are counted for each hundred."""
THOUSAND = 1000.0
"""Residents per thousand: violations and outreach are counted for each thousand."""
MOST_SEED = 2**32 - 1
"""Largest root seed, and largest number of a replicate: both are words of 32 bits."""
