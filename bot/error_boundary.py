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
    try:
        return do()
    except AlreadyDone:
        return Reply()
    except CaseworkError as error:
        if values:
            return Reply(errors={list(values)[-1]: error.sentence})
        return Reply(card=notice(error.sentence))
    except GOES_THROUGH:
        raise
    except Exception as error:  # noqa: BLE001 -- see the module
        return failed("listener failed", error, activity=kind)


def failed(event: str, error: Exception, **names: str) -> Reply:
    """Log an error of no known kind, and answer it: what somebody can mend by its sentence, any
    other by a reference. ``names`` are for the log, and hold nothing that a person typed."""
    reference = f"E-{secrets.token_hex(3).upper()}"
    sentence = log_failure(event, error, reference=reference, **names)
    return Reply(card=unavailable(sentence) if sentence else broken(reference))
