"""What is pinned: the core without any library of an extra, the same versions in both files, and no addresses."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from cadre_sim.extras import EXTRA_OF

PROJECT = Path(__file__).parents[2]
DISTRIBUTIONS = {"dask_jobqueue": "dask-jobqueue", "zmq": "pyzmq"}
"""Names under which libraries are installed, where they differ from those under which they are imported."""


def pins(name: str) -> dict[tuple[str, str], str]:
    """The version of each library in a lock file, by its name and the marker that says where it is of use."""
    lines = (PROJECT / name).read_text(encoding="utf-8").splitlines()
    found = [re.fullmatch(r"([a-z0-9-]+)==(\S+)(?: ; (.*?))? ?\\?", line) for line in lines if line[0].isalpha()]
    return {(pin[1], pin[3] or ""): pin[2] for pin in found if pin}


def bare(requirement: str) -> str:
    """The name of a library in a requirement, as lock files have it."""
    return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-").replace(".", "-")


def test_each_extra_brings_the_libraries_that_are_asked_for_in_its_name() -> None:
    """Otherwise a user would follow the message and get it again."""
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    brought = {extra: {bare(requirement) for requirement in extras[extra]} for extra in set(EXTRA_OF.values())}
    for library, extra in EXTRA_OF.items():
        assert bare(DISTRIBUTIONS.get(library, library)) in brought[extra]
    assert extras["all"] == [f"cadre_sim[{','.join(sorted(brought))}]"]


def test_a_demo_installs_no_library_of_an_extra() -> None:
    """A first look takes half the time and disk, and nobody's firewall has to let Dask in."""
    core = {name for name, _ in pins("requirements-core.lock")}
    heavy = {bare(DISTRIBUTIONS.get(library, library)) for library in EXTRA_OF}
    assert "numba" in core
    assert not core & (heavy | {"dask", "pymoo", "scikit-learn", "statsmodels", "pytest"})


def test_both_locks_pin_the_same_versions() -> None:
    """What a demo computes is what the tests have seen."""
    core, every = ({(n, v) for (n, _), v in pins(f).items()} for f in ("requirements-core.lock", "requirements.lock"))
    assert core <= every


@pytest.mark.parametrize("name", ["requirements-core.lock", "requirements.lock"])
def test_a_lock_holds_no_address(name: str) -> None:
    """A lock works with whatever index a machine has, and tells nobody which one it was made with."""
    text = (PROJECT / name).read_text(encoding="utf-8")
    assert len(pins(name)) > 30
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted-host", text)
