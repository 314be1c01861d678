"""Details of wording: a reason over all markers, links to the rest of a list, and who to ask."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.cases.details import marker
from bot.cards.cases.lists import today_card
from bot.cards.flags.surge_holds import _sample
from bot.cards.kit import sample_data as sample
from bot.cards.schools.lookups import queue_card
from store.queries.privacy.who_saw import _purpose
from store.rules.model import CaseStatus


def test_a_reason_over_all_markers_belongs_to_none_of_them() -> None:
    flag = sample.sample_case_view(CaseStatus.OPEN).flags[0]
    assert marker(flag) != "All activity"
    assert marker(replace(flag, is_overall=True)) == "All activity"


def test_what_a_list_leaves_out_has_a_way_to_it() -> None:
    lines = [sample.line(number, CaseStatus.OPEN) for number in range(1, 13)]
    assert "and 2 more: /lantern cases" in repr(today_card(sample.DAY, lines))


def test_a_module_without_an_organiser_is_asked_about_all_the_same() -> None:
    said = repr(queue_card([], [replace(_sample(), organiser_name=None)]))
    assert "Ask who teaches it." in said
    assert "Ask the module organiser" not in said


def test_who_saw_speaks_of_emails() -> None:
    assert _purpose("reading-mail-in-the-sandbox") == "Reading emails in the sandbox"
