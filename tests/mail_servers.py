"""Real mail servers on loopback: IMAP by pymap, and SMTP by aiosmtpd, which fails on request."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from integrations.mail.interface import MailError
from integrations.mail.smtp.account import Server
from integrations.mail.smtp.imap import open_mailbox
from tests.servers import free_port

USER, PASSWORD = "service", "an-invented-password"
PYMAP = """
from pysasl import hashing
import pymap.config
from pymap.main import main
pymap.config.BuiltinHash = lambda: hashing.BuiltinHash(rounds=1)
main()
"""
"""A cheap hash for invented passwords: the usual number of rounds takes a second at each
sign-in."""
IMAP_START = 60
"""Seconds that the IMAP server may take to start; one on an idle machine."""


@dataclass
class Handler:
    """The SMTP server's handler. ``left`` holds the emails that it accepted, as delivered."""

    refuse: dict[str, str] = field(default_factory=dict)
    """Step (``MAIL``, ``RCPT``, ``DATA``) → the reply, once."""
    silent: list[str] = field(default_factory=list)
    """``before`` or ``after`` accepting an email, the connection ends without a reply; once
    each."""
    left: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str | None, tuple[str, ...]]] = field(default_factory=list)

    async def handle_MAIL(  # noqa: N802 -- aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if refused := self.refuse.pop("MAIL", None):
            return refused
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if refused := self.refuse.pop("RCPT", None):
            return refused
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if refused := self.refuse.pop("DATA", None):
            return refused
        silent = self.silent.pop() if self.silent else ""
        if silent != "before":
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=policy.default)
            assert isinstance(message, EmailMessage)
            self.left.append(message)
            self.envelopes.append((envelope.mail_from, tuple(envelope.rcpt_tos)))
        if silent:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return "250 2.0.0 OK"


class _Plain(Controller):
    """An SMTP server that accepts a password without TLS on loopback, without aiosmtpd's
    warning."""

    def factory(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return super().factory()  # type: ignore[no-untyped-call]


@contextmanager
def smtp_server(handler: Handler) -> Iterator[Server]:
    """Run a server that requires a password."""

    def let_in(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
    ) -> AuthResult:
        named = isinstance(given, LoginPassword) and (given.login, given.password)
        return AuthResult(success=named == (USER.encode(), PASSWORD.encode()), handled=False)

    controller = _Plain(
        handler,
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=let_in,
        auth_required=True,
        auth_require_tls=False,
    )
    controller.start()
    try:
        yield Server("127.0.0.1", controller.port, USER, PASSWORD)
    finally:
        controller.stop()


@contextmanager
def imap_server() -> Iterator[Server]:
    """Run a server with one account and its folders INBOX and Sent."""
    port = free_port()
    command = [sys.executable, "-c", PYMAP]
    command += ["--host", "127.0.0.1", "--port", str(port)]
    command += ["--no-tls", "dict", "--demo-data", "--demo-user", USER]
    process = subprocess.Popen(
        [*command, "--demo-password", PASSWORD],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    server = Server("127.0.0.1", port, USER, PASSWORD)
    try:
        end = time.monotonic() + IMAP_START
        while not _is_open(server):
            assert time.monotonic() < end
            assert process.poll() is None
            time.sleep(0.1)
        yield server
    finally:
        process.kill()
        process.wait()


def _is_open(server: Server) -> bool:
    with suppress(MailError), open_mailbox(server, ""):
        return True
    return False


def empty(server: Server) -> None:
    """Delete every message."""
    with open_mailbox(server, "") as box:
        for folder in ("INBOX", box.folder("\\Sent"), box.folder("\\Drafts")):
            box.select(folder, to_change=True)
            box.delete(box.after(0, None))


def messages(server: Server, use: str) -> list[EmailMessage]:
    """Return the messages in a folder."""
    with open_mailbox(server, "") as box:
        box.select(use if use == "INBOX" else box.folder(use))
        found = [box.whole(uid) for uid in box.after(0, None)]
    return [message_from_bytes(each.raw, policy=policy.default) for each in found if each]


def arrives(server: Server, message: EmailMessage | bytes) -> None:
    """Deliver a message to the inbox."""
    with open_mailbox(server, "") as box:
        box.append("INBOX", "()", message if isinstance(message, bytes) else message.as_bytes())
