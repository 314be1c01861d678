"""Refer a student to a service in the school's signposting directory (paragraph 25)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from store.actions.kept_words import think_twice
from store.actions.outreach.recall_drafts import was_in_touch
from store.actions.request import Request, on_case
from store.db.student_keys import close_note
from store.db.unit_of_work import Store
from store.policies.versions import school_policy
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.cases.lifecycle import Move
from store.rules.errors import InvalidInput
from store.rules.model import CaseStatus
from store.rules.policies.policy import Service
from store.rules.text.limits import within
from store.tables import referrals


@dataclass(frozen=True, slots=True)
class Referred:
    """What was recorded. Without consent it is signposting, and nothing may be passed on."""

    reference: str
    service: Service
    consented: bool


def refer_student(
    store: Store, request: Request, case_id: int, service: str, *, consented: bool, note: str = ""
) -> Referred:
    """Record that a colleague referred the student, or only pointed to the service.

    Personal details are passed on with the student's consent alone. Without it the case does not
    become *referred*, since no service has been asked to act.
    """
    with on_case(store, request, Action.REFER, case_id) as asked:
        policy = school_policy(
            asked.work.connection, asked.case.school, institution_day(asked.work.now)
        )
        entry = entry_meant(policy.services, service)
        think_twice(asked, note, "note")
        if not consented:
            asked.move(Move.WORK)
        elif asked.case.status is CaseStatus.REFERRED:
            asked.move(Move.REFER)
        else:
            asked.move(Move.REFER, rested_from=asked.case.status)
        asked.work.connection.execute(
            sa.insert(referrals).values(
                case_id=case_id,
                author_id=asked.actor.id,
                service=entry.key,
                service_name=entry.name,
                consented=consented,
                note=close_note(
                    asked.work.connection, asked.case.student, within(note.strip(), field="note")
                ),
                at=asked.work.now,
            )
        )
        if consented:
            was_in_touch(asked.work, asked.case, asked.actor.id)
        asked.record("refer", service=entry.key, consented=consented)
        return Referred(asked.case.reference, entry, consented)


def entry_meant(services: tuple[Service, ...], key: str) -> Service:
    """Return the directory's entry of this key, in upper or lower case.

    Raises ``InvalidInput`` where the directory has no such entry, or none at all.
    """
    if not services:
        raise InvalidInput(
            "Your school's policy lists no services yet. Its engagement lead adds them under "
            "[[services]] and publishes the policy."
        )
    for each in services:
        if each.key.casefold() == key.strip().casefold():
            return each
    keys = ", ".join(each.key for each in services)
    raise InvalidInput(f"Choose one of these services: {keys}.", field="service")
