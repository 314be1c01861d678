"""Matching a message to one of our emails by the marks it carries."""

from __future__ import annotations

import pytest

from store.rules.model import AnswerKind, Doubt
from store.rules.outreach.mail_match import Match, MatchCandidate, MatchedMail, match_of

DANA, ELI = 1, 2
FIRST, SECOND = MatchCandidate(10, 7, DANA), MatchCandidate(11, 7, DANA)
TO_ELI = MatchCandidate(12, 8, ELI)


@pytest.mark.parametrize(
    ("found", "match"),
    [
        (MatchedMail(answered=[FIRST, SECOND]), Match(SECOND)),
        (MatchedMail(conversation=[FIRST, SECOND]), Match(SECOND)),
        (MatchedMail(answered=[FIRST], conversation=[SECOND], asked=[TO_ELI]), Match(FIRST)),
        (MatchedMail(answered=[FIRST], senders=[DANA, ELI]), Match(FIRST)),
        (MatchedMail(conversation=[FIRST, TO_ELI, SECOND], senders=[DANA]), Match(SECOND)),
        (MatchedMail(conversation=[FIRST, TO_ELI], senders=[ELI]), Match(TO_ELI)),
        (
            MatchedMail(conversation=[TO_ELI, FIRST]),
            Match(TO_ELI, Doubt.SEVERAL, hides_words=True),
        ),
        (
            MatchedMail(answered=[TO_ELI, FIRST], senders=[DANA, ELI]),
            Match(TO_ELI, Doubt.SEVERAL, hides_words=True),
        ),
        (
            MatchedMail(answered=[FIRST, SECOND], senders=[ELI]),
            Match(SECOND, Doubt.SENDER, hides_words=True),
        ),
        (
            MatchedMail(answered=[FIRST], senders=[ELI]),
            Match(FIRST, Doubt.SENDER, hides_words=True),
        ),
        (
            MatchedMail(answered=[FIRST], senders=[ELI], asked=[TO_ELI]),
            Match(TO_ELI, Doubt.NO_REPLY),
        ),
        (MatchedMail(asked=[FIRST, SECOND]), Match(SECOND, Doubt.NO_REPLY)),
        (MatchedMail(asked=[FIRST, TO_ELI]), None),
        (MatchedMail(), None),
        (MatchedMail(senders=[DANA]), None),
    ],
)
def test_an_answer_goes_to_its_own_student_or_to_a_colleague_to_decide(
    found: MatchedMail, match: Match | None
) -> None:
    assert match_of(found, AnswerKind.ANSWER) == match


def test_what_may_be_automatic_is_decided_by_a_colleague_and_a_bounce_proposes_nothing() -> None:
    named, asked = MatchedMail(answered=[FIRST]), MatchedMail(asked=[FIRST])
    assert match_of(named, AnswerKind.DOUBTFUL) == Match(FIRST, Doubt.AUTOMATIC)
    assert match_of(asked, AnswerKind.DOUBTFUL) == Match(FIRST, Doubt.NO_REPLY)
    for kind in (AnswerKind.BOUNCE, AnswerKind.AUTOMATIC):
        assert match_of(named, kind) == Match(FIRST)
        assert match_of(asked, kind) is None
