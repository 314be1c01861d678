"""Send private messages to colleagues from the outbox: once, in their working hours."""

from __future__ import annotations

import datetime as dt

import structlog

from bot.cards.flags.surge_holds import hold_card
from bot.cards.kit.model import Card
from bot.cards.notices.cover_ended import cover_ended_card
from bot.cards.notices.digests import personal_digest, week_card
from bot.cards.notices.staff_notices import notice_card
from bot.cards.privacy import receipt_card
from bot.posting.direct_messages import post_privately
from bot.posting.turns import turns_of
from integrations.activity.coverage import lead_notes
from integrations.activity.digital_traces import look_in
from integrations.activity.errors import LakeError
from integrations.bootstrap import Services
from integrations.chat.interface import DeliveryError
from store.actions.cases.decide_fitness_to_study import is_recommended
from store.actions.notices.tell_instead import tell_instead
from store.delivery import results
from store.delivery.claims import OutboxRow
from store.policies.versions import policy_in_force
from store.queries.cases.lists import open_cases
from store.queries.cases.waiting import waiting_in
from store.queries.notices.notices import DEPUTIES, Identity, NoticeView, identities_of, notice_view
from store.queries.notices.week import week
from store.queries.privacy.receipt import receipt
from store.queries.schools.cover import cover_of
from store.rules.access.death import STILL_TOLD
from store.rules.access.permissions import Action, may
from store.rules.calendar import Calendar, institution_day
from store.rules.model import ENDED_CASES, NoticeKind, OutboxState
from store.rules.notices.reminders import OUTLAST_THE_CASE
from worker.jobs.notices import data_requests
from worker.jobs.notices.in_channel import told_in_channel

NEVER_WAITS = frozenset(
    {
        NoticeKind.READ_NOW,
        NoticeKind.ALERT_NOW,
        NoticeKind.EMERGENCY,
        NoticeKind.REVIEW,
        NoticeKind.CHANNEL,
        NoticeKind.DATA_NOW,
    }
)
"""Sent in quiet hours too."""

ABOUT_OPEN_CASES = frozenset(
    {
        NoticeKind.ASKED,
        NoticeKind.ASSIGNED,
        NoticeKind.REMINDER,
        NoticeKind.ESCALATION,
        NoticeKind.PREPARED,
    }
)
"""Not sent once the case is closed, except for a reminder of what has to be done even then."""

REMINDERS = frozenset({NoticeKind.REMINDER, NoticeKind.ESCALATION})

DAILY = frozenset({NoticeKind.DIGEST, NoticeKind.WEEK, NoticeKind.DATA_DUE}) | REMINDERS
"""Messages of one morning: they are not sent later, since the next morning has its own."""

ELSEWHERE = frozenset({NoticeKind.ACKNOWLEDGED})
"""Sent to colleagues of another school, who may not see the case."""

log = structlog.get_logger(__name__)


def show_notice(services: Services, row: OutboxRow) -> OutboxState | None:
    """Post one message; return the final state of its row, or None where it waits for the morning.

    Raises:
        DeliveryError: the platform did not take it.
    """
    now = services.now()
    with services.store.database.read() as connection:
        view = notice_view(connection, row.notice_id, institution_day(now))
        accounts = identities_of(connection, view.to.id)
        published = policy_in_force(connection, view.school, institution_day(now))
    calendar = published.policy.calendar if published else Calendar()
    if view.kind not in NEVER_WAITS and calendar.is_quiet(now):
        with services.store.unit_of_work() as work:
            results.retry(work, row, calendar.end_of_quiet(now) - now, "quiet hours")
        return None
    account = next((each for each in accounts if each.platform in services.workspaces), None)
    stands = _is_of_interest(view) and _still_stands(services, view)
    if stands and view.kind in data_requests.KINDS:
        stands = data_requests.data_card(services, view) is not None
    if not stands or _is_of_yesterday(row, view, now) or account is None:
        others = 0
        if account is None or not view.to.active:
            others = tell_instead(services.store, view, row.key, services.workspaces.keys())
        has = account is not None
        log.info("notice not sent", outbox=row.id, kind=view.kind, has_account=has, others=others)
        return OutboxState.CANCELLED
    _post(services, view, account)
    return OutboxState.SENT


def _is_of_yesterday(row: OutboxRow, view: NoticeView, now: dt.datetime) -> bool:
    """Return whether the message is of an earlier morning, on which it could not be delivered."""
    is_late = row.waiting_since is not None or row.attempts > 1
    is_daily = view.kind in DAILY and view.day is not None
    return is_late and is_daily and institution_day(now) > (view.day or dt.date.max)


def _still_stands(services: Services, view: NoticeView) -> bool:
    """Return whether Fitness to Study is still recommended: the student may have been in touch
    since. A notice of a trace found afterwards (``about``) stays true."""
    if view.kind is not NoticeKind.FITNESS or view.case is None or view.about is not None:
        return True
    look, today = look_in(services.lake, services.records), institution_day(services.now())
    with services.store.database.read() as connection:
        return is_recommended(connection, view.case, look, today)


