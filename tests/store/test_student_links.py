"""Links in emails: signed, approved with the letter, valid for one student, purpose and month."""

import datetime as dt
import re
from dataclasses import replace

import jwt
import pytest
import sqlalchemy as sa

from store.actions.outreach import send as sending
from store.actions.outreach import write_draft
from store.actions.students.use_link import own_page, say_by_link, visit_link
from store.letters.footer import footer_of
from store.rules.cases.case import Outreach
from store.rules.letters.letter import Language
from store.rules.model import OutreachStatus, Rung
from store.rules.outreach.checks import fingerprint
from store.rules.students.links import LinkPurpose, without_secrets
from store.rules.students.messages import Said, Saying
from store.signed_links import LinkBroken, StudentLink, StudentLinks
from store.tables import outreach as outreach_table
from tests.people import SUBJECT
from tests.store.linked_mail import KEYS, SERVER, mail, public, token_for, tokens
from tests.stores import SEAL
from tests.world import World

__all__ = ["mail", "public"]


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
