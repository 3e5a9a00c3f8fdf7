"""A YAML text becomes plain data in which every value knows where it stands.

The text is data and never code: its nodes are turned into mappings, lists, text, numbers, dates and nothing else, by
the rules of YAML 1.2 (``no`` and ``8:30`` are text). Sizes are checked on the graph of nodes, before anything is built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer, MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cadre_sim.controls import CONTROL, NO_TEXT
from cadre_sim.errors import SETTING, Problem, ScenarioError
from cadre_sim.scenario.colon import WIDE, before, colon_hint
from cadre_sim.scenario.paths import Keys, path_text

MAX_NODES = 100_000
MAX_DEPTH = 50
_MAX_DIGITS = 300  # near the largest float; Python refuses to print numbers of several thousand digits
_TOO_MANY = f"more than {MAX_NODES:,} values (aliases counted as often as they are used)"
_TOO_DEEP = f"nested deeper than {MAX_DEPTH} levels"

_YAML = "tag:yaml.org,2002:"
_DATE = _YAML + "timestamp"
_BY_DATE = (
    "a date is no key (got {date}): a value holds for the whole run; what starts on a date is a reform, by `from` or, "
    "county by county, by `rollout: {{COUNTY: DATE}}`"
)
_TEXT_TAGS = {_YAML + name for name in ("str", "merge", "value")}  # "<<" and "=" mean nothing special here


class Mark(NamedTuple):
    """Where a value stands: file, line and column from 1; line and column are 0 for a ``--set``."""

    file: str
    line: int
    column: int


class Document(NamedTuple):
    """A scenario as plain data.

    Attributes:
        data: mappings, lists, text, numbers, booleans, dates and None.
        marks: where each value stands, the whole under the empty way ``()``.
        key_marks: where each key of a mapping stands.
    """

    data: dict[str, Any]
    marks: dict[Keys, Mark]
    key_marks: dict[Keys, Mark]

    def folder_of(self, keys: Keys) -> Path:
        """The folder that a file name given at ``keys`` is relative to: its file's, or for a ``--set`` the current."""
        file = self.marks[keys].file
        return Path() if file.startswith(SETTING) else Path(file).parent


def parse(text: str, file: str, problems: list[Problem], keys: Keys = ()) -> Document:
    """Turn one text into data.

    Args:
        text: the YAML.
        file: where it comes from, for marks and problems.
        problems: takes what is wrong inside the text.
        keys: the way to where the data will stand.

    Raises:
        ScenarioError: there is nothing to go on with: not YAML, empty, or beyond bounds of size.
    """
    node = _compose(text, file)
    if node is None:
        raise failure(file, "is empty")
    converter = _Converter(file, problems)
    return Document(converter.value(node, keys), converter.marks, converter.key_marks)


def problem_at(mark: Mark, keys: Keys, message: str) -> Problem:
    """A problem with the value at ``keys``, shown at ``mark``."""
    return Problem(mark.file, mark.line or None, mark.column or None, path_text(keys), message)


def failure(file: str, message: str) -> ScenarioError:
    """An error that concerns a file or a setting as a whole."""
    return ScenarioError((Problem(file, None, None, "", message),))


class _Composer(Composer):
    """Builds the graph of nodes, and stops as soon as there are too many: a bomb is refused before it is built."""

    count = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        self.count += 1
        if self.count > MAX_NODES or self.depth > MAX_DEPTH:
            too_long = self.count > MAX_NODES
            raise _bound(_TOO_MANY if too_long else _TOO_DEEP, self.parser.peek_event().start_mark)
        return super().compose_node(parent, index)


def _bound(message: str, mark: Any) -> MaxDepthExceededError:
    """Ruamel's own error for a file beyond its bounds, here for all bounds."""
    return MaxDepthExceededError(None, None, message, mark)


def _compose(text: str, file: str) -> Node | None:
    """The graph of nodes of a text that keeps within bounds; None for a text without any."""
    yaml = YAML(typ="safe", pure=True)
    yaml.Composer = _Composer
    yaml.composer.warn_double_anchors = False  # legal YAML, and a warning is no way to speak to a user
    try:
        node: Node | None = yaml.compose(text)
        if node is not None:
            _measure(node, {})
    except MarkedYAMLError as error:
        raise ScenarioError((_wide_colon(file, text, error) or _yaml_problem(file, error),)) from None
    except Exception as error:  # the parser meets odd bytes with ValueError, AssertionError, KeyError and others
        reason = "nested too deeply" if isinstance(error, RecursionError) else str(error).partition("\n")[0]
        raise failure(file, f"not valid YAML: {reason}") from None
    return node


def _yaml_problem(file: str, error: MarkedYAMLError) -> Problem:
    text = ", ".join(part for part in (error.context, error.problem) if part)
    message = text if isinstance(error, MaxDepthExceededError) else f"not valid YAML: {text}"
    mark = error.problem_mark or error.context_mark
    return problem_at(_mark(file, mark) if mark else Mark(file, 0, 0), (), message)


