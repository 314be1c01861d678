"""Test every credential before a process starts; a refused one stops the start with a sentence.

A process whose token is refused would look alive and do nothing. A service that is only unavailable
is tried a few more times, since the services of a machine start at the same time. Then the process
starts without it: students can use the pages that do not need it, and messages wait for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import structlog
from redis.exceptions import RedisError

from integrations.bootstrap import Services
from integrations.chat.interface import DeliveryError
from integrations.chat.slack.errors import SlackError
from integrations.chat.slack.refusals import OF_CREDENTIALS
from integrations.chat.slack.workspace import SlackWorkspace
from integrations.chat.teams.workspace import TeamsWorkspace
from integrations.fault_sentences import REDIS_WRONG_ADDRESS, sentence
from integrations.job_queue import RqQueue
from integrations.mail.graph.mailer import GraphMailer
from integrations.mail.interface import MailError
from integrations.mail.smtp.mailer import SmtpMailer
from integrations.microsoft.entra_codes import BY_NUMBER, USUAL
from integrations.settings import Settings, WrongSetting
from store.queries.schools.mailboxes import school_mailboxes
from store.rules.model import Platform

log = structlog.get_logger(__name__)

PAUSES = (1.0, 2.0, 4.0)
"""Seconds between the tries of what cannot be reached; each try has a time limit of its own."""
LONGEST = 20.0
"""Seconds after which nothing is tried again, since the pages wait for the start."""

_CODES: Mapping[str, tuple[str, str]] = {
    **BY_NUMBER,
    "does not know the tenant": ("tenant", "copy it from Entra"),
    "invalid_client_id": ("client", ""),
    "bad_client_id": ("client", ""),
}
"""A code in a refusal → which setting is wrong, and what to do where that is not the usual
remedy."""

_APP = "at api.slack.com/apps, Lantern,"
_SOCKET = f"copy an app-level token with connections:write, {_APP} Basic Information"
_TOKEN = f"copy the Bot User OAuth Token, {_APP} OAuth & Permissions"
_CLIENT = f"copy client ID and secret, {_APP} Basic Information"
_MAIL_SERVER = "ask the mail server's administrator for the user name and its password"


@dataclass(frozen=True, slots=True)
class Check:
    """One credential: the function that tests it, and the settings that hold its parts."""

    attempt: Callable[[], object]
    settings: Mapping[str, str]
    """"secret", and where there is one "client" and "tenant" → the variable."""
    remedy: str
    address: str
    """The variable that says where the service is."""


def check_credentials(
    services: Services,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Sign in with every credential. A service that cannot be reached is logged and retried.

    Raises:
        WrongSetting: a service refuses a credential.
    """
    until = clock() + LONGEST
    away = [(check, error) for check in credentials_of(services) if (error := tried(check))]
    for pause in PAUSES:
        if not away or clock() > until:
            break
        sleep(pause)
        away = [(check, error) for check, _ in away if (error := tried(check))]
    for check, error in away:
        log.warning(
            "started without a service",
            setting=check.settings["secret"],
            address=check.address,
            reason=f"{sentence(error)} Work that needs it waits, and continues by itself.",
        )


def tried(check: Check) -> Exception | None:
    """Test a credential: None where it is accepted, the error where its service is unavailable.

    Raises:
        WrongSetting: the service refuses the credential.
    """
    try:
        check.attempt()
    except RedisError as error:
        if (said := sentence(error)) in REDIS_WRONG_ADDRESS:
            raise WrongSetting(said) from None
        return error
    except SlackError as error:
        # An archived workspace or a suspension is not the token's fault.
        if error.code in OF_CREDENTIALS:
            # The usual sentence is about a workspace's token, and this may be another credential.
            is_plain = error.code in ("invalid_auth", "not_authed")
            said = f"Slack does not accept it ({error.code})" if is_plain else str(error)
            raise _refused(check, said.rstrip(".")) from None
        return error
    except (DeliveryError, MailError) as error:
        if error.waits or error.permanent:
            raise _refused(check, str(error).rstrip(".")) from None
        return error
    return None


