"""Build all services from the settings: the one place that connects adapters and the store."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from integrations import sign_in as sign_in_account
from integrations.activity.engine import ActivityEngine
from integrations.activity.lake import Lake
from integrations.activity.records import AskRecords
from integrations.activity.spark import HERE, Spark, what_is_missing
from integrations.chat.interface import Workspace
from integrations.chat.sandbox import SandboxWorkspace
from integrations.chat.slack import credentials as slack_account
from integrations.chat.slack.credentials import SlackAccount
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.chat.teams import credentials as teams_account
from integrations.chat.teams.connector import Connector
from integrations.chat.teams.credentials import TeamsAccount
from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.directory.graph_reader import GraphDirectory
from integrations.directory.groups_setting import groups_of
from integrations.job_queue import InProcessQueue, JobQueue, RqQueue
from integrations.mail.folder import FolderMailer
from integrations.mail.graph.client import GraphClient
from integrations.mail.graph.credentials import account_of
from integrations.mail.graph.mailer import GraphMailer
from integrations.mail.graph.tokens import Tokens
from integrations.mail.interface import Closes, Mailer
from integrations.mail.smtp import account as smtp_account
from integrations.mail.smtp.account import SmtpAccount
from integrations.mail.smtp.mailer import SmtpMailer
from integrations.microsoft.credentials import GraphAccount
from integrations.moved_clock import MovedClock
from integrations.open_database import open_database
from integrations.settings import Settings, WrongSetting
from integrations.sign_in import SignIn
from integrations.trail import TRAIL
from store.db.unit_of_work import Store
from store.queries.schools.monitored import monitored
from store.rules.model import OutboxKind, Platform

Now = Callable[[], dt.datetime]

JOB_FUNCTION = "worker.jobs.run"
"""Named, not imported: the worker is above this package."""


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a process of Lantern works with."""

    settings: Settings
    store: Store
    queue: JobQueue
    mailer: Mailer
    workspaces: Mapping[Platform, Workspace]
    lake: Lake
    records: AskRecords
    """Opens the record store's facts for queries on the lake."""
    engine: ActivityEngine
    now: Now
    sign_in: SignIn | None = None
    """How students sign in to their page; None where that is not set up."""
    directory: GraphDirectory | None = None
    """The groups that decide who works where; None where the roster alone does."""

    def close(self) -> None:
        """Close the connections of all services and end their threads."""
        if isinstance(self.queue, InProcessQueue):
            self.queue.stop()
        elif isinstance(self.queue, RqQueue):
            self.queue.close()
        for each in (self.mailer, self.directory, *self.workspaces.values()):
            if isinstance(each, Closes):
                each.close()
        self.store.database.close()


def utc_now() -> dt.datetime:
    """Return the real time of this machine, in UTC."""
    return dt.datetime.now(dt.UTC)


def build(
    settings: Settings,
    *,
    now: Now | None = None,
    migrate: bool | None = None,
    restores: bool = False,
    looks: bool = False,
) -> Services:
    """Build all services, on the clock of the settings unless ``now`` is given.

    ``migrate``, ``restores`` and ``looks`` are as in ``open_database``, and so are the errors.

    Raises:
        WrongSetting: also where a setting contradicts another.
        AuditDamaged: the tables of the audit are not as Lantern made them.
    """
    now = now or (MovedClock(settings.clock) if settings.clock else utc_now)
    graph, smtp = account_of(settings), smtp_account.account_of(settings)
    if settings.directory_groups and graph is None:
        raise WrongSetting(
            "The setting GRAPH_TENANT_ID is missing: the groups in DIRECTORY_GROUPS are read "
            "through Microsoft Graph, with the application of GRAPH_CLIENT_ID."
        )
    teams = teams_account.account_of(settings)
    slack = slack_account.account_of(settings)
    students, spark = sign_in_account.account_of(settings), _spark(settings)
    opened = open_database(settings, migrate=migrate, restores=restores, looks=looks)
    queue: JobQueue = (
        RqQueue(settings.redis_url, JOB_FUNCTION) if settings.redis_url else InProcessQueue()
    )

    def wake(kind: OutboxKind) -> None:
        queue.enqueue("deliver", kind=kind)

    lake = Lake(settings.home / "lake", spark)
    store = Store(
        opened.database,
        audit_key=opened.audit_key,
        seal=opened.seal,
        now=now,
        wake=wake,
        limits=settings.sending_limits,
        public_url=settings.public_url,
        # In the sandbox, where there is no other platform, anyone may sign in as any student.
        students_sign_in=bool(students) or not (slack or teams),
    )
    store.university = settings.university
    store.queued = TRAIL.queued
    return Services(
        settings=settings,
        store=store,
        queue=queue,
        mailer=_mailer(graph, smtp, store) or FolderMailer(settings.home / "mail", now),
        workspaces=_workspaces(store, slack, teams),
        lake=lake,
        records=partial(monitored, opened.database),
        engine=ActivityEngine(lake, partial(monitored, opened.database)),
        now=now,
        sign_in=SignIn(students) if students else None,
        directory=_directory(settings, graph, store),
    )


def _directory(
    settings: Settings, graph: GraphAccount | None, store: Store
) -> GraphDirectory | None:
    """Return the groups that the settings name; None where there are none."""
    groups = groups_of(settings.directory_groups)
    if not groups or graph is None:
        return None
    client = GraphClient(graph.url, Tokens(graph), now=store.now, sleep=time.sleep)
    return GraphDirectory(client, groups)


def _spark(settings: Settings) -> Spark | None:
    """Return Spark where it is the engine for measures. Raises ``WrongSetting`` without it."""
    if settings.activity_engine == "duckdb":
        return None
    if missing := what_is_missing():
        raise WrongSetting(
            f"ACTIVITY_ENGINE: Spark needs {missing}. Install it, or unset ACTIVITY_ENGINE to use "
            "DuckDB."
        )
    return Spark(HERE if settings.activity_engine == "spark" else settings.activity_engine)


def _mailer(graph: GraphAccount | None, smtp: SmtpAccount | None, store: Store) -> Mailer | None:
    """Return the configured mail service, on the real clock; None where there is none.

    With both, Graph is there for the groups of the directory alone.
    """
    if smtp:
        return SmtpMailer(smtp, store, time.sleep)
    return graph_mailer(graph, store) if graph else None


def _workspaces(
    store: Store, slack: SlackAccount | None, teams: TeamsAccount | None
) -> dict[Platform, Workspace]:
    """Return the configured platforms; the sandbox, where anyone may act as anyone, only alone."""
    found: dict[Platform, Workspace] = {}
    if slack:
        found[Platform.SLACK] = SlackWorkspace(slack, store, now=store.now, sleep=time.sleep)
    if teams:
        found[Platform.TEAMS] = teams_workspace(teams, store)
    return found or {Platform.SANDBOX: SandboxWorkspace(store.database, store.now)}


def teams_workspace(account: TeamsAccount, store: Store) -> TeamsWorkspace:
    """Build the workspace for Microsoft Teams, on the real clock."""
    tokens = Tokens(account.entra) if account.entra else None
    connector = Connector(account.hosts, tokens, now=store.now, sleep=time.sleep)
    return TeamsWorkspace(account, connector, store)


def graph_mailer(account: GraphAccount, store: Store) -> GraphMailer:
    """Build the mailer for Microsoft Graph, on the real clock."""
    client = GraphClient(account.url, Tokens(account), now=store.now, sleep=time.sleep)
    return GraphMailer(client, store, time.sleep)
