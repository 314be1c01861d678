"""The last line before a platform: nothing that a listener does ends in a traceback."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

import structlog

from bot.cards.kit.reply_cards import broken, notice
from bot.interaction import Reply
from integrations.error_summary import GOES_THROUGH, place
from store.actions.request import AlreadyDone
from store.rules.errors import CaseworkError

log = structlog.get_logger(__name__)


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
        reference = f"E-{secrets.token_hex(3).upper()}"
        log.error(
            "listener failed",
            reference=reference,
            activity=kind,
            kind=type(error).__name__,
            where=place(error),
        )
        return Reply(card=broken(reference))
