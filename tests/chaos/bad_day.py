"""A term of bad days: random faults, a repair, and then a check of all results.

One worker, one database and the fakes of Graph and Slack run in one process on a simulated clock,
so a seed gives the same course again. A worker dies by an exception that no code catches, at any
statement or request; ``tests.chaos.run`` kills real processes. Redis is a real server, which is
restarted.

One run is two weeks in 40 schools with five moments of each day, on one database: about 240 cases
with their cards, digests, private messages, emails and students' answers. Each of the 17 kinds of
``Kind`` occurs at least once, a school's kinds in several schools at a time. There are also damaged
messages, temporary refusals, lost answers, and statements and commits that fail. Longer runs
(``--days``, ``--cases``) repeat the same kinds.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import httpx
import structlog
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from integrations import bootstrap
from integrations.bootstrap import Services
from integrations.chat.slack.credentials import SlackAccount
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.job_queue import RqQueue
from integrations.mail.folder import FolderMailer
from integrations.mail.graph.client import GraphClient
from integrations.mail.graph.mailer import GraphMailer
from integrations.mail.graph.tokens import Tokens
from store.actions.schools.load_roster import load_roster
from store.rules.model import Platform
from tests.chaos.bad_services import BadDatabase, BadGraph, BadSlack, Death, InProcess, Killed
from tests.chaos.campus import Campus, mailbox_of
from tests.chaos.misfortunes import Kind, Misfortunes, Spell
from tests.chaos.reckoning import is_explained, is_quiet
from tests.chaos.students import Students, TwoMailers
from tests.fakes.graph.entra import MsalRoute
from tests.fakes.graph.faults import Faults
from tests.fakes.slack.records import SIGNING_SECRET, TEAM, TOKEN
from tests.integrations.graph_post import URL, Sleeper, account
from tests.servers import free_port, redis_server
from tests.stores import FakeClock, spare_the_disk
from tests.worker.office import settings_for
from tests.world import World
from worker.jobs import JOBS, JobFailed
from worker.processes.clock import tick

_TIMES = ("08:05", "10:00", "12:30", "15:30", "22:00")
MOMENTS = tuple(map(dt.time.fromisoformat, _TIMES))
"""The moments of a school day: things go wrong, people act, and the scheduler runs."""
MORNING_ENDS = dt.time(13)
"""Until this time the scheduler queues a morning's jobs, if it could not do so before."""
AGAIN = dt.timedelta(minutes=11)
"""The scheduler runs once more after this time if work is left: people are told after 10
minutes."""
PATIENCE = dt.timedelta(days=6)
"""The longest time until no work is left: a weekend, and the time until a known fault expires."""
LONGEST_LOOK = dt.timedelta(hours=6)
"""The longest time between two runs of the scheduler after the repair."""
IN_FOLDERS = 4
"""Every fourth school has its emails in the folder, the others with Graph."""
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Term:
    """The number of schools and school days, and the seed of all that happens."""

    seed: int
    schools: int = 40
    days: int = 10
    cases: float = 0.6
    """New cases of each school on each day, on average."""


