"""Polling of Ralph, a real LRS: each statement arrives once, wherever a poll was cut off.

Ralph orders by the time of an event and not by that of storing, reverses the order of pages, and
takes one batch of statements through its file backend: later ones are written to its file.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import structlog

from integrations.bootstrap import build
from integrations.feeds.lrs import Lrs, LrsAccount
from integrations.feeds.text_files import FeedError
from integrations.settings import load_settings
from tests.fakes.lrs import KEY, SECRET, FakeLrs
from tests.servers import Command, free_port
from tests.worker.polling import DAY, MONDAY, Polling
from tests.worker.test_ingest_formats import home

__all__ = ["home"]

RALPH = "ralph-malph[lrs,cli]==5.1.0"
VENV = Path("build/ralph")
BATCH = 130
"""Statements: more than a page of Ralph's, which has 100 at most."""
OVERLAP = "overlap_hours = 240\n"


@pytest.fixture(scope="module")
def python() -> Path:
    """Install Ralph in an environment of its own, because its libraries are not Lantern's."""
    program = Path(os.environ.get("RALPH_VENV", VENV)) / "bin" / "python"
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        install: Command = [program, "-m", "pip", "install", "--quiet", RALPH, "requests"]
        subprocess.run(install, check=True)
    return program.absolute()


@pytest.fixture
def ralph(python: Path, tmp_path: Path) -> Iterator[str]:
    """Start an empty store, whose statements are a file in ``tmp_path``, and yield its address."""
    (tmp_path / "store").mkdir()
    (tmp_path / "app").mkdir()
    environment = {
        **os.environ,
        "RALPH_APP_DIR": str(tmp_path / "app"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(tmp_path / "store"),
    }
    person = ["-u", KEY, "-p", SECRET, "-s", "all", "-M", "mailto:lantern@uni.example", "-w"]
    ralph = python.with_name("ralph")
    subprocess.run([ralph, "auth", *person], env=environment, check=True, capture_output=True)
    port = free_port()
    serve: Command = [
        python,
        "-m",
        "uvicorn",
        "ralph.api:app",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    with subprocess.Popen(serve, env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            url = f"http://127.0.0.1:{port}/xAPI"
            _wait_for(url)
            yield url
        finally:
            server.terminate()


def _wait_for(url: str) -> None:
    for _ in range(300):
        try:
            httpx.get(f"{url}/statements", timeout=2)
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("Ralph does not answer")


def test_every_statement_comes_once(
    home: Path, ralph: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    structlog.reset_defaults()
    settings = load_settings(home=home, lrs_credentials=f"vle={KEY}:{SECRET}")
    begin = dt.datetime.now(dt.UTC) - 6 * DAY
    now = [dt.datetime.now(dt.UTC)]
    services = build(settings, now=lambda: now[0])
    try:
        polling = Polling(services, FakeLrs(), now[0])
        polling.declare(url=ralph, more=OVERLAP)
        folder = home / "feeds" / "vle" / "feed.toml"
        folder.write_text(folder.read_text().replace(f"{MONDAY:%Y-%m-%d}", f"{begin:%Y-%m-%d}"))
        for cut_at in (1, 2, 3):
            for _ in range(BATCH):
                nth = len(polling.lrs.statements)
                polling.happens(begin + dt.timedelta(minutes=(nth * 397) % (5 * 24 * 60)))
            _write(tmp_path / "store", ralph, polling)
            with monkeypatch.context() as patch:
                patch.setattr(Lrs, "_exchange", _cut(cut_at))
                with pytest.raises(FeedError, match="cannot be reached"):
                    polling.poll()
            polling.poll()
            assert sum(polling.counts().values()) == len(polling.lrs.statements)
            now[0] += dt.timedelta(minutes=5)
    finally:
        services.close()


def _write(store: Path, url: str, polling: Polling) -> None:
    """Send the first batch, and write the later ones as Ralph wrote it."""
    file, sent = store / "fs_lrs.jsonl", polling.lrs.statements
    if not file.exists():
        plain = [{key: each[key] for key in each if key != "stored"} for each in sent]
        answer = httpx.post(f"{url}/statements/", json=plain, auth=(KEY, SECRET))
        assert answer.status_code == 200, answer.text
        return
    lines = file.read_text().splitlines()
    authority = json.loads(lines[0])["authority"]
    stored = dt.datetime.now(dt.UTC).isoformat()
    new = [json.dumps({**each, "stored": stored, "authority": authority}) for each in sent[-BATCH:]]
    file.write_text("".join(f"{line}\n" for line in lines + new))


def _cut(at: int) -> object:
    """Return an exchange that breaks the connection at this request and at each after it."""
    exchange, asked = Lrs._exchange, list[httpx.URL]()

    def cut(lrs: Lrs, url: httpx.URL) -> tuple[httpx.Response, bytes]:
        asked.append(url)
        if len(asked) >= at:
            raise httpx.ReadError("cut")
        return exchange(lrs, url)

    return cut


def test_a_wrong_secret_is_one_sentence(ralph: str) -> None:
    account = LrsAccount("vle", ralph, KEY, "another")
    with (
        Lrs(account, now=lambda: MONDAY, sleep=lambda _: None) as lrs,
        pytest.raises(FeedError, match="refuses the key or the secret"),
    ):
        lrs.check()
