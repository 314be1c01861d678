"""Mail servers' error codes, and when the same request may succeed.

Enhanced status codes: RFC 3463 (section 3), with those of RFC 4954 for signing in, RFC 7505 for
domains without mail and RFC 7372 for checks of the sender; the registry of them all is at
iana.org/assignments/smtp-enhanced-status-codes. Codes without them: RFC 5321, section 4.2.
IMAP's: RFC 5530 and RFC 9051, section 7.1.
"""

from __future__ import annotations

from collections.abc import Mapping

from integrations.verdicts import UNKNOWN, Refusal, Verdict

_ENHANCED = "RFC 3463"
_SIGN_IN = "RFC 4954"
_PLAIN = "RFC 5321"
_IMAP = "RFC 5530"

_MAY_SEND = (
    "when the server lets the mailbox in outreach.mailbox of the school's policy send; ask its "
    "administrator"
)
_THERE = (
    "when the server has the mailbox in outreach.mailbox of the school's policy; ask its "
    "administrator, or correct the policy"
)

_SOON, _PERSON, _FINAL = Verdict.SOON, Verdict.PERSON, Verdict.FINAL

BY_SUBJECT: Mapping[str, Refusal] = {
    "1.1": Refusal(_FINAL, "the student's mailbox does not exist", _ENHANCED),
    "1.2": Refusal(_FINAL, "the domain of the address does not exist", _ENHANCED),
    "1.3": Refusal(_FINAL, "the address would be refused again", _ENHANCED),
    "1.4": Refusal(_PERSON, "when the address means one mailbox", _ENHANCED),
    "1.6": Refusal(_FINAL, "the student's mailbox has moved away", _ENHANCED),
    "1.7": Refusal(_PERSON, "when the school's mailbox has a valid address", _ENHANCED),
    "1.8": Refusal(_PERSON, "when the domain of the school's mailbox is known", _ENHANCED),
    "1.10": Refusal(_FINAL, "the domain of the address takes no email", "RFC 7505"),
    "2.1": Refusal(_FINAL, "the student's mailbox is disabled", _ENHANCED),
    "2.2": Refusal(_PERSON, "when the mailbox has room", _ENHANCED),
    "2.3": Refusal(_FINAL, "the email would be too large again", _ENHANCED),
    "3.0": Refusal(_PERSON, "when the mail server takes emails", _ENHANCED),
    "3.1": Refusal(_PERSON, "when the mail server has room", _ENHANCED),
    "3.2": Refusal(_PERSON, "when the mail server takes emails", _ENHANCED),
    "3.4": Refusal(_FINAL, "the email would be too large again", _ENHANCED),
    "4.1": Refusal(_SOON, "when the other server answers", _ENHANCED),
    "4.2": Refusal(_SOON, "when the connection holds", _ENHANCED),
    "4.4": Refusal(_PERSON, "when the mail server can route to the address", _ENHANCED),
    "4.6": Refusal(_PERSON, "when the loop between servers is removed", _ENHANCED),
    "5.1": Refusal(_PERSON, "when SMTP_HOST and SMTP_PORT name a server for submission", _ENHANCED),
    "5.3": Refusal(_SOON, "when fewer emails are sent at once", _ENHANCED),
    "6.1": Refusal(_FINAL, "the server would refuse the email again", _ENHANCED),
    "6.3": Refusal(_FINAL, "the server would refuse the email again", _ENHANCED),
    "7.0": Refusal(_PERSON, _MAY_SEND, _ENHANCED),
    "7.1": Refusal(_PERSON, _MAY_SEND, _ENHANCED),
    "7.3": Refusal(_PERSON, "when the server takes a safe connection", _ENHANCED),
    "7.8": Refusal(_PERSON, "when SMTP_USER and SMTP_PASSWORD are right", _SIGN_IN),
    "7.9": Refusal(_PERSON, "when SMTP_PASSWORD may be used to sign in", _SIGN_IN),
    "7.11": Refusal(_PERSON, "when the connection is encrypted", _SIGN_IN),
    "7.13": Refusal(_PERSON, "when the account is enabled", _SIGN_IN),
    "7.23": Refusal(_PERSON, "when the domain lets this server send (SPF)", "RFC 7372"),
    "7.26": Refusal(_PERSON, "when the domain's signatures are right", "RFC 7372"),
}
"""By subject and detail of an enhanced code that begins with 5. Codes with 4 are temporary."""

