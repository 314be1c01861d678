"""Students' messages, exemptions, contacts and traces, and other people in their data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest

from store.rules.calendar import Calendar, Period
from store.rules.errors import InvalidInput, NotPossibleNow
from store.rules.model import AttemptResult, ExemptionKind, MarkerFamily
from store.rules.policies.policy import Approval, Marker, SchoolPolicy, TraceRules
from store.rules.students.contacts import (
    Contact,
    ContactKind,
    ContactQuestion,
    contacts_that_count,
    newest_contact,
)
from store.rules.students.digital_traces import Trace, check_swipes, result_of, sources_of
from store.rules.students.exemptions import (
    LONGEST,
    ExemptGroup,
    GroupKind,
    GroupMember,
    check_period,
    counting_from,
    members,
)
from store.rules.students.links import LinkPurpose
from store.rules.students.messages import (
    LONGEST as LONGEST_WORDS,
)
from store.rules.students.messages import (
    ContactWay,
    Said,
    Saying,
    check_said,
    heard_again,
    way_in,
)
from store.rules.students.third_parties import ThirdParties

NOW = dt.datetime(2025, 10, 22, 9, 30, tzinfo=dt.UTC)
MONDAY = dt.date(2025, 10, 20)
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


# -- Other people ------------------------------------------------------------------------------

OTHERS = {
    "Eli Evans": "another student",
    "Eli": "another student",
    "Mary Jane van Dyke": "a colleague",
    "bob@example.ac.uk": "an address",
    "1002": "another number",
    "Al": "too short",
}


@pytest.mark.parametrize(
    ("text", "plain", "found"),
    [
        ("I sat with ELI  evans, and Al.", "I sat with [another student], and Al.", 1),
        ("Eli’s notes, Eli's notes", "[another student]’s notes, [another student]'s notes", 2),
        ("(‘Eli’) said “no”", "(‘[another student]’) said “no”", 1),
        ("Elias and Eliot are others", "Elias and Eliot are others", 0),
        ("Mary Jane van Dyke.", "[a colleague].", 1),
        ("Mary Jane van", "Mary Jane van", 0),
        ("then Mary Jane van Dyke Eli", "then [a colleague] [another student]", 2),
        ("<bob@example.ac.uk>; 1002", "<[an address]>; [another number]", 2),
        ("number 11002, ’’ - …", "number 11002, ’’ - …", 0),
        ("", "", 0),
    ],
)
def test_other_people_are_taken_out_as_whole_words(text: str, plain: str, found: int) -> None:
    shown, replaced = ThirdParties(OTHERS).taken_out(text)
    assert (shown, len(replaced)) == (plain, found)
    assert all(f"[{each.instead}]" in plain and each.words in text for each in replaced)
    assert ThirdParties({}).taken_out(text) == (text, ())


# -- Links -------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_a_link_lets_a_student_say_one_thing_or_everything(purpose: LinkPurpose) -> None:
    """Others may open a link sent to a personal address, so it offers only “write no more”."""
    may_say = {
        # An absence is requested after signing in, since a document may come with it.
        LinkPurpose.PAGE: frozenset(Saying) - {Saying.ABSENCE},
        LinkPurpose.PROOF: frozenset(Saying) - {Saying.ABSENCE},
        LinkPurpose.DOOR: {Saying.OPT_OUT},
    }
    assert purpose.may_say == (may_say.get(purpose) or {Saying(purpose.value)})
    assert purpose.is_whole is (purpose in (LinkPurpose.PAGE, LinkPurpose.DOOR))


# -- Messages ----------------------------------------------------------------------------------


def test_what_a_student_says_is_tidied_or_refused_beside_its_field() -> None:
    said = check_said(Said(1, Saying.TALK, " hello\0 ", ContactWay.PHONE, 7))
    assert said == Said(1, Saying.TALK, "hello", None, 7), "a way belongs to a wish alone"
    wish = Said(1, Saying.CONTACT_BY, "", ContactWay.PHONE)
    assert check_said(wish) == wish
    assert check_said(Said(1, Saying.CONTACT_BY, "in the library")).words == "in the library"
    assert check_said(Said(1, Saying.FINE)) == Said(1, Saying.FINE)
    check_said(Said(1, Saying.FINE, "x" * LONGEST_WORDS))
    for refused, field in [
        (Said(1, Saying.WRONG, "  "), "words"),
        (Said(1, Saying.CIRCUMSTANCES, "  "), "words"),
        (Said(1, Saying.FINE, "x" * (LONGEST_WORDS + 1)), "words"),
        (Said(1, Saying.CONTACT_BY), "way"),
    ]:
        with pytest.raises(InvalidInput) as error:
            check_said(refused)
        assert error.value.field == field
    for each in Saying:
        assert each.label
        assert each.told


def test_a_student_writes_ten_messages_an_hour_and_thirty_a_day() -> None:
    minute = dt.timedelta(minutes=1)
    hourly = [NOW - n * minute for n in range(10)]
    daily = [NOW - n * HOUR / 2 for n in range(30)]
    assert heard_again([], NOW) is None
    assert heard_again(hourly[:9], NOW) is None
    assert heard_again(hourly, NOW) == hourly[9] + HOUR
    assert heard_again(hourly, hourly[9] + HOUR) is None
    assert heard_again(daily, NOW) == daily[29] + DAY


@pytest.mark.parametrize(
    ("words", "way"),
    [
        ("phone in the afternoon", ContactWay.PHONE),
        ("on TEAMS please", ContactWay.CHAT),
        ("my own e-mail", ContactWay.PERSONAL_EMAIL),
        ("by email", ContactWay.UNIVERSITY_EMAIL),
        ("in the library", None),
        ("microphone", None),
    ],
)
def test_a_way_is_recognised_in_their_words(words: str, way: ContactWay | None) -> None:
    assert way_in(words) is way
    assert way is None or way.label == way.value.replace("-", " ")


# -- Exemptions --------------------------------------------------------------------------------


def test_a_group_is_a_programme_or_a_module() -> None:
    students = [
        GroupMember(3, "R100", frozenset({"FR101"})),
        GroupMember(1, "R100", frozenset()),
        GroupMember(2, "FR101", frozenset({"R100", "FR101"})),
    ]
    for typed, group, who in [
        (" Programme R100 ", ExemptGroup(GroupKind.PROGRAMME, "R100"), [1, 3]),
        ("module:FR101", ExemptGroup(GroupKind.MODULE, "FR101"), [2, 3]),
        ("module  A:B 2", ExemptGroup(GroupKind.MODULE, "A:B 2"), []),
    ]:
        assert ExemptGroup.named(typed) == group
        assert members(group, students) == who
        assert group.key == f"{group.kind}:{group.code}"
    for typed in ("", "module", "module: ", "cohort R100", "R100"):
        with pytest.raises(InvalidInput) as error:
            ExemptGroup.named(typed)
        assert error.value.field == "group"


def test_an_exemption_ends_within_a_year_unless_its_kind_has_no_end() -> None:
    open_ended = {ExemptionKind.DECEASED, ExemptionKind.INTERRUPTION}
    for kind in ExemptionKind:
        for last, is_good in [
            (MONDAY, kind is not ExemptionKind.DECEASED),
            (MONDAY + LONGEST, kind is not ExemptionKind.DECEASED),
            (MONDAY + LONGEST + DAY, False),
            (MONDAY - DAY, False),
            (None, kind in open_ended),
        ]:
            if is_good:
                check_period(kind, MONDAY, last)
                continue
            with pytest.raises(InvalidInput) as error:
                check_period(kind, MONDAY, last)
            assert error.value.field == "last"


def test_days_count_again_from_the_day_after_the_last_exemption() -> None:
    ended = [(1, MONDAY + DAY), (1, MONDAY), (2, MONDAY), (3, MONDAY), (3, MONDAY + DAY)]
    assert counting_from(ended, frozenset({2})) == {1: MONDAY + 2 * DAY, 3: MONDAY + 2 * DAY}


# -- Contacts and traces -----------------------------------------------------------------------


def test_the_newest_contact_is_the_last_that_counts_for_the_question() -> None:
    def came(hours: int, kind: ContactKind) -> Contact:
        at = NOW + hours * HOUR
        return Contact(at, at.date(), kind, "LANG-1")

    reply, call = came(0, ContactKind.REPLY), came(-1, ContactKind.CALL)
    older, wish = came(-30, ContactKind.MESSAGE), came(0, ContactKind.WISH)
    every = [wish, reply, call, older, came(5, ContactKind.SIGN_IN)]
    ladder = ContactQuestion.LADDER
    assert contacts_that_count(every, ladder) == (older, call, reply, wish)
    assert newest_contact(every, ladder) == wish
    assert newest_contact(every, ContactQuestion.WELFARE) == reply
    assert newest_contact(every, ContactQuestion.MET) == call
    assert newest_contact(every, ContactQuestion.MET, NOW.date() + DAY) is None
    assert contacts_that_count(every, ContactQuestion.ANSWERED, NOW.date()) == (reply, wish)
    assert reply.sentence == "The student answered on Wednesday 22 October."
    activity = Contact(NOW, NOW.date(), ContactKind.ACTIVITY, "moodle")
    assert activity.sentence == "moodle shows the student on Wednesday 22 October."


def looked(*delivered: dt.date, seen: dt.date | None = None) -> Trace:
    return Trace("moodle", MONDAY, MONDAY + 2 * DAY, seen, frozenset(delivered))


WEEK = (MONDAY, MONDAY + DAY, MONDAY + 2 * DAY)


@pytest.mark.parametrize(
    ("trace", "said", "result"),
    [
        (looked(), "moodle: no data has been delivered, so it is unknown.", "not-measured"),
        (
            looked(*WEEK),
            "moodle: nothing seen; delivered up to Wednesday 22 October.",
            "nothing-seen",
        ),
        (
            looked(*WEEK, seen=MONDAY),
            "moodle: last seen on Monday 20 October; delivered up to Wednesday 22 October.",
            "traces-seen",
        ),
        (
            looked(*WEEK[:2]),
            "moodle: no data for Wednesday 22 October; nothing seen on the other days.",
            "not-measured",
        ),
        (
            looked(*WEEK[1:], seen=MONDAY + DAY),
            "moodle: last seen on Tuesday 21 October; no data for Monday 20 October.",
            "traces-seen",
        ),
    ],
)
def test_nothing_seen_is_said_of_measured_days_alone(trace: Trace, said: str, result: str) -> None:
    assert trace.said(Calendar()) == said
    assert result_of([trace], Calendar()) is AttemptResult(result)
    assert result_of([looked(*WEEK), trace], Calendar()) is AttemptResult(result)
    closed = Calendar(closures=(Period("a strike", MONDAY, MONDAY + 2 * DAY),))
    assert trace.missing(closed) == ()
    weekend = Trace("moodle", MONDAY - 4 * DAY, MONDAY, None, frozenset({MONDAY - 4 * DAY}))
    gap = "no data for 17 to 20 October"
    assert weekend.said(Calendar()) == f"moodle: {gap}; nothing seen on the other days."


def test_swipes_are_looked_at_last_and_for_fewer_days() -> None:
    assert result_of([], Calendar()) is AttemptResult.NOT_MEASURED
    policy = SchoolPolicy(
        "LANG",
        Approval("Alice", MONDAY, ()),
        (
            Marker(MarkerFamily.VLE, ("moodle", "canvas")),
            Marker(MarkerFamily.MEETINGS, ("canvas",)),
        ),
        (),
        traces=TraceRules(("library", "doors"), keep_days=20),
        sustained_days=28,
    )
    assert sources_of(policy, swipes=False) == (["canvas", "moodle"], 28)
    assert sources_of(policy, swipes=True) == (["doors", "library"], 20)
    refusals: Sequence[tuple[TraceRules, AttemptResult | None, str]] = [
        (TraceRules(), AttemptResult.NOTHING_SEEN, "has agreed no source of card swipes"),
        (policy.traces, None, "^LANG-1: log-ins and use of the learning space come first"),
        (policy.traces, AttemptResult.TRACES_SEEN, "^LANG-1: the last check .* showed activity"),
    ]
    for rules, logins, why in refusals:
        with pytest.raises(NotPossibleNow, match=why):
            check_swipes(rules, "LANG-1", logins)
    for logins in (AttemptResult.NOTHING_SEEN, AttemptResult.NOT_MEASURED):
        check_swipes(policy.traces, "LANG-1", logins)
