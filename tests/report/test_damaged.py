"""A report of a damaged folder ends in one sentence that names it, and writes nothing."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from conftest import Call


def _replaced(make: Callable[[Path], object]) -> Callable[[Path], object]:
    def damage(path: Path) -> None:
        path.unlink()
        make(path)

    return damage


DAMAGES: tuple[Callable[[Path], object], ...] = (
    Path.unlink,
    lambda path: path.write_bytes(b""),
    lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    lambda path: path.write_text("[" * 100_000, encoding="utf-8"),
    _replaced(Path.mkdir),
    _replaced(os.mkfifo),
    _replaced(lambda path: os.symlink("/dev/zero", path)),
    _replaced(lambda path: os.symlink("nowhere", path)),
)


def test_a_damaged_file_ends_a_report_in_one_sentence(tiny: Path, call: Call) -> None:
    assert call("run", "tiny.yaml", "--out", "whole", "--quiet").code == 0
    names = [*json.loads(Path("whole/manifest.json").read_text(encoding="utf-8"))["files"], "manifest.json"]
    for name in dict.fromkeys(names):
        for damage in DAMAGES:
            shutil.copytree("whole", "damaged")
            damage(Path("damaged", name))
            done = call("report", "damaged")
            if done.code != 0:  # a file that the report has no use for, without a digest to tell
                assert done.code == 2, (name, done.err)
                assert "damaged" in done.err
                assert done.err.count("\n") == 1, (name, done.err)
                assert not Path("damaged/report.html").exists()
            shutil.rmtree("damaged")
