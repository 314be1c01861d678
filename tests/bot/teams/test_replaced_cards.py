"""A card in Teams that was deleted by hand, or can no longer be changed, is replaced."""

from __future__ import annotations

import json

import pytest

from bot.posting.cards import IN_PLACE, OUT_OF_DATE
from store.tables import troubles
from tests.bot.teams.campus import LANG, Campus
from tests.fakes.teams.service import Message


def _cards(campus: Campus) -> list[Message]:
    return [each for each in campus.teams.shown(LANG) if each.root is None]


@pytest.mark.parametrize("is_deleted", [True, False])
def test_what_changes_is_shown_by_a_card_that_takes_the_others_place(
    campus: Campus, *, is_deleted: bool
) -> None:
    campus.office.world.open_case()
    campus.office.works()
    (old,) = _cards(campus)
    if is_deleted:
        del campus.teams.messages[old.id]
    else:
        campus.teams.faults = [("PUT activities", 405)]
    campus.office.types("alice", "take LANG-1")
    campus.office.works()
    campus.office.types("lena", "take LANG-1")
    campus.office.works()

    new = _cards(campus)[-1]
    assert len(_cards(campus)) == (1 if is_deleted else 2)
    assert "Lena" in json.dumps(new.card)
    assert IN_PLACE in json.dumps(new.card)
    words = [each for each in campus.teams.shown(LANG) if each.root == old.id]
    assert [OUT_OF_DATE in str(each.activity) for each in words] == [True] * (not is_deleted)
    assert all(new.id in str(each.activity) for each in words), "with a link to the new one"
    assert campus.office.world.rows(troubles) == []
