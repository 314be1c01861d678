"""Links in mails act for one student and one purpose, once, for a month, and give nothing away."""

import datetime as dt
import re
from dataclasses import replace
from urllib.parse import quote

import jwt
import pytest
import sqlalchemy as sa

from store.actions.cases import close as closing
from store.actions.outreach import send as sending
from store.actions.outreach import write_draft
from store.actions.students.record_message import record_message
from store.actions.students.use_link import (
    MOST_WRONG_NUMBERS,
    confirm_link,
    own_page,
    say_by_link,
    visit_link,
)
from store.letters.footer import footer_of
from store.rules.cases.case import Outreach
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.letters.letter import Language
from store.rules.model import CaseStatus, Outcome, OutreachStatus, Rung
from store.rules.outreach.checks import fingerprint
from store.rules.students.links import LinkPurpose, without_secrets
from store.rules.students.messages import ROOM, Said, Saying
from store.signed_links import LinkBroken, StudentLink, StudentLinks
from store.tables import audit, notices, preferences, sayings
from store.tables import outreach as outreach_table
from tests.people import SUBJECT
from tests.world import SEAL, World

SERVER = "https://lantern.example.ac.uk"
KEYS = SEAL.secrets_for("student links")


@pytest.fixture(autouse=True)
def public(world: World) -> None:
    """Students reach this server."""
    world.store.links = StudentLinks(KEYS, SERVER)


@pytest.fixture
def mail(world: World) -> Outreach:
    """A mail that Dana got."""
    return world.begins_with(mail_to_dana)


def mail_to_dana(world: World) -> Outreach:
    world.approved_mail(world.open_case())
    return world.send()


def tokens(mail: Outreach) -> list[str]:
    return re.findall(rf"{SERVER}/student/(\S+)", mail.footer)


def token_for(world: World, mail: Outreach, purpose: LinkPurpose) -> str:
    found = {world.store.links.read(token, world.clock()).purpose: token for token in tokens(mail)}
    return found.get(purpose) or world.store.links.sign(
        StudentLink(mail.id, purpose), world.clock() + dt.timedelta(days=1)
    )


def says(world: World, mail: Outreach, kind: Saying, words: str = "", key: str = "k") -> bool:
    coming = visit_link(world.store, token_for(world, mail, LinkPurpose.PAGE))
    said = Said(coming.student, kind, words, mail=coming.mail)
    return say_by_link(world.store, coming, said, key)


def test_the_approver_approves_the_links_and_they_name_nobody(mail: Outreach) -> None:
    assert len(tokens(mail)) == 5
    assert mail.body_hash == fingerprint(mail) != fingerprint(replace(mail, footer=""))
    for token in tokens(mail):
        claims = jwt.decode(token, options={"verify_signature": False, "verify_exp": False})
        assert set(claims) == {"mail", "for", "exp"}
        assert claims["mail"] == mail.id
    assert without_secrets(mail.footer).count(f"{SERVER}/student/…") == 5
    assert not any(token in without_secrets(mail.footer) for token in tokens(mail))


def test_what_is_written_anew_or_for_another_address_gets_links_of_its_own(world: World) -> None:
    case = world.open_case()
    first = world.write_draft(case)
    world.clock.forward(days=1)
    write_draft.save_draft(
        world.store, world.by("sana"), case, SUBJECT, f"{first.body}\n\nDo write."
    )

    again = world.draft(case)

    assert again.id == first.id
    assert not set(tokens(again)) & set(tokens(first))
    assert again.body == f"{first.body}\n\nDo write."


def test_without_a_public_address_there_are_no_links(world: World) -> None:
    world.store.links = StudentLinks(KEYS)
    mail = world.approved_mail(world.open_case())
    assert (mail.footer, mail.text) == ("", mail.body)


@pytest.mark.parametrize("language", Language)
def test_under_a_personal_mail_stands_one_link_that_says_nothing(language: Language) -> None:
    links = StudentLinks(KEYS, SERVER)
    now = dt.datetime(2025, 10, 22, tzinfo=dt.UTC)
    footer = footer_of(links, 7, Rung.PERSONAL_EMAIL, language, now)
    assert footer.count(SERVER) == 1
    concern = "fine|wrong|right|talk|hold|engag|attend|stud(?!ent/)|iawn|cywir|siarad|gennym"
    assert not re.search(concern, without_secrets(footer).casefold())
    (token,) = re.findall(r"/student/(\S+)", footer)
    assert links.read(token, now) == StudentLink(7, LinkPurpose.DOOR)


