"""The contact ladder: the school's order, waits in working days, and what pauses it."""

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
    check_traces_are_last,
    mail_taken,
    wait_just_ended,
    where_it_stands,
)
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import AttemptResult, OutreachStatus, Rung
from store.rules.policies.policy import Approval, LadderRung, SchoolPolicy
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


THURSDAY, LATER = dt.date(2025, 10, 30), dt.date(2025, 11, 20)
LOOKS = (
    LadderRung(Rung.UNIVERSITY_EMAIL, 3),
    LadderRung(Rung.PHONE, 2),
    LadderRung(Rung.DIGITAL_TRACES, 2),
)
LOOKED = FRIDAY + dt.timedelta(days=7)
NOTHING, SEEN, UNKNOWN = (
    AttemptResult.NOTHING_SEEN,
    AttemptResult.TRACES_SEEN,
    AttemptResult.NOT_MEASURED,
)


@pytest.mark.parametrize(
    ("checks", "with_swipes", "is_told"),
    [
        ([(False, NOTHING)], False, True),
        ([(False, NOTHING)], True, False),
        ([(True, NOTHING)], True, False),
        ([(False, NOTHING), (True, NOTHING)], True, True),
        ([(False, NOTHING), (True, UNKNOWN)], True, False),
        ([(False, NOTHING), (True, UNKNOWN), (True, NOTHING)], True, True),
        ([(False, NOTHING), (False, UNKNOWN)], False, False),
        ([(False, UNKNOWN), (False, NOTHING)], False, True),
        ([(False, SEEN)], True, True),
        ([(False, SEEN), (False, UNKNOWN)], True, False),
        ([(False, UNKNOWN), (True, SEEN)], True, True),
    ],
)
def test_traces_are_done_once_every_kind_of_record_has_told(
    checks: list[tuple[bool, AttemptResult]], with_swipes: bool, is_told: bool
) -> None:
    taken = [
        Taken(Rung.DIGITAL_TRACES, LOOKED + dt.timedelta(hours=n), result, of_swipes)
        for n, (of_swipes, result) in enumerate(checks)
    ]
    call = Taken(Rung.PHONE, FRIDAY, AttemptResult.NO_ANSWER)
    stands = where_it_stands(
        LOOKS, [MAIL, call, *taken], None, Calendar(), LATER, with_swipes=with_swipes
    )
    assert stands.exhausted is is_told
    assert stands.proposed is (None if is_told else Rung.DIGITAL_TRACES)


def test_a_second_look_reaches_no_one_so_the_first_one_s_wait_counts() -> None:
    """A second call may be answered, so its own wait counts; a second look at traces adds none."""
    for rung, until in [(Rung.DIGITAL_TRACES, None), (Rung.PHONE, dt.date(2025, 11, 6))]:
        result = NOTHING if rung is Rung.DIGITAL_TRACES else AttemptResult.NO_ANSWER
        taken = [Taken(rung, LOOKED, result), Taken(rung, LOOKED + dt.timedelta(days=4), result)]
        stands = where_it_stands(LOOKS, taken, None, Calendar(), dt.date(2025, 11, 4))
        assert stands.waiting_until == until
        assert where_it_stands(LOOKS, taken[:1], None, Calendar(), LOOKED.date()).waiting_until == (
            dt.date(2025, 11, 4)
        )


def test_an_email_not_sent_yet_waits_from_the_day_on_which_it_may_be_sent() -> None:
    leaves = FRIDAY + dt.timedelta(days=3)
    mail = mail_taken(Rung.UNIVERSITY_EMAIL, OutreachStatus.APPROVED, FRIDAY, None, leaves)
    assert mail == Taken(Rung.UNIVERSITY_EMAIL, FRIDAY, leaves=leaves)
    assert on(FRIDAY.date(), mail).waiting_until == THURSDAY
    assert on(WEDNESDAY, mail).waiting_until == dt.date(2025, 11, 3), "it is still here"
    assert on(WEDNESDAY, mail).leaving == on(WEDNESDAY, mail).rungs[0]
    assert on(WEDNESDAY, mail).rungs[0].leaves == leaves
    assert on(WEDNESDAY, MAIL).leaving is None


