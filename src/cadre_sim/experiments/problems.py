"""What is wrong with the file of an experiment, gathered so that all of it is told at once."""

from __future__ import annotations

from cadre_sim.errors import Problem, ScenarioError
from cadre_sim.scenario.nodes import Document, problem_at
from cadre_sim.scenario.paths import Keys


class ProblemCollector:
    """Problems of one file, each with the line of what it is about."""

    def __init__(self, document: Document) -> None:
        """Begin without any."""
        self.document = document
        self.problems: list[Problem] = []

    def wrong(self, keys: Keys, message: str) -> None:
        """Something at a place is wrong; where the file has no such place, the nearest above it is shown."""
        ways = (keys[:length] for length in range(len(keys), -1, -1))
        mark = next(self.document.marks[way] for way in ways if way in self.document.marks)
        self.problems.append(problem_at(self.document.key_marks.get(keys, mark), keys, message))

    def raise_any(self) -> None:
        """Tell it, if there is any.

        Raises:
            ScenarioError: with every problem.
        """
        if self.problems:
            raise ScenarioError(tuple(self.problems))
