"""Compute evidence from the lake: the queries run on DuckDB, or on Spark (``queries``).

Python handles only the students that a criterion selects, a few in a hundred. All earlier steps are
set operations in the ``.sql`` files beside this module.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import structlog

from integrations.activity.catching import Looked, Net, catch, not_taken
from integrations.activity.class_work import held_table
from integrations.activity.errors import is_of_the_machine, no_room, roster_unreadable
from integrations.activity.evidence_rows import evidence_of, without_collection
from integrations.activity.excuses import REACH, agree_excuses, excuses_table, waive
from integrations.activity.feed_health import COUNTED
from integrations.activity.lake import Lake
from integrations.activity.lake_folders import SourceDay
from integrations.activity.measured import LOOKBACK, LOOKBACK_DAYS, ONE_DAY, judge
from integrations.activity.queries import make_table
from integrations.activity.records import AskRecords
from integrations.activity.relations import (
    AgreedSource,
    early_view,
    enrolments_table,
    extensions_table,
    source_tables,
    stated_view,
)
from integrations.activity.scratch_database import ScratchDatabase
from integrations.activity.unknown_people import Unknown, unknown_tables
from store.rules.flag_rules.base import Clearing, Criterion, through
from store.rules.flag_rules.evidence import Evidence
from store.rules.model import MarkerFamily

log = structlog.get_logger(__name__)


class ActivityEngine:
    """Measures students' activity in the lake of one institution."""

    def __init__(
        self,
        lake: Lake,
        records: AskRecords | None = None,
        work: ScratchDatabase | None = None,
    ) -> None:
        """``records`` know what was agreed with students; None: nothing was.

        ``work`` is used for every day; None: each day has a workspace of its own.
        """
        self._lake, self._records, self._work = lake, records, work

    @contextmanager
    def for_many_days(self) -> Iterator[ActivityEngine]:
        """Yield an engine that lists the lake once, and keeps from day to day what is the same."""
        lake = self._lake.as_listed_now()
        with lake.workspace() as work:
            yield ActivityEngine(lake, self._records, work)

    @contextmanager
    def _workspace(self) -> Iterator[ScratchDatabase]:
        """Yield a workspace for one day. Only a small lake's tables are worth their memory."""
        if self._work is None:
            with self._lake.workspace() as work:
                yield work
            return
        yield self._work
        if not self._work.kept:
            self._work.begin_again()

    def newest(self, day: dt.date) -> Mapping[str, dt.date]:
        """Map each source to its last delivered day, as known on the morning of ``day``."""
        last = through(day)
        return self._lake.newest_days(last, last - dt.timedelta(days=LOOKBACK_DAYS - 1))

    def delivered(self, day: dt.date) -> Mapping[str, frozenset[dt.date]]:
        """Map each source to its delivered days in the period that a screening covers."""
        return self._lake.days_delivered(through(day) - LOOKBACK + ONE_DAY, through(day))

    def _unmeasured(
        self, day: dt.date, sources: Collection[str]
    ) -> Mapping[str, frozenset[dt.date]]:
        """Map each of these sources to its days without a delivery."""
        delivered = self.delivered(day)
        looked_at = frozenset(through(day) - ONE_DAY * back for back in range(LOOKBACK_DAYS))
        return {each: looked_at - delivered.get(each, frozenset()) for each in sources}

    def evidence(
        self,
        day: dt.date,
        agreed: Collection[AgreedSource],
        criteria: Mapping[str, Criterion],
        also: Collection[int] = (),
        back: Mapping[int, dt.date] | None = None,
        met: Collection[tuple[int, dt.date]] = (),
        clearing: Mapping[str, Clearing] | None = None,
    ) -> Iterator[tuple[str, list[Evidence]]]:
        """Yield, school by school, what is known on ``day`` about each student a criterion selects.

        ``criteria`` maps a school's code to its criterion. Students in ``also`` (those with active
        flags) are included, as far as anything is known about them. Students in ``back`` were
        exempt, and count as having joined on that day. ``met`` are (student, day) of meetings that
        colleagues logged: they count as engagement on the modules of schools with a marker for
        meetings, as if each of its sources had them. ``clearing`` maps a school's code to its
        clearing period, in which it is measured whether those in ``also`` are back.

        Only days before ``day`` count, and only enrolments active on it; work may have arrived on
        any day. A school gets the students that its own criterion selects, at home or on its
        modules, ordered by student, with measures by module, family and source.

        A file found damaged is set aside, and the measures are taken again without it: its source
        then counts as delivered up to the day before. Raises ``LakeError`` where the roster is
        missing or damaged, or the machine has no room to compute.
        """
        nets = [Net(criteria, also, clearing or {})]
        yield from self.evidence_of_nets(day, agreed, nets, back, met)

    def evidence_of_nets(
        self,
        day: dt.date,
        agreed: Collection[AgreedSource],
        nets: Iterable[Net],
        back: Mapping[int, dt.date] | None = None,
        met: Collection[tuple[int, dt.date]] = (),
    ) -> Iterator[tuple[str, list[Evidence]]]:
        """Yield the evidence for several nets (selections of students), from measures
        taken once.
        """
        with self._workspace() as work:
            first = through(day) - LOOKBACK + ONE_DAY
            known = [each for each in met if first <= each[1] <= through(day)]
            looked = self._measure(work, day, agreed, back or {}, known)
            for net in nets:
                context = catch(work, day, agreed, net, looked)
                for school in sorted(net.criteria):
                    with without_collection():
                        of_school = list(evidence_of(work.con, school, context))
                    yield school, of_school

    def _measure(
        self,
        work: ScratchDatabase,
        day: dt.date,
        agreed: Collection[AgreedSource],
        back: Mapping[int, dt.date],
        met: Collection[tuple[int, dt.date]],
    ) -> Looked:
        """Create ``measures``, ``cohort``, ``work`` and ``held`` in ``work``, for all students."""
        try:
            enrolments_table(work, self._lake.roster, day, back)
        except duckdb.Error as error:
            raise roster_unreadable(self._lake.roster, error) from None
        try:
            return self._take(work, day, agreed, bool(back), met)
        except duckdb.Error as error:
            if is_of_the_machine(error):
                raise no_room(f"The measures of {day}", error) from None
            self._set_aside(day, error)
            return self._take(work, day, agreed, bool(back), met)

    def _take(
        self,
        work: ScratchDatabase,
        day: dt.date,
        agreed: Collection[AgreedSource],
        someone_is_back: bool,
        met: Collection[tuple[int, dt.date]],
    ) -> Looked:
        first = _first_day(day)
        source_tables(work, agreed, self.newest(day))
        files = self._lake.files(first, through(day))
        early = self._of_work(agreed, first)
        extensions_table(work, [*early.values(), *files.values()])
        early_view(work, early.values())
        excuses_table(work, self._lake.files(first - REACH, through(day)).values())
        if self._records is not None:
            with self._records() as known:
                agree_excuses(work, known.adjustments(first, through(day)))
        stated_view(work, files.values(), someone_is_back=someone_is_back, met=met)
        unknown = self._unknown(work, day)
        waive(work, COUNTED)
        make_table(work, "measures", "measures", {"through": through(day)})
        make_table(work, "cohort", "cohort")
        make_table(work, "work", "work", {"through": through(day)})
        held_table(work, through(day))
        looked_from = min((each.day for each in files), default=first)
        # Only now, since taking the measures is what finds a damaged file.
        unmeasured = self._unmeasured(day, {each.source for each in agreed})
        return Looked(looked_from, self.delivered(day), unmeasured, unknown)

    def _unknown(self, work: ScratchDatabase, day: dt.date) -> Unknown:
        """Find students unknown on delivered days; ``activity`` then expects nothing of them.

        ``delivered_rows`` keeps the rows as delivered.
        """
        unknown = judge(self._lake, work.con, day).unknown
        unknown_tables(work, unknown)
        return unknown

    def _of_work(self, agreed: Collection[AgreedSource], first: dt.date) -> dict[SourceDay, Path]:
        """Return the files from before ``first`` of the sources with submissions."""
        sources = {each.source for each in agreed if each.family is MarkerFamily.SUBMISSIONS}
        files = self._lake.files(dt.date.min, first - dt.timedelta(days=1))
        return {which: path for which, path in files.items() if which.source in sources}

    def _set_aside(self, day: dt.date, error: duckdb.Error) -> None:
        damaged = self._lake.set_aside_damaged(dt.date.min, through(day))
        if not damaged:
            raise not_taken(day, error) from None
        for each in damaged:
            log.warning("activity file damaged", source=each.source, day=each.day.isoformat())


def _first_day(day: dt.date) -> dt.date:
    """Return the first day of activity to read: early enough for inactivity and for due days."""
    return through(day) - dt.timedelta(days=LOOKBACK_DAYS - 1)
