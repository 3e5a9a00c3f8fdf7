"""``SECURITY.md`` names a test for each promise, and each of these tests is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_each_promise_names_tests_that_are_there() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    promises = text.partition("## Promises")[2].partition("\n## ")[0].strip().split("\n\n")
    missing = []
    for promise in promises:
        named = re.findall(r"^- `(tests/\S+\.py)::(test_\w+)`$", promise, flags=re.MULTILINE)
        assert named, f"without a test: {promise}"
        for file, name in named:
            path = ROOT / file
            if not path.is_file() or not re.search(rf"^def {name}\(", path.read_text(encoding="utf-8"), re.MULTILINE):
                missing.append(f"{file}::{name}")
    assert not missing
