"""Where something failed, without its words: an exception's text may quote a person."""

from __future__ import annotations


def place(error: BaseException) -> str:
    """The function and line that raised it, as ``_put:57``."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else "unknown"
