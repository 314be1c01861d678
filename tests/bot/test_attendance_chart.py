"""The card's chart shows a week without measurements as a gap and "no data" on each platform."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.cases.details import attendance_trend
from bot.cards.kit import sample_data as sample
from bot.cards.kit.column_chart import GAP, draw_columns
from bot.sandbox.renderer import columns
from bot.teams.chart_image import drawn
from store.rules.model import CaseStatus


def test_unknown_is_neither_a_zero_nor_no_sessions() -> None:
    """The registers arrived up to the Monday of the last week but one."""
    view = replace(
        sample.sample_case_view(CaseStatus.DISCUSSING),
        sessions=(5, 5, None, 0, 0, 3, 0, None),
        session_days=((5, 5), (5, 5), (0, 0), (5, 5), (5, 5), (4, 5), (1, 5), (0, 1)),
        class_median=(),
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
    view = replace(sample.sample_case_view(CaseStatus.DISCUSSING), session_days=(), class_median=())
    (chart,) = attendance_trend(view)
    assert chart.summary == "Sessions attended: 4, 4, 3, 4, no sessions, 2, 0, 0."


def test_the_class_median_stands_beside_the_sessions_in_words_and_pictures() -> None:
    view = replace(
        sample.sample_case_view(CaseStatus.DISCUSSING),
        sessions=(4, 4, 3, 4, None, 2, 0, 0),
        class_median=(4, 4.5, 4, 4, None, 3, 3.5, None),
    )
    (chart,) = attendance_trend(view)
    assert chart.summary == (
        "Sessions attended: 4, 4, 3, 4, no sessions, 2, 0, 0. "
        "Class median: 4, 4.5, 4, 4, none, 3, 3.5, none."
    )
    assert chart.top == 5, "a median above every column is within the chart"
    shown = list(columns(chart))
    drawn_at = [each.median for each in shown]
    assert [at is None for at in drawn_at] == [middle is None for middle in chart.median]
    assert drawn_at[0] == shown[0].top
    assert drawn(chart) != drawn(replace(chart, median=()))
