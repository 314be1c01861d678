"""Hand pictures of cases' charts to the platforms that show only pictures they hold; delete them.

No worker waits between two, so that no click waits for a worker.
"""

from __future__ import annotations

import datetime as dt

from bot.cards.kit.model import Chart
from bot.platforms import PICTURES
from bot.posting.channel_card import channel_card
from bot.posting.chart_pictures import chart_of, digest
from integrations.bootstrap import Services
from integrations.chat.interface import DeliveryError
from integrations.error_summary import GOES_THROUGH
from integrations.fault_log import log_failure
from store.db import repository
from store.delivery import claims, pictures, results
from store.delivery.claims import LEASE, OutboxRow
from store.delivery.rate_limit import reserve_slot
from store.rules.cases.case import Case
from store.rules.errors import CaseworkError
from store.rules.model import OutboxKind, OutboxState, Platform
from worker.jobs.cases.chart_pictures import held, keepers
from worker.jobs.notices.deliver import LONGEST_WAIT, growing_wait, worker_name

TURN = "pictures"
EVERY, AT_ONCE = dt.timedelta(minutes=1), 12
"""So many pictures in so long, by all workers together. Each changes a card once more, and Slack
allows some fifty changes a minute in a workspace (chat.update, tier 3), which colleagues' clicks
need too."""
MOST_TRIES = 8


def hand_over_due(services: Services) -> None:
    """Upload and delete pictures that are due, ``AT_ONCE`` of them. The sweeper calls again."""
    _, is_my_turn = reserve_slot(services.store, TURN, EVERY, dt.timedelta())
    if not is_my_turn:
        return
    for _ in range(AT_ONCE):
        row = claims.claim(services.store, OutboxKind.PICTURE, worker_name())
        if row is None:
            return
        try:
            _hand_over(services, row)
            state = OutboxState.SENT
        except GOES_THROUGH:
            raise
        except CaseworkError:
            state = OutboxState.CANCELLED  # the case was erased after the picture was asked for
        except DeliveryError as error:
            log_failure("picture not handed over", error, outbox=row.id)
            _try_again(services, row, error)
            continue
        except Exception as error:  # noqa: BLE001 -- this one waits; the card shows characters
            log_failure("picture not handed over", error, outbox=row.id)
            with services.store.unit_of_work() as work:
                results.put_aside(work, row, LONGEST_WAIT, type(error).__name__)
            continue
        with services.store.unit_of_work() as work:
            results.settle(work, row, state)


def _hand_over(services: Services, row: OutboxRow) -> None:
    holders, now = keepers(services), services.now()
    with services.store.database.read() as connection:
        case = repository.case(connection, row.case_id)
        chart = chart_of(channel_card(connection, case.id, now, services.store.limits))
        found = held(services, connection, case, chart).known
    for each in found:
        if each.platform in holders and (each.over_at or each.is_abandoned(now)):
            holders[each.platform].delete_picture(each.tenant, each.file)
            pictures.forget(services.store, each.id)
    if any(each.ready_at is None and not each.is_abandoned(now) for each in found):
        raise DeliveryError("another worker uploads this picture", retry_after=LEASE)
    if chart is None:
        return
    with services.store.database.read() as connection:
        wanted = held(services, connection, case, chart).wanted
    for platform, tenant in wanted:
        _upload(services, case, chart, platform, tenant)


def _upload(services: Services, case: Case, chart: Chart, platform: Platform, tenant: str) -> None:
    """Hand the picture to one place; its record is there before the place holds the file."""
    keeper, content = keepers(services)[platform], PICTURES[platform](chart)
    upload = keeper.begin_picture(tenant, len(content))
    shows = digest(chart)
    if not pictures.begin(services.store, case.id, platform, tenant, upload.file, shows):
        return  # what is not completed is discarded
    keeper.complete_picture(tenant, upload, content)
    if not pictures.mark_ready(services.store, upload.file, case.id, case.school):
        keeper.delete_picture(tenant, upload.file)


def _try_again(services: Services, row: OutboxRow, error: DeliveryError) -> None:
    """Try later; what waits for a person is given up, but a deletion is tried every day."""
    with services.store.unit_of_work() as work:
        known = pictures.pictures_of(work.connection, row.case_id)
        is_hopeless = error.permanent or error.waits or row.attempts >= MOST_TRIES
        if is_hopeless and not any(each.over_at for each in known):
            # What the platform may hold of it is deleted all the same.
            pictures.mark_over(work, [each for each in known if each.ready_at is None])
            results.settle(work, row, OutboxState.CANCELLED, str(error))
            return
        wait = dt.timedelta(days=1) if is_hopeless else growing_wait(row.attempts)
        # A file whose upload was cut off is not touched before that is certain.
        wait = max(wait, error.retry_after or LEASE)
        results.retry(work, row, wait, str(error), tried=error.uses_an_attempt)