def test_which_emails_are_a_step_and_of_which_day() -> None:
    later = FRIDAY + dt.timedelta(days=1)
    for status, result, counts in [
        (OutreachStatus.DRAFT, None, False),
        (OutreachStatus.CANCELLED, None, False),
        (OutreachStatus.APPROVED, None, True),
        (OutreachStatus.SENT, None, True),
        (OutreachStatus.UNKNOWN, None, True),
        (OutreachStatus.BOUNCED, AttemptResult.BOUNCED, True),
    ]:
        taken = mail_taken(Rung.PERSONAL_EMAIL, status, FRIDAY, later)
        assert taken == (Taken(Rung.PERSONAL_EMAIL, later, result) if counts else None)
    assert mail_taken(Rung.PERSONAL_EMAIL, OutreachStatus.SENT, None, None) is None
    late = mail_taken(Rung.PERSONAL_EMAIL, OutreachStatus.APPROVED, later, None, FRIDAY)
    assert late
    assert late.leaves == later, "never before it was approved"


def test_a_step_says_what_was_tried_before_the_contact_that_stopped_the_ladder() -> None:
    call = Taken(Rung.PHONE, FRIDAY - dt.timedelta(days=1), AttemptResult.NO_ANSWER)
    look = Taken(Rung.PHONE, FRIDAY, UNKNOWN)
    stopped = on(TUESDAY, MAIL, call, look, answered=FRIDAY + dt.timedelta(hours=1))
    assert [each.before for each in stopped.rungs] == [MAIL, call]
    assert all(each.before is None for each in on(TUESDAY, MAIL, call).rungs)
    assert on(WEDNESDAY, without=(Rung.UNIVERSITY_EMAIL,)).rungs[0] == RungState(
        Rung.UNIVERSITY_EMAIL, Standing.IMPOSSIBLE
    )


def test_the_steps_that_are_left_and_the_wait_before_one() -> None:
    stands = where_it_stands(LOOKS, [MAIL], None, Calendar(), TUESDAY)
    assert (stands.left, stands.following) == ((Rung.PHONE, Rung.DIGITAL_TRACES), Rung.PHONE)
    assert stands.taken
    assert not on(TUESDAY).taken
    assert stands.waits_before(Rung.PHONE) == WEDNESDAY
    assert stands.waits_before(Rung.UNIVERSITY_EMAIL) is None
    with pytest.raises(NotPossibleNow, match=r"^LANG-7: .* comes first\."):
        check_traces_are_last(stands, "LANG-7")
    call = Taken(Rung.PHONE, FRIDAY, AttemptResult.NO_ANSWER)
    check_traces_are_last(where_it_stands(LOOKS, [MAIL, call], None, Calendar(), TUESDAY), "LANG-7")
    check_traces_are_last(on(TUESDAY, MAIL, call), "LANG-7")


def test_a_wait_ended_just_now_for_five_working_days() -> None:
    policy = SchoolPolicy("LANG", Approval("Alice", WEDNESDAY, ()), (), (), ladder=STEPS)
    call = Taken(Rung.PHONE, FRIDAY - dt.timedelta(days=2), AttemptResult.NO_ANSWER)
    last = dt.date(2025, 11, 5)
    for day, taken, ended in [
        (TUESDAY, (MAIL,), False),
        (WEDNESDAY, (MAIL,), True),
        (WEDNESDAY, (), False),
        (last, (MAIL, call), True),
        (last + dt.timedelta(days=1), (MAIL, call), False),
    ]:
        assert wait_just_ended(on(day, *taken), policy, day) is ended
