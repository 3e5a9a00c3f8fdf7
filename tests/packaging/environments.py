"""Environments of their own for tests of the package: what is installed in them, and every command tried there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SMOKE = Path(__file__).with_name("smoke.py")
UV = (sys.executable, "-m", "uv")


def run(*command: str | Path, folder: Path | None = None) -> str:
    """Run a program with nothing of this environment in its way; what it prints, where it goes well."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run([*map(str, command)], cwd=folder, env=kept, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def installed(folder: Path, what: str, *options: str | Path, python: str = sys.executable) -> Path:
    """The Python of a new environment in which something is installed, and nothing else."""
    run(*UV, "venv", "--quiet", "--python", python, folder / "venv")
    own = folder / "venv" / "bin" / "python"
    run(*UV, "pip", "install", "--quiet", "--python", own, *options, what)
    return own


def try_every_command(python: Path, folder: Path, extras: str) -> None:
    """Run the smoke with the Python of an environment, in a folder of its own."""
    folder.mkdir()
    assert "smoke: all well" in run(python, SMOKE, extras, folder=folder)
