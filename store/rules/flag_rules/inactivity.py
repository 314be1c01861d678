"""The rule for no activity of any kind for a number of days in term."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Annotated, ClassVar

from store.rules.calendar import Calendar
from store.rules.flag_rules.base import Criterion, Limits, Standing, through
from store.rules.flag_rules.day_bits import first_of, last_of, since
from store.rules.flag_rules.evidence import SOURCES_APART, Evidence, Finding, Measure, Raised
from store.rules.flag_rules.measured_days import is_up_to_date, unmeasured_days
from store.rules.flag_rules.returns import is_judged
from store.rules.flag_rules.source_dates import by_day, dates_of, undated
from store.rules.model import OCCASIONAL, FlagEnd, MarkerFamily
from store.rules.text.formatting import counted, listed, on_day

_ONE_DAY = dt.timedelta(days=1)
_LOOKED_AT = "We looked at"
_WHERE = re.compile(rf" ?{_LOOKED_AT} [^.]{{0,600}}+\.")


@dataclass(frozen=True, slots=True)
class Inactivity:
    """No activity in any agreed source, for ``days`` days in term."""

    NAME: ClassVar[str] = "inactivity"
    NEEDS: ClassVar[tuple[MarkerFamily, ...]] = ()
    SAYS: ClassVar[tuple[str, ...]] = ()

    days: Annotated[int, Limits(3, 60)] = 14
    stale_after_days: Annotated[int, Limits(1, 14)] = 4
    """Days without data after which a source is unknown and inactivity cannot be confirmed."""
    back_on_days: Annotated[int, Limits(2, 14, "fewer than clear_after_days")] = 2
    """A student seen on this many separate days of the clearing period is back..."""
    back_share: Annotated[float, Limits(0.1, 1)] = 0.5
    """...if they were also seen at least this share as often as the middle of the class."""

    def criterion(self, calendar: Calendar, day: dt.date) -> Criterion:
        """Select everyone who did nothing after the latest day that is ``days`` silent days ago."""
        return Criterion(silent_since=calendar.day_before(through(day), self.days))

    def findings(self, calendar: Calendar, evidence: Evidence, day: dt.date) -> list[Finding]:
        """Return at most one finding for a student, by the home school, over all of their modules.

        Missing is not zero: where a source has stopped delivering, inactivity cannot be told from a
        broken feed, so there is no finding. Days that a source did not deliver are not counted, nor
        is a source on modules that it does not cover.
        """
        measures = tuple(m for m in evidence.measures + evidence.elsewhere if m.is_spoken_of)
        known = self._known(measures, day)
        if not evidence.at_home or not known:
            return []
        known_until = min(through(day), *(measure.fresh for measure in known))
        last = max((m.last_done for m in measures if m.last_done), default=None)
        joined = evidence.enrolled_since
        # A student who comes back after an interruption starts again, however old the last trace.
        starts = [since for since in (last, joined and through(joined)) if since]
        if not starts:
            return []
        first = max(starts) + _ONE_DAY
        sources = {measure.source for measure in known}
        unknown = unmeasured_days(calendar, evidence, sources, first, known_until)
        if calendar.silent_days(max(starts), known_until) - len(unknown) < self.days:
            return []
        return [self._finding(calendar, evidence, known, last, first, known_until, day)]

    def standing(
        self, calendar: Calendar, evidence: Evidence, flag: Raised, day: dt.date
    ) -> Standing:
        """Judge a flag: back once seen on several days of the clearing period, as often as others.

        Where the class is too small, or inactive itself, only the number of days decides.
        """
        measures = evidence.measures + evidence.elsewhere
        if not evidence.at_home or not measures:
            return None
        seen = 0
        for measure in measures:
            seen |= measure.days_seen
        days = (seen & evidence.period).bit_count()
        if (
            is_judged(evidence, flag, day)
            and days >= self.back_on_days
            and days >= self.back_share * (evidence.middle or 0)
        ):
            return FlagEnd.BACK
        return self._seen_little(measures, flag, seen, day)

    def expectation(self) -> str:
        """Return the sentence for the statement: one sign of activity in so many days."""
        return (
            f"Take part in your studies at least once in any {self.days} days of term. A class, "
            "a meeting, time online or work that you hand in all count."
        )

    def _known(self, measures: tuple[Measure, ...], day: dt.date) -> tuple[Measure, ...]:
        """Return the measures on which inactivity is judged; none where it cannot be judged.

        A file of work or meetings ends with the last one, even if its feed works. So where another
        family is known, an old one of these is ignored and not named in the reason.
        """
        oldest = day - dt.timedelta(days=self.stale_after_days)
        fresh = tuple(measure for measure in measures if measure.fresh >= oldest)
        stopped = [m for m in measures if m.fresh < oldest and m.family not in OCCASIONAL]
        is_told = any(measure.family not in OCCASIONAL for measure in fresh)
        return fresh if (is_told and not stopped) or len(fresh) == len(measures) else ()

    def _finding(
        self,
        calendar: Calendar,
        evidence: Evidence,
        known: tuple[Measure, ...],
        last: dt.date | None,
        first: dt.date,
        fresh: dt.date,
        day: dt.date,
    ) -> Finding:
        looked_at = _looked_at(known, day)
        until = None if is_up_to_date(calendar, fresh, day) else fresh
        unseen, measured = _unseen(evidence, last, until)
        verb = "We did not see you" if until else "We have not seen you"
        return Finding(
            student=evidence.student,
            rule=self.NAME,
            family=max(known, key=lambda m: (m.last_done or dt.date.min, m.family)).family,
            module=None,
            subject="",
            reason_staff=f"Not seen {unseen}. This looked at {looked_at}.",
            reason_student=f"{verb} {unseen}. {_LOOKED_AT} {looked_at}.",
            source=SOURCES_APART.join(sorted({measure.source for measure in known})),
            fresh=fresh,
            measured={
                "last seen": measured,
                "days in term that raise a flag": self.days,
                **dates_of(known, through(day)),
            },
            since=first,
        )

    def _seen_little(
        self, measures: tuple[Measure, ...], flag: Raised, seen: int, day: dt.date
    ) -> Finding | None:
        """Return the finding with its gap and the days seen since; None where there are none."""
        gone = _day_of(flag.measured.get("last seen"))
        # What is agreed now, since the school may have agreed other sources since (§21).
        known = self._known(tuple(m for m in measures if m.is_spoken_of), day)
        after = seen & since(gone + _ONE_DAY if gone else flag.last_found_on, day)
        first, last = first_of(after, day), last_of(after, day)
        if first is None or last is None or (gone and first - gone <= _ONE_DAY):
            return None
        gap = f"from {on_day(gone + _ONE_DAY)} to" if gone else "until"
        until = f"{gap} {on_day(first - _ONE_DAY)}"
        days = f"on {counted(after.bit_count(), 'day')} since then, last on {on_day(last)}"
        return Finding(
            student=flag.student,
            rule=self.NAME,
            family=flag.family,
            module=None,
            subject="",
            reason_staff=f"Not seen {until}. Seen {days}.",
            reason_student=f"We did not see you {until}. We saw you {days}.",
            source=SOURCES_APART.join(sorted({measure.source for measure in known})) or flag.source,
            fresh=max(measure.fresh for measure in measures),
            measured=undated(flag.measured)
            | {
                "days in term that raise a flag": self.days,
                "days seen since": after.bit_count(),
                **dates_of(known or measures, through(day)),
            },
            since=gone + _ONE_DAY if gone else flag.last_found_on,
        )


def says_where(reason: str) -> bool:
    """Return whether a student's sentence itself names the sources checked and their last day."""
    return _LOOKED_AT in reason


