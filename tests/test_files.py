"""Files that people name: what is no file is refused at once, and nothing is read without end."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from cadre_sim.errors import UnreadableError
from cadre_sim.files import read_bytes, read_text


def refusal(path: str | Path, most: int = 100) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_bytes(path, most)
    return str(caught.value)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe") == f"{tmp_path}/pipe: is a pipe, not a file"


def test_devices_sockets_and_folders_are_no_files(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{folder}/socket")  # its name may not be long
        assert refusal(f"{folder}/socket").endswith(": is a socket, not a file")
    (tmp_path / "link").symlink_to("/dev/zero")
    assert refusal(tmp_path / "link").endswith(": is a device, not a file")
    assert refusal(tmp_path).endswith(": is a folder, not a file")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none", "no such file"),
        ("a\0b", "cannot be read: embedded null byte"),
        ("x" * 5000, "cannot be read: File name"),
    ],
    ids=["missing", "NUL", "too long"],
)
def test_a_name_that_nothing_bears_is_told(tmp_path: Path, name: str, reason: str) -> None:
    assert f": {reason}" in refusal(f"{tmp_path}/{name}")


def test_a_file_may_be_as_large_as_is_said_and_no_larger(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x" * 1000)
    assert read_bytes(tmp_path / "file", 1000) == b"x" * 1000
    assert refusal(tmp_path / "file", 999).endswith(": is too large: 1,000 bytes, at most 999 are read")


def test_text_is_utf8(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes("衡阳".encode("gb18030"))
    with pytest.raises(UnreadableError, match="is not UTF-8 text"):
        read_text(tmp_path / "file", 100)
