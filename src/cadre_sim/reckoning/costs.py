"""What the parts of a run cost, as measured: ``python benchmarks/run.py Reckoning`` compares them with what runs take.

Times are of one core of the machine that they were measured on; on another they may be twice as long or half. Memory is
taken a little too large rather than too small.
"""

from __future__ import annotations

# ---- time of a processor [s] ----

START = 0.5
"""To start a process of the model and load its compiled code."""
BUILD_CADRE = 0.6e-6
"""To build a cadre and draw its traits."""
DAY = 0.35e-3
"""For each working day, whatever the place: calls, sums, SimPy."""
OFFICE_DAY = 1.0e-6
"""For each office and working day."""
CADRE_DAY = 0.085e-6
"""For each cadre and working day."""
CAMPAIGN = 0.12e-3
"""To open a campaign and send its teams."""
VISIT = 4.0e-6
"""For each visit, with its preparation and what follows."""
REQUEST = 0.25e-6
"""For each meeting, form and task at each office."""
MATTER = 0.05e-6
"""For each matter and certificate at each office."""
ALONE = 0.4
"""Share of a run that one thread does alone, while others wait."""

# ---- memory [bytes] ----

PROCESS = 230e6
"""A process that has the model and its compiled code, before any place is built."""
COMMAND = 110e6
"""What the process of a command has beyond that: tables, statistics, what it prints."""
ADDRESSES = 600e6
"""Address space that a process takes beyond its memory: libraries, stacks of threads, what allocators set aside."""
ADDRESSES_OF_FILES = 300e6
"""Address space beyond that where Parquet is written."""
COMPILING = 600e6
"""What a process takes beyond that while it compiles the model."""
CADRE = 0.9e3
OFFICE = 1.0e4
NAME = 20.0
"""For each office and character of the longest name: names are held several times over, four bytes a character."""
ORDER = 120.0
"""A meeting, form or task in the plan of the year."""
EVALUATION = 600.0
"""An evaluation of a department in the plan."""
ITEM = 130.0
"""A matter, form or task in the queue of an office, with the room that is kept for more."""
CADRE_DAY_KEPT = 320.0
"""Hours of a cadre on a day, where they are recorded: once in a list and once joined."""
KEPT_CADRE = 400.0
KEPT_OFFICE = 3.0e3
"""What the result of a run holds for each cadre and office while other runs go on."""
KEPT_RUN = 1.5e3
"""What is held of a run that leaves nothing but numbers: its place in lists, its key, its row."""
DRIVEN_RUN = 2.0e3
"""What the driver of a sweep holds of each run."""
KEPT_DAY = 400.0
"""What a comparison holds of each day of a run."""
KEPT_COUNTY_WEEK = 40.0
"""What a comparison holds of each county and week of a run."""
TABLED = 2.5
"""How many times over results are in memory while they become tables and files."""

# ---- disk [bytes] ----

FILE_VALUE = 7.0
"""A number in a compressed table."""
FILE_CADRE = 90.0
"""A row of the table of cadres."""
ROW_OF_A_SWEEP = 40.0
"""A row of a sweep's results, beside eight bytes for each factor and metric."""

# ---- what a day holds ----

FULL = 0.4
"""Share of the contracted hours that, asked for in requests and matters, fills an office's queues: more of it stays."""
DAYS_OF_MATTERS = 10.0
"""Working days of matters for which queues have room from the start."""
