"""Compute evidence from the lake: the queries run on DuckDB, or on Spark (``queries``).

Python handles only the students that a criterion selects, a few in a hundred. All earlier steps are
set operations in the ``.sql`` files beside this module.
"""

# ruff: noqa: S608 -- the SQL is put together from our own texts; values are parameters.

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress

import duckdb
import structlog

from integrations.activity.catching import Asked, Net, catch, not_taken
from integrations.activity.class_work import held_table
from integrations.activity.coming_work import first_work_table
from integrations.activity.errors import is_of_the_machine, no_room, roster_unreadable
from integrations.activity.evidence_rows import Context, Looked, evidence_of, without_collection
from integrations.activity.excuses import waive
from integrations.activity.feed_health import COUNTED
from integrations.activity.found_rows import Rows, SchoolOn, rows_found
from integrations.activity.input_tables import input_tables
from integrations.activity.lake import Lake
from integrations.activity.measured import LOOKBACK_DAYS, ONE_DAY, Measured, first_of, judge
from integrations.activity.mornings import MOST, Morning, Mornings
from integrations.activity.queries import make_table
from integrations.activity.records import AskRecords
from integrations.activity.relations import (
    AgreedSource,
    enrolments_table,
)
from integrations.activity.scratch_database import KEPT_ROWS, ScratchDatabase, path_literal
from integrations.activity.unknown_people import unknown_tables
from store.rules.flag_rules.base import Clearing, Criterion, through
from store.rules.flag_rules.evidence import Evidence

log = structlog.get_logger(__name__)


MOST_ROWS = 1_500_000
"""The most rows of rollups and measures that are made at once for several mornings: some 100 MB."""


