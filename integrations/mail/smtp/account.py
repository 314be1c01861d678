"""Lantern's account at a mail server, from the settings."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field

from integrations.settings import Settings, WrongSetting

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
MAILBOX = "{mailbox}"
"""The placeholder in a user name for the address of the school's mailbox."""
SMTPS, IMAPS = 465, 993
"""Ports where TLS comes first (RFC 8314); at every other it is asked for with STARTTLS."""


@dataclass(frozen=True, slots=True)
class Server:
    """One server and how to sign in there. ``user`` is empty where none is needed."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)

    def user_of(self, mailbox: str) -> str:
        """Return the user name for a school's mailbox."""
        return self.user.replace(MAILBOX, mailbox)

    @property
    def may_be_plain(self) -> bool:
        """Whether the server is on this machine, so that no encryption is needed."""
        return self.host in LOOPBACK

    def context(self) -> ssl.SSLContext:
        """Make the TLS context, which checks certificate and host name."""
        return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class SmtpAccount:
    """The two servers of one institution's mail."""

    smtp: Server
    imap: Server

    @property
    def is_by_mailbox(self) -> bool:
        """Whether each school's mailbox has a sign-in of its own."""
        return MAILBOX in self.smtp.user or MAILBOX in self.imap.user


def account_of(settings: Settings) -> SmtpAccount | None:
    """Return the account from the settings; None where none of them is set.

    Raises:
        WrongSetting: the settings are incomplete, or combined with Microsoft Graph's for email.
    """
    if not settings.smtp_host and not settings.imap_host:
        _check_alone(settings)
        return None
    for name, given in (("SMTP_HOST", settings.smtp_host), ("IMAP_HOST", settings.imap_host)):
        if not given:
            raise WrongSetting(
                f"The setting {name} is missing: SMTP sends emails, and IMAP keeps drafts, shows "
                "what was sent and reads replies. Set both."
            )
    # Beside SMTP, Graph may only say who is in the groups of the directory.
    uses_graph = settings.graph_client_id or settings.graph_managed_identity
    if uses_graph and not settings.directory_groups:
        raise WrongSetting(
            "The setting SMTP_HOST cannot be combined with GRAPH_CLIENT_ID: emails are sent in "
            "one way. Leave one of the two out."
        )
    if bool(settings.smtp_user) != bool(settings.smtp_password):
        names = ("SMTP_PASSWORD", "SMTP_USER")
        missing, given = names if settings.smtp_user else names[::-1]
        raise WrongSetting(f"The setting {missing} is missing: it goes with {given}. Set both.")
    smtp_password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
    imap_password = settings.imap_password.get_secret_value() if settings.imap_password else ""
    imap_user = settings.imap_user or settings.smtp_user
    if not imap_user or not (imap_password or smtp_password):
        raise WrongSetting(
            "The setting IMAP_USER or IMAP_PASSWORD is missing: Lantern signs in to the school's "
            "mailbox. Set both; without them SMTP_USER and SMTP_PASSWORD are used."
        )
    return SmtpAccount(
        Server(settings.smtp_host, settings.smtp_port, settings.smtp_user, smtp_password),
        Server(settings.imap_host, settings.imap_port, imap_user, imap_password or smtp_password),
    )


def _check_alone(settings: Settings) -> None:
    """Check that no sign-in is set without a server."""
    for name in ("smtp_user", "smtp_password", "imap_user", "imap_password"):
        if getattr(settings, name):
            raise WrongSetting(
                f"The setting {name.upper()} goes with SMTP_HOST and IMAP_HOST, and neither is "
                "set. Set both, or leave it out."
            )
