"""Record a lead's review of thresholds, letters or fairness (§18)."""

from __future__ import annotations

import sqlalchemy as sa

from store.actions.request import Request, in_school
from store.db.unit_of_work import Store
from store.rules.access.permissions import Action
from store.rules.policies.review_calendar import ReviewSubject
from store.rules.text.reasons import check_reason
from store.tables import policy_reviews

LONGEST_FOUND = 2000


def record_policy_review(
    store: Store, request: Request, school: int, subject: ReviewSubject, found: str
) -> None:
    """Save who reviewed what and what they found, without data of any student."""
    with in_school(store, request, Action.LEAD, school) as asked:
        tidy = check_reason(found, field="found", asks="Say what you found", longest=LONGEST_FOUND)
        asked.work.connection.execute(
            sa.insert(policy_reviews).values(
                school_id=school,
                subject=subject,
                found=tidy,
                by_staff_id=asked.actor.id,
                at=asked.work.now,
            )
        )
        asked.record("policy-review", reviewed=subject)
