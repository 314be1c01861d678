"""Test files that take longest, to be started first.

If one began last, the other processes would wait for it at the end of a run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent

# Each takes more than 10 seconds of a whole run; the longest comes first.
LONG = (
    "worker/test_demo.py",
    "chaos/test_outages.py",
    "policy/test_par_16_fitness_to_study.py",
    "life/test_term.py",
    "load/test_load.py",
    "policy/test_par_12_corrections.py",
    "policy/test_par_17_reasons_over.py",
    "worker/test_evaluate.py",
    "worker/test_start.py",
    "browser/test_journey.py",
    "browser/test_sandbox_page.py",
    "worker/test_redis_scheme.py",
    "worker/test_round_trips.py",
    "worker/test_setup_texts.py",
    "worker/test_graph_exactly_once.py",
    "integrations/test_events_hostile.py",
    "policy/test_par_01_supportive.py",
    "worker/test_network_drops.py",
    "worker/test_waiting_uses_no_attempt.py",
    "policy/test_par_18_designed_with_care.py",
    "policy/test_par_13_discussion.py",
    "worker/test_simulate.py",
    "policy/test_par_15_every_effort.py",
    "browser/test_lesson.py",
    "policy/test_par_21_versions.py",
    "worker/test_erasure.py",
    "policy/test_par_03_monitored_daily.py",
    "integrations/test_graph_answers.py",
    "worker/test_screening.py",
    "worker/test_outreach_smtp.py",
    "bot/test_disclosures.py",
    "policy/test_par_28_who_stays.py",
    "worker/test_bad_days.py",
    "integrations/test_slack_pace.py",
    "browser/test_clicks.py",
    "bot/test_typed_before.py",
    "worker/test_redis_takes_nothing.py",
    "policy/test_par_24_home_school.py",
    "browser/test_keyboard.py",
    "rules/test_link_secrets.py",
    "policy/test_par_12_agreed_sources.py",
    "worker/test_supervisor.py",
    "browser/test_accessibility.py",
    "test_expressions.py",
    "worker/test_a_fault_at_each_statement.py",
    "policy/test_par_17_no_labels.py",
    "worker/test_unknown_is_settled.py",
    "integrations/test_ledger_order.py",
    "worker/test_student_mail.py",
    "policy/test_par_26_support_officer.py",
    "browser/test_student_page.py",
    "integrations/test_engine_reference.py",
    "stored/test_old_databases.py",
    "bot/test_desk_buttons.py",
    "worker/test_fairness.py",
    "worker/test_jobs_rq.py",
    "worker/test_redis_restarts.py",
    "integrations/test_service_says_nothing.py",
    "worker/test_erasure_interrupted.py",
    "store/test_invariants.py",
    "policy/test_par_28_retention.py",
    "bot/test_internal_ids.py",
    "integrations/test_engine_missed.py",
    "policy/test_par_12_corrected_figures.py",
)
_PLACES = {HERE / each: place for place, each in enumerate(LONG)}


def long_first(items: list[pytest.Item]) -> None:
    """Put the tests of these files first, and leave all others in their order."""
    items.sort(key=lambda item: _PLACES.get(item.path, len(LONG)))
