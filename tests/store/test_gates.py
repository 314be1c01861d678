"""Every condition for an email to a student, tested when it is met and when it is not."""

import pytest

from store.actions.outreach import approve as outreach
from store.actions.schools.load_roster import load_roster
from store.rules.errors import CaseworkError, NotAllowed
from store.rules.model import Opinion, OutboxKind, OutreachStatus, Role
from store.rules.schools import Roster, StaffEntry
from store.tables import outbox
from tests.people import BODY, LANGUAGES, policy_document
from tests.world import World

NEEDS_A_VIEW = "This needs 1 more view first"


def refused_approval(world: World, case: int, name: str = "alice") -> str:
    """Open the draft and try to approve it; return the refusal's text."""
    outreach.open_draft(world.store, world.by(name), case)
    return refused_click(world, case, name)


def refused_click(world: World, case: int, name: str = "alice") -> str:
    draft = world.draft(case)
    with pytest.raises(CaseworkError) as refused:
        outreach.approve_email(world.store, world.by(name), case, draft.id)
    assert world.mail(draft.id).status is OutreachStatus.DRAFT
    assert mails(world) == []
    return refused.value.sentence


def mails(world: World) -> list[str]:
    return [str(row["state"]) for row in world.rows(outbox, kind=OutboxKind.MAIL)]


# -- A colleague's view ------------------------------------------------------------------------


@pytest.mark.parametrize("viewers", [[], ["sana"], ["alice"], ["sana", "alice", "alice"]])
def test_without_another_colleagues_view_nothing_is_approved(
    world: World, viewers: list[str]
) -> None:
    """Neither the drafter Sana nor the approver Alice counts, however many views they give."""
    case = world.open_case()
    for viewer in viewers:
        world.give_view(case, viewer, Opinion.CONTACT_NOW)
    world.write_draft(case, "sana")

    assert refused_approval(world, case).startswith(NEEDS_A_VIEW)


@pytest.mark.parametrize("opinion", Opinion)
def test_any_opinion_of_another_colleague_is_a_discussion(world: World, opinion: Opinion) -> None:
    case = world.open_case()
    world.give_view(case, "bob", opinion)
    world.write_draft(case)

    assert world.approve(case).status is OutreachStatus.APPROVED


def test_the_view_of_whoever_drafts_afterwards_no_longer_counts(world: World) -> None:
    case = world.open_case()
    world.give_view(case, "lena")
    world.write_draft(case, "sana")
    world.write_draft(case, "lena", body=f"{BODY}\n\nPS: all the best")

    assert refused_approval(world, case).startswith(NEEDS_A_VIEW)


def test_the_view_of_whoever_drafted_before_does_not_count_either(world: World) -> None:
    """Otherwise two people could pass a draft back and forth and each be the other's colleague."""
    case = world.open_case()
    world.give_view(case, "sana")
    world.write_draft(case, "sana")
    world.write_draft(case, "lena", body=f"{BODY}\n\nPS: all the best")

    assert refused_approval(world, case).startswith(NEEDS_A_VIEW)


def test_a_school_may_ask_for_more_views(world: World) -> None:
    world.publish(policy_document(views_needed=2))
    case = world.open_case()
    world.give_view(case, "bob")
    world.give_view(case, "bob")
    world.write_draft(case)
    assert refused_approval(world, case).startswith(NEEDS_A_VIEW), "one person is one view"

    world.give_view(case, "lena")

    assert world.approve(case).status is OutreachStatus.APPROVED


# -- The approver has opened it ----------------------------------------------------------------


def discussed(world: World) -> int:
    case = world.open_case()
    world.give_view(case)
    world.write_draft(case)
    return case


def test_a_mail_that_nobody_opened_is_not_approved(world: World) -> None:
    case = discussed(world)

    assert refused_click(world, case) == "Open and read the whole email before you approve it."


def test_that_somebody_else_opened_it_is_not_enough(world: World) -> None:
    case = discussed(world)
    outreach.open_draft(world.store, world.by("lena"), case)

    assert "Open and read" in refused_click(world, case, "alice")


def test_a_text_that_changed_since_is_read_again(world: World) -> None:
    case = discussed(world)
    outreach.open_draft(world.store, world.by("alice"), case)
    world.write_draft(case, "sana", body=f"{BODY}\n\nPS: one more thing")

    assert refused_click(world, case) == (
        "The email has changed since you opened it. Read it again."
    )

    approved = world.approve(case)
    assert approved.body.endswith("PS: one more thing")
    assert approved.body_hash == approved.opened_hash


def test_the_drafter_may_approve_where_the_school_says_so(world: World) -> None:
    case = discussed(world)

    assert world.approve(case, "sana").approver == world.staff("sana")


def test_the_drafter_may_not_approve_where_the_school_says_not(world: World) -> None:
    world.publish(policy_document(drafter_may_approve=False))
    case = discussed(world)

    assert refused_approval(world, case, "sana") == (
        "In your school, a person who wrote an email cannot approve it. Ask a colleague."
    )
    assert world.approve(case, "alice").status is OutreachStatus.APPROVED


def test_nor_may_whoever_wrote_an_earlier_version_of_it(world: World) -> None:
    world.publish(policy_document(drafter_may_approve=False))
    case = discussed(world)
    world.write_draft(case, "lena", body=f"{BODY}\n\nPS: all the best")

    assert "a person who wrote an email cannot approve it" in refused_approval(world, case, "sana")


@pytest.mark.parametrize("name", ["bob", "charlie"])
def test_whoever_may_not_approve_may_not_open_it_either(world: World, name: str) -> None:
    case = discussed(world)

    with pytest.raises(NotAllowed):
        outreach.open_draft(world.store, world.by(name), case)

    assert world.draft(case).opened_by is None


def test_a_mail_is_approved_on_its_own_case_only(world: World) -> None:
    dana = world.draft(discussed(world)).id
    other = world.open_case("eli")
    world.give_view(other)
    eli = world.write_draft(other)

    with pytest.raises(CaseworkError, match="belongs to another case"):
        outreach.approve_email(world.store, world.by("alice"), other, dana)
    assert world.mail(eli.id).status is OutreachStatus.DRAFT
    assert mails(world) == []


def test_an_approver_needs_the_role_at_the_moment_of_the_click(world: World) -> None:
    case = discussed(world)
    outreach.open_draft(world.store, world.by("alice"), case)
    faculty_lead = ((LANGUAGES, Role.FACULTY_LEAD),)
    load_roster(
        world.store, Roster(staff=(StaffEntry("alice@example.ac.uk", "Alice", faculty_lead),))
    )

    assert refused_click(world, case).startswith("To approve an email for a case you need to be ")
