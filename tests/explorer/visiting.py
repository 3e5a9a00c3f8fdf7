"""Visitors of the page without a browser: they read it, open its websocket and move its controls, as its script."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

import pytest

from conftest import TINY
from waiting import LONG


class Served(NamedTuple):
    """A page that is being served.

    Attributes:
        url: its address, as it was printed.
        process: the command.
        said: lines that it has printed so far.
    """

    url: str
    process: subprocess.Popen[str]
    said: list[str]

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.url).port or 0


@contextmanager
def serving(folder: Path, *more: str) -> Iterator[Served]:
    """A page on the tiny county; when it ends, it must have ended well and without a word."""
    (folder / "tiny.yaml").write_text(TINY, encoding="utf-8")
    command = [sys.executable, "-m", "cadre_sim.cli", "explore", "tiny.yaml", "--no-browser", "--port", "0",
               "--workers", "1", *more]  # fmt: skip
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    said: list[str] = []
    for line in process.stderr:
        said.append(line)
        if found := re.search(r"http://\S+", line):
            break
    else:
        pytest.fail("".join(said))
    listener = threading.Thread(target=said.extend, args=(process.stderr,), daemon=True)
    listener.start()
    try:
        yield Served(found[0], process, said)
        process.terminate()
        assert process.wait(60) == 0
        listener.join(60)
        assert "Traceback" not in "".join(said)
    finally:
        process.kill()
        listener.join(60)
        process.stderr.close()


class Answer(NamedTuple):
    """What a server answers: status, headers as they came, and body."""

    status: int
    head: str
    body: bytes


def raw(port: int, lines: list[bytes], body: bytes = b"", host: str = "127.0.0.1") -> Answer:
    """Send a request as bytes, which no library would send, and read what comes."""
    with socket.create_connection((host, port), timeout=LONG) as line:
        line.sendall(b"\r\n".join([*lines, b"connection: close", b"", b""]) + body)
        found = bytearray()
        while part := line.recv(65536):
            found += part
    head, _, content = bytes(found).partition(b"\r\n\r\n")
    return Answer(int(head.split(b" ", 2)[1]), head.decode("latin-1"), content)


class Visitor:
    """Somebody who has the page open."""

    def __init__(self, url: str, query: str = "replicates=4") -> None:
        """Read the page, and open its websocket."""
        connect = pytest.importorskip("websockets.sync.client").connect
        self._url, self._session = url, f"s_{secrets.token_hex(4)}"
        with urlopen(f"{url}?{query}", timeout=LONG) as answer:
            self.page = answer.read().decode()
        token = re.search(r'"serverToken": "([^"]*)"', self.page)
        self._token = token[1] if token else ""
        asked = urlencode({"session_id": self._session})
        self._line = connect(f"{url.replace('http', 'ws')}ws?{query}&{asked}", max_size=None, open_timeout=LONG)
        self.heard: list[str] = []

    def until(self, holds: Callable[[str], object], within: float = LONG) -> str:
        """Listen until something is said.

        Raises:
            TimeoutError: it was not.
        """
        while True:
            said = self._line.recv(timeout=within)
            self.heard.append(said)
            if holds(said):
                return str(said)

    def opened(self) -> None:
        """Listen until every cell has run once."""
        self.until(lambda said: '"completed-run"' in said)

    def control(self, label: str) -> str:
        """The name that marimo gives to the control with a label: it differs from visitor to visitor."""
        text = "".join(self.heard).replace('\\"', "'").replace("\\", "")
        for found in re.finditer(r"object-id='([^']+)'", text):
            if label in text[found.end() : found.end() + 900].split("object-id=")[0]:
                return found[1]
        pytest.fail(f"no control {label!r}")

    def move(self, control: str, value: Any) -> int:
        """Set a control, and return the status of the answer."""
        body = json.dumps({"objectIds": [control], "values": [value]}).encode()
        headers = {"Content-Type": "application/json", "Marimo-Session-Id": self._session,
                   "Marimo-Server-Token": self._token}  # fmt: skip
        request = Request(f"{self._url}api/kernel/set_ui_element_value", data=body, headers=headers)
        with urlopen(request, timeout=LONG) as answer:
            return int(answer.status)

    def leave(self) -> None:
        """Close the page."""
        self._line.close()


def resident(pid: int) -> float:
    """Memory that a process holds [MB]."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


def is_there(pid: int) -> bool:
    """Whether there is a process of a number that has not ended."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
