"""``lantern up`` restarts an ended process after a growing pause, and stops all in order."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from integrations.settings import WrongSetting
from tests.servers import free_port, redis_server
from tests.worker.office import office_in
from worker.processes import supervisor
from worker.processes.serve import check_one_machine

PATIENCE = 120
"""Seconds; a few are enough on an idle machine."""

GENTLE = """
import signal, sys, time
asked = []
signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
print("busy", flush=True)
while not asked:
    time.sleep(0.02)
time.sleep(0.3)
print("finished", flush=True)
"""
"""A process with work in progress, which it finishes after a request to stop."""

UNDER_A_SUPERVISOR = """
import sys
from worker.processes.supervisor import supervise
supervise({"gentle": [sys.executable, "-c", sys.argv[1]]}, lambda line: print(line, flush=True))
"""


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


class Said(list[str]):
    """The lines so far, with a method that waits for one."""

    def until(self, pattern: str, times: int = 1) -> re.Match[str]:
        end = time.monotonic() + PATIENCE
        while True:
            found = [match for line in list(self) if (match := re.search(pattern, line))]
            if len(found) >= times:
                return found[-1]
            assert time.monotonic() < end, f"{pattern}: {self}"
            time.sleep(0.05)


@contextmanager
def running(command: list[str], **settings: str) -> Iterator[tuple[subprocess.Popen[str], Said]]:
    """Run a process, read its lines as they come, and kill it at the end if it still runs."""
    process = subprocess.Popen(
        command,
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said = Said()
    reader = threading.Thread(target=said.extend, args=[process.stdout])
    reader.start()
    try:
        yield process, said
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            reader.join(PATIENCE)
            process.stdout.close()


def test_a_killed_worker_comes_back_and_all_stop_together(tmp_path: Path) -> None:
    """The whole system: one child is killed, the pages are served, and all end in order."""
    port = free_port()
    command = [*_python("from worker.cli.main import main; main()"), "up", "--workers", "1"]
    with redis_server() as url:
        settings = {"LANTERN_HOME": str(tmp_path), "REDIS_URL": url, "PORT": str(port)}
        with running(command, **settings) as (process, said):
            for name in ("web", "worker 1", "clock"):
                said.until(rf"^{name} started \(process \d+\)\.$")
            _until_answers(f"http://127.0.0.1:{port}/livez")
            web = said.until(r"^web started \(process (\d+)\)")
            first = said.until(r"^worker 1 started \(process (\d+)\)")
            answering, screening = (
                os.getpriority(os.PRIO_PROCESS, int(each[1])) for each in (web, first)
            )
            assert screening > answering
            os.kill(int(first[1]), signal.SIGKILL)
            said.until(r"^worker 1 ended \(SIGKILL\)\. It restarts in 1 second\.$")
            second = said.until(r"^worker 1 restarted \(process (\d+)\)\.$")
            assert second[1] != first[1]
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE) == 0
            # The others may not have started yet, and then a signal simply ends them.
            said.until(r"^web stopped \(exit code 0\)\.$")
            said.until("^worker 1 stopped")
            said.until("^clock stopped")


def test_work_in_flight_is_finished_and_children_are_asked_once() -> None:
    with running([*_python(UNDER_A_SUPERVISOR), GENTLE]) as (process, said):
        said.until("^busy$")
        # As Ctrl+C does: from the terminal, to every process in its group.
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 0
        said.until("^finished$")
        said.until(r"^gentle stopped \(exit code 0\)\.$")


def test_the_pauses_grow() -> None:
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if sum("ended" in each for each in said) == 4:
            os.kill(os.getpid(), signal.SIGTERM)

    supervisor.supervise({"broken": _python("raise SystemExit(3)")}, say, first_pause=0.125)
    pauses = [match[1] for line in said if (match := re.search(r"restarts in (.*)\.$", line))]
    assert pauses == ["0.125 seconds", "0.25 seconds", "0.5 seconds", "1 second"]
    assert next(line for line in said if "exit code 3" in line).startswith("broken ended")


def test_what_does_not_stop_is_killed_at_the_second_signal() -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if "started" in line or "Stopping" in line:
            os.kill(os.getpid(), signal.SIGTERM)

    supervisor.supervise({"deaf": _python(deaf)}, say)
    assert said[1].startswith("Stopping")
    assert said[2].startswith("deaf ")


def test_without_redis_it_says_what_to_do(tmp_path: Path) -> None:
    with office_in(tmp_path) as office, pytest.raises(WrongSetting) as said:
        check_one_machine(office.services)
    assert str(said.value).startswith("The setting REDIS_URL is missing")
    assert "lantern web" in str(said.value)


def test_it_starts_what_the_procfile_names() -> None:
    lines = Path(__file__).parents[2].joinpath("Procfile").read_text(encoding="utf-8").splitlines()
    named = {line.partition(":")[2].split()[1] for line in lines} - {"release"}
    assert {command[-1] for command in supervisor.commands(3).values()} == named
    assert len(supervisor.commands(3)) == 5


def _until_answers(address: str) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            assert httpx.get(address).status_code == 200
            return
        except httpx.HTTPError:
            assert time.monotonic() < end
            time.sleep(0.1)
