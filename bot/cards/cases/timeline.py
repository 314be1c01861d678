"""Every event of a case with its text, newest first, for a private dialog."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from bot.cards.cases.state import OPINIONS
from bot.cards.cases.steps import AUTOMATIC, LOGGED, RUNGS, early, mail_line, referral_line
from bot.cards.kit.model import Text, TextStyle
from bot.cards.kit.paging import whole
from bot.cards.students import saying_line
from store.queries.cases.records import CaseView, FlagView, InterventionView, PrivateView
from store.queries.cases.thread_context import ThreadReply
from store.queries.students.messages import SayingWords
from store.rules.calendar import Calendar
from store.rules.model import CaseStatus, FlagState
from store.rules.text.complaining import may_complain
from store.rules.text.formatting import on_day, short_day

Entry = tuple[dt.datetime, str, TextStyle]


def timeline(
    view: CaseView, private: PrivateView | None, remarks: Sequence[ThreadReply], calendar: Calendar
) -> list[Text]:
    """Return one dated text for each event, or several where it is long. ``private`` is only for
    those who may see the student's details and words."""
    entries = [
        *_by_colleagues(view, remarks),
        *_contact(view, calendar),
        *_by_the_student(view, private),
    ]
    newest_first = sorted(entries, key=lambda entry: entry[0], reverse=True)
    return [
        text
        for at, said, style in newest_first
        for text in whole(f"{short_day(calendar.local(at).date())} · {said}", style)
    ]


def newest_from_student(
    view: CaseView, private: PrivateView | None, calendar: Calendar
) -> tuple[Text, ...]:
    """Return what the student wrote last, as ``timeline`` shows it; () where they wrote nothing."""
    entries = sorted(_by_the_student(view, private), key=lambda entry: entry[0])
    if not entries:
        return ()
    at, said, style = entries[-1]
    return tuple(whole(f"{short_day(calendar.local(at).date())} · {said}", style))


def _by_colleagues(view: CaseView, remarks: Sequence[ThreadReply]) -> Iterator[Entry]:
    for given in view.views:
        said = f"{given.author} · {OPINIONS[given.opinion]}\n{given.reason}"
        yield given.at, said, TextStyle.QUOTE
    for each in remarks:
        yield each.at, f"{each.author} said in the thread:\n{each.body}", TextStyle.QUOTE
    for done in view.interventions:
        yield done.at, early(done, _logged(done)), TextStyle.PLAIN
    for flag in view.flags:
        if flag.state is not FlagState.ACTIVE or view.case.status is CaseStatus.CLOSED:
            day = flag.ended_on or flag.raised_on
            at = dt.datetime.combine(day, dt.time(12), dt.UTC)
            yield at, _over(flag, view.unfinished), TextStyle.SUBTLE


def _over(flag: FlagView, unfinished: str) -> str:
    """Say how a flag ended that is no longer active on this case, or which case has it now.

    ``unfinished``: why the student has no open case although the flag is active; '' for none.
    """
    if flag.is_over:
        return f"Active after this case was closed, and cleared since: {flag.reason} ({flag.later})"
    if flag.goes_on and flag.later:
        return f"Still active in a later case: {flag.reason} ({flag.later})"
    if flag.goes_on:
        why = f" ({unfinished})" if unfinished else ""
        return f"Still active, in no open case{why}: {flag.reason}"
    return f"{flag.over_word}: {flag.reason} ({flag.ended})"


def _logged(done: InterventionView) -> str:
    when = f" of {on_day(done.on)}" if done.on else ""
    said = f"{done.author} logged {LOGGED[done.kind]}{when}"
    return f"{said}. Its words are confidential." if done.hidden else f"{said}: {done.note}"


def _contact(view: CaseView, calendar: Calendar) -> Iterator[Entry]:
    """List emails and attempts, and what passed between schools and services."""
    for mail in view.mails:
        yield mail.at, mail_line(mail, calendar), TextStyle.PLAIN
    for replied in view.replied_at:
        yield replied, "An automatic reply was sent to the student", TextStyle.PLAIN
    for tried in view.attempts:
        said = f"{tried.author} tried {RUNGS[tried.rung]}: {tried.result.label}"
        yield tried.at, early(tried, said), TextStyle.PLAIN
    for each in view.referrals:
        yield each.at, early(each, _with(referral_line(each), each.note)), TextStyle.PLAIN
    for alert in view.alerts:
        said = f"{alert.alerted_by} of {alert.from_school} alerted the home school"
        seen = f"; seen by {alert.acknowledged_by}" if alert.acknowledged_by else ""
        yield alert.at, _with(said + seen, alert.why), TextStyle.PLAIN
    for used in view.emergencies:
        reviewed = f"reviewed by {used.reviewed_by}" if used.reviewed_by else "not reviewed yet"
        said = f"{used.used_by} used the welfare route; {reviewed}"
        yield used.at, _with(said, used.why), TextStyle.PLAIN


def _by_the_student(view: CaseView, private: PrivateView | None) -> Iterator[Entry]:
    """Show the student's words to those who may read them; to others, that there was a message."""
    if private is None:
        for at in view.answered_at:
            yield at, "The student answered. Read answer opens it.", TextStyle.PLAIN
        for at in view.automatic_at:
            yield at, AUTOMATIC, TextStyle.PLAIN
        for told in view.said:
            yield told.at, saying_line(told), TextStyle.PLAIN
        return
    for at, body in private.answers:
        yield at, f"The student answered:\n{body}", TextStyle.QUOTE
        yield from _if_a_complaint(view, at, body)
    for at, body in private.automatic:
        yield (
            at,
            f"An automatic reply came, not an answer from the student:\n{body}",
            TextStyle.QUOTE,
        )
    for at, body in private.doubtful:
        yield at, f"A reply came that may not be an answer. Check it:\n{body}", TextStyle.QUOTE
    for each in private.said:
        yield each.at, _said(each), TextStyle.QUOTE
        yield from _if_a_complaint(view, each.at, each.words)


def _if_a_complaint(view: CaseView, at: dt.datetime, words: str) -> Iterator[Entry]:
    """Tell the reader how a complaint is recorded, where the words may be one."""
    if may_complain(words) and not view.case.complaint:
        how = f"/lantern complaint {view.case.reference}"
        yield at, f"If this is a complaint, record it: {how}", TextStyle.PLAIN


def _said(said: SayingWords) -> str:
    by = f" by {said.way.label}" if said.way else ""
    answer = f"A colleague answered: {said.answer}" if said.answer else ""
    return "\n".join(
        part for part in (f"The student {said.kind.told}{by}.", said.words, answer) if part
    )


def _with(said: str, words: str) -> str:
    return f"{said}: {words}" if words else said