def _wide_colon(file: str, text: str, error: MarkedYAMLError) -> Problem | None:
    """The full-width colon that the parser stumbled over some lines later; None where there is none."""
    at = error.problem_mark or error.context_mark
    if at is None or isinstance(error, MaxDepthExceededError):
        return None
    since = error.context_mark or at
    found = before(text, min(since.line, at.line - 1), at.line)
    if found is None:
        return None
    line, column, key = found
    mark = Mark(file, 0, 0) if file.startswith(SETTING) else Mark(file, line + 1, column + 1)
    return problem_at(mark, (), f"not valid YAML: after {key!r}{colon_hint(WIDE)}")


def _measure(node: Node, seen: dict[int, tuple[int, int] | None]) -> tuple[int, int]:
    """Count values and levels under a node as if its aliases were written out, without writing them out.

    Args:
        node: where to start.
        seen: what is known of nodes by their id; None for one whose inside is being measured.
    """
    if id(node) in seen:
        known = seen[id(node)]
        if known is None:
            raise _bound("an alias contains itself", node.start_mark)
        return known
    seen[id(node)] = None
    sizes = [_measure(inner, seen) for inner in _inside(node)]
    count = 1 + sum(size for size, _ in sizes)
    depth = max((1 + level for _, level in sizes), default=0 if isinstance(node, ScalarNode) else 1)
    if count > MAX_NODES or depth > MAX_DEPTH:
        raise _bound(_TOO_MANY if count > MAX_NODES else _TOO_DEEP, node.start_mark)
    seen[id(node)] = count, depth
    return count, depth


def _inside(node: Node) -> Iterator[Node]:
    if isinstance(node, MappingNode):
        for pair in node.value:
            yield from pair
    elif isinstance(node, SequenceNode):
        yield from node.value


class _Converter:
    """Turns the nodes of one text into plain data, noting where each value stands and what is wrong with it."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.marks: dict[Keys, Mark] = {}
        self.key_marks: dict[Keys, Mark] = {}

    def value(self, node: Node, keys: Keys) -> Any:
        """The data of a node that stands at ``keys``."""
        self.marks[keys] = _mark(self.file, node.start_mark)
        tag = str(node.tag)
        if tag not in _TAGS:
            self._refuse(node, keys, f"tag {tag}: tags are not allowed: a scenario is data")
        if isinstance(node, MappingNode):
            return self._mapping(node, keys)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*keys, place)) for place, item in enumerate(node.value)]
        if CONTROL.search(node.value):
            self._refuse(node, keys, NO_TEXT)
        return _scalar(tag, node.value)

    def _mapping(self, node: MappingNode, keys: Keys) -> dict[str, Any]:
        result: dict[str, Any] = {}
        dated = False
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode) or key_node.tag not in _TEXT_TAGS:
                if key_node.tag != _DATE:
                    self._refuse(key_node, keys, f"a key must be text{_quoted(key_node)}")
                elif not dated:
                    self._refuse(key_node, keys, _BY_DATE.format(date=key_node.value))
                dated = dated or key_node.tag == _DATE
                continue
            here = (*keys, key_node.value)
            if key_node.value in result:
                line = self.key_marks[here].line
                first = f" (first on line {line})" if line else ""
                self._refuse(key_node, here, f"duplicate key {key_node.value!r}{first}")
                continue
            if CONTROL.search(key_node.value):
                self._refuse(key_node, keys, "control characters are not allowed in a key")
            self.key_marks[here] = _mark(self.file, key_node.start_mark)
            result[key_node.value] = self.value(value_node, here)
            if isinstance(value_node, ScalarNode) and not value_node.value and value_node.style is None:
                self.marks[here] = self.key_marks[here]  # ruamel puts what is not written where the next token is
        return result

    def _refuse(self, node: Node, keys: Keys, message: str) -> None:
        self.problems.append(problem_at(_mark(self.file, node.start_mark), keys, message))


def _mark(file: str, mark: Any) -> Mark:
    return Mark(file, 0, 0) if file.startswith(SETTING) else Mark(file, mark.line + 1, mark.column + 1)


def _quoted(node: Node) -> str:
    return f': write "{node.value}" in quotes' if isinstance(node, ScalarNode) and node.value else ""


def _scalar(tag: str, text: str) -> Any:
    """The value that a text is written for; the text itself where it is none, such as 2025-02-30."""
    try:
        return _SCALARS.get(tag.removeprefix(_YAML), str)(text)
    except ValueError:
        return text


def _boolean(text: str) -> bool:
    return bool(("false", "true").index(text.lower()))


def _integer(text: str) -> int:
    digits = text.replace("_", "").lower()
    if len(digits) > _MAX_DIGITS:
        raise ValueError(digits)
    return int(digits, {"0x": 16, "0o": 8, "0b": 2}.get(digits.lstrip("+-")[:2], 10))


def _decimal(text: str) -> float:
    return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))


_SCALARS: dict[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": _boolean,
    "int": _integer,
    "float": _decimal,
    "timestamp": date.fromisoformat,
}
_TAGS = _TEXT_TAGS | {_YAML + name for name in (*_SCALARS, "map", "seq")}
