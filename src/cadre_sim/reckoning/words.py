"""Times and sizes as people say them."""

from __future__ import annotations

_TIMES = ((365.25 * 86400.0, "years"), (86400.0, "days"), (3600.0, "h"), (60.0, "min"), (0.0, "s"))
_SIZES = ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (0.0, "bytes"))


def duration(seconds: float) -> str:
    """A time as people say it: 42 s, 3.5 min, 2.1 h, 1,600 years."""
    size, name = next((size, name) for size, name in _TIMES if seconds >= 1.5 * size)
    value = seconds / (size or 1.0)
    return f"{value:.1f} {name}" if value < 10 and name != "s" else f"{value:,.0f} {name}"


def size(count: float) -> str:
    """A number of bytes as people say it: 31 GB, 1.2 MB."""
    unit, name = next((unit, name) for unit, name in _SIZES if count >= unit)
    value = count / (unit or 1.0)
    return f"{value:.1f} {name}" if value < 10 and unit else f"{value:,.0f} {name}"


def processes(workers: int) -> str:
    """How many work at once: 1 worker, 8 workers."""
    return f"{workers:,} worker{'s' if workers != 1 else ''}"
