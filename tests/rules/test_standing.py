"""How inactivity, missing work and quiet weeks judge a flag that was not found today."""

from __future__ import annotations

from dataclasses import replace

from store.rules.calendar import Calendar, Period
from store.rules.flag_rules.base import Limits, at_least, in_percent
from store.rules.flag_rules.day_bits import BITS, first_of, last_of, newest, since
from store.rules.flag_rules.evidence import Evidence, Finding, Measure, Piece
from store.rules.flag_rules.fading_out import FadingOut
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.flag_rules.quiet_weeks import QuietWeeks
from store.rules.model import FlagEnd, MarkerFamily
from tests.rules.judged import CALENDAR, DAY, FOUND, REGISTER, ago, flag, judged, measure, on, said

# -- Inactivity --------------------------------------------------------------------------------

SILENT = flag(Inactivity(), MarkerFamily.VLE, last_seen=ago(30).isoformat())
ONLINE = measure(MarkerFamily.VLE)


def test_inactivity_says_the_gap_and_the_days_seen_since() -> None:
    seen = replace(ONLINE, days_seen=on(3, 12, 30, 31))  # two before the source became unavailable
    found = judged(Inactivity(days=10, back_on_days=3), SILENT, seen)
    assert said(found) == (
        "Not seen from Monday 10 November to Wednesday 26 November. Seen on 2 days since then, "
        "last on Saturday 6 December.",
        "We did not see you from Monday 10 November to Wednesday 26 November. We saw you on 2 days "
        "since then, last on Saturday 6 December.",
    )
    assert isinstance(found, Finding)
    assert (found.rule, found.key, found.family) == ("inactivity", "inactivity||", ONLINE.family)
    assert found.since == ago(29)
    assert found.measured["days in term that raise a flag"] == 10
    assert found.measured["days seen since"] == 2
    assert found.measured["last seen"] == ago(30).isoformat()
    never = judged(
        Inactivity(back_on_days=3), replace(SILENT, measured={"last seen": "not yet"}), seen
    )
    assert said(never)[0].startswith("Not seen until Wednesday 26 November. Seen on 2 days")
    assert isinstance(never, Finding)
    assert never.since == ago(FOUND)


def test_inactivity_found_late_says_up_to_when_and_rests_on_the_days_after_the_last_seen() -> None:
    away = replace(ONLINE, last_done=ago(20), fresh=ago(3))
    (found,) = Inactivity(days=14).findings(CALENDAR, Evidence(7, (away,)), DAY)
    assert said(found)[1].startswith(
        "We did not see you from Thursday 20 November to Saturday 6 December."
    )
    assert (found.key, found.since, found.fresh) == ("inactivity||", ago(19), ago(3))
    (found,) = Inactivity(days=14).findings(
        CALENDAR, Evidence(7, (replace(away, fresh=ago(1)),)), DAY
    )
    assert said(found)[1].startswith("We have not seen you since Wednesday 19 November.")


def test_without_a_gap_or_a_day_since_nothing_new_is_said() -> None:
    assert judged(Inactivity(), SILENT, ONLINE) is None
    for first, has_gap in [(28, True), (29, False)]:
        found = judged(Inactivity(), SILENT, replace(ONLINE, days_seen=on(first)))
        assert isinstance(found, Finding) is has_gap
    assert judged(Inactivity(), SILENT) is None
    assert judged(Inactivity(), SILENT, replace(ONLINE, days_seen=on(3)), at_home=False) is None


def test_a_student_is_back_once_seen_on_several_days_in_any_source() -> None:
    rule = Inactivity(back_on_days=2, back_share=0.5)
    first, second = replace(ONLINE, days_seen=on(3)), replace(REGISTER, days_seen=on(5))

    def is_back(*measures: Measure, **more: object) -> bool:
        return judged(rule, SILENT, *measures, **more) is FlagEnd.BACK

    assert is_back(first, second)
    assert not is_back(first)
    assert not is_back(first, replace(second, days_seen=on(3)))
    assert not is_back(first, replace(second, days_seen=on(15))), "before the period"
    assert is_back(first, second, middle=4.0)
    assert not is_back(first, second, middle=4.1)
    assert not is_back(first, second, period=0)
    assert is_back(first, second, period=(1 << FOUND) - 1)
    assert not is_back(first, second, period=(1 << FOUND + 1) - 1), "not yet over"
    assert is_back(first, elsewhere=(second,))


