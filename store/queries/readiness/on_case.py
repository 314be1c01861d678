"""Say which actions on a case can succeed now, by the same rules that decide at the click."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

import sqlalchemy as sa

from store.db import repository
from store.db.read_once import Of, shown_together
from store.policies.versions import policy_in_force
from store.queries.cases.contact_ladder import ladder_of
from store.queries.cases.deciders import deciders, to_review
from store.queries.cases.given_views import case_views
from store.queries.cases.owner_suggestions import candidates
from store.queries.cases.record_rows import record_rows
from store.queries.deaths import death_of
from store.queries.readiness.answer_read import check_answer_read
from store.queries.readiness.check_contact import check_contact, check_may_be_written
from store.queries.readiness.compose_letter import compose_for
from store.queries.readiness.outdated import check_not_outdated
from store.queries.schools.staff import colleagues, enrolled
from store.rules.access.deputies import Deciders
from store.rules.access.permissions import Action, may
from store.rules.access.readiness import DraftState, Readiness
from store.rules.calendar import institution_day
from store.rules.cases import lifecycle
from store.rules.cases.case import Actor, Case, Outreach
from store.rules.cases.lifecycle import Move
from store.rules.errors import CaseworkError
from store.rules.model import CaseStatus, Purpose, Rung
from store.rules.outreach.guards import SendingLimits, check_recipient
from store.rules.policies.policy import SchoolPolicy
from store.rules.text.formatting import either

NO_POLICY = "This school has no policy in force yet."


@dataclass(frozen=True, slots=True)
class _Now:
    """A time and connection for the checks of contact, which change nothing."""

    connection: sa.Connection
    now: dt.datetime


def readiness(
    connection: sa.Connection, case: Case, now: dt.datetime, limits: SendingLimits
) -> Readiness:
    """Return the facts that decide at ``now`` which buttons on the case's card can succeed."""
    day = institution_day(now)
    people = _people(connection, case)
    published = policy_in_force(connection, case.school, day)
    death = death_of(connection, case.student)
    reviews = to_review(connection, case)
    able = deciders(connection, case) if case.complaint else Deciders()
    known = Readiness(
        people=people,
        school=case.school,
        owner=case.owner,
        reviewers=frozenset(each for one in reviews for each in one.able.ids),
        review_names=tuple(one.able.names for one in reviews),
        resolvers=able.ids if case.has_own_complaint else frozenset(),
        resolver_names=able.names,
        may_be_given_it=frozenset(each.person for each in candidates(connection, case, day)),
        reporter=death.reporter if death else None,
    )
    if case.is_closed or death is not None:
        return known
    if published is None:
        return replace(known, draft_hindrance=NO_POLICY, has_services=False)
    return _with_contact(_Now(connection, now), known, case, published.policy, limits)


def _with_contact(
    at: _Now, known: Readiness, case: Case, policy: SchoolPolicy, limits: SendingLimits
) -> Readiness:
    """Add what the school's policy and the contact so far decide."""
    ladder = ladder_of(at.connection, case, policy, institution_day(at.now))
    row = record_rows(at.connection, case.id).draft
    draft = None if row is None else repository.outreach_of(at.connection, row)
    return replace(
        known,
        has_services=bool(policy.services),
        traces_come_next=ladder.following in (None, Rung.DIGITAL_TRACES),
        draft_hindrance="" if draft else _no_draft(at, known.people, case, policy),
        draft=_draft_state(at, case, policy, draft, limits) if draft else None,
        names=_names(at.connection, case, draft) if draft else {},
    )


def lacking_approval(
    connection: sa.Connection,
    which: Collection[int],
    now: dt.datetime,
    limits: SendingLimits,
    person: Actor | None = None,
) -> dict[int, str]:
    """Return what the drafts of these cases lack, of those that ``person`` cannot approve now.

    None: that no colleague can. The text is '' where another colleague approves it.
    """
    found = {}
    shown_together(connection, Of.CASE, which)
    for each in which:
        ready = readiness(connection, repository.case(connection, each), now, limits)
        if not (ready.can("approve", person) if person else ready.anyone_can("approve")):
            found[each] = ready.approval_line(person)
    return found


def readiness_to_approve(
    connection: sa.Connection, case: Case, now: dt.datetime, limits: SendingLimits
) -> Readiness:
    """Return what decides whether the case's draft can be approved, and nothing else."""
    known = Readiness(people=_people(connection, case), school=case.school, owner=case.owner)
    published = policy_in_force(connection, case.school, institution_day(now))
    if published is None or case.is_closed:
        return known
    return _with_contact(_Now(connection, now), known, case, published.policy, limits)


def _people(connection: sa.Connection, case: Case) -> tuple[Actor, ...]:
    able = colleagues(connection, case.school, Action.SEE)
    return tuple(each for each in able if each.id not in case.barred)


def _no_draft(at: _Now, people: tuple[Actor, ...], case: Case, policy: SchoolPolicy) -> str:
    writer = next((each for each in people if may(each, Action.DRAFT, case.school)), None)
    if writer is None:
        return "No colleague of this school may draft an email."

    def tried() -> None:
        lifecycle.after(case, Move.DRAFT)
        check_may_be_written(at, case, Purpose.ENGAGEMENT)
        compose_for(at.connection, case, writer, policy, today=institution_day(at.now))

    return _refusal(tried)


def _draft_state(
    at: _Now, case: Case, policy: SchoolPolicy, draft: Outreach, limits: SendingLimits
) -> DraftState:
    views = case_views(at.connection, case)
    about_welfare = draft.purpose is Purpose.WELFARE
    wanted = policy.discussion.views_from

    # A missing first view is counted below, and reported there.
    discussed = (
        replace(case, status=CaseStatus.DISCUSSING) if case.status is CaseStatus.OPEN else case
    )

    def approved() -> None:
        check_not_outdated(at, case, draft, policy)
        check_contact(at, discussed, draft.purpose, draft.rung)
        if not about_welfare:
            check_answer_read(at, case)
        check_recipient(limits, draft.recipient)

    def edited() -> None:
        lifecycle.after(case, Move.WELFARE if about_welfare else Move.DRAFT)
        check_may_be_written(at, case, draft.purpose)

    return DraftState(
        writers=draft.writers | {draft.drafter},
        drafter=draft.drafter,
        views_from=frozenset(view.author for view in views),
        wanted_from=frozenset(view.author for view in views if view.roles & wanted)
        if wanted
        else None,
        wanted_roles=either(sorted(role.label for role in wanted)),
        views_needed=0 if about_welfare else policy.views_needed,
        writer_may_approve=policy.outreach.drafter_may_approve,
        hindrance=_refusal(approved),
        edit_hindrance=_refusal(edited),
    )


def _names(connection: sa.Connection, case: Case, draft: Outreach) -> dict[int, str]:
    """Name the people whose view does not count again: authors, and those who gave one."""
    authors = {view.author for view in case_views(connection, case)}
    who = draft.writers | {draft.drafter} | authors
    names = {each.id: each.name for each in enrolled(connection, case.school)}
    gone = sorted(who - names.keys())
    names |= {each.id: each.name for each in repository.actors(connection, gone)}
    return {each: names[each] for each in who if each in names}


def _refusal(check: Callable[[], object]) -> str:
    try:
        check()
    except CaseworkError as refused:
        return refused.sentence
    return ""