def _post(services: Services, view: NoticeView, account: Identity) -> None:
    workspace = services.workspaces[account.platform]
    card, named = _card(services, view)
    try:
        address = workspace.direct(account.tenant, account.user)
        post_privately(services.store, workspace, address, card, f"notice:{view.id}", named)
    except DeliveryError as error:
        if not told_in_channel(services, workspace, view, account, card, named, error):
            raise


def _card(services: Services, view: NoticeView) -> tuple[Card, list[int]]:
    """Build the card of a message, and return it with the cases that it names."""
    if view.kind is NoticeKind.DIGEST:
        return _morning(services, view)
    named = [view.case.id] if view.case else []
    return _plain_card(services, view), named


def _plain_card(services: Services, view: NoticeView) -> Card:
    if view.kind is NoticeKind.WEEK:
        return _week(services, view)
    if view.kind is NoticeKind.ERASED and view.about is not None:
        with services.store.database.read() as connection:
            return receipt_card(receipt(connection, view.about))
    if view.kind is NoticeKind.COVER_ENDED and view.about is not None:
        with services.store.database.read() as connection:
            ended = cover_of(connection, view.about)
        return cover_ended_card(ended, view.to.id, institution_day(services.now()))
    if view.kind in data_requests.KINDS and (card := data_requests.data_card(services, view)):
        return card
    if view.held is not None:
        return hold_card(view.held, view.meant.name if view.to.id != view.meant.id else "")
    return notice_card(view, _may_see(view) or view.stands_in)


def _morning(services: Services, view: NoticeView) -> tuple[Card, list[int]]:
    """Build a person's morning digest: the cases that they look after, and what each needs."""
    today = institution_day(services.now())
    with services.store.database.read() as connection:
        lines = open_cases(
            connection, [view.school], owner=view.meant.id, reader=view.to.id, today=today
        )
        published = policy_in_force(connection, view.school, today)
        calendar = published.policy.calendar if published else Calendar()
        waiting = {
            each.case: each.what
            for each in waiting_in(connection, view.school, calendar, today)
            if view.meant.id in each.people
        }
        turns = turns_of(connection, lines, waiting, services.now(), services.store.limits, view.to)
    covered = view.meant.name if view.to.id != view.meant.id else ""
    card = personal_digest(lines, turns.needs, covered, others=turns.others)
    return card, [line.id for line in lines]


def _week(services: Services, view: NoticeView) -> Card:
    """Build the school's weekly digest, without the lead's private notes for those who stand in."""
    today = institution_day(services.now())
    with services.store.database.read() as connection:
        found = week(connection, view.school, today)
    if found.unruled or not may(view.to, Action.LEAD, view.school):
        return week_card(found)
    try:
        return week_card(found, lead_notes(services, view.school, today))
    except LakeError as error:
        # The digest is sent all the same; the health of the feeds reports the lake's problem.
        log.warning("notes left out", school=view.school, reason=str(error))
        return week_card(found)


def _may_see(view: NoticeView) -> bool:
    case = view.case
    if case is None or view.to.id in case.barred:
        return False
    return may(view.to, Action.SEE, case.school)


def _wrote_before_it_moved(view: NoticeView) -> bool:
    """Return whether the notice is about an email to a student who has moved to another school
    since. Its author and approver, in the old school, get the reference alone."""
    case = view.case
    if view.kind is not NoticeKind.NOT_SENT or case is None or case.school == view.school:
        return False
    return may(view.to, Action.SEE, view.school) and view.to.id not in case.barred


def _is_over(view: NoticeView) -> bool:
    """Return whether the subject of the notice has ended: a refused report, a held day, a
    problem."""
    if view.kind is NoticeKind.DEATH:
        return not view.has_died
    if view.kind is NoticeKind.HELD:
        return view.held is None or view.held.decision is not None
    return view.kind is NoticeKind.TROUBLE and view.about is not None and not view.question


def _is_of_interest(view: NoticeView) -> bool:
    """Return whether the message is still true, and the person may read it."""
    if not view.to.active or (view.has_died and view.kind not in STILL_TOLD):
        return False
    if _is_over(view):
        return False
    if view.case is None or view.kind in ELSEWHERE | {NoticeKind.HELD}:
        return True
    if view.case.status in ENDED_CASES and view.kind in ABOUT_OPEN_CASES:
        return view.about in OUTLAST_THE_CASE and view.kind in REMINDERS and _may_see(view)
    if view.kind in DEPUTIES:
        return view.stands_in
    # A person told instead of a lead gets only the reference of a case that they may not see.
    is_told_instead = bool(view.instead) and view.to.id not in view.case.barred
    return is_told_instead or _may_see(view) or _wrote_before_it_moved(view)