class ActivityEngine:
    """Measures students' activity in the lake of one institution."""

    def __init__(self, lake: Lake, records: AskRecords | None = None) -> None:
        """``records`` know what was agreed with students; None: nothing was."""
        self._lake, self._records = lake, records

    def newest(self, day: dt.date) -> Mapping[str, dt.date]:
        """Map each source to its last delivered day, as known on the morning of ``day``."""
        last = through(day)
        return self._lake.newest_days(last, first_of(day))

    def delivered(self, day: dt.date) -> Mapping[str, frozenset[dt.date]]:
        """Map each source to its delivered days in the period that a screening covers."""
        return self._lake.days_delivered(first_of(day), through(day))

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
        net = Net(criteria, lambda: also, clearing or {})
        asked = [Asked(day, agreed, [net], back or {}, met)]
        mornings = Mornings([day])
        (morning,) = mornings
        with self._lake.workspace() as work:
            looked = self._measure(work, mornings, asked)
            context = catch(work, mornings, asked, 0, looked)
            schools = [(morning, school) for school in sorted(criteria)]
            watched = frozenset(also)
            for which, rows in rows_found(work.con, schools):
                with without_collection():
                    of_school = list(evidence_of(rows, which, context, watched))
                yield which[1], of_school

    def evidence_of_mornings(
        self, asked: Sequence[Asked]
    ) -> Iterator[list[Mapping[str, list[Evidence]]]]:
        """Yield, morning by morning, the evidence for each of its nets: school → evidence.

        It is the evidence that ``evidence`` gives for each morning alone, in a fraction of the time
        where the lake is small: the mornings are measured many at once. Each needs the same number
        of nets. A net's students with active flags are asked for when their morning's turn comes.
        The lake is listed once.
        """
        at_once = ActivityEngine(self._lake.as_listed_now(), self._records)
        with at_once._lake.workspace() as work:
            rest = list(asked)
            while rest:
                number = at_once._how_many(work, rest)
                yield from at_once._of_some(work, rest[:number])
                rest = rest[number:]
                if not work.kept:
                    work.begin_again()

    def _how_many(self, work: ScratchDatabase, asked: Sequence[Asked]) -> int:
        """Return how many of these mornings to measure at once: one, unless the lake is small."""
        roster, first = self._lake.roster, asked[0].day
        files = self._lake.files(dt.date.min, through(asked[-1].day)).values()
        rows = 0
        with suppress(duckdb.Error):  # of a damaged file, which measuring tells of
            if not work.keep_rows(files) or not work.kept or not roster.exists():
                return 1
            rows, *_ = work.con.execute(
                _ROWS_OF_A_MORNING,
                {
                    "roster": path_literal(roster, quoted=False),
                    "first": first_of(first),
                    "last": min(asked[-1].day, first + ONE_DAY * LOOKBACK_DAYS // 2),
                },
            ).fetchall()[0]
        return max(1, min(len(asked), MOST, MOST_ROWS // rows)) if rows else 1

    def _of_some(
        self, work: ScratchDatabase, asked: Sequence[Asked]
    ) -> Iterator[list[Mapping[str, list[Evidence]]]]:
        """Yield the evidence of these mornings, measured at once."""
        mornings = Mornings([each.day for each in asked])
        looked = self._measure(work, mornings, asked)
        found: list[tuple[Context, dict[SchoolOn, Rows]]] = []
        for place in range(len(asked[0].nets)):
            context = catch(work, mornings, asked, place, looked)
            schools = [
                (at, school)
                for at, each in zip(mornings, asked, strict=True)
                for school in sorted(each.nets[place].criteria)
            ]
            found.append((context, dict(rows_found(work.con, schools))))
        for at, each in zip(mornings, asked, strict=True):
            answer: list[Mapping[str, list[Evidence]]] = []
            for net, (context, rows) in zip(each.nets, found, strict=True):
                watched = frozenset(net.also())
                with without_collection():
                    answer.append(
                        {
                            school: list(
                                evidence_of(rows.pop((at, school)), (at, school), context, watched)
                            )
                            for school in sorted(net.criteria)
                        }
                    )
            yield answer

    def _measure(
        self, work: ScratchDatabase, mornings: Mornings, asked: Sequence[Asked]
    ) -> dict[Morning, Looked]:
        """Create ``measures``, ``cohort``, ``work`` and ``held`` in ``work``, for all students."""
        back = {
            student + at.base: at.later(since)
            for at, each in zip(mornings, asked, strict=True)
            for student, since in each.back.items()
        }
        try:
            enrolments_table(work, self._lake.roster, mornings.day, back, mornings)
        except duckdb.Error as error:
            raise roster_unreadable(self._lake.roster, error) from None
        try:
            return self._take(work, mornings, asked)
        except duckdb.Error as error:
            if is_of_the_machine(error):
                raise no_room(f"The measures of {mornings.day}", error) from None
            self._set_aside(mornings.day, error)
            return self._take(work, mornings, asked)

    def _take(
        self,
        work: ScratchDatabase,
        mornings: Mornings,
        asked: Sequence[Asked],
    ) -> dict[Morning, Looked]:
        last = through(mornings.day)
        input_tables(work, self._lake, self._records, mornings, asked)
        judged = self._judged(work, mornings)
        waive(work, COUNTED)
        make_table(work, "measures", "measures", {"through": last})
        make_table(work, "cohort", "cohort")
        make_table(work, "work", "work", {"through": last})
        held_table(
            work, last, {at.mark + source for at in mornings for source in judged[at].corrected}
        )
        first_work_table(work, mornings.day)
        # Only now, since taking the measures is what finds a damaged file.
        return {
            at: self._looked(at, each.agreed, judged[at])
            for at, each in zip(mornings, asked, strict=True)
        }

    def _looked(self, at: Morning, agreed: Collection[AgreedSource], judged: Measured) -> Looked:
        first = first_of(at.day)
        files = self._lake.files(first, at.through)
        looked_from = min((each.day for each in files), default=first)
        delivered = self.delivered(at.day)
        looked_at = frozenset(at.through - ONE_DAY * back for back in range(LOOKBACK_DAYS))
        unmeasured = {
            each.source: looked_at - delivered.get(each.source, frozenset()) for each in agreed
        }
        return Looked(looked_from, delivered, unmeasured, judged.unknown)

    def _judged(self, work: ScratchDatabase, mornings: Mornings) -> dict[Morning, Measured]:
        """Find students unknown on delivered days; ``activity`` then expects nothing of them.

        ``delivered_rows`` keeps the rows as delivered.
        """
        judged = judge(self._lake, work.con, mornings)
        unknown_tables(work, {at: each.unknown for at, each in judged.items()})
        return judged

    def _set_aside(self, day: dt.date, error: duckdb.Error) -> None:
        damaged = self._lake.set_aside_damaged(dt.date.min, through(day))
        if not damaged:
            raise not_taken(day, error) from None
        for each in damaged:
            log.warning("activity file damaged", source=each.source, day=each.day.isoformat())


# A little more than there are: a morning has each enrolment once for each of a few families.
_ROWS_OF_A_MORNING = f"""
SELECT
    (SELECT count(*) FROM {KEPT_ROWS} WHERE day BETWEEN $first AND $last)
    + 4 * (SELECT count(*) FROM read_parquet($roster) WHERE coalesce(ends, $last) >= $first)
"""