# -- Work and clicks ---------------------------------------------------------------------------


def test_missing_work_ends_once_handed_in_excused_or_too_late_to_help() -> None:
    rule = MissedSubmission(grace_days=7, forget_after_days=42)
    raised = flag(rule, MarkerFamily.SUBMISSIONS, due=ago(20).isoformat())
    work = measure(MarkerFamily.SUBMISSIONS)
    piece = Piece("Essay 1", ago(20), None)

    def ends(*pieces: Piece, **more: object) -> object:
        return judged(rule, raised, replace(work, pieces=pieces), **more)

    assert ends(piece) is None
    assert ends(replace(piece, handed_in=ago(30))) is FlagEnd.HANDED_IN
    assert ends(replace(piece, item="Essay 2", handed_in=ago(3)), piece) is None
    assert ends(replace(piece, is_owed=False)) is FlagEnd.EXCUSED
    assert [ends(replace(piece, due=ago(days))) for days in (7, 8)] == [FlagEnd.EXCUSED, None]
    assert [ends(replace(piece, due=ago(days))) for days in (42, 43)] == [None, FlagEnd.EXPIRED]
    # The source is up to date for its day, so the work is no longer asked for.
    assert ends() is FlagEnd.EXCUSED
    assert ends(unmeasured={"ours": frozenset({ago(20)})}) is None
    for fresh, end in [(20, FlagEnd.EXCUSED), (21, None)]:
        assert judged(rule, raised, replace(work, fresh=ago(fresh))) is end
    other = replace(work, module="FR102", pieces=(replace(piece, handed_in=ago(3)),))
    assert judged(rule, raised, other, replace(work, pieces=(piece,))) is None
    register = replace(REGISTER, pieces=(replace(piece, handed_in=ago(3)),))
    assert judged(rule, raised, register, replace(work, pieces=(piece,))) is None


def test_a_week_counts_as_quiet_where_the_class_is_there_and_most_of_it_is_measured() -> None:
    rule = QuietWeeks(weeks=2)

    def spell(own: tuple[int, ...], of_class: tuple[float, ...], unmeasured: int = 0) -> int:
        clicks = replace(ONLINE, weeks=own, class_weeks=of_class)
        days = [ago(n) for n in range(1, 20) if ago(n).weekday() < 5][:unmeasured]
        return rule.spell(CALENDAR, clicks, DAY, days)

    assert spell((0, 0), (1.0, 1.0)) == 2, "one day of the class is enough"
    assert spell((0, 0), (1.0, 0.9)) == 1
    assert spell((0, 0), (5.0, 5.0), unmeasured=3) == 2
    assert spell((0, 0), (5.0, 5.0), unmeasured=4) == 1
    assert spell((0, 0, 0), (5.0, 5.0, 5.0), unmeasured=10) == 1
    edges = replace(ONLINE, weeks=(0, 0), class_weeks=(5.0, 5.0))
    last_week = [ago(n) for n in (1, 4, 5, 6)]
    assert rule.spell(CALENDAR, edges, DAY, last_week) == 1, "its first and last day belong to it"
    assert rule.spell(CALENDAR, edges, DAY, [*last_week[:3], ago(8)]) == 2
    closed = Calendar(closures=(Period("a strike", ago(6), ago(4)),))
    assert rule.spell(closed, edges, DAY, [ago(1)]) == 1


