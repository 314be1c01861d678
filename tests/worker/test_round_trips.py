"""Actions make few database statements, and no more with more cases, people or rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cards.kit.model import Button
from bot.commands.table import COMMANDS
from tests.bot.case_states import STATES
from tests.bot.test_desk_buttons import as_it_was, card_for
from tests.worker.office import Office, office_in
from tests.worker.round_trips import Counts, counted, walked

CLICK, PAGE = 25, 15
"""The most statements of a click with its card, and of a page that lists. Each is a round trip to
the database, which may be far away."""
LISTS = frozenset(
    {"help", "list", "today", "mine", "cases", "digest", "me", "home", "find", "queue", "feeds"}
    | {"policy", "statement", "coverage"}
)
"""The commands that answer with a list, as the pages do."""


@pytest.fixture(scope="module")
def small() -> Counts:
    return walked(1)


def _kind(what: str) -> str:
    """Return the command or the page, without the person and the details."""
    if what.startswith("page"):
        return " ".join(what.split()[:2])
    return what.partition(":")[0]


def _most(what: str) -> int:
    return PAGE if what.startswith("page") or _kind(what) in LISTS else CLICK


def test_nothing_asks_more_for_more_cases_people_or_rows(small: Counts) -> None:
    many = walked(3)
    assert many.keys() == small.keys()
    grown = {what: (small[what], made) for what, made in many.items() if made > small[what]}
    assert not grown


def test_a_click_and_a_page_ask_little(small: Counts) -> None:
    assert not {what: made for what, made in small.items() if made > _most(what)}


def test_every_command_is_among_them(small: Counts) -> None:
    assert {_kind(what) for what in small} >= {command.name for command in COMMANDS.rows()}


@pytest.mark.parametrize("state", STATES)
def test_every_button_of_every_state_asks_little(tmp_path: Path, state: str) -> None:
    with office_in(tmp_path) as office:
        STATES[state](office, office.world.open_case())
        with as_it_was(office) as put_back:
            for who, button in _buttons(office):
                with counted(office) as made:
                    office.clicks(who, button.action, **button.ids)
                put_back()
                assert len(made) <= CLICK, (who, button, len(made))


def _buttons(office: Office) -> Iterator[tuple[str, Button]]:
    for who in ("alice", "lena"):
        for button in card_for(office, 1, who).buttons():
            yield who, button
