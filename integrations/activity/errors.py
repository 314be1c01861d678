"""What can go wrong with the lake, said so that an operator can act on it."""

from __future__ import annotations

import errno

import duckdb

from store.rules.errors import CaseworkError


class LakeError(CaseworkError):
    """The activity lake cannot be read or written; the sentence names the file and the remedy."""


def cannot_write(name: str, error: OSError | duckdb.Error) -> LakeError:
    """The error of a failed write. ``permanent`` is False: with room again, it will succeed."""
    why = "the disk is full" if _is_full(error) else f"the write failed ({type(error).__name__})"
    return LakeError(
        f"{name} could not be written: {why}. What was there before is unchanged; "
        "make room, or correct the permissions of the data directory, and load it again.",
        permanent=False,
    )


def no_room(name: str, error: duckdb.Error) -> LakeError:
    """The error of a computation that memory and temporary disk did not suffice for."""
    return LakeError(
        f"{name}: memory or temporary disk ran out ({type(error).__name__}). Nothing in the lake "
        "was changed; make room, or deliver fewer days at once.",
        permanent=False,
    )


def _is_full(error: OSError | duckdb.Error) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return "No space left" in str(error) or "File too large" in str(error)
