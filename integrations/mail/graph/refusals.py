"""Microsoft Graph's errors at mailboxes, and when the same request may succeed.

The codes are Exchange's own, documented with Exchange Web Services
(learn.microsoft.com/exchange/client-developer/web-service-reference/responsecode); Graph passes
them on. Those of the statuses and of Graph itself: learn.microsoft.com/graph/errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from integrations.verdicts import UNKNOWN, Refusal, Verdict, answered_instead

_EWS = "responsecode"
_GRAPH = "graph/errors"
_LIMITS = "graph/throttling"
_ACCESS = "exchange/permissions-exo/application-rbac"

_BOX = "outreach.mailbox of the school's policy"
_THERE = (
    f"when {_BOX} names a mailbox of Exchange Online: compare it with Recipients, Mailboxes in the "
    "Exchange admin centre, and correct the policy or the mailbox"
)
_ONLINE = (
    f"when the mailbox in {_BOX} is an active one of Exchange Online: look under Recipients in the "
    "Exchange admin centre whether it has moved, was deleted or lacks a licence"
)
_ALLOWED = (
    f"when the application may use the mailbox in {_BOX}: in Exchange Online put it into the scope "
    "of RBAC for Applications (or of the application access policy), which takes up to two hours; "
    "where the permissions are in Entra, look at App registrations, API permissions, Grant admin "
    "consent"
)
_ROOM = f"when the mailbox in {_BOX} has room: empty it, or enlarge it in the Exchange admin centre"
_ADDRESS = (
    "the address would be refused again: have it compared with the student's, and corrected in the "
    "student records"
)
_SIGNED_IN = (
    "when Entra's token is one for Graph: check GRAPH_URL and GRAPH_TENANT_ID, and in the Entra "
    "admin centre, Enterprise applications, that the application is enabled"
)

_CODES: Mapping[Verdict, tuple[tuple[str, str, str], ...]] = {
    Verdict.SOON: (
        ("ErrorIrresolvableConflict", "another change came in between", _EWS),
        ("ErrorBatchProcessingStopped", "the service ended early", _EWS),
        ("ErrorConnectionFailed", "when the service is available again", _EWS),
        ("ErrorExceededConnectionCount", "when there are fewer requests at once", _EWS),
        ("ErrorInsufficientResources", "when the service has room", _EWS),
        ("ErrorInternalServerError", "an error at the service", _EWS),
        ("ErrorInternalServerTransientError", "an error at the service", _EWS),
        ("ErrorMailboxStoreUnavailable", "when the mailbox's store is available again", _EWS),
        ("ErrorMailboxMoveInProgress", "when the mailbox has moved", _EWS),
        ("ErrorADUnavailable", "when the directory is available again", _EWS),
        ("ErrorADOperation", "when the directory is available again", _EWS),
        ("ErrorMessageTransientError", "an error at the service", _EWS),
        ("ErrorItemSave", "when the mailbox takes it", _EWS),
        ("ErrorServerBusy", "after the pause that it names", _EWS),
        ("ErrorTimeoutExpired", "the request took too long", _EWS),
        ("ErrorNotReady", "when the mailbox is ready", _EWS),
        ("ErrorStaleObject", "another change came in between", _EWS),
        ("ErrorProxyRequestProcessingFailed", "an error at the service", _EWS),
        ("ApplicationThrottled", "after the pause that it names", _LIMITS),
        ("TooManyRequests", "after the pause that it names", _LIMITS),
        ("MailboxConcurrency", "when there are fewer requests at once", _LIMITS),
        ("generalException", "an error at the service", _GRAPH),
        ("serviceNotAvailable", "when the service is available again", _GRAPH),
        ("UnknownError", "an error at the service", _GRAPH),
    ),
    Verdict.PERSON: (
        ("ErrorNonExistentMailbox", _THERE, _EWS),
        ("ErrorInvalidUser", _THERE, _EWS),
        ("ErrorMissingEmailAddress", _THERE, _EWS),
        ("ErrorNoMailboxAssociated", _THERE, _EWS),
        ("MailboxNotEnabledForRESTAPI", _ONLINE, _GRAPH),
        ("MailboxNotSupportedForRESTAPI", _ONLINE, _GRAPH),
        ("MailboxNotHostedInExchangeOnline", _ONLINE, _GRAPH),
        ("RESTAPINotEnabledForComponentSharedMailbox", _ONLINE, _GRAPH),
        ("ResourceNotFound", _THERE, _GRAPH),
        ("Request_ResourceNotFound", _THERE, _GRAPH),
        ("ErrorAccountDisabled", _ONLINE, _EWS),
        ("ErrorAccessDenied", _ALLOWED, _ACCESS),
        ("ErrorSendAsDenied", _ALLOWED, _EWS),
        ("ErrorQuotaExceeded", _ROOM, _EWS),
        ("ErrorSubmissionQuotaExceeded", "when the day's limit is over", _EWS),
        ("ErrorRecipientQuotaExceeded", "when the day's limit is over", _EWS),
        ("ErrorMessageDisposition", _ALLOWED, _EWS),
        ("ErrorExceededMessageLimit", "when the day's limit is over", _EWS),
        ("AccessDenied", _ALLOWED, _GRAPH),
        ("Authorization_RequestDenied", _ALLOWED, _GRAPH),
        ("InvalidAuthenticationToken", _SIGNED_IN, _GRAPH),
        ("Authorization_IdentityNotFound", _SIGNED_IN, _GRAPH),
        ("ErrorInvalidLicense", _ONLINE, _EWS),
    ),
    Verdict.FINAL: (
        ("ErrorInvalidRecipients", _ADDRESS, _EWS),
        ("ErrorInvalidSmtpAddress", _ADDRESS, _EWS),
        ("ErrorInvalidRecipientSubfilter", _ADDRESS, _EWS),
        ("ErrorMessageSizeExceeded", "the email would be too large again", _EWS),
        ("ErrorItemNotFound", "the draft is gone", _EWS),
        ("ErrorInvalidIdMalformed", "the id is not valid", _EWS),
        ("ErrorContentConversionFailed", "the message would be unreadable again", _EWS),
        ("ErrorCorruptData", "the message would be unreadable again", _EWS),
        ("ErrorMimeContentInvalid", "the email would be refused again", _EWS),
        ("ErrorInvalidProperty", "the request would be refused again", _EWS),
        ("ErrorInvalidPropertySet", "the request would be refused again", _EWS),
        ("ErrorInvalidRequest", "the request would be refused again", _EWS),
        ("RequestBodyRead", "the request would be refused again", _GRAPH),
        ("ErrorInvalidUrlQueryFilter", "the request would be refused again", _GRAPH),
        ("RequestEntityTooLarge", "the email would be too large again", _GRAPH),
    ),
}


def _rows() -> Iterator[tuple[str, Refusal]]:
    for verdict, rows in _CODES.items():
        for code, why, source in rows:
            yield code, Refusal(verdict, why, source)


BY_CODE: Mapping[str, Refusal] = dict(_rows())
"""By error code, which is more precise than the status."""

BY_STATUS: Mapping[int, Refusal] = {
    401: Refusal(Verdict.PERSON, _SIGNED_IN, _GRAPH),
    403: Refusal(Verdict.PERSON, _ALLOWED, _ACCESS),
    404: Refusal(Verdict.PERSON, _THERE, _GRAPH),
    408: Refusal(Verdict.SOON, "the request took too long", _GRAPH),
    409: Refusal(Verdict.SOON, "another change came in between", _GRAPH),
    412: Refusal(Verdict.SOON, "another change came in between", _GRAPH),
    413: Refusal(Verdict.FINAL, "the email would be too large again", _GRAPH),
    423: Refusal(Verdict.SOON, "when it is unlocked", _GRAPH),
    425: Refusal(Verdict.SOON, "when the service is ready", _GRAPH),
    429: Refusal(Verdict.SOON, "after the pause that it names", _LIMITS),
    500: Refusal(Verdict.SOON, "an error at the service", _GRAPH),
    502: Refusal(Verdict.SOON, "when the service is available again", _GRAPH),
    503: Refusal(Verdict.SOON, "when the service is available again", _LIMITS),
    504: Refusal(Verdict.SOON, "when the service is available again", _GRAPH),
    507: Refusal(Verdict.PERSON, _ROOM, _GRAPH),
    509: Refusal(Verdict.SOON, "after a pause", _LIMITS),
}
"""By status, where there is no known code."""

OF_ONE_MESSAGE = frozenset({400, 404, 410, 413, 422, 500, 501})
"""Statuses that may be about the requested message; others are about the mailbox."""


def refusal_of(status: int, code: str) -> Refusal:
    """Return what to do about a request refused with this status and code; unknown ones wait."""
    return BY_CODE.get(code) or BY_STATUS.get(status) or answered_instead(status) or UNKNOWN


def is_of_one_message(status: int, code: str) -> bool:
    """Return whether the error is about the requested message rather than the mailbox."""
    row = BY_CODE.get(code)
    return status in OF_ONE_MESSAGE and (row is None or row.verdict is not Verdict.PERSON)
