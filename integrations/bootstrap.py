"""Build all services from the settings: the one place that connects adapters and the store."""

from __future__ import annotations

import datetime as dt
import sqlite3
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import structlog

from integrations import keys
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
from integrations.settings import Settings, WrongSetting
from integrations.sign_in import SignIn
from integrations.trail import TRAIL
from store import migrations
from store.db import fault_sentences, key_check
from store.db.database import Database, Failure, file_of, may_exist
from store.db.unit_of_work import Store
from store.encryption import Encryption, SealBroken
from store.queries.schools.monitored import monitored
from store.rules.errors import AUDIT_HEAD_CHANGED, AuditDamaged, lost_from_database
from store.rules.model import OutboxKind, Platform

Now = Callable[[], dt.datetime]

log = structlog.get_logger(__name__)

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

    ``migrate``: whether to bring the database to this version. By default only an embedded one that
    is new: an older one may not be backed up yet, and ``lantern release`` is for that.
    ``restores``: a backup is about to be put into the database, which may therefore be empty beside
    a lake. ``looks``: no embedded database is begun where there is none.

    Raises:
        WrongSetting: a setting contradicts another; the database is at another migration step,
            has another audit key, was emptied, has lost a table, or is not there to look at.
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
    if looks:
        _refuse_nothing(settings)
    database = _open(settings)
    try:
        is_new = _prepare(database, settings, migrate=migrate, restores=restores)
        audit_key = _audit_key(settings, database, is_new=is_new)
        seal = _seal(settings, database, is_new=is_new)
    except BaseException:
        database.close()
        raise
    queue: JobQueue = (
        RqQueue(settings.redis_url, JOB_FUNCTION) if settings.redis_url else InProcessQueue()
    )

    def wake(kind: OutboxKind) -> None:
        queue.enqueue("deliver", kind=kind)

    lake = Lake(settings.home / "lake", spark)
    store = Store(
        database,
        audit_key=audit_key,
        seal=seal,
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
        records=partial(monitored, database),
        engine=ActivityEngine(lake, partial(monitored, database)),
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


def is_begun(settings: Settings) -> bool:
    """Return whether Lantern was ever used with this database, without making anything.

    True where that cannot be found out: ``build`` says why.
    """
    if not may_exist(settings.database):
        return False
    database = _open(settings)
    try:
        return bool(migrations.lost(database)) or key_check.is_begun(database)
    except (Failure, sqlite3.Error):
        return True
    finally:
        database.close()


def _refuse_nothing(settings: Settings) -> None:
    """Refuse to look at an embedded database that is not there, such as in a wrong folder."""
    file = file_of(settings.database)
    if file and not file.exists():
        raise WrongSetting(
            f"There is no database {file.absolute()}, and none was made. "
            "Change to the folder with Lantern's .env, or begin: lantern init (or lantern release, "
            "where .env is written already)."
        )


def _open(settings: Settings) -> Database:
    try:
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return Database(settings.database)
    except OSError as error:
        where = "DATABASE_URL" if settings.database_url else "LANTERN_HOME"
        raise WrongSetting(
            f"The folder of the setting {where} cannot be made: {error.strerror}; "
            "name another, or give Lantern's account the right to write there."
        ) from None


def _prepare(
    database: Database, settings: Settings, *, migrate: bool | None, restores: bool
) -> bool:
    """Migrate the database, or check that it is current; return whether keys may be made.

    They may if no key was ever used with the database.
    """
    try:
        if lost := migrations.lost(database):
            kind = AuditDamaged if " audit" in lost else WrongSetting
            raise kind(lost_from_database(lost))
        is_new = not key_check.is_begun(database)
        if is_new and not restores and Lake(settings.home / "lake").newest_days(dt.date.max):
            raise WrongSetting(fault_sentences.EMPTIED)
        # Only where the version differs: most starts find the database as the last one left it.
        if not migrations.is_current(database):
            if migrations.is_of_others(database):
                raise WrongSetting(fault_sentences.OF_OTHERS)
            wanted = is_new and database.is_sqlite if migrate is None else migrate
            _migrate(database, settings, migrate=wanted, is_new=is_new)
    except SealBroken:
        raise WrongSetting(keys.OTHER_SEAL) from None
    except (Failure, sqlite3.Error) as error:
        sentence = fault_sentences.sentence_of(error)
        if sentence is None:  # a mistake in our own statements
            raise
        raise WrongSetting(sentence) from None
    return is_new


def _migrate(database: Database, settings: Settings, *, migrate: bool, is_new: bool) -> None:
    """Bring the database to this version, or let a newer one be where this version is served."""
    if migrations.is_newer(database):
        if not migrations.serves_this_version(database):
            raise WrongSetting(fault_sentences.NEWER)
        log.warning(fault_sentences.ROLLED_BACK)
        return
    if not migrate:
        raise WrongSetting(fault_sentences.NOT_MIGRATED if is_new else fault_sentences.OLDER)
    seal = Encryption(*keys.encryption_keys(settings, may_make=is_new))
    migrations.upgrade(database, seal)


def _audit_key(settings: Settings, database: Database, *, is_new: bool) -> bytes:
    key = keys.audit_key(settings, may_make=is_new)
    if not key_check.begins_audit(database, keys.print_of(key)):
        if key_check.signed_first_row(database, key):
            raise AuditDamaged(AUDIT_HEAD_CHANGED)
        raise WrongSetting(keys.OTHER_AUDIT)
    return key


def _seal(settings: Settings, database: Database, *, is_new: bool) -> Encryption:
    seal = Encryption(*keys.encryption_keys(settings, may_make=is_new))
    try:
        key_check.check_seal(database, seal)
    except SealBroken:
        raise WrongSetting(keys.OTHER_SEAL) from None
    return seal
