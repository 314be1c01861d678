"""The settings that ``lantern init`` asks for, and how each answer is checked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

from redis.exceptions import RedisError

from integrations.chat.slack.credentials import account_of as slack_account
from integrations.chat.teams.credentials import account_of as teams_account
from integrations.fault_sentences import sentence
from integrations.job_queue import RqQueue
from integrations.mail.graph.credentials import account_of as graph_account
from integrations.mail.smtp.account import account_of as smtp_account
from integrations.settings import Settings, WrongSetting, setting_problem, settings_of
from store.db.database import Database, Failure
from store.db.fault_sentences import sentence_of
from store.rules.model import Platform
from worker.setup.answers import Check, Question
from worker.setup.env_file import NO_ROOM, has_room_in_a_line


class MailWay(StrEnum):
    """How emails are sent: not at all, by Microsoft Graph, or by the servers of any provider."""

    FOLDER = "folder"
    GRAPH = "graph"
    SMTP = "smtp"


def _mail(answer: str) -> str | None:
    ways = [each.value for each in MailWay]
    return None if answer in ways else f"Choose one of {', '.join(ways)}."


MAIL = Question("mail", "How are emails sent: folder (they are not), graph or smtp?", _mail)


def setting_question(
    name: str, text: str = "", *, needed: bool = False, secret: bool = False
) -> Question:
    """Build the question for a setting, from its variable's name."""

    def check(answer: str) -> str | None:
        if not has_room_in_a_line(answer):
            return f"This holds {NO_ROOM}"
        reason = setting_problem(name, answer)
        if reason is None and name in _REACHED:
            return _REACHED[name](answer)
        return reason and f"{reason[:1].upper()}{reason[1:]}."

    return Question(name, text, check, needed=needed, secret=secret)


def _database(url: str) -> str | None:
    database = Database(url)
    try:
        database.ping()
    except Failure as error:
        return sentence_of(error) or "The database does not answer. Check its address."
    finally:
        database.close()
    return None


def _redis(url: str) -> str | None:
    try:
        RqQueue(url, "").ping()
    except (RedisError, WrongSetting) as error:
        return sentence(error)
    return None


_REACHED: Mapping[str, Check] = {"DATABASE_URL": _database, "REDIS_URL": _redis}

EVERYWHERE = (
    setting_question("DATABASE_URL", "PostgreSQL, as postgresql://user@host/name (Enter: SQLite)"),
    setting_question("REDIS_URL", "Redis, as redis://host:6379/0 (Enter: one process does all)"),
    setting_question("PUBLIC_URL", "The public https address for students (Enter: none yet)"),
)
_TESTERS = setting_question(
    "MAIL_TESTERS", "Trial: the only addresses to email, by comma (Enter: all)"
)
_OF_MAIL: Mapping[MailWay, tuple[Question, ...]] = {
    MailWay.FOLDER: (),
    MailWay.GRAPH: (
        setting_question("GRAPH_TENANT_ID", "The tenant ID", needed=True),
        setting_question("GRAPH_CLIENT_ID", "Graph's application (client) ID", needed=True),
        setting_question("GRAPH_CLIENT_SECRET", "Its client secret", needed=True, secret=True),
        _TESTERS,
    ),
    MailWay.SMTP: (
        setting_question("SMTP_HOST", "The server that sends (SMTP)", needed=True),
        setting_question("SMTP_PORT", "Its port (Enter: 587, with STARTTLS)"),
        setting_question("SMTP_USER", "The user name there (Enter: none is needed)"),
        setting_question("SMTP_PASSWORD", "The password there (Enter: none)", secret=True),
        setting_question("IMAP_HOST", "The server that keeps the mailbox (IMAP)", needed=True),
        setting_question("IMAP_PORT", "Its port (Enter: 993, with TLS)"),
        setting_question("IMAP_USER", "The user name there (Enter: as for SMTP)"),
        setting_question("IMAP_PASSWORD", "The password there (Enter: as for SMTP)", secret=True),
        _TESTERS,
    ),
}
_OF_PLACE: Mapping[Platform, tuple[Question, ...]] = {
    Platform.SANDBOX: (),
    Platform.SLACK: (
        setting_question("SLACK_TEAMS", "The workspace's ID, T…", needed=True),
        setting_question(
            "SLACK_BOT_TOKEN", "The bot token, xoxb-… (OAuth: --answers)", needed=True, secret=True
        ),
        setting_question("SLACK_APP_TOKEN", "The app token, xapp-… (Enter: none)", secret=True),
        setting_question("SLACK_SIGNING_SECRET", "The signing secret (Enter: none)", secret=True),
    ),
    Platform.TEAMS: (
        setting_question("TEAMS_CLIENT_ID", "The bot's application (client) ID", needed=True),
        setting_question("TEAMS_TENANTS", "The tenant ID", needed=True),
        setting_question(
            "TEAMS_CLIENT_SECRET",
            "The bot's client secret (certificate, managed identity: --answers)",
            needed=True,
            secret=True,
        ),
    ),
}


_ACCOUNTS: tuple[Callable[[Settings], object], ...] = (
    slack_account,
    teams_account,
    smtp_account,
    graph_account,
)

INSTEAD: Mapping[str, tuple[str, ...]] = {
    "SLACK_BOT_TOKEN": ("SLACK_CLIENT_ID",),
    "TEAMS_CLIENT_ID": ("TEAMS_MANAGED_IDENTITY",),
    "TEAMS_CLIENT_SECRET": ("TEAMS_CERTIFICATE", "TEAMS_MANAGED_IDENTITY"),
}
"""Settings that can replace one that is asked for: another way to sign in.

The file of answers takes them; whether they go together is checked with all of them.
"""


def mail_questions(way: MailWay) -> tuple[Question, ...]:
    """Return the settings that are asked for where emails are sent in this way."""
    return _OF_MAIL[way]


def settings_problem(given: Mapping[str, str]) -> str | None:
    """Return what is wrong with some settings taken together; None where nothing is."""
    try:
        settings = settings_of({name: value for name, value in given.items() if value})
        for account_of in _ACCOUNTS:
            account_of(settings)
    except WrongSetting as error:
        return str(error)
    return None


def place_questions(place: Platform) -> tuple[Question, ...]:
    """Return the settings that are asked for where cards go to this platform."""
    return _OF_PLACE[place]


def settings_questions(place: Platform) -> tuple[Question, ...]:
    """Return all questions about settings for this platform, but those about email."""
    return (*place_questions(place), *EVERYWHERE)
