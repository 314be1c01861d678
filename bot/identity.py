"""Find the enrolled member of staff behind a platform's account. Only an operator enrols staff."""

from __future__ import annotations

from bot.interaction import Person
from store.actions.request import record_refusal
from store.db.unit_of_work import Store
from store.queries.schools.staff import actor_by_identity
from store.rules.cases.case import Actor
from store.rules.errors import NotAllowed


def actor_behind(store: Store, person: Person) -> Actor:
    """Return the person and their current roles; raises ``NotAllowed`` for people not enrolled."""
    with store.database.read() as connection:
        actor = actor_by_identity(connection, person.platform, person.tenant, person.user)
    if actor is None:
        with store.unit_of_work() as work:
            # A stranger's platform id is personal data as well; the audit keeps none.
            work.record("stranger", "refused", f"platform:{person.platform}", wanted="anything")
        raise NotAllowed(
            "Lantern does not know you yet. Ask your school's engagement lead to enrol you."
        )
    if not actor.active:
        record_refusal(store, actor.id, "anything", f"platform:{person.platform}")
        raise NotAllowed("Your account is not active in Lantern. Ask your engagement lead.")
    return actor
