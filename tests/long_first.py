"""Test files that take longest, to be started first.

If one began last, the other processes would wait for it at the end of a run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent

# Each takes more than 10 seconds of processor time; the longest comes first.
LONG = (
    "browser/test_sandbox_page.py",
    "browser/test_journey.py",
    "worker/test_demo.py",
    "worker/test_round_trips.py",
    "worker/test_erasure.py",
    "life/test_term.py",
    "bot/test_internal_ids.py",
    "browser/test_lesson.py",
    "bot/teams/test_wrong_people.py",
    "worker/test_setup_texts.py",
    "worker/test_start.py",
    "policy/test_internal_numbers.py",
    "worker/test_erasure_interrupted.py",
    "worker/test_evaluate.py",
    "bot/test_empty_dialogs.py",
    "bot/test_desk_buttons.py",
    "policy/test_par_03_monitored_daily.py",
    "store/test_after_closing.py",
    "worker/test_graph_exactly_once.py",
    "worker/test_bad_days.py",
    "worker/test_simulate.py",
    "worker/test_nothing_to_do.py",
    "bot/test_typed_before.py",
    "browser/test_student_page.py",
    "policy/test_par_09_families.py",
    "bot/slack/test_wrong_people.py",
    "policy/test_par_15_every_effort.py",
    "store/test_invariants.py",
    "worker/test_commands_policy.py",
    "worker/test_screening.py",
    "policy/test_par_18_designed_with_care.py",
    "worker/test_erasure_commands.py",
    "policy/test_par_01_supportive.py",
    "completeness/test_nets.py",
    "bot/student/test_student_page.py",
    "policy/test_par_17_no_labels.py",
    "worker/test_outreach_smtp.py",
    "bot/test_desk_reasons.py",
    "test_expressions.py",
    "worker/test_a_fault_at_each_statement.py",
    "policy/test_par_16_fitness_to_study.py",
    "bot/test_disclosures.py",
    "worker/test_supervisor.py",
    "worker/test_cli.py",
    "store/test_migrations.py",
    "integrations/test_slack_pace.py",
    "worker/test_setup_slack.py",
    "worker/test_outreach.py",
    "bot/test_desk_death.py",
    "worker/test_backup.py",
    "worker/test_fitness.py",
    "policy/test_par_13_discussion.py",
    "bot/test_journey.py",
    "worker/test_redis_restarts.py",
    "policy/test_par_12_agreed_sources.py",
    "store/test_contacts.py",
    "bot/teams/test_listeners.py",
    "policy/test_par_07_principles.py",
    "worker/test_read_now.py",
    "integrations/test_bootstrap.py",
)
_PLACES = {HERE / each: place for place, each in enumerate(LONG)}


def long_first(items: list[pytest.Item]) -> None:
    """Put the tests of these files first, and leave all others in their order."""
    items.sort(key=lambda item: _PLACES.get(item.path, len(LONG)))
