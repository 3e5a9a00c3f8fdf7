"""Allocation rules: how much each kind of work weighs with a cadre who cannot do all of it in a day.

The day is split so that no kind of work gets more than is wanted of it and all free hours are used; a rule says how
those hours are drawn to one kind or the other. ``behaviour.rule`` names it. ``weighted`` is that of the model, which
compiled code applies; every other is a function of arrays, one entry a cadre, that is called once a day::

    from cadre_sim.rules import Seen, Weights, allocation_rule

    @allocation_rule
    def by_mood(seen: Seen) -> Weights:
        return Weights(burden=1 + seen.caution, urgent=5, service=1 + seen.motivation)

Such a function comes from an installed package (entry point ``cadre_sim.rules``), or from a file given on the command
line (``--rules FILE``) or to :func:`load_rules`. A scenario file alone never imports code.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import sys
from collections.abc import Callable
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cadre_sim.arrays import Floats
from cadre_sim.errors import InputError
from cadre_sim.plugins import load_installed

WEIGHTED = "weighted"
"""The rule of the model: caution and evaluations draw to burden, motivation to service, urgency beyond that."""
FILE_VARIABLE = "CADRE_SIM_RULES"
"""Environment variable that hands a file of rules to worker processes."""


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
_registry: dict[str, Rule] = {}
_loaded_files: dict[str, str] = {}


def allocation_rule(rule: Rule) -> Rule:
    """Make a function known as an allocation rule, under its own name.

    Raises:
        InputError: another rule has the name.
    """
    name = rule.__name__
    known = _registry.get(name)
    if name == WEIGHTED or (known is not None and _file(known) != _file(rule)):
        raise InputError(f"there is an allocation rule {name!r} already: give yours another name")
    _registry[name] = rule
    return rule


def rules() -> dict[str, Rule | None]:
    """All allocation rules by name; None for the one of the model, which is compiled."""
    _load_installed()
    if os.environ.get(FILE_VARIABLE):
        load_rules(os.environ[FILE_VARIABLE])
    return {WEIGHTED: None, **dict(sorted(_registry.items()))}


def load_rules(path: str | Path) -> None:
    """Import a file of allocation rules, here and in the worker processes that are started from now on.

    A file that has changed since is imported again, and its rules take the place of those of the same names.

    Raises:
        InputError: the file is missing or raises an error.
    """
    place = str(Path(path).resolve())
    content = hashlib.blake2b(Path(path).read_bytes()).hexdigest() if Path(path).is_file() else ""
    if content and _loaded_files.get(place) == content:
        return
    name = f"cadre_sim_rules_{hashlib.blake2b(place.encode(), digest_size=8).hexdigest()}"
    try:
        spec = spec_from_loader(name, SourceFileLoader(name, place))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = module = module_from_spec(spec)
        spec.loader.exec_module(module)
    except (OSError, InputError) as error:
        raise InputError(f"{path}: rules cannot be read: {getattr(error, 'strerror', None) or error}") from None
    except Exception as error:
        raise InputError(f"{path}: rules cannot be read: {type(error).__name__}: {error}") from error
    _loaded_files[place] = content
    os.environ[FILE_VARIABLE] = place


def weights_of(rule: Rule, seen: Seen) -> Weights:
    """What a rule gives for some cadres, each an array of shape (cadres,).

    Raises:
        InputError: the rule fails, a weight is negative or no number, or there are not as many as cadres.
    """
    size = seen.caution.size
    try:
        found = Weights(*(np.broadcast_to(np.asarray(weights, np.float64), size) for weights in Weights(*rule(seen))))
    except Exception as error:  # it is somebody else's code
        raise InputError(f"allocation rule {rule.__name__!r}: {type(error).__name__}: {error}") from error
    if not all(np.isfinite(column).all() and np.greater_equal(column, 0.0).all() for column in found):
        raise InputError(f"allocation rule {rule.__name__!r}: gives a weight that is negative or no number")
    return found


def try_out(name: str) -> None:
    """See that a rule gives weights for some cadres, before a run depends on it.

    Raises:
        InputError: it does not.
    """
    rule = rules()[name]
    if rule is not None:
        weights_of(rule, Seen(*np.linspace(0.2, 0.8, len(Seen._fields) * _TRIED).reshape(-1, _TRIED)))


def source_digest(name: str) -> str | None:
    """A hash of the file that a rule stands in; None for a rule of this package, which its version says all of."""
    rule = rules().get(name)
    if rule is None or rule.__module__ == __name__:
        return None
    return hashlib.blake2b(Path(_file(rule)).read_bytes(), digest_size=8).hexdigest()


@cache
def _load_installed() -> None:
    """Import what installed packages bring, once."""
    load_installed("rules")


def _file(rule: Rule) -> str:
    return inspect.getsourcefile(rule) or ""


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
