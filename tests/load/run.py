"""One run: make the university, post its cards, then click without a screening and with one."""

from __future__ import annotations

import datetime as dt
import math
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from integrations import bootstrap
from integrations.bootstrap import Services
from integrations.settings import settings_of
from tests import servers
from tests.fakes.slack.records import SIGNING_SECRET, TEAM, TOKEN
from tests.fakes.slack.wire import serving
from tests.load.clicks import Load, check_loopback
from tests.load.processes import (
    Screening,
    Watch,
    busy_seconds,
    lantern_running,
    own_seconds,
    screen_once,
    usage_of,
)
from tests.load.university import cards_waiting, clickers, make, notes_kept
from tests.load.watched_slack import Waiting, WatchedSlack

WARM_UP = 5.0
"""Seconds at the usual pace before the measurement: imports and first connections."""
POSTED_IN = 600.0
"""Seconds for the cards of the first screening: one a second in each channel."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The number of people and students, the duration and the pace (clicks a second)."""

    host: str = "127.0.0.1"
    students: int = 50_000
    staff: int = 200
    workers: int = 2
    pace: float = 10
    seconds: float = 300
    burst_pace: float = 50
    burst_seconds: float = 10
    soak_minutes: float = 0
    """Minutes at the usual pace during the screening, instead of ``seconds``."""


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds from the instant at which a click was due, and the clicks that were lost."""

    clicks: int
    lost: int
    ack_p50: float
    ack_p99: float
    ack_most: float
    answer_p50: float
    answer_p99: float
    why_lost: Mapping[str, int]
    """The number of clicks by why each was lost."""


@dataclass
class Report:
    """The results. Shares are of all processors of the machine, from 0 to 1."""

    usual: Times
    burst: Times
    usual_beside: Times
    burst_beside: Times
    screenings: int
    shares: Mapping[str, float]
    growth: Mapping[str, tuple[float, float, float, float]]
    notes_lost: int
    seconds: float


def run(plan: Plan, folder: Path, say: Callable[[str], None] = lambda _: None) -> Report:
    """Run it in an empty folder, with a PostgreSQL and a Redis of its own.

    Raises:
        NotThisMachine: the plan's host is not on the loopback interface.
    """
    port = servers.free_port()
    url = check_loopback(f"http://{plan.host}:{port}")
    with _university(plan, folder, port, say) as (environment, services, slack, world_day):
        screening = Screening(environment, world_day)
        log = folder / "lantern.log"
        with lantern_running(environment, plan.workers, port, log) as pids:
            say("Posting the cards of the first screening")
            _until_posted(services)
            load = Load(url, slack, environment["SLACK_API_URL"], clickers(services, plan.staff))
            load.click(plan.pace, WARM_UP)
            say("Clicking without a screening")
            usual, burst = _phase(load, plan, plan.seconds)
            say("Clicking beside the screening")
            watch = Watch(pids, every=min(60.0, max(plan.seconds / 20, 1.0)))
            before = {name: usage_of(pid).seconds for name, pid in pids.items()}
            own, busy, began = own_seconds(), busy_seconds(), time.monotonic()
            with screening.running(), watch.running():
                beside = _phase(load, plan, plan.soak_minutes * 60 or plan.seconds)
            took = time.monotonic() - began
            own, busy = own_seconds() - own, busy_seconds() - busy
            used = {name: usage_of(pid).seconds - before[name] for name, pid in pids.items()}
            used |= {"screening": screening.seconds, "the load itself": own}
            used["all others, PostgreSQL and Redis among them"] = busy - sum(used.values())
            growth = {name: watch.growth(name) for name in pids}
            lost = load.notes - notes_kept(services)
    processors = os.cpu_count() or 1
    return Report(
        usual,
        burst,
        *beside,
        screening.times,
        {name: seconds / took / processors for name, seconds in used.items()},
        growth,
        lost,
        took,
    )


def times_of(sent: Sequence[Waiting]) -> Times:
    """Return medians and 99th percentiles; a click without acknowledgement or answer is lost."""
    good = [each for each in sent if each.status == 200 and each.answered]
    acks = [1000 * ((each.acknowledged or 0) - each.sent) for each in good]
    answers = [1000 * ((each.answered or 0) - each.sent) for each in good]
    why = dict(Counter(filter(None, map(_why_lost, sent))))
    if len(good) < 2:  # all that is known is that they are lost
        never = math.inf
        return Times(len(sent), len(sent), never, never, never, never, never, why)
    return Times(
        len(sent),
        len(sent) - len(good),
        statistics.median(acks),
        _percentile(acks, 99),
        max(acks),
        statistics.median(answers),
        _percentile(answers, 99),
        why,
    )


def _why_lost(sent: Waiting) -> str:
    """Return why a click was lost; '' where it was acknowledged and answered."""
    if sent.acknowledged is None:
        return f"{sent.kind}: not acknowledged ({sent.fault})"
    if sent.status != 200:
        return f"{sent.kind}: refused with {sent.status}"
    return "" if sent.answered else f"{sent.kind}: not answered"


def _percentile(times: list[float], percent: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[percent - 1]


def _phase(load: Load, plan: Plan, seconds: float) -> tuple[Times, Times]:
    usual = times_of(load.click(plan.pace, seconds))
    return usual, times_of(load.click(plan.burst_pace, plan.burst_seconds))


@contextmanager
def _university(
    plan: Plan, folder: Path, port: int, say: Callable[[str], None]
) -> Iterator[tuple[Mapping[str, str], Services, WatchedSlack, str]]:
    with ExitStack() as stack:
        postgres = stack.enter_context(servers.postgresql_server())
        database = stack.enter_context(servers.new_postgresql_database(postgres))
        redis = stack.enter_context(servers.redis_server())
        slack = WatchedSlack(lambda: dt.datetime.now(dt.UTC))
        given = {
            "LANTERN_HOME": str(folder / "home"),
            "DATABASE_URL": database,
            "REDIS_URL": redis,
            "HOST": plan.host,
            "PORT": str(port),
            "SLACK_API_URL": stack.enter_context(serving(slack)),
            "SLACK_TEAMS": TEAM,
            "SLACK_BOT_TOKEN": TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        }
        (folder / "home").mkdir()
        say("Inventing a university")
        settings = settings_of(given)
        world = make(folder / "home", settings, slack, plan.students, plan.staff)
        services = bootstrap.build(settings)
        stack.callback(services.close)
        # No other variables of this terminal's environment: its settings are for real people.
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        environment = {**kept, **given}
        say("Screening for the first time")
        screen_once(environment, str(world.day))
        yield environment, services, slack, str(world.day)


def _until_posted(services: Services) -> None:
    end = time.monotonic() + POSTED_IN
    while cards_waiting(services):
        if time.monotonic() > end:
            raise RuntimeError("the first cards were not posted in time")
        time.sleep(0.5)
