"""On the Welsh page, what was noticed is in Welsh, whatever the rule found."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest

from bot.student.looks import looks_told
from bot.student.page_parts import in_language
from bot.student.welsh import colleague_in
from store.letters.welsh_reasons import in_welsh
from store.queries.privacy.who_saw import Viewing
from store.rules.calendar import Calendar
from store.rules.flag_rules import RULES
from store.rules.flag_rules.absences import Absences
from store.rules.flag_rules.attendance import Attendance
from store.rules.flag_rules.evidence import Evidence, Finding, FirstWork, Measure, MissedItem
from store.rules.flag_rules.fading_out import FadingOut
from store.rules.flag_rules.inactivity import Inactivity
from store.rules.flag_rules.looks import LookRules
from store.rules.flag_rules.measured_days import qualified
from store.rules.flag_rules.missed_meetings import MissedMeetings
from store.rules.flag_rules.missed_submission import MissedSubmission
from store.rules.flag_rules.quiet_weeks import QuietWeeks
from store.rules.letters.letter import Language
from store.rules.model import MarkerFamily, Role
from tests.rules.judged import ago as before_judged
from tests.rules.judged import flag, judged, measure, on
from tests.rules.test_flags_over_weeks import DAY, ago, clicks, register, work

CALENDAR = Calendar()
ENGLISH = re.compile(
    r"\b(we|you|your|in|on|the|to|up|from|for|since|until|yet|not|no|was|is|days?|weeks?|"
    r"sessions?|meetings?|work|and|more|with|of|last|so|far|seen|attendance|recordings|"
    r"[a-z]+day|january|february|march|april|june|july|august|september|october|november|"
    r"december)\b",
    re.IGNORECASE,
)
CODES = ("FR101", "FR in 101", "L.1", "A{0}|B", "<item>", "C (x) on Monday 3 November.")
ITEMS = (
    "Essay 1",
    "Essay in FR101 was due on Monday 3 November. We have not had it from you yet",
    '“Quotes”, "more" and {braces} {0}',
    "Work. Part 2.",
    "<module>",
    "a\\b|c",
)
WEEKDAYS = {
    "Monday": "Llun", "Tuesday": "Mawrth", "Wednesday": "Mercher", "Thursday": "Iau",
    "Friday": "Gwener", "Saturday": "Sadwrn", "Sunday": "Sul",
}  # fmt: skip
MONTHS = {"October": "Hydref", "November": "Tachwedd", "December": "Rhagfyr"}
WEEKS = {"two": "ddwy", "three": "tair", "four": "pedair", "five": "pum", "six": "chwe"}


def is_the_same(english: str, module: str | None = "FR101", item: str = "Essay 1") -> str:
    """Assert that the Welsh has no English word and the same figures, days and names."""
    welsh = in_welsh(english, module, item)
    assert welsh, english
    names = [each for each in (item, module) if each and each not in set(MarkerFamily)]
    plain_welsh, plain = welsh, english
    for name in sorted(names, key=len, reverse=True):
        plain_welsh, plain = plain_welsh.replace(name, "#"), plain.replace(name, "#")
    assert not ENGLISH.search(plain_welsh), welsh
    assert "<" not in plain_welsh
    for pattern in (r"\d+", r"#"):
        assert sorted(re.findall(pattern, plain_welsh)) == sorted(re.findall(pattern, plain)), welsh
    said = [f"{WEEKDAYS[day]} {number} {MONTHS[month]}" for day, number, month in re.findall(
        rf"({'|'.join(WEEKDAYS)}) (\d+) (\w+)", plain)]  # fmt: skip
    assert all(each in plain_welsh for each in said), (said, welsh)
    assert all(f"{WEEKS[each]} wythnos" in welsh for each in re.findall(r"the (\w+) weeks", plain))
    # Counts: 1 is singular; others have the word for "of" and the plural.
    assert not re.search(r"\b1 o (ddyddiau|sesiynau|gyfarfodydd)", welsh)
    assert not re.search(r"\b(?!0|1\b)\d+ (diwrnod|sesiwn|cyfarfod)\b", welsh)
    return welsh


def meetings(missed: int, fresh: int = 1) -> Measure:
    return replace(register(fresh=fresh), family=MarkerFamily.MEETINGS, meetings_missed=missed)


def silent(*families: MarkerFamily, fresh: int = 1, last: dt.date | None = None) -> Evidence:
    seen = [replace(clicks(fresh=fresh + place), family=family, source=str(family), last_done=last)
            for place, family in enumerate(families)]  # fmt: skip
    return Evidence(7, tuple(seen), enrolled_since=ago(60))


FIRST = (
    silent(MarkerFamily.VLE),
    silent(MarkerFamily.VLE, last=ago(30)),
    silent(MarkerFamily.VLE, fresh=3, last=ago(30)),
    silent(MarkerFamily.VLE, fresh=3),
    silent(MarkerFamily.VLE, MarkerFamily.ATTENDANCE, MarkerFamily.RECORDINGS, last=ago(30)),
    silent(*MarkerFamily, fresh=1, last=ago(30)),
    replace(silent(MarkerFamily.VLE), looked_from=ago(40)),
    replace(silent(MarkerFamily.VLE, fresh=3), looked_from=ago(40)),
    *(Evidence(7, (clicks(*days, fresh=fresh), work(), register(attended, 8, 6, fresh)))
      for days in ((1, 0, 0), (1, 0, 1), (0, 0, 0))
      for attended in (0, 1, 3)
      for fresh in (1, 2, 4)),
    Evidence(7, (clicks(*[0] * 7), work())),
    Evidence(7, (clicks(0, 0, 0, 1, 0, 0, 1), work())),
    Evidence(7, (register(0, 1, 4), work(20), replace(work(), fresh=ago(1)))),
    *(Evidence(7, (meetings(missed, fresh),)) for missed in (1, 2, 3) for fresh in (1, 3)),
)  # fmt: skip
RULES_ASKED = (
    *(rule() for rule in RULES),
    MissedMeetings(in_a_row=1),
    Attendance(expected_at_least=1),
    *(QuietWeeks(weeks=weeks) for weeks in range(2, 7)),
    FadingOut(weeks=2),
)
GAPS = (
    (),
    (3,),
    (3, 4, 5),
    (3, 6, 10, 14),
    (3, 6, 10, 13, 14, 17),
    tuple(range(12, 22)),
    tuple(range(3, 40, 3)),
)


def with_gaps(rule: Any, evidence: Evidence) -> list[Finding]:
    """Return what the rule finds, with each gap of its sources named."""
    sources = {each.source for each in evidence.measures}
    said = []
    for finding in rule.findings(CALENDAR, evidence, DAY):
        for gap in GAPS:
            unknown = frozenset(ago(each) for each in gap)
            known = replace(evidence, unmeasured=dict.fromkeys(sources, unknown))
            said.append(qualified(finding, known, CALENDAR))
    return said


@pytest.mark.parametrize("rule", RULES_ASKED, ids=repr)
def test_what_each_rule_finds_is_in_welsh_with_its_gaps(rule: Any) -> None:
    found = [each for evidence in FIRST for each in with_gaps(rule, evidence)]
    assert found
    for each in found:
        is_the_same(each.reason_student, each.module, each.subject)


RENEWED: tuple[tuple[Any, MarkerFamily, dict[str, str | int]], ...] = (
    (Inactivity(), MarkerFamily.VLE, {}),
    (Inactivity(), MarkerFamily.VLE, {"last_seen": before_judged(30).isoformat()}),
    (Absences(), MarkerFamily.ATTENDANCE, {"days_absent_in_a_row": 4}),
    (Absences(), MarkerFamily.ATTENDANCE, {"days_absent_in_a_row": 1}),
    (Attendance(), MarkerFamily.ATTENDANCE, {"attended": 1, "expected": 8}),
    (Attendance(), MarkerFamily.ATTENDANCE, {"attended": 0, "expected": 1}),
    (MissedMeetings(), MarkerFamily.MEETINGS, {"meetings_missed_in_a_row": 3}),
    (MissedMeetings(), MarkerFamily.MEETINGS, {"meetings_missed_in_a_row": 1}),
    (QuietWeeks(), MarkerFamily.VLE, {}),
)


@pytest.mark.parametrize(("rule", "family", "figures"), RENEWED, ids=repr)
def test_what_goes_on_is_in_welsh_too(
    rule: Any, family: MarkerFamily, figures: dict[str, str | int]
) -> None:
    found = 0
    for seen in (0, on(3), on(3, 9), on(18)):
        for expected in (0, on(3), on(3, 6, 9, 12)):
            since = replace(
                measure(family),
                days_seen=seen & expected if expected else seen,
                days_expected=expected,
                weeks=(4,) * 5 + (0, 1, 0),
                class_weeks=(4.0,) * 8,
            )
            raised = flag(rule, family, **figures)
            renewed = judged(rule, raised, since, middle=9.0)
            if isinstance(renewed, Finding):
                found += 1
                is_the_same(renewed.reason_student, renewed.module, "")
    assert found


def test_what_makes_worth_a_look_is_in_welsh() -> None:
    said = set()
    for last in (None, ago(30), ago(20)):
        for fresh in (1, 3):
            online = replace(clicks(0, 0, 0, joined=ago(60), fresh=fresh), last_done=last)
            first = (FirstWork("FR101", "Essay 1", DAY),)
            evidence = Evidence(7, (online, work(12)), looked_from=ago(60), first_work=first)
            rules = LookRules(first_work=True, late_work=True)
            for each in rules.findings(CALENDAR, evidence, DAY):
                said.add(re.sub(r"\d+", "", is_the_same(each.reason_student)))
    assert len(said) >= 6


@pytest.mark.parametrize("module", CODES)
@pytest.mark.parametrize("item", ITEMS)
def test_names_stay_whatever_they_contain(module: str, item: str) -> None:
    missed = MissedItem(module, item, ago(10))
    handed = replace(work(), module=module, missed=(missed,))
    (found,) = MissedSubmission().findings(CALENDAR, Evidence(7, (handed,)), DAY)
    assert in_welsh(found.reason_student, module, item) == (
        f"Roedd y gwaith {item} yn y modiwl {module} i'w gyflwyno ar ddydd Gwener 7 Tachwedd. "
        "Nid ydym wedi ei gael gennych eto."
    )


UNKNOWN = (
    "Be kind.",
    "",
    "We have not had it from you yet. Be kind.",
    "Be kind. We have not had it from you yet.",
    "Essay 2 in FR101 was due on Monday 3 November.",
    "You came to 1 of 4 sessions in GE202 in the four weeks to Sunday 16 November.",
    "We have not seen you since Someday 3 November.",
)


@pytest.mark.parametrize("english", UNKNOWN)
def test_a_sentence_that_is_not_known_stays_english_and_is_marked(english: str) -> None:
    assert in_welsh(english, "FR101", "Essay 1") is None
    noticed: Any = in_language(Language.WELSH)["noticed"]
    assert noticed(english, "") == (english, "en-GB")


def test_the_english_page_stays_english() -> None:
    noticed: Any = in_language(Language.ENGLISH)["noticed"]
    assert noticed("We saw you.", "Gwelsom chi.") == ("We saw you.", "en-GB")


def test_gaps_read_as_welsh_is_read_out() -> None:
    gap = "We have no data on attendance for {days}."
    for days, welsh in (
        ("Monday 3 November and 1 more day", "dydd Llun 3 Tachwedd ac 1 diwrnod arall"),
        ("10 to 14 November and 8 more days",
         "y cyfnod o 10 hyd at 14 Tachwedd ac 8 o ddyddiau eraill"),
        ("Monday 3 November and 28 November to 2 December",
         "dydd Llun 3 Tachwedd a'r cyfnod o 28 Tachwedd hyd at 2 Rhagfyr"),
    ):  # fmt: skip
        said = in_welsh(gap.format(days=days), None, "")
        assert said == f"Nid oes gennym ddata ar gyfer {welsh}: presenoldeb."


def test_who_looked_is_named_in_welsh_by_every_role() -> None:
    at = dt.datetime(2025, 11, 17, 12, tzinfo=dt.UTC)
    for who in ("a colleague", "A former colleague", *(f"a colleague ({r.label})" for r in Role)):
        (said,) = looks_told([Viewing(at, who, "", "")], Language.WELSH)
        assert "colleague" not in said
        assert "aelod o staff" in said
        assert colleague_in(Language.ENGLISH, who) == who
    assert colleague_in(Language.WELSH, "Alice Adams") == "Alice Adams"
