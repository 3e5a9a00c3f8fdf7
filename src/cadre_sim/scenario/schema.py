"""The JSON Schema of scenario files, by which an editor completes and checks while a person types."""

from __future__ import annotations

from typing import Any

from cadre_sim.scenario.measures import measures
from cadre_sim.scenario.scenario import Scenario


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a scenario file, with units and descriptions."""
    schema = Scenario.model_json_schema(by_alias=True)
    definitions = schema["$defs"]
    definitions.pop("Measure", None)
    named: dict[str, Any] = {}
    for key, measure in measures().items():
        own = measure.model_json_schema(by_alias=True)
        definitions.update(own.pop("$defs", {}))
        definitions[measure.__name__] = own
        named[key] = {"anyOf": [{"$ref": f"#/$defs/{measure.__name__}"}, {"type": "null"}]}
    others = {
        "type": ["object", "null"],
        "required": ["measure"],
        "properties": {"measure": {"enum": list(named)}},
        "allOf": [
            {"if": {"properties": {"measure": {"const": key}}, "required": ["measure"]}, "then": named[key]}
            for key in named
        ],
    }
    reforms = schema["properties"]["reforms"]
    schema["properties"]["reforms"] = {
        "type": "object",
        "title": "Reforms",
        "description": reforms["description"],
        "properties": named,
        "additionalProperties": others,
    }
    schema["properties"]["extends"] = {
        "type": "string",
        "title": "Extends",
        "description": "scenario file that this one is laid over, relative to this file",
    }
    for definition in definitions.values():
        # A file that extends another may say only what differs; whether all is there is seen when it is resolved.
        # Lists are replaced as a whole, so what stands in one must be complete.
        if definition.get("title") not in ("County", "Figure"):
            definition.pop("required", None)
    for name in ("departments",):
        inner = schema["properties"][name]["additionalProperties"]
        schema["properties"][name]["additionalProperties"] = {"anyOf": [inner, {"type": "null"}]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "cadre_sim scenario"}
