"""``cadre-sim schema``: the JSON Schema of scenario files."""

from __future__ import annotations

from cadre_sim.terminal.encoding import print_json


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors.

    Example: cadre-sim schema > scenarios/scenario.schema.json
    """
    from cadre_sim.scenario.schema import json_schema

    print_json(json_schema())
