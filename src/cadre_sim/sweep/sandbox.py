"""Where queries by SQL are answered: by a DuckDB that sees nothing but the tables that it is given.

The tables come from PyArrow, which reads the columns and rows that a query needs; DuckDB itself opens no file and no
address, brings in no extension, and cannot be told otherwise by the query. What it may hold in memory is bounded.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pandas as pd

from cadre_sim.errors import InputError
from cadre_sim.extras import require

UNRESTRICTED = "--unrestricted"
"""The option that lets a query do all that DuckDB can."""
_SHARE = 0.5
"""Part of this machine's memory that is free which a query may take."""
_LEAST_BYTES = 256 * 2**20
_VECTORS = 50
"""How much of an answer is taken at a time [vectors of 2,048 rows]."""
_LOCK = (
    "set python_enable_replacements = false",  # else the variables of whoever calls would be tables
    "set autoinstall_known_extensions = false",
    "set autoload_known_extensions = false",
    "set allow_community_extensions = false",
    "set allow_persistent_secrets = false",
    "set enable_external_access = false",
    "set lock_configuration = true",
)


def answer(tables: Mapping[str, Any], views: Mapping[str, str], sql: str, unrestricted: bool = False) -> pd.DataFrame:
    """What a query says.

    Args:
        tables: tables and datasets of PyArrow, by name.
        views: further tables by name, each a query on those before it.
        sql: the query.
        unrestricted: let it read and write files, attach databases, install extensions and change settings too.

    Raises:
        InputError: the query is wrong, takes more memory than there is, or would leave the tables.
        MissingExtraError: DuckDB is not installed.
    """
    require("a query by SQL", "duckdb")
    import duckdb

    most = max(_LEAST_BYTES, int(_free_bytes() * _SHARE))
    with duckdb.connect(":memory:") as connection:
        try:
            # Several threads would add numbers up in another order each time.
            connection.execute("set threads = 1")
            for name, table in tables.items():
                connection.register(name, table)
            for name, query in views.items():
                connection.execute(f"create view {name} as {query}")
            if not unrestricted:
                connection.execute(f"set memory_limit = '{most // 2**20}MiB'")
                connection.execute("set temp_directory = ''")  # what does not fit is refused, not written anywhere
                for setting in _LOCK:
                    connection.execute(setting)
            if not connection.extract_statements(sql):
                raise InputError("the query is empty")
            connection.execute(sql)
            return connection.df() if unrestricted else _within(connection, most)
        except (duckdb.OutOfMemoryException, MemoryError):
            raise InputError(_too_much(most)) from None
        except (duckdb.Error, OSError, ValueError, OverflowError) as error:
            raise InputError(f"the query cannot be answered: {_reason(error, unrestricted)}") from None
        except RuntimeError as error:  # so DuckDB says that it was interrupted
            if "interrupt" in str(error).lower():
                raise KeyboardInterrupt from None
            raise InputError(f"the query cannot be answered: {error}") from None


def _within(connection: Any, most: int) -> pd.DataFrame:
    """The answer of a query that has been begun; DuckDB bounds its own memory, and not that of the answer."""
    parts: list[pd.DataFrame] = []
    taken = 0
    while True:
        part = connection.fetch_df_chunk(_VECTORS)
        if parts and not len(part):
            break
        parts.append(part)
        taken += int(part.memory_usage(deep=True).sum())
        if taken > most:
            raise InputError(_too_much(most))
        if not len(part):
            break
    return parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)


def _too_much(most: int) -> str:
    return (
        f"the query takes more than {most / 2**30:.1f} GiB of memory, half of what is free here; "
        f"ask for less at once, or use {UNRESTRICTED}"
    )


def _reason(error: Exception, unrestricted: bool) -> str:
    import duckdb

    said = str(error)
    locked = isinstance(error, duckdb.PermissionException) or "configuration has been locked" in said
    if unrestricted or not (locked or "extension" in said or "Persistent secrets" in said):
        return said
    first = said.splitlines()[0]
    return f"a query reads the tables of this folder alone; {UNRESTRICTED} lets it do more ({first})"


def _free_bytes() -> int:
    """Memory of this machine that is free; where that is not told, half of all."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            found = {line.split(":")[0]: int(line.split()[1]) for line in file}
        return found["MemAvailable"] * 1024
    except (OSError, ValueError, KeyError, IndexError):
        try:
            return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
        except (OSError, ValueError, AttributeError):
            return 2**31
