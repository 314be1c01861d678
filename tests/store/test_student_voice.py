"""A student's message is recorded once, reaches the owner, and waits if it needs an answer."""

import pytest

from store.actions.cases import close as closing
from store.actions.cases.log_access import reveal_student, show_case
from store.actions.request import AlreadyDone
from store.actions.students.answer_message import answer_message, read_saying, waiting_on
from store.actions.students.record_message import record_message
from store.policies.versions import school_policy
from store.queries.cases.contact_ladder import ladder_of
from store.queries.cases.waiting import waiting_in
from store.queries.students.messages import preference_of, preference_words, waiting_sayings
from store.rules.access.confidentiality import RevealPurpose
from store.rules.errors import InvalidInput, NotAllowed, NotPossibleNow
from store.rules.model import CaseStatus, NoticeKind, Outcome
from store.rules.notices.reminders import WaitingFor
from store.rules.students.messages import LONGEST, ContactWay, Said, Saying, way_in
from store.tables import audit, notices, sayings
from tests.people import MATHEMATICS
from tests.store.together import together
from tests.world import World


@pytest.fixture
def case(world: World) -> int:
    """Create a case whose student has been written to."""
    return world.begins_with(World.writes_to_dana)


def says(
    world: World, kind: Saying, words: str = "", key: str = "k1", *, way: ContactWay | None = None,
    student: str = "dana", mail: int | None = None,
) -> bool:  # fmt: skip
    return record_message(world.store, Said(world.student(student), kind, words, way, mail), key)


@pytest.mark.parametrize("kind", [Saying.FINE, Saying.WRONG, Saying.TALK, Saying.OPT_OUT])
def test_it_is_an_answer_that_moves_the_case_stops_the_ladder_and_tells_the_owner(
    world: World, case: int, kind: Saying
) -> None:
    assert says(world, kind, "I was in hospital")

    now = world.case(case)
    assert now.status is CaseStatus.RESPONDED
    with world.store.database.read() as connection:
        policy = school_policy(connection, now.school, world.today)
        stopped = ladder_of(connection, now, policy, world.today).stopped_by
        assert stopped
        assert stopped.day == world.today
    assert [row["staff_id"] for row in world.rows(notices, kind="said")] == [now.owner]
    entry = world.rows(audit)[-1]
    assert (entry["actor"], entry["action"]) == (f"student:{now.student}", f"said-{kind}")
    assert "hospital" not in str(world.rows(audit))


@pytest.mark.usefixtures("case")
def test_the_same_click_again_changes_nothing(world: World) -> None:
    says(world, Saying.FINE)
    before = world.dump()

    assert not says(world, Saying.FINE)
    assert not says(world, Saying.TALK, "another text under the same key")

    assert world.dump() == before


@pytest.mark.usefixtures("case")
def test_two_clicks_at_once_are_kept_once(world: World) -> None:
    done = together(lambda: says(world, Saying.OPT_OUT), lambda: says(world, Saying.OPT_OUT))

    assert sorted(map(str, done)) == ["False", "True"]
    assert len(world.rows(sayings)) == len(world.rows(notices, kind="said")) == 1


def test_the_words_are_sealed_and_open_for_a_purpose_only(world: World, case: int) -> None:
    says(world, Saying.WRONG, "I was in hospital")

    assert "hospital" not in str(world.dump())
    bob = show_case(world.store, world.by("bob"), case)
    assert [each.kind for each in bob.view.said] == [Saying.WRONG]
    assert "hospital" not in str(bob)
    alice = reveal_student(world.store, world.by("alice"), case, RevealPurpose.ANSWER_REQUEST)
    assert alice.private
    assert [each.words for each in alice.private.said] == ["I was in hospital"]


def test_a_correction_waits_until_a_colleague_has_answered_it(world: World, case: int) -> None:
    says(world, Saying.WRONG, "I was in hospital")
    saying = waiting_on(world.store, case)
    assert saying is not None
    with world.store.database.read() as connection:
        policy = school_policy(connection, world.school(), world.today)
        due = waiting_in(connection, world.school(), policy.calendar, world.today)
    assert WaitingFor.QUESTION in {each.what for each in due}
    with pytest.raises(InvalidInput):
        answer_message(world.store, world.by("sana"), saying, "ok")

    read = read_saying(world.store, world.by("sana"), saying)
    answer_message(world.store, world.by("sana"), saying, "We corrected the register")

    assert (read.name, read.said.words) == ("Dana Dvorak", "I was in hospital")
    assert waiting_on(world.store, case) is None
    assert "corrected the register" not in str(world.dump())
    with pytest.raises(NotPossibleNow):
        answer_message(world.store, world.by("alice"), saying, "Another answer to it")
    assert world.store.verify_audit() is None


def test_closing_the_case_leaves_the_answer_owed_and_the_lead_is_told(
    world: World, case: int
) -> None:
    says(world, Saying.WRONG, "I was in hospital")
    closing.close_case(world.store, world.by("sana"), case, Outcome.DATA_ERROR)

    told = world.rows(notices, kind=NoticeKind.UNANSWERED)
    assert [row["staff_id"] for row in told] == [world.staff("lena")]
    assert world.rows(audit, action="close")[0]["details"]["unanswered"] == 1
    saying = waiting_on(world.store, case)
    assert saying is not None
    with world.store.database.read() as connection:
        policy = school_policy(connection, world.school(), world.today)
        due = waiting_in(connection, world.school(), policy.calendar, world.today)
        lines = waiting_sayings(connection, [world.school()])
    assert [each.what for each in due] == [WaitingFor.QUESTION]
    assert [line.reference for line in lines] == ["LANG-1"]

    answer_message(world.store, world.by("alice"), saying, "We corrected the register")

    assert world.case(case).status is CaseStatus.CLOSED, "an answer reopens nothing"
    assert waiting_on(world.store, case) is None


