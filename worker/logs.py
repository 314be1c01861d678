"""What is logged, and what never is."""

from __future__ import annotations

import logging
import sys

import structlog


def configure_logs(level: int = logging.INFO) -> None:
    """Log lines of key=value to standard error.

    Libraries are quiet: httpx logs whole addresses, which hold mail addresses at Graph.
    """
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(name)s %(message)s")
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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
