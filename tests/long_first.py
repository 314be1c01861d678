"""The files that take longest, which start first: begun last, one of them would keep all processes
but its own waiting at the end of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent

# Each takes above ten seconds of processor time; the longest first.
LONG = (
    "life/test_term.py",
    "worker/test_demo.py",
    "worker/test_bad_days.py",
    "browser/test_sandbox_page.py",
    "bot/teams/test_wrong_people.py",
    "worker/test_start.py",
    "worker/test_setup_texts.py",
    "bot/test_desk_buttons.py",
    "browser/test_student_page.py",
    "worker/test_erasure_interrupted.py",
    "worker/test_erasure.py",
    "policy/test_par_03_monitored_daily.py",
    "worker/test_evaluate.py",
    "bot/test_disclosures.py",
    "browser/test_journey.py",
    "worker/test_simulate.py",
    "completeness/test_nets.py",
    "browser/test_lesson.py",
    "bot/test_internal_ids.py",
    "policy/test_par_18_designed_with_care.py",
    "policy/test_par_12_agreed_sources.py",
    "policy/test_par_16_fitness_to_study.py",
    "worker/test_cli.py",
    "policy/test_par_15_every_effort.py",
    "worker/test_outreach.py",
    "worker/test_graph_exactly_once.py",
    "worker/test_outreach_killed.py",
    "worker/test_fitness.py",
    "worker/test_nothing_to_do.py",
    "worker/test_screening.py",
    "test_expressions.py",
    "worker/test_commands_policy.py",
    "bot/test_typed_before.py",
    "bot/slack/test_wrong_people.py",
    "integrations/test_slack_pace.py",
    "store/test_invariants.py",
)
_PLACES = {HERE / each: place for place, each in enumerate(LONG)}


def long_first(items: list[pytest.Item]) -> None:
    """Put the tests of these files in front, and leave all others in their order."""
    items.sort(key=lambda item: _PLACES.get(item.path, len(LONG)))
