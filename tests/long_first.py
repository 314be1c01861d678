"""Test files that take longest, to be started first.

If one began last, the other processes would wait for it at the end of a run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent

# Each takes more than 6 seconds of a whole run; the longest comes first. Before them stand three
# that start no process: the types are checked beside them in the first minute. The load test, whose
# clicks have to be answered in time, comes later for the same reason.
LONG = (
    "policy/test_par_16_fitness_to_study.py",
    "policy/test_par_12_corrections.py",
    "policy/test_par_17_reasons_over.py",
    "browser/test_lesson.py",
    "worker/test_setup_texts.py",
    "worker/test_demo.py",
    "life/test_term.py",
    "chaos/test_outages.py",
    "worker/test_supervisor.py",
    "browser/test_keyboard.py",
    "browser/test_student_page.py",
    "worker/test_erasure.py",
    "worker/test_start.py",
    "worker/test_network_drops.py",
    "load/test_load.py",
    "worker/test_redis_scheme.py",
    "worker/test_waiting_uses_no_attempt.py",
    "worker/test_graph_exactly_once.py",
    "policy/test_par_13_discussion.py",
    "browser/test_sandbox_page.py",
    "stored/test_old_databases.py",
    "worker/test_outreach.py",
    "worker/test_replies.py",
    "worker/test_round_trips.py",
    "browser/test_journey.py",
    "policy/test_par_15_every_effort.py",
    "integrations/test_bootstrap.py",
    "browser/test_clicks.py",
    "worker/test_redis_takes_nothing.py",
    "policy/test_par_01_supportive.py",
    "integrations/test_slack_pace.py",
    "policy/test_par_18_designed_with_care.py",
    "browser/test_accessibility.py",
    "policy/test_par_03_monitored_daily.py",
    "worker/test_bad_days.py",
    "policy/test_par_21_versions.py",
    "policy/test_par_09_families.py",
    "integrations/test_service_says_nothing.py",
    "worker/test_unknown_is_settled.py",
    "bot/test_internal_ids.py",
    "worker/test_erasure_interrupted.py",
    "worker/test_redis_restarts.py",
    "worker/test_screening.py",
    "integrations/test_engine_missed.py",
    "bot/test_canaries.py",
    "policy/test_par_28_who_stays.py",
    "policy/test_par_12_corrected_figures.py",
    "worker/test_fairness.py",
    "worker/test_polls_interrupted.py",
    "worker/test_outreach_smtp.py",
    "bot/test_typed_before.py",
    "bot/test_desk_buttons.py",
    "bot/slack/test_wrong_people.py",
    "store/test_after_closing.py",
    "bot/slack/test_chart_pictures.py",
    "policy/test_par_26_support_officer.py",
    "policy/test_par_12_agreed_sources.py",
    "bot/test_empty_dialogs.py",
    "rules/test_link_secrets.py",
    "integrations/test_slack_posts_once.py",
    "bot/test_journey.py",
    "bot/slack/test_enterprise.py",
    "bot/test_posting_at_once.py",
    "integrations/test_events_hostile.py",
    "policy/test_par_24_home_school.py",
    "policy/test_internal_numbers.py",
    "bot/teams/test_wrong_people.py",
    "store/test_letter_figures.py",
    "worker/test_directory.py",
    "policy/test_par_17_no_labels.py",
    "worker/test_operator_is_told.py",
    "store/test_migrations.py",
    "bot/test_disclosures.py",
    "store/test_invariants.py",
    "store/test_complaints.py",
    "store/test_heard_while_waiting.py",
    "integrations/test_ledger_order.py",
    "worker/test_evaluate.py",
    "store/test_after_closing_again.py",
    "policy/test_par_10_cross_section.py",
    "store/test_student_voice.py",
    "integrations/test_slack_workspace.py",
    "worker/test_backup.py",
    "policy/test_par_28_retention.py",
    "store/test_mail_match.py",
    "integrations/test_graph_answers.py",
)
_PLACES = {HERE / each: place for place, each in enumerate(LONG)}


def long_first(items: list[pytest.Item]) -> None:
    """Put the tests of these files first, and leave all others in their order."""
    items.sort(key=lambda item: _PLACES.get(item.path, len(LONG)))
