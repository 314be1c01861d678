"""Private notices to colleagues: once, by reference, in working hours, to active colleagues."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from integrations.chat.interface import DeliveryError
from store.actions.cases import close as closing
from store.actions.notices.notify import Notice, notify_person
from store.actions.schools.arrange_cover import Absence, arrange_cover
from store.queries.notices.notices import DEPUTIES
from store.rules.model import NoticeKind, Outcome, Platform
from store.tables import identities, outbox
from tests.worker.office import Office
from worker.jobs import sweep as sweeping

FRIDAY_EVENING = dt.datetime(2025, 10, 24, 19, 0, tzinfo=dt.UTC)
MONDAY_MORNING = dt.datetime(2025, 10, 27, 8, 0, tzinfo=dt.UTC)


@pytest.fixture
def case(office: Office) -> int:
    return office.world.open_case()


def tell(
    office: Office,
    name: str,
    kind: NoticeKind,
    case: int,
    *,
    by: str | None = None,
    key: str = "1",
) -> None:
    world = office.world
    with world.store.unit_of_work() as work:
        notice = Notice(kind, world.school(), key, case=case)
        notify_person(work, world.staff(name), notice, by=world.staff(by) if by else None)


def told(office: Office, name: str) -> list[str]:
    """Return the private messages to this person."""
    office.works()
    return [str(message.payload) for message in office.messages(f"direct:{name}")]


def states(office: Office) -> list[str]:
    return [row["state"] for row in office.world.rows(outbox, kind="notice")]


# These concern more than a case, and have tests of their own. Fitness to Study is announced only
# where it is recommended: tests/worker/test_fitness.py checks its arrival, without a name.
ABOUT_MORE = (
    {
        NoticeKind.FITNESS,
        NoticeKind.ERASED,
        NoticeKind.HELD,
        NoticeKind.SAID,
        NoticeKind.NOT_SENT,
        NoticeKind.COVER_ENDED,
    }
    | DEPUTIES
    | {NoticeKind.DEATH, NoticeKind.TROUBLE_OVER, NoticeKind.ANCHOR}
    | {each for each in NoticeKind if each.startswith("data-")}
)


@pytest.mark.parametrize("kind", sorted(set(NoticeKind) - ABOUT_MORE))
def test_each_kind_is_said_by_reference_without_a_name(
    office: Office, case: int, kind: NoticeKind
) -> None:
    tell(office, "lena", kind, case)
    (message,) = told(office, "lena")
    assert "Dana" not in message
    assert "Dvorak" not in message
    if kind not in (NoticeKind.DIGEST, NoticeKind.WEEK, NoticeKind.CHANNEL):
        assert "LANG-1" in message


def test_the_same_occasion_is_told_once_and_nobody_hears_of_their_own_act(
    office: Office, case: int
) -> None:
    tell(office, "alice", NoticeKind.ASSIGNED, case)
    tell(office, "alice", NoticeKind.ASSIGNED, case)
    tell(office, "lena", NoticeKind.ASSIGNED, case, by="lena")
    assert len(told(office, "alice")) == 1
    assert told(office, "lena") == []
    tell(office, "alice", NoticeKind.ASSIGNED, case, key="2")
    assert len(told(office, "alice")) == 2


def test_whoever_gets_a_case_from_a_colleague_is_told(office: Office, case: int) -> None:
    office.types("lena", "assign LANG-1 alice")
    assert told(office, "alice") == []
    assert "LANG-1 is assigned to you." in office.shown(), "the line below the card suffices"
    office.clicks("sana", "take", case=case)
    assert told(office, "sana") == []


def test_it_waits_for_the_next_school_morning_unless_it_is_an_emergency(
    office: Office, case: int
) -> None:
    office.clock.now = FRIDAY_EVENING
    tell(office, "lena", NoticeKind.ANSWERED, case)
    assert told(office, "lena") == []
    tell(office, "lena", NoticeKind.EMERGENCY, case)
    (message,) = told(office, "lena")
    assert "welfare route" in message

    office.clock.now = MONDAY_MORNING
    sweeping.sweep(office.services)
    assert len(told(office, "lena")) == 2


def test_the_cover_is_told_and_told_for_whom(office: Office, case: int) -> None:
    world = office.world
    away = Absence(world.staff("alice"), world.staff("sana"), world.today, world.today)
    arrange_cover(world.store, world.by("alice"), world.school(), away)
    tell(office, "alice", NoticeKind.ANSWERED, case)
    (message,) = told(office, "sana")
    assert "You cover for Alice Adviser." in message
    assert told(office, "alice") == []


def test_whoever_may_no_longer_see_the_case_hears_nothing(office: Office, case: int) -> None:
    tell(office, "charlie", NoticeKind.ANSWERED, case)
    office.leaves("alice")
    tell(office, "alice", NoticeKind.ANSWERED, case)
    assert told(office, "charlie") == []
    assert told(office, "alice") == []
    assert states(office) == ["cancelled", "cancelled", "sent"]
    (message,) = told(office, "lena")
    assert "cannot reach the colleague this is for" in message


def test_a_colleague_elsewhere_hears_that_the_alert_was_seen_and_can_open_nothing(
    office: Office, case: int
) -> None:
    tell(office, "charlie", NoticeKind.ACKNOWLEDGED, case)
    (message,) = told(office, "charlie")
    assert "has seen your alert about LANG-1" in message
    assert "button" not in message


def test_of_a_closed_case_nobody_is_reminded(office: Office, case: int) -> None:
    tell(office, "alice", NoticeKind.REMINDER, case)
    closing.close_case(office.world.store, office.world.by("lena"), case, Outcome.RE_ENGAGED)
    assert told(office, "alice") == []
    assert states(office) == ["cancelled"]


def test_somebody_without_an_account_anywhere_stops_nobody_else(office: Office, case: int) -> None:
    with office.world.store.unit_of_work() as work:
        work.connection.execute(
            sa.delete(identities).where(identities.c.staff_id == office.world.staff("alice"))
        )
    tell(office, "alice", NoticeKind.ANSWERED, case)
    tell(office, "lena", NoticeKind.ANSWERED, case)
    assert len(told(office, "lena")) == 1
    assert states(office) == ["cancelled", "sent"]


def test_what_a_platform_does_not_take_is_tried_again_and_posted_once(
    office: Office, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = office.services.workspaces[Platform.SANDBOX]
    post, failures = workspace.post, [True]

    def fails_once(*given: object, **named: object) -> object:
        reference = post(*given, **named)  # type: ignore[arg-type]
        if failures.pop() if failures else False:
            raise DeliveryError("the answer got lost", unknown=True)
        return reference

    monkeypatch.setattr(type(workspace), "post", lambda _self, *a, **k: fails_once(*a, **k))
    tell(office, "lena", NoticeKind.ANSWERED, case)
    office.works()
    office.clock.forward(minutes=5)
    sweeping.sweep(office.services)
    assert len(told(office, "lena")) == 1
    assert set(states(office)) == {"sent"}
