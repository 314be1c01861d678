"""Runs several terms of bad days at once, one process each, at most one for each core."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.chaos.bad_day import Term
from tests.chaos.bad_term import live
from tests.servers import new_postgresql_database

Run = tuple[Term, str, str]
"""A term, the kind of its database, and the URL of PostgreSQL's server."""


def live_through(runs: list[Run]) -> bool:
    """Simulate all runs, even if one fails, and return whether all were right."""
    cores = min(len(runs), os.cpu_count() or 1)
    # The runs share nothing: each has its own clock, log and servers.
    with ProcessPoolExecutor(cores, multiprocessing.get_context("spawn")) as processes:
        return all(list(processes.map(_live, runs)))


def _live(run: Run) -> bool:
    """Simulate one run, and print what was wrong."""
    term, kind, server = run
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        url = stack.enter_context(new_postgresql_database(server)) if kind != "sqlite" else ""
        found = live(term, Path(home), url)
    named = f"{kind:10} bad days, seed {term.seed}, {term.schools} schools, {term.days} days"
    print("\n  ".join([f"{named}: {found.line()}", *found.wrong, *found.unexplained]), flush=True)
    return found.is_right
