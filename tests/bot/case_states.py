"""All the states that a case's card can show, each reached through colleagues' actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlalchemy as sa

from store.actions.cases import close as closing
from store.actions.cases import pause as resting
from store.actions.cases import use_welfare_route as emergency
from store.actions.students.record_message import record_message
from store.rules.model import Opinion, Outcome
from store.rules.students.messages import Said, Saying
from store.tables import staff
from tests.people import policy_document
from tests.worker.office import Office

SERVICES = """
[[services]]
key = "wellbeing"
name = "Wellbeing service"
helps_with = "worries and sleep"
contact = "wellbeing.example.ac.uk"
"""


def _nothing(_office: Office, _case: int) -> None:
    """Leave the case open, as a screening creates it."""


def _view(office: Office, case: int) -> None:
    office.world.give_view(case, "bob", Opinion.CONTACT_NOW)


def view_by_the_owner(office: Office, case: int) -> None:
    office.world.give_view(case, "sana", Opinion.CONTACT_NOW)


def _draft(office: Office, case: int) -> None:
    _view(office, case)
    office.world.write_draft(case, "alice")


def _draft_of_the_only_viewer(office: Office, case: int) -> None:
    view_by_the_owner(office, case)
    office.world.write_draft(case, "sana")


def draft_without_a_view(office: Office, case: int) -> None:
    office.world.write_draft(case, "alice")


def _two_views_needed(office: Office, case: int) -> None:
    office.world.publish(policy_document(views_needed=2))
    _draft(office, case)


def _drafter_may_not_approve(office: Office, case: int) -> None:
    office.world.publish(policy_document(drafter_may_approve=False))
    _draft(office, case)


def _view_of_a_role(office: Office, case: int) -> None:
    document = policy_document() + '[discussion]\nviews_from = ["engagement-lead"]\n'
    office.world.publish(document)
    _draft(office, case)


def _sent(office: Office, case: int) -> None:
    office.world.approved_mail(case)
    office.world.send()


def _all_emails_used(office: Office, case: int) -> None:
    document = policy_document()
    office.world.publish(document[: document.rindex("[[ladder]]")])
    _sent(office, case)


def _answered(office: Office, case: int) -> None:
    _sent(office, case)
    office.types("alice", "attempt LANG-1 phone reached")


def paused(office: Office, case: int) -> None:
    _draft(office, case)
    later = office.world.today.replace(day=30)
    resting.pause_case(
        office.world.store, office.world.by("alice"), case, later, "Away with the choir"
    )


def _exempt(office: Office, case: int) -> None:
    _view(office, case)
    office.types("alice", "exempt LANG-1 placement in 8 weeks at a school abroad")


def _died(office: Office, case: int) -> None:
    _draft(office, case)
    office.types("alice", "death LANG-1 the registry told us this morning")


def _died_for_certain(office: Office, case: int) -> None:
    _died(office, case)
    office.types("lena", "death LANG-1 confirm I rang the registry as well")


def _complaint(office: Office, case: int) -> None:
    _view(office, case)
    office.types("alice", "complaint LANG-1 about how the first email was put")


def _welfare(office: Office, case: int) -> None:
    emergency.use_welfare_route(
        office.world.store, office.world.by("alice"), case, "She sounded unsafe today"
    )


def _welfare_by_the_only_lead(office: Office, case: int) -> None:
    emergency.use_welfare_route(
        office.world.store, office.world.by("lena"), case, "She sounded unsafe today"
    )


def _opted_out(office: Office, case: int) -> None:
    _draft(office, case)
    record_message(office.world.store, Said(office.world.student("dana"), Saying.OPT_OUT), "wish")


def _untrained(office: Office, case: int) -> None:
    _draft(office, case)
    with office.world.store.unit_of_work() as work:
        work.connection.execute(sa.update(staff).values(trained_on=None))


def _nobody_else_to_take_it(office: Office, _case: int) -> None:
    for name in ("alice", "lena"):
        office.leaves(name)


def _alone(office: Office, _case: int) -> None:
    for name in ("alice", "lena", "bob"):
        office.leaves(name)


def _referred(office: Office, case: int) -> None:
    office.world.publish(policy_document() + SERVICES)
    _view(office, case)
    office.types("alice", "refer LANG-1 wellbeing yes")


def _closed(office: Office, case: int) -> None:
    closing.close_case(office.world.store, office.world.by("lena"), case, Outcome.MEETING_HELD)


STATES: Mapping[str, Callable[[Office, int], None]] = {
    name.removeprefix("_"): made
    for name, made in (
        (each.__name__, each)
        for each in (
            _nothing,
            _view,
            view_by_the_owner,
            _draft,
            _draft_of_the_only_viewer,
            draft_without_a_view,
            _two_views_needed,
            _drafter_may_not_approve,
            _view_of_a_role,
            _sent,
            _all_emails_used,
            _answered,
            paused,
            _exempt,
            _died,
            _died_for_certain,
            _complaint,
            _welfare,
            _welfare_by_the_only_lead,
            _opted_out,
            _untrained,
            _nobody_else_to_take_it,
            _alone,
            _referred,
            _closed,
        )
    )
}
