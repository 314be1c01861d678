"""A pytest plugin that tries each change on the tests that reach it, in a separate process.

pytest collects once. A first child runs every test and records which lines of the rules it reaches.
Then each change is tried in a child that begins where collecting ended, so that it runs only its
own tests, the quickest first, and stops at the first that fails.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage

from tests.mutants.changes import Change, apply, forget

NOTICED, SURVIVED, UNREACHED, TOO_LONG = "noticed", "survived", "unreached", "too long"
PATIENCE = 2
"""Times the tests' own time that a change may take, and as many seconds more."""
SPACE = 2 << 30
"""Bytes of memory, beyond the present use, that a change may allocate."""


@dataclass
class Reach:
    """Which tests, by their place in the collection, reach which line, and how long each takes."""

    seconds: dict[int, float]
    tests: dict[str, dict[int, frozenset[int]]]
    """By file and line."""


class Trial:
    """A plugin of pytest that tries every change on the tests instead of running them once."""

    def __init__(
        self,
        root: Path,
        changes: Callable[[], Iterator[tuple[Path, Change]]],
        report: Callable[[Change, str], None],
        at_most: float,
    ) -> None:
        self.root = root
        self.changes = changes
        self.report = report
        self.at_most = at_most
        self.failed: list[str] = []

    def pytest_configure(self) -> None:
        """Use the same generated values each time, and do not shrink them after a failure."""
        from hypothesis import Phase, settings

        settings.register_profile(
            "mutants",
            database=None,
            deadline=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
        )
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = session.items
        _warm(items)
        reach, self.failed = _in_a_child(lambda: _reach(items, self.root))
        if self.failed:
            return True
        last: dict[str, int] = {}
        for path, change in self.changes():
            chosen = self._chosen(reach, path, change, last.get(change.function))
            if not chosen:
                self.report(change, UNREACHED)
                continue
            allowed = sum(reach.seconds[each] for each in chosen)
            verdict, by = _try(change, [items[each] for each in chosen], allowed)
            if by is not None:
                last[change.function] = chosen[by]
            self.report(change, verdict)
        return True

    def _chosen(self, reach: Reach, path: Path, change: Change, first: int | None) -> list[int]:
        lines = reach.tests.get(str(path), {})
        reached = set[int]().union(*(lines.get(line, ()) for line in change.lines))
        chosen, spent = list[int](), 0.0
        for each in sorted(reached, key=lambda test: (test != first, reach.seconds[test], test)):
            spent += reach.seconds[each]
            if spent > self.at_most and chosen:
                break
            chosen.append(each)
        return chosen


def _warm(items: Sequence[pytest.Item]) -> None:
    """Prepare here what each child would repeat: the empty database and compiled statements."""
    first = {item.path: item for item in items if "sqlite" in item.name}
    for item in first.values():
        _passes(item, None)


def _in_a_child(work: Callable[[], tuple[Reach, list[str]]]) -> tuple[Reach, list[str]]:
    ours, theirs = os.pipe()
    if not (child := os.fork()):
        os.close(ours)
        with os.fdopen(theirs, "wb") as pipe:
            pickle.dump(work(), pipe)
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        found: tuple[Reach, list[str]] = pickle.load(pipe)  # noqa: S301
    os.waitpid(child, 0)
    return found


def _reach(items: Sequence[pytest.Item], root: Path) -> tuple[Reach, list[str]]:
    coverage = Coverage(data_file=None, include=[str(root / "*")], config_file=False)
    coverage.start()
    seconds, failed = {}, []
    for place, item in enumerate(items):
        coverage.switch_context(str(place))
        forget()
        began = time.process_time()
        if not _passes(item, items[place + 1] if place + 1 < len(items) else None):
            failed.append(item.nodeid)
        seconds[place] = time.process_time() - began
    coverage.stop()
    data = coverage.get_data()
    tests: dict[str, dict[int, frozenset[int]]] = defaultdict(dict)
    for path in data.measured_files():
        for line, contexts in data.contexts_by_lineno(path).items():
            tests[path][line] = frozenset(int(each) for each in contexts if each)
    return Reach(seconds, dict(tests)), failed


def _passes(item: pytest.Item, following: pytest.Item | None) -> bool:
    return not any(each.failed for each in runtestprotocol(item, log=False, nextitem=following))


def _try(change: Change, items: Sequence[pytest.Item], allowed: float) -> tuple[str, int | None]:
    """Return the verdict, and the place of the failing test among the tests."""
    ours, theirs = os.pipe()
    if not (child := os.fork()):
        _run_changed(change, items, theirs, allowed)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return TOO_LONG, None
    return (NOTICED, int(said)) if said else (SURVIVED, None)


def _run_changed(
    change: Change, items: Sequence[pytest.Item], tell: int, allowed: float
) -> None:  # pragma: no cover
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    limit = int(PATIENCE * allowed) + PATIENCE
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + SPACE, used + SPACE))
    signal.alarm(10 * limit)
    try:
        apply(change)
    except Exception:  # noqa: BLE001
        os.write(tell, b"0")  # not even a function any more
        os._exit(0)
    for place, item in enumerate(items):
        following = items[place + 1] if place + 1 < len(items) else None
        try:
            passed = _passes(item, following)
        except BaseException:  # noqa: BLE001
            passed = False
        if not passed:
            os.write(tell, str(place).encode())
            os._exit(0)
    os._exit(0)
