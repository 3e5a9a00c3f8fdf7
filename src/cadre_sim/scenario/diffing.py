"""How two scenarios differ, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cadre_sim.scenario.listing import Parameter, parameters
from cadre_sim.scenario.measures import Measure
from cadre_sim.scenario.paths import EVERY, Keys, path_text
from cadre_sim.scenario.scenario import NOT_CONTENT, Scenario


def differences(a: Scenario, b: Scenario) -> list[str]:
    """Sentences, one a difference, on how ``b`` differs from ``a``; none where they give the same results."""
    known = {p.path: p for p in parameters()}
    return list(_of(_content(a), _content(b), (), known))


def _content(scenario: Scenario) -> dict[str, Any]:
    return {k: v for k, v in scenario.to_dict().items() if k not in NOT_CONTENT}


def _of(a: Any, b: Any, path: Keys, known: dict[str, Parameter]) -> Iterator[str]:
    if isinstance(a, dict) and isinstance(b, dict):
        for key in dict.fromkeys([*a, *b]):
            yield from _of_key(a, b, key, path, known)
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b) and a != b:
        for i, (x, y) in enumerate(zip(a, b, strict=True)):
            yield from _of(x, y, (*path, i), known)
    elif a != b:
        yield f"{_where(path, known)} is {_value(b, path, known)} instead of {_value(a, path, known)}."


def _of_key(a: Any, b: Any, key: str, path: Keys, known: dict[str, Parameter]) -> Iterator[str]:
    here = (*path, key)
    if path == ("reforms",) and key not in a:
        yield f"The reform {key!r} is added: {_reform(b[key])}."
    elif path == ("reforms",) and key not in b:
        yield f"The reform {key!r} is gone ({_reform(a[key])})."
    elif path == ("departments",) and key not in a:
        yield f"The departments {key!r} are added: {b[key]['number']} for each {b[key]['level']}."
    elif path == ("departments",) and key not in b:
        yield f"The departments {key!r} are gone ({a[key]['number']} for each {a[key]['level']})."
    else:
        yield from _of(a.get(key), b.get(key), here, known)


def _reform(body: dict[str, Any]) -> str:
    measure = f"{body['measure']}, " if body.get("measure") else ""
    said = [f"from {body['from']}"]
    said += [f"until {body['until']}"] if body.get("until") else []
    said += [f"{body['adoption']:.0%} adopt it"] if body.get("adoption", 1.0) < 1.0 else []
    said += [f"at strength {body['strength']}"] if body.get("strength", 1.0) < 1.0 else []
    where = body.get("where") or {}
    places = [*(where.get("counties") or ()), *(where.get("kinds") or ())]
    said += [f"for {', '.join(places)}"] if places else []
    own = set(body) - set(Measure.model_fields) - {"from"}
    said += [f"{name} {body[name]}" for name in body if name in own]
    return measure + ", ".join(said)


def _parameter(path: Keys, known: dict[str, Parameter]) -> Parameter | None:
    starred = (path[0], EVERY, *path[2:]) if len(path) > 2 else path
    return known.get(path_text(path)) or known.get(path_text(starred))


def _where(path: Keys, known: dict[str, Parameter]) -> str:
    parameter, text = _parameter(path, known), path_text(path)
    return f"{text} ({parameter.meaning})" if parameter else text


def _value(value: Any, path: Keys, known: dict[str, Parameter]) -> str:
    if value is None:
        return "not set"
    parameter = _parameter(path, known)
    unit = f" {parameter.unit}" if parameter and parameter.unit != "1" else ""
    return f"{value}{unit}"
