"""Allocation rules: how much each kind of work weighs with a cadre who cannot do all of it in a day.

The day is split so that no kind of work gets more than is wanted of it and all free hours are used; a rule says how
those hours are drawn to one kind or the other. ``behaviour.rule`` names it. ``weighted`` is that of the model, which
compiled code applies; every other is a function of arrays, one entry a cadre, that is called once a day::

    from cadre_sim.rules import Seen, Weights, allocation_rule

    @allocation_rule
    def by_mood(seen: Seen) -> Weights:
        return Weights(burden=1 + seen.caution, urgent=5, service=1 + seen.motivation)

Such a function comes from an installed package (entry point ``cadre_sim.rules``), or from a file given on the command
line (``--rules FILE``) or to :func:`load_rules`. A scenario file alone never imports code, nor does a folder of
results. What was in the file when it was loaded is what all runs use, in this process and in workers.
"""

from __future__ import annotations

import hashlib
import inspect
import linecache
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cadre_sim.arrays import Floats
from cadre_sim.errors import InputError, UnreadableError
from cadre_sim.inputs import HeldFile, hold
from cadre_sim.plugins import load_installed

WEIGHTED = "weighted"
"""The rule of the model: caution and evaluations draw to burden, motivation to service, urgency beyond that."""
_MOST_BYTES = 10 * 2**20
"""Largest file of rules that is read."""


class Seen(NamedTuple):
    """What a rule sees of each cadre, on a day on which all is wanted that is.

    Attributes:
        caution: 0 to 1.
        motivation: 0 to 1.
        fatigue: 0 to 1.
        pressure: weight of the evaluations in season at the office, 0 without any.
        burden: hours wanted of inspections and paperwork [h].
        urgent: hours wanted of urgent matters [h].
        service: hours wanted of ordinary matters and training [h].
        other: hours wanted of other work [h].
        engaged: hours of meetings and receptions, which come first [h].
    """

    caution: Floats
    motivation: Floats
    fatigue: Floats
    pressure: Floats
    burden: Floats
    urgent: Floats
    service: Floats
    other: Floats
    engaged: Floats


class Weights(NamedTuple):
    """What each kind of work weighs with each cadre, where other work weighs 1: numbers from 0, or one for all."""

    burden: ArrayLike
    urgent: ArrayLike
    service: ArrayLike


Rule = Callable[[Seen], Weights]
_TRIED = 3
"""Cadres for whom a rule is tried out."""


class RuleSource(NamedTuple):
    """Where a rule comes from.

    Attributes:
        digest: hash of the file that it stands in, 16 digits.
        file: that file, where it was loaded by its name; None for one of an installed package or of a program.
    """

    digest: str
    file: HeldFile | None


_registry: dict[str, Rule] = {}
_sources: dict[str, RuleSource] = {}
"""Of each rule that is not this package's."""
_importing: list[HeldFile] = []
"""The file of rules that is being imported, if one is."""


def allocation_rule(rule: Rule) -> Rule:
    """Make a function known as an allocation rule, under its own name.

    Raises:
        InputError: another rule has the name.
    """
    name = rule.__name__
    known = _registry.get(name)
    if name == WEIGHTED or (known is not None and _file(known) != _file(rule)):
        raise InputError(f"there is an allocation rule {name!r} already: give yours another name")
    if rule.__module__ != __name__:
        file = _importing[-1] if _importing else None
        content = _source(rule) if file is None else file.read()
        _sources[name] = RuleSource(hashlib.blake2b(content, digest_size=8).hexdigest(), file)
    _registry[name] = rule
    return rule


def rules() -> dict[str, Rule | None]:
    """All allocation rules by name; None for the one of the model, which is compiled."""
    _load_installed()
    return {WEIGHTED: None, **dict(sorted(_registry.items()))}


def rule_of(name: str) -> Rule | None:
    """The rule of a name; None for the one of the model, which is compiled.

    Raises:
        InputError: it is not known in this process.
    """
    known = rules()
    if name not in known:
        raise InputError(
            f"the allocation rule {name!r} is not known in this process: put it into a file for load_rules"
        )
    return known[name]


def load_rules(path: str | Path) -> None:
    """Import a file of allocation rules, for this process and the workers that it starts.

    What is in the file now is what counts, until it is loaded again: then its rules take the place of those that it
    had before.

    Raises:
        InputError: the file is missing or raises an error.
    """
    try:
        file = hold(path, _MOST_BYTES)
        place = str(Path(path).resolve())
    except UnreadableError as error:
        raise InputError(f"{path}: rules cannot be read: {error.reason}") from None
    _import(HeldFile(place, file.read(), file.digest))


def known_rules(names: Iterable[str] | None = None) -> dict[str, RuleSource]:
    """Where rules come from that are not this package's, by name: what a worker must know to use the same ones.

    Args:
        names: of which rules; by default of all.
    """
    _load_installed()
    return {name: source for name, source in _sources.items() if names is None or name in names}


