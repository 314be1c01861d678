"""From a platform's user to an enrolled member of staff. Nobody is enrolled by turning up."""

from __future__ import annotations

from bot.interaction import Person
from store.actions.request import record_refusal
from store.db.unit_of_work import Store
from store.queries.schools.staff import actor_by_identity
from store.rules.cases.case import Actor
from store.rules.errors import NotAllowed


def actor_behind(store: Store, person: Person) -> Actor:
    """Who acts, with the roles of this moment; ``NotAllowed`` for anybody not enrolled."""
    with store.database.read() as connection:
        actor = actor_by_identity(connection, person.platform, person.tenant, person.user)
    if actor is None:
        with store.unit_of_work() as work:
            # The platform's id of a stranger is personal data as well; the audit keeps none.
            work.record("stranger", "refused", f"platform:{person.platform}", wanted="anything")
        raise NotAllowed(
            "Lantern does not know you yet. Please ask your school's engagement lead to enrol you."
        )
    if not actor.active:
        record_refusal(store, actor.id, "anything", f"platform:{person.platform}")
        raise NotAllowed("Your account is not active in Lantern. Please ask your engagement lead.")
    return actor
