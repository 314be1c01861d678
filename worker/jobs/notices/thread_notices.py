"""Post lines from the outbox in the threads of cases' cards: once, in working hours."""

from __future__ import annotations

import structlog

from bot.cards.notices.thread_notice import Line
from bot.posting.cards import LINES
from integrations.bootstrap import Services
from integrations.chat.interface import Address, DeliveryError, LostMessage, Workspace
from store.actions.notices.post_thread_notice import record_line
from store.delivery import results
from store.delivery.claims import OutboxRow
from store.delivery.closed_channels import CARD, set_aside
from store.delivery.posted_cards import posted_card
from store.policies.versions import policy_in_force
from store.queries.notices.thread_notices import LineView, Thread, account_on, line_view, threads
from store.queries.schools.staff import Channel
from store.rules.calendar import Calendar, institution_day
from store.rules.model import OutboxState
from worker.jobs.cases.post_cards import post_case_card

log = structlog.get_logger(__name__)


def show_line(services: Services, row: OutboxRow) -> OutboxState | None:
    """Post one line; return the final state of its row, or None where it waits for the morning.

    Raises:
        DeliveryError: the platform did not take it.
    """
    now = services.now()
    with services.store.database.read() as connection:
        view = line_view(connection, row.key, institution_day(now))
        published = policy_in_force(connection, row.school, institution_day(now))
    calendar = published.policy.calendar if published else Calendar()
    if calendar.is_quiet(now):
        with services.store.unit_of_work() as work:
            results.retry(work, row, calendar.end_of_quiet(now) - now, "quiet hours")
        return None
    if not view.is_needed or view.case.school != row.school:
        log.info("line not said", outbox=row.id, kind=view.kind)
        return OutboxState.CANCELLED
    said, refused = [], []
    for thread in _threads(services, row, view):
        try:
            said.append(_say_here(services, row, view, thread))
        except DeliveryError as error:  # ends this thread only; the others still get the line
            refused.append(error)
    if refused:
        raise min(refused, key=lambda error: error.permanent)
    return OutboxState.SENT if any(said) else OutboxState.CANCELLED


def _threads(services: Services, row: OutboxRow, view: LineView) -> list[Thread]:
    """Return the threads in which to post the line. A case's missing card is posted first."""
    found = _open_threads(services, row, view)
    if any(not each.root for each in found):
        post_case_card(services, row)
        found = _open_threads(services, row, view)
    return [each for each in found if each.root]


def _open_threads(services: Services, row: OutboxRow, view: LineView) -> list[Thread]:
    with services.store.database.read() as connection:
        found = threads(connection, row.key, view.case)
    return [each for each in found if each.channel.platform in services.workspaces]


def _say_here(services: Services, row: OutboxRow, view: LineView, thread: Thread) -> bool:
    """Post the line in this thread, or below a new card where a colleague deleted this one."""
    try:
        return _say(services, row, view, thread)
    except DeliveryError as error:
        shown = posted_card(services.store, f"{CARD}{view.case.id}", thread.channel.id)
        if error.lost is not LostMessage.GONE or shown is None or shown.message != thread.root:
            raise
        set_aside(services.store, shown.id)
    anew = {each.channel.id: each for each in _threads(services, row, view)}
    return thread.channel.id in anew and _say(services, row, view, anew[thread.channel.id])


def _say(services: Services, row: OutboxRow, view: LineView, thread: Thread) -> bool:
    """Post the line in this thread; return whether it is there, or may be there already."""
    channel = thread.channel
    workspace = services.workspaces[channel.platform]
    if thread.is_said:
        return True
    if row.unresolved_since and not workspace.remembers:
        # A worker died right after its request. Better no line than two: a private message is sent.
        log.warning("line may stand there", outbox=row.id)
        return True
    address = Address(channel.platform, channel.tenant, channel.channel)
    account = _account(services, workspace, address, channel, view)
    line = Line(view.sentence, view.to.name if view.to else "", account)
    if not results.record_attempt(services.store, row):
        return False
    key = f"{row.key}@{channel.id}"
    posted = workspace.post(address, LINES[channel.platform](line), key=key, thread=thread.root)
    told = view.meant if account else None
    kept = record_line(services.store, row, channel.id, posted.message, view.kind, told)
    if not kept:
        workspace.delete(posted)
    return kept


def _account(
    services: Services, workspace: Workspace, address: Address, channel: Channel, view: LineView
) -> str:
    """Return the account to mention the needed colleague by; '' where they would not be
    notified."""
    if view.to is None:
        return ""
    with services.store.database.read() as connection:
        user = account_on(connection, view.to.id, channel)
    return (user and workspace.mention(address, user)) or ""
