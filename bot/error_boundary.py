"""The last line before a platform: nothing that a listener does ends in a traceback."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from bot.cards.kit.reply_cards import broken, notice, unavailable
from bot.interaction import Reply
from integrations.error_summary import GOES_THROUGH
from integrations.fault_log import log_failure
from store.actions.request import AlreadyDone
from store.rules.errors import CaseworkError


def guarded(kind: str, do: Callable[[], Reply], values: Mapping[str, str] | None = None) -> Reply:
    """What ``do`` answers; a known error as its sentence, an unknown one as a reference.

    ``kind`` says to the log what the platform sent, and ``values`` what somebody typed, who is
    then answered beside the field.
    """

    def refusal(error: CaseworkError) -> Reply:
        if values:
            return Reply(errors={list(values)[-1]: error.sentence})
        return Reply(card=notice(error.sentence))

    reply, _ = answered(do, refusal, "listener failed", activity=kind)
    return reply


def answered(
    do: Callable[[], Reply],
    refusal: Callable[[CaseworkError], Reply],
    event: str,
    **names: str,
) -> tuple[Reply, str]:
    """What ``do`` answers, and the outcome in one word: done, again, refused or broken.

    ``event`` and ``names`` are for the log, and hold nothing that a person typed.
    """
    try:
        return do(), "done"
    except AlreadyDone:
        return Reply(), "again"
    except CaseworkError as error:
        return refusal(error), "refused"
    except GOES_THROUGH:
        raise
    except Exception as error:  # noqa: BLE001 -- see the module
        return _failed(event, error, **names), "broken"


def _failed(event: str, error: Exception, **names: str) -> Reply:
    """Log an error of no known kind, and answer it: what somebody can mend by its sentence, any
    other by a reference."""
    reference = f"E-{secrets.token_hex(3).upper()}"
    sentence = log_failure(event, error, reference=reference, **names)
    return Reply(card=unavailable(sentence) if sentence else broken(reference))
