"""Refusals: actions that are not permitted, not possible now, or have unusable input."""

from collections.abc import Callable

import pytest

from store.actions.cases import assign as ownership
from store.actions.cases import close as closing
from store.actions.cases import discuss as discussion
from store.actions.cases import log_access as reading
from store.actions.outreach import approve as outreach
from store.actions.outreach import write_draft
from store.rules.access.permissions import Action
from store.rules.errors import CaseworkError, InvalidInput, NotAllowed, NotPossibleNow
from store.rules.model import InterventionKind, Opinion, Outcome
from store.rules.outreach.letter_to_send import LONGEST_BODY, LONGEST_SUBJECT
from store.tables import audit
from store.tables import outreach as outreach_table
from tests.people import BODY, SUBJECT
from tests.store.acts import EACH, Act, has_read
from tests.world import World


@EACH
def test_an_outsider_is_refused_and_that_is_audited(world: World, act: Act) -> None:
    case = world.open_case()
    before = world.dump()

    with pytest.raises(NotAllowed, match="belongs to another school"):
        act(world, world.by("charlie"), case)

    after = world.dump()
    assert {name for name in after if after[name] != before[name]} == {"audit", "audit_head"}
    entry = world.rows(audit)[-1]
    assert (entry["actor"], entry["action"], entry["subject"]) == (
        f"staff:{world.staff('charlie')}",
        "refused",
        f"case:{case}",
    )


def test_peeking_is_refused_and_audited_too(world: World) -> None:
    case = world.open_case()

    with pytest.raises(NotAllowed):
        reading.preview_case(world.store, world.staff("charlie"), case, Action.DRAFT)

    assert world.rows(audit)[-1]["details"] == {"wanted": "draft"}


@EACH
def test_nothing_happens_to_a_closed_case(world: World, act: Act) -> None:
    case = world.open_case()
    has_read(world, "alice", case)
    closing.close_case(world.store, world.by("lena"), case, Outcome.RE_ENGAGED)
    before = world.dump()

    with pytest.raises(NotPossibleNow, match=r"LANG-1 is closed\. Reopen it first\."):
        act(world, world.by("alice"), case)

    assert world.dump() == before


@EACH
def test_a_case_that_does_not_exist_is_a_sentence(world: World, act: Act) -> None:
    with pytest.raises(InvalidInput, match=r"That case does not exist\."):
        act(world, world.by("alice"), 4711)


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda w, c: discussion.add_view(w.store, w.by("bob"), c, Opinion.WAIT, "ok"), "reason"),
        (
            lambda w, c: discussion.log_intervention(
                w.store, w.by("sana"), c, InterventionKind.NOTE, " \n"
            ),
            "note",
        ),
        (lambda w, c: write_draft.save_draft(w.store, w.by("sana"), c, " ", BODY), "subject"),
        (lambda w, c: write_draft.save_draft(w.store, w.by("sana"), c, SUBJECT, "\r\n"), "body"),
        (
            lambda w, c: write_draft.save_draft(
                w.store, w.by("sana"), c, "x" * (LONGEST_SUBJECT + 1), BODY
            ),
            "subject",
        ),
        (
            lambda w, c: write_draft.save_draft(
                w.store, w.by("sana"), c, SUBJECT, "x" * (LONGEST_BODY + 1)
            ),
            "body",
        ),
        (
            lambda w, c: ownership.assign_case(w.store, w.by("sana"), c, w.staff("charlie")),
            "colleague",
        ),
        (lambda w, c: ownership.assign_case(w.store, w.by("sana"), c, w.staff("bob")), "colleague"),
    ],
    ids=["reason", "note", "no subject", "no body", "long subject", "long body", "outsider", "bob"],
)
def test_what_cannot_be_used_names_its_input_and_keeps_nothing(
    world: World, act: Callable[[World, int], None], field: str
) -> None:
    case = world.open_case()
    before = world.dump()

    with pytest.raises(InvalidInput) as refused:
        act(world, case)

    assert refused.value.field == field
    assert "Dana" not in refused.value.sentence
    assert world.dump() == before


def test_a_mail_with_threats_is_not_kept(world: World) -> None:
    case = world.open_case()

    with pytest.raises(CaseworkError):
        world.write_draft(case, body="This is your final warning, Dana.")

    assert world.rows(outreach_table) == []


def test_a_colleague_nobody_knows_is_a_sentence(world: World) -> None:
    case = world.open_case()

    with pytest.raises(InvalidInput, match="not enrolled"):
        ownership.assign_case(world.store, world.by("sana"), case, 4711)


def test_a_case_is_not_taken_or_given_twice(world: World) -> None:
    case = world.open_case()

    with pytest.raises(NotPossibleNow, match="LANG-1 already belongs to you"):
        ownership.take_case(world.store, world.by("sana"), case)
    with pytest.raises(NotPossibleNow, match="Sana Support already owns LANG-1"):
        ownership.assign_case(world.store, world.by("lena"), case, world.staff("sana"))


def test_without_a_draft_there_is_nothing_to_approve(world: World) -> None:
    case = world.open_case()

    with pytest.raises(NotPossibleNow, match="Use Draft email first"):
        outreach.open_draft(world.store, world.by("alice"), case)


def test_when_the_ladder_is_used_up_it_says_what_else_there_is(world: World) -> None:
    case = world.open_case("eli")
    world.approved_mail(case)

    # Eli has no personal address, so no address is left to write to.
    with pytest.raises(NotPossibleNow, match="Record a call or a meeting"):
        write_draft.compose(world.store, world.by("alice"), case)
