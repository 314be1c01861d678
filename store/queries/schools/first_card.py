"""Check how far a new installation has come on the way to its first card."""

from __future__ import annotations

import sqlalchemy as sa

from store.tables import policies, posts, schools, screenings


def published_codes(connection: sa.Connection) -> set[str]:
    """Return the codes of schools that have published a policy, in force or not yet."""
    query = sa.select(schools.c.code).where(schools.c.id.in_(sa.select(policies.c.school_id)))
    return set(connection.execute(query).scalars())


def has_screened(connection: sa.Connection) -> bool:
    """Return whether any school was screened on any day."""
    return connection.execute(sa.select(screenings.c.at).limit(1)).first() is not None


def first_card_posted(connection: sa.Connection) -> bool:
    """Return whether a card of any case has been posted in a channel."""
    query = sa.select(posts.c.id).where(posts.c.subject.like("case:%")).limit(1)
    return connection.execute(query).first() is not None
