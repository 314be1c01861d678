"""Every action that a person can take on a case, callable for any person."""

from collections.abc import Callable

import pytest

from store.actions.cases import assign as ownership
from store.actions.cases import close as closing
from store.actions.cases import discuss as discussion
from store.actions.cases import log_access as reading
from store.actions.outreach import write_draft
from store.actions.request import Request
from store.rules.model import InterventionKind, Opinion, Outcome
from tests.people import BODY, REASON, SUBJECT
from tests.world import World

Act = Callable[[World, Request, int], object]


def _view(world: World, by: Request, case: int) -> None:
    """Record a view. The person has opened the case before: ``has_read``."""
    discussion.add_view(world.store, by, case, Opinion.WAIT, REASON)


def has_read(world: World, name: str, case: int) -> None:
    """Open the case as this person, which is required before giving a view."""
    reading.show_case(world.store, world.by(name), case)


ACTS: dict[str, Act] = {
    "take": lambda world, by, case: ownership.take_case(world.store, by, case),
    "assign": lambda world, by, case: ownership.assign_case(
        world.store, by, case, world.staff("lena")
    ),
    "view": _view,
    "log": lambda world, by, case: discussion.log_intervention(
        world.store, by, case, InterventionKind.CALL, "Called, no answer"
    ),
    "draft": lambda world, by, case: write_draft.save_draft(world.store, by, case, SUBJECT, BODY),
    "close": lambda world, by, case: closing.close_case(world.store, by, case, Outcome.RE_ENGAGED),
}
EACH = pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
