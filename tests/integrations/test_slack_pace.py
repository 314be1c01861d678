"""A morning's cards are posted as fast as Slack allows and no faster. Time is simulated."""

from __future__ import annotations

from pathlib import Path

from tests.integrations.slack_morning import CARDS, post_morning


def test_1500_cards_over_40_channels_by_two_workers_take_what_the_limit_takes(
    tmp_path: Path,
) -> None:
    morning = post_morning(tmp_path)

    assert morning.cards == CARDS
    assert morning.refused == 0, "no 429 at all"
    assert morning.share_of_limit >= 0.9