BY_CODE: Mapping[int, Refusal] = {
    500: Refusal(_PERSON, "when SMTP_HOST names a server that understands", _PLAIN),
    501: Refusal(_PERSON, "when the server takes these addresses", _PLAIN),
    502: Refusal(_PERSON, "when SMTP_HOST names a server that understands", _PLAIN),
    503: Refusal(_PERSON, "when SMTP_HOST names a server that understands", _PLAIN),
    504: Refusal(_PERSON, "when SMTP_HOST names a server that understands", _PLAIN),
    521: Refusal(_PERSON, "when SMTP_HOST names a server that takes email", "RFC 7504"),
    530: Refusal(_PERSON, "when SMTP_USER and SMTP_PASSWORD are set", _SIGN_IN),
    534: Refusal(_PERSON, "when SMTP_PASSWORD may be used to sign in", _SIGN_IN),
    535: Refusal(_PERSON, "when SMTP_USER and SMTP_PASSWORD are right", _SIGN_IN),
    538: Refusal(_PERSON, "when the connection is encrypted", _SIGN_IN),
    552: Refusal(_PERSON, "when the mailbox has room", _PLAIN),
    554: Refusal(_PERSON, "when the server takes this email", _PLAIN),
    555: Refusal(_PERSON, "when SMTP_HOST names a server that understands", _PLAIN),
    556: Refusal(_FINAL, "the domain of the address takes no email", "RFC 7504"),
}
"""By basic code, where there is no enhanced one."""

OF_RECIPIENT: Mapping[int, Refusal] = {
    550: Refusal(_FINAL, "the student's mailbox does not exist", _PLAIN),
    551: Refusal(_FINAL, "the student's mailbox has moved away", _PLAIN),
    553: Refusal(_FINAL, "the address would be refused again", _PLAIN),
}
"""By basic code, in response to the recipient's address only."""

BY_IMAP: Mapping[str, Refusal] = {
    "UNAVAILABLE": Refusal(_SOON, "when the server is available again", _IMAP),
    "INUSE": Refusal(_SOON, "when the mailbox is free", _IMAP),
    "SERVERBUG": Refusal(_SOON, "an error at the server", _IMAP),
    "LIMIT": Refusal(_SOON, "when there are fewer requests at once", _IMAP),
    "EXPUNGEISSUED": Refusal(_SOON, "another change came in between", _IMAP),
    "AUTHENTICATIONFAILED": Refusal(_PERSON, "when IMAP_USER and IMAP_PASSWORD are right", _IMAP),
    "AUTHORIZATIONFAILED": Refusal(_PERSON, "when IMAP_USER may open the mailbox", _IMAP),
    "EXPIRED": Refusal(_PERSON, "when IMAP_PASSWORD is renewed", _IMAP),
    "PRIVACYREQUIRED": Refusal(_PERSON, "when the connection is encrypted", _IMAP),
    "CONTACTADMIN": Refusal(_PERSON, "when the server's administrator has acted", _IMAP),
    "NOPERM": Refusal(_PERSON, "when IMAP_USER may open the mailbox", _IMAP),
    "OVERQUOTA": Refusal(_PERSON, "when the mailbox has room", _IMAP),
    "NONEXISTENT": Refusal(_PERSON, _THERE, _IMAP),
    "TRYCREATE": Refusal(_PERSON, "when the folder exists", _IMAP),
    "CANNOT": Refusal(_PERSON, "when the server allows it", _IMAP),
    "CLIENTBUG": Refusal(_PERSON, "when Lantern is corrected", _IMAP),
}


def smtp_refusal(code: int, enhanced: str, *, of_recipient: bool) -> Refusal:
    """Return the refusal for a server's codes, such as 550 and "5.1.1"."""
    if code < 500:
        return Refusal(_SOON, "the server calls it passing", _PLAIN)
    subject = enhanced.partition(".")[2]
    if found := BY_SUBJECT.get(subject):
        return found
    recipient = OF_RECIPIENT.get(code) if of_recipient and not subject else None
    return recipient or BY_CODE.get(code) or UNKNOWN


def imap_refusal(code: str) -> Refusal:
    """Return the refusal for an IMAP response code; without a code it waits."""
    return BY_IMAP.get(code, UNKNOWN)
