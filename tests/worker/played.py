"""Stories that a process plays once: a later test in the same state goes on with a copy.

What happens before a test takes longer than most tests, and hundreds begin alike.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec, TypeVar, cast

from integrations.bootstrap import Services
from integrations.job_queue import InProcessQueue

if TYPE_CHECKING:
    from tests.worker.office import Office

P = ParamSpec("P")
Given = TypeVar("Given")
Job = tuple[str, tuple[tuple[str, int | str], ...]]


class File(NamedTuple):
    """A file of a home."""

    content: bytes
    written: int
    """Nanoseconds since 1970. Tests look at the order alone."""


class Played(NamedTuple):
    """The state after a story."""

    rows: sqlite3.Connection
    files: dict[Path, File | None]
    """The files that it wrote, and those that it removed, in the home."""
    waiting: tuple[Job, ...]
    given: object


_PLAYED: dict[object, Played] = {}
"""What this process has played: the story and the state before it → the end."""


def plays(
    office: Office,
    story: Callable[Concatenate[Office, P], Given],
    *given: P.args,
    **named: P.kwargs,
) -> Given:
    """Play this story and return its result; the same story in the same state is copied.

    The story may change the database, the home's files, the clock and the queue, and nothing else.
    """

    def play() -> tuple[Given, object, int, int]:
        result = story(office, *given, **named)
        acts, clicks = next(office.world._keys) + 1, next(office._keys) + 1
        return result, office.clock.now, acts, clicks

    before = (story, given, tuple(named.items()), office.clock.now)
    result, office.clock.now, acts, clicks = once(office.services, before, play)  # type: ignore[assignment]
    office.world._keys, office._keys = count(acts), count(clicks)
    return result


def once(services: Services, before: object, play: Callable[[], Given]) -> Given:
    """Play what changes the database, the home's files and the queue, and nothing else.

    Where this process has played it with the same ``before``, rows, files and waiting jobs, the
    end is copied. On PostgreSQL, and with another queue, it is played each time.
    """
    database, queue = services.store.database, services.queue
    file = database.url.database if database.is_sqlite else None
    if not file or not isinstance(queue, InProcessQueue):
        return play()
    home = services.settings.home
    was = _files(home)
    with closing(sqlite3.connect(file)) as mine:
        key = (before, _digest(mine.serialize(), was), _waiting(queue))
        if played := _PLAYED.get(key):
            played.rows.backup(mine)
            _lay(home, played.files)
            queue.run_waiting(lambda *_, **__: None)
            for name, ids in played.waiting:
                queue.enqueue(name, **dict(ids))
            return cast("Given", played.given)
        given = play()
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        mine.backup(kept)
    files = _files(home)
    changed = {
        name: files.get(name)
        for name in was.keys() | files.keys()
        if was.get(name) != files.get(name)
    }
    _PLAYED[key] = Played(kept, changed, _waiting(queue), given)
    return given


def _digest(rows: bytes, files: Mapping[Path, File]) -> bytes:
    """Return a digest of the rows, and of the files' names and contents."""
    found = hashlib.blake2b(rows)
    for name, file in sorted(files.items()):
        found.update(f"\0{name}\0{len(file.content)}\0".encode())
        found.update(file.content)
    return found.digest()


def _waiting(queue: InProcessQueue) -> tuple[Job, ...]:
    return tuple(job for job in queue._waiting.queue if job)


def _files(home: Path) -> dict[Path, File]:
    """Return the files of a home besides its database, which is copied by itself."""
    found = (path for path in home.rglob("*") if path.is_file() and ".db" not in path.name)
    return {
        path.relative_to(home): File(path.read_bytes(), path.stat().st_mtime_ns) for path in found
    }


def _lay(home: Path, files: Mapping[Path, File | None]) -> None:
    for name, file in files.items():
        path = home / name
        path.unlink(missing_ok=True)  # it may be a link to a file that others read
        if file is not None:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            path.write_bytes(file.content)
            os.utime(path, ns=(file.written, file.written))