@dataclass
class BadDays:
    """The term while it is simulated."""

    term: Term
    home: Path
    database_url: str
    clock: FakeClock = field(default_factory=FakeClock)
    redis: ExitStack = field(default_factory=ExitStack)
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        term, seed = self.term, self.term.seed
        self.chance = random.Random(f"bad day {seed}")
        self.campus = Campus(term.schools, term.days, random.Random(f"campus {seed}"), term.cases)
        self.bad = Misfortunes(
            self.clock,
            random.Random(f"misfortunes {seed}"),
            self.campus.codes,
            self.term.days,
            len(MOMENTS),
        )
        self.death = Death()
        self.in_folders = frozenset(map(mailbox_of, self.campus.codes[1::IN_FOLDERS]))
        boxes = tuple(mailbox_of(code) for code in self.campus.codes)
        self.graph = BadGraph(
            self.clock,
            self.bad,
            self.death,
            faults=Faults(seed, lost=0.01, after=0.01, throttled=0.01),
            mailboxes=tuple(box for box in boxes if box not in self.in_folders),
        )
        self.slack = BadSlack(self.clock)
        self.slack.bad, self.slack.death = self.bad, self.death
        self.database = BadDatabase(self.bad, self.death, random.Random(f"database {seed}"))
        self.folder = FolderMailer(self.home / "mail", self.clock)
        self.students = Students(
            self.campus,
            self.graph,
            self.folder,
            self.home,
            self.bad,
            random.Random(f"students {seed}"),
        )
        self.told_nothing: list[Spell] = []
        self._starts_redis()
        self.services = self._begins_anew(self._services())
        self.world = World(self.services.store, self.clock)
        load_roster(self.world.store, self.campus.roster())
        self.campus.moves_in(self.world, self.slack)

    # -- The processes -----------------------------------------------------------------------------

    def _services(self) -> Services:
        settings = settings_for(self.home, self.database_url, f"redis://127.0.0.1:{self.port}/0")
        services = bootstrap.build(settings, now=self.clock, migrate=True)
        spare_the_disk(services.store.database)
        self.database.disturbs(services.store.database)
        return services

    def _begins_anew(self, services: Services) -> Services:
        """Clear what the worker remembers about email and chat, as a restart does."""
        sleep, store = Sleeper(self.clock), services.store
        http = httpx.Client(transport=httpx.MockTransport(self.graph.respond))
        tokens = Tokens(account(), MsalRoute(http, "https://graph.test"))
        client = GraphClient(URL, tokens, now=self.clock, sleep=sleep, http=http)
        mailer = TwoMailers(GraphMailer(client, store, sleep), self.folder, self.in_folders)
        known = SlackAccount((TEAM,), "https://slack.test/api/", TOKEN, SIGNING_SECRET)
        slack = SlackWorkspace(known, store, now=self.clock, sleep=sleep)
        slack.client._web = InProcess(self.slack)  # type: ignore[assignment]
        return replace(services, mailer=mailer, workspaces={Platform.SLACK: slack})

    def _starts_redis(self) -> None:
        self.redis.enter_context(redis_server(self.port))

    def _is_killed(self) -> None:
        # The engine is kept for its compiled statements; its connections are closed.
        self.services.store.database.close()
        self.services = self._begins_anew(self.services)

    def close(self) -> None:
        """End every process."""
        self.services.close()
        self.redis.close()

    # -- The days ----------------------------------------------------------------------------------

    def day(self, day: dt.date) -> None:
        """Simulate one day, from morning to evening."""
        for number, moment in enumerate(MOMENTS):
            self._goes_wrong()
            if not self.bad.is_on(Kind.CLOCK_STANDS):
                until = dt.datetime.combine(day, moment, dt.UTC)
                self.clock.now = max(self.clock.now, until)
            if number == 0:
                self.campus.morning(self.world)
            elif number < len(MOMENTS) - 1:
                self.campus.working_hour(self.world)
            self.students.answer()
            self.works()
            if not is_quiet(self.services.store.database):
                self.clock.now += AGAIN
                self.works(ticks=False)

    def _goes_wrong(self) -> None:
        begins, over = self.bad.turn()
        self._ends(over)
        for each in begins:
            self._begins(each)

    def _begins(self, spell: Spell) -> None:
        if spell.kind is Kind.REDIS:
            self.redis.close()
        elif spell.kind is Kind.SECRET:
            self.graph.entra.revoke_all()
        elif spell.kind is Kind.KILLED:
            self.death.left = self.chance.randint(1, 400)
        elif spell.kind is Kind.CLOCK_AHEAD:
            self.clock.forward(minutes=self.chance.randint(3, 90))
        elif spell.kind is Kind.CLOCK_BACK:
            self.clock.forward(minutes=-self.chance.randint(1, 50))

    def _ends(self, over: list[Spell]) -> None:
        for each in over:
            if each.kind is Kind.REDIS and not self.bad.is_on(Kind.REDIS):
                self._starts_redis()
            self.told_nothing += [each] * (not self._is_explained(each))

    def works(self, *, ticks: bool = True) -> None:
        """Run the scheduler, then the worker until no job is left.

        ``ticks``: whether the scheduler also looks for a morning's jobs.
        """
        self.bad.is_at_work = True
        try:
            if ticks and self.clock.now.time() < MORNING_ENDS:
                self._attempt("tick", partial(tick, self.services))
            self.services.queue.enqueue("sweep")
            while job := self._next_job():
                name, ids = job
                if name == "screen":
                    continue  # the campus records what the night found
                self._attempt(name, partial(JOBS[name], self.services, **ids))
        finally:
            self.bad.is_at_work = False

    def _attempt(self, name: str, do: Callable[[], object]) -> None:
        try:
            do()
        except Killed:
            self._is_killed()
        except Exception as error:  # noqa: BLE001 -- as rq does
            failed = JobFailed(f"{name}: {type(error).__name__}")
            log.error("job failed", job=name, reason=str(failed))

    def _next_job(self) -> tuple[str, dict[str, int | str]] | None:
        queue = self.services.queue
        assert isinstance(queue, RqQueue)
        try:
            found = Queue.dequeue_any(
                [queue.queue], None, connection=queue.connection, serializer=JSONSerializer
            )
            if found is None:
                return None
            job = found[0]
            job.delete()
            return str(job.args[0]), dict(job.kwargs)
        except RedisError:
            return None

    # -- The end -----------------------------------------------------------------------------------

    def repair(self) -> None:
        """Repair everything and run until no work is left; once more when the last students have
        answered."""
        self._ends(self.bad.repair_all())
        self.death.left = None
        for _ in range(2):
            self.students.repair_all()
            self._goes_on_until_quiet()

    def _goes_on_until_quiet(self) -> None:
        end, pause = self.clock.now + PATIENCE, dt.timedelta(minutes=10)
        while self.clock.now < end:
            self.works()
            self.clock.now += pause
            # Whatever waits longer waits for the morning, or for a pause of hours.
            pause = min(2 * pause, LONGEST_LOOK)
            if is_quiet(self.services.store.database):
                return

    def _is_explained(self, spell: Spell) -> bool:
        return is_explained(self.services.store.database, spell)
