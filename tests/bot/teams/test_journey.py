"""A case on Teams, from its card to the mail that leaves."""

from __future__ import annotations

from tests.bot.adaptive_cards import message_problems, task_problems
from tests.bot.teams.campus import LANG, Campus


def test_from_the_card_to_the_mail(campus: Campus) -> None:
    campus.office.world.open_case("dana")
    campus.office.works()
    posted = campus.teams.shown(LANG)
    assert [message_problems({k: v for k, v in posted[0].activity.items() if k != "id"})] == [[]]
    assert "Dana" not in str(posted[0].activity)

    asked = campus.opens("bob", campus.button("view"))
    assert task_problems(asked) == []
    assert campus.submits("bob", asked, opinion="contact-now", reason="She was ill last week") == {}
    campus.office.works()
    assert campus.submits("sana", campus.opens("sana", campus.button("draft"))) == {}
    campus.office.works()
    read = campus.opens("alice", campus.button("approve"))
    assert campus.submits("alice", read) == {}
    campus.office.works()

    assert len(campus.office.left()) == 1
    assert [each.id for each in campus.teams.shown(LANG)] == [posted[0].id]
    assert campus.teams.shown(LANG)[0].edits >= 3
