"""A YAML text as a tree of pieces of text, so that what is broken in it is its structure and not only its letters.

A leaf is the text of a value as a file has it (``5``, ``"a"``, ``*alias``, ``!tag x``), so that a tree can hold what no
data can: a key twice, a tag, an alias to nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


@dataclass(frozen=True)
class Map:
    """Keys with what stands under each; a key may come twice."""

    pairs: tuple[tuple[str, Tree], ...]


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple[Tree, ...]


Tree = Map | Items | str
Way = tuple[int, ...]
"""Where a tree stands in another: at each level the number of the pair or item."""


def parsed(text: str) -> Tree:
    """The tree of a YAML text that is right."""
    node = YAML(typ="safe", pure=True).compose(text)
    assert node is not None
    return _tree(node)


def _tree(node: Node) -> Tree:
    if isinstance(node, MappingNode):
        return Map(tuple((_leaf(key), _tree(value)) for key, value in node.value))
    if isinstance(node, SequenceNode):
        return Items(tuple(map(_tree, node.value)))
    return _leaf(node)


def _leaf(node: Node) -> str:
    assert isinstance(node, ScalarNode)
    return node.value if node.style is None else json.dumps(node.value, ensure_ascii=False)


def written(tree: Tree) -> str:
    """The text of a tree, a line for each leaf."""
    return "\n".join(_lines(tree, "")) + "\n"


def _lines(tree: Tree, indent: str) -> Iterator[str]:
    if isinstance(tree, str):
        yield f"{indent}{tree}"
    elif isinstance(tree, Map):
        for key, value in tree.pairs:
            yield from _under(f"{indent}{key}:", value, indent)
        if not tree.pairs:
            yield f"{indent}{{}}"
    else:
        for item in tree.items:
            yield from _under(f"{indent}-", item, indent)
        if not tree.items:
            yield f"{indent}[]"


def _under(start: str, tree: Tree, indent: str) -> Iterator[str]:
    """What stands under a key or a dash: in the same line where it is a leaf or empty."""
    lines = list(_lines(tree, f"{indent}  "))
    if isinstance(tree, str) or tree in (Map(()), Items(())):
        yield f"{start} {lines[0].strip()}".rstrip(" ")
    else:
        yield start
        yield from lines


def inside(tree: Tree) -> tuple[Tree, ...]:
    """What stands directly in a tree."""
    if isinstance(tree, Map):
        return tuple(value for _, value in tree.pairs)
    return tree.items if isinstance(tree, Items) else ()


def ways(tree: Tree) -> Iterator[Way]:
    """Every place in a tree but its top."""
    for number, inner in enumerate(inside(tree)):
        yield (number,)
        yield from ((number, *way) for way in ways(inner))


def at(tree: Tree, way: Way) -> Tree:
    """What stands at a place."""
    for number in way:
        tree = inside(tree)[number]
    return tree


Part = tuple[str, Tree]
"""A key (empty in a list) and what stands under it."""


def changed(tree: Tree, way: Way, change: Callable[[Part], tuple[Part, ...]]) -> Tree:
    """A tree in which something else stands at a place: nothing, one part or several."""
    number, *rest = way
    parts = tree.pairs if isinstance(tree, Map) else tuple(("", item) for item in inside(tree))
    key, value = parts[number]
    new = ((key, changed(value, tuple(rest), change)),) if rest else change((key, value))
    found = (*parts[:number], *new, *parts[number + 1 :])
    return Map(found) if isinstance(tree, Map) else Items(tuple(value for _, value in found))
