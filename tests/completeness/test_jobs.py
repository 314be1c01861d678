"""Every job has one name, and each name in the queue or possibly in Redis has its job."""

from __future__ import annotations

import ast
import inspect
import pkgutil
from collections import Counter
from functools import cache

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from integrations import bootstrap
from integrations.bootstrap import Services
from store.rules.model import OutboxKind
from tests.completeness.walking import PRODUCT, modules_of, source_of
from worker import jobs
from worker.processes import clock

IN_REDIS: tuple[tuple[str, dict[str, int | str]], ...] = (
    # As they were queued by versions that are in use. None of these lines is ever changed.
    ("collect-replies", {}),
    ("deliver", {"kind": "card"}),
    ("deliver", {"kind": "data-letter"}),
    ("deliver", {"kind": "digest"}),
    ("deliver", {"kind": "erasure"}),
    ("deliver", {"kind": "picture"}),
    ("deliver", {"kind": "line"}),
    ("deliver", {"kind": "mail"}),
    ("deliver", {"kind": "automatic-reply"}),
    ("deliver", {"kind": "notice"}),
    ("directory", {}),
    ("follow-up", {"school": 1}),
    ("screen", {"day": "2025-10-22"}),
    ("sweep", {}),
)
FUNCTION_IN_REDIS = "worker.jobs.run"
SLOTS = {"screen", "directory", "done:", "digest:", "follow-up:", "watch-", "cover-"}
"""Prefixes of the names in the table of slots; a school or a platform may follow."""


@cache
def _calls() -> dict[str, list[ast.Call]]:
    """Return all calls of these functions with positional arguments in the product."""
    found: dict[str, list[ast.Call]] = {"enqueue": [], "claim_slot": [], "_is_first": []}
    for package in PRODUCT:
        for module in modules_of(package):
            for node in ast.walk(source_of(module)):
                if isinstance(node, ast.Call) and node.args:
                    function = node.func
                    called = getattr(function, "attr", getattr(function, "id", ""))
                    if called in found:
                        found[called].append(node)
    return found


def _queued() -> list[tuple[str, frozenset[str | None]]]:
    """Return each name that is queued, with the names of its arguments."""
    return [
        (str(call.args[0].value), frozenset(each.arg for each in call.keywords))
        for call in _calls()["enqueue"]
        if isinstance(call.args[0], ast.Constant)
    ]


def test_every_name_that_is_queued_is_a_job_that_takes_these_ids() -> None:
    queued = _queued()
    assert {name for name, _ in queued} == set(jobs.JOBS)
    for name, ids in queued:
        inspect.signature(jobs.JOBS[name]).bind(None, **{str(each): "" for each in ids})
    # The queue itself also passes on what it is given, so does its thread, and it passes on what
    # queued a row, for the traces.
    assert len(_calls()["enqueue"]) == len(queued) + 3


def test_there_are_six_jobs_and_each_does_something_of_its_own() -> None:
    assert len(jobs.JOBS) == 6
    assert Counter(jobs.JOBS.values()).most_common(1)[0][1] == 1


def test_a_second_job_of_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="two jobs named 'sweep'"):
        jobs.jobs_by_name(("sweep", print), ("screen", print), ("sweep", help))


@pytest.mark.parametrize(("name", "ids"), IN_REDIS, ids=str)
def test_what_waits_in_redis_still_finds_its_job(name: str, ids: dict[str, int | str]) -> None:
    inspect.signature(jobs.JOBS[name]).bind(None, **ids)


def test_what_may_wait_in_redis_is_everything_that_is_queued() -> None:
    assert {name for name, _ in IN_REDIS} == set(jobs.JOBS)
    assert {ids["kind"] for name, ids in IN_REDIS if name == "deliver"} == set(OutboxKind)


def test_the_function_that_stands_in_redis_is_the_one_that_runs_jobs() -> None:
    assert bootstrap.JOB_FUNCTION == FUNCTION_IN_REDIS
    assert pkgutil.resolve_name(FUNCTION_IN_REDIS) is jobs.run


def test_the_clock_looks_and_sweeps() -> None:
    scheduler = BackgroundScheduler()
    clock.schedule(scheduler, object.__new__(Services))
    assert [each.id for each in scheduler.get_jobs()] == ["tick", "_sweep"]


def test_a_slot_is_called_what_it_has_always_been_called() -> None:
    """Under another name, work that is already done would be done again."""
    names = set()
    for call in (*_calls()["claim_slot"], *_calls()["_is_first"]):
        named = call.args[1] if len(call.args) > 1 else None
        first = named.values[0] if isinstance(named, ast.JoinedStr) else named
        if isinstance(first, ast.Constant):
            names.add(first.value)
    assert names == SLOTS
