"""Wheel and sdist, as somebody without a clone of the project gets them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from environments import PROJECT, installed, run, try_every_command

pytestmark = pytest.mark.slow
DATA = "cadre_sim/data/"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist of the project."""
    folder = tmp_path_factory.mktemp("built")
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, folder=PROJECT)
    return folder


def shipped() -> set[str]:
    """The files that one begins with, as the package names them."""
    found = {path for room in ("scenarios", "experiments") for path in (PROJECT / room).rglob("*") if path.is_file()}
    return {DATA + path.relative_to(PROJECT).as_posix() for path in found if not path.name.startswith(".")}


def test_the_wheel_brings_scenarios_experiments_and_schema(built: Path) -> None:
    """Whoever installs it from an index has every example, and editors complete from the schema beside them."""
    names = set(zipfile.ZipFile(next(built.glob("*.whl"))).namelist())
    assert DATA + "scenarios/scenario.schema.json" in shipped()
    assert shipped() <= names
    assert {DATA + "zh_Hans.po", DATA + "template.yaml", "cadre_sim/report/page.css", "cadre_sim/py.typed"} <= names
    assert not [name for name in names if name.startswith(("tests", "docs", "notebooks"))]


def test_the_wheel_alone_does_all_that_needs_no_extra(built: Path, tmp_path: Path) -> None:
    """It installs none of the heavy libraries; what needs one says with which command it comes."""
    wheel = next(built.glob("*.whl"))
    python = installed(tmp_path, str(wheel), "--constraint", PROJECT / "requirements-core.lock")
    try_every_command(python, tmp_path / "work", "core")


def test_the_sdist_with_all_extras_does_everything(built: Path, tmp_path: Path) -> None:
    """It holds what a wheel is built from, so that the wheel of it is the wheel of the clone."""
    sdist = next(built.glob("*.tar.gz"))
    python = installed(tmp_path, f"cadre_sim[all] @ file://{sdist}", "--constraint", PROJECT / "requirements.lock")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    root = next((tmp_path / "unpacked").iterdir())
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "again", folder=root)
    again, first = (set(zipfile.ZipFile(next(f.glob("*.whl"))).namelist()) for f in (tmp_path / "again", built))
    assert again == first
    try_every_command(python, tmp_path / "work", "all")


def newest_python() -> str | None:
    """The newest Python on this machine that the lock files are for, other than this one; also where pyenv keeps it."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for minor in (14, 13, 12):
        name = f"python3.{minor}"
        for candidate in (shutil.which(name), *pyenv.glob(f"3.{minor}.*/bin/{name}")):
            # A shim of pyenv stands on the path also where no version of it is chosen.
            works = (
                candidate and subprocess.run([candidate, "-c", ""], capture_output=True, check=False).returncode == 0
            )
            if works and sys.version_info[1] != minor:
                return str(candidate)
    return None


def test_the_newest_python_that_is_there_does_everything(built: Path, tmp_path: Path) -> None:
    """The versions that are pinned are those of every Python that the project supports."""
    python = newest_python()
    if python is None:
        pytest.skip("no other Python is there")
    wheel = next(built.glob("*.whl"))
    options = ("--constraint", PROJECT / "requirements.lock")
    other = installed(tmp_path, f"cadre_sim[all] @ file://{wheel}", *options, python=python)
    try_every_command(other, tmp_path / "work", "all")
