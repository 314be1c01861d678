"""What has happened in the demo's two schools by the time a person opens it.

Three school days: each night is screened, each morning has its digest, and colleagues do what
colleagues do. Nothing is written by hand; every line here is a click, a form or a job.
"""

from __future__ import annotations

import datetime as dt

from worker.demo.actors import Actors
from worker.demo.days import NIGHT
from worker.demo.habits import Part
from worker.demo.people import LANG, TIDE
from worker.demo.setup import deliver, story_days


def play(actors: Actors, today: dt.date) -> None:
    """Play everything that happened before this morning."""
    first, second, _ = story_days(today)
    _morning(actors, first, today)
    _first_day(actors, first)
    _morning(actors, second, today)
    _second_day(actors, second)
    _morning(actors, today, today)
    _this_morning(actors, today)


def _morning(actors: Actors, day: dt.date, today: dt.date) -> None:
    """The night's files and its screening, then each school's digest."""
    actors.clock.set(day, f"{NIGHT}")
    deliver(actors.services, today, day)
    for time in ("05:30", "08:15", "08:30"):
        actors.at(day, time)


def _first_day(actors: Actors, day: dt.date) -> None:
    no_essay = actors.case_of(LANG, Part.NO_ESSAY)
    actors.at(day, "09:05")
    actors.take("alice", no_essay)
    actors.at(day, "09:20")
    reason = "The exercise was one of the best, so a short email may be all it takes."
    actors.fill_in("dora", "view", no_essay, opinion="contact-now", reason=reason)
    actors.at(day, "09:40")
    actors.fill_in("alice", "draft", no_essay)
    actors.at(day, "10:10")
    actors.fill_in("bob", "approve", no_essay)

    actors.at(day, "11:00")
    reason = "We spoke on Monday: a new job on seminar days. Another group is being looked for."
    seldom = actors.case_of(LANG, Part.SELDOM)
    actors.fill_in("alice", "view", seldom, opinion="wait", reason=reason)
    forgotten = actors.case_of(TIDE, Part.ESSAY_FORGOTTEN)
    reason = "Three essays lay in the wrong folder last year. I will look there first."
    actors.fill_in("ines", "view", forgotten, opinion="data-question", reason=reason)


def _second_day(actors: Actors, day: dt.date) -> None:
    actors.at(day, "09:15")
    actors.answer(
        LANG,
        Part.NO_ESSAY,
        "Thank you for asking. I had the date wrong, and then I did not dare to write. "
        "Could we talk on Thursday?",
    )
    actors.at(day, "11:20")
    seldom = actors.case_of(LANG, Part.SELDOM)
    note = "Called. The Wednesday group fits the new job; moved there from next week."
    actors.fill_in("chandra", "log", seldom, kind="call", note=note)
    note = "Another seminar group."
    actors.fill_in("chandra", "close", seldom, outcome="circumstances-known", note=note)
    forgotten = actors.case_of(TIDE, Part.ESSAY_FORGOTTEN)
    note = "The essay was there, in the folder of the other module."
    actors.fill_in("hana", "close", forgotten, outcome="data-error", note=note)

    actors.at(day, "14:30")
    silent = actors.case_of(LANG, Part.LONG_SILENT)
    reason = "Always early in my seminars, and not there for three weeks. We should ask."
    actors.fill_in("dora", "view", silent, opinion="contact-now", reason=reason)
    actors.at(day, "15:10")
    reason = "No word to us either. A friendly email today rather than on Monday."
    actors.fill_in("edgar", "view", silent, opinion="contact-now", reason=reason)
    actors.at(day, "15:25")
    actors.fill_in("chandra", "draft", silent)


def _this_morning(actors: Actors, day: dt.date) -> None:
    actors.at(day, "08:40")
    actors.say("bob", LANG, "Morning all. I am here until three and can take two of the new ones.")
    actors.at(day, "08:50")
    reason = "Moving house this week and told me so. Let us look again on Monday."
    both = actors.case_of(LANG, Part.SELDOM_AND_NO_ESSAY)
    actors.fill_in("bob", "view", both, opinion="wait", reason=reason)
    actors.at(day, "09:00")
    silent = actors.case_of(TIDE, Part.LONG_SILENT)
    actors.take("farah", silent)
    reason = "The tank group has not heard anything either."
    actors.fill_in("ines", "view", silent, opinion="contact-now", reason=reason)
    actors.fill_in("farah", "draft", silent)
