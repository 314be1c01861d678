"""Errors of the activity lake, as sentences that an operator can act on."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from integrations.error_summary import QueryInterrupted
from store.rules.errors import CaseworkError

_MACHINE = (
    duckdb.OutOfMemoryException,
    duckdb.InterruptException,
    duckdb.FatalException,
    duckdb.ConnectionException,
)
_MACHINE_SAYS = (
    "No space left",
    "File too large",
    "Too many open files",
    "Permission denied",
    "Read-only file system",
    "Input/output error",
    "Stale file handle",
    "Cannot allocate memory",
)
_CLOSED = ("Permission denied", "Read-only file system")


class LakeError(CaseworkError):
    """The activity lake cannot be read or written. The sentence names the file and what to do."""


@contextmanager
def signals_go_through() -> Iterator[None]:
    """Raise ``QueryInterrupted`` where a signal arrived in the middle of a query.

    DuckDB replaces what the signal's handler raised, such as rq's time-out or Ctrl-C, by a plain
    ``RuntimeError``, which would be taken for a damaged file.
    """
    try:
        yield
    except RuntimeError as error:
        if str(error) == "Query interrupted":
            raise QueryInterrupted from None
        raise


def is_of_the_machine(error: BaseException) -> bool:
    """Return whether memory, a disk or a permission failed, rather than a file's content.

    Such an error is raised unchanged: the file is tried again, and is not called damaged.
    """
    if isinstance(error, OSError):
        # A damaged archive has no error number, or one about a position outside the file.
        return error.errno not in (None, 0, errno.EINVAL)
    if isinstance(error, _MACHINE):
        return True
    return isinstance(error, duckdb.Error) and any(each in str(error) for each in _MACHINE_SAYS)


def cannot_write(name: str, error: OSError | duckdb.Error) -> LakeError:
    """Return the error of a failed write. ``permanent`` is False: with room again, it will
    succeed."""
    why = "the disk is full" if _is_full(error) else f"the write failed ({type(error).__name__})"
    return LakeError(
        f"{name} could not be written: {why}. What was there before is unchanged; "
        "make room, or correct the permissions of the data directory, and load it again.",
        permanent=False,
    )


def no_room(name: str, error: duckdb.Error) -> LakeError:
    """Return the error of a computation that ran out of memory or temporary disk space, or that
    the system did not let read or write."""
    if any(each in str(error) for each in _CLOSED):
        return LakeError(
            f"{name}: Lantern may not read or write a file of the lake. Give Lantern's account the "
            "right to read and write in LANTERN_HOME, and run it again.",
            permanent=False,
        )
    ran_out = f"memory or temporary disk ran out ({type(error).__name__})"
    why = "the disk is full" if _is_full(error) else ran_out
    return LakeError(
        f"{name}: {why}. Nothing in the lake was changed; make room, or deliver fewer days at "
        "once.",
        permanent=False,
    )


def roster_unreadable(roster: Path, error: duckdb.Error) -> LakeError:
    """Return the error of a roster that could not be read: damaged, or no room to read it."""
    if is_of_the_machine(error):
        return no_room(roster.name, error)
    return LakeError(f"{roster.name} is damaged: write the roster again, then screen.")


def _is_full(error: OSError | duckdb.Error) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return "No space left" in str(error) or "File too large" in str(error)
