"""Private messages from Lantern to one colleague: short, by reference, with the next actions."""

from __future__ import annotations

from dataclasses import replace

from bot.cards.kit.model import Actions, Button, ButtonStyle, Card, CardBlock, Text, TextStyle
from bot.cards.kit.registry import example
from bot.cards.notices.notice_texts import (
    AFTER_A_DEATH,
    DRAFT_CANCELLED,
    NOTICE_TEXTS,
    READ_AGAIN,
    SEEN_AFTER_FITNESS,
    STOPPED_BY_DEATH,
    NoticeText,
)
from store.queries.notices.notices import NoticeView, ReadAgain
from store.rules.calendar import institution_day
from store.rules.cases.case import Actor, Case
from store.rules.cases.contact_ladder import Taken
from store.rules.model import AttemptResult, CaseStatus, NoticeKind, Rung
from store.rules.notices.reminders import SAYS, WaitingFor
from store.rules.students.messages import Saying
from store.rules.text.formatting import on_day


def notice_card(view: NoticeView, can_open: bool) -> Card:
    """Build the message. ``can_open``: whether the person may see the case; colleagues of other
    schools may not."""
    saying = _saying_of(view)
    reference = view.case.reference if view.case else "the case"
    sentence = saying.sentence.format(
        case=reference,
        asker=view.asked_by or "A colleague",
        said=view.said.told if view.said else "",
        tried=_tried(view.tried),
    )
    blocks: list[CardBlock] = [Text(sentence)]
    if view.question and saying is not STOPPED_BY_DEATH:
        blocks.append(Text(view.question, TextStyle.QUOTE))
    if view.to.id != view.meant.id:
        blocks.append(Text(f"You cover for {view.meant.name}.", TextStyle.SUBTLE))
    if view.instead:
        blocks.append(Text(view.instead, TextStyle.SUBTLE))
    if view.case is not None and can_open:
        blocks.append(_actions(view.case, saying))
    elif view.case is None and view.kind is NoticeKind.READ_NOW:
        ids = {"saying": str(view.about)}
        now = Button("Read now", "read-now", ids, ButtonStyle.PRIMARY, opens_dialog=True)
        blocks.append(Actions((now,)))
    elif view.case is None and view.said:
        ids = {"saying": str(view.about)}
        blocks.append(Actions((Button("Read and answer", "said", ids, opens_dialog=True),)))
    return Card(kind="notice", summary=sentence, blocks=tuple(blocks))


def _tried(last: Taken | None) -> str:
    """Say what the last contact step was, and its result; '' for none."""
    if last is None:
        return ""
    came = f", {last.result.label}" if last.result else ""
    day = on_day(institution_day(last.at))
    return f"The last contact step was {last.rung.label} on {day}{came}. "


def _saying_of(view: NoticeView) -> NoticeText:
    """Choose the words for the subject of the notice."""
    if saying := _of_special_matter(view):
        return saying
    saying = NOTICE_TEXTS[view.kind]
    if view.read_again in (ReadAgain.OVER, ReadAgain.LEFT_LADDER):
        return NoticeText(READ_AGAIN[view.read_again])
    if view.read_again is not None:
        return replace(saying, sentence=READ_AGAIN[view.read_again])
    if view.kind in (NoticeKind.REMINDER, NoticeKind.ESCALATION):
        saying = _reminding(saying, view)
    return saying if view.case is not None else _of_no_case(saying, view)


def _of_special_matter(view: NoticeView) -> NoticeText | None:
    """Choose the words where the usual ones of this kind do not fit; None where they do."""
    if view.kind in (NoticeKind.ANSWERED, NoticeKind.SAID):
        return AFTER_A_DEATH if view.has_died else None
    if view.kind is NoticeKind.NOT_SENT and view.has_died:
        return STOPPED_BY_DEATH
    if view.kind is NoticeKind.NOT_SENT and view.was_draft:
        return DRAFT_CANCELLED
    if view.kind is NoticeKind.FITNESS and view.about is not None:
        return SEEN_AFTER_FITNESS
    return None


def _of_no_case(saying: NoticeText, view: NoticeView) -> NoticeText:
    """Speak of the school, or of a student who has no case."""
    if view.kind is NoticeKind.TROUBLE:
        return replace(saying, sentence="There is a problem in your school that needs action.")
    if view.kind is NoticeKind.READ_NOW:
        sentence = "Read this now: a student of your school, who has no case, has written."
        return replace(saying, sentence=sentence)
    if view.said:
        return replace(saying, sentence="A student of your school, who has no case, {said}.")
    return saying


def _reminding(saying: NoticeText, view: NoticeView) -> NoticeText:
    """Say what the reminder is about. A student's question gets an answer, not a new owner."""
    if view.about not in set(WaitingFor):
        return saying
    what = WaitingFor(view.about)
    if what is WaitingFor.QUESTION:
        return replace(saying, sentence=SAYS[what], label="Read and answer", action="said")
    if what is WaitingFor.REVIEW:
        return replace(saying, sentence=SAYS[what], label="Review", action="review")
    if view.kind is NoticeKind.REMINDER:
        return replace(saying, sentence=SAYS[what])
    return saying


