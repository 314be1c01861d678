"""Every rule's sentences are easy to read and label no student."""

import datetime as dt
from dataclasses import replace

import pytest
import textstat

from store.rules.calendar import Calendar
from store.rules.flag_rules import RULES
from store.rules.flag_rules.base import Rule
from store.rules.flag_rules.evidence import Evidence, Finding
from store.rules.model import MarkerFamily
from store.rules.text.tone.check import labelling_words
from tests.rules.test_flags_over_weeks import DAY, ago, clicks, register, work

EASY = 60
"""Flesch reading ease: plain English, easily understood by pupils of 13 to 15."""

SILENT = Evidence(7, (clicks(), register(attended=8)), enrolled_since=ago(60))
QUIET = Evidence(7, (clicks(1, 0, 1), work(), register(attended=1, absences=6)))
MISSED = Evidence(7, (replace(register(), family=MarkerFamily.MEETINGS, meetings_missed=3),))


def said_by(rule: Rule) -> list[Finding]:
    found = [rule.findings(Calendar(), evidence, DAY) for evidence in (SILENT, QUIET, MISSED)]
    return [finding for each in found for finding in each]


@pytest.mark.parametrize("rule", RULES)
def test_every_sentence_is_easy_to_read_and_labels_nobody(rule: type[Rule]) -> None:
    findings = said_by(rule())
    assert findings, "the examples above have nothing for this rule"
    for finding in findings:
        for text in (finding.reason_staff, finding.reason_student):
            assert textstat.textstat.flesch_reading_ease(text) >= EASY, text
            assert labelling_words(text) == []


@pytest.mark.parametrize("rule", RULES)
def test_what_is_hoped_for_is_easy_to_read_and_demands_nothing(rule: type[Rule]) -> None:
    said = rule().expectation()
    assert textstat.textstat.flesch_reading_ease(said) >= EASY, said
    assert labelling_words(said) == []


def test_the_labels_of_the_families_stay_readable() -> None:
    families = dt.date(2025, 10, 3), [family.label for family in MarkerFamily]
    assert not any(labelling_words(label) for label in families[1])
