"""Catch every error from a listener and answer with a message instead of a traceback."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.cards.kit.reply_cards import broken, notice, unavailable
from bot.interaction import Reply
from integrations.error_summary import GOES_THROUGH
from integrations.fault_log import log_failure, new_reference
from store.actions.request import AlreadyDone
from store.rules.errors import CaseworkError


def guarded(kind: str, do: Callable[[], Reply], values: Mapping[str, str] | None = None) -> Reply:
    """Run ``do`` and give its reply; a known error becomes its sentence, any other a reference.

    ``kind`` names for the log what the platform sent. ``values`` are what a person typed; the
    error is then shown beside the field.
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
    """Run ``do``; return its reply and the outcome in one word: done, again, refused or broken.

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
    """Log an unexpected error and answer it: with its sentence where an operator can fix it, else
    with a reference. ``names`` go to the log, and hold nothing that a person typed."""
    reference = new_reference()
    sentence = log_failure(event, error, reference=reference, **names)
    return Reply(card=unavailable(sentence) if sentence else broken(reference))
