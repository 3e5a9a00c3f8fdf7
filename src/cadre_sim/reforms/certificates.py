"""Certificate removal: kinds of certificates that villages need no longer issue."""

from __future__ import annotations

from typing import ClassVar

from cadre_sim.scenario.fields import quantity
from cadre_sim.scenario.measures import Effect, Measure, Translations


class CertificateRemoval(Measure):
    """Unnecessary certificates abolished.

    A certificate of a kind that is gone is asked for by nobody and takes no time. The kinds that go are spread evenly
    among frequent and rare ones, since it is not known which they are. Residents' other matters do not change.
    """

    key: ClassVar[str] = "certificate_removal"
    row: ClassVar[int | None] = 3
    label: ClassVar[str] = "certificates abolished"

    kinds: int = quantity(
        36, "kinds", low=10, high=80, kind="D", source=("hy_certs",), meaning="kinds taken out of the catalogue",
        most=1000,
    )  # fmt: skip

    translations: ClassVar[Translations] = {
        "zh": {
            "label": "取消证明事项",
            "kinds": "从目录中取消的证明种类",
        }
    }

    def effects(self) -> tuple[Effect, ...]:
        """Sets how many kinds have left the catalogue; ``World.certificate_kept`` has the requests that remain."""
        return (Effect("certificates_removed", "set", float(self.kinds)),)