def use_rules(wanted: Mapping[str, RuleSource]) -> None:
    """In a worker: see that rules are those of the process that started it; import those that came as a file.

    Args:
        wanted: what :func:`known_rules` gave there.

    Raises:
        InputError: a rule is not here, or is another than there.
    """
    for name, source in wanted.items():
        if source_digest(name) != source.digest and source.file is not None:
            _import(source.file)
    check_rules(wanted)


def check_rules(wanted: Mapping[str, RuleSource]) -> None:
    """See that rules are those that something was planned with.

    Raises:
        InputError: a rule is not here, or is another one.
    """
    for name, source in wanted.items():
        if source_digest(name) != source.digest:
            is_here = "is not here" if name not in rules() else "is another one here"
            kept = f"; --rules loads it from inputs/{source.file.digest} of the results" if source.file else ""
            raise InputError(f"the allocation rule {name!r}, with which this was planned, {is_here}{kept}")


def _import(file: HeldFile) -> None:
    """Import a file of rules as it was read; its rules count only when all of it went well."""
    place, content = file.name, file.read()
    before = dict(_registry), dict(_sources)
    for name, source in before[1].items():
        if source.file is not None and source.file.name == place:
            del _registry[name], _sources[name]
    name = f"cadre_sim_rules_{hashlib.blake2b(place.encode(errors='surrogateescape'), digest_size=8).hexdigest()}"
    sys.modules[name] = module = ModuleType(name)
    module.__file__ = place
    # So that a traceback shows the lines that were run, whatever is in the file by then.
    text = content.decode(errors="replace")
    linecache.cache[place] = len(content), None, text.splitlines(keepends=True), place
    _importing.append(file)
    try:
        exec(compile(content, place, "exec"), module.__dict__)
    except BaseException as error:
        _registry.clear()
        _registry.update(before[0])
        _sources.clear()
        _sources.update(before[1])
        if isinstance(error, InputError):
            raise InputError(f"{place}: rules cannot be read: {error}") from None
        if isinstance(error, Exception | SystemExit):
            raise InputError(f"{place}: rules cannot be read: {_said(error)}") from error
        raise
    finally:
        _importing.pop()


def _said(error: BaseException) -> str:
    """An error of somebody else's code in one line; it may be of a kind that cannot be shown."""
    try:
        text = "; ".join(str(error).splitlines())
    except Exception:
        text = ""
    return f"{type(error).__name__}: {text}".removesuffix(": ")


def weights_of(rule: Rule, seen: Seen) -> Weights:
    """What a rule gives for some cadres, each an array of shape (cadres,).

    Raises:
        InputError: the rule fails, a weight is negative or no number, or there are not as many as cadres.
    """
    size = seen.caution.size
    try:
        found = Weights(*(np.broadcast_to(np.asarray(weights, np.float64), size) for weights in Weights(*rule(seen))))
    except (Exception, SystemExit) as error:  # it is somebody else's code
        raise InputError(f"allocation rule {rule.__name__!r}: {_said(error)}") from error
    if not all(np.isfinite(column).all() and np.greater_equal(column, 0.0).all() for column in found):
        raise InputError(f"allocation rule {rule.__name__!r}: gives a weight that is negative or no number")
    return found


def try_out(name: str) -> None:
    """See that a rule gives weights for some cadres, before a run depends on it.

    Raises:
        InputError: it does not.
    """
    rule = rule_of(name)
    if rule is not None:
        weights_of(rule, Seen(*np.linspace(0.2, 0.8, len(Seen._fields) * _TRIED).reshape(-1, _TRIED)))


def source_digest(name: str) -> str | None:
    """A hash of the file that a rule stands in; None for a rule of this package, which its version says all of."""
    _load_installed()
    source = _sources.get(name)
    return source.digest if source else None


@cache
def _load_installed() -> None:
    """Import what installed packages bring, once."""
    load_installed("rules")


def _file(rule: Rule) -> str:
    return getattr(getattr(inspect.unwrap(rule), "__code__", None), "co_filename", "")


def _source(rule: Rule) -> bytes:
    """What a rule of an installed package or of a program stands in: its file, or its lines where it has none."""
    try:
        return Path(inspect.getsourcefile(rule) or "").read_bytes()
    except (OSError, TypeError):
        pass
    try:
        return inspect.getsource(rule).encode()
    except (OSError, TypeError):
        return repr(rule.__name__).encode()


@allocation_rule
def proportional(seen: Seen) -> Weights:
    """All work weighs the same: of everything wanted the same share is done."""
    return Weights(1.0, 1.0, 1.0)


@allocation_rule
def burden_first(seen: Seen) -> Weights:
    """What comes from above is done before all else, then urgent matters, then the rest."""
    return Weights(1e12, 1e6, 1.0)


@allocation_rule
def service_first(seen: Seen) -> Weights:
    """Matters of residents are done before all else, the urgent ones first."""
    return Weights(1.0, 1e12, 1e6)
