"""The text of an ended flag says why, where and when, and claims no more than is true (§9)."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from bot.cards.cases.timeline import timeline
from store.queries.cases.case import case_view
from store.queries.cases.lists import open_cases
from store.rules.calendar import Calendar
from store.rules.model import FlagEnd, FlagState
from store.tables import flags
from tests.people import policy_document
from tests.world import World

OFF = "the school no longer uses this rule"
TWO_RULES = "[rules.inactivity]\n[rules.quiet-weeks]\n"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ("[rules.inactivity]\n", OFF),
        (f'{TWO_RULES}[[overrides]]\nmodule = "FR101"\noff = ["quiet-weeks"]\n', f"{OFF} in FR101"),
        (
            f'{TWO_RULES}[[overrides]]\nlevel = "undergraduate"\noff = ["quiet-weeks"]\n',
            f"{OFF} for this student's level",
        ),
    ],
)
def test_a_rule_that_is_off_is_off_where_the_policy_says(
    world: World, rules: str, said: str
) -> None:
    case, day = world.open_case("dana"), dt.date(2025, 10, 28)
    world.publish(policy_document().replace("[rules.inactivity]\n", rules))
    with world.store.database.write() as connection:
        connection.execute(
            sa.update(flags).values(
                rule="quiet-weeks",
                module="FR101",
                state=FlagState.CLEARED,
                ended=FlagEnd.RULE_OFF,
                ended_on=day,
            )
        )
    with world.store.database.read() as connection:
        view = case_view(connection, case, day)
        (line,) = open_cases(connection, [world.school()], reader=None)
    assert line.ended == (said,)
    entries = [each.text for each in timeline(view, None, (), Calendar())]
    (cleared,) = [each for each in entries if "Cleared: " in each]
    assert cleared.startswith("Tue 28 Oct · "), "when it ended, not when it was raised"
    assert cleared.endswith(f"({said})")
