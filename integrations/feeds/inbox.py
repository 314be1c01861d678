"""The inbox: what sources send over HTTP, kept sealed until the night makes deliveries of it.

``received/<source>/<kind>/`` in LANTERN_HOME has a file for each request, named by its arrival. It
holds the JSON values of the request, one a line, compressed and sealed. ``statements.sqlite3`` in
the source's folder has the digests of the statements of the last week: see ``sent_statements``.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
import shutil
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from integrations.activity.day_files import flush
from integrations.feeds.ledger.kept_rows import Seal
from integrations.feeds.sent_statements import claimed

FOLDER = "received"
SENT = "statements.sqlite3"
LEAST_ROOM = 512 << 20
"""Bytes that stay free on the disk: with fewer, nothing more is taken."""
_AT = "%Y%m%dT%H%M%S%fZ"


class Kind(StrEnum):
    """The standard that a request was in: the key of its format."""

    CALIPER = "caliper"
    XAPI = "xapi"


class NoRoom(Exception):
    """The disk is nearly full, so that nothing more is taken."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request: when it arrived, and where it is kept."""

    at: dt.datetime
    path: Path


class Inbox:
    """The requests that wait in a home. Several processes may write to it at once."""

    def __init__(self, home: Path, seal: Seal) -> None:
        self._folder = home / FOLDER
        self._seal = seal

    def put(self, source: str, kind: Kind, values: Sequence[Any], at: dt.datetime) -> None:
        """Keep the values of a request, so that they outlast the end of this process.

        Raises ``NoRoom``, or ``OSError`` where the disk does not take it; for xAPI statements,
        which all have an id, also what ``claimed`` does.
        """
        if kind is Kind.CALIPER:
            self._put(source, kind, values, at)
            return
        (self._folder / source).mkdir(parents=True, exist_ok=True)
        with claimed(self._folder / source / SENT, values, at):
            self._put(source, kind, values, at)

    def _put(self, source: str, kind: Kind, values: Sequence[Any], at: dt.datetime) -> None:
        folder = self._folder / source / kind
        folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(folder).free < LEAST_ROOM:
            raise NoRoom
        lines = "".join(f"{json.dumps(each, separators=(',', ':'))}\n" for each in values)
        name = f"{at.astimezone(dt.UTC):{_AT}}-{secrets.token_hex(4)}"
        unfinished = folder / f".{name}"
        try:
            unfinished.write_bytes(self._seal.close_bytes(zlib.compress(lines.encode())))
            flush(unfinished)
            unfinished.replace(folder / name)
            flush(folder)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise

    def sources(self) -> list[str]:
        """List the sources from which something waits."""
        return sorted(
            path.name
            for path in self._folder.glob("*")
            if any(self.waiting(path.name, kind) for kind in Kind)
        )

    def waiting(self, source: str, kind: Kind) -> Sequence[Received]:
        """List what waits from a source, in the order of arrival."""
        return [
            Received(dt.datetime.strptime(path.name[:22], _AT).replace(tzinfo=dt.UTC), path)
            for path in sorted((self._folder / source / kind).glob("[0-9]*"))
        ]

    def values(self, received: Received) -> Iterator[Any]:
        """Yield the values of a request. Raises the seal's own error where no key fits."""
        for line in zlib.decompress(self._seal.open_bytes(received.path.read_bytes())).splitlines():
            yield json.loads(line)
