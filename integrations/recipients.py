"""List the services outside this installation that receive data, from its settings."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from integrations.settings import Settings
from store.rules.papers.writing import Recipient

_AT_HOME = ("", "localhost", "127.0.0.1", "::1")
_IN_CHAT = (
    "Cards, digests and private messages to colleagues: references, reasons, modules and "
    "colleagues' words; a student's name only to a person who opens it"
)


def recipients(settings: Settings) -> tuple[Recipient, ...]:
    """Return every service that the settings let receive data, none twice. Names no secret."""
    return tuple(_recipients(settings))


def _recipients(settings: Settings) -> Iterator[Recipient]:
    if settings.slack_bot_token or settings.slack_client_id:
        yield Recipient("Slack", _IN_CHAT, ("SLACK_BOT_TOKEN", "SLACK_CLIENT_ID"))
    if settings.teams_client_id:
        yield Recipient("Microsoft Teams", _IN_CHAT, ("TEAMS_CLIENT_ID",))
    if settings.graph_tenant_id and not settings.smtp_host:
        yield Recipient(
            "Microsoft 365 (Exchange, through Graph)",
            "Approved emails to students; their answers are read there",
            ("GRAPH_TENANT_ID",),
        )
    if settings.directory_groups:
        yield Recipient(
            "Microsoft Entra (through Graph)",
            "Which groups and colleagues' accounts Lantern reads",
            ("DIRECTORY_GROUPS",),
        )
    if settings.smtp_host:
        yield Recipient(
            f"Mail server {settings.smtp_host}", "Approved emails to students", ("SMTP_HOST",)
        )
    if settings.imap_host and settings.imap_host != settings.smtp_host:
        yield Recipient(
            f"Mail server {settings.imap_host}", "Students' answers, which are read", ("IMAP_HOST",)
        )
    if settings.sign_in_client_id:
        yield Recipient(
            "The university's sign-in service",
            "That a student opens their page",
            ("SIGN_IN_CLIENT_ID", "SIGN_IN_AUTHORITY"),
        )
    for name, url, receives in (
        ("Database server", settings.database_url, "Everything but the lake; words are encrypted"),
        ("Redis server", settings.redis_url, "Jobs, by internal numbers alone"),
    ):
        host = urlsplit(url).hostname or ""
        if host not in _AT_HOME:
            yield Recipient(f"{name} {host}", receives, (f"{name.split()[0].upper()}_URL",))
