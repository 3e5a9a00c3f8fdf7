"""Terminals and pipes that cannot show every character: a result is never lost, a message never becomes a traceback."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from cadre_sim.cli.app import main
from conftest import TINY

Call = Callable[..., tuple[int, str, str]]
CHINESE = TINY.replace("A tiny county", "衡阳 – a tiny county é").replace("Littleton", "衡南")


@pytest.fixture(params=["ascii", "latin-1", "utf-8"])
def encoding(request: pytest.FixtureRequest) -> str:
    """What the terminal understands."""
    return request.param


@pytest.fixture
def call(tiny: Path, monkeypatch: pytest.MonkeyPatch, encoding: str) -> Call:
    """Runs the command line with streams of that encoding; gives the code, and both outputs as it has them."""
    tiny.with_name("中.yaml").write_text(CHINESE, encoding="utf-8")

    def call_main(*arguments: str) -> tuple[int, str, str]:
        raw = [io.BytesIO(), io.BytesIO()]
        streams = [io.TextIOWrapper(stream, encoding=encoding) for stream in raw]
        monkeypatch.setattr(sys, "argv", ["cadre-sim", *arguments])
        monkeypatch.setattr(sys, "stdout", streams[0])
        monkeypatch.setattr(sys, "stderr", streams[1])
        with pytest.raises(SystemExit) as ended:
            main()
        for stream in streams:
            stream.flush()
        out, err = (stream.getvalue().decode(encoding) for stream in raw)
        code = ended.value.code
        return (code if isinstance(code, int) else 0), out, err

    return call_main


def test_a_comparison_is_shown_with_every_number(call: Call, encoding: str) -> None:
    code, out, _ = call("compare", "中.yaml", "-n", "2", "--workers", "1")
    assert code == 0
    assert ("衡阳" in out) == (encoding == "utf-8")
    assert ("\\u8861\\u9633" in out) == (encoding != "utf-8")
    assert (" - a tiny county" in out) == (encoding != "utf-8")
    assert "Where the service hours came from" in out


@pytest.mark.parametrize("arguments", [("--help",), ("run", "--help"), ("compare", "--help"), ("list", "parameters")])
def test_help_and_lists_are_shown(call: Call, arguments: tuple[str, ...]) -> None:
    code, out, _ = call(*arguments)
    assert code == 0
    assert len(out.splitlines()) > 10


@pytest.mark.parametrize(
    "arguments", [("validate", "无.yaml"), ("run", "中.yaml", "--set", "地=1"), ("run", "中", "文")]
)
def test_a_mistake_is_told(call: Call, encoding: str, arguments: tuple[str, ...]) -> None:
    code, _, err = call(*arguments)
    assert code == 2
    assert any(said in err for said in ("无", "地", "文", "\\u65e0", "\\u5730", "\\u6587"))
    assert ("\\u" in err) == (encoding != "utf-8")


def test_a_file_whose_name_is_no_text_is_told(call: Call) -> None:
    """Bytes that the user's locale does not know come in as surrogates."""
    code, _, err = call("validate", os.fsdecode(b"caf\xe9.yaml"))
    assert code == 2
    assert "caf" in err
    assert "no such file" in err


def test_a_result_of_a_file_whose_name_is_no_text_is_written(call: Call) -> None:
    """Its name goes into the manifest as an escape that means the same."""
    name = os.fsdecode(b"caf\xe9.yaml")
    Path(name).write_text(TINY, encoding="utf-8")
    assert call("run", name, "--out", "out", "-q")[0] == 0
    assert json.loads(Path("out/manifest.json").read_text(encoding="utf-8"))["command"][2] == name


def test_json_on_stdout_keeps_every_character(call: Call) -> None:
    code, out, _ = call("compare", "中.yaml", "-n", "2", "--workers", "1", "--json")
    assert code == 0
    assert json.loads(out)["arms"][0]["scenario"] == "衡阳 – a tiny county é"


def test_csv_on_stdout_keeps_every_character(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    monkeypatch.setattr(sys, "argv", ["cadre-sim", "results", "x", "--sql", "select '衡阳' as place"])
    monkeypatch.setattr("cadre_sim.sweep.query.results", lambda *_, **__: pd.DataFrame({"place": ["衡阳"]}))
    monkeypatch.setattr("cadre_sim.cli.experiment.say_outside", lambda folder: None)
    with pytest.raises(SystemExit):
        main()
    sys.stdout.flush()
    assert raw.getvalue().decode("utf-8") == "place\n衡阳\n"


@pytest.mark.process
@pytest.mark.parametrize("settings", [{"LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "latin-1"}])
def test_the_posix_locale_and_a_latin_one_end_well(tiny: Path, settings: dict[str, str]) -> None:
    tiny.with_name("中.yaml").write_text(CHINESE.replace("residents: 6000", "residents: -1"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "cadre_sim.cli", "validate", "中.yaml", "tiny.yaml"],
        env={**os.environ, **settings}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"residents" in done.stderr
    assert done.stdout == b"tiny.yaml: ok\n"
