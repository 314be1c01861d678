"""The data protection officer's documents describe the program and this installation."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from typer.main import get_command

from store.rules.papers.principles import ICO, JISC, Principle
from store.rules.papers.record_kinds import KINDS, RetentionPeriod
from store.rules.papers.writing import Recipient, SchoolPeriods, papers
from store.rules.policies.retention import Retention
from store.tables import metadata
from worker.cli.main import app

DAY = dt.date(2025, 10, 22)
LONG = SchoolPeriods("School of Languages", Retention(case_years=6), "Dora Officer, 1 October 2025")
SHORT = SchoolPeriods("School of Maths | Physics", Retention(case_years=3), "")


def test_every_table_is_in_the_record_of_processing_once() -> None:
    named = [table for kind in KINDS for table in kind.tables]
    assert sorted(named) == sorted(metadata.tables)


def test_a_sealed_column_is_in_a_kind_that_says_so() -> None:
    """Text that a person wrote is sealed, since it may be about anything."""
    for name in ("replies", "views", "sayings", "remarks", "student_groups"):
        (kind,) = (each for each in KINDS if name in each.tables)
        assert kind.is_sensitive, name


@pytest.mark.parametrize("principle", [*JISC, *ICO], ids=lambda each: each.heading)
def test_what_is_named_as_proof_exists(principle: Principle) -> None:
    names = {*papers((), (), DAY), "the student's page"}
    for shown in principle.shown_by.split("; "):
        command = get_command(app)
        for word in shown.split()[1:] if shown.startswith("lantern ") else ():
            command = command.commands[word]  # type: ignore[attr-defined]
        assert shown.startswith("lantern ") or shown in names


def test_schools_with_other_periods_are_named_with_them() -> None:
    same = papers([LONG, LONG], (), DAY)["record-of-processing.md"]
    assert "Kept: 6 years after the case closes" in same
    other = papers([LONG, SHORT], (), DAY)["record-of-processing.md"]
    assert "School of Languages: 6 years after the case closes" in other
    assert "School of Maths | Physics: 3 years after the case closes" in other


def test_a_schedule_without_approval_says_that_nothing_is_deleted() -> None:
    rows = papers([LONG, SHORT], (), DAY)["retention.md"].splitlines()
    (languages,) = (row for row in rows if row.startswith("| School of Languages"))
    (maths,) = (row for row in rows if row.startswith("| School of Maths"))
    assert languages.endswith("| Dora Officer, 1 October 2025 |")
    assert maths.endswith("not yet: nothing is deleted by age |")
    assert len(re.split(r"(?<!\\)\|", maths)) == 5, "a name does not add a cell"


def test_what_goes_sooner_and_whether_the_audit_is_anchored_is_said() -> None:
    schedule = papers([LONG], (), DAY)["retention.md"]
    assert "what was delivered, as it was | 60 days after it arrived |" in schedule
    assert "documents for an absence | Once the request is decided |" in schedule
    without = papers((), (), DAY)["impact-assessment.md"]
    assert "AUDIT_ANCHOR is not set" in without
    assert "recorded in another place (" not in without
    assert "a cut is found" in papers((), (), DAY, is_anchored=True)["impact-assessment.md"]


def test_recipients_are_those_of_the_settings() -> None:
    assert "no data leaves" in papers((), (), DAY)["recipients.md"]
    slack = Recipient("Slack", "Cards", ("SLACK_BOT_TOKEN",))
    written = papers((), [slack], DAY)
    assert "| Slack | Cards | `SLACK_BOT_TOKEN` |" in written["recipients.md"]
    assert "Recipients: Slack." in written["record-of-processing.md"]


def test_periods_are_given_in_words() -> None:
    for period in RetentionPeriod:
        assert period.words(Retention()).strip(), period
