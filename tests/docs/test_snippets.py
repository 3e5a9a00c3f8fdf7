"""Every command and snippet in README.md and docs/ works, from the top of each page to its end."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from snippets import ELSEWHERE, INSTEAD, PAGES, PROJECT, SLOW, SMALLER, Block, Workshop, blocks, lines

from cadre_sim.cli.app import app
from cadre_sim.experiments.planning import load_experiment
from cadre_sim.scenario.loading import load_arm

INLINE = re.compile(r"(?<!`)`((?:cadre-sim|make) [^`]+)`(?!`)")


def name(page: Path) -> str:
    return str(page.relative_to(PROJECT))


SHOWN = [
    pytest.param(page, id=name(page), marks=[pytest.mark.slow] if name(page) in SLOW else [])
    for page in PAGES
    if blocks(page) and name(page) not in ELSEWHERE
]


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The socket of a process that forks for each command of the pages."""
    with tempfile.TemporaryDirectory() as folder:  # a short name: sockets take no long ones
        address = f"{folder}/commands"
        command = [sys.executable, str(Path(__file__).with_name("forking.py")), address]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield address
        process.terminate()
        process.communicate()


@pytest.mark.process
@pytest.mark.parametrize("page", SHOWN)
def test_what_a_page_shows_works(page: Path, tmp_path: Path, server: str) -> None:
    """Blocks are worked through in order in one folder; see snippets.py for what is done with which."""
    workshop = Workshop(tmp_path, server)
    for block in blocks(page):
        workshop.do(block)


def test_every_file_that_a_page_shows_is_used_further_down() -> None:
    for page in PAGES:
        found = blocks(page)
        for k, block in enumerate(found):
            if block.title:
                first = Path(block.title).parts[0]
                assert any(first in later.text for later in found[k + 1 :]), block.where


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_within_sentences_exist(page: Path) -> None:
    """They are not run, but their names, options and targets are those that there are."""
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    fences = "\n".join(block.text for block in blocks(page))
    for command in INLINE.findall(page.read_text(encoding="utf-8")):
        if command in fences:
            continue
        program, *words = command.split()
        if program == "make":
            assert words[0] in targets, command
        else:
            known(command, words)


def known(said: str, words: list[str]) -> None:
    """Fails where a command, or an option of it, does not exist."""
    command = typer.main.get_command(app)
    while words and not words[0].startswith("-") and isinstance(getattr(command, "commands", None), dict):
        assert words[0] in command.commands, said
        command = command.commands[words.pop(0)]
    options = {option for parameter in command.params for option in parameter.opts} | {"-h", "--help"}
    for word in words:
        assert not word.startswith("--") or word.split("=")[0] in options, said


def test_what_stands_in_for_something_is_still_needed() -> None:
    assert set(INSTEAD) <= set(lines("sh"))
    assert all((PROJECT / file).is_file() for file in SMALLER)


@pytest.mark.parametrize("file", SMALLER)
def test_files_that_were_made_small_are_still_valid(file: str, tmp_path: Path, server: str) -> None:
    path = Workshop(tmp_path, server).folder / file
    assert load_experiment(path) if file.startswith("experiments/") else load_arm(path)


# ---- and the workshop notices what does not work ----


@pytest.mark.process
@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("sh", "cadre-sim simulate scenarios/one-village.yaml\n", "No such command"),
        ("sh", "cadre-sim validate scenarios/two-villages.yaml\n", "two-villages.yaml"),
        ("sh", "curl --version\n", "command not found"),
        ("sh", "make tea\n", "tea"),
        ("sh", "cadre-sim list nothing | cadre-sim list metrics\n", "No such command"),
        ("python", "import cadre_sim\ncadre_sim.simulate()\n", "no attribute 'simulate'"),
        ("text", "$ cadre-sim run scenarios/one-village.yaml\n", "a command in a block that is not run"),
        ("ruby", "puts 1\n", "no way to try"),
    ],
)
def test_what_does_not_work_is_noticed(language: str, text: str, said: str, tmp_path: Path, server: str) -> None:
    block = Block(PROJECT / "README.md", 1, language, "", text)
    with pytest.raises(AssertionError, match=re.escape(said)):
        Workshop(tmp_path, server).do(block)


@pytest.mark.parametrize("text", ["reforms: {meeting_limit: {from: 2025-01-01}}\n", "design: cube\n"])
def test_yaml_that_is_wrong_is_noticed(text: str, tmp_path: Path, server: str) -> None:
    with pytest.raises(Exception, match=r"meeting_limits|design"):
        Workshop(tmp_path, server).do(Block(PROJECT / "README.md", 1, "yaml", "", text))


def test_a_fence_is_found_with_its_line_language_and_title() -> None:
    page = PROJECT / "README.md"
    found = {block.title: block for block in blocks(page)}
    block = found["my-city.yaml"]
    assert block.language == "yaml"
    assert block.text.startswith("# yaml-language-server")
    assert page.read_text(encoding="utf-8").splitlines()[block.line - 1] == '```yaml title="my-city.yaml"'
    fences = sum(page.read_text(encoding="utf-8").count("\n```") for page in PAGES)
    assert fences == 2 * sum(len(blocks(page)) for page in PAGES)
