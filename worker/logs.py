"""Set up logging so that no error's text is logged, from whichever library it comes."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

_TRACEBACK = "Traceback (most recent call last)"


def configure_logs(level: int = logging.INFO) -> None:
    """Log lines of key=value to standard error.

    Libraries log warnings only: httpx logs whole URLs, which hold email addresses at Graph.
    """
    import structlog

    # Once, so that what a test or a server set up for itself stays.
    logging.basicConfig(level=logging.WARNING, handlers=[LibraryHandler()])
    for name in ("httpx", "httpcore", "apscheduler", "rq", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # msal's HTTP client warns of each try, with whole addresses and an exception's own words.
    for name in ("urllib3", "msal"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        # Each line in one write, so that processes that share a terminal do not mix theirs.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )


class LibraryHandler(logging.Handler):
    """Writes a library's line, without the text of an error and without its traceback.

    An error's text may quote a row of the database or a person's words. So for whatever a library
    logs while it handles an error, only the error's kind and place are written, or Lantern's own
    sentence for it. A line that was just written is not repeated.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line to standard error, or none."""
        from integrations.fault_log import LOGGED, REPEATS
        from integrations.fault_sentences import fault_sentence

        error = _error_behind(record)
        if error is not None and getattr(error, LOGGED, False):
            return
        sentence = fault_sentence(error) if error else None
        line = f"{record.name} {sentence or _said(record, error)}"
        if REPEATS.times(sentence or line):
            sys.stderr.write(f"{line}\n")


def _error_behind(record: logging.LogRecord) -> BaseException | None:
    """Find the error behind a line: passed as ``exc_info``, among its arguments, or being
    handled."""
    if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
        return record.exc_info[1]
    given = record.args if isinstance(record.args, tuple) else ()
    named = next((each for each in given if isinstance(each, BaseException)), None)
    return named or sys.exc_info()[1]


def _said(record: logging.LogRecord, error: BaseException | None) -> str:
    if error is None:
        try:
            return record.getMessage().partition(_TRACEBACK)[0].strip()
        except (TypeError, ValueError, LookupError):  # its arguments do not go with its text
            return f"{record.funcName}: a line that cannot be shown"
    from integrations.error_summary import place

    return f"{record.funcName}: {type(error).__name__} at {place(error)}"


def catch_what_nothing_caught() -> None:
    """Log uncaught errors of threads and of finalizers in the same way, instead of printing
    them."""
    threading.excepthook = _in_a_thread
    sys.unraisablehook = _thrown_away


def _in_a_thread(failed: threading.ExceptHookArgs) -> None:
    from integrations.fault_log import log_failure

    if failed.exc_value is not None and not isinstance(failed.exc_value, SystemExit):
        log_failure("thread ended", failed.exc_value)


def _thrown_away(failed: UnraisableHookArgs) -> None:
    from integrations.fault_log import log_failure

    if failed.exc_value is not None:
        log_failure("error thrown away", failed.exc_value)
