"""The approver reads colleagues' views, and gives a reason if all are against contact."""

import pytest

from store.actions.outreach import approve as outreach
from store.rules.errors import CaseworkError
from store.rules.model import Opinion, OutreachStatus
from store.tables import interventions
from tests.people import REASON
from tests.worker.office import Office, words

AGAINST = [each for each in Opinion if each is not Opinion.CONTACT_NOW]
WHY = "He wrote to me this morning and asked to meet"


@pytest.mark.parametrize("opinion", AGAINST)
def test_who_approves_against_all_views_reads_them_and_says_why(
    office: Office, opinion: Opinion
) -> None:
    case = office.world.open_case()
    office.world.give_view(case, "bob", opinion)
    assert REASON in words(office.dialog("sana", "draft", case))
    office.world.write_draft(case)

    dialog = office.dialog("alice", "approve", case)
    assert REASON in words(dialog)
    assert "why" in {each.name for each in dialog.fields()}
    assert "few words" in office.submits("alice", dialog, why="yes").errors["why"]
    assert office.submits("alice", dialog, why=WHY).errors == {}

    assert WHY in words(office.clicks("alice", "show", case=case).dialog)
    (kept,) = office.world.rows(interventions)
    assert (kept["author_id"], WHY in kept["note"]) == (office.world.staff("alice"), True)


def test_one_view_for_contact_asks_nothing(office: Office) -> None:
    case = office.world.open_case()
    office.world.give_view(case, "bob", Opinion.WAIT)
    office.world.give_view(case, "lena", Opinion.CONTACT_NOW)
    office.world.write_draft(case)

    dialog = office.dialog("alice", "approve", case)
    assert "why" not in {each.name for each in dialog.fields()}
    assert office.submits("alice", dialog).errors == {}


def test_a_newer_view_against_it_is_not_passed_over(office: Office) -> None:
    world, case = office.world, office.world.open_case()
    world.give_view(case, "bob", Opinion.CONTACT_NOW)
    world.write_draft(case)
    opened = outreach.open_draft(world.store, world.by("alice"), case)
    world.give_view(case, "bob", Opinion.NOT_APPROPRIATE)

    with pytest.raises(CaseworkError, match="advise against contact"):
        outreach.approve_email(world.store, world.by("alice"), case, opened.id)
    assert world.mail(opened.id).status is OutreachStatus.DRAFT
