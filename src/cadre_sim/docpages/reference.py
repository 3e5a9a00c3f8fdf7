"""The reference pages, made from declarations."""

from __future__ import annotations

import cadre_sim
from cadre_sim.docpages.evidence import evidence_page
from cadre_sim.docpages.keys import keys_page
from cadre_sim.docpages.outputs import outputs_page


def pages() -> dict[str, str]:
    """All pages by file name."""
    return {
        "scenario.md": keys_page(),
        "outputs.md": outputs_page(),
        "evidence.md": evidence_page(),
        "api.md": _api(),
    }


def _api() -> str:
    """A page that mkdocstrings fills in, one part for each public name."""
    told = (
        "The names that `import cadre_sim` gives. They are imported when they are first used, so that the import "
        "itself costs nothing. Mistakes of a user are raised as `cadre_sim.errors.UserError`, with every problem found."
    )
    parts = [f"::: cadre_sim.{name}" for name in cadre_sim.__all__]
    return "\n\n".join(["# Python API", told, *parts]) + "\n"
