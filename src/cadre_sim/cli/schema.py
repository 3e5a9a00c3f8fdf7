"""``cadre-sim schema``: the JSON Schema of scenario files."""

from __future__ import annotations

import json


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors.

    Example: cadre-sim schema > scenarios/scenario.schema.json
    """
    from cadre_sim.scenario.schema import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
