"""publication: record where and when students were told of the school's policy."""

from __future__ import annotations

from bot.cards.kit.reply_cards import notice
from bot.cards.schools.publication import publication_dialog
from bot.commands.own_schools import led_and_words
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.schools.record_publication import record_publication
from store.policies.versions import (
    policy_in_force,
    told_of,
    version_to_record,
    waiting_version,
)
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.policies.publication import told_by, told_in, told_too_late
from store.rules.text.formatting import on_day


@COMMANDS.add(
    "publication",
    "As lead: record where and when students were told of your policy.",
    "publication handbook: page 12, yesterday",
    Action.LEAD,
)
def publication(call: Call) -> Reply:
    """Record one route: ``LANG email: to all students, yesterday``; or open the dialog.

    Raises ``InvalidInput`` where the school has no policy in force.
    """
    school, words = led_and_words(call)
    today = institution_day(call.store.now())
    if call.answers is None and not words:
        with call.store.database.read() as connection:
            published = version_to_record(connection, school.id, today)
            if published is None:
                raise InvalidInput(f"{school.name} has no policy in force yet.")
            told = told_of(connection, school.id, published.version)
        return Reply(dialog=publication_dialog(school, published.policy, told, today))
    if call.answers is None:
        evidence = told_in(" ".join(words), today)
    else:
        route, place, day = (call.answers.get(name, "") for name in ("route", "place", "day"))
        evidence = told_by(route, place, day, today)
    with call.store.database.read() as connection:
        waited = waiting_version(connection, school.id)
    version = record_publication(call.store, call.request, school.id, evidence)
    with call.store.database.read() as connection:
        waiting = waiting_version(connection, school.id)
        published = policy_in_force(connection, school.id, today)
        told = [
            each for each in told_of(connection, school.id, version) if each.route is evidence.route
        ]
    done = f"{school.name}, version {version}: {evidence.route.label} is recorded."
    if waiting:
        return Reply(card=notice(done, "It waits for one more route. Then it is in force."))
    if waited:
        is_now = published is not None and published.version == version
        begins = on_day(waited.policy.approval.effective)
        return Reply(card=notice(done, "It is in force." if is_now else f"It begins {begins}."))
    # Telling students again later is no fault.
    earliest = [min(told, key=lambda each: each.on, default=evidence)]
    late = told_too_late(published.policy, earliest) if published else None
    return Reply(card=notice(done, *([f"Note: {late}, in a new version."] if late else [])))
