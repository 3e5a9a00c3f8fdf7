"""Every exception of the project.

::

    CadreSimError
    ├── UserError              a user's mistake: shown as text, exit code 2
    │   ├── ScenarioError      a scenario file or a --set is wrong; holds every problem found
    │   ├── UnknownNameError   a name that nothing answers to, with the nearest that something does
    │   ├── OutputError        results cannot be written: no such folder, no right, disk full
    │   ├── InputError         a file other than a scenario is missing or wrong
    │   │   ├── UnreadableError  a file is missing, too large, or no file
    │   │   └── TableError     rows of a table are wrong; holds every problem found
    │   ├── TooLargeError      work that this machine has not the memory or the disk for, or that takes long
    │   ├── WorkerError        processes that do the work were killed, or ran out of memory
    │   ├── ScriptError        a program that starts workers cannot be imported by them
    │   ├── ClusterError       a cluster cannot be reached, or does not do its work
    │   └── MissingExtraError  a library is not installed that an extra brings
    └── ModelError             a bug or a broken law of the model: the traceback is what helps
        ├── LawError           a conservation law does not hold
        └── DivergenceError    two arms differ before the reform that should part them

Constructors take positional arguments only and hand all of them to ``Exception``: SimPy re-raises a failure as
``type(exc)(*exc.args)``, and process pools pickle exceptions the same way.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

SETTING = "--set"
"""What stands in place of a file name where a value came from the command line."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a scenario, and where.

    Attributes:
        file: the file as the user named it, or ``--set PATH=VALUE``.
        line: line in the file, from 1; None where it is not known.
        column: column in the line, from 1; None where it is not known.
        path: the value's place in the scenario, such as ``departments.city.meetings``; empty for the whole file.
        message: what is wrong, in words that continue "this value ...".
    """

    file: str
    line: int | None
    column: int | None
    path: str
    message: str

    def __str__(self) -> str:
        """The problem on one line, ``scenarios/x.yaml:14:19 place.units: is required``."""
        position = "".join(f":{number}" for number in (self.line, self.column) if number is not None)
        # A setting already spells its path: "--set a.b=-2 a.b: must be >= 0" would say it twice.
        path = "" if self.file.startswith(f"{SETTING} {self.path}=") else self.path
        where = f"{self.file}{position} {path}".rstrip()
        line = " ".join(f"{where}: {self.message}".splitlines())
        return line.encode("utf-8", "backslashreplace").decode()  # names of files may hold bytes that do not print


class CadreSimError(Exception):
    """Base of everything that this project raises on purpose."""


class UserError(CadreSimError):
    """A mistake in what the user gave: shown as text without a traceback."""

    exit_code: ClassVar[int] = 2


class ScenarioError(UserError):
    """A scenario that cannot be read or is not valid.

    Attributes:
        problems: everything found wrong, in the order of the files.
    """

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Gather what is wrong with one scenario."""
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        """One line for each problem."""
        return "\n".join(map(str, self.problems))


class UnknownNameError(UserError):
    """A metric, reform, preset or the like was asked for by a name that does not exist.

    Attributes:
        name: the name asked for.
        allowed: the names that exist.
    """

    def __init__(self, name: str, allowed: Iterable[str]) -> None:
        """Keep the name that was asked for and those that exist."""
        self.name = name
        self.allowed = tuple(allowed)
        super().__init__(self.name, self.allowed)

    def __str__(self) -> str:
        """The unknown name and the nearest known one, or all of them."""
        return f"unknown name {self.name!r}{hint(self.name, self.allowed)}"


class OutputError(UserError):
    """Results cannot be written where the user wants them."""


class InputError(UserError):
    """A file other than a scenario, such as a table of units, is missing or wrong."""


class UnreadableError(InputError):
    """A file that somebody named cannot be read at all.

    Attributes:
        path: the file as it was named.
        reason: why not, in words that continue "this file ...".
        missing: whether there is nothing of that name.
    """

    def __init__(self, path: str, reason: str, missing: bool) -> None:
        """Keep which file it is, and why it cannot be read."""
        super().__init__(path, reason, missing)
        self.path = path
        self.reason = reason
        self.missing = missing

    def __str__(self) -> str:
        """The file and the reason on one line."""
        return f"{self.path}: {self.reason}"


class TooLargeError(UserError):
    """Work needs more than there is of memory or disk, or more time than anybody has agreed to."""


class WorkerError(UserError):
    """Processes that do the work have died: killed by somebody, or by the system since memory ran out."""


class ScriptError(UserError):
    """A program starts worker processes, and they cannot import it: no main guard, or no file."""


class TableError(InputError):
    """Rows of a table are wrong.

    Attributes:
        problems: everything found wrong, in the order of the rows.
    """

    _MOST_SHOWN: ClassVar[int] = 20

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Gather what is wrong with one table."""
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        """One line for each problem, and how many more there are where there are many."""
        lines = [str(problem) for problem in self.problems[: self._MOST_SHOWN]]
        rest = len(self.problems) - len(lines)
        return "\n".join([*lines, f"{self.problems[0].file}: and {rest:,} more problems"] if rest else lines)


class ClusterError(UserError):
    """The cluster that was to do the work cannot be reached, is gone or is not fit for it."""


class MissingExtraError(UserError):
    """Something needs a library that is not installed, since only an extra brings it.

    Attributes:
        what: needs the library.
        library: name under which it is imported.
        extra: brings it.
    """

    def __init__(self, what: str, library: str, extra: str) -> None:
        """Keep what needs which library, and the extra that brings it."""
        super().__init__(what, library, extra)
        self.what = what
        self.library = library
        self.extra = extra

    def __str__(self) -> str:
        """What is missing, and the command that brings it."""
        return (
            f"{self.what} needs {self.library}, which the extra [{self.extra}] brings: "
            f"pip install 'cadre_sim[{self.extra}]'"
        )


class ModelError(CadreSimError):
    """The model is at fault, not its user."""


class LawError(ModelError):
    """A conservation law is broken: something was lost, doubled or came from nowhere."""


class DivergenceError(ModelError):
    """Two arms of one experiment differ before the reform that should part them."""


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """The allowed name most like ``name``, or None where none is like it."""
    return next(iter(difflib.get_close_matches(name, list(allowed), n=1)), None)


def hint(name: str, allowed: Iterable[str]) -> str:
    """What to add to "unknown name": the nearest allowed name, or else all of them; empty where none is allowed."""
    names = tuple(allowed)
    near = nearest(name, names)
    if near is not None:
        return f", did you mean {near!r}?"
    return f"; allowed: {', '.join(names)}" if names else ""
