"""Find gaps in published policies, which stay in force, that a new version must not have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator

import sqlalchemy as sa

from store.letters.checks import problems_as_sent
from store.policies.versions import PublishedPolicy, policy_in_force, told_of, waiting_version
from store.queries.schools.staff import School, all_schools
from store.queries.schools.unknown_names import sources_without_files
from store.rules.policies.clearing_checks import weak_clearing
from store.rules.policies.publication import evidence_missing, publication_problems, waits_said
from store.rules.text.formatting import listed


def weak_clearing_in_force(connection: sa.Connection, day: dt.date) -> list[str]:
    """Return a sentence for each figure by which one event could clear a flag (§18)."""
    return [
        _problem(school, published, problem)
        for school, published in _in_force(connection, day)
        for problem in weak_clearing(published.policy)
    ]


def letters_refused_in_force(connection: sa.Connection, day: dt.date) -> list[str]:
    """Return a sentence for each letter that the check of drafts would refuse (§15)."""
    return [
        _problem(school, published, problem)
        for school, published in _in_force(connection, day)
        for problem in problems_as_sent(published.policy, school.name)
    ]


def unpublished_in_force(connection: sa.Connection, day: dt.date) -> list[str]:
    """Return a sentence for each school and route that does not tell students (§22)."""
    return [
        _problem(school, published, problem)
        for school, published in _in_force(connection, day)
        for problem in publication_problems(published.policy)
    ]


def evidence_missing_in_force(connection: sa.Connection, day: dt.date) -> list[str]:
    """Return a sentence for each school without a record of telling students (§22).

    A version that waits for the record comes first; one that is in force stays in force.
    """
    waiting = ((each, waiting_version(connection, each.id)) for each in all_schools(connection))
    found = [f"{each.code}: {waits_said(it.version)}." for each, it in waiting if it]
    for school, published in _in_force(connection, day):
        told = told_of(connection, school.id, published.version)
        missing = evidence_missing(published.policy, told)
        if missing:
            found.append(
                f"{_version(school, published)}: where and when students were told by "
                f"{listed(missing)} is not recorded. Its lead records it with "
                f"/lantern publication {school.code}."
            )
    return found


def unknown_sources_in_force(
    connection: sa.Connection, day: dt.date, folders: Collection[str]
) -> list[str]:
    """Return a sentence for each agreed source that Lantern does not know (§12)."""
    return [
        f"{_version(school, published)}: {sentence}"
        for school, published in _in_force(connection, day)
        for sentence in sources_without_files(connection, published.policy, folders)
    ]


def _in_force(connection: sa.Connection, day: dt.date) -> Iterator[tuple[School, PublishedPolicy]]:
    for school in all_schools(connection):
        published = policy_in_force(connection, school.id, day)
        if published is not None:
            yield school, published


def _problem(school: School, published: PublishedPolicy, problem: str) -> str:
    return f"{_version(school, published)}: {problem.rstrip('.')}. Publish a corrected version."


def _version(school: School, published: PublishedPolicy) -> str:
    return f"{school.code}, policy version {published.version}"
