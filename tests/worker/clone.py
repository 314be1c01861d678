"""A clone of Lantern in which a guide's lines are run, and the command blocks of each guide."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.policy.doors import Printed, command_line
from tests.servers import free_port

TOP = Path(__file__).parents[2]
LANTERN = [sys.executable, "-m", "worker.cli.main"]


def blocks(guide: str) -> list[list[str]]:
    """Return the lines of each block of commands in a guide, without comments."""
    text = (TOP / guide).read_text(encoding="utf-8")
    found = re.findall(r"^```(?:sh)?\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [[re.split(r"\s+#", line)[0].strip() for line in each.splitlines()] for each in found]
    return [[line for line in each if line] for each in lines]


def settings_of(line: str) -> tuple[dict[str, str], list[str]]:
    """Split a line into the settings before a command, and the command."""
    words, settings = shlex.split(line), {}
    while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
        name, _, value = words.pop(0).partition("=")
        settings[name] = value
    return settings, words


class Clone:
    """An empty folder in which the lines are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        bare = ("PATH", "LANG", "TMPDIR", "HOME")
        self.environment = {name: os.environ[name] for name in bare if name in os.environ}
        self.environment |= {"PYTHONPATH": str(TOP), "COLUMNS": "200"}

    def command(self, line: str) -> tuple[dict[str, str], list[str]]:
        """Return a line as it is run: ``make`` by its recipe, ``lantern`` from this environment."""
        settings, words = settings_of(line)
        if words[:2] == ["make", "demo"]:
            words = ["lantern", "demo", *shlex.split("".join(words[2:]).removeprefix("ARGS="))]
        if Path(words[0]).name == "lantern":
            words = [*LANTERN, *words[1:]]
        return {**self.environment, **settings}, words

    def opens(self, line: str, within: float = 600) -> None:
        """Run a line until it says that it is open, then stop it with Ctrl+C as a reader does."""
        environment, words = self.command(line)
        with subprocess.Popen(
            words,
            env=environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as running:
            late = threading.Timer(within, running.kill)
            late.start()
            try:
                said = list[str]()
                for printed in running.stdout or ():
                    said.append(printed)
                    if "is open at" in printed:
                        running.send_signal(signal.SIGINT)
                assert running.wait(60) == 0, "".join(said)
                assert "".join(said).count("is open at") == 1
                assert said[-1] == "Stopped.\n"
                assert "Traceback" not in "".join(said)
            finally:
                late.cancel()
                running.kill()

    def runs(self, line: str) -> str:
        """Run a line to its end, which must be exit code 0, and return what it printed.

        Lantern's commands run in this process, since starting one takes a second. Each guide's
        ``demo`` or ``web`` has a process of its own.
        """
        environment, words = self.command(line)
        piped = "|" in words or ">" in words or "&&" in words
        if words[: len(LANTERN)] == LANTERN and not piped:
            with chdir(self.folder):
                done = command_line(environment, *words[len(LANTERN) :])
        else:
            ended = subprocess.run(
                line if piped else words,
                shell=piped,
                env=environment,
                cwd=self.folder,
                capture_output=True,
                text=True,
                timeout=300,
                check=False,
            )
            done = Printed(ended.stdout, ended.stderr, ended.returncode)
        assert done.code == 0, f"{line}\n{done.out}{done.err}"
        assert "Traceback" not in done.err
        return done.out


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    folder = tmp_path / "lantern"
    folder.mkdir()
    return Clone(folder)


@contextmanager
def serving(clone: Clone, line: str, port: int = 0) -> Iterator[str]:
    environment, words = clone.command(line)
    port = port or free_port()
    with subprocess.Popen(
        words,
        env={**environment, "PORT": str(port)},
        cwd=clone.folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as web:
        try:
            wait(lambda: _answers(port))
            yield f"http://127.0.0.1:{port}"
        finally:
            web.terminate()
            web.wait(60)


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz").status_code == 200
    except httpx.HTTPError:
        return False


def wait(until: Any, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.1)
