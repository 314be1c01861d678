"""Teams' status codes and error codes, and when the same request may succeed.

The source of the codes is Microsoft's table "Status codes from bot conversational APIs"
(learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability), of the waits
its page on rate limits (…/bots/how-to/rate-limit).
"""

from __future__ import annotations

from collections.abc import Mapping

from integrations.verdicts import UNKNOWN, Refusal, Verdict, answered_instead

_API = "build-conversational-capability"
_LIMITS = "rate-limit"
_MEMBERS = "send-proactive-messages"
_EDIT = "update-and-delete-bot-messages"
_RESTORED = "when the channel is restored, or another set with lantern teams channel --replace"

_SIGNED_IN = (
    "when Entra's token is the bot's: check TEAMS_CLIENT_ID and TEAMS_TENANTS, and in Azure that "
    "the bot uses this application"
)

BY_CODE: Mapping[str, Refusal] = {
    "BotNotInConversationRoster": Refusal(Verdict.PERSON, "when the app is added there", _API),
    "BotDisabledByAdmin": Refusal(Verdict.PERSON, "when an administrator allows the app", _API),
    "BotNotRegistered": Refusal(Verdict.PERSON, "when the bot is registered", _API),
    "InvalidBotApiHost": Refusal(Verdict.PERSON, "when the service URL is right", _API),
    "ConversationBlockedByUser": Refusal(Verdict.PERSON, "when the person unblocks it", _API),
    "MessageWritesBlocked": Refusal(Verdict.PERSON, "when the person adds the app", _MEMBERS),
    "ForbiddenOperationException": Refusal(Verdict.PERSON, "when the app is added", _MEMBERS),
    "NotEnoughPermissions": Refusal(Verdict.PERSON, "when the app has its permissions", _API),
    "Unauthorized": Refusal(Verdict.PERSON, _SIGNED_IN, _API),
    "ConversationNotFound": Refusal(Verdict.PERSON, _RESTORED, _API),
    "InvalidConversation": Refusal(Verdict.PERSON, "when the right channel is set", _API),
    "TenantNotFound": Refusal(Verdict.PERSON, "when the right tenant is set", _API),
    "ActivityNotFoundInConversation": Refusal(Verdict.FINAL, "the message is gone", _API),
    "MemberNotFoundInConversation": Refusal(Verdict.PERSON, "when they are in it", _MEMBERS),
    "MessageSizeTooBig": Refusal(Verdict.FINAL, "the message would be too large again", _API),
    "RequestTooLarge": Refusal(Verdict.FINAL, "the message would be too large again", _API),
    "BadArgument": Refusal(Verdict.FINAL, "the request would be refused again", _API),
    "BadSyntax": Refusal(Verdict.FINAL, "the request would be refused again", _API),
    "ConversationInProgress": Refusal(Verdict.SOON, "when the conversation is made", _API),
    "PreconditionFailed": Refusal(Verdict.SOON, "another change came in between", _API),
    "Throttled": Refusal(Verdict.SOON, "after the pause that Teams names", _LIMITS),
    "ServiceError": Refusal(Verdict.SOON, "an error at Teams", _LIMITS),
    "ServiceUnavailable": Refusal(Verdict.SOON, "when Teams is available again", _LIMITS),
    "BadGateway": Refusal(Verdict.SOON, "when Teams is available again", _LIMITS),
    "GatewayTimeout": Refusal(Verdict.SOON, "when Teams is available again", _LIMITS),
    "InternalServerError": Refusal(Verdict.SOON, "an error at Teams", _LIMITS),
}
"""By error code, which is more precise than the status."""

BY_STATUS: Mapping[int, Refusal] = {
    401: Refusal(Verdict.PERSON, _SIGNED_IN, _API),
    403: Refusal(Verdict.PERSON, "when the app is there and allowed", _API),
    404: Refusal(Verdict.PERSON, _RESTORED, _API),
    405: Refusal(Verdict.FINAL, "messages there cannot be changed", _EDIT),
    408: Refusal(Verdict.SOON, "the request took too long", _API),
    409: Refusal(Verdict.SOON, "another change came in between", _API),
    412: Refusal(Verdict.SOON, "another change came in between", _LIMITS),
    413: Refusal(Verdict.FINAL, "the message would be too large again", _API),
    429: Refusal(Verdict.SOON, "after the pause that Teams names", _LIMITS),
    500: Refusal(Verdict.SOON, "an error at Teams", _LIMITS),
    502: Refusal(Verdict.SOON, "when Teams is available again", _LIMITS),
    503: Refusal(Verdict.SOON, "when Teams is available again", _LIMITS),
    504: Refusal(Verdict.SOON, "when Teams is available again", _LIMITS),
}
"""By status, where there is no known code."""


def refusal_of(status: int, code: str) -> Refusal:
    """Return what to do about a request refused with this status and code; unknown ones wait."""
    return BY_CODE.get(code) or BY_STATUS.get(status) or answered_instead(status) or UNKNOWN
