"""Evaluate presentations one after another, or several at once in processes of their own.

What fails is returned as a sentence: the work on the others is never lost.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from integrations.fault_sentences import fault_sentence
from integrations.feeds.loading import Progress
from store.rules.flags.capacity import Room
from worker.cli.progress import count_days
from worker.evaluate.figures import Evaluated, evaluate
from worker.evaluate.presentations import SplitFolder, load

MOST_PROCESSES = 4
"""Each takes up to a gigabyte of memory."""
_LARGE = 10_000_000
"""Bytes of clicks from which processes are worth their start."""
_ENDED = "its process was ended, mostly for lack of memory. Close other programs and try again."
_POLL_SECONDS = 0.5

_days_done: Synchronized[int] | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """A presentation that was not evaluated, and the reason in a sentence."""

    name: str
    why: str
    is_fault: bool = True
    """False where its data have nothing to evaluate."""


def each_evaluated(split: SplitFolder, room: Room) -> Iterator[Evaluated | Failed]:
    """Yield each presentation's figures as they come, or why it has none. Shows progress."""
    processes = min(len(split.names), os.cpu_count() or 1, MOST_PROCESSES)
    if processes == 1 or split.size < _LARGE:
        for name in split.names:
            with count_days(f"Replaying {name}") as progress:
                found = _one(name, split.place(name), room, progress)
            split.discard(name)
            yield found
        return
    ended = list[str]()
    yield from _at_once(split, split.names, room, processes, ended)
    # One that was killed takes the pool with it, so the others that were begun are tried again.
    for name in ended:
        again = list[str]()
        yield from _at_once(split, [name], room, 1, again)
        yield from (Failed(each, _ENDED) for each in again)


def _at_once(
    split: SplitFolder, names: Sequence[str], room: Room, processes: int, ended: list[str]
) -> Iterator[Evaluated | Failed]:
    """Evaluate several at once. Those whose process was ended are added to ``ended``."""
    # Started anew, not forked: DuckDB's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    done = context.Value("q", 0)
    total = sum(split.lengths[name] for name in names)
    with ProcessPoolExecutor(processes, context, _share, (done,)) as pool:
        left: dict[Future[Evaluated | Failed], str] = {
            pool.submit(_one_of_several, name, split.place(name), room): name for name in names
        }
        while left:
            with count_days(f"Replaying, {len(left)} to go") as progress:
                finished = set[Future[Evaluated | Failed]]()
                while not finished:
                    finished, _ = wait(left, _POLL_SECONDS, FIRST_COMPLETED)
                    progress(min(done.value, total), total)
            for future in finished:
                name = left.pop(future)
                try:
                    found = future.result()
                except BrokenProcessPool:
                    ended.append(name)
                    continue
                split.discard(name)
                yield found


def _share(done: Synchronized[int]) -> None:
    global _days_done  # noqa: PLW0603 -- set once, as the process begins
    _days_done = done


def _one_of_several(name: str, place: Path, room: Room) -> Evaluated | Failed:
    counted = 0

    def progress(done: int, _total: int) -> None:
        nonlocal counted
        if _days_done is not None:
            with _days_done.get_lock():
                _days_done.value += done - counted
        counted = done

    return _one(name, place, room, progress)


def _one(name: str, place: Path, room: Room, progress: Progress) -> Evaluated | Failed:
    try:
        presentation = load(name, place)
        if isinstance(presentation, str):
            return Failed(name, presentation, is_fault=False)
        return evaluate(presentation, room, progress)
    except Exception as error:  # noqa: BLE001 -- whatever it was, the others' work is kept
        return Failed(name, fault_sentence(error) or f"unexpected error: {type(error).__name__}.")
