"""Certificate removal: kinds of certificates that nobody needs to ask for any more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cadre_sim.activities import CERTIFICATES
from cadre_sim.scenario.scenario import Scenario
from cadre_sim.simulation import Simulation
from cadre_sim.workday.outputs import OUTPUTS
from worlds import calm, lab


def scenario(**reform: Any) -> Scenario:
    """Villages where 2,000 certificates of 109 kinds are asked for a year for 1000 residents."""
    reforms = {"certificate_removal": {"from": "2025-01-01"} | reform} if reform else {}
    return calm(demand={"certificates": 2000.0, "certificate_kinds": 109, "certificate_hours": 0.2}, reforms=reforms)


def asked(made: Scenario) -> tuple[np.ndarray, np.ndarray]:
    """Certificates asked for by (day, county and kind), and hours asked for them by office."""
    model = Simulation(made)
    result = model.run()
    return result.daily[:, :, OUTPUTS.index("certificates_asked")], model.columns.books.asked[:, CERTIFICATES]


def kept(removed: int) -> float:
    return float(lab(scenario()).world.certificate_kept[removed])


@pytest.mark.parametrize(
    ("reform", "share"),
    [({"kinds": 36}, kept(36)), ({"kinds": 10}, kept(10)), ({"kinds": 36, "strength": 0.5}, kept(18))],
)
def test_the_share_of_requests_of_the_kinds_that_remain_is_left(reform: dict[str, Any], share: float) -> None:
    """Each request stays or goes by its own draw: on no day are there more than without the reform. Half the strength
    takes half the kinds.
    """
    plain, left = asked(scenario())[0], asked(scenario(**reform))[0]
    assert (left <= plain).all()
    total = plain.sum()
    assert total > 20_000
    assert left.sum() / total == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / total))


def test_a_request_that_is_gone_takes_no_time() -> None:
    """A fifth of an hour for each that is left."""
    for made in (scenario(), scenario(kinds=36)):
        requests, hours = asked(made)
        np.testing.assert_allclose(hours.sum(), 0.2 * requests.sum())


@pytest.mark.parametrize("kinds", [109, 1000])
def test_with_all_kinds_gone_nobody_asks(kinds: int) -> None:
    """Also where a scenario removes more kinds than the catalogue has."""
    requests, hours = asked(scenario(kinds=kinds))
    assert not requests.any()
    assert not hours.any()


def test_removing_no_kind_changes_nothing() -> None:
    assert asked(scenario(kinds=0))[0].tobytes() == asked(scenario())[0].tobytes()
