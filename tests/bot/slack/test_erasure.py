"""Erasure in Slack deletes Lantern's messages, and lists those that Slack refuses to delete."""

from __future__ import annotations

from store.queries.privacy.receipt import receipt
from store.rules.privacy import RemnantKind
from tests.bot.slack.campus import LANG, SlackCampus, user_id
from tests.fakes.slack.records import TEAM, Message
from tests.worker.erasures import erase, joins


def test_every_message_of_a_student_is_deleted_and_what_slack_refused_is_listed(
    campus: SlackCampus,
) -> None:
    office, slack = campus.office, campus.slack
    joins(office, "priya", "LANG")
    office.world.open_case("dana")
    office.world.open_case("eli")
    office.works()
    direct = campus.workspace.direct(TEAM, user_id("alice"))
    campus.says("alice", "today", direct.channel)
    card = next(each for each in slack.shown(LANG) if "LANG-1" in str(each.body))
    said = Message("9.000001", LANG, {"text": "She was ill", "user": user_id("bob")}, card.ts)
    slack.messages.append(said)
    assert "LANG-1" in str(slack.shown(direct.channel))

    done = erase(office)
    office.works()

    left = [each for each in slack.messages if "LANG-1" in str(each.body)]
    assert left == []
    assert "LANG-2" in str(slack.shown(LANG)), "the other student's card stands"
    assert said in slack.messages
    with office.world.store.database.read() as connection:
        (told,) = receipt(connection, done).left
    assert (told.kind, told.message) == (RemnantKind.REMARK, said.ts)
    assert "only its author" in told.why or "Slack" in told.why
