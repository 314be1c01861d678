"""Submit one email to an SMTP server, in steps; only the last can have an unknown result."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager

from integrations.mail.interface import MailError
from integrations.mail.smtp.account import SMTPS, Server
from integrations.mail.smtp.errors import smtp_error, unreachable_server

SECONDS = 30
"""How long to wait for each response; the sum with the last is below the outbox's lease."""
LAST_SECONDS = 60
"""How long to wait for the response to the email itself. RFC 5321 allows a server ten minutes; a
later result is looked up, and the email is not sent again."""

_NAME = "SMTP_HOST"
_LOST = (OSError, smtplib.SMTPServerDisconnected)
"""TLS errors are subclasses of the first."""


class Submission:
    """An authenticated connection to an SMTP server."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp

    def begin(self, sender: str, recipient: str) -> None:
        """Send sender and recipient, so that the server waits for the email itself.

        Raises:
            MailError: the server refuses one of them; nothing was sent.
        """
        try:
            self._expect(self._smtp.mail(sender), 250)
            self._expect(self._smtp.rcpt(recipient), 250, 251, of_recipient=True)
            self._expect(self._smtp.docmd("DATA"), 354)
        except _LOST as error:
            raise unreachable_server(_NAME, error) from None

    def finish(self, message: bytes) -> None:
        """Send the email itself.

        Raises:
            MailError: the server refuses it; ``unknown`` where it did not respond.
        """
        try:
            if self._smtp.sock:
                self._smtp.sock.settimeout(LAST_SECONDS)
            self._smtp.send(_dotted(message))
            code, text = self._smtp.getreply()
        except _LOST as error:
            raise MailError(
                f"The mail server did not say whether it took the email ({type(error).__name__}). "
                "Lantern does not send it again, and looks for it in the mailbox.",
                unknown=True,
            ) from None
        if not 200 <= code < 300:
            raise smtp_error(code, text)

    @staticmethod
    def _expect(reply: tuple[int, bytes], *wanted: int, of_recipient: bool = False) -> None:
        if reply[0] not in wanted:
            raise smtp_error(*reply, of_recipient=of_recipient)


@contextmanager
def signed_in(server: Server, mailbox: str) -> Iterator[Submission]:
    """Open a connection to the server, encrypted and signed in as the mailbox needs it.

    Raises:
        MailError: it cannot be reached (``away``), or does not let Lantern in (``waits``).
    """
    try:
        smtp = _connected(server)
    except _LOST as error:
        raise unreachable_server(_NAME, error) from None
    except smtplib.SMTPResponseException as error:
        raise smtp_error(error.smtp_code, _bytes(error.smtp_error), away=True) from None
    except smtplib.SMTPNotSupportedError:
        raise _not_encrypted() from None
    try:
        _sign_in(smtp, server, mailbox)
        yield Submission(smtp)
    finally:
        # Without QUIT: an unfinished email has to be aborted here.
        smtp.close()


def _connected(server: Server) -> smtplib.SMTP:
    if server.port == SMTPS:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=server.context())
    smtp = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    try:
        smtp.ehlo_or_helo_if_needed()
        if smtp.has_extn("starttls") or not server.may_be_plain:
            smtp.starttls(context=server.context())
            smtp.ehlo()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _sign_in(smtp: smtplib.SMTP, server: Server, mailbox: str) -> None:
    if not server.user:
        return
    try:
        smtp.login(server.user_of(mailbox), server.password)
    except smtplib.SMTPResponseException as error:
        raise smtp_error(error.smtp_code, _bytes(error.smtp_error), away=True) from None
    except smtplib.SMTPNotSupportedError:
        raise _not_encrypted() from None
    except _LOST as error:
        raise unreachable_server(_NAME, error) from None
    except smtplib.SMTPException:
        raise MailError(
            "The mail server offers no way to sign in that Lantern knows; leave SMTP_USER out "
            "where none is needed, or ask its administrator.",
            waits=True,
            away=True,
        ) from None


def _not_encrypted() -> MailError:
    return MailError(
        "The mail server of SMTP_HOST does not encrypt or does not take a password; choose its "
        "port for submission in SMTP_PORT, usually 587 or 465.",
        waits=True,
        away=True,
    )


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode("ascii", "replace")


def _dotted(message: bytes) -> bytes:
    """Return the email with dot-stuffing for the wire (RFC 5321, section 4.5.2)."""
    lines = re.sub(rb"\r\n|\r|\n", b"\r\n", message)
    stuffed = re.sub(rb"(?m)^\.", b"..", lines)
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"
