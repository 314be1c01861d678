"""Stories that a process plays once: a later office in the same state goes on with a copy.

What an office does before a test takes longer than most tests, and hundreds begin alike.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import sqlite3
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec, TypeVar, cast

from integrations.job_queue import InProcessQueue

if TYPE_CHECKING:
    from tests.worker.office import Office

P = ParamSpec("P")
Given = TypeVar("Given")
Job = tuple[str, tuple[tuple[str, int | str], ...]]


class Played(NamedTuple):
    """The state after a story."""

    rows: sqlite3.Connection
    files: dict[Path, bytes]
    now: dt.datetime
    acts: int
    clicks: int
    waiting: tuple[Job, ...]
    given: object


_PLAYED: dict[object, Played] = {}
"""What this process has played: the story, its arguments and the state before it → the end."""


def plays(
    office: Office,
    story: Callable[Concatenate[Office, P], Given],
    *given: P.args,
    **named: P.kwargs,
) -> Given:
    """Play this story and return its result; the same story in the same state is copied.

    The story may change the database, the home's files, the clock and the queue, and nothing else.
    An office on PostgreSQL, or with another queue, plays it each time.
    """
    database, queue = office.world.store.database, office.services.queue
    file = database.url.database if database.is_sqlite else None
    if not file or not isinstance(queue, InProcessQueue):
        return story(office, *given, **named)
    with closing(sqlite3.connect(file)) as mine:
        rows = hashlib.blake2b(mine.serialize()).digest()
        key = (story, given, tuple(named.items()), rows, office.clock.now, _waiting(queue))
        if played := _PLAYED.get(key):
            _goes_on(office, mine, played, queue)
            return cast("Given", played.given)
        result = story(office, *given, **named)
        kept = sqlite3.connect(":memory:", check_same_thread=False)
        mine.backup(kept)
    world = office.world
    acts, clicks = next(world._keys) + 1, next(office._keys) + 1
    files = _files(office.services.settings.home)
    _PLAYED[key] = Played(kept, files, office.clock.now, acts, clicks, _waiting(queue), result)
    return result


def _goes_on(
    office: Office,
    mine: sqlite3.Connection,
    played: Played,
    queue: InProcessQueue,
) -> None:
    played.rows.backup(mine)
    for name, content in played.files.items():
        path = office.services.settings.home / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_bytes(content)
    office.clock.now = played.now
    office.world._keys, office._keys = count(played.acts), count(played.clicks)
    queue.run_waiting(lambda *_, **__: None)
    for job, ids in played.waiting:
        queue.enqueue(job, **dict(ids))


def _waiting(queue: InProcessQueue) -> tuple[Job, ...]:
    return tuple(job for job in queue._waiting.queue if job)


def _files(home: Path) -> dict[Path, bytes]:
    """Return the files of an office besides its database, which is copied by itself."""
    files = (path for path in home.rglob("*") if path.is_file() and ".db" not in path.name)
    return {path.relative_to(home): path.read_bytes() for path in files}