def _actions(case: Case, saying: NoticeText) -> Actions:
    ids = {"case": str(case.id), "version": str(case.version)}
    show = Button("Show", "show", ids, opens_dialog=True)
    if saying.action == "show":
        return Actions((show,))
    first = Button(
        saying.label,
        saying.action,
        ids | ({"step": saying.step} if saying.step else {}),
        ButtonStyle.PRIMARY,
        opens_dialog=saying.opens_dialog,
    )
    if saying.action == "complaint" and saying.is_all:
        kept = Button("Evidence", "complaint", ids | {"step": "export"}, opens_dialog=True)
        return Actions((first, kept))
    return Actions((first,) if saying.is_all else (first, show))


def _example(
    kind: NoticeKind,
    *,
    question: str = "",
    covered: bool = False,
    said: Saying | None = None,
    tried: Taken | None = None,
    was_draft: bool = False,
    has_died: bool = False,
) -> Card:
    from bot.cards.kit import sample_data as sample

    alice = Actor(1, "Alice Example", True)
    bob = Actor(2, "Bob Example", True)
    view = NoticeView(
        id=1,
        kind=kind,
        school=1,
        to=bob if covered else alice,
        meant=alice,
        case=sample.sample_case_view(CaseStatus.DISCUSSING).case,
        about=None,
        day=None,
        asked_by="Chandra Example" if kind is NoticeKind.ASKED else "",
        question=question,
        said=said,
        tried=tried,
        was_draft=was_draft,
        has_died=has_died,
    )
    return notice_card(view, can_open=True)


@example("notice-asked")
def _asked() -> Card:
    return _example(NoticeKind.ASKED, question="You had a seminar with them on Monday, I think?")


@example("notice-emergency-covered")
def _emergency() -> Card:
    return _example(NoticeKind.EMERGENCY, covered=True)


@example("notice-said")
def _said() -> Card:
    return _example(NoticeKind.SAID, said=Saying.TALK)


@example("notice-said-without-a-case")
def _said_without_a_case() -> Card:
    alice = Actor(1, "Alice Example", True)
    view = NoticeView(
        1, NoticeKind.SAID, 1, to=alice, meant=alice, case=None, about=3, day=None, said=Saying.TALK
    )
    return notice_card(view, can_open=False)


@example("notice-read-now")
def _read_now() -> Card:
    return _example(NoticeKind.READ_NOW)


@example("notice-read-now-without-a-case")
def _read_now_without_a_case() -> Card:
    alice = Actor(1, "Alice Example", True)
    view = NoticeView(
        1, NoticeKind.READ_NOW, 1, to=alice, meant=alice, case=None, about=3, day=None
    )
    return notice_card(view, can_open=False)


@example("notice-unanswered")
def _unanswered() -> Card:
    return _example(NoticeKind.UNANSWERED)


@example("notice-trouble")
def _trouble() -> Card:
    why = "Lantern cannot post in your school's channel. This channel is archived; restore it."
    return _example(NoticeKind.TROUBLE, question=why)


@example("notice-trouble-without-a-lead")
def _trouble_without_a_lead() -> Card:
    alice = Actor(1, "Alice Example", True)
    why = "Lantern cannot post in your school's channel. It is archived; restore it."
    instead = "Languages has no engagement lead, so Lantern tells you instead."
    view = NoticeView(1, NoticeKind.TROUBLE, 1, alice, alice, None, 3, None, "", why)
    return notice_card(replace(view, instead=instead), can_open=False)


@example("notice-trouble-over")
def _trouble_over() -> Card:
    alice = Actor(1, "Alice Example", True)
    view = NoticeView(
        id=1,
        kind=NoticeKind.TROUBLE_OVER,
        school=1,
        to=alice,
        meant=alice,
        case=None,
        about=None,
        day=None,
        question="panopto has arrived again: complete to Thursday 26 November.",
    )
    return notice_card(view, can_open=False)


@example("notice-not-sent")
def _not_sent() -> Card:
    why = "the approval is no longer valid, since there is a new flag"
    return _example(NoticeKind.NOT_SENT, question=why)


@example("notice-draft-cancelled")
def _draft_cancelled() -> Card:
    return _example(NoticeKind.NOT_SENT, question="the case was paused", was_draft=True)


@example("notice-not-sent-after-a-death")
def _not_sent_after_a_death() -> Card:
    return _example(NoticeKind.NOT_SENT, has_died=True)


@example("notice-prepared")
def _prepared() -> Card:
    from bot.cards.kit.sample_data import REPORTED_AT

    called = Taken(Rung.PHONE, REPORTED_AT, AttemptResult.NO_ANSWER)
    return _example(NoticeKind.PREPARED, tried=called)


@example("notice-resolve")
def _resolve() -> Card:
    return _example(NoticeKind.RESOLVE)


@example("notice-review")
def _review() -> Card:
    return _example(NoticeKind.REVIEW)


@example("notice-doubtful")
def _doubtful() -> Card:
    return _example(NoticeKind.DOUBTFUL)


@example("notice-answered")
def _answered() -> Card:
    return _example(NoticeKind.ANSWERED)