def test_quiet_weeks_end_by_age_and_are_said_again_with_their_figures() -> None:
    rule = QuietWeeks(weeks=2, forget_after_weeks=4)
    raised = flag(rule, MarkerFamily.VLE)
    clicks = replace(ONLINE, class_weeks=(5.0,) * 8)
    quiet = [replace(clicks, weeks=(*[5] * (8 - n), *[0] * n)) for n in range(9)]
    assert judged(rule, raised, quiet[4]) is FlagEnd.EXPIRED
    found = judged(rule, raised, quiet[3])
    assert isinstance(found, Finding)
    assert (found.student, found.key) == (7, "quiet-weeks|FR101|")
    assert found.measured == {"active days": 0, "mean of the class": 10, "weeks": 2}
    gaps = {"ours": frozenset(ago(n) for n in (1, 4, 5, 6))}
    for standing in (
        judged(rule, raised, quiet[4], unmeasured=gaps),
        judged(rule, raised, quiet[4], unmeasured={"other": gaps["ours"]}),
    ):
        assert isinstance(standing, Finding) is (standing is not FlagEnd.EXPIRED)
    assert isinstance(judged(rule, raised, quiet[4], unmeasured=gaps), Finding)

    def fires(clicks: Measure, **more: object) -> bool:
        evidence = replace(Evidence(7, (clicks,)), **more)  # type: ignore[arg-type]
        return bool(rule.findings(CALENDAR, evidence, DAY))

    assert [fires(each) for each in quiet[:5]] == [False, False, True, True, False]
    assert not fires(quiet[2], unmeasured=gaps)


# -- Days as bits, and figures in words --------------------------------------------------------


def test_days_as_bits() -> None:
    assert [newest(on(1, 3, 9), n) for n in (0, 1, 2, 3, 4)] == [0, on(1), on(1, 3), on(1, 3, 9), 0]
    assert [since(ago(n), DAY) for n in (-1, 0, 1, 2)] == [0, 0, on(1), on(1, 2)]
    assert since(ago(BITS + 9), DAY) == (1 << BITS) - 1
    assert (first_of(on(2, 5), DAY), last_of(on(2, 5), DAY)) == (ago(5), ago(2))
    assert (first_of(0, DAY), last_of(0, DAY)) == (None, None)


def test_shares_and_ranges_in_words() -> None:
    assert [in_percent(share) for share in (0.254, 0.5, 1.0, 1.5)] == ["25%", "50%", "all", "all"]
    assert [at_least(share) for share in (0.5, 1.0)] == ["at least 50%", "all"]
    old = Limits(2, 60, "fewer than x", new_least=3)
    assert (old.least_now, Limits(2, 60).least_now) == (3, 2)
    assert old.named(int) == "a whole number from 3 to 60, and fewer than x"
    assert Limits(0.25, 1).named(float) == "a number from 0.25 to 1"


def test_fading_out_judges_each_sign_by_its_own_rule_and_keeps_it_its_own() -> None:
    rule = FadingOut(weeks=2, below_share=0.2, forget_after_days=60)
    clicks = replace(ONLINE, weeks=(*[4] * 5, *[1] * 3), class_weeks=(4.0,) * 8)
    raised = flag(rule, MarkerFamily.ATTENDANCE, attended=1, expected=9)
    found = judged(rule, raised, REGISTER)
    assert isinstance(found, Finding)
    assert (found.rule, found.subject) == ("fading-out", "Essay 1")
    register = replace(REGISTER, expected_28=8, done_28=1)
    evidence = Evidence(7, (clicks, register))
    assert rule.findings(CALENDAR, evidence, DAY) == [], "a quarter of the class is enough here"
    signs = replace(rule, below_share=0.5).findings(CALENDAR, evidence, DAY)
    assert {each.rule for each in signs} == {"fading-out"}
    assert [each.subject for each in signs] == ["vle", "attendance"]
    assert signs[0].measured["weeks"] == 2
    work = replace(measure(MarkerFamily.SUBMISSIONS), pieces=(Piece("Essay 1", ago(50), None),))
    owed = flag(rule, MarkerFamily.SUBMISSIONS, due=ago(50).isoformat())
    assert judged(rule, owed, work) is None, "it is not yet too late to help"
    assert "within 7 days of when it is due" in rule.expectation()