def test_following_every_link_changes_nothing(world: World, mail: Outreach) -> None:
    before = world.dump()
    for token in tokens(mail) * 2:
        assert visit_link(world.store, token).student == world.student("dana")
    assert world.dump() == before


@pytest.mark.parametrize("place", [0, 5, 30, 60, 80, 100])
def test_an_altered_link_leads_nowhere(world: World, mail: Outreach, place: int) -> None:
    for token in tokens(mail):
        other = "A" if token[place] != "A" else "B"
        with pytest.raises(LinkBroken):
            visit_link(world.store, f"{token[:place]}{other}{token[place + 1 :]}")


def test_links_that_somebody_else_made_lead_nowhere(world: World, mail: Outreach) -> None:
    claims = {"mail": mail.id, "for": "page", "exp": world.clock().timestamp() + 60}
    forged = [
        jwt.encode(claims, "x" * 32, "HS256"),
        jwt.encode(claims, "", "none"),
        jwt.encode(claims, SEAL.secrets_for("slack install")[0], "HS256"),
        jwt.encode({"mail": mail.id, "for": "page"}, KEYS[0], "HS256"),
        jwt.encode(claims | {"for": "everything"}, KEYS[0], "HS256"),
        jwt.encode(claims | {"mail": mail.id + 1}, KEYS[0], "HS256"),
        "",
        "a.b.c",
        "x" * 100_000,
    ]
    for token in forged:
        with pytest.raises(LinkBroken):
            visit_link(world.store, token)


def test_a_link_works_for_a_month_and_with_the_key_before(world: World, mail: Outreach) -> None:
    world.store.links = StudentLinks([b"n" * 32, *KEYS], SERVER)
    world.clock.forward(days=29, hours=23)
    visit_link(world.store, tokens(mail)[0])
    world.clock.forward(hours=2)
    for token in tokens(mail):
        with pytest.raises(LinkBroken):
            visit_link(world.store, token)


def test_a_link_does_what_it_is_for_and_nothing_else(world: World, mail: Outreach) -> None:
    fine = visit_link(world.store, token_for(world, mail, LinkPurpose.FINE))
    before = world.dump()
    for kind in set(Saying) - {Saying.FINE}:
        with pytest.raises(LinkBroken):
            say_by_link(world.store, fine, Said(fine.student, kind, "no", mail=fine.mail), "k")
    with pytest.raises(LinkBroken):
        own_page(world.store, fine)
    assert world.dump() == before


@pytest.mark.parametrize("status", [OutreachStatus.DRAFT, OutreachStatus.CANCELLED])
def test_before_a_mail_has_left_its_links_lead_nowhere(
    world: World, status: OutreachStatus
) -> None:
    mail = world.approved_mail(world.open_case())
    with world.store.unit_of_work() as work:
        mine = outreach_table.c.id == mail.id
        work.connection.execute(sa.update(outreach_table).where(mine).values(status=status))
    for token in tokens(mail):
        with pytest.raises(LinkBroken):
            visit_link(world.store, token)


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

    with pytest.raises(LinkBroken):  # a proof is no link
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


def test_a_link_of_a_mail_that_is_gone_leads_nowhere(world: World, mail: Outreach) -> None:
    gone = replace(mail, id=mail.id + 1, footer="")
    with pytest.raises(LinkBroken):
        visit_link(world.store, token_for(world, gone, LinkPurpose.PAGE))


def test_links_that_were_changed_since_the_approval_do_not_leave(world: World) -> None:
    mail = world.approved_mail(world.open_case())
    footer = mail.footer.replace(SERVER, "https://evil.example")
    with world.store.unit_of_work() as work:
        mine = outreach_table.c.id == mail.id
        work.connection.execute(sa.update(outreach_table).where(mine).values(footer=footer))

    assert sending.check_before_sending(world.store, world.claim_mail()) is None

    assert world.mail(mail.id).status is OutreachStatus.CANCELLED


def test_an_answer_that_quotes_the_mail_quotes_no_link(mail: Outreach) -> None:
    (token, *_) = tokens(mail)
    address = f"{SERVER}/student/{token}"
    filtered = f"https://safe.example/?url={quote(address, safe='')}&data=05"
    quoted = f"I read www.example.ac.uk/student/help\n> - I am fine: {address}\n> {filtered}"
    assert token not in without_secrets(quoted)
    assert "/student/help" in without_secrets(quoted)