def without_where(reason: str) -> str:
    """Return a student's sentences without the one that names the sources checked."""
    return _WHERE.sub("", reason)


def _looked_at(known: tuple[Measure, ...], day: dt.date) -> str:
    """Name the families with the last known day of each, or one day for all."""
    dates: dict[str, dt.date] = {}
    for each in known:
        fresh = min(each.fresh, through(day))
        dates[each.family.label] = min(fresh, dates.get(each.family.label, fresh))
    groups = [(listed(names), on_day(until)) for until, names in by_day(dates)]
    comma = "," if len(groups) == 1 else ""
    return "; ".join(f"{names}{comma} up to {until}" for names, until in groups)


def _unseen(evidence: Evidence, last: dt.date | None, until: dt.date | None) -> tuple[str, str]:
    """Return since when the student was not seen, in words and as a figure.

    Days before the first measured one are unknown, and so are days after ``until``, which is given
    where the last known day is not yesterday.
    """
    to = f" to {on_day(until)}" if until else ""
    if last:
        since = f"from {on_day(last + _ONE_DAY)}{to}" if to else f"since {on_day(last)}"
        return since, last.isoformat()
    first, joined = evidence.looked_from, evidence.enrolled_since
    if first and joined and joined < first:
        since = f"from at least {on_day(first)}{to}" if to else f"since at least {on_day(first)}"
        return since, f"before {first.isoformat()}"
    return f"up{to}" if to else "so far", "not yet"


def _day_of(said: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(said))
    except ValueError:
        return None
