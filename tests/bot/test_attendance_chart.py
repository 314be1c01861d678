"""The card's chart: a week that was not measured is a gap and "no data" on every platform."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.cases.details import attendance_trend
from bot.cards.kit import sample_data as sample
from bot.cards.kit.column_chart import GAP, draw_columns
from bot.sandbox.renderer import columns
from bot.teams.chart_image import drawn
from store.rules.model import CaseStatus


def test_unknown_is_neither_a_zero_nor_no_sessions() -> None:
    """Registers came up to the Monday of the last week but one."""
    view = replace(
        sample.sample_case_view(CaseStatus.DISCUSSING),
        sessions=(5, 5, None, 0, 0, 3, 0, None),
        session_days=((5, 5), (5, 5), (0, 0), (5, 5), (5, 5), (4, 5), (1, 5), (0, 1)),
    )
    (chart,) = attendance_trend(view)
    assert chart.summary == (
        "Sessions attended: 5, 5, no sessions, 0, 0, 3 (4 of 5 days measured), "
        "0 (1 of 5 days measured), no data."
    )
    shown = [5, 5, None, 0, 0, 3, None, None]
    assert [value for _, value in chart.points] == shown
    in_words = [GAP if value is None else str(value) for value in shown]
    assert draw_columns(chart).splitlines()[1].split() == in_words
    assert [each.value for each in columns(chart)] == in_words
    zeros = tuple((label, value or 0) for label, value in chart.points)
    assert drawn(chart) != drawn(replace(chart, points=zeros))


def test_a_case_stored_by_an_earlier_version_is_charted_as_before() -> None:
    view = replace(sample.sample_case_view(CaseStatus.DISCUSSING), session_days=())
    (chart,) = attendance_trend(view)
    assert chart.summary == "Sessions attended: 4, 4, 3, 4, no sessions, 2, 0, 0."
