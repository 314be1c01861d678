"""Every platform is registered with how it shows a card and a line."""

import pytest

from bot.cards.kit.reply_cards import notice
from bot.cards.notices.thread_notice import Line
from bot.platforms import LINES, RENDERERS
from store.rules.model import Platform


@pytest.mark.parametrize("platform", Platform)
def test_a_platform_shows_cards_and_lines(platform: Platform) -> None:
    card = RENDERERS[platform](notice("Nothing is waiting."))
    assert "Nothing is waiting." in str(card)
    assert "A reply came." in str(LINES[platform](Line("A reply came.")))
