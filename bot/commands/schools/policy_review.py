"""policy-review: show the review calendar, or record a review."""

from __future__ import annotations

from bot.cards.kit.reply_cards import notice
from bot.cards.schools.policy_review import policy_review_dialog, review_calendar_card
from bot.commands.form_values import read_choice
from bot.commands.own_schools import led_and_words
from bot.commands.table import COMMANDS, Call
from bot.interaction import Reply
from store.actions.schools.record_policy_review import record_policy_review
from store.queries.schools.review_calendar import review_calendar
from store.rules.access.permissions import Action
from store.rules.calendar import institution_day
from store.rules.errors import InvalidInput
from store.rules.policies.review_calendar import ReviewSubject


@COMMANDS.add(
    "policy-review",
    "As lead: see which reviews of your policy are due, and record one.",
    "policy-review letters they read well in both languages",
    Action.LEAD,
)
def policy_review(call: Call) -> Reply:
    """Show the calendar; ``letters …`` or ``LANG letters …`` records a review.

    Raises ``InvalidInput`` where the school has no policy in force.
    """
    school, words = led_and_words(call)
    today = institution_day(call.store.now())
    with call.store.database.read() as connection:
        lines = review_calendar(connection, school.id, today)
    if call.answers is None and not words:
        if "school" in call.interaction.ids and lines:
            about = call.interaction.ids.get("subject")
            subject = read_choice(ReviewSubject, {"subject": about}, "subject") if about else None
            return Reply(dialog=policy_review_dialog(school, lines, subject))
        return Reply(card=review_calendar_card(school, lines, today))
    if not lines:
        raise InvalidInput(f"{school.name} has no policy in force yet.")
    answers = (
        call.answers
        if call.answers is not None
        else {"subject": words[0].casefold(), "found": " ".join(words[1:])}
    )
    subject = read_choice(ReviewSubject, answers, "subject")
    record_policy_review(call.store, call.request, school.id, subject, answers.get("found", ""))
    return Reply(card=notice(f"Your review of the {subject.label} of {school.name} is recorded."))
