"""What each measure brings adds up to the whole, and is what theory says where theory says it."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cadre_sim.analysis.attribution import attribute
from cadre_sim.errors import InputError
from cadre_sim.experiments.plan import Run
from studies import MEASURES, study

FACTORIAL = MEASURES + "design: factorial\n"
ORDERS = MEASURES + "design: permutations\npoints: 40\n"


def game(on: Mapping[str, Any], run: Run) -> float:
    """Measures that help, hinder and need each other, a little different in each replicate."""
    a, b, c, d = (float(on[name]) for name in "abcd")
    return 10 + run.replicate + 3 * a + (2 + run.replicate) * b + 4 * a * b - 2 * b * c * d + d


def by_hand(replicate: int) -> list[float]:
    """Shapley values by their definition: what each adds, over all orders."""
    added = [0.0] * 4
    orders = list(permutations(range(4)))
    for order in orders:
        on = dict.fromkeys("abcd", False)
        for k in order:
            before = game(on, Run("", "", (), replicate))
            on["abcd"[k]] = True
            added[k] += game(on, Run("", "", (), replicate)) - before
    return [total / len(orders) for total in added]


def test_values_of_all_sets_are_those_of_all_orders(tiny: Path) -> None:
    found = attribute(study(FACTORIAL, game))
    assert found.measures == ("a", "b", "c", "d")
    assert found.shapley == pytest.approx(np.array([by_hand(r) for r in range(3)]))
    assert found.table["effect"].tolist() == pytest.approx(np.mean([by_hand(r) for r in range(3)], axis=0).tolist())
    assert found.table["alone"].tolist() == pytest.approx([3.0, 3.0, 0.0, 1.0])
    assert found.table["last"].tolist() == pytest.approx([7.0, 5.0, -2.0, -1.0])
    assert found.table["share"].sum() == pytest.approx(1.0)


@pytest.mark.parametrize("text", [FACTORIAL, ORDERS])
def test_they_add_up_to_the_effect_in_every_replicate(tiny: Path, text: str) -> None:
    found = attribute(study(text, game))
    assert found.effect == pytest.approx([8.0 + r for r in range(3)])
    assert np.abs(found.shapley.sum(axis=1) - found.effect).max() < 1e-9


def test_pairs_act_on_each_other_as_they_should(tiny: Path) -> None:
    """a and b add 4 together; of the three that only act together each pair has a half."""
    pairs = attribute(study(FACTORIAL, game)).interactions.set_index(["first", "second"])["effect"]
    assert pairs["a", "b"] == pytest.approx(4.0)
    assert pairs["b", "c"] == pairs["b", "d"] == pairs["c", "d"] == pytest.approx(-1.0)
    assert pairs["a", "c"] == pairs["a", "d"] == pytest.approx(0.0)


def test_drawn_orders_come_near_and_know_how_near(tiny: Path) -> None:
    """Measures that act alone are exact; the others lie within what the intervals say."""
    found = attribute(study(ORDERS, game))
    assert found.orders == 40
    truth = np.mean([by_hand(r) for r in range(3)], axis=0)
    assert ((found.table["low"] <= truth) & (truth <= found.table["high"])).all()
    pairs = found.interactions.set_index(["first", "second"])
    assert pairs.loc[("a", "b"), "effect"] == pytest.approx(4.0)
    assert pairs.loc[("b", "c"), "low"] <= -1.0 <= pairs.loc[("b", "c"), "high"]


def test_a_measure_that_does_nothing_gets_nothing(tiny: Path) -> None:
    found = attribute(study(FACTORIAL, lambda on, run: 5.0 * on["a"]))
    assert found.shapley == pytest.approx(np.array([[5.0, 0.0, 0.0, 0.0]] * 3))


def test_of_a_running_experiment_only_whole_replicates_count(tiny: Path) -> None:
    found = attribute(study(FACTORIAL, game, lambda run: run.replicate < 2 or run.values[0] is True))
    assert len(found.effect) == 2
    with pytest.raises(InputError, match=r"every set of measures.*24 runs are there of at most 48"):
        attribute(study(FACTORIAL, game, lambda run: run.values[0] is True))


def test_of_drawn_orders_only_whole_ones_count(tiny: Path) -> None:
    """Where a set is missing, the orders that go through it are left out, and the rest still adds up."""
    found = attribute(study(ORDERS, game, lambda run: run.values != (True, True, False, False)))
    assert 0 < found.orders < 40
    assert np.abs(found.shapley.sum(axis=1) - found.effect).max() < 1e-9


def test_another_design_is_refused_with_the_ones_that_serve(tiny: Path) -> None:
    with pytest.raises(InputError, match="attribution needs a design of factorial or permutations, and this is grid"):
        attribute(study(MEASURES + "design: grid\n", game))
