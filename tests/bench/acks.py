"""``python -m tests.bench.acks [--json FILE] [--seconds N]``: how soon Slack gets its answer.

It sends 50 interactions a second, at fixed times whether or not the earlier ones were answered:
typed commands, buttons that open a dialog, and submitted forms. Slack waits for 3 seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from rich.console import Console
from rich.table import Table

from bot.slack.routes import EVENTS
from tests import servers
from tests.bench.ack_server import PEOPLE
from tests.bot.slack.campus import LANG, user_id
from tests.fakes.slack.records import SIGNING_SECRET, TEAM
from tests.integrations.slack_morning import ROOMS, Morning, post_morning

A_SECOND = 50
AT_MOST = 250.0
"""Milliseconds within which 99 of 100 interactions are answered."""
SHARE = 0.9
"""The least share of Slack's limit that posting has to use."""
WARM_UP = 100
"""Interactions before those that are measured: imports and first connections."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Times in milliseconds, and the ratio of the 99th percentiles to the floor's."""

    p50: float
    p99: float
    floor_p99: float
    ratio: float
    requests: int


def main() -> int:
    """Measure the floor, then Lantern on each database; return 1 if one is too slow."""
    options = _options()
    with ExitStack() as stack:
        postgres = stack.enter_context(servers.postgresql_server())
        url = stack.enter_context(servers.new_postgresql_database(postgres))
        floor = _measured("floor", "", options.seconds)
        found = {
            f"slack_ack_{name}": _figures(_measured("ours", database, options.seconds), floor)
            for name, database in (("sqlite", ""), ("postgresql", url))
        }
    _print(found)
    with tempfile.TemporaryDirectory() as folder:
        morning = post_morning(Path(folder))
    Console().print(
        f"Slack: {morning.cards:,} cards over {len(ROOMS)} channels in {morning.seconds:.1f} s of "
        f"simulated time, {morning.share_of_limit:.0%} of the limit; {morning.refused} refused."
    )
    if options.json:
        figures = _rounded({**found, "slack_cards": morning})
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    is_kept = all(each.p99 < AT_MOST for each in found.values())
    return int(not is_kept or morning.share_of_limit < SHARE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.acks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    parser.add_argument("--seconds", type=int, default=20, help="for each of the three")
    return parser.parse_args()


def _figures(ours: list[float], floor: list[float]) -> Figures:
    p99, floor_p99 = _percentile(ours, 99), _percentile(floor, 99)
    return Figures(statistics.median(ours), p99, floor_p99, p99 / floor_p99, len(ours))


def _percentile(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


def _measured(side: str, database: str, seconds: int) -> list[float]:
    with _serving(side, database) as port:
        return asyncio.run(_drive(f"http://127.0.0.1:{port}{EVENTS}", seconds))


@contextmanager
def _serving(side: str, database: str) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.bench.ack_server", side, database]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def _drive(url: str, seconds: int) -> list[float]:
    """Send interactions, and return the milliseconds from when each was due to its answer."""
    total = WARM_UP + seconds * A_SECOND
    async with aiohttp.ClientSession() as session:
        begin = time.perf_counter() + 0.1
        times = await asyncio.gather(
            *(_one(session, url, number, begin + number / A_SECOND) for number in range(total))
        )
    return times[WARM_UP:]


async def _one(session: aiohttp.ClientSession, url: str, number: int, due: float) -> float:
    await asyncio.sleep(due - time.perf_counter())
    body = urlencode(_interaction(number))
    began = time.perf_counter()
    async with session.post(url, data=body, headers=_signed(body)) as answer:
        text = await answer.text()
    if answer.status != 200:
        raise RuntimeError(f"answered with {answer.status}: {text[:200]}")
    return 1000 * (time.perf_counter() - began)


def _signed(body: str) -> dict[str, str]:
    stamp = str(int(time.time()))
    made = hmac.new(SIGNING_SECRET.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={made.hexdigest()}",
    }


def _interaction(number: int) -> dict[str, str]:
    user = user_id(PEOPLE[number % len(PEOPLE)])
    # Each person types, clicks and submits in turn.
    kind = (number // len(PEOPLE)) % 4
    trigger = f"{number + 1}.2.3"
    if kind in (0, 1):
        line = "today" if kind else "show LANG-1"
        typed = {"command": "/lantern", "text": line, "team_id": TEAM, "user_id": user}
        return {**typed, "channel_id": LANG, "trigger_id": trigger}
    payload: dict[str, Any] = {
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "trigger_id": trigger,
    }
    return {"payload": json.dumps(payload | (_click() if kind == 2 else _form(number)))}


def _click() -> dict[str, Any]:
    button = {"type": "button", "action_id": "view#0.0", "value": '{"case":"1"}'}
    return {"type": "block_actions", "actions": [button], "channel": {"id": LANG}}


def _form(number: int) -> dict[str, Any]:
    kind = {"type": "static_select", "selected_option": {"value": "note"}}
    note = {"type": "plain_text_input", "value": "She called, and is back on Monday."}
    view = {
        "id": f"V{number}",
        "type": "modal",
        "callback_id": "log",
        "private_metadata": '{"case":"1"}',
        "hash": str(number),
        "blocks": [],
        "state": {"values": {"kind": {"kind": kind}, "note": {"note": note}}},
    }
    return {"type": "view_submission", "view": view}


def _print(found: dict[str, Figures]) -> None:
    console = Console()
    console.print(f"Slack: milliseconds until the answer, at {A_SECOND} interactions a second.")
    table = Table("", "p50", "p99", "at most", "floor_p99", "ratio", "requests")
    for name, each in found.items():
        colour = "green" if each.p99 < AT_MOST else "red"
        shown = f"{each.p50:.1f}", f"[{colour}]{each.p99:.1f}", f"{AT_MOST:.0f}"
        table.add_row(
            name, *shown, f"{each.floor_p99:.1f}", f"{each.ratio:.1f}", str(each.requests)
        )
    console.print(table)


def _rounded(found: dict[str, Figures | Morning]) -> dict[str, dict[str, float]]:
    return {
        name: {key: round(value, 2) for key, value in asdict(each).items()}
        for name, each in found.items()
    }


if __name__ == "__main__":
    sys.exit(main())