def credentials_of(services: Services) -> Iterator[Check]:
    """Yield a check for each credential that the settings name."""
    settings = services.settings
    if isinstance(services.queue, RqQueue):
        yield Check(services.queue.ping, {"secret": "REDIS_URL"}, "", "REDIS_URL")
    slack = services.workspaces.get(Platform.SLACK)
    teams = services.workspaces.get(Platform.TEAMS)
    if isinstance(slack, SlackWorkspace):
        yield from _slack(slack)
    if isinstance(teams, TeamsWorkspace) and not teams.account.is_playground:
        yield _entra("TEAMS", settings, teams.connector.sign_in)
    if isinstance(services.mailer, GraphMailer):
        yield _entra("GRAPH", settings, services.mailer.client.sign_in)
    elif services.directory is not None:
        yield _entra("GRAPH", settings, services.directory.sign_in)
    if isinstance(services.mailer, SmtpMailer):
        yield from _mail_servers(services, services.mailer)


def _slack(workspace: SlackWorkspace) -> Iterator[Check]:
    account, client = workspace.account, workspace.client
    if account.app_token:
        attempt = partial(client.can_open_socket, account.app_token)
        yield Check(attempt, {"secret": "SLACK_APP_TOKEN"}, _SOCKET, "SLACK_API_URL")
    if account.bot_token:
        attempt = partial(_is_of, workspace)
        yield Check(attempt, {"secret": "SLACK_BOT_TOKEN"}, _TOKEN, "SLACK_API_URL")
    if account.client_id:
        attempt = partial(client.knows_app, account.client_id, account.client_secret)
        named = {"secret": "SLACK_CLIENT_SECRET", "client": "SLACK_CLIENT_ID"}
        yield Check(attempt, named, _CLIENT, "SLACK_API_URL")


def _mail_servers(services: Services, mailer: SmtpMailer) -> Iterator[Check]:
    """Sign in to both mail servers: for each school's mailbox where each has a user of its own, and
    before there is a school too where all share one."""
    with services.store.database.read() as connection:
        boxes = sorted({box for _, box in school_mailboxes(connection, services.now().date())})
    # A server that takes emails without a sign-in is named itself.
    sends = "SMTP_PASSWORD" if mailer.account.smtp.user else "SMTP_HOST"
    for box in boxes if mailer.account.is_by_mailbox else [*boxes[:1], ""][:1]:
        send, receive = partial(mailer.may_send, box), partial(mailer.may_read, box)
        yield Check(send, {"secret": sends}, _MAIL_SERVER, "SMTP_HOST")
        yield Check(receive, {"secret": "IMAP_PASSWORD"}, _MAIL_SERVER, "IMAP_HOST")


def _is_of(workspace: SlackWorkspace) -> None:
    answer, _ = workspace.client.introduction(workspace.account.teams[0])
    named = (answer.get("team_id"), answer.get("enterprise_id"))
    if set(named).isdisjoint(workspace.account.teams):
        raise WrongSetting(
            "The setting SLACK_BOT_TOKEN cannot be used: it belongs to another workspace than "
            f"the one in SLACK_TEAMS; {_TOKEN}."
        )


def _entra(prefix: str, settings: Settings, attempt: Callable[[], None]) -> Check:
    ways = ("MANAGED_IDENTITY", "CERTIFICATE", "CLIENT_SECRET")
    by_variable = {
        str(field.validation_alias): getattr(settings, name)
        for name, field in type(settings).model_fields.items()
    }
    secret = next(way for way in ways if by_variable.get(f"{prefix}_{way}"))
    named = {
        "secret": f"{prefix}_{secret}",
        "client": f"{prefix}_CLIENT_ID",
        "tenant": "TEAMS_TENANTS" if prefix == "TEAMS" else "GRAPH_TENANT_ID",
    }
    return Check(attempt, named, USUAL, "GRAPH_AUTHORITY")


def _refused(check: Check, said: str) -> WrongSetting:
    """Build the error for a refused credential: which setting is wrong, and what to do."""
    found = next((row for code, row in _CODES.items() if code in said), ("secret", check.remedy))
    part, what = found
    setting = check.settings.get(part, check.settings["secret"])
    remedy = what or check.remedy
    also = "" if remedy in said else f"; {remedy}"
    return WrongSetting(f"The setting {setting} cannot be used: {said}{also}.")
