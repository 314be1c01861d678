"""The school's order of contact, its waits in working days, and what stops it."""

import datetime as dt

import pytest

from store.rules.calendar import Calendar
from store.rules.cases.contact_ladder import (
    RESULTS,
    Ladder,
    RungState,
    Standing,
    Taken,
    check_result,
    where_it_stands,
)
from store.rules.errors import InvalidInput
from store.rules.model import AttemptResult, Rung
from store.rules.policies.policy import LadderRung
from store.rules.students.contacts import Contact, ContactKind

FRIDAY = dt.datetime(2025, 10, 24, 10, 0, tzinfo=dt.UTC)
TUESDAY, WEDNESDAY = dt.date(2025, 10, 28), dt.date(2025, 10, 29)
STEPS = (LadderRung(Rung.UNIVERSITY_EMAIL, 3), LadderRung(Rung.PHONE, 2))
MAIL = Taken(Rung.UNIVERSITY_EMAIL, FRIDAY)


def on(
    day: dt.date, *taken: Taken, answered: dt.datetime | None = None, without: tuple[Rung, ...] = ()
) -> Ladder:
    reply = Contact(answered, answered.date(), ContactKind.REPLY) if answered else None
    return where_it_stands(STEPS, taken, reply, Calendar(), day, without)


def test_the_next_rung_is_proposed_when_the_working_days_are_over() -> None:
    assert on(TUESDAY, MAIL).proposed is None
    assert on(TUESDAY, MAIL).waiting_until == WEDNESDAY, "the weekend does not count"
    assert on(WEDNESDAY, MAIL).proposed is Rung.PHONE


def test_a_bounce_is_no_contact_and_proposes_the_next_at_once() -> None:
    bounced = Taken(Rung.UNIVERSITY_EMAIL, FRIDAY, AttemptResult.BOUNCED)
    assert on(FRIDAY.date(), bounced).proposed is Rung.PHONE


def test_an_answer_stops_it_and_writing_again_begins_anew() -> None:
    answered = FRIDAY + dt.timedelta(hours=2)
    stopped = on(WEDNESDAY, MAIL, answered=answered)
    assert stopped.proposed is None
    assert stopped.stopped_by
    assert stopped.stopped_by.day == FRIDAY.date()
    assert not stopped.exhausted

    again = Taken(Rung.UNIVERSITY_EMAIL, FRIDAY + dt.timedelta(days=3))
    assert on(TUESDAY, MAIL, again, answered=answered).waiting_until == dt.date(2025, 10, 30)


def test_a_look_that_could_not_tell_is_still_to_be_taken() -> None:
    look = Taken(Rung.PHONE, FRIDAY + dt.timedelta(days=5), AttemptResult.NOT_MEASURED)
    stands = on(dt.date(2025, 11, 20), MAIL, look)
    assert stands.proposed is Rung.PHONE
    assert not stands.exhausted


def test_it_is_exhausted_when_everything_was_tried_and_every_wait_is_over() -> None:
    call = Taken(Rung.PHONE, FRIDAY + dt.timedelta(days=5), AttemptResult.NO_ANSWER)
    assert not on(dt.date(2025, 10, 30), MAIL, call).exhausted
    assert on(dt.date(2025, 10, 31), MAIL, call).exhausted
    assert not on(WEDNESDAY).exhausted, "nobody has tried anything"


def test_a_rung_without_an_address_is_passed_over() -> None:
    stands = on(WEDNESDAY, without=(Rung.UNIVERSITY_EMAIL,))
    assert stands.rungs[0].standing is Standing.IMPOSSIBLE
    assert stands.proposed is Rung.PHONE


@pytest.mark.parametrize(
    ("rung", "result"),
    [
        (Rung.PHONE, AttemptResult.NOTHING_SEEN),
        (Rung.DIGITAL_TRACES, AttemptResult.REACHED),
        (Rung.PERSONAL_EMAIL, AttemptResult.REACHED),
    ],
)
def test_only_what_can_come_of_a_rung_is_logged(rung: Rung, result: AttemptResult) -> None:
    with pytest.raises(InvalidInput):
        check_result(rung, result)


def test_each_step_says_where_it_stands_since_when_and_until_when() -> None:
    waiting = RungState(Rung.UNIVERSITY_EMAIL, Standing.WAITING, FRIDAY.date(), None, WEDNESDAY)
    assert on(TUESDAY, MAIL).rungs == (waiting, RungState(Rung.PHONE, Standing.LATER))
    done = RungState(Rung.UNIVERSITY_EMAIL, Standing.DONE, FRIDAY.date())
    assert on(WEDNESDAY, MAIL).rungs == (done, RungState(Rung.PHONE, Standing.NEXT))

    call = Taken(Rung.PHONE, FRIDAY + dt.timedelta(days=5), AttemptResult.NO_ANSWER)
    assert on(dt.date(2025, 10, 31), MAIL, call).rungs[1] == RungState(
        Rung.PHONE, Standing.DONE, dt.date(2025, 10, 29), AttemptResult.NO_ANSWER
    )


def test_an_answer_at_the_instant_of_the_step_stops_it_and_an_older_one_does_not() -> None:
    assert on(TUESDAY, MAIL, answered=FRIDAY).stopped_by
    assert on(TUESDAY, MAIL, answered=FRIDAY - dt.timedelta(seconds=1)).stopped_by is None


def test_what_can_come_of_a_step_is_listed_and_the_field_is_named() -> None:
    check_result(Rung.PHONE, AttemptResult.REACHED)
    with pytest.raises(InvalidInput) as of_mail:
        check_result(Rung.PERSONAL_EMAIL, AttemptResult.REACHED)
    assert of_mail.value.field == "rung"
    assert of_mail.value.sentence == (
        "An email is recorded by itself when it is sent or bounces. Use Draft email."
    )
    with pytest.raises(InvalidInput) as of_call:
        check_result(Rung.PHONE, AttemptResult.NOTHING_SEEN)
    assert of_call.value.field == "result"
    labels = ", ".join(each.label for each in RESULTS[Rung.PHONE])
    assert (
        of_call.value.sentence
        == f"This step cannot have that result. Choose one of these: {labels}."
    )
