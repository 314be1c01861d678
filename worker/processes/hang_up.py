"""SIGHUP: the terminal was closed, or someone expects that settings are read again."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType

import structlog

IGNORED = (
    "SIGHUP is ignored: settings are read at the start. Restart Lantern to have them read again."
)

log = structlog.get_logger(__name__)


def hear_hang_up() -> None:
    """Decide what SIGHUP does from here on; without this, the system would end the process there
    and then.

    A process of a terminal ends in order when the terminal is closed. A service has none; it goes
    on, and its log says what to do instead. Where it was started with ``nohup``, nothing changes.
    """
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _stop if _has_terminal() else _go_on)


def _has_terminal() -> bool:
    try:
        return sys.stdin.isatty()
    except (AttributeError, ValueError):  # there is none, or it is closed
        return False


def _stop(_signal: int, _frame: FrameType | None) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _go_on(_signal: int, _frame: FrameType | None) -> None:
    # In a thread: the signal may come while this one writes a line of its own.
    threading.Thread(target=log.warning, args=(IGNORED,), daemon=True).start()