def test_closing_tells_nobody_where_nothing_is_owed(world: World, case: int) -> None:
    says(world, Saying.FINE)
    closing.close_case(world.store, world.by("sana"), case, Outcome.RE_ENGAGED)
    assert world.rows(notices, kind=NoticeKind.UNANSWERED) == []
    assert "unanswered" not in world.rows(audit, action="close")[0]["details"]


@pytest.mark.usefixtures("case")
@pytest.mark.parametrize("who", ["charlie", "max", "bob"])
def test_outsiders_and_organisers_read_and_answer_nothing(world: World, who: str) -> None:
    says(world, Saying.WRONG, "I was in hospital")
    says(world, Saying.TALK, student="eli", key="k2")
    for saying in [row["id"] for row in world.rows(sayings)]:
        with pytest.raises(NotAllowed):
            read_saying(world.store, world.by(who), saying)
        with pytest.raises(NotAllowed):
            answer_message(world.store, world.by(who), saying, "We have looked at it")
    assert world.rows(audit)[-1]["action"] == "refused"


def test_the_same_answer_twice_is_one(world: World, case: int) -> None:
    says(world, Saying.WRONG, "No")
    click = world.by("sana")
    saying = waiting_on(world.store, case)
    assert saying
    answer_message(world.store, click, saying, "We corrected the register")

    with pytest.raises(AlreadyDone):
        answer_message(world.store, click, saying, "We corrected the register")


def test_without_a_case_it_waits_for_an_officer_of_the_home_school(world: World) -> None:
    assert says(world, Saying.TALK, "About my course", student="eli")

    assert [row["staff_id"] for row in world.rows(notices, kind="said")] == [world.staff("sana")]
    with world.store.database.read() as connection:
        (line,) = waiting_sayings(connection, [world.school()])
        assert waiting_sayings(connection, [world.school(MATHEMATICS)]) == []
    assert (line.case, line.kind) == (None, Saying.TALK)
    answer_message(world.store, world.by("sana"), line.id, "Come on Friday at ten")
    with world.store.database.read() as connection:
        assert waiting_sayings(connection, [world.school()]) == []


def test_a_link_in_a_mail_of_a_closed_case_makes_it_a_question_again(
    world: World, case: int
) -> None:
    closing.close_case(world.store, world.by("lena"), case, Outcome.RE_ENGAGED)

    says(world, Saying.OPT_OUT, key="k1", mail=1)
    assert world.case(case).status is CaseStatus.CLOSED, "a wish for the future asks nothing"
    says(world, Saying.TALK, key="k2", mail=1)

    assert world.case(case).status is CaseStatus.RESPONDED


def test_the_mail_of_somebody_else_counts_for_nothing(world: World, case: int) -> None:
    says(world, Saying.TALK, student="eli", mail=1)

    assert world.case(case).status is CaseStatus.IN_CONTACT
    assert world.rows(sayings)[0]["case_id"] is None


def test_preferences_are_the_newest_and_can_be_taken_back(world: World) -> None:
    dana = world.student("dana")
    says(world, Saying.CONTACT_BY, "01632 960001, after four", "k1", way=ContactWay.PHONE)
    says(world, Saying.OPT_OUT, key="k2")
    with world.store.database.read() as connection:
        wish = preference_of(connection, dana)
        assert (wish.way, wish.has_opted_out) == (ContactWay.PHONE, True)
        assert preference_words(connection, dana) == "01632 960001, after four"
        assert not preference_of(connection, world.student("eli")).has_opted_out
    assert "960001" not in str(world.dump())

    says(world, Saying.OPT_IN, key="k3")
    says(world, Saying.CONTACT_BY, key="k4", way=ContactWay.CHAT)

    with world.store.database.read() as connection:
        wish = preference_of(connection, dana)
        assert (wish.way, wish.has_opted_out) == (ContactWay.CHAT, False)
        assert preference_words(connection, dana) == ""


@pytest.mark.parametrize(
    ("kind", "words"), [(Saying.WRONG, " \n"), (Saying.CONTACT_BY, ""), (Saying.FINE, "x" * 3000)]
)
def test_what_says_nothing_or_too_much_is_refused_in_a_sentence(
    world: World, kind: Saying, words: str
) -> None:
    assert len(words) < 3 or len(words) > LONGEST
    with pytest.raises(InvalidInput):
        says(world, kind, words)
    assert world.rows(sayings) == []


def test_a_nul_or_half_a_character_does_no_harm(world: World) -> None:
    assert says(world, Saying.WRONG, "a\0b\ud800c")


@pytest.mark.parametrize(
    ("typed", "way"),
    [
        ("phone in the afternoon", ContactWay.PHONE),
        ("Teams please", ContactWay.CHAT),
        ("my private email", ContactWay.PERSONAL_EMAIL),
        ("e-mail", ContactWay.UNIVERSITY_EMAIL),
        ("carrier pigeon", None),
    ],
)
def test_a_typed_way_is_recognised(typed: str, way: ContactWay | None) -> None:
    assert way_in(typed) is way
