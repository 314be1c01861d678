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

_CODES: Mapping[Verdict, tuple[tuple[str, str, str], ...]] = {
    Verdict.SOON: (
        ("ErrorIrresolvableConflict", "another change came in between", _EWS),
        ("ErrorBatchProcessingStopped", "the service ended early", _EWS),
        ("ErrorConnectionFailed", "when the service is back", _EWS),
        ("ErrorExceededConnectionCount", "when fewer ask at once", _EWS),
        ("ErrorInsufficientResources", "when the service has room", _EWS),
        ("ErrorInternalServerError", "a fault of the service's", _EWS),
        ("ErrorInternalServerTransientError", "a fault of the service's", _EWS),
        ("ErrorMailboxStoreUnavailable", "when the mailbox's store is back", _EWS),
        ("ErrorMailboxMoveInProgress", "when the mailbox has moved", _EWS),
        ("ErrorADUnavailable", "when the directory is back", _EWS),
        ("ErrorADOperation", "when the directory is back", _EWS),
        ("ErrorMessageTransientError", "a fault of the service's", _EWS),
        ("ErrorItemSave", "when the mailbox takes it", _EWS),
        ("ErrorServerBusy", "after the pause that it names", _EWS),
        ("ErrorTimeoutExpired", "the request took too long", _EWS),
        ("ErrorNotReady", "when the mailbox is ready", _EWS),
        ("ErrorStaleObject", "another change came in between", _EWS),
        ("ErrorProxyRequestProcessingFailed", "a fault of the service's", _EWS),
        ("ApplicationThrottled", "after the pause that it names", _LIMITS),
        ("TooManyRequests", "after the pause that it names", _LIMITS),
        ("MailboxConcurrency", "when fewer ask at once", _LIMITS),
        ("generalException", "a fault of the service's", _GRAPH),
        ("serviceNotAvailable", "when the service is back", _GRAPH),
        ("UnknownError", "a fault of the service's", _GRAPH),
    ),
    Verdict.PERSON: (
        ("ErrorNonExistentMailbox", "when the mailbox is there, or found again", _EWS),
        ("ErrorInvalidUser", "when the mailbox is there", _EWS),
        ("ErrorMissingEmailAddress", "when the mailbox has an address", _EWS),
        ("ErrorNoMailboxAssociated", "when the mailbox is there", _EWS),
        ("MailboxNotEnabledForRESTAPI", "when the mailbox is in Exchange Online", _GRAPH),
        ("MailboxNotSupportedForRESTAPI", "when the mailbox is in Exchange Online", _GRAPH),
        ("MailboxNotHostedInExchangeOnline", "when the mailbox is in Exchange Online", _GRAPH),
        ("RESTAPINotEnabledForComponentSharedMailbox", "when the mailbox is set up", _GRAPH),
        ("ResourceNotFound", "when the mailbox is there", _GRAPH),
        ("Request_ResourceNotFound", "when the mailbox is there", _GRAPH),
        ("ErrorAccountDisabled", "when the account is enabled", _EWS),
        ("ErrorAccessDenied", "when the permission is given", _ACCESS),
        ("ErrorSendAsDenied", "when the permission is given", _EWS),
        ("ErrorQuotaExceeded", "when the mailbox has room", _EWS),
        ("ErrorSubmissionQuotaExceeded", "when the day's limit is over", _EWS),
        ("ErrorRecipientQuotaExceeded", "when the day's limit is over", _EWS),
        ("ErrorMessageDisposition", "when the mailbox lets it be sent", _EWS),
        ("ErrorExceededMessageLimit", "when the day's limit is over", _EWS),
        ("AccessDenied", "when the permission is given", _GRAPH),
        ("Authorization_RequestDenied", "when the permission is given", _GRAPH),
        ("InvalidAuthenticationToken", "when the sign-in is right", _GRAPH),
        ("Authorization_IdentityNotFound", "when the app is in the tenant", _GRAPH),
        ("ErrorInvalidLicense", "when the mailbox has a licence", _EWS),
    ),
    Verdict.FINAL: (
        ("ErrorInvalidRecipients", "the same addresses are never valid", _EWS),
        ("ErrorInvalidSmtpAddress", "the same address is never valid", _EWS),
        ("ErrorInvalidRecipientSubfilter", "the same addresses are never valid", _EWS),
        ("ErrorMessageSizeExceeded", "the same email is never smaller", _EWS),
        ("ErrorItemNotFound", "the draft is gone", _EWS),
        ("ErrorInvalidIdMalformed", "the id is none", _EWS),
        ("ErrorContentConversionFailed", "the same message is never readable", _EWS),
        ("ErrorCorruptData", "the same message is never readable", _EWS),
        ("ErrorMimeContentInvalid", "the same email is never valid", _EWS),
        ("ErrorInvalidProperty", "the same request is never valid", _EWS),
        ("ErrorInvalidPropertySet", "the same request is never valid", _EWS),
        ("ErrorInvalidRequest", "the same request is never valid", _EWS),
        ("RequestBodyRead", "the same request is never valid", _GRAPH),
        ("ErrorInvalidUrlQueryFilter", "the same request is never valid", _GRAPH),
        ("RequestEntityTooLarge", "the same email is never smaller", _GRAPH),
    ),
}


def _rows() -> Iterator[tuple[str, Refusal]]:
    for verdict, rows in _CODES.items():
        for code, why, source in rows:
            yield code, Refusal(verdict, why, source)


BY_CODE: Mapping[str, Refusal] = dict(_rows())
"""By error code, which is more precise than the status."""

BY_STATUS: Mapping[int, Refusal] = {
    401: Refusal(Verdict.PERSON, "when the sign-in is right", _GRAPH),
    403: Refusal(Verdict.PERSON, "when the permission is given", _ACCESS),
    404: Refusal(Verdict.PERSON, "when the mailbox is there", _GRAPH),
    408: Refusal(Verdict.SOON, "the request took too long", _GRAPH),
    409: Refusal(Verdict.SOON, "another change came in between", _GRAPH),
    412: Refusal(Verdict.SOON, "another change came in between", _GRAPH),
    413: Refusal(Verdict.FINAL, "the same email is never smaller", _GRAPH),
    423: Refusal(Verdict.SOON, "when it is unlocked", _GRAPH),
    425: Refusal(Verdict.SOON, "when the service is ready", _GRAPH),
    429: Refusal(Verdict.SOON, "after the pause that it names", _LIMITS),
    500: Refusal(Verdict.SOON, "a fault of the service's", _GRAPH),
    502: Refusal(Verdict.SOON, "when the service is back", _GRAPH),
    503: Refusal(Verdict.SOON, "when the service is back", _LIMITS),
    504: Refusal(Verdict.SOON, "when the service is back", _GRAPH),
    507: Refusal(Verdict.PERSON, "when the mailbox has room", _GRAPH),
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
