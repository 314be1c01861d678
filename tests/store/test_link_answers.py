"""A student's message by link changes the case once, and numbers cannot be guessed."""

import datetime as dt
from urllib.parse import quote

import pytest

from store.actions.cases import close as closing
from store.actions.students.record_message import record_message
from store.actions.students.use_link import (
    MOST_WRONG_NUMBERS,
    confirm_link,
    own_page,
    say_by_link,
    visit_link,
)
from store.rules.cases.case import Outreach
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import CaseStatus, Outcome
from store.rules.students.links import LinkPurpose, without_secrets
from store.rules.students.messages import ROOM, Said, Saying
from store.signed_links import LinkBroken, StudentLink
from store.tables import audit, notices, preferences, sayings
from tests.store.linked_mail import SERVER, mail, public, says, token_for, tokens
from tests.world import World

__all__ = ["mail", "public"]


def test_an_answer_moves_the_case_once_however_often_it_is_sent(
    world: World, mail: Outreach
) -> None:
    assert says(world, mail, Saying.WRONG, "I was in hospital")
    assert not says(world, mail, Saying.WRONG, "I was in hospital")

    assert world.case(mail.case).status is CaseStatus.RESPONDED
    assert len(world.rows(sayings)) == len(world.rows(notices, kind="said")) == 1
    assert "hospital" not in str(world.dump())


def test_an_answer_to_a_closed_case_is_a_question_again_and_a_wish_is_not(
    world: World, mail: Outreach
) -> None:
    closing.close_case(world.store, world.by("lena"), mail.case, Outcome.RE_ENGAGED)
    says(world, mail, Saying.OPT_OUT)
    assert world.case(mail.case).status is CaseStatus.CLOSED
    assert world.rows(preferences)[0]["opted_out_at"]

    says(world, mail, Saying.TALK, key="k2")
    assert world.case(mail.case).status is not CaseStatus.CLOSED


def test_nobody_is_told_more_often_than_helps_wherever_it_is_said(
    world: World, mail: Outreach
) -> None:
    (most, hour), (most_a_day, day) = ROOM
    for number in range(most):
        said = Said(world.student("dana"), Saying.TALK, mail=mail.id if number % 2 else None)
        assert record_message(world.store, said, f"k{number}")
    for key in ("one more", "and another"):
        with pytest.raises(NotPossibleNow, match=r"was not saved. Send it again after 1"):
            says(world, mail, Saying.TALK, key=key)
    assert not record_message(world.store, Said(world.student("dana"), Saying.TALK), "k0"), (
        "kept before: no refusal"
    )
    assert len(world.rows(sayings)) == len(world.rows(notices, kind="said")) == most

    assert says(world, mail, Saying.OPT_OUT, key="no more mail")
    with pytest.raises(NotPossibleNow, match="saved already"):
        says(world, mail, Saying.OPT_OUT, key="no more mail, again")
    with pytest.raises(NotPossibleNow):
        says(world, mail, Saying.OPT_IN, key="or do")
    assert world.rows(preferences)[0]["opted_out_at"]

    world.clock.forward(seconds=hour.total_seconds())
    for number in range(most):
        assert says(world, mail, Saying.TALK, key=f"l{number}")
    world.clock.forward(seconds=hour.total_seconds())
    for number in range(most_a_day - 2 * most - 1):
        assert says(world, mail, Saying.TALK, key=f"m{number}")
    with pytest.raises(NotPossibleNow, match="was not saved"):
        says(world, mail, Saying.TALK, key="too many for a day")
    assert record_message(world.store, Said(world.student("eli"), Saying.TALK), "another student's")
    world.clock.forward(seconds=day.total_seconds())
    assert says(world, mail, Saying.TALK, key="later")


def test_a_personal_mailbox_needs_the_student_number(world: World, mail: Outreach) -> None:
    token = token_for(world, mail, LinkPurpose.DOOR)
    door = visit_link(world.store, token)
    with pytest.raises(LinkBroken):
        own_page(world.store, door)
    with pytest.raises(LinkBroken):
        say_by_link(world.store, door, Said(door.student, Saying.FINE), "k")
    with pytest.raises(InvalidInput):
        confirm_link(world.store, door, "1002")

    proof = confirm_link(world.store, door, " 10 01 ")
    inside = visit_link(world.store, token, proof)
    assert own_page(world.store, inside).data.school == "School of Languages"

    with pytest.raises(LinkBroken):  # a proof is not a link
        visit_link(world.store, proof)
    other = world.store.links.sign(
        StudentLink(mail.id + 1, LinkPurpose.PROOF), world.clock() + dt.timedelta(hours=1)
    )
    for wrong in (other, token, token_for(world, mail, LinkPurpose.PAGE), "x"):
        with pytest.raises(LinkBroken):
            visit_link(world.store, token, wrong)
    world.clock.forward(hours=3)
    with pytest.raises(LinkBroken):
        visit_link(world.store, token, proof)
    acts = [row["action"] for row in world.rows(audit)]
    assert [acts.count(each) for each in ("link-wrong-number", "link-opened", "my-data")] == [1] * 3
    assert "1002" not in str([row["details"] for row in world.rows(audit)])


def test_numbers_cannot_be_tried_one_after_the_other(world: World, mail: Outreach) -> None:
    door = visit_link(world.store, token_for(world, mail, LinkPurpose.DOOR))
    for round_ in range(4):
        for number in range(MOST_WRONG_NUMBERS):
            with pytest.raises(InvalidInput):
                confirm_link(world.store, door, f"{round_}{number}")
        with pytest.raises(NotPossibleNow):
            confirm_link(world.store, door, "1001")
        world.clock.forward(hours=2)
    with pytest.raises(NotPossibleNow):  # as long as the link works
        confirm_link(world.store, door, "1001")
    assert [row["action"] for row in world.rows(audit)].count("link-number-refused") == 5
    world.clock.forward(days=30)
    assert confirm_link(world.store, door, "1001"), "by a newer email"


def test_own_data_holds_nobody_else_s_words(world: World, mail: Outreach) -> None:
    says(world, mail, Saying.WRONG, "I was in hospital")
    token = token_for(world, mail, LinkPurpose.PAGE)
    with pytest.raises(LinkBroken):
        own_page(world.store, visit_link(world.store, token))
    proof = confirm_link(world.store, visit_link(world.store, token), "1001")
    page = own_page(world.store, visit_link(world.store, token, proof))
    assert page.data.reasons == ("We have not seen you since Monday 6 October.",)
    assert [each.words for each in page.said] == ["I was in hospital"]
    assert "told me" not in str(page)  # Bob's view


def test_an_answer_that_quotes_the_mail_quotes_no_link(mail: Outreach) -> None:
    (token, *_) = tokens(mail)
    address = f"{SERVER}/student/{token}"
    filtered = f"https://safe.example/?url={quote(address, safe='')}&data=05"
    quoted = f"I read www.example.ac.uk/student/help\n> - I am fine: {address}\n> {filtered}"
    assert token not in without_secrets(quoted)
    assert "/student/help" in without_secrets(quoted)
